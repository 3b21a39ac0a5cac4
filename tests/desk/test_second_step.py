"""A code follows the password, for whoever has set it up and for whoever must. Each code lets in once."""

from __future__ import annotations

from collections import Counter as Count
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from bookings.admin import leavers
from clinic.foundation.limits.sign_in import HALF_SIGN_IN, WRONG_CODES
from clinic.foundation.models import Factor, RecoveryCode, SignIn
from clinic.foundation.signin import factor
from tests import factories as make
from tests.desk.pages import html, words
from tests.desk.second_step import (
    ACCOUNT,
    CODE,
    HOME,
    LOGIN,
    PASSWORD,
    SET_UP,
    code,
    is_in,
    password,
    shown,
    with_telephone,
)

pytestmark = pytest.mark.once


def later(**span: float) -> time_machine.travel:
    return time_machine.travel(make.NOW + timedelta(**span), tick=False)


@pytest.fixture
def ana() -> User:
    """Ana, who has a telephone."""
    user = make.staff("Ana Lind")
    with_telephone(user)
    return user


@pytest.fixture
def half(ana: User) -> Client:
    """Ana's browser, after the password."""
    browser = Client()
    assert password(browser, "ana", "/admin/all/?q=1")["Location"] == f"{CODE}?next=%2Fadmin%2Fall%2F%3Fq%3D1"
    return browser


def log() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


# --- the code -----------------------------------------------------------------------------------------------------------


def test_the_code_opens_and_leads_where_they_were_going(half: Client) -> None:
    page = half.get(f"{CODE}?next=/admin/all/")
    assert "Step 2 of 2, for Ana Lind." in words(page) and 'autocomplete="one-time-code"' in html(page)
    assert code(half, shown(), next="/admin/all/?q=1")["Location"] == "/admin/all/?q=1"
    assert is_in(half)
    assert log() == ["password", "in"]


def test_before_it_nothing_opens(half: Client) -> None:
    assert not is_in(half)
    assert half.get(ACCOUNT).status_code == 302
    assert half.post("/admin/password_change/", {"old_password": PASSWORD}).status_code == 401
    assert "known" not in half.cookies


def test_a_pasted_code_may_hold_blanks(half: Client) -> None:
    token = shown()
    assert code(half, f" {token[:3]} {token[3:]} ").status_code == 302


@pytest.mark.parametrize("halves", [-1, 1])
def test_a_clock_may_be_half_a_minute_off(half: Client, halves: int) -> None:
    assert code(half, shown(halves)).status_code == 302


def test_a_code_works_once(ana: User) -> None:
    for other, status in ((Client(), 302), (Client(), 200)):
        password(other, "ana")
        assert code(other, shown()).status_code == status
    with later(seconds=30):
        third = Client()
        password(third, "ana")
        assert code(third, shown()).status_code == 302


def test_nor_does_the_one_before_it(ana: User) -> None:
    one, other = Client(), Client()
    password(one, "ana"), password(other, "ana")
    assert code(one, shown()).status_code == 302
    assert code(other, shown(-1)).status_code == 200


def test_two_at_once_with_one_code(ana: User) -> None:
    """Both have read the row before either of them wrote: the statement lets one in."""
    one, other = User.objects.get(pk=ana.pk), User.objects.get(pk=ana.pk)
    assert factor.of(one) and factor.of(other)
    assert [factor.use_code(each, shown(), make.NOW) for each in (one, other)] == [True, False]


@pytest.mark.parametrize("typed", ["000000", "12345", "abcdef", "١٢٣٤٥٦", "1" * 41, ""])
def test_what_is_wrong_is_said_beside_the_field_and_in_the_log(half: Client, typed: str) -> None:
    page = code(half, typed)
    assert page.status_code == 200 and not is_in(half)
    assert 'class="wrong"' in html(page) and 'aria-invalid="true"' in html(page)
    assert log() == ["password", *(["code"] if 0 < len(typed) < 41 else [])]


def test_it_says_how_many_tries_are_left(half: Client) -> None:
    assert "Wait for the next one. 9 tries left." in words(code(half, "000000"))


def test_half_a_sign_in_ends_after_a_quarter_of_an_hour(half: Client) -> None:
    with later(seconds=HALF_SIGN_IN.total_seconds()):
        assert half.get(CODE).status_code == 200
    with later(seconds=HALF_SIGN_IN.total_seconds() + 1):
        assert half.get(CODE)["Location"] == "/admin/login/?next=%2Fadmin%2F"
        assert "Sign in to the desk" in words(code(half, shown()))


