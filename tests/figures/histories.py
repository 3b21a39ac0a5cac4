"""Random histories of requests, the same for the same seed, and a plain recount of them.

The recount follows each request step by step and keeps what it was like before, so that taking back is putting that back. It
shares nothing with bookings/tally.py but the names of what is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bookings.models import ConsultationRequest, ConsultationType, Event, WishWindow
from content.models import Concern, Page

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")
FIRST = datetime(2026, 9, 6, 0, 0, tzinfo=UTC)  # the clocks go back on 25 October
DAYS = 84
ADVICE, OTHER = ("advice_first", "refer_gp"), ("not_offered_here", "spam", "duplicate")
PARTS = ("morning", "afternoon", "evening")
# From where, to where, by whom, and whether staff can take it back. A reason is drawn where it declines.
STEPS: dict[str, list[tuple[str, str, bool]]] = {
    "new": [
        ("waiting", "staff", True),
        ("offered", "staff", True),
        ("confirmed", "staff", True),
        ("declined", "staff", True),
        ("withdrawn", "client", False),
        ("new", "staff", False),
    ],
    "waiting": [("new", "client", False), ("lapsed", "clock", False)],
    "offered": [("confirmed", "client", False), ("lapsed", "clock", False), ("new", "client", False)],
    "confirmed": [
        ("attended", "staff", False),
        ("no_show", "staff", False),
        ("cancelled", "client", False),
        ("cancelled", "staff", True),
    ],
    "attended": [("no_show", "staff", False), ("confirmed", "staff", False)],
    "no_show": [("attended", "staff", False), ("new", "staff", False)],
    "suspected": [("new", "staff", True), ("declined", "staff", False)],
    "declined": [("new", "staff", False)],
    "withdrawn": [("new", "staff", False)],
    "lapsed": [("new", "staff", False)],
    "cancelled": [("new", "staff", False)],
}
ENDED = ("attended", "no_show", "declined", "withdrawn", "lapsed", "cancelled")


@dataclass
class Known:
    """What is so of a request at one time."""

    status: str
    since: datetime | None = None  # when it became a request
    reason: str = ""
    reply: datetime | None = None
    visits: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Made:
    """One request: its events as columns, what is known of it in the end, and what it is about."""

    number: int
    by_phone: bool
    known: Known
    events: list[dict[str, Any]]
    concerns: list[str]
    source: str
    windows: list[tuple[int | None, str]]


def make(number: int, seed: int) -> list[Made]:
    rng = Random(seed)
    return [_made(rng, n) for n in range(number)]


def _made(rng: Random, number: int) -> Made:
    at = FIRST + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
    start = rng.choices(["new", "suspected", "confirmed"], [8, 1, 1])[0]
    known = Known(start, at if start != "suspected" else None)
    made = Made(
        number,
        start == "confirmed",
        known,
        [],
        rng.sample(["rolling", "ice-pick", "keloid"], rng.randrange(3)),
        rng.choice(["", "acne-scars", "costs"]),
        [(rng.choice([None, *range(7)]), rng.choice([*PARTS, "any"])) for _ in range(rng.randrange(3))],
    )
    _event(made, at, "", start, "staff" if made.by_phone else "client")
    for _ in range(rng.randrange(7)):
        if known.status in ENDED and rng.random() < 0.7:
            break
        at = _later(rng, at)
        after, by, can_undo = rng.choice(STEPS[known.status])
        before, came_from = deepcopy(known), known.status
        reason = rng.choice(ADVICE + OTHER) if after == "declined" else ""
        _step(known, at, after, by, reason)
        _event(made, at, came_from, after, by, reason)
        if can_undo and rng.random() < 0.3:
            version = len(made.events)
            at += timedelta(minutes=rng.randrange(1, 3))
            made.known = known = before
            _event(made, at, after, known.status, "staff", undoes=version)
    if made.by_phone and len(made.events) == 1 and rng.random() < 0.3:
        made.known = Known("cancelled")
        _event(made, at + timedelta(minutes=2), "confirmed", "cancelled", "staff", undoes=1)
    return made


def _later(rng: Random, at: datetime) -> datetime:
    """Some days later, some minutes later, or a minute before midnight, so that the next minutes lie in another day."""
    match rng.randrange(3):
        case 0:
            return at + timedelta(minutes=rng.randrange(3, 300))
        case 1:
            return at + timedelta(minutes=rng.randrange(300, 3 * 24 * 60))
    midnight = datetime.combine(at.astimezone(LONDON).date(), datetime.min.time(), LONDON)
    late = (midnight + timedelta(days=1)).astimezone(UTC) - timedelta(minutes=1)
    return max(late, at + timedelta(minutes=3))


def _step(known: Known, at: datetime, after: str, by: str, reason: str) -> None:
    before, known.status = known.status, after
    if known.since is None and after == "new":
        known.since = at
    if after == "declined":
        known.reason = reason
    answers = before == "new" and after in ("waiting", "offered", "confirmed", "declined") and by == "staff"
    if answers and known.reply is None and reason not in ("spam", "duplicate"):
        known.reply = at
    if before == "confirmed" and after in ("attended", "no_show"):
        known.visits.append((at, after))
    elif {before, after} == {"attended", "no_show"}:
        known.visits[-1] = (known.visits[-1][0], after)
    elif before == "attended" and after == "confirmed":
        known.visits.pop()


def _event(
    made: Made, at: datetime, before: str, after: str, by: str, reason: str = "", undoes: int | None = None
) -> None:
    made.events.append(
        {
            "verb": "undo" if undoes else "step",
            "from_status": before,
            "to_status": after,
            "version": len(made.events) + 1,
            "actor_kind": by,
            "actor_label": "Somebody",
            "at": at,
            "reason": reason,
            "facts": {"undoes": undoes} if undoes else {},
        }
    )


# --- into the database ------------------------------------------------------------------------------------------------


def store(made: list[Made], kind: ConsultationType) -> dict[int, int]:
    """A row for each, and what hangs on it, in five statements a thousand. Returns the keys by their numbers."""
    pages = {page.slug: page for page in Page.objects.filter(slug__in=["acne-scars", "costs"])}
    codes = dict(Concern.objects.values_list("code", "pk"))
    rows = ConsultationRequest.objects.bulk_create(
        [
            ConsultationRequest(
                reference=f"F{one.number:05}",
                status=one.events[-1]["to_status"],
                version=len(one.events),
                offer_expires_at=one.events[-1]["at"],
                answer_due_at=one.events[-1]["at"],
                created_at=one.events[0]["at"],
                name="Cleo Marsh",
                email=f"f{one.number}@example.org",
                consultation_type=kind,
                source_page=pages.get(one.source),
            )
            for one in made
        ],
        batch_size=500,
    )
    through = ConsultationRequest.concerns.through
    pairs = list(zip(rows, made, strict=True))
    through.objects.bulk_create(
        through(consultationrequest_id=row.pk, concern_id=codes[code])
        for row, one in pairs
        for code in one.concerns
    )
    WishWindow.objects.bulk_create(
        WishWindow(request=row, weekday=day, part=part) for row, one in pairs for day, part in one.windows
    )
    Event.objects.bulk_create(
        (Event(request=row, **event) for row, one in pairs for event in one.events), batch_size=1000
    )
    return {one.number: row.pk for row, one in pairs}


# --- the plain recount ------------------------------------------------------------------------------------------------


def recount(made: list[Made]) -> Counter[tuple[date, str, str]]:
    """By (day, what, key), as plainly as it can be said. The clinic is open Monday to Friday, 9 to 5, and so is Ana."""
    opened = _opened()
    found: Counter[tuple[date, str, str]] = Counter()
    for one in made:
        found.update(_recounted(one, opened))
    return found


def _recounted(one: Made, opened: list[int]) -> Iterator[tuple[date, str, str]]:
    known = one.known
    if known.since is None:
        return
    day = _day(known.since)
    yield day, "asked", "phone" if one.by_phone else "site"
    if one.source:
        yield day, "source", one.source
    for code in one.concerns:
        yield day, "concern", code
    if known.status in ("confirmed", "attended", "no_show", "cancelled"):
        yield day, "outcome", "confirmed"
        for code in one.concerns:
            yield day, "concern_confirmed", code
    elif known.status == "declined":
        yield day, "outcome", "advised" if known.reason in ADVICE else "declined"
        yield day, "declined", known.reason
    elif known.status in ("withdrawn", "lapsed"):
        yield day, "outcome", known.status
    if known.reply and not one.by_phone:
        minutes = opened[_minute(known.reply)] - opened[_minute(known.since)]
        yield _day(known.reply), "reply", str(minutes // 5 * 5)
    for at, mark in known.visits:
        yield _day(at), "visit", mark
    yield from ((day, "unmet", key) for key in _unmet(one))


def _unmet(one: Made) -> list[str]:
    """Ana works on weekdays from 9 to 5: no evening fits, and nothing at a weekend."""
    fits = [(day is None or day < 5) and part != "evening" for day, part in one.windows]
    if any(fits) or not one.windows:
        return []
    wished = {
        f"{weekday}-{each}"
        for day, part in one.windows
        for weekday in (range(7) if day is None else [day])
        for each in (PARTS if part == "any" else [part])
    }
    return ["", *wished]


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _minute(at: datetime) -> int:
    return int((at - FIRST).total_seconds() // 60)


def _opened() -> list[int]:
    """For each minute from FIRST on: how many minutes before it the clinic was open."""
    found, total = [], 0
    for hour in range((DAYS + 30) * 24):
        there = (FIRST + timedelta(hours=hour)).astimezone(LONDON)
        is_open = there.weekday() < 5 and 9 <= there.hour < 17
        for _ in range(60):
            found.append(total)
            total += is_open
    return found
