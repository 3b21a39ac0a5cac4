"""Every state with every verb: what the table allows works, everything else changes nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import asdict
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings.models import (
    Appointment,
    ConsultationRequest,
    ContactBy,
    Event,
    Message,
    Plan,
    PlanLine,
    PlanQuestion,
    TimeOff,
    Undo,
    VisitQuestion,
)
from bookings.states import PLAN_TABLE, TABLE, CallOutcome, Status, Who
from bookings.workflow import (
    attendance,
    calls,
    contact,
    desk,
    displacement,
    duplicates,
    erasure,
    intake,
    plan,
    plan_answer,
    proposal,
    reply,
    sessions,
    times,
    undo,
    visit,
    visit_questions,
    wait,
    wish,
)
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import NotAllowed
from tests.factories import CLIENT, CLOCK, NOW, at, in_state, practitioner, slot, staff, tag, undone
from tests.plans.writing import said_yes, sent, written
from tests.workflow.kept import kept

pytestmark = pytest.mark.django_db


def _offered(cleo: ConsultationRequest) -> int:
    chosen = cleo.appointments.held().first()
    return chosen.pk if chosen else 0


def _with_ana_away() -> None:
    """Something that somebody has to decide on."""
    TimeOff.objects.create(practitioner=practitioner(), starts_at=at(3, 9), ends_at=at(3, 17))


def _with_another_time_held() -> None:
    """Another time beside the visit, of whichever request has one."""
    for booked in Appointment.objects.booked().exclude(request__appointments__is_offer=True):
        booked.pk, booked.state, booked.is_offer, booked.held_until = None, "held", True, at(3, 9)
        for moment in ("starts_at", "ends_at", "blocks_from", "blocks_until"):
            setattr(booked, moment, getattr(booked, moment) + timedelta(days=5))
        booked.save()


def _with_the_client_here() -> None:
    Appointment.objects.update(arrived_at=at(3, 9))


def _with_a_question() -> None:
    for cleo in ConsultationRequest.objects.filter(status__in=(Status.ATTENDED, Status.CONFIRMED)):
        VisitQuestion.objects.create(request=cleo, body="Does it hurt?", asked_at=NOW)


def _asked(cleo: ConsultationRequest) -> int:
    return cleo.visit_questions.values_list("pk", flat=True).first() or 0


def _with_new_zone_data() -> None:
    """The moment of the visit shows another time on the clinic's clock than the one that was agreed."""
    Appointment.objects.update(agreed_clock="2026-12-03T11:00:00+01:00")


def _of_the_same_address(cleo: ConsultationRequest) -> ConsultationRequest:
    """Another request of hers, which nobody has answered; both addresses are proved."""
    ConsultationRequest.objects.filter(pk=cleo.pk, email_proved_at=None).update(email_proved_at=NOW)
    other = in_state(Status.NEW, email=cleo.email, start=None)
    return intake.prove(other, Origin(CLIENT, NOW))


def _sent(cleo: ConsultationRequest) -> int:
    """The key of the plan that she was sent; 0 without one."""
    mine = Plan.objects.told().filter(request=cleo).order_by("-number")
    return mine.values_list("pk", flat=True).first() or 0


def _with_a_plan(cleo: ConsultationRequest) -> ConsultationRequest:
    if cleo.status == Status.ATTENDED:
        VisitQuestion.objects.update(state="answered", settled_at=at(3, 11))
        cleo, _ = sent(cleo=cleo, now=at(3, 11))
        asked = Origin(CLIENT, at(3, 12))
        cleo = plan_answer.ask_about_plan(cleo, asked, plan=_sent(cleo), text="Does it hurt?")
    return cleo


def _with_a_yes(cleo: ConsultationRequest) -> ConsultationRequest:
    cleo = _with_a_plan(cleo)
    return said_yes(cleo, _sent(cleo), at(3, 12)) if cleo.status == Status.ATTENDED else cleo


def _as_a_session(cleo: ConsultationRequest) -> ConsultationRequest:
    """A session of a plan, which sleeps."""
    ConsultationRequest.objects.filter(pk=cleo.pk).update(session_number=1, sleeps_until=NOW)
    return cleo


