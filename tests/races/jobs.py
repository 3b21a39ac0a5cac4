"""What the crew is asked to do. Every function here runs in a process of the crew and returns plain data."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection

from bookings import clock
from bookings.models import ConsultationRequest, ConsultationType, Event, Practitioner, TimeOff
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused, SlotTaken, WorkflowError
from clinic.foundation.written_once import lifted
from tests import factories
from tests.factories import CLIENT, NOW
from tests.races.crew import Seat
from tests.races.walls import missing


@dataclass(frozen=True)
class Outcome:
    """What one process was told. `what` is "done", the name of a refusal, or a database error in full."""

    what: str
    reference: str = ""
    words: str = ""  # what the person reads
    first: str = ""  # the verb of whoever was first
    nearest: int = 0
    shown: tuple[str, int] | None = None  # status and version of the request that a conflict carries
    seconds: float = 0.0

    @property
    def is_done(self) -> bool:
        return self.what == "done"


def outcome_of(verb: Callable[[], ConsultationRequest]) -> Outcome:
    """Call a verb and catch what a person would be told. Anything but a refusal or a database error is raised."""
    start = time.perf_counter()
    try:
        reference = verb().reference
        return Outcome("done", reference, seconds=time.perf_counter() - start)
    except Refused as error:
        return Outcome(f"Refused {error.code}", words=str(error))
    except SlotTaken as error:
        return Outcome("SlotTaken", words=str(error), nearest=len(error.nearest))
    except Conflict as error:
        first, current = error.event.verb if error.event else "", error.consultation
        return Outcome("Conflict", words=str(error), first=first, shown=(current.status, current.version))
    except WorkflowError as error:
        return Outcome(type(error).__name__, words=str(error))
    except DatabaseError as error:
        return Outcome(f"{type(error).__name__}: {error}")


# --- the stage --------------------------------------------------------------------------------------------------------


def migrate() -> None:
    call_command("migrate", verbosity=0)


def clean() -> None:
    """Remove every request with all that hangs on it. The clinic stays."""
    with lifted(Event):
        ConsultationRequest.objects.all().delete()
        TimeOff.objects.all().delete()


KINDS = (("First consultation", 30, 0, 0), ("Short", 20, 0, 5), ("Review", 45, 5, 5), ("Long", 60, 10, 15))


def arrange() -> None:
    """The clinic that every race happens in."""
    factories.profile()
    factories.rules(horizon_days=120)
    factories.concern()
    kinds = [
        factories.consultation_type(name=name, minutes=minutes, buffer_before=before, buffer_after=after)
        for name, minutes, before, after in KINDS
    ]
    for name in ("Ana Lind", "Bo Quist", "Ida Wren"):
        factories.practitioner(name).consultation_types.set(kinds)
    factories.staff("Dee Hart")
    factories.staff("Fay Holm")


def keys() -> tuple[list[int], list[int]]:
    """The practitioners and the consultation types, in the order they were made."""
    people = Practitioner.objects.order_by("pk").values_list("pk", flat=True)
    return list(people), list(ConsultationType.objects.order_by("pk").values_list("pk", flat=True))


def starts(count: int) -> list[datetime]:
    """`count` half-hours that can be offered, side by side, from Wednesday 2 December on."""
    found: list[datetime] = []
    day = factories.at(2, 0)
    while len(found) < count:
        if day.weekday() < 5:
            found += [day + timedelta(hours=9, minutes=30 * n) for n in range(16)]
        day += timedelta(days=1)
    return found[:count]


# --- walls that a control takes down ------------------------------------------------------------------------------------


def take_down(name: str) -> list[str]:
    """Remove a constraint (PostgreSQL) or the triggers that begin with its name (SQLite); return what puts it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
                [name],
            )
            ((table, definition),) = cursor.fetchall()
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            return [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}']
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{name}%"]
        )
        triggers = cursor.fetchall()
        assert triggers
        for trigger, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{trigger}"')
        return [sql for _, sql in triggers]


