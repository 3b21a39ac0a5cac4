"""The log of sign-ins: read on the desk by those who may, changed by nobody, emptied by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client

from bookings import clock
from clinic.foundation.limits.sign_in import SIGN_IN_LOG_DAYS
from clinic.foundation.models import SignIn
from tests import factories as make
from tests.desk.pages import html, words

LOG = "/admin/foundation/signin/"


def _browser(name: str, *permissions: str) -> Client:
    client = Client()
    client.force_login(make.staff(name, *permissions))
    return client


def _sign_in(password: str, name: str = "dee") -> int:
    sent = {"username": name, "password": password, "next": "/"}
    return Client(REMOTE_ADDR="203.0.113.9").post("/admin/login/", sent).status_code


def test_whoever_may_reads_who_when_from_where_and_what_came_of_it() -> None:
    make.staff()
    _sign_in("wrong")
    _sign_in("wrong", "no such name")
    assert _sign_in("correct horse battery") == 302
    page = _browser("Pia Lead", "foundation.view_signin").get(LOG)
    assert page.status_code == 200
    told = words(page)
    for part in (
        "30 Nov 2026, 9 a.m.",
        "203.0.113.0/24",
        "Signed in",
        "Wrong name or password",
        "A name that is no account",
    ):
        assert part in told
    assert "no such name" not in told


def test_it_is_on_the_rail_of_who_may(dee: Client) -> None:
    assert f'href="{LOG}"' in html(_browser("Pia Lead", "foundation.view_signin").get("/admin/all/"))
    assert f'href="{LOG}"' not in html(dee.get("/admin/all/"))


def test_a_role_can_be_given_the_right_to_it() -> None:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    assert "Can view sign-in" in words(client.get("/admin/auth/group/add/"))


def test_others_do_not_read_it(dee: Client) -> None:
    assert dee.get(LOG).status_code == 403


def test_nobody_writes_it() -> None:
    make.staff()
    _sign_in("wrong")
    row = SignIn.objects.get()
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    sent = {"who": "ana", "outcome": "in", "_save": "Save", "post": "yes"}
    for url in ("add/", f"{row.pk}/delete/", f"{row.pk}/change/"):
        assert client.post(LOG + url, sent).status_code == 403
    assert client.post(LOG, {"action": "delete_selected", "_selected_action": [row.pk]}).status_code in (
        302,
        200,
    )
    assert SignIn.objects.get() == row


def test_the_clock_empties_it_after_ninety_days() -> None:
    User.objects.create_user("gus", password="correct horse battery", is_staff=True)
    _sign_in("wrong", "gus")
    clock.tick(make.NOW + timedelta(days=SIGN_IN_LOG_DAYS, seconds=-1))
    assert SignIn.objects.count() == 1
    clock.tick(make.NOW + timedelta(days=SIGN_IN_LOG_DAYS))
    assert SignIn.objects.count() == 0