def _as_if_dee_had_just_done_it(cleo: ConsultationRequest) -> None:
    """The last event of the request as one that can be taken back; it came from the first state that the table allows."""
    last, targets = (
        cleo.events.latest("version"),
        TABLE["undo"].moves.get(Status(cleo.status), (cleo.status,)),
    )
    until, before = NOW + timedelta(minutes=3), asdict(wait.Before())
    before["fields"] = {"status": targets[0], "offer_expires_at": until.isoformat()}
    values = {"event": last, "by": staff(), "until": until, "before": before}
    Undo.objects.update_or_create(request=cleo, defaults=values)


# How each verb is called when it is allowed.
CALLS: dict[str, Callable[[ConsultationRequest, Origin], ConsultationRequest]] = {
    "rescue": intake.rescue,
    "discard": intake.discard,
    "prove": intake.prove,
    "release_time": intake.release_time,
    "choose_time": lambda cleo, origin: wish.choose_time(cleo, origin, slot=slot(at(10, 10))),
    "assess": reply.assess,
    "ask": lambda cleo, origin: reply.ask(cleo, origin, question="Do you still get spots?"),
    "answer": lambda cleo, origin: reply.answer(cleo, origin, text="No."),
    "offer": lambda cleo, origin: reply.offer(cleo, origin, slots=[slot(at(8, 10))]),
    "ask_other_times": lambda cleo, origin: reply.ask_other_times(cleo, origin, windows=[(0, "morning")]),
    "accept": lambda cleo, origin: reply.accept(cleo, origin, appointment_id=_offered(cleo)),
    "confirm": lambda cleo, origin: reply.confirm(cleo, origin, slot=slot(at(9, 10))),
    "decline": lambda cleo, origin: reply.decline(cleo, origin, reason="other"),
    "withdraw": intake.withdraw,
    "lapse": reply.lapse,
    "displace": lambda cleo, origin: displacement.displace(cleo, origin, slots=[slot(at(10, 10))]),
    "take_up": displacement.take_up,
    "reschedule": lambda cleo, origin: visit.reschedule(cleo, origin, slot=slot(at(10, 10))),
    "cancel": visit.cancel,
    "propose_move": lambda cleo, origin: proposal.propose_move(cleo, origin, slot=slot(at(10, 10))),
    "accept_move": proposal.accept_move,
    "keep": proposal.keep,
    "arrive": attendance.arrive,
    "late": lambda cleo, origin: attendance.late(cleo, origin, minutes=10, word="Comes by bus."),
    "expect": attendance.expect,
    "attend": attendance.attend,
    "miss": attendance.miss,
    "correct": attendance.correct,
    "unmark": attendance.unmark,
    "choose_questions": lambda cleo, origin: visit_questions.choose_questions(
        cleo, origin, questions=["Does it hurt?"]
    ),
    "remove_questions": visit_questions.remove_questions,
    "answer_question": lambda cleo, origin: visit_questions.answer_question(
        cleo, origin, question_id=_asked(cleo)
    ),
    "put_off_question": lambda cleo, origin: visit_questions.put_off_question(
        cleo, origin, question_id=_asked(cleo)
    ),
    "keep_time": visit.keep_time,
    "let_stand": visit.let_stand,
    "write_plan": lambda cleo, origin: plan.write_plan(cleo, origin, written=written()),
    "send_plan": lambda cleo, origin: plan.send_plan(cleo, origin, written=written()),
    "accept_plan": lambda cleo, origin: plan_answer.accept_plan(
        cleo, origin, plan=_sent(cleo), lines=PlanLine.objects.values_list("pk", flat=True)
    ),
    "decline_plan": lambda cleo, origin: plan_answer.decline_plan(cleo, origin, plan=_sent(cleo)),
    "take_back_plan": lambda cleo, origin: plan_answer.take_back_plan(cleo, origin, plan=_sent(cleo)),
    "consider_plan": lambda cleo, origin: plan_answer.consider_plan(cleo, origin, plan=_sent(cleo)),
    "ask_about_plan": lambda cleo, origin: plan_answer.ask_about_plan(
        cleo, origin, plan=_sent(cleo), text="?"
    ),
    "answer_about_plan": lambda cleo, origin: plan_answer.answer_about_plan(
        cleo,
        origin,
        question=PlanQuestion.objects.values_list("pk", flat=True).first() or 0,
        text="A little.",
    ),
    "expire_plan": plan.expire_plan,
    "add_session": lambda cleo, origin: sessions.add_session(
        cleo, origin, line=getattr(PlanLine.objects.last(), "pk", 0)
    ),  # fmt: skip
    "wake": sessions.wake,
    "call_off": sessions.call_off,
    "add_information": lambda cleo, origin: contact.add_information(cleo, origin, text="One more thing."),
    "note_support": lambda cleo, origin: contact.note_support(
        cleo, origin, needs=["interpreter"], note="Polish."
    ),
    "correct_contact": lambda cleo, origin: contact.correct_contact(cleo, origin, phone="+441632960114"),
    "reach": lambda cleo, origin: calls.reach(
        cleo, origin, contact_by=ContactBy.EMAIL, may_leave_message=True, phone_only=False
    ),
    "call": lambda cleo, origin: calls.call(cleo, origin, outcome=CallOutcome.NO_ANSWER),
    "follow_up": lambda cleo, origin: calls.follow_up(cleo, origin, on=date(2027, 3, 1)),
    "assign": lambda cleo, origin: desk.assign(cleo, origin, user=None),
    "note": lambda cleo, origin: desk.note(cleo, origin, text="Rang, no answer."),
    "tag": lambda cleo, origin: desk.tag(cleo, origin, tags=[tag("Ring back")]),
    "merge": lambda cleo, origin: duplicates.merge(cleo, origin, other=_of_the_same_address(cleo)),
    "reopen": desk.reopen,
    "undo": undo.undo,
    "erase": erasure.erase,
}
# When, if not NOW: a hold must be over before it is released.
WHEN = {
    "release_time": NOW + timedelta(hours=2),
    "lapse": NOW + timedelta(days=20),
    "take_up": NOW + timedelta(days=20),
    "arrive": at(3, 9),
    "late": at(3, 9),
    "attend": at(3, 10),
    "miss": at(3, 10),
    "correct": at(3, 11),
    "unmark": at(3, 11),
    **dict.fromkeys(PLAN_TABLE, at(3, 15)),
    "expire_plan": at(3, 15) + timedelta(days=120),
    "add_session": at(3, 15),
    **dict.fromkeys(("answer_question", "put_off_question"), at(3, 11)),
}
BEFORE: dict[str, Callable[[], None]] = {"keep_time": _with_new_zone_data, "let_stand": _with_ana_away}
BEFORE |= dict.fromkeys(("answer_question", "put_off_question", "remove_questions"), _with_a_question)
BEFORE |= {"expect": _with_the_client_here}
BEFORE |= {"accept_move": _with_another_time_held, "keep": _with_another_time_held}


