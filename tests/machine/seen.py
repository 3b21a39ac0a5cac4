"""What can be seen of all requests at once, and what has to hold whatever was done: the invariants of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Q

from bookings import decline_mails
from bookings.messages.kinds import untrue
from bookings.models import (
    Answers,
    Appointment,
    ClientLink,
    Consent,
    ConsultationRequest,
    Event,
    Message,
    Note,
    SupportNeeds,
    WishWindow,
)
from bookings.states import CLOSED, LIVE, Status
from bookings.workflow import wait

State = Message.State
# What a mail is while it is owed, or once the client has been told.
GOES = (State.QUEUED, State.TO_CALL, State.SENDING, State.SENT, State.KEPT, State.TOLD)


@dataclass(frozen=True)
class Seen:
    """One request with what hangs on it, as the database has it."""

    columns: dict[str, Any]
    times: dict[int, tuple[str, datetime | None, datetime]]  # what it occupies: state, end of the hold, start
    queued: frozenset[int]
    events: tuple[str, ...]  # the state each event led to, in order

    @property
    def status(self) -> Status:
        return Status(self.columns["status"])


def look(key: int) -> Seen:
    return look_at(ConsultationRequest.objects.get(pk=key))


def look_at(consultation: ConsultationRequest) -> Seen:
    """The same for a request that was just read."""
    key = consultation.pk
    rows = Appointment.objects.occupying().filter(request=key)
    return Seen(
        columns=wait.columns(consultation) | {"version": consultation.version},
        times={row.pk: (row.state, row.held_until, row.starts_at) for row in rows},
        queued=frozenset(
            Message.objects.filter(request=key, state=State.QUEUED).values_list("pk", flat=True)
        ),
        events=tuple(
            Event.objects.filter(request=key).order_by("version").values_list("to_status", flat=True)
        ),
    )


def nobodys_times_meet() -> None:
    """1. No two times that occupy one practitioner meet."""
    rows = Appointment.objects.occupying().order_by("practitioner_id", "blocks_from")
    for one, two in pairwise(rows):
        assert one.practitioner_id != two.practitioner_id or one.blocks_until <= two.blocks_from, (one, two)


def an_offer_has_an_end(seen: Seen) -> None:
    """2. An offer has times and one end, a question a deadline; nothing else has either."""
    ends, due = seen.columns["offer_expires_at"], seen.columns["answer_due_at"]
    assert (ends is not None) == (seen.status == Status.OFFERED), ends
    assert (due is not None) == (seen.status == Status.WAITING), due
    if seen.status == Status.OFFERED:
        assert all(until <= ends for _, until, _ in seen.times.values() if until)


def one_visit(seen: Seen) -> None:
    """3. One booked visit, where there is to be or has been one, and nowhere else."""
    booked = [row for row in seen.times.values() if row[0] == Appointment.State.BOOKED]
    has_visit = seen.status in (Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW)
    erased = seen.columns["erased_at"] is not None
    assert len(booked) == has_visit or (erased and not booked), booked


def a_version_is_a_number_of_events(seen: Seen) -> None:
    """4. Each version has one event, and the last one led to where the request stands."""
    assert seen.columns["version"] == len(seen.events)
    assert seen.events[-1] == seen.status


def a_promise_lives_where_it_may(seen: Seen) -> None:
    """5. The promise runs while it is the clinic's turn, is kept while the client is asked, and lives nowhere else."""
    runs, kept = seen.columns["promise_due_at"], seen.columns["promise_minutes_left"]
    assert (runs is not None) == (seen.status == Status.NEW), runs
    assert (kept is not None) == (seen.status == Status.WAITING), kept


def what_is_closed_holds_nothing(seen: Seen) -> None:
    """6. Closed and suspected requests hold no time; a held time stands only where it may."""
    if seen.status in (*CLOSED, Status.SUSPECTED):
        assert not seen.times
    if seen.status not in LIVE:
        assert seen.columns["hold_until"] is None
    if any(row[0] == Appointment.State.HELD for row in seen.times.values()):
        assert seen.status in LIVE


