"""Who does what in the races of two: each move is one person (or the clock) saying one verb to the request they look at."""

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
from bookings.models import ConsultationRequest as Request
from bookings.models import ConsultationType, Practitioner
from bookings.table import Status
from bookings.workflow import intake, reply, visit
from bookings.workflow.core import Actor, Origin
from tests import factories
from tests.factories import CLIENT, CLOCK, NOW
from tests.races.crew import Seat
from tests.races.jobs import Outcome, said
from tests.races.walls import missing

SECOND = timedelta(seconds=1)
# A day on which the prepared requests want nothing, for offers and moved visits.
ELSEWHERE = timedelta(days=28)


def _staff(username: str) -> Actor:
    return Actor.staff(User.objects.get(username=username))


def _wish(row: Request) -> datetime:
    assert row.wished_start is not None
    return row.wished_start


def _slot(start: datetime, name: str = "Ana Lind") -> Slot:
    person = Practitioner.objects.get(name=name)
    return Slot(practitioner_id=person.pk, start=start, end=start + timedelta(minutes=30))


def _end(row: Request) -> datetime:
    """When the offer, the question or the hold of this request runs out."""
    end = row.offer_expires_at or row.answer_due_at or row.hold_until
    assert end is not None
    return end


def _offer_end(rival: Request) -> datetime:
    """When the offer of the time that this rival wishes for runs out."""
    offers = Request.objects.filter(status=Status.OFFERED, appointments__starts_at=_wish(rival))
    end = offers.values_list("offer_expires_at", flat=True)[0]
    assert end is not None
    return end


def _offered(row: Request, number: int) -> int:
    return row.appointments.held().filter(is_offer=True).order_by("starts_at")[number].pk


# The request and the version that the person's page showed -> the verb, ready to be said.
Move = Callable[[Request, int | None], Callable[[], Request]]

MOVES: dict[str, Move] = {
    "Dee confirms": lambda row, v: partial(reply.confirm, row, Origin(_staff("dee"), NOW, v)),
    "Fay confirms": lambda row, v: partial(reply.confirm, row, Origin(_staff("fay"), NOW, v)),
    "Dee confirms after the hold": lambda row, v: partial(
        reply.confirm, row, Origin(_staff("dee"), NOW + timedelta(hours=2), v)
    ),
    "Dee confirms when the offer is over": lambda row, v: partial(
        reply.confirm, row, Origin(_staff("dee"), _offer_end(row), v)
    ),
    "Dee confirms another time": lambda row, v: partial(
        reply.confirm, row, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(row) + ELSEWHERE, "Ida Wren")
    ),
    "Fay declines": lambda row, v: partial(
        reply.decline, row, Origin(_staff("fay"), NOW, v), reason="advice_first"
    ),
    "Dee offers": lambda row, v: partial(
        reply.offer, row, Origin(_staff("dee"), NOW, v), slots=[_slot(_wish(row) + ELSEWHERE)]
    ),
    "Dee offers the wish": lambda row, v: partial(
        reply.offer, row, Origin(_staff("dee"), NOW + timedelta(hours=2), v), slots=[_slot(_wish(row))]
    ),
    "Fay asks": lambda row, v: partial(
        reply.ask, row, Origin(_staff("fay"), NOW, v), question="Do you still get spots?"
    ),
    "Cleo withdraws": lambda row, v: partial(intake.withdraw, row, Origin(CLIENT, NOW, v)),
    "Cleo answers": lambda row, v: partial(
        reply.answer, row, Origin(CLIENT, _end(row) - SECOND, v), text="Not any more."
    ),
    "Cleo accepts": lambda row, v: partial(
        reply.accept, row, Origin(CLIENT, _end(row) - SECOND, v), appointment_id=_offered(row, 0)
    ),
    "Cleo accepts the other": lambda row, v: partial(
        reply.accept, row, Origin(CLIENT, _end(row) - SECOND, v), appointment_id=_offered(row, 1)
    ),
    "Cleo asks for other times": lambda row, v: partial(
        reply.ask_other_times, row, Origin(CLIENT, _end(row) - SECOND, v), windows=[(0, "morning")]
    ),
    "Cleo cancels": lambda row, v: partial(visit.cancel, row, Origin(CLIENT, NOW, v)),
    "Dee cancels": lambda row, v: partial(
        visit.cancel, row, Origin(_staff("dee"), NOW, v), reason="practitioner_away"
    ),
    "Cleo moves the visit": lambda row, v: partial(
        visit.reschedule, row, Origin(CLIENT, NOW, v), slot=_slot(_wish(row) + ELSEWHERE)
    ),
    "Dee moves the visit": lambda row, v: partial(
        visit.reschedule, row, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(row) + ELSEWHERE, "Bo Quist")
    ),
    "Dee moves the visit to the rival's time": lambda row, v: partial(
        visit.reschedule, row, Origin(_staff("dee"), NOW, v), slot=_slot(_wish(row) + timedelta(minutes=30))
    ),
    "Cleo opens the link": lambda row, v: partial(intake.prove, row, Origin(CLIENT, _end(row) - SECOND, v)),
    "the clock lapses": lambda row, v: partial(reply.lapse, row, Origin(CLOCK, _end(row), v)),
    "the clock releases": lambda row, v: partial(intake.release_time, row, Origin(CLOCK, _end(row), v)),
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
        row = intake.submit(wanted, Origin(CLIENT, NOW))
        made.append((number, _bring(row, status).pk))
    return made


