"""What was typed on a request's page is still there after another button was pressed, without a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from bookings.models import ConsultationRequest, ContactBy, Note
from bookings.states import Status
from bookings.workflow import calls
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import html, page_of, say, typed, words

pytestmark = pytest.mark.once

NOTE = "Rang twice, her sister answered."


def _area(page: str, name: str) -> str:
    [found] = re.findall(rf'<textarea name="{name}"[^>]*>(.*?)</textarea>', page, flags=re.DOTALL)
    return str(found).strip()


@pytest.mark.parametrize("status", [Status.NEW, Status.CONFIRMED, Status.DECLINED, Status.SUSPECTED])
def test_every_field_and_button_of_a_verb_belongs_to_the_one_form(dee: Client, status: Status) -> None:
    page = html(dee.get(page_of(make.in_state(status, phone="+441632960103"))))
    main = page[page.index('id="content-main"') :]
    [whole] = re.findall(r'<form[^>]*id="desk".*?</form>', main, flags=re.DOTALL)
    for control in re.findall(r"<(?:button|select|textarea)\b[^>]*>", main.replace(whole, "")):
        assert 'form="desk"' in control, control


@pytest.mark.parametrize("do", ["no_answer", "take", "assess", "tag"])
def test_a_note_survives_another_press(dee: Client, do: str) -> None:
    cleo = make.submitted(phone="+441632960103")
    answer = say(dee, cleo, do, **{"note-text": NOTE, "ask-question": "Since when?"})
    assert answer.status_code == 303
    page = html(dee.get(page_of(cleo)))
    assert (_area(page, "note-text"), _area(page, "ask-question")) == (NOTE, "Since when?")
    assert re.search(r"<details open>\s*<summary>Ask a question", page), "what was typed is in sight"
    assert not Note.objects.exists(), "nothing is saved that nobody pressed"
    # It was shown once: a page that is opened later starts empty.
    assert _area(html(dee.get(page_of(cleo))), "note-text") == ""


def test_what_the_pressed_button_took_does_not_come_back(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "note", **{"note-text": NOTE, "note": "For her."})
    page = html(dee.get(page_of(cleo)))
    assert (_area(page, "note-text"), _area(page, "note")) == ("", "For her.")
    assert Note.objects.get().body == NOTE


def test_a_note_survives_a_preview_and_a_refusal(dee: Client) -> None:
    cleo = make.submitted()
    for fields in ({"preview": "ask"}, {"do": "ask", "ask-question": ""}):
        page = dee.post(page_of(cleo), {"version": cleo.version, "note-text": NOTE} | fields)
        assert page.status_code == 200
        assert _area(html(page), "note-text") == NOTE


def test_a_button_of_a_list_loses_nothing_either(dee: Client) -> None:
    cleo, other = make.submitted(email="c@example.org"), make.submitted(email="c@example.org", start=None)
    ConsultationRequest.objects.update(email_proved_at=make.NOW)
    page = html(dee.get(page_of(cleo)))
    assert f'form="desk" name="do" value="merge:{other.pk}"' in page
    say(dee, cleo, f"merge:{other.pk}", **{"note-text": NOTE})
    other.refresh_from_db()
    assert other.merged_into_id == cleo.pk
    assert _area(html(dee.get(page_of(cleo))), "note-text") == NOTE


def test_words_that_have_no_place_any_more_are_there_to_copy(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "confirm_wish", **typed("confirm_wish"), **{"ask-question": "Since when?"})
    shown = words(dee.get(page_of(cleo)))
    assert "You had typed this beside it" in shown
    assert "Your questionSince when?" in shown


def test_it_is_for_this_request_only(dee: Client) -> None:
    cleo, other = make.submitted(), make.submitted(start=None)
    say(dee, cleo, "take", **{"note-text": NOTE})
    assert NOTE not in html(dee.get(page_of(other)))


def test_the_session_keeps_it_encrypted(dee: Client) -> None:
    cleo = make.submitted()
    say(dee, cleo, "take", **{"note-text": NOTE})
    assert NOTE not in str(Session.objects.get().get_decoded())


def test_enter_in_a_line_of_text_does_nothing_and_loses_nothing(dee: Client) -> None:
    cleo = make.submitted()
    page = say(dee, cleo, "", **{"note-text": NOTE})
    assert page.status_code == 200
    assert "Nothing was pressed, so nothing was done." in words(page)
    assert _area(html(page), "note-text") == NOTE
    cleo.refresh_from_db()
    assert cleo.version == 1
    first = re.findall(r"<button[^>]*>", html(page).partition('id="content-main"')[2])[0]
    assert 'form="desk"' in first and 'value=""' in first


# --- who is not to be mailed ------------------------------------------------------------------------------------------


def _only_rung(**changes: Any) -> ConsultationRequest:
    cleo = make.submitted(phone="+441632960103", **changes)
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    return calls.reach(cleo, dee, contact_by=ContactBy.PHONE, may_leave_message=False, phone_only=True)


def test_each_button_that_would_mail_asks_why_where_it_should_not(dee: Client) -> None:
    page = html(dee.get(page_of(_only_rung())))
    asked = set(re.findall(r'<textarea name="([a-z_]*-?)despite"', page))
    assert {"", "ask-", "assess-", "decline-"} <= asked
    assert "note-" not in asked
    assert "They want to be rung, and no e-mail." in words(dee.get(page_of(_only_rung(start=None))))
    assert "despite" not in html(dee.get(page_of(make.submitted(start=make.at(4, 10)))))


def test_without_a_reason_it_becomes_a_call_to_make_and_the_page_says_so(dee: Client) -> None:
    cleo = _only_rung()
    say(dee, cleo, "assess", **{"assess-despite": ""})
    assert cleo.messages.latest("id").state == "to_call"
    shown = words(dee.get(page_of(cleo)))
    assert "It is a call to make." in shown
    assert "To say on the phone: being looked at" in shown


def test_with_a_reason_it_is_mailed_and_the_reason_is_kept(dee: Client) -> None:
    cleo = _only_rung()
    say(dee, cleo, "assess", **{"assess-despite": "Her daughter reads it to her."})
    assert cleo.messages.latest("id").state == "queued"
    shown = words(dee.get(page_of(cleo)))
    assert "mailed all the same, for the reason in the note" in shown
    assert "Her daughter reads it to her." in shown
    assert Note.objects.get().kind == "internal"
