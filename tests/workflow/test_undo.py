"""What Dee has just done she can take back while its mail waits: the request is what it was, and nobody has been told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from bookings import in_hand
from bookings.models import Appointment, ConsultationRequest, Note, Undo
from bookings.states import TABLE, UNDOABLE, Status, Who
from bookings.workflow import desk, displacement, intake, proposal, reply, visit, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused
from bookings.workflow.undo import undo
from tests.factories import (
    CLIENT,
    NOW,
    at,
    in_state,
    practitioner,
    profile,
    slot,
    staff,
    submission,
    submitted,
    undone,
)

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=2)
LATER = NOW + timedelta(minutes=3)

Act = Callable[[ConsultationRequest, Origin], ConsultationRequest]

# The verbs that can be taken back, each as it is called here, and from which states.
ACTS: dict[str, Act] = {
    "rescue": intake.rescue,
    "assess": reply.assess,
    "ask": lambda cleo, origin: reply.ask(cleo, origin, question="Do you still get spots?"),
    "offer": lambda cleo, origin: reply.offer(
        cleo, origin, slots=[slot(at(3, 10)), slot(at(8, 10))], note="Ring the bell twice."
    ),
    "confirm": lambda cleo, origin: reply.confirm(cleo, origin, slot=slot(at(3, 10)), note="Come by tram."),
    "decline": lambda cleo, origin: reply.decline(cleo, origin, reason="refer_gp", note="See your GP."),
    "reschedule": lambda cleo, origin: visit.reschedule(cleo, origin, slot=slot(at(10, 10)), note="Sorry."),
    "propose_move": lambda cleo, origin: proposal.propose_move(
        cleo, origin, slot=slot(at(10, 10)), note="Ana is away in the morning."
    ),
    "cancel": lambda cleo, origin: visit.cancel(cleo, origin, reason="practitioner_away", text="Ana is ill."),
    "displace": lambda cleo, origin: displacement.displace(
        cleo, origin, slots=[slot(at(3, 15)), slot(at(8, 10))], note="Ana is ill."
    ),
    "release_time": intake.release_time,
}


@pytest.fixture(autouse=True)
def three_minutes(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3


@pytest.fixture
def dee() -> Actor:
    return Actor.staff(staff())


def state_of(consultation: ConsultationRequest) -> dict[str, Any]:
    """Everything that a client or the desk can tell a request by, but for its version and its history."""
    fresh = ConsultationRequest.objects.get(pk=consultation.pk)
    times = Appointment.objects.occupying().filter(request=fresh).order_by("pk")
    notes = fresh.notes.filter(taken_back_at=None).order_by("pk")
    owed = fresh.messages.filter(state="queued").order_by("pk")
    return {
        "columns": wait.columns(fresh),
        "times": list(times.values()),
        "notes": [(note.kind, note.words) for note in notes],
        "mails": list(owed.values_list("kind", "not_before", "problem")),
    }


def mails(consultation: ConsultationRequest) -> list[tuple[str, Any]]:
    """What still goes: the kind of each mail, and when."""
    return list(consultation.messages.filter(state="queued").order_by("pk").values_list("kind", "not_before"))


def about(consultation: ConsultationRequest, now: Any = LATER) -> list[str]:
    """The kinds of the mails that have gone or go by `now`."""
    return [kind for kind, not_before in mails(consultation) if not_before <= now]


def refused(consultation: ConsultationRequest, who: Actor, now: Any = SOON) -> str:
    """Why it cannot be taken back. Nothing has changed then."""
    was = state_of(consultation)
    version = ConsultationRequest.objects.get(pk=consultation.pk).version
    with pytest.raises(Refused) as why:
        undo(consultation, Origin(who, now))
    assert state_of(consultation) == was
    assert ConsultationRequest.objects.get(pk=consultation.pk).version == version
    return f"{why.value.code}: {why.value}"


# --- it works ---------------------------------------------------------------------------------------------------------


def test_every_verb_that_can_be_taken_back_is_tried() -> None:
    assert {*ACTS, "book", "keep", "send_plan", "answer_about_plan"} == set(
        UNDOABLE
    )  # see test_proposal.py, tests/plans/test_send.py
    assert all(Who.STAFF in TABLE[name].by for name in ACTS)


@pytest.mark.parametrize("status", [s for s in Status if any(TABLE[n].allowed(s) for n in ACTS)], ids=str)
def test_everything_is_as_it_was(status: Status, dee: Actor, subtests: pytest.Subtests) -> None:
    made = in_state(status)
    Undo.objects.all().delete()
    for name, act in ACTS.items():
        if not TABLE[name].allowed(status):
            continue
        with subtests.test(verb=name), undone():
            cleo = ConsultationRequest.objects.get(pk=made.pk)
            was, events = state_of(cleo), cleo.events.count()
            act(cleo, Origin(dee, NOW))
            assert state_of(cleo) != was
            again = undo(cleo, Origin(dee, SOON))
            assert state_of(cleo) == was
            assert again.version == cleo.version + 2, "the history is only added to"
            last = cleo.events.latest("version")
            assert cleo.events.count() == events + 2
            assert (last.verb, last.facts["took_back"], last.to_status) == ("undo", name, status)
            assert not Undo.objects.filter(request=cleo).exists()


def test_the_mail_waits_and_the_reminders_come_after_it(dee: Actor) -> None:
    cleo = submitted()
    reply.confirm(cleo, Origin(dee, NOW))
    first, *reminders = mails(cleo)
    assert first == ("confirmed", LATER)
    assert [kind for kind, _ in reminders] == ["reminder_48h", "reminder_2h"]
    assert in_hand.claim(now=SOON, worker="w") == []
    [found] = in_hand.claim(now=LATER, worker="w")
    assert found.kind == "confirmed"


def test_a_reminder_never_comes_before_the_mail_that_it_reminds_of(dee: Actor) -> None:
    cleo = submitted()
    # A day and a half ahead the first reminder is over; two days and a minute ahead it would come first.
    reply.confirm(cleo, Origin(dee, at(1, 9, 59)))
    assert [kind for kind, _ in mails(cleo)] == ["confirmed", "reminder_2h"]


def test_a_booking_by_phone_is_called_off_and_nobody_is_told(dee: Actor) -> None:
    profile()
    practitioner()
    wanted = submission(practitioner_id=practitioner().pk)
    cleo = intake.book(wanted, Origin(dee, NOW))
    undo(cleo, Origin(dee, SOON))
    cleo.refresh_from_db()
    assert (cleo.status, cleo.closed_at) == ("cancelled", SOON)
    assert not Appointment.objects.occupying().exists()
    assert mails(cleo) == []


def test_a_booking_that_was_taken_back_can_be_made_again_from_the_same_page(dee: Actor) -> None:
    profile()
    practitioner()
    wanted = submission(practitioner_id=practitioner().pk)
    cleo = intake.book(wanted, Origin(dee, NOW))
    undo(cleo, Origin(dee, SOON))
    again = intake.book(wanted, Origin(dee, SOON))
    assert (again.pk != cleo.pk, again.status) == (True, "confirmed")
    undo(again, Origin(dee, SOON))
    # Or with what was wrong put right.
    assert intake.book(replace(wanted, start=at(3, 14)), Origin(dee, SOON)).wished_start == at(3, 14)


def test_what_clients_and_the_clock_do_is_told_at_once() -> None:
    cleo = in_state("confirmed")
    Undo.objects.all().delete()
    visit.cancel(cleo, Origin(CLIENT, NOW))
    assert ("cancelled", NOW) in mails(cleo)
    assert not Undo.objects.exists()


def test_off_it_is_off(dee: Actor, settings: Settings) -> None:
    settings.UNDO_MINUTES = 0
    cleo = submitted()
    reply.confirm(cleo, Origin(dee, NOW))
    assert mails(cleo)[0] == ("confirmed", NOW)
    assert "nothing" in refused(cleo, dee)


# --- it is refused ----------------------------------------------------------------------------------------------------


def test_to_somebody_else(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert refused(cleo, Actor.staff(staff("Fay Holt"))) == (
        "not_yours: Dee Hart confirmed this, and only they can take it back."
    )


def test_when_the_time_is_over(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert refused(cleo, dee, LATER) == "late: The mail has gone: this could be taken back until 09:03."


def test_twice(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    undo(cleo, Origin(dee, SOON))
    assert refused(cleo, dee).startswith("nothing")


def test_once_the_client_has_seen_it(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    assert wait.seen_by_client(cleo, NOW + timedelta(minutes=1))
    assert refused(cleo, dee) == (
        "seen: Cleo opened their page at 09:01 and has read it, so this can no longer be taken back."
    )


def test_once_a_worker_has_the_mail(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    cleo.messages.filter(kind="confirmed").update(not_before=NOW)
    assert in_hand.claim(now=NOW, worker="w")
    assert refused(cleo, dee).startswith("sent")


def test_when_somebody_has_the_time_that_was_freed(dee: Actor) -> None:
    cleo = in_state("confirmed")
    visit.cancel(cleo, Origin(dee, NOW), reason="practitioner_away")
    rival = submitted(name="Gus Vale", start=None)
    reply.confirm(rival, Origin(dee, NOW), slot=slot(at(3, 10)))
    rival.refresh_from_db()
    assert refused(cleo, dee) == (
        "taken: Thursday 3 December at 10am cannot be held again: "
        f"{rival.reference} has Thu 3 Dec 10:00 to 10:30."
    )


def test_after_any_other_verb(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    desk.note(cleo, Origin(dee, NOW), text="Rang.")
    assert refused(cleo, dee).startswith("nothing")
    assert mails(cleo)[0] == ("confirmed", NOW), "the wait is over"


def test_a_page_that_shows_something_else(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    with pytest.raises(Conflict):
        undo(cleo, Origin(dee, SOON, cleo.version - 1))


def test_a_hold_that_would_be_over_by_now_is_no_reason_to_refuse(dee: Actor) -> None:
    cleo = submitted()
    assert cleo.hold_until is not None
    soon = cleo.hold_until - timedelta(minutes=1)
    reply.decline(cleo, Origin(dee, soon), reason="other")
    rival = submitted(name="Gus Vale", start=None)
    reply.confirm(rival, Origin(dee, soon), slot=slot(at(3, 10)))
    undo(cleo, Origin(dee, cleo.hold_until + timedelta(minutes=1)))
    cleo.refresh_from_db()
    assert cleo.status == "new"
    assert not cleo.appointments.occupying().exists()


# --- one page for the client ------------------------------------------------------------------------------------------


def test_a_page_made_from_what_is_no_longer_so_is_made_again(dee: Actor) -> None:
    cleo = submitted()
    confirmed = reply.confirm(cleo, Origin(dee, NOW))
    assert not wait.seen_by_client(cleo, SOON), "it shows the request as it was"
    undo(confirmed, Origin(dee, SOON))
    assert not wait.seen_by_client(confirmed, SOON), "it shows what has been taken back"
    assert not Undo.objects.exists()


# --- what it offered to others ----------------------------------------------------------------------------------------


def _rival(dee: Actor, cleo: ConsultationRequest, name: str, day: int) -> ConsultationRequest:
    wanted_too = submitted(name=name, start=None)
    return reply.offer(wanted_too, Origin(dee, NOW), slots=[slot(at(day, 10))], rival_to=cleo.pk)


def test_offers_to_rivals_go_back_with_it_unless_they_were_seen(dee: Actor) -> None:
    cleo = reply.confirm(submitted(), Origin(dee, NOW))
    gus, hana = _rival(dee, cleo, "Gus Vale", 8), _rival(dee, cleo, "Hana Bell", 9)
    other = reply.offer(submitted(name="Ines Vale", start=None), Origin(dee, NOW), slots=[slot(at(10, 10))])
    assert wait.seen_by_client(hana, NOW)
    undo(cleo, Origin(dee, SOON))
    for one, status in ((cleo, "new"), (gus, "new"), (hana, "offered"), (other, "offered")):
        one.refresh_from_db()
        assert one.status == status, one.name
    assert "offered" not in about(gus)
    assert about(hana)[-1] == "offered"


def test_a_note_that_was_taken_back_is_put_away_and_kept(dee: Actor) -> None:
    cleo = reply.decline(submitted(), Origin(dee, NOW), reason="refer_gp", note="See your GP.")
    undo(cleo, Origin(dee, SOON))
    assert Note.objects.get(request=cleo).taken_back_at == SOON
