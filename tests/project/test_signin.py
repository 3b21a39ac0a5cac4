"""Guessing staff passwords ends soon, by account and by network, and the door opens again within an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from clinic.foundation.models import Counter, SignIn
from clinic.foundation.signin.guard import Closed
from tests.project.conftest import NOW, PASSWORD

pytestmark = [
    pytest.mark.urls("tests.project.urls"),
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("clock", "dee"),
]
TOO_LONG = "n" * 151


class Newer(MD5PasswordHasher):
    """A method that came after all accounts but Ana's were made."""

    algorithm = "newer"


def sign_in(password: str, name: str = "Dee", address: str = "10.0.0.1", forwarded: str = "") -> HttpResponse:
    visitor = Client(REMOTE_ADDR=address, headers={"x-forwarded-for": forwarded} if forwarded else {})
    response = visitor.post("/admin/login/", {"username": name, "password": password, "next": "/page/"})
    assert isinstance(response, HttpResponse)
    return response


def test_the_right_password_opens() -> None:
    assert sign_in(PASSWORD)["Location"] == "/page/"


# --- two buckets ------------------------------------------------------------------------------------------------------


def test_ten_wrong_passwords_close_the_account_also_for_the_right_one_and_from_elsewhere() -> None:
    answers = [sign_in("wrong", address=f"203.0.{number}.1") for number in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 429
    assert sign_in("wrong", name="Ana", address="198.51.100.1").status_code == 200


def test_ten_wrong_passwords_close_the_network_for_every_account() -> None:
    for number in range(10):
        sign_in("wrong", name=f"guess{number}")
    assert sign_in(PASSWORD).status_code == 429
    assert sign_in(PASSWORD, address="10.0.0.77").status_code == 429  # the same network
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 302


def test_hopping_within_a_network_opens_no_second_bucket() -> None:
    tries = [sign_in("wrong", f"guess{n}", f"2001:db8:1:2::{n:x}").status_code for n in range(1, 16)]
    assert tries.count(200) == 9
    assert sign_in(PASSWORD, address="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(PASSWORD, address="2001:db8:2::1").status_code == 302


def test_a_thousand_guesses_get_at_most_thirty_answers() -> None:
    tries = [sign_in("wrong", forwarded=f"203.0.113.{number % 250}").status_code for number in range(30)]
    assert tries.count(200) <= 10  # a forged header is no other address; the other 970 end like the last 20


def test_the_account_is_one_whatever_the_spelling() -> None:
    for number, name in enumerate(["dee", "DEE", "Ｄｅｅ", "Dee"] * 3):
        sign_in("wrong", name, f"203.0.{number}.1")
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 429


# --- counted before it is checked -------------------------------------------------------------------------------------


def test_a_right_password_uses_up_nothing() -> None:
    for number in range(9):
        sign_in("wrong", address=f"203.0.{number}.1")
    assert [sign_in(PASSWORD, address="198.51.100.1").status_code for _ in range(15)] == [302] * 15
    assert sum(Counter.objects.filter(scope="signin-network").values_list("count", flat=True)) == 9


def test_a_guess_that_was_not_checked_uses_up_nothing() -> None:
    """A closed account costs nothing to the network that knocks at it: Ana sits in the next room."""
    for number in range(10):
        sign_in("wrong", address=f"203.0.{number}.1")
    for _ in range(12):
        assert sign_in(PASSWORD, address="198.51.100.1").status_code == 429
    assert sign_in("wrong", name="Ana", address="198.51.100.2").status_code == 200


def test_two_guesses_at_once_do_not_share_the_last_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        sign_in("wrong", address=f"203.0.{number}.1")
    seen: list[int] = []
    verify: Callable[..., bool] = MD5PasswordHasher.verify

    def meanwhile(self: MD5PasswordHasher, *args: Any) -> bool:
        """While the first of them is being looked at, the second comes, from another network."""
        if not seen:
            seen.append(0)
            seen[0] = sign_in(PASSWORD, address="198.51.100.1").status_code
        return verify(self, *args)

    monkeypatch.setattr(MD5PasswordHasher, "verify", meanwhile)
    assert sign_in("wrong", address="192.0.2.1").status_code == 429
    assert seen == [429]


# --- nobody learns which accounts there are ---------------------------------------------------------------------------


def _work_of(name: str, monkeypatch: pytest.MonkeyPatch, address: str) -> list[tuple[object, ...]]:
    """Status, hashes computed and statements run, for eleven guesses at this name."""
    hashed: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    found: list[tuple[object, ...]] = []
    with monkeypatch.context() as patched:
        patched.setattr(MD5PasswordHasher, "encode", counted)
        for _ in range(11):
            hashed.clear()
            with CaptureQueriesContext(connection) as ran:
                status = sign_in("wrong", name, address).status_code
            found.append((status, len(hashed), [query["sql"].split()[0] for query in ran]))
    return found


def test_an_unknown_account_gets_the_same_answers_for_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("Gus", password=PASSWORD, is_staff=True, is_active=False)
    known = _work_of("Dee", monkeypatch, "203.0.113.1")
    assert [hashes for _, hashes, _ in known] == [1] * 10 + [0]
    assert _work_of("Nobody", monkeypatch, "192.0.2.1") == known
    assert _work_of("Gus", monkeypatch, "198.51.100.1") == known


def test_nor_while_some_still_have_an_older_hash(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each method that an account still has is paid for by every wrong guess, so that no answer is quicker than another."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Newer", *settings.PASSWORD_HASHERS]
    User.objects.create_user("Ana", password=PASSWORD, is_staff=True)
    ran: list[str] = []
    encode: Callable[..., str] = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        ran.append(str(self.algorithm))
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    work = {}
    for name in ("Dee", "Ana", "Nobody"):
        ran.clear()
        sign_in("wrong", name)
        work[name] = sorted(ran)
    assert work == dict.fromkeys(("Dee", "Ana", "Nobody"), ["md5", "newer"])
    assert sign_in(PASSWORD).status_code == 302  # and Dee's is a newer one from now on
    assert User.objects.get(username="Dee").password.startswith("newer$")
    ran.clear()
    sign_in("wrong", "Nobody")
    assert ran == ["newer"]


def test_the_pages_are_the_same_too() -> None:
    def pages(name: str, address: str) -> list[str]:
        found = [sign_in("wrong", name, address).content.decode() for _ in range(11)]
        return [page.replace(name, "NAME") for page in found]

    def without_token(page: str) -> str:
        head, _, tail = page.partition('name="csrfmiddlewaretoken"')
        return head + tail[tail.index(">") :]

    known, unknown = pages("Dee", "203.0.113.1"), pages("Eve", "192.0.2.1")
    assert [without_token(page) for page in known] == [without_token(page) for page in unknown]


def test_anyone_who_is_no_staff_is_told_what_a_stranger_is_told() -> None:
    User.objects.create_user("Cleo", password=PASSWORD)
    assert sign_in(PASSWORD, "Cleo").status_code == 200
    assert sum(Counter.objects.filter(scope="signin-account").values_list("count", flat=True)) == 1


# --- the answer -------------------------------------------------------------------------------------------------------


def test_the_answer_says_what_happened_and_until_when_and_keeps_the_name() -> None:
    for _ in range(10):
        sign_in("wrong")
    closed = sign_in(PASSWORD)
    page = closed.content.decode()
    assert closed.status_code == 429
    assert "Too many wrong passwords" in page
    assert "Signing in is closed until 11am" in page
    assert 'value="Dee"' in page
    assert PASSWORD not in page
    assert closed.headers["Retry-After"] == "2400"
    assert closed.headers["Cache-Control"] == "no-store"


def test_the_door_opens_with_the_next_hour_and_knocking_meanwhile_does_not_keep_it_shut(
    clock: time_machine.Traveller,
) -> None:
    for _ in range(10):
        sign_in("wrong")
    for minutes in (10, 20, 39):
        clock.move_to(NOW + timedelta(minutes=minutes))
        assert sign_in("wrong").status_code == 429
    clock.move_to(NOW + timedelta(minutes=40))
    assert sign_in(PASSWORD).status_code == 302


# --- what is no name --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [TOO_LONG, "n" * 100_000, "ﷺ" * 100, "a\x07b", ""], ids=["151", "100,000", "1800", "bell", "none"]
)
def test_what_is_no_user_name_is_refused_without_a_question_to_the_database(name: str) -> None:
    with CaptureQueriesContext(connection) as ran:
        response = sign_in("wrong", name)
    assert response.status_code == 200
    assert not [query["sql"] for query in ran if "auth_user" in query["sql"] or "foundation_" in query["sql"]]


def test_a_name_that_is_too_long_is_said_to_be_and_kept() -> None:
    page = sign_in("wrong", TOO_LONG).content.decode()
    assert "150 characters or fewer" in page
    assert TOO_LONG in page


def test_nul_never_gets_as_far_as_the_form() -> None:
    assert sign_in("wrong", "Dee\0").status_code == 400


# --- every password check, not only the sign-in page ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [TOO_LONG, "Dee\0", "\ud800", "", None], ids=["151", "NUL", "half", "none", "no text"]
)
def test_authenticate_refuses_what_is_no_name(name: str | None) -> None:
    with CaptureQueriesContext(connection) as ran:
        assert authenticate(username=name, password="wrong") is None
    assert len(ran) == 0


