"""A button pressed twice by the same person: the second press lands where the first did, and nothing happens twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from bookings import clock
from bookings.admin import decide
from bookings.models import Closure, ConsultationRequest, Message, Note, Practitioner
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from clinic.foundation import press
from clinic.foundation.limits.sign_in import PRESS_KEPT
from clinic.foundation.models import Press
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import WORKLIST, html, message_page, page_of, typed, words
from tests.desk.test_outbox import _failed, _may_send_again
from tests.desk.test_phone_request import form as call

# On both databases, and really at once: tests/races/test_pressed_twice.py.
pytestmark = pytest.mark.once

# Each page that is drawn has a token of its own.
PAGE, OTHER_PAGE = {"csrfmiddlewaretoken": "one"}, {"csrfmiddlewaretoken": "two"}


@pytest.fixture
def sue() -> Client:
    client = Client()
    client.force_login(make.staff("Sue Root", is_superuser=True))
    return client


def pressed(consultation: ConsultationRequest, do: str, **fields: Any) -> dict[str, Any]:
    """What the button `do` sends from the page as it is now."""
    consultation.refresh_from_db()
    return {"do": do, "version": consultation.version} | typed(do) | fields | PAGE


# --- the page of a request --------------------------------------------------------------------------------------------


# All verbs go the same way: one that books, one that ends, one with words, one with nothing, one that stays where it is.
@pytest.mark.parametrize("do", ["confirm_wish", "ask", "take", "assess", "erase", "offer"])
def test_the_second_press_lands_where_the_first_did(dee: Client, do: str) -> None:
    consultation = make.submitted()
    data = pressed(consultation, do)
    first = dee.post(page_of(consultation), data)
    done = words(dee.get(page_of(consultation)))
    second = dee.post(page_of(consultation), data)
    assert (
        (second.status_code, second["Location"])
        == (first.status_code, first["Location"])
        == (303, page_of(consultation))
    )
    assert consultation.events.count() == 2
    again = words(dee.get(page_of(consultation)))
    assert "Nothing of yours was done" not in again
    assert "All answered." not in again or "All answered." in done
    sentences = {
        sentence
        for sentence in ("Confirmed.", "Asked.", "Declined.", "Erased.", "Note kept.")
        if sentence in done
    }
    assert sentences == {sentence for sentence in sentences if sentence in again}


def test_the_same_button_from_another_page_hears_who_was_first(dee: Client) -> None:
    consultation = make.submitted()
    data = pressed(consultation, "ask")
    assert dee.post(page_of(consultation), data).status_code == 303
    page = dee.post(page_of(consultation), data | OTHER_PAGE)
    assert page.status_code == 409
    assert "Dee Hart asked a question just now." in words(page)


def test_other_words_from_the_same_page_are_not_lost(dee: Client) -> None:
    consultation = make.submitted()
    data = pressed(consultation, "note")
    assert dee.post(page_of(consultation), data).status_code == 303
    page = dee.post(page_of(consultation), data | {"text": "Rang again, she will come."})
    assert page.status_code == 409
    assert "Rang again, she will come.</textarea>" in html(page)
    assert Note.objects.count() == 1


def test_somebody_else_with_the_same_button_still_hears_who_was_first(dee: Client, sue: Client) -> None:
    consultation = make.submitted()
    data = pressed(consultation, "assess")
    assert dee.post(page_of(consultation), data).status_code == 303
    page = sue.post(page_of(consultation), data)
    assert page.status_code == 409
    assert "Dee Hart said that it is being assessed just now." in words(page)


def test_a_press_that_was_refused_is_refused_again(dee: Client) -> None:
    consultation = make.submitted()
    data = pressed(consultation, "assess")
    reply.ask(
        consultation, Origin(Actor.staff(make.staff("Gus Early", *make.DEE)), make.NOW), question="Where?"
    )
    for _ in range(2):
        page = dee.post(page_of(consultation), data)
        assert page.status_code == 409
        assert "Gus Early asked a question just now." in words(page)


def test_a_second_press_that_began_before_the_first_was_done_lands_there_too(
    dee: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation = make.submitted()
    data, origin = pressed(consultation, "decline"), Origin

    def slowly(*args: Any, **named: Any) -> Any:
        monkeypatch.setattr(decide, "Origin", origin)
        assert dee.post(page_of(consultation), data).status_code == 303
        return origin(*args, **named)

    monkeypatch.setattr(decide, "Origin", slowly)
    page = dee.post(page_of(consultation), data)
    assert page.status_code == 303
    assert consultation.events.count() == 2


def test_only_the_token_of_a_page_makes_two_presses_one(dee: Client) -> None:
    """A program that sends forms without ever drawing the page sends each of them afresh."""
    consultation = make.submitted()
    data = pressed(consultation, "assess") | {"csrfmiddlewaretoken": ""}
    assert dee.post(page_of(consultation), data).status_code == 303
    assert dee.post(page_of(consultation), data).status_code == 409


def test_presses_are_forgotten_after_a_day_and_hold_no_words(dee: Client) -> None:
    consultation = make.submitted()
    assert (
        dee.post(page_of(consultation), pressed(consultation, "note", text="Rang, no answer.")).status_code
        == 303
    )
    kept = Press.objects.get()
    assert (kept.at, kept.result) == (make.NOW, "")
    assert re.fullmatch(r"[0-9a-f]{64}", kept.key)
    clock.tick(make.NOW + PRESS_KEPT - timedelta(seconds=1))
    assert Press.objects.exists()
    clock.tick(make.NOW + PRESS_KEPT)
    assert not Press.objects.exists()


# --- the outbox and the phone -----------------------------------------------------------------------------------------


def test_send_again_pressed_twice_says_that_it_is_queued(db: None) -> None:
    message, mo = _failed(), _may_send_again()
    for _ in range(2):
        page = mo.post(message_page(message), PAGE, follow=True)
        assert "Queued again. It goes with the next run of the worker." in words(page)
        assert "left alone" not in words(page)
    page = mo.post(message_page(message), OTHER_PAGE, follow=True)
    assert "This message has not failed, so it was left alone." in words(page)


def test_a_phone_request_sent_twice_is_one(dee: Client) -> None:
    """This was right all along: the form's own id says that it is the same call."""
    data = call() | PAGE
    first, second = (dee.post(f"{WORKLIST}add/", data) for _ in range(2))
    assert second.status_code == 303
    assert first["Location"] == second["Location"]
    assert ConsultationRequest.objects.count() == 1
    assert Message.objects.exclude(kind__startswith="reminder").count() == 1


