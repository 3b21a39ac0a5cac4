"""Accounts and roles ask once more who is there, ten minutes after the last sign-in, and nothing that was sent is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client

from clinic.foundation.limits.sign_in import RECENT, WRONG_PASSWORDS
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import html, words
from tests.desk.second_step import code, password, shown, with_telephone
from tests.desk.test_signed_out import PASSWORD, inputs

pytestmark = pytest.mark.once
ADD = "/admin/auth/group/add/"
LATER = make.NOW + RECENT + timedelta(seconds=1)


@pytest.fixture
def sue() -> Client:
    """Sue's browser: she may change accounts and roles, and has just signed in."""
    make.staff("Sue Root", is_superuser=True)
    browser = Client()
    browser.post("/admin/login/", {"username": "sue", "password": PASSWORD})
    return browser


def test_for_ten_minutes_nobody_is_asked(sue: Client) -> None:
    with time_machine.travel(make.NOW + RECENT, tick=False):
        assert sue.get(ADD).status_code == 200


def test_a_page_is_shown_after_the_password_and_for_ten_minutes_more(sue: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        asked = sue.get(f"{ADD}?name=Night")
        assert asked.status_code == 401 and "Is it still you?" in words(asked)
        assert 'action="/admin/auth/group/add/?name=Night"' in html(asked)
        led = sue.post(f"{ADD}?name=Night", inputs(html(asked)) | {"again-password": PASSWORD})
        assert led["Location"] == f"{ADD}?name=Night"
    with time_machine.travel(LATER + RECENT, tick=False):
        assert sue.get(ADD).status_code == 200


def test_a_form_goes_on_as_it_was_sent(sue: Client) -> None:
    rights = [make.staff().user_permissions.first()]
    sent = filled(sue, ADD) | {
        "name": "Night <desk> & day",
        "permissions": [right.pk for right in rights if right],
    }
    with time_machine.travel(LATER, tick=False):
        asked = sue.post(ADD, sent)
        assert asked.status_code == 401 and "Nothing is saved yet." in words(asked)
        assert not Group.objects.filter(name__contains="Night").exists()
        done = sue.post(ADD, inputs(html(asked)) | {"again-password": PASSWORD})
    assert done["Location"] == "/admin/auth/group/"
    made = Group.objects.get(name="Night <desk> & day")
    assert list(made.permissions.all()) == rights


def test_a_wrong_password_costs_nothing_that_was_sent(sue: Client) -> None:
    sent = filled(sue, ADD) | {"name": "Night desk"}
    with time_machine.travel(LATER, tick=False):
        page = sue.post(ADD, sent)
        for wrong, told in (("wrong", "This is not your password"), ("", "Type your password")):
            page = sue.post(ADD, inputs(html(page)) | {"again-password": wrong})
            assert page.status_code == 401 and told in words(page)
            assert not Group.objects.filter(name="Night desk").exists()
        sue.post(ADD, inputs(html(page)) | {"again-password": PASSWORD})
    assert Group.objects.filter(name="Night desk").exists()


def test_whoever_finds_the_screen_has_ten_guesses(sue: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        page = sue.get(ADD)
        for _ in range(WRONG_PASSWORDS):
            page = sue.post(ADD, inputs(html(page)) | {"again-password": "wrong"})
        assert page.status_code == 429 and int(page["Retry-After"]) > 0
        assert "This page is closed until 10am" in words(page)
        assert sue.post(ADD, inputs(html(page)) | {"again-password": PASSWORD}).status_code == 429


def test_somebody_elses_password_is_not_theirs(sue: Client) -> None:
    User.objects.create_user("gus", password="gus's own long password", is_staff=True)
    with time_machine.travel(LATER, tick=False):
        page = sue.get(ADD)
        sent = inputs(html(page)) | {"again-password": "gus's own long password"}
        assert sue.post(ADD, sent).status_code == 401
        assert sue.get(ADD).status_code == 401


def test_passwords_of_others_are_not_carried_and_the_page_says_so(sue: Client) -> None:
    dee = make.staff()
    url, new = f"/admin/auth/user/{dee.pk}/password/", "another long one of Dee's"
    sent = filled(sue, url) | {"password1": new, "password2": new}
    with time_machine.travel(LATER, tick=False):
        asked = sue.post(url, sent)
        assert new not in html(
            asked
        ) and "Please give again after this: Usable password, Password1, Password2." in words(asked)
        form = sue.post(url, inputs(html(asked)) | {"again-password": PASSWORD})
        assert form.status_code == 200 and "This field is required" in words(form)
        assert sue.post(url, sent).status_code == 302
    dee.refresh_from_db()
    assert dee.check_password(new)


def test_a_code_is_asked_for_where_one_is_set_up(sue: Client) -> None:
    codes = with_telephone(User.objects.get(username="sue"))
    with time_machine.travel(LATER, tick=False):
        password(sue, "sue"), code(sue, shown())
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        page = sue.get(ADD)
        for word, token, told in (
            (PASSWORD, "000000", "This code is not right"),
            ("wrong", shown(), "This is not your password"),
            (PASSWORD, "", "Type the code"),
        ):
            page = sue.post(ADD, inputs(html(page)) | {"again-password": word, "again-code": token})
            assert page.status_code == 401 and told in words(page)
        assert (
            sue.post(ADD, inputs(html(page)) | {"again-password": PASSWORD, "again-code": shown()})[
                "Location"
            ]
            == ADD
        )
    with time_machine.travel(LATER + timedelta(hours=2), tick=False):
        lost = inputs(html(sue.get(ADD))) | {"again-password": PASSWORD, "again-code": codes[0]}
        assert sue.post(ADD, lost)["Location"] == ADD


@pytest.mark.parametrize("what", ["user/add/", "user/{}/change/", "user/{}/delete/", "user/{}/password/"])
def test_every_page_that_changes_an_account_asks(sue: Client, what: str) -> None:
    url = f"/admin/auth/{what.format(make.staff().pk)}"
    assert sue.get(url).status_code == 200
    with time_machine.travel(LATER, tick=False):
        assert sue.get(url).status_code == 401


@pytest.mark.parametrize("what", ["group/{}/change/", "group/{}/delete/"])
def test_every_page_that_changes_a_role_asks(sue: Client, what: str) -> None:
    url = f"/admin/auth/{what.format(Group.objects.create(name='Night desk').pk)}"
    with time_machine.travel(LATER, tick=False):
        assert sue.get(url).status_code == 401


def test_looking_at_lists_asks_nobody(sue: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        assert sue.get("/admin/auth/user/").status_code == 200
