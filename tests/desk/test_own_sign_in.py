"""A telephone is set up, changed and turned off by its owner, with the password; recovery codes are shown once."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from clinic.foundation.limits.sign_in import HALF_SIGN_IN
from clinic.foundation.models import Factor, RecoveryCode, SignIn
from clinic.foundation.signin import factor
from tests import factories as make
from tests.desk.pages import html, words
from tests.desk.second_step import (
    ACCOUNT,
    CODE,
    CODES,
    HOME,
    PASSWORD,
    SET_UP,
    code,
    is_in,
    password,
    shown,
    with_telephone,
)
from tests.desk.test_signed_out import ADD, inputs, kept_form, new_page, sign_in, typed

pytestmark = pytest.mark.once


@pytest.fixture
def ana(settings: Settings) -> User:
    """Ana, who may read health answers and must set up a second step."""
    settings.SECOND_FACTOR = True
    return make.staff("Ana Lind", "bookings.read_health", "bookings.view_consultationrequest")


@pytest.fixture
def eves() -> Client:
    """Eve's browser. She need not have a second step."""
    make.staff("Eve Nobody")
    browser = Client()
    assert password(browser, "eve")["Location"] == HOME
    return browser


def key_on(page: Any) -> str:
    [key] = re.findall(r'class="key-text">([A-Z2-7 ]+)<', html(page))
    return str(key).replace(" ", "")


def codes_on(page: Any) -> list[str]:
    return re.findall(r"<li>([2-9A-Z]{4}-[2-9A-Z]{4})</li>", html(page))


def outcomes() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


# --- in the middle of the sign-in ---------------------------------------------------------------------------------------


def test_from_the_password_to_the_desk(ana: User) -> None:
    browser = Client()
    page = browser.get(password(browser, "ana", "/admin/all/?q=1")["Location"])
    assert "Step 2 of 2, for Ana Lind." in words(page) and 'class="qr"' in html(page)
    assert "style=" not in html(page).partition('class="qr"')[2].partition("</svg>")[0]
    assert not is_in(browser) and not Factor.objects.exists()
    key = key_on(page)
    shown_once = browser.post(SET_UP, inputs(html(page)) | {"token": shown(key=key)})
    codes = codes_on(shown_once)
    assert len(set(codes)) == 8 and "8 codes for Ana Lind" in words(shown_once)
    assert is_in(browser)
    assert (
        browser.post(CODES, inputs(html(shown_once)) | {"kept_them": "on"})["Location"] == "/admin/all/?q=1"
    )
    assert outcomes() == ["password", "set-up", "in"]
    with time_machine.travel(make.NOW + timedelta(seconds=60), tick=False):
        other = Client()
        assert password(other, "ana")["Location"].startswith(CODE)
        assert code(other, shown(key=key)).status_code == 302


def test_a_wrong_first_code_changes_nothing_and_keeps_the_key(ana: User) -> None:
    browser = Client()
    page = browser.get(password(browser, "ana")["Location"])
    for wrong, told in (("000000", "That is not the code of this key."), ("", "Type the code")):
        again = browser.post(SET_UP, inputs(html(page)) | {"token": wrong})
        assert told in words(again) and key_on(again) == key_on(page) == key_on(browser.get(SET_UP))
    assert not Factor.objects.exists() and not is_in(browser)


def test_the_first_code_is_used_up_by_it(ana: User) -> None:
    browser, other = Client(), Client()
    page = browser.get(password(browser, "ana")["Location"])
    token = shown(key=key_on(page))
    browser.post(SET_UP, {"token": token})
    password(other, "ana")
    assert code(other, token).status_code == 200 and not is_in(other)


def test_what_ran_out_of_its_sign_in_comes_through_all_steps(settings: Settings) -> None:
    """Password, telephone, recovery codes: each page carries it. And the next time: password, code."""
    make.staff("Sue Root", is_superuser=True)
    sue = Client(enforce_csrf_checks=True)
    sign_in(sue, sue.get("/admin/login/"), "sue")
    data = new_page(sue)
    settings.SECOND_FACTOR = True
    asked = sue.post(ADD, data)
    assert asked.status_code == 401
    page = sign_in(sue, asked, "sue")
    assert page.status_code == 200 and "What you typed is not saved yet." in words(page)
    key = key_on(page)
    wrong = sue.post(SET_UP, inputs(html(page)) | {"token": "000000"})
    codes = sue.post(SET_UP, inputs(html(wrong)) | {"token": shown(key=key)})
    assert "careful" not in html(codes)
    back = sue.post(CODES, main_form(codes) | {"kept_them": "on"})
    assert typed(kept_form(back)[1]) == typed(data)
    Session.objects.all().delete()
    with time_machine.travel(make.NOW + timedelta(seconds=60), tick=False):
        page = sign_in(sue, sue.post(ADD, data), "sue")
        assert "Step 2 of 2" in words(page) and "What you typed is not saved yet." in words(page)
        for token in ("000000", shown(key=key)):
            page = sue.post(CODE, main_form(page) | {"token": token})
        assert typed(kept_form(page)[1]) == typed(data)