PREPARED: dict[str, Callable[[ConsultationRequest], ConsultationRequest]] = {
    **dict.fromkeys(set(PLAN_TABLE) - {"write_plan", "send_plan"}, _with_a_plan),
    **dict.fromkeys(("wake", "call_off"), _as_a_session),
    **dict.fromkeys(("add_session", "take_back_plan"), _with_a_yes),
}


def _actor(who: Who) -> Actor:
    return {Who.CLIENT: CLIENT, Who.CLOCK: CLOCK, Who.STAFF: Actor.staff(staff())}[who]


def _ready(name: str, cleo: ConsultationRequest, who: Actor) -> Callable[[], ConsultationRequest]:
    """Prepare everything for this verb. Call what comes back to call the verb."""
    if name == "undo":
        _as_if_dee_had_just_done_it(cleo)
    if name in BEFORE:
        BEFORE[name]()
    if name in PREPARED:
        cleo = PREPARED[name](cleo)
    if name == "take_up":
        ConsultationRequest.objects.filter(pk=cleo.pk).update(displaced_at=NOW)
    if name in ("lapse", "take_up") and cleo.status == Status.WAITING:
        # The reminder went out two days before the deadline.
        cleo.messages.filter(kind="answer_reminder").update(state="sent", sent_at=NOW + timedelta(days=5))
    return partial(CALLS[name], cleo, Origin(who, WHEN.get(name, NOW), cleo.version))


def _call(name: str, cleo: ConsultationRequest, who: Actor) -> ConsultationRequest:
    return _ready(name, cleo, who)()


def test_every_verb_is_tried() -> None:
    assert set(CALLS) == set(TABLE)