@pytest.mark.parametrize("change", ["password", "closed", "reset"])
def test_half_a_sign_in_ends_with_the_account_as_it_was(half: Client, ana: User, change: str) -> None:
    if change == "password":
        ana.set_password("another long one of Ana's")
        ana.save()
    elif change == "closed":
        User.objects.filter(pk=ana.pk).update(is_active=False)
    else:
        factor.remove(ana)
    assert half.get(CODE).status_code == 302
    assert code(half, shown()).status_code == 403 and not is_in(half)


def test_whoever_was_signed_in_in_this_browser_no_longer_is(ana: User) -> None:
    browser = Client()
    browser.force_login(make.staff())
    assert is_in(browser)
    password(browser, "ana")
    assert not is_in(browser)


# --- guessing -----------------------------------------------------------------------------------------------------------


def test_ten_wrong_codes_close_the_step_for_that_account_also_for_the_right_one(half: Client) -> None:
    answers = [code(half, "000000").status_code for _ in range(WRONG_CODES)]
    assert answers == [200] * (WRONG_CODES - 1) + [429]
    closed = code(half, shown())
    assert closed.status_code == 429 and "closed until 10am" in words(closed) and not is_in(half)
    elsewhere = Client(REMOTE_ADDR="198.51.100.1")
    password(elsewhere, "ana")
    assert code(elsewhere, shown()).status_code == 429
    with later(hours=1):
        password(elsewhere, "ana")
        assert code(elsewhere, shown()).status_code == 302


def test_a_stranger_without_the_password_closes_nothing(ana: User) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(30):
        assert code(stranger, "000000").status_code == 403
    browser = Client()
    password(browser, "ana")
    assert code(browser, shown()).status_code == 302


def test_nor_does_somebody_who_has_it_in_a_browser_that_she_has_used(ana: User) -> None:
    hers, thief = Client(), Client(REMOTE_ADDR="192.0.2.1")
    password(hers, "ana"), code(hers, shown()), hers.post("/admin/logout/")
    password(thief, "ana")
    assert [code(thief, "000000").status_code for _ in range(WRONG_CODES)][-1] == 429
    with later(seconds=60):
        password(hers, "ana")
        assert code(hers, shown()).status_code == 302


def test_unlock_opens_it_too(half: Client) -> None:
    for _ in range(WRONG_CODES):
        code(half, "000000")
    call_command("unlock", "ana", stdout=StringIO())
    assert code(half, shown()).status_code == 302


def test_a_right_code_uses_up_no_try(ana: User) -> None:
    for number in range(WRONG_CODES + 1):
        with later(seconds=30 * number):
            browser = Client()
            password(browser, "ana")
            assert code(browser, shown()).status_code == 302


# --- a recovery code ----------------------------------------------------------------------------------------------------


def test_a_recovery_code_lets_in_once(ana: User) -> None:
    codes = with_telephone(ana)
    for expected in (302, 200):
        browser = Client()
        password(browser, "ana")
        assert (
            browser.post(CODE, {"recovery": codes[0].lower().replace("-", " "), "next": HOME}).status_code
            == expected
        )
    assert log() == ["password", "recovery", "in", "password", "code"]
    assert RecoveryCode.objects.filter(used_at=None).count() == len(codes) - 1


def test_it_says_how_many_are_left(ana: User) -> None:
    [code, *_] = with_telephone(ana)
    browser = Client()
    password(browser, "ana")
    browser.post(CODE, {"recovery": code, "next": HOME})
    assert "That recovery code is used up; 7 left." in words(browser.get(HOME))


def test_it_works_also_when_no_key_opens_the_seed(ana: User, settings: Settings) -> None:
    [code, *_] = with_telephone(ana)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    browser = Client()
    password(browser, "ana")
    assert browser.post(CODE, {"token": shown(), "next": HOME}).status_code == 200
    assert browser.post(CODE, {"recovery": code, "next": HOME}).status_code == 302


def test_wrong_ones_are_counted_with_the_codes(half: Client) -> None:
    for _ in range(WRONG_CODES):
        half.post(CODE, {"recovery": "AAAA-AAAA"})
    assert code(half, shown()).status_code == 429


def test_the_database_holds_neither_key_nor_codes(ana: User) -> None:
    codes = with_telephone(ana)
    held = repr(
        [
            *Factor.objects.extra(select={"raw": "foundation_factor.key"}).values(),
            *RecoveryCode.objects.values(),
        ]
    )
    assert "GEZDGNBV" not in repr(list(RecoveryCode.objects.values()))
    assert not any(each in held or each.replace("-", "") in held for each in codes)