def test_authenticate_takes_any_password_for_a_password() -> None:
    for odd in ("\ud800", "\0", "p" * 1_000_000, ""):
        assert authenticate(username="Dee", password=odd) is None


def test_authenticate_is_guarded_without_a_request_as_well() -> None:
    """An exception stops a caller of its own, not a quiet None that reads like one more wrong password."""
    for _ in range(9):
        assert authenticate(username="Dee", password="wrong") is None
    for password in ("wrong", "wrong", PASSWORD):
        with pytest.raises(Closed):
            authenticate(username="Dee", password=password)


@pytest.mark.django_db(transaction=True)
def test_the_other_authenticate_goes_by_the_same_door() -> None:
    for number in range(10):
        sign_in("wrong", address=f"203.0.{number}.1")
    request = RequestFactory().post("/", REMOTE_ADDR="198.51.100.1")
    with pytest.raises(Closed):
        asyncio.run(aauthenticate(request, username="Dee", password=PASSWORD))


def test_there_is_no_way_past_the_guard(settings: Settings) -> None:
    assert settings.AUTHENTICATION_BACKENDS == ["clinic.foundation.signin.backend.GuardedBackend"]


def change_password(client: Client, old: str, new: str = "another long one of Dee's") -> HttpResponse:
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    response = client.post("/admin/password_change/", sent)
    assert isinstance(response, HttpResponse)
    return response