def main_form(page: Any) -> dict[str, Any]:
    """What the first form in the main part of a page would send."""
    body = html(page).partition('id="content-main"')[2]
    [form] = re.findall(r"<form .*?</form>", body, flags=re.DOTALL)[:1]
    found = inputs(form)
    return {name: value for name, value in found.items() if name not in ("trust", "kept_them", "token")}


# --- recovery codes -----------------------------------------------------------------------------------------------------


def given(browser: Client) -> Any:
    """New recovery codes, asked for on the account's page."""
    return browser.post(ACCOUNT, {"do": "codes", "password": PASSWORD})


def test_they_are_shown_once_and_saved_as_a_file(eves: Client) -> None:
    set_up(eves)
    page = given(eves)
    codes, sent = codes_on(page), main_form(page)
    file = eves.post(CODES, sent | {"get": "txt"})
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert file["Cache-Control"] == "no-store"
    assert [line for line in file.content.decode().splitlines() if "-" in line and len(line) == 9] == codes
    assert eves.get(CODES)["Location"] == ACCOUNT
    assert not any(each in html(eves.get(ACCOUNT)) for each in codes)


def test_done_asks_whether_they_are_kept(eves: Client) -> None:
    set_up(eves)
    page = given(eves)
    again = eves.post(CODES, main_form(page))
    assert "Keep the codes first" in words(again) and codes_on(again) == codes_on(page)
    assert eves.post(CODES, main_form(again) | {"kept_them": "on"}).status_code == 302


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA", "\ud800"])
def test_what_was_not_sealed_here_shows_nothing(eves: Client, sealed: str) -> None:
    assert eves.post(CODES, {"sealed": sealed.encode("utf-8", "replace").decode()})["Location"] == ACCOUNT


def test_nobody_elses_page_shows_them(eves: Client) -> None:
    set_up(eves)
    sent = main_form(given(eves))
    other = Client()
    other.force_login(make.staff())
    assert other.post(CODES, sent)["Location"] == ACCOUNT
    with time_machine.travel(make.NOW + HALF_SIGN_IN + timedelta(seconds=1), tick=False):
        assert eves.post(CODES, sent)["Location"] == ACCOUNT


def test_new_ones_make_the_old_ones_worthless(eves: Client) -> None:
    set_up(eves)
    old = codes_on(given(eves))
    new = codes_on(given(eves))
    assert not set(old) & set(new) and RecoveryCode.objects.count() == 8
    user = User.objects.get(username="eve")
    assert not factor.use_recovery_code(user, old[0], make.NOW)
    assert factor.use_recovery_code(user, new[0], make.NOW)
    assert "7 recovery codes left" in words(eves.get(ACCOUNT))


# --- one's own account --------------------------------------------------------------------------------------------------


def set_up(browser: Client) -> str:
    """Set up a telephone by the account's page; return its key."""
    led = browser.post(ACCOUNT, {"do": "telephone", "password": PASSWORD})
    assert led["Location"] == SET_UP
    key = key_on(browser.get(SET_UP))
    assert codes_on(browser.post(SET_UP, {"token": shown(key=key)}))
    return key


def test_on_a_screen_that_was_left_open_the_password_alone_changes_nothing(eves: Client) -> None:
    key = set_up(eves)
    with time_machine.travel(make.NOW + timedelta(minutes=11), tick=False):
        for do in ("telephone", "codes", "off"):
            page = eves.post(ACCOUNT, {"do": do, "password": PASSWORD})
            assert page.status_code == 200 and "Type the code" in words(page), do
        sent = {"do": "off", "password": PASSWORD, "code": shown(key=key)}
        assert eves.post(ACCOUNT, sent)["Location"] == ACCOUNT
    assert not Factor.objects.exists()


def test_others_may_set_it_up_and_turn_it_off(eves: Client) -> None:
    assert "Your password alone signs you in." in words(eves.get(ACCOUNT))
    set_up(eves)
    assert "A code from your telephone follows your password." in words(eves.get(ACCOUNT)) and is_in(eves)
    assert eves.post(ACCOUNT, {"do": "off", "password": PASSWORD})["Location"] == ACCOUNT
    assert is_in(eves) and not Factor.objects.exists()
    assert outcomes() == ["in", "set-up", "off"]


@pytest.mark.parametrize("do", ["telephone", "codes", "off"])
@pytest.mark.parametrize("typed", ["wrong", ""])
def test_nothing_without_the_password(eves: Client, do: str, typed: str) -> None:
    set_up(eves)
    before = list(RecoveryCode.objects.values_list("pk", flat=True))
    page = eves.post(ACCOUNT, {"do": do, "password": typed})
    assert page.status_code == 200 and "password" in words(page)
    assert list(RecoveryCode.objects.values_list("pk", flat=True)) == before
    assert eves.get(SET_UP)["Location"] == ACCOUNT


