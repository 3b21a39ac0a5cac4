"""A copy of the database opens nobody's session: of what a cookie says, the tables hold a digest."""

from __future__ import annotations

from importlib import import_module

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from bookings import links
from clinic.foundation.signin.sessions import SessionStore, digest
from tests import factories as make
from tests.client import walk

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSWORD = "Dee's own long password"
MIGRATION = import_module("clinic.foundation.migrations.0007_session_digests")


@pytest.fixture
def dee() -> Client:
    """Dee's browser, in which she has just signed in."""
    User.objects.create_user("Dee", password=PASSWORD, is_staff=True)
    browser = Client()
    sign_in(browser)
    return browser


def sign_in(browser: Client) -> None:
    sent = {"username": "Dee", "password": PASSWORD, "next": "/admin/all/"}
    assert browser.post("/admin/login/", sent)["Location"] == "/admin/all/"


def opens(key: str) -> bool:
    """Whether a browser whose cookie says `key` is on the desk."""
    thief = Client()
    thief.cookies["sessionid"] = key
    return thief.get("/admin/all/").status_code == 200


def test_what_a_dump_holds_opens_nothing(dee: Client) -> None:
    key = dee.cookies["sessionid"].value
    assert opens(key)
    assert Session.objects.get().session_key not in ("", key)
    assert not opens(Session.objects.get().session_key)


def test_no_table_holds_what_a_cookie_says(dee: Client) -> None:
    """Nor the cookie of a client: her session's, and that of what she has not sent yet."""
    walk.clinic()
    cleo = Client()
    walk.begin(cleo)
    _, opened = make.let_in(links.mint(make.submitted(), now=make.NOW))
    cookies = [dee.cookies["sessionid"].value, cleo.cookies["draft"].value, opened]
    assert all(len(cookie) > 20 for cookie in cookies)
    for model in apps.get_models():
        rows = repr(list(model._base_manager.values_list()))
        assert not [cookie for cookie in cookies if cookie in rows], model


def test_signing_out_ends_it_and_signing_in_again_begins_another(dee: Client) -> None:
    before = dee.cookies["sessionid"].value
    dee.post("/admin/logout/")
    assert not Session.objects.exists()
    assert not opens(before)
    sign_in(dee)
    assert dee.cookies["sessionid"].value != before
    sign_in(dee)  # somebody who is signed in already
    assert Session.objects.count() == 1


def test_a_session_keeps_what_is_put_into_it() -> None:
    store = SessionStore()
    store["seen"] = "first"
    store.save()
    again = SessionStore(store.session_key)
    assert again["seen"] == "first"
    again["seen"] = "second"
    again.cycle_key()
    assert not SessionStore().exists(str(store.session_key))
    assert SessionStore(again.session_key)["seen"] == "second"
    again.flush()
    assert not Session.objects.exists()


def test_an_unknown_key_is_nobodys_and_is_not_taken_over() -> None:
    store = SessionStore("a-key-that-somebody-made-up")
    assert store.load() == {}
    store["seen"] = "yes"
    store.save()
    assert store.session_key not in (None, "a-key-that-somebody-made-up")


def test_the_other_way_in_is_the_same() -> None:
    async def story() -> None:
        store = SessionStore()
        await store.aset("seen", "first")
        await store.asave()
        key = str(store.session_key)
        assert await Session.objects.filter(session_key=digest(key)).aexists()
        assert await SessionStore(digest(key)).aload() == {}
        again = SessionStore(key)
        assert await again.aget("seen") == "first"
        await again.acycle_key()
        assert not await store.aexists(key)
        await again.aflush()
        assert not await Session.objects.aexists()

    async_to_sync(story)()  # on this test's own connection


def test_nobody_is_signed_out_by_the_new_version(dee: Client) -> None:
    key = dee.cookies["sessionid"].value
    Session.objects.update(session_key=key)  # as the version before kept it
    MIGRATION.keep_digests(apps, None)
    assert opens(key)
    assert not opens(Session.objects.get().session_key)
    MIGRATION.keep_digests(apps, None)  # a second time changes nothing
    assert opens(key)


def test_going_back_ends_all_sessions(dee: Client) -> None:
    MIGRATION.end_them(apps, None)
    assert not opens(dee.cookies["sessionid"].value)