def _bring(row: Request, status: str) -> Request:
    dee = _staff("dee")
    match status:
        case "wishing":
            # The hold has run out; the wish stays.
            assert row.hold_until is not None
            return intake.release_time(row, Origin(CLOCK, row.hold_until))
        case Status.WAITING:
            row = reply.ask(row, Origin(dee, NOW), question="Do you still get spots?")
            # The reminder can no longer be sent, so that nothing but the deadline keeps this open.
            row.messages.filter(kind="answer_reminder").update(state="failed")
        case Status.OFFERED:
            slots = [_slot(_wish(row)), _slot(_wish(row) + ELSEWHERE, "Bo Quist")]
            return reply.offer(row, Origin(dee, NOW), slots=slots)
        case Status.CONFIRMED:
            return reply.confirm(row, Origin(dee, NOW))
    return row


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
            row = Request.objects.get(pk=keys[0] if seat.is_left else keys[1])
            verb = move(row, row.version if with_version else None)
            seat.both()
            outcomes.append(said(verb))
    return outcomes


# How long the one who is first takes from writing to committing. The other's press falls into it.
PAUSE = 0.3


def press_while_it_changes(seat: Seat, key: int) -> tuple[int, int]:
    """Left: Dee says that a clinician is looking, and commits late. Right: Cleo accepts an offered time meanwhile, on the
    client's page, and presses once more on the page that she gets. The two answers to her."""
    with time_machine.travel(NOW, tick=False):
        row = Request.objects.get(pk=key)
        if seat.is_left:
            seat.together()
            with transaction.atomic():
                reply.assess(row, Origin(_staff("dee"), NOW, row.version))
                seat.both()
                sleep(PAUSE)
            return 0, 0
        browser = Client(HTTP_HOST="localhost", raise_request_exception=True)
        token = links.token(links.mint(row, now=NOW))
        assert browser.post(f"/consultations/open/{token}/").status_code == 303
        row.refresh_from_db()
        seat.together()
        accept = {"appointment": _offered(row, 0), "version": row.version}
        seat.both()
        first = browser.post("/consultations/mine/accept/", accept)
        form = first.content.decode().partition('action="/consultations/mine/accept/"')[2]
        version = re.search(r'name="version" value="(\d+)"', form)
        assert version is not None
        second = browser.post("/consultations/mine/accept/", accept | {"version": version.group(1)})
        return first.status_code, second.status_code
