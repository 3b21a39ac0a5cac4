"""A stranger who guesses all day keeps nobody out of their own browser, and learns nothing from its cookie."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from http.cookies import Morsel
from typing import Any

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from clinic.foundation.limits.sign_in import BROWSER_KNOWN_DAYS
from clinic.foundation.signin.guard import Closed
from tests.project.conftest import NOW, PASSWORD

pytestmark = [
    pytest.mark.urls("tests.project.urls"),
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("clock", "dee"),
]
NEW = "another long one of Dee's"


def _user(name: str) -> User:
    return User.objects.create_user(name, password=PASSWORD, is_staff=True)


def post(browser: Client, password: str = PASSWORD, name: str = "Dee") -> int:
    sent = {"username": name, "password": password, "next": "/page/"}
    return browser.post("/admin/login/", sent).status_code


def browser_of(*names: str) -> Client:
    """A browser in which they signed in, one after the other, and are no longer signed in."""
    browser = Client(REMOTE_ADDR="203.0.113.5")
    for name in names:
        assert post(browser, name=name) == 302
        browser.post("/admin/logout/")
    return browser


def cookie(browser: Client) -> Morsel[str]:
    return browser.cookies["known"]


def guess_until_closed(name: str = "Dee") -> None:
    """From the network of the clinic itself, and from ten others."""
    for number in range(10):
        _guess("203.0.113.66", f"guess{number}")
        _guess(f"192.0.{number}.1", name)


def _guess(address: str, name: str) -> None:
    with contextlib.suppress(Closed):
        authenticate(RequestFactory().post("/", REMOTE_ADDR=address), username=name, password="wrong")


# --- nobody keeps the owner out ---------------------------------------------------------------------------------------


def test_six_hours_of_guessing_never_keep_dee_out_of_her_own_browser(clock: time_machine.Traveller) -> None:
    hers = browser_of("Dee")
    for hour in range(6):
        clock.move_to(NOW + timedelta(hours=hour))
        guess_until_closed()
        assert post(Client(REMOTE_ADDR="198.51.100.1")) == 429
        for minutes in (1, 15, 30):
            clock.move_to(NOW + timedelta(hours=hour, minutes=minutes))
            assert post(hers) == 302


def test_her_browser_has_a_limit_of_its_own_which_closes_nobody_elses(dee: User) -> None:
    hers, other = browser_of("Dee"), browser_of("Dee")
    assert [post(hers, "wrong") for _ in range(10)] == [200] * 9 + [429]
    assert post(hers) == 429
    assert post(other) == 302
    assert post(Client(REMOTE_ADDR="203.0.113.9")) == 302


def test_it_helps_only_with_the_account_that_signed_in() -> None:
    _user("Ana")
    anas = browser_of("Ana")
    guess_until_closed()
    assert post(anas) == 429


def test_ten_accounts_at_most_and_the_newest_stay() -> None:
    names = [f"user{number}" for number in range(11)]
    for name in names:
        _user(name)
    browser = browser_of(*names)
    assert len(cookie(browser).value.split(".")) == 1 + 10
    guess_until_closed(names[0])
    guess_until_closed(names[1])
    assert post(browser, name=names[0]) == 429
    assert post(browser, name=names[1]) == 302


def test_signing_in_again_renews_it_and_adds_nothing(clock: time_machine.Traveller) -> None:
    browser = browser_of("Dee")
    before = cookie(browser)
    clock.move_to(NOW + timedelta(days=100))
    assert post(browser) == 302
    assert cookie(browser).value == before.value
    assert cookie(browser)["max-age"] == 365 * 24 * 60 * 60
    assert (before["expires"][5:16], cookie(browser)["expires"][5:16]) == ("01 Dec 2027", "10 Mar 2028")


# --- a new password -------------------------------------------------------------------------------------------------


def test_after_a_new_password_the_old_cookie_is_worth_nothing(dee: User) -> None:
    browser = browser_of("Dee")
    dee.set_password(NEW)
    dee.save()
    guess_until_closed()
    assert post(browser, NEW) == 429


def test_the_browser_that_changed_the_password_stays_known() -> None:
    hers, left_behind = browser_of("Dee"), browser_of("Dee")
    post(hers)
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert hers.post("/admin/password_change/", sent).status_code == 302
    hers.post("/admin/logout/")
    guess_until_closed()
    assert post(hers, NEW) == 302
    assert post(left_behind, NEW) == 429


# --- the cookie -------------------------------------------------------------------------------------------------------


def test_no_script_and_no_other_site_gets_it() -> None:
    given = cookie(browser_of("Dee"))
    assert (given["httponly"], given["samesite"], given["path"]) == (True, "Strict", "/")


def test_in_production_it_goes_to_this_host_by_https_only(settings: Settings) -> None:
    settings.PRODUCTION, settings.KNOWN_COOKIE_NAME = True, "__Host-known"
    browser = Client()
    post(browser)
    given = browser.cookies["__Host-known"]
    assert (given["secure"], given["path"], given["domain"]) == (True, "/", "")


def test_it_does_not_tell_whose_it_is(dee: User) -> None:
    one, other = cookie(browser_of("Dee")).value, cookie(browser_of("Dee")).value
    assert not set(one.split(".")) & set(other.split("."))  # nor that both are one account's
    assert "Dee" not in one
    assert str(dee.pk) not in one.split(".")


def test_a_wrong_password_gives_none() -> None:
    browser = Client()
    post(browser, "wrong")
    assert "known" not in browser.cookies


def test_a_cookie_of_ones_own_making_is_none() -> None:
    stolen = cookie(browser_of("Dee")).value
    number, digest = stolen.split(".")
    guess_until_closed()
    forged: dict[str, Any] = {
        "another number": f"{'A' * 22}.{digest}",
        "no number": digest,
        "nothing": "",
        "too many": ".".join([number, *[digest] * 11]),
        "much": "A" * 10_000,
        "no letters": f"{number}.{digest[:-1]}é",
    }
    for what, value in forged.items():
        browser = Client(REMOTE_ADDR="198.51.100.1")
        browser.cookies["known"] = value
        assert post(browser) == 429, what
    browser.cookies["known"] = stolen
    assert post(browser) == 302


def test_it_is_kept_for_a_year() -> None:
    assert BROWSER_KNOWN_DAYS == 365
    assert cookie(browser_of("Dee"))["max-age"] == 365 * 86400
