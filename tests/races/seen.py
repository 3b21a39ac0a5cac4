"""What the database holds after a race, as plain data, and everything that must be true of it whoever won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from bookings.models import Answers, Consent, ConsultationRequest, Event, Message
from bookings.states import TABLE, Status

# The mail that each verb owes; the others owe none.
MAIL = {
    "submit": "received",
    "book": "confirmed",
    "assess": "assessing",
    "ask": "question",
    "offer": "offered",
    "accept": "confirmed",
    "confirm": "confirmed",
    "decline": "declined",
    "withdraw": "withdrawn",
    "lapse": "lapsed",
    "reschedule": "changed",
    "cancel": "cancelled",
    "displace": "displaced",
}
# Before these are called, everything that was still to be sent becomes untrue.
CLEARING = ("accept", "confirm", "offer", "decline", "withdraw", "lapse", "reschedule", "cancel", "displace")
REMINDERS = ("reminder_48h", "reminder_2h")


@dataclass(frozen=True)
class Time:
    """One appointment."""

    key: int
    practitioner: int
    state: str
    starts_at: datetime
    blocks_from: datetime
    blocks_until: datetime
    held_until: datetime | None
    is_offer: bool

    @property
    def occupies(self) -> bool:
        return self.state in ("held", "booked")

    def overlaps(self, other: Time) -> bool:
        return (
            self.practitioner == other.practitioner
            and self.occupies
            and other.occupies
            and self.blocks_from < other.blocks_until
            and other.blocks_from < self.blocks_until
        )


@dataclass(frozen=True)
class Row:
    """One request with everything that hangs on it."""

    key: int
    reference: str
    email: str
    status: str
    version: int
    hold_until: datetime | None
    offer_expires_at: datetime | None
    events: tuple[tuple[int, str, str, str], ...]  # version, verb, from, to
    mails: tuple[tuple[str, str], ...]  # kind, state
    times: tuple[Time, ...]
    answers: int
    consents: int

    @property
    def verbs(self) -> list[str]:
        return [verb for _, verb, _, _ in self.events]

    @property
    def occupied(self) -> list[Time]:
        return [time for time in self.times if time.occupies]

    def queued(self, kinds: Iterable[str]) -> list[str]:
        return [kind for kind, state in self.mails if state == "queued" and kind in kinds]


def look() -> list[Row]:
    """Everything, in the order it was made. A job for one process of the crew."""
    rows = ConsultationRequest.objects.order_by("pk").prefetch_related("appointments", "events", "messages")
    answers = Counter(Answers.objects.values_list("request_id", flat=True))
    consents = Counter(Consent.objects.values_list("request_id", flat=True))
    return [
        Row(
            key=row.pk,
            reference=row.reference,
            email=row.email,
            status=row.status,
            version=row.version,
            hold_until=row.hold_until,
            offer_expires_at=row.offer_expires_at,
            events=tuple(_event(event) for event in sorted(row.events.all(), key=lambda event: event.pk)),
            mails=tuple(_mail(mail) for mail in sorted(row.messages.all(), key=lambda mail: mail.pk)),
            times=tuple(
                Time(
                    key=time.pk,
                    practitioner=time.practitioner_id,
                    state=time.state,
                    starts_at=time.starts_at,
                    blocks_from=time.blocks_from,
                    blocks_until=time.blocks_until,
                    held_until=time.held_until,
                    is_offer=time.is_offer,
                )
                for time in row.appointments.all()
            ),
            answers=answers[row.pk],
            consents=consents[row.pk],
        )
        for row in rows
    ]


def _event(event: Event) -> tuple[int, str, str, str]:
    return event.version, event.verb, event.from_status, event.to_status


def _mail(mail: Message) -> tuple[str, str]:
    return mail.kind, mail.state


def overlaps(rows: Iterable[Row]) -> list[tuple[Time, Time]]:
    """Every pair of occupied times that overlap, found by comparing all with all."""
    occupied = [time for row in rows for time in row.occupied]
    return [(one, two) for one, two in combinations(occupied, 2) if one.overlaps(two)]


def problems(rows: Iterable[Row]) -> list[str]:
    """What is wrong with these requests, in words. Empty is what every race must end with."""
    rows = list(rows)
    found = [f"{row.reference} ({', '.join(row.verbs)}): {what}" for row in rows for what in _problems(row)]
    return found + [f"overlap: {one} and {two}" for one, two in overlaps(rows)]


def _problems(row: Row) -> list[str]:
    checks = {
        "not exactly one event a version": [version for version, *_ in row.events]
        == list(range(1, row.version + 1)),
        "the events are no path through the state table": _is_a_path(row),
        "half-written": row.answers == 1 and row.consents == 1,
        "the mails are not those of its events": _mails_owed(row) == _mails_made(row),
        "a mail that is no longer true is queued": _is_true_mail(row),
        "the times do not fit the status": _times_fit(row),
        "reminders do not fit the status": _reminders_fit(row),
    }
    return [what for what, holds in checks.items() if not holds]


def _is_a_path(row: Row) -> bool:
    status = ""
    for _, verb, before, after in row.events:
        if before != status or (
            verb in TABLE and Status(after) not in TABLE[verb].moves.get(Status(before), ())
        ):
            return False
        status = after
    return status == row.status


def _mails_owed(row: Row) -> Counter[str]:
    return Counter(MAIL[verb] for verb in row.verbs if verb in MAIL)


def _mails_made(row: Row) -> Counter[str]:
    return Counter(kind for kind, _ in row.mails if kind in MAIL.values())


def _is_true_mail(row: Row) -> bool:
    last = next((verb for verb in reversed(row.verbs) if verb in MAIL), "")
    if last not in CLEARING:
        return True
    after = row.verbs[len(row.verbs) - row.verbs[::-1].index(last) :]
    withdrawn = last == "offer" and "ask_other_times" in after
    return row.queued(MAIL.values()) == ([] if withdrawn else [MAIL[last]])


def _times_fit(row: Row) -> bool:
    booked = [time for time in row.occupied if time.state == "booked"]
    held = [time for time in row.occupied if time.state == "held"]
    match row.status:
        case "new" | "waiting":
            mine = [time.held_until for time in held]
            return not booked and mine == ([row.hold_until] if row.hold_until else [])
        case "offered":
            ends = {(time.held_until, time.is_offer) for time in held}
            return not booked and 1 <= len(held) <= 3 and ends == {(row.offer_expires_at, True)}
        case "confirmed":
            return len(booked) == 1 and not held
    return not row.occupied


def _reminders_fit(row: Row) -> bool:
    queued = row.queued(REMINDERS)
    return sorted(queued) == sorted(set(queued)) and (row.status == "confirmed" or not queued)
