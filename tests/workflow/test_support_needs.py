"""What a client needs for the visit is kept apart from their health answers; so is what is not about health at all.

Who needs an interpreter is not written to in English by the desk: it becomes a call to make.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bookings.models import ConsultationRequest, Note, SupportNeeds
from bookings.workflow import contact, desk, erasure, intake, reply, visit
from bookings.workflow.core import Actor, Origin
from clinic.foundation import rotation
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEEDS = {"support": ["interpreter", "other"], "support_note": "Polish, please."}
HEALTH = {"concerns": ["rolling"], "applies": ["isotretinoin"], "anything_else": ""}


def test_needs_have_a_row_of_their_own_and_health_keeps_none_of_them() -> None:
    cleo = make.submitted(answers=HEALTH | NEEDS)
    assert cleo.support_needs.data == NEEDS
    assert cleo.answers.data == HEALTH


@pytest.mark.parametrize("needs", [{}, {"support": [], "support_note": ""}])
def test_who_needs_nothing_has_no_row(needs: dict[str, object]) -> None:
    make.submitted(answers=HEALTH | needs)
    assert not SupportNeeds.objects.exists()


def test_the_same_sent_twice_is_one_request_with_one_row() -> None:
    sent = make.submission(answers=HEALTH | NEEDS, start=None)
    make.profile()
    first, again = (intake.submit(sent, Origin(make.CLIENT, make.NOW)) for _ in range(2))
    assert first.pk == again.pk and SupportNeeds.objects.count() == 1


def test_needs_are_encrypted_and_found_when_keys_change() -> None:
    make.submitted(answers=HEALTH | NEEDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM bookings_supportneeds")
        [stored] = cursor.fetchone()
    assert "Polish" not in stored and "interpreter" not in stored
    assert (SupportNeeds, "data") in rotation.columns()


@pytest.mark.parametrize("by_clock", [False, True])
def test_needs_go_when_the_request_is_erased(by_clock: bool) -> None:
    cleo = make.submitted(answers=HEALTH | NEEDS)
    SupportNeeds.objects.update(data={"no": "key opens it"})
    if by_clock:
        later = make.at(31, 9)
        assert erasure.erase_past({cleo.pk: cleo.version}, now=later) == 1
    else:
        erasure.erase(cleo, Origin(Actor.staff(make.staff()), make.NOW))
    assert not SupportNeeds.objects.exists()


def test_the_desk_notes_what_they_need_in_place_of_what_was_kept() -> None:
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    cleo = make.submitted(answers=HEALTH | NEEDS)
    cleo = contact.note_support(cleo, dee, needs=["step_free"], note="A ramp.")
    assert SupportNeeds.objects.get().data == {"support": ["step_free"], "support_note": "A ramp."}
    assert cleo.events.get(verb="note_support").facts == {}
    contact.note_support(cleo, dee, needs=[])
    assert not SupportNeeds.objects.exists()


# --- what is not about health -----------------------------------------------------------------------------------------


def kept(kind: Note.Kind) -> bool:
    """Whether the newest note of this kind is about health."""
    return Note.objects.filter(kind=kind).latest("id").about_health


def test_whatever_nobody_marked_is_about_health() -> None:
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    cleo = make.submitted()
    cleo = desk.note(cleo, dee, text="Rang, no answer.")
    cleo = contact.add_information(cleo, dee, text="She parks nearby.")
    cleo = reply.ask(cleo, dee, question="Do you still get spots?")
    reply.answer(cleo, Origin(make.CLIENT, make.NOW), text="Yes.")
    assert [note.about_health for note in Note.objects.all()] == [True] * 4


def test_who_reads_an_answer_the_question_has_said() -> None:
    dee, client = Origin(Actor.staff(make.staff()), make.NOW), Origin(make.CLIENT, make.NOW)
    cleo = reply.ask(make.submitted(), dee, question="Do you come by car?", about_health=False)
    cleo = reply.answer(cleo, client, text="By train.")
    assert not kept(Note.Kind.QUESTION) and not kept(Note.Kind.ANSWER)
    cleo = reply.ask(cleo, dee, question="Do you still get spots?")
    reply.answer(cleo, client, text="Yes.")
    assert kept(Note.Kind.QUESTION) and kept(Note.Kind.ANSWER)


def test_a_note_and_what_they_told_us_may_be_for_all_of_the_desk() -> None:
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    cleo = desk.note(make.submitted(), dee, text="Rang, no answer.", about_health=False)
    contact.add_information(cleo, dee, text="She parks nearby.", about_health=False)
    assert [note.about_health for note in Note.objects.all()] == [False, False]


# --- an interpreter ---------------------------------------------------------------------------------------------------

POLISH = {"support": ["interpreter"], "support_note": "Polish"}
NUMBER: dict[str, Any] = {"phone": "+441632960103"}


def dee(despite: str = "") -> Origin:
    return Origin(Actor.staff(make.staff()), make.NOW, despite=despite)


def owed(cleo: ConsultationRequest) -> dict[str, str]:
    return dict(cleo.messages.order_by("id").exclude(kind="staff_alert").values_list("kind", "state"))


def test_what_the_desk_tells_them_is_a_call_and_what_follows_by_itself_is_mailed() -> None:
    cleo = reply.confirm(make.submitted(answers=HEALTH | POLISH, **NUMBER), dee())
    told = owed(cleo)
    assert told.pop("confirmed") == "to_call"
    assert {"received", "reminder_48h", "reminder_2h"} <= told.keys()
    assert "to_call" not in told.values()


def test_a_typed_reason_mails_it_and_is_kept() -> None:
    cleo = reply.confirm(make.submitted(answers=HEALTH | POLISH, **NUMBER), dee("She reads English."))
    assert owed(cleo)["confirmed"] == "queued"
    event = cleo.events.last()
    assert event is not None and event.facts["despite"] == ["interpreter"]
    assert Note.objects.get(request=cleo).body == "She reads English."


def test_what_they_do_on_the_site_themselves_is_answered_by_mail() -> None:
    cleo = reply.confirm(make.submitted(answers=HEALTH | POLISH, **NUMBER), dee())
    cleo = visit.cancel(cleo, Origin(make.CLIENT, make.NOW), reason="client_request", text="")
    assert owed(cleo)["cancelled"] == "queued"


def test_without_a_number_a_mail_is_all_there_is() -> None:
    cleo = reply.confirm(make.submitted(answers=HEALTH | POLISH, phone=""), dee())
    assert owed(cleo)["confirmed"] == "queued"


def test_once_it_is_noted_or_taken_away_what_has_not_gone_follows() -> None:
    cleo = reply.confirm(make.submitted(answers=HEALTH, **NUMBER), dee())
    cleo = contact.note_support(cleo, dee(), needs=["interpreter"])
    assert (owed(cleo)["confirmed"], owed(cleo)["reminder_48h"]) == ("to_call", "queued")
    again = contact.note_support(cleo, dee(), needs=["step_free"])
    assert not again.barriers


def test_a_new_address_gets_its_link_although_they_need_an_interpreter() -> None:
    cleo = make.submitted(answers=HEALTH | POLISH, **NUMBER)
    cleo = contact.correct_contact(cleo, dee(), email="cleo@elsewhere.example")
    assert owed(cleo)["received"] == "queued"
