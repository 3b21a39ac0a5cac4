"""A reason is chosen, never guessed; and whoever moves or cancels a visit may write to the client about it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests import factories as make
from tests.client import walk
from tests.desk.pages import html, page_of, say, typed, words

pytestmark = pytest.mark.once
LATER = make.NOW + timedelta(minutes=5)
MISSING = "Choose why: what the client reads depends on it."


@pytest.mark.parametrize(("status", "verb"), [("new", "decline"), ("confirmed", "cancel")])
def test_no_reason_is_chosen_beforehand(dee: Client, status: str, verb: str) -> None:
    page = html(dee.get(page_of(make.in_state(status))))
    [chooser] = re.findall(
        rf'<select name="{verb}-reason"[^>]*id="{verb}-reason".*?</select>', page, flags=re.DOTALL
    )
    assert re.findall(r'<option value="([^"]*)"', chooser)[0] == ""
    assert re.findall(r"selected", chooser) == ["selected"], "the empty one"


@pytest.mark.parametrize(("status", "verb"), [("new", "decline"), ("confirmed", "cancel")])
def test_without_a_reason_nothing_happens_and_the_words_stay(dee: Client, status: str, verb: str) -> None:
    consultation = make.in_state(status)
    note = "text" if verb == "cancel" else "note"
    for press in ({}, {"preview": verb}):
        page = say(dee, consultation, verb, reason="", **{note: "Take it with food."}, **press)
        assert page.status_code == 200
        assert MISSING in words(page)
        assert "Take it with food.</textarea>" in html(page)
        assert 'id="mail"' not in html(page), "no mail is shown for a reason that nobody chose"
    consultation.refresh_from_db()
    assert consultation.status == status


def test_a_move_brings_a_note(dee: Client) -> None:
    consultation = make.in_state("confirmed")
    page = dee.get(page_of(consultation))
    assert 'id="reschedule-note"' in html(page)
    assert 'id="reschedule-until"' not in html(page), "nobody is asked, so there is no end to choose by"
    shown = say(
        dee, consultation, "reschedule", preview="reschedule", **typed("reschedule"), note="We are sorry."
    )
    assert "On their page We are sorry." in words(shown)
    assert (
        say(dee, consultation, "reschedule", **typed("reschedule"), note="We are sorry.").status_code == 303
    )
    mail = consultation.messages.get(kind="changed")
    assert mail.note is not None
    assert mail.note.words == "We are sorry."
    assert "We are sorry." in words(dee.get(page_of(consultation)))
    assert "We are sorry." in walk.main(walk.signed_in(consultation).get("/consultations/mine/"))


def test_a_move_without_a_note_leaves_what_was_written_about_the_visit(dee: Client) -> None:
    consultation = make.in_state("new")
    say(dee, consultation, "confirm", slot=typed("offer")["slot"][1:], note="Come by tram.")
    with time_machine.travel(LATER, tick=False):
        say(dee, consultation, "reschedule", **typed("reschedule"), note="")
    assert "Come by tram." in walk.main(walk.signed_in(consultation).get("/consultations/mine/"))


def test_a_cancellation_puts_the_note_of_the_move_away(dee: Client) -> None:
    consultation = make.in_state("confirmed")
    say(dee, consultation, "reschedule", **typed("reschedule"), note="Come by tram.")
    with time_machine.travel(LATER, tick=False):
        say(dee, consultation, "cancel", reason="practitioner_away", text="")
    assert "Come by tram." not in walk.main(walk.signed_in(consultation).get("/consultations/mine/"))