def put_back(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# --- claims -----------------------------------------------------------------------------------------------------------


def claim(seat: Seat, claims: Sequence[tuple[str, datetime]], practitioner_id: int | None) -> list[Outcome]:
    """Send one request after another, each from an address of its own."""
    kind = ConsultationType.objects.order_by("pk")[0].pk
    outcomes = []
    for email, start in claims:
        wanted = factories.submission(
            email=email, start=start, practitioner_id=practitioner_id, consultation_type_id=kind
        )
        outcomes.append(outcome_of(partial(intake.submit, wanted, Origin(CLIENT, NOW))))
    return outcomes


def claim_together(seat: Seat, starts: Sequence[datetime], walls: Collection[str]) -> list[Outcome]:
    """All eight want the same time, one time after another, with these walls of the code down."""
    people, kinds = keys()
    outcomes = []
    with missing(walls):
        for number, start in enumerate(starts):
            wanted = factories.submission(
                email=f"cleo{seat.number}-{number}-{start:%d%H%M}@example.org",
                start=start,
                practitioner_id=people[0],
                consultation_type_id=kinds[0],
            )
            seat.together()
            outcomes.append(outcome_of(partial(intake.submit, wanted, Origin(CLIENT, NOW))))
    return outcomes


def hoard(seat: Seat, rounds: Sequence[Sequence[datetime]]) -> list[Outcome]:
    """In each round one mailbox asks for eight times of three practitioners at once, each with its own plus tag."""
    people, kinds = keys()
    outcomes = []
    for number, starts in enumerate(rounds):
        wanted = factories.submission(
            email=f"hoarder{number}+{seat.number}@example.org",
            start=starts[seat.number],
            practitioner_id=people[seat.number % len(people)],
            consultation_type_id=kinds[0],
        )
        seat.together()
        outcomes.append(outcome_of(partial(intake.submit, wanted, Origin(CLIENT, NOW))))
    return outcomes


def send(seat: Seat, forms: Sequence[tuple[UUID, datetime | None, Sequence[str]]]) -> list[Outcome | None]:
    """One form after another, all at the same moment. A form's texts are each seat's words; "" has no copy to send."""
    kind = ConsultationType.objects.order_by("pk")[0].pk
    ana = Practitioner.objects.order_by("pk")[0].pk
    outcomes: list[Outcome | None] = []
    for draft_id, start, texts in forms:
        text = texts[seat.number]
        copy = factories.submission(
            draft_id=draft_id,
            email="cleo@example.org" if start is None else f"{draft_id.hex}@example.org",
            start=start,
            practitioner_id=ana,
            consultation_type_id=kind,
            answers={"concerns": ["rolling"], "areas": ["face"], "applies": ["none"], "anything_else": text},
        )
        seat.together()
        outcomes.append(outcome_of(partial(intake.submit, copy, Origin(CLIENT, NOW))) if text else None)
    return outcomes


def phone(seat: Seat, forms: Sequence[tuple[UUID, datetime]]) -> list[Outcome]:
    """Staff book for somebody on the phone, and the button was pressed twice: the two of a pair send the same."""
    people, kinds = keys()
    dee = Actor.staff(User.objects.get(username="dee"))
    outcomes = []
    for draft_id, start in forms:
        wanted = factories.submission(
            draft_id=draft_id,
            email=f"{draft_id.hex}@example.org",
            start=start,
            practitioner_id=people[0],
            consultation_type_id=kinds[0],
        )
        seat.both()
        outcomes.append(outcome_of(partial(intake.book, wanted, Origin(dee, NOW))))
    return outcomes


# --- the clock --------------------------------------------------------------------------------------------------------


def tick(seat: Seat, now: datetime, rounds: int, walls: Collection[str] = ()) -> Counter[str]:
    """Do what is due, all eight from the same moment, and this many times over; return what this one did itself."""
    done: Counter[str] = Counter()
    with missing(walls):
        for _ in range(rounds):
            seat.together()
            done.update(clock.tick(now))
    return done