def test_the_old_password_is_not_guessed_in_a_session_that_was_left_open(dee: User) -> None:
    browser = Client()
    browser.force_login(dee)
    answers = [change_password(browser, "wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429] * 2
    assert "closed until 11am" in answers[-1].content.decode()
    assert change_password(browser, PASSWORD).status_code == 429
    assert sign_in(PASSWORD).status_code == 302  # whoever guesses there does not keep Dee out here


def test_the_right_old_password_uses_up_nothing(dee: User) -> None:
    browser = Client()
    browser.force_login(dee)
    for _ in range(12):
        assert change_password(browser, PASSWORD, new="short").status_code == 200
    assert change_password(browser, PASSWORD).status_code == 302


# --- the log ----------------------------------------------------------------------------------------------------------


def test_every_try_is_in_the_log_with_its_network() -> None:
    sign_in("wrong", address="2001:db8:1:2::3")
    sign_in(PASSWORD, address="203.0.113.9")
    assert list(SignIn.objects.order_by("pk").values_list("at", "who", "network", "outcome")) == [
        (NOW, "Dee", "2001:db8:1::/48", "wrong"),
        (NOW, "Dee", "203.0.113.0/24", "in"),
    ]


def test_what_is_no_account_is_not_in_the_log_by_name() -> None:
    """People type their password where the name goes."""
    sign_in("wrong", name="correct horse battery")
    assert "horse" not in str(SignIn.objects.values().get())
    assert SignIn.objects.get().who == ""


def test_a_flood_of_refused_tries_does_not_fill_the_log() -> None:
    for number in range(25):
        sign_in("wrong", name=f"guess{number}")
    outcomes = list(SignIn.objects.values_list("outcome", flat=True))
    assert (outcomes.count("wrong"), outcomes.count("closed")) == (10, 10)