def test_whoever_must_have_it_cannot_turn_it_off(ana: User) -> None:
    with_telephone(ana)
    browser = Client()
    password(browser, "ana"), code(browser, shown())
    page = browser.get(ACCOUNT)
    assert 'value="off"' not in html(page) and "it cannot be turned off" in words(page)
    browser.post(ACCOUNT, {"do": "off", "password": PASSWORD})
    assert Factor.objects.exists()


def test_another_telephone_signs_other_browsers_out_and_the_old_one_is_worth_nothing(ana: User) -> None:
    with_telephone(ana)
    one, other = Client(), Client()
    for moved, browser in ((0, one), (30, other)):
        with time_machine.travel(make.NOW + timedelta(seconds=moved), tick=False):
            password(browser, "ana"), code(browser, shown())
    with time_machine.travel(make.NOW + timedelta(seconds=60), tick=False):
        key = set_up(one)
        assert is_in(one) and not is_in(other)
    with time_machine.travel(make.NOW + timedelta(seconds=120), tick=False):
        password(other, "ana")
        assert code(other, shown()).status_code == 200
        assert code(other, shown(key=key)).status_code == 302


def test_the_old_telephone_works_until_the_new_one_has(ana: User) -> None:
    with_telephone(ana)
    browser, other = Client(), Client()
    password(browser, "ana"), code(browser, shown())
    browser.post(ACCOUNT, {"do": "telephone", "password": PASSWORD})
    browser.get(SET_UP)
    with time_machine.travel(make.NOW + timedelta(seconds=60), tick=False):
        password(other, "ana")
        assert code(other, shown()).status_code == 302


def test_the_key_is_not_in_the_session_as_text(eves: Client) -> None:
    eves.post(ACCOUNT, {"do": "telephone", "password": PASSWORD})
    key = key_on(eves.get(SET_UP))
    assert key not in repr([session.get_decoded() for session in Session.objects.all()])


def test_whoever_signs_in_after_somebody_who_gave_up_gets_no_key_of_theirs(ana: User) -> None:
    make.staff("Eve Nobody")
    browser = Client()
    browser.get(password(browser, "ana")["Location"])
    assert password(browser, "eve")["Location"] == HOME
    assert browser.get(SET_UP)["Location"] == ACCOUNT


def test_the_name_and_the_clinic_are_shown_by_the_app_whatever_they_are(eves: Client) -> None:
    User.objects.filter(username="eve").update(first_name="<b>E", last_name="שלום")
    eves.post(ACCOUNT, {"do": "telephone", "password": PASSWORD})
    page = eves.post(SET_UP, {"token": shown(key=key_on(eves.get(SET_UP)))})
    assert "<b>E" not in html(page) and "<b>E שלום" in unescape(html(page))


# --- "do not ask in this browser" ---------------------------------------------------------------------------------------


@pytest.fixture
def trusted(ana: User) -> Client:
    """A browser in which Ana asked not to be asked, and is no longer signed in. It is a Monday."""
    with_telephone(ana)
    browser = Client()
    page = browser.get(password(browser, "ana")["Location"])
    assert "Do not ask in this browser until Sunday 6 December" in words(page)
    code(browser, shown(), trust="on")
    browser.post("/admin/logout/")
    return browser


def test_the_password_is_enough_there_until_sunday(trusted: Client) -> None:
    assert password(trusted, "ana")["Location"] == HOME and is_in(trusted)
    with time_machine.travel(make.at(5, 23, 59), tick=False):
        assert password(trusted, "ana")["Location"] == HOME
    with time_machine.travel(make.at(6, 0), tick=False):
        assert password(trusted, "ana")["Location"].startswith(CODE)


def test_nowhere_else_and_for_nobody_else(trusted: Client) -> None:
    bo = make.staff("Bo Practice")
    with_telephone(bo)
    assert password(trusted, "bo")["Location"].startswith(CODE)
    assert password(Client(), "ana")["Location"].startswith(CODE)


@pytest.mark.parametrize("change", ["a new password", "another telephone", "a forged end"])
def test_until_something_changes(trusted: Client, ana: User, change: str) -> None:
    if change == "a new password":
        ana.set_password(PASSWORD)
        ana.save()
    elif change == "another telephone":
        with_telephone(ana)
    else:
        value = trusted.cookies["trusted"].value
        trusted.cookies["trusted"] = str(int(value[:10]) + 86400) + value[10:]
    assert password(trusted, "ana")["Location"].startswith(CODE)


def test_two_people_at_one_computer(trusted: Client) -> None:
    with_telephone(make.staff("Bo Practice"))
    password(trusted, "bo"), code(trusted, shown(), trust="on")
    trusted.post("/admin/logout/")
    for name in ("ana", "bo"):
        assert password(trusted, name)["Location"] == HOME


def test_no_script_and_no_other_site_gets_the_cookie(trusted: Client) -> None:
    found = trusted.cookies["trusted"]
    assert (found["httponly"], found["samesite"], found["path"]) == (True, "Strict", "/")
    assert "ana" not in found.value