# --- who must -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "more", "must"),
    [
        (["bookings.read_health"], {}, True),
        (["auth.change_user"], {}, True),
        (["auth.change_group"], {}, True),
        ([], {"is_superuser": True}, True),
        (["bookings.view_consultationrequest", "bookings.decide_request"], {}, False),
        (["content.change_page"], {}, False),
    ],
)
def test_whoever_may_read_health_answers_or_change_accounts(
    settings: Settings, rights: list[str], more: dict[str, bool], must: bool
) -> None:
    settings.SECOND_FACTOR = True
    make.staff("Gus Early", *(rights or ["content.view_page"]), **more)
    browser = Client()
    led = password(browser, "gus")["Location"]
    assert led == (f"{SET_UP}?next=%2Fadmin%2Fall%2F" if must else HOME)
    assert is_in(browser) is not must


def test_in_a_trial_nobody_must_but_whoever_has_one_is_asked(ana: User) -> None:
    make.staff("Gus Early", is_superuser=True)
    assert password(Client(), "gus")["Location"] == HOME
    assert password(Client(), "ana")["Location"].startswith(CODE)


def test_a_session_ends_when_its_account_comes_to_need_one(settings: Settings) -> None:
    dee, browser = make.staff(), Client()
    browser.force_login(dee)
    assert is_in(browser)
    settings.SECOND_FACTOR = True
    assert browser.get(HOME)["Location"] == "/admin/login/?next=/admin/all/"
    assert "Sign in to the desk" in words(browser.get(LOGIN))


# --- reset --------------------------------------------------------------------------------------------------------------


def test_resetfactor_ends_what_is_signed_in_and_they_set_it_up_anew(settings: Settings, half: Client) -> None:
    settings.SECOND_FACTOR = True
    code(half, shown())
    assert is_in(half)
    out = StringIO()
    call_command("resetfactor", "ana", stdout=out)
    assert "The second step of ana is gone." in out.getvalue()
    assert not is_in(half) and not Factor.objects.exists() and not RecoveryCode.objects.exists()
    assert password(half, "ana")["Location"].startswith(SET_UP)
    row = SignIn.objects.get(outcome="reset")
    assert (row.who, row.network) == ("ana", "this server")


def test_a_superuser_resets_it_on_the_desk(ana: User, half: Client) -> None:
    code(half, shown())
    sue = Client()
    sue.force_login(make.staff("Sue Root", is_superuser=True))
    url = f"/admin/auth/user/{ana.pk}/second-step/"
    assert f'<a href="{url}">' in html(sue.get(f"/admin/auth/user/{ana.pk}/change/"))
    assert "Make sure first that it is them who ask." in words(sue.get(url)) and is_in(half)
    assert sue.post(url)["Location"] == f"/admin/auth/user/{ana.pk}/change/"
    assert not is_in(half) and not Factor.objects.exists() and log()[-1] == "reset"
    assert LogEntry.objects.get().change_message == "Reset the second step."
    assert sue.post(url)["Location"] == "/admin/auth/user/"  # there is none any more
    with later(minutes=11):
        assert sue.get(url).status_code == 401


def test_nobody_else_resets_it_and_nobody_their_own(ana: User, half: Client) -> None:
    dee = Client()
    dee.force_login(make.staff())
    assert dee.post(f"/admin/auth/user/{ana.pk}/second-step/").status_code == 403
    User.objects.filter(pk=ana.pk).update(is_superuser=True)
    code(half, shown())
    assert half.post(f"/admin/auth/user/{ana.pk}/second-step/")["Location"] == ACCOUNT
    assert Factor.objects.exists()


@pytest.mark.parametrize("name", ["nobody", "n" * 200, "dee"])
def test_resetfactor_says_when_there_is_nothing_to_reset(name: str) -> None:
    make.staff()
    with pytest.raises(CommandError):
        call_command("resetfactor", name)


def test_the_others_who_may_read_the_log_are_told_once(ana: User) -> None:
    pia = make.staff("Pia Lead", "foundation.view_signin", last_login=make.NOW - timedelta(days=1))
    make.staff("Gus Early", last_login=make.NOW - timedelta(days=1))
    with later(minutes=-10):
        call_command("resetfactor", "ana", stdout=StringIO())
    seen = Count[str]()
    for _ in range(2):
        for name in ("pia", "gus"):
            browser = Client()
            password(browser, name)
            seen[name] += "The second step of ana was reset, Monday 30 November at 8:50am." in words(
                browser.get(HOME)
            )
    assert seen == {"pia": 1, "gus": 0}
    assert pia.pk


def test_somebody_who_leaves_leaves_no_key(ana: User) -> None:
    leavers.close(ana)
    assert not User.objects.get(pk=ana.pk).is_active and not Factor.objects.exists()