def what_is_owed_is_told(consultation: ConsultationRequest, seen: Seen, now: datetime) -> None:
    """7. What the client has to know stands in a mail that went, goes, or is a call to make; and no mail about a visit that
    is not there any more is waiting."""
    if seen.columns["erased_at"] or seen.columns["merged_into_id"]:
        assert not seen.queued
        return
    told = _TELLS.get(seen.status, ())
    if seen.status == Status.DECLINED and not decline_mails.template(seen.columns["decline_reason"]):
        told = ()
    events = Event.objects.filter(request=consultation)
    if told and events.filter(verb="undo", facts__took_back="book").exists():
        told = ()  # nobody had been told of the visit
    mails = Message.objects.filter(request=consultation)
    if told:
        too_late = Q(state=State.DROPPED, problem__in=_TIME_HAS_COME)
        assert mails.filter(Q(state__in=GOES) | too_late, kind__in=told).exists(), seen.status
    kinds = ("confirmed", "changed", "offered", "displaced", "cancelled")
    for mail in mails.filter(pk__in=seen.queued, kind__in=kinds) if seen.queued else ():
        assert untrue(mail, consultation, now) in (None, *_TIME_HAS_COME), (mail.kind, seen.status)


_TELLS = {
    Status.OFFERED: ("offered", "displaced"),
    Status.CONFIRMED: ("confirmed", "changed"),
    Status.WAITING: ("question",),
    Status.DECLINED: ("declined",),
    Status.WITHDRAWN: ("withdrawn",),
    Status.LAPSED: ("lapsed",),
    Status.CANCELLED: ("cancelled",),
}
# Not wrong when it was queued, only too late by now: no worker was there for so long.
_TIME_HAS_COME = ("The appointment has begun.", "The offer no longer stands.")


def the_same_as_before(seen: Seen, before: Seen, now: datetime) -> None:
    """8. What was taken back is as it was: columns, times that would still be held, mails that wait."""
    changed = {
        name: (value, before.columns[name])
        for name, value in seen.columns.items()
        if value != before.columns[name] and name not in ("version", "calendar_sequence")
    }
    assert not changed
    running = {key: row for key, row in before.times.items() if row[1] is None or row[1] > now}
    assert {key: row for key, row in seen.times.items() if row[1] is None or row[1] > now} == running
    assert seen.queued == before.queued


def what_was_merged_answers_nothing(key: int, seen: Seen) -> None:
    """9. Nothing hangs any more on a request that was merged into another."""
    if seen.columns["merged_into_id"] is None:
        return
    assert (seen.status, seen.columns["decline_reason"]) == (Status.DECLINED, "duplicate")
    for rows in (ClientLink, Message, Note):
        assert not rows.objects.filter(request=key).exists(), rows


def what_was_erased_holds_no_word(key: int, seen: Seen) -> None:
    """10. Nothing of somebody erased says who it was, or what they said."""
    if seen.columns["erased_at"] is None:
        return
    assert seen.columns["name"] == "Erased"
    assert not any(seen.columns[name] for name in ("phone", "mailbox", "name_search", "phone_search"))
    for rows in (Answers, SupportNeeds, Note, Consent, WishWindow):
        assert not rows.objects.filter(request=key).exists(), rows
    assert not ConsultationRequest.objects.filter(merged_into=key, erased_at=None).exists()
    assert not Message.objects.filter(request=key).exclude(to__in=("", "erased@invalid.invalid")).exists()


def check(consultation: ConsultationRequest, now: datetime) -> None:
    """All that has to hold for one request, which was just read."""
    key, seen = consultation.pk, look_at(consultation)
    an_offer_has_an_end(seen)
    one_visit(seen)
    a_version_is_a_number_of_events(seen)
    a_promise_lives_where_it_may(seen)
    what_is_closed_holds_nothing(seen)
    what_is_owed_is_told(consultation, seen, now)
    what_was_merged_answers_nothing(key, seen)
    what_was_erased_holds_no_word(key, seen)
