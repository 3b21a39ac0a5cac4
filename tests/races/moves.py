"""Who does what in the races of two: each move is one person (or the clock) calling one verb on the request they look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import sleep

import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from bookings import links
from bookings.availability import Slot
from bookings.models import ConsultationRequest, ConsultationType, Practitioner
from bookings.queries import touched
from bookings.queries.touched import Stretch
from bookings.states import Status
from bookings.workflow import displacement, intake, reply, together, visit
from bookings.workflow.core import Actor, Origin
from tests import factories
from tests.factories import CLIENT, CLOCK, NOW
from tests.races.crew import Seat
from tests.races.jobs import Outcome, outcome_of
from tests.races.walls import missing

SECOND = timedelta(seconds=1)
# A day on which the prepared requests want nothing, for offers and moved visits.
ELSEWHERE = timedelta(days=28)


def _staff(username: str) -> Actor:
    return Actor.staff(User.objects.get(username=username))


def _wish(consultation: ConsultationRequest) -> datetime:
    assert consultation.wished_start is not None
    return consultation.wished_start


def _slot(start: datetime, name: str = "Ana Lind") -> Slot:
    person = Practitioner.objects.get(name=name)
    return Slot(practitioner_id=person.pk, start=start, end=start + timedelta(minutes=30))


def _end(consultation: ConsultationRequest) -> datetime:
    """When the offer, the question or the hold of this request runs out."""
    end = consultation.offer_expires_at or consultation.answer_due_at or consultation.hold_until
    assert end is not None
    return end


def _offer_end(rival: ConsultationRequest) -> datetime:
    """When the offer of the time that this rival wishes for runs out."""
    offers = ConsultationRequest.objects.filter(status=Status.OFFERED, appointments__starts_at=_wish(rival))
    end = offers.values_list("offer_expires_at", flat=True)[0]
    assert end is not None
    return end


def _offered(consultation: ConsultationRequest, number: int) -> int:
    return consultation.appointments.held().filter(is_offer=True).order_by("starts_at")[number].pk


# The request and the version that the person's page showed -> the verb, ready to be called.
Move = Callable[[ConsultationRequest, int | None], Callable[[], ConsultationRequest]]

MOVES: dict[str, Move] = {
    "Dee confirms": lambda cleo, v: partial(reply.confirm, cleo, Origin(_staff("dee"), NOW, v)),
    "Fay confirms": lambda cleo, v: partial(reply.confirm, cleo, Origin(_staff("fay"), NOW, v)),
    "Dee confirms after the hold": lambda cleo, v: partial(
        reply.confirm, cleo, Origin(_staff("dee"), NOW + timedelta(hours=2), v)
    ),
    "Dee confirms seven minutes later all the same": lambda cleo, v: partial(
        reply.confirm,
        cleo,
        Origin(_staff("dee"), NOW + timedelta(hours=2), v),
        slot=_slot(_wish(cleo) + timedelta(minutes=7)),
        although=frozenset({"grid", "hours"}),
    ),
    "Dee confirms when the offer is over": lambda cleo, v: partial(
        reply.confirm, cleo, Origin(_staff("dee"), _offer_end(cleo), v)
    ),
    "Dee confirms another time": lambda cleo, v: partial(
        reply.confirm, cleo, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(cleo) + ELSEWHERE, "Ida Wren")
    ),
    "Fay declines": lambda cleo, v: partial(
        reply.decline, cleo, Origin(_staff("fay"), NOW, v), reason="advice_first"
    ),
    "Dee offers": lambda cleo, v: partial(
        reply.offer, cleo, Origin(_staff("dee"), NOW, v), slots=[_slot(_wish(cleo) + ELSEWHERE)]
    ),
    "Dee offers the wish": lambda cleo, v: partial(
        reply.offer, cleo, Origin(_staff("dee"), NOW + timedelta(hours=2), v), slots=[_slot(_wish(cleo))]
    ),
    "Fay asks": lambda cleo, v: partial(
        reply.ask, cleo, Origin(_staff("fay"), NOW, v), question="Do you still get spots?"
    ),
    "Cleo withdraws": lambda cleo, v: partial(intake.withdraw, cleo, Origin(CLIENT, NOW, v)),
    "Cleo answers": lambda cleo, v: partial(
        reply.answer, cleo, Origin(CLIENT, _end(cleo) - SECOND, v), text="Not any more."
    ),
    "Cleo accepts": lambda cleo, v: partial(
        reply.accept, cleo, Origin(CLIENT, _end(cleo) - SECOND, v), appointment_id=_offered(cleo, 0)
    ),
    "Cleo accepts the other": lambda cleo, v: partial(
        reply.accept, cleo, Origin(CLIENT, _end(cleo) - SECOND, v), appointment_id=_offered(cleo, 1)
    ),
    "Cleo asks for other times": lambda cleo, v: partial(
        reply.ask_other_times, cleo, Origin(CLIENT, _end(cleo) - SECOND, v), windows=[(0, "morning")]
    ),
    "Cleo cancels": lambda cleo, v: partial(visit.cancel, cleo, Origin(CLIENT, NOW, v)),
    "Dee cancels": lambda cleo, v: partial(
        visit.cancel, cleo, Origin(_staff("dee"), NOW, v), reason="practitioner_away"
    ),
    "Cleo moves the visit": lambda cleo, v: partial(
        visit.reschedule, cleo, Origin(CLIENT, NOW, v), slot=_slot(_wish(cleo) + ELSEWHERE)
    ),
    "Dee displaces": lambda cleo, v: partial(
        displacement.displace,
        cleo,
        Origin(_staff("dee"), NOW, v),
        slots=[_slot(_wish(cleo) + ELSEWHERE, "Bo Quist")],
    ),
    "Dee moves the visit": lambda cleo, v: partial(
        visit.reschedule, cleo, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(cleo) + ELSEWHERE, "Bo Quist")
    ),
    "Dee moves the visit to the rival's time": lambda cleo, v: partial(
        visit.reschedule, cleo, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(cleo) + timedelta(minutes=30))
    ),
    "Cleo opens the link": lambda cleo, v: partial(
        intake.prove, cleo, Origin(CLIENT, _end(cleo) - SECOND, v)
    ),
    "the clock lapses": lambda cleo, v: partial(reply.lapse, cleo, Origin(CLOCK, _end(cleo), v)),
    "the clock releases": lambda cleo, v: partial(intake.release_time, cleo, Origin(CLOCK, _end(cleo), v)),
}


# --- prepared ---------------------------------------------------------------------------------------------------------


def prepare(seat: Seat, status: str, starts: Sequence[tuple[int, datetime]]) -> list[tuple[int, int]]:
    """Make one request in this state for each numbered start, with Ana; return (number, key)."""
    kind = ConsultationType.objects.order_by("pk")[0].pk
    ana = Practitioner.objects.order_by("pk")[0].pk
    made = []
    for number, start in starts:
        wanted = factories.submission(
            email=f"cleo{seat.number}-{number}@example.org",
            start=start,
            practitioner_id=ana,
            consultation_type_id=kind,
        )
        consultation = intake.submit(wanted, Origin(CLIENT, NOW))
        made.append((number, _bring(consultation, status).pk))
    return made


def _bring(consultation: ConsultationRequest, status: str) -> ConsultationRequest:
    dee = _staff("dee")
    match status:
        case "wishing":
            # The hold has run out; the wish stays.
            assert consultation.hold_until is not None
            return intake.release_time(consultation, Origin(CLOCK, consultation.hold_until))
        case Status.WAITING:
            consultation = reply.ask(consultation, Origin(dee, NOW), question="Do you still get spots?")
            # The reminder can no longer be sent, so that nothing but the deadline keeps this open.
            consultation.messages.filter(kind="answer_reminder").update(state="failed")
        case Status.OFFERED:
            slots = [_slot(_wish(consultation)), _slot(_wish(consultation) + ELSEWHERE, "Bo Quist")]
            return reply.offer(consultation, Origin(dee, NOW), slots=slots)
        case Status.CONFIRMED:
            return reply.confirm(consultation, Origin(dee, NOW))
    return consultation


# --- raced ------------------------------------------------------------------------------------------------------------


def meet(
    seat: Seat,
    rounds: Sequence[tuple[int, int]],
    left: str,
    right: str,
    with_version: bool,
    walls: Collection[str] = (),
) -> list[Outcome]:
    """In each round the pair looks at its requests (left key, right key), waits for the other, and acts."""
    move = MOVES[left if seat.is_left else right]
    outcomes = []
    with missing(walls):
        for keys in rounds:
            consultation = ConsultationRequest.objects.get(pk=keys[0] if seat.is_left else keys[1])
            verb = move(consultation, consultation.version if with_version else None)
            seat.both()
            outcomes.append(outcome_of(verb))
    return outcomes


def block_while_somebody_books(seat: Seat, keys: Sequence[int]) -> list[bool]:
    """Left: Fay blocks the hour that a client wishes for, and then looks whom it hits: whether she sees them. Right: Dee
    confirms it at the same moment: whether she could."""
    found = []
    for key in keys:
        consultation = ConsultationRequest.objects.get(pk=key)
        slot = _slot(_wish(consultation))
        stretch = Stretch(slot.practitioner_id, slot.start, slot.end)
        seat.both()
        if seat.is_left:
            together.begin(_staff("fay"), NOW, words="Ana Lind", stretches=[stretch])
            hit = touched.among(touched.in_stretches([stretch]).booked(), NOW, most=9)
            found.append(key in [row.consultation.pk for row in hit])
        else:
            done = outcome_of(partial(reply.confirm, consultation, Origin(_staff("dee"), NOW)))
            assert done.is_done or done.what == "Refused switched_off", done
            found.append(done.is_done)
    return found


# How long the one who is first takes from writing to committing. The other's press falls into it.
PAUSE = 0.3


def press_while_it_changes(seat: Seat, key: int) -> tuple[int, int]:
    """Left: Dee says that a clinician is looking, and commits late. Right: Cleo accepts an offered time meanwhile, on the
    client's page, and presses once more on the page that she gets. The two answers to her."""
    with time_machine.travel(NOW, tick=False):
        consultation = ConsultationRequest.objects.get(pk=key)
        if seat.is_left:
            seat.together()
            with transaction.atomic():
                reply.assess(consultation, Origin(_staff("dee"), NOW, consultation.version))
                seat.both()
                sleep(PAUSE)
            return 0, 0
        browser = Client(HTTP_HOST="localhost", raise_request_exception=True)
        token = links.token(links.mint(consultation, now=NOW))
        assert browser.post(f"/consultations/open/{token}/").status_code == 303
        consultation.refresh_from_db()
        seat.together()
        accept = {"appointment": _offered(consultation, 0), "version": consultation.version}
        seat.both()
        first = browser.post("/consultations/mine/accept/", accept)
        form = first.content.decode().partition('action="/consultations/mine/accept/"')[2]
        version = re.search(r'name="version" value="(\d+)"', form)
        assert version is not None
        second = browser.post("/consultations/mine/accept/", accept | {"version": version.group(1)})
        return first.status_code, second.status_code
