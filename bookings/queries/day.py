"""The day sheet: what stands on one local day for each practitioner, and the earlier visits that nobody has marked.

Two SQL statements beside the one of the calendar (bookings/queries/calendar.py), whatever the day holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from bookings import limits
from bookings.models import Appointment, Message, Note
from bookings.queries import marks, off, visit_questions
from bookings.queries.calendar import Calendar
from bookings.queries.json_rows import json_rows
from bookings.states import Status
from clinic.foundation import when
from clinic.foundation.prepared import Prepared
from content.models import Concern

# Of the desk's own notes those that all of the desk reads, and what clients said that is not about their health.
_KINDS = (Note.Kind.INTERNAL, Note.Kind.INFORMATION)


@dataclass(frozen=True, slots=True)
class Day:
    """Appointments that are booked or held on a day, in order, and `unmarked` ones of the days before, the newest first;
    `just_marked` are those of the days before that the reader has marked today, and can take back.

    Each has its request with what its line shows: concerns (`its_concerns`), questions (`its_questions`), what is against
    it (off.py), `mail_failed`, who marked it (marks.by_whom); and the answers, if they were asked for. `more`: there are
    more unmarked visits.
    """

    appointments: list[Appointment]
    unmarked: list[Appointment]
    just_marked: list[Appointment]
    more: bool

    def of(self, practitioner: int) -> list[Appointment]:
        return [row for row in self.appointments if row.practitioner_id == practitioner]


def read(calendar: Calendar, *, who: int | None, answers: bool, unmarked: bool, reader: int) -> Day:
    """What one practitioner (by key), or everybody, has on the calendar's first day: one SQL statement.

    `answers`: with health answers, for whoever may read them. `unmarked`: with the earlier visits that nobody has marked, or
    the reader (a member of staff, by key) today.
    """
    opens, closes = when.day_bounds(calendar.first, calendar.zone)
    most = limits.lists.UNMARKED_ON_A_DAY
    given = Given(calendar.now, opens - limits.times.LONGEST_BLOCK, opens, closes, who or 0, reader)
    fixed = Fixed(calendar.zone, bool(who), answers, most if unmarked else None)
    found = list(STATEMENT.models(given, fixed))
    earlier = [row for row in reversed(found) if row.starts_at < opens]
    nobodys = [row for row in earlier if row.request.status == Status.CONFIRMED]
    own = [row for row in earlier if row not in nobodys]
    return Day(
        [row for row in found if row.starts_at >= opens],
        nobodys[:most],
        [row for row in own if marks.is_own(row, reader, calendar.now, calendar.zone)],
        len(nobodys) > most,
    )


class Given(NamedTuple):
    """What differs between two readings of a day. `who` is read only where one practitioner is asked for."""

    now: datetime
    long_before: datetime
    opens: datetime
    closes: datetime
    who: int
    reader: int


class Fixed(NamedTuple):
    """What seldom differs. `unmarked`: at most how many earlier visits, if any."""

    zone: ZoneInfo
    of_one: bool
    answers: bool
    unmarked: int | None


def shown(at: Given, fixed: Fixed) -> QuerySet[Any]:
    """What stands on a day, in order, with the earlier visits that are asked for."""
    rows = Appointment.objects.filter(practitioner=at.who) if fixed.of_one else Appointment.objects.all()
    today = rows.busy(at.now).filter(
        blocks_from__gt=at.long_before,  # an index finds them among those of all years
        blocks_from__lt=at.closes,
        starts_at__gte=at.opens,
        starts_at__lt=at.closes,
    )
    wanted = today.order_by().values("pk")
    if fixed.unmarked is not None:
        before = (
            _unmarked(rows, at.opens)[: fixed.unmarked + 1],
            _just_marked(rows, at.opens, at.reader)[: fixed.unmarked],
        )
        # Short lists of keys; as one condition it would be asked of every appointment there is.
        keys = (Appointment.objects.filter(pk__in=each.values("pk")).order_by() for each in before)
        wanted = wanted.union(*(each.values("pk") for each in keys))
    joined = ["request__support_needs", "consultation_type", "practitioner"]
    joined += ["request__answers"] if fixed.answers else []
    whole = _with_all(Appointment.objects.filter(pk__in=wanted), fixed.zone, fixed.answers)
    return whole.select_related(*joined)


STATEMENT = Prepared(shown)


def _unmarked(rows: QuerySet[Appointment], midnight: datetime) -> QuerySet[Appointment]:
    """Booked visits before `midnight` that nobody has marked, the newest first (the rule of `unmarked` in desk.py)."""
    booked = rows.filter(state=Appointment.State.BOOKED, starts_at__lt=midnight)
    return booked.filter(request__status=Status.CONFIRMED).order_by("-starts_at", "-pk")


def _just_marked(rows: QuerySet[Appointment], midnight: datetime, reader: int) -> QuerySet[Appointment]:
    """Booked visits before `midnight`, which began today, that this person has marked since then, the newest first."""
    booked = rows.filter(state=Appointment.State.BOOKED, starts_at__lt=midnight)
    mine = booked.filter(request__in=marks.by_reader(reader, midnight)).exclude(
        request__status=Status.CONFIRMED
    )
    return mine.order_by("-starts_at", "-pk")


def count_unmarked(calendar: Calendar, who: int) -> int:
    """How many earlier visits of this practitioner (by key) nobody has marked: one SQL statement."""
    opens, _ = when.day_bounds(calendar.first, calendar.zone)
    return _unmarked(Appointment.objects.filter(practitioner=who), opens).count()


def _with_all(rows: QuerySet[Appointment], zone: ZoneInfo, answers: bool) -> QuerySet[Appointment]:
    failed = Message.objects.filter(request=OuterRef("request"), state=Message.State.FAILED)
    whole: Any = off.judged(rows, zone).annotate(
        mail_failed=Exists(failed),
        its_questions=visit_questions.column(OuterRef("request"), words=answers),
        its_concerns=json_rows(Concern.objects.filter(requests=OuterRef("request")), "order", "name"),
        **marks.by_whom(),
    )
    ordered: QuerySet[Appointment] = whole.order_by("starts_at", "pk")
    return ordered


def notes(requests: Iterable[int]) -> dict[int, list[Note]]:
    """By request (key): the newest notes that all of the desk reads, the newest first: one SQL statement."""
    open_ones = Note.objects.filter(request__in=list(requests), kind__in=_KINDS, about_health=False)
    found: dict[int, list[Note]] = defaultdict(list)
    for note in open_ones.filter(taken_back_at=None).order_by("-at", "-pk"):
        if len(found[note.request_id]) < limits.lists.NOTES_ON_A_DAY:
            found[note.request_id].append(note)
    return found
