"""Every state with every verb: what the table allows works, everything else changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings.models import Appointment, ConsultationRequest, Event, TimeOff
from bookings.table import TABLE, Status, Who
from bookings.workflow import contact, desk, erasure, intake, reply, times, visit
from bookings.workflow.core import Actor
from bookings.workflow.errors import NotAllowed
from tests.factories import CLIENT, CLOCK, NOW, at, in_state, practitioner, slot, staff, undone

pytestmark = pytest.mark.django_db


def _offered(row: ConsultationRequest) -> int:
    chosen = row.appointments.held().first()
    return chosen.pk if chosen else 0


def _with_ana_away() -> dict[str, Any]:
    """Something that somebody has to decide on."""
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(3, 9), ends_at=at(3, 17))
    return {}


def _with_new_zone_data() -> dict[str, Any]:
    """The moment of the visit shows another time on the clinic's clock than the one that was agreed."""
    Appointment.objects.update(agreed_clock="2026-12-03T11:00:00+01:00")
    return {}


# How each verb is said when it is allowed. `now` may have to move: a hold must be over before it is released.
SAY: dict[str, Callable[[ConsultationRequest, Actor], dict[str, Any]]] = {
    "rescue": lambda row, who: {"verb": intake.rescue},
    "discard": lambda row, who: {"verb": intake.discard},
    "prove": lambda row, who: {"verb": intake.prove},
    "release_time": lambda row, who: {"verb": intake.release_time, "now": NOW + timedelta(hours=2)},
    "assess": lambda row, who: {"verb": reply.assess},
    "ask": lambda row, who: {"verb": reply.ask, "question": "Do you still get spots?"},
    "answer": lambda row, who: {"verb": reply.answer, "text": "No."},
    "offer": lambda row, who: {"verb": reply.offer, "slots": [slot(at(8, 10))]},
    "ask_other_times": lambda row, who: {"verb": reply.ask_other_times, "windows": [(0, "morning")]},
    "accept": lambda row, who: {"verb": reply.accept, "appointment_id": _offered(row)},
    "confirm": lambda row, who: {"verb": reply.confirm, "slot": slot(at(9, 10))},
    "decline": lambda row, who: {"verb": reply.decline, "reason": "other"},
    "withdraw": lambda row, who: {"verb": intake.withdraw},
    "lapse": lambda row, who: {"verb": reply.lapse, "now": NOW + timedelta(days=20)},
    "reschedule": lambda row, who: {"verb": visit.reschedule, "slot": slot(at(10, 10))},
    "cancel": lambda row, who: {"verb": visit.cancel},
    "attend": lambda row, who: {"verb": visit.attend, "now": at(3, 10)},
    "miss": lambda row, who: {"verb": visit.miss, "now": at(3, 10)},
    "correct": lambda row, who: {"verb": visit.correct, "now": at(3, 11)},
    "keep_time": lambda row, who: {"verb": visit.keep_time, **_with_new_zone_data()},
    "let_stand": lambda row, who: {"verb": visit.let_stand, **_with_ana_away()},
    "add_information": lambda row, who: {"verb": contact.add_information, "text": "One more thing."},
    "correct_contact": lambda row, who: {"verb": contact.correct_contact, "phone": "+441632960114"},
    "assign": lambda row, who: {"verb": desk.assign, "user": None},
    "note": lambda row, who: {"verb": desk.note, "text": "Rang, no answer."},
    "tag": lambda row, who: {"verb": desk.tag, "tags": "ring-back"},
    "reopen": lambda row, who: {"verb": desk.reopen},
    "erase": lambda row, who: {"verb": erasure.erase},
}


def _actor(who: Who) -> Actor:
    return {Who.CLIENT: CLIENT, Who.CLOCK: CLOCK, Who.STAFF: Actor.staff(staff())}[who]


def _ready(name: str, row: ConsultationRequest, who: Actor) -> Callable[[], ConsultationRequest]:
    """Everything is prepared for this verb; calling what comes back says it."""
    said = SAY[name](row, who)
    verb, now = said.pop("verb"), said.pop("now", NOW)
    if name == "lapse" and row.status == Status.WAITING:
        # The reminder went out two days before the deadline.
        row.messages.filter(kind="answer_reminder").update(state="sent", sent_at=NOW + timedelta(days=5))
    return partial(verb, row, actor=who, now=now, version=row.version, **said)


def _say(name: str, row: ConsultationRequest, who: Actor) -> ConsultationRequest:
    return _ready(name, row, who)()


def test_every_verb_is_tried() -> None:
    assert set(SAY) == set(TABLE)


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_a_state_and_every_verb(status: Status, subtests: pytest.Subtests) -> None:
    made = in_state(status)
    for name in TABLE:
        with subtests.test(verb=name), undone():
            _try(name, ConsultationRequest.objects.get(pk=made.pk))


def _who(name: str, status: Status) -> Who:
    if name == "correct_contact":
        return Who.CLIENT if status == Status.NEW else Who.STAFF
    return next((w for w in TABLE[name].by), Who.STAFF)


def _try(name: str, row: ConsultationRequest) -> None:
    """Say this verb to a request: what the table allows leads where it says, and what it does not changes nothing."""
    status, rule = Status(row.status), TABLE[name]
    who = _who(name, status)
    events, version = row.events.count(), row.version

    if not rule.allowed(status):
        with pytest.raises(NotAllowed):
            _say(name, row, _actor(who))
        row.refresh_from_db()
        assert (row.status, row.version, row.events.count()) == (status, version, events)
        return

    after = _say(name, row, _actor(who))
    stored = ConsultationRequest.objects.get(pk=row.pk)
    assert stored.status in rule.moves[status]
    assert after.status == stored.status
    assert stored.version == version + 1
    assert row.events.count() == events + 1, "exactly one event"
    event = Event.objects.filter(request=row).latest("version")
    assert (event.verb, event.from_status, event.to_status) == (name, status, stored.status)


@pytest.mark.once
@pytest.mark.parametrize("status", list(Status), ids=str)
def test_practitioners_are_locked_before_any_appointment_is_written(
    status: Status, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another order PostgreSQL deadlocks (bookings/workflow/times.py)."""
    made, seen = in_state(status), list[str]()
    lock = times.lock

    def locked(practitioner_ids: Iterable[int | None]) -> None:
        seen.append("lock")
        lock(practitioner_ids)

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "bookings_appointment"', sql):
            seen.append("write")
        return execute(sql, *rest)

    monkeypatch.setattr(times, "lock", locked)
    for name in (name for name, rule in TABLE.items() if rule.allowed(status)):
        with subtests.test(verb=name), undone():
            say = _ready(name, ConsultationRequest.objects.get(pk=made.pk), _actor(_who(name, status)))
            seen.clear()
            with connection.execute_wrapper(noted):
                say()
            assert seen[:1] != ["write"]


LIMITED = {name: next(iter(rule.moves)) for name, rule in TABLE.items() if set(rule.by) != set(Who)}


@pytest.mark.parametrize("status", dict.fromkeys(LIMITED.values()), ids=str)
def test_only_those_whom_the_table_names_may_say_it(status: Status, subtests: pytest.Subtests) -> None:
    row = in_state(status)
    for name in (name for name, first in LIMITED.items() if first == status):
        for who in set(Who) - set(TABLE[name].by):
            with subtests.test(verb=name, by=who), pytest.raises(NotAllowed):
                _say(name, row, _actor(who))
        row.refresh_from_db()
        assert row.status == status