# --- forms of the admin -----------------------------------------------------------------------------------------------


def test_a_form_saved_twice_is_saved_once(sue: Client) -> None:
    ana = make.practitioner()
    url = f"/admin/bookings/practitioner/{ana.pk}/change/"
    data = filled(sue, url) | {"name": "Dr Ana Lind"}
    data |= {"time_off-0-starts_at": "7 Dec 2026 10:00", "time_off-0-ends_at": "7 Dec 2026 12:00"}
    first, second = (sue.post(url, data) for _ in range(2))
    assert second.status_code == 302
    assert first["Location"] == second["Location"]
    assert "was changed successfully" in words(sue.get(second["Location"]))
    assert LogEntry.objects.count() == 1
    assert ana.time_off.count() == 1


@pytest.mark.parametrize("button", ["_save", "_addanother"])
def test_what_is_added_twice_is_there_once(sue: Client, button: str) -> None:
    url = "/admin/bookings/closure/add/"
    data = filled(sue, url) | {
        "name": "Snow",
        "first_day": "2026-12-09",
        "last_day": "2026-12-09",
        button: "1",
    }
    first, second = (sue.post(url, data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Closure.objects.count() == 1


@pytest.mark.parametrize("model", ["bookings/practitioner", "bookings/closure"])
def test_two_presses_at_once_add_one_row(sue: Client, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    """The first was done just after the second had looked: the same name again is not a mistake, the same days are."""
    url = f"/admin/{model}/add/"
    data = filled(sue, url) | {"name": "Bo", "first_day": "2026-12-09", "last_day": "2026-12-09"}
    data["consultation_types"] = make.consultation_type().pk
    first = sue.post(url, data)
    looked: list[str] = []

    def blind_once(key: str) -> Any:
        looked.append(key)
        return None if len(looked) == 1 else done(key)

    done = press.done
    monkeypatch.setattr(press, "done", blind_once)
    second = sue.post(url, data)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert Practitioner.objects.filter(name="Bo").count() + Closure.objects.count() == 1
    assert LogEntry.objects.count() == 1


def test_somebody_is_added_to_the_staff_once(sue: Client) -> None:
    url = "/admin/auth/user/add/"
    data = filled(sue, url) | {"username": "gus", "first_name": "Gus", "last_name": "Early"}
    data |= {"password1": "correct horse battery", "password2": "correct horse battery"}
    first, second = (sue.post(url, data) for _ in range(2))
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert User.objects.filter(username="gus").count() == 1


def test_a_form_saved_after_somebody_else_is_refused_however_often(sue: Client) -> None:
    url = "/admin/bookings/bookingrules/1/change/"
    make.rules()
    data = filled(sue, url) | {"horizon_days": "30"}
    make.rules(horizon_days=40)
    for _ in range(2):
        page = sue.post(url, data)
        assert "Somebody changed this while you were editing" in words(page)