def test_every_verb_is_called_the_same_way() -> None:
    """On a consultation, from an origin, and then with arguments that mypy sees, each by its name."""
    rooms = (
        attendance, calls, contact, desk, displacement, erasure, intake, duplicates, plan, plan_answer, proposal, reply,
        sessions, undo, visit, visit_questions, wish,
    )  # fmt: skip
    for name in TABLE:
        [function] = [getattr(room, name) for room in rooms if hasattr(room, name)]
        first, second, *rest = inspect.signature(function).parameters.values()
        assert [(one.name, one.annotation) for one in (first, second)] == [
            ("consultation", "ConsultationRequest"),
            ("origin", "Origin"),
        ], name
        assert {one.kind for one in rest} <= {inspect.Parameter.KEYWORD_ONLY}, name
        assert not {one.name for one in rest} & {"actor", "now", "version"}, name


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is done to appointments, in order: practitioners are locked, or one is written. Whoever looks clears it first."""
    seen, lock = list[str](), times.lock

    def locked(*whom: Any) -> None:
        seen.append("lock")
        lock(*whom)

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "bookings_appointment"', sql):
            seen.append("write")
        return execute(sql, *rest)

    monkeypatch.setattr(times, "lock", locked)
    with connection.execute_wrapper(noted):
        yield seen


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_a_state_and_every_verb(status: Status, subtests: pytest.Subtests, steps: list[str]) -> None:
    made, people = ConsultationRequest.objects.get(pk=in_state(status).pk), {who: _actor(who) for who in Who}
    for name in TABLE:
        with subtests.test(verb=name), undone():
            _try(name, copy(made), people[_who(name, status)], steps)


def _who(name: str, status: Status) -> Who:
    if name == "correct_contact":
        return Who.CLIENT if status == Status.NEW else Who.STAFF
    return next((w for w in TABLE[name].by), Who.STAFF)


def _try(name: str, cleo: ConsultationRequest, who: Actor, steps: list[str]) -> None:
    """Call this verb on a request: if the table allows it, it leads where the table says; if not, nothing changes."""
    status, rule = Status(cleo.status), TABLE[name]
    call = _ready(name, cleo, who)
    before = kept(cleo)

    if not rule.allowed(status):
        with pytest.raises(NotAllowed):
            call()
        assert kept(cleo) == before
        assert before[0] == status
        return

    cleo.refresh_from_db()
    steps.clear()
    after = call()
    assert steps[:1] != ["write"], "PostgreSQL deadlocks: see bookings/workflow/times.py"
    stored, version, events = kept(cleo)
    assert stored in rule.moves[status]
    assert after.status == stored
    assert (version, events) == (before[1] + 1, before[2] + 1), "exactly one event"
    event = Event.objects.filter(request=cleo).latest("version")
    assert (event.verb, event.from_status, event.to_status) == (name, status, stored)


@pytest.mark.once
@pytest.mark.parametrize("status", [one for one in Status if one != Status.SUSPECTED], ids=str)
def test_whoever_has_no_address_is_told_everything_by_phone(
    status: Status, subtests: pytest.Subtests
) -> None:
    """Staff may do all that the table allows; nothing is mailed, and whatever is owed is a call to make."""
    made = in_state(status)
    ConsultationRequest.objects.update(email="", email_search="", mailbox="", phone="+441632960001")
    Message.objects.all().delete()
    by_staff = [name for name, rule in TABLE.items() if rule.allowed(status) and Who.STAFF in rule.by]
    for name in by_staff:
        if name == "merge":  # nobody without an address has proved it
            continue
        with subtests.test(verb=name), undone():
            _call(name, ConsultationRequest.objects.get(pk=made.pk), _actor(Who.STAFF))
            owed = Message.objects.exclude(kind="staff_alert").exclude(state="dropped")
            assert set(owed.values_list("state", "to")) <= {("to_call", "")}
            assert ("to_call", "") in owed.values_list("state", "to") or name not in TELLS


# Verbs that always owe the client word of them.
TELLS = {"ask", "assess", "offer", "confirm", "decline", "reschedule", "cancel", "displace"}

LIMITED = {name: next(iter(rule.moves)) for name, rule in TABLE.items() if set(rule.by) != set(Who)}


@pytest.mark.parametrize("status", dict.fromkeys(LIMITED.values()), ids=str)
def test_only_those_whom_the_table_names_may_call_it(status: Status, subtests: pytest.Subtests) -> None:
    cleo = in_state(status)
    for name in (name for name, first in LIMITED.items() if first == status):
        for who in set(Who) - set(TABLE[name].by):
            with subtests.test(verb=name, by=who), pytest.raises(NotAllowed):
                _call(name, cleo, _actor(who))
        cleo.refresh_from_db()
        assert cleo.status == status
