"""What the frame of every page of the desk shows: the numbers of the rail, how the workers are, a hold of the mail, the
reader's own views, and whether they may take something back. One statement for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from bookings.models import MailHold, SavedView, Together, Undo, WorkerBeat
from bookings.queries import rail, worker
from clinic.foundation.prepared import Prepared

# The columns that all share, after what a row is and its key; and what stands in one that it has not.
_EMPTY: dict[str, Any] = {
    "words": Value("", output_field=CharField()),
    "more": Value("", output_field=CharField()),
    "at": Cast(Value(None), DateTimeField()),
    "mails_at": Cast(Value(None), DateTimeField()),
    **dict.fromkeys(rail.NUMBERS, Cast(Value(None), IntegerField())),
}


@dataclass(frozen=True)
class Frame:
    """`numbers`: of the rail and the tabs, if they were asked for. `notice`: what staff read while something is wrong with
    the workers. `hold`: why the mail is held, or empty."""

    numbers: rail.Counts | None
    notice: str
    hold: str
    views: list[SavedView]
    has_undo: bool  # something that they did may still be taken back (bookings/queries/undo.py)
    has_together: bool  # and something that one press did to many


def read(user: int, now: datetime, zone: ZoneInfo, *, counted: bool) -> Frame:
    """The frame for a member of staff (by key) at `now`: one SQL statement. `counted`: with the numbers."""
    rows = list(STATEMENT.rows((user, *rail.moments(now, zone)), (zone, counted)))
    found = worker.judged([row[4:7] for row in rows if row[0] == "beat"], now)
    return Frame(
        numbers=rail.Counts([row[0], *row[6:]] for row in rows if row[1] is None) if counted else None,
        notice=worker.notice(found),
        hold=next((row[2] for row in rows if row[0] == "hold"), ""),
        views=[
            SavedView(pk=key, user_id=user, name=name, query=query)
            for _, key, name, query, *_ in sorted(row for row in rows if row[0] == "view")
        ],
        has_undo=any(row[0] == "undo" for row in rows),
        has_together=any(row[0] == "together" for row in rows),
    )


def shown(of: tuple[Any, ...], fixed: tuple[ZoneInfo, bool]) -> QuerySet[Any, Any]:
    """What there is for a member of staff (by key) at some rail.Moments. What is counted has no key."""
    (user, *moments), (zone, counted) = of, fixed
    at = rail.Moments(*moments)
    beats = _columns("beat", WorkerBeat.objects.all(), at="at", mails_at="mails_at", number="clock_off")
    holds = _columns("hold", MailHold.objects.all(), words="why")
    views = _columns("view", SavedView.objects.filter(user=user), words="name", more="query")
    undos = _columns("undo", Undo.objects.filter(by=user, until__gt=at.now))
    togethers = _columns("together", Together.objects.filter(by=user, until__gt=at.now))
    numbers = [_numbers(rows) for rows in rail.counted(at, zone)] if counted else []
    return beats.union(holds, views, undos, togethers, *numbers, all=True)


def _columns(what: str, rows: QuerySet[Any], **named: str) -> QuerySet[Any, Any]:
    """The rows in the columns that all share; `named` says which of theirs stands where."""
    stands = {
        f"col_{column}": F(named[column]) if column in named else empty for column, empty in _EMPTY.items()
    }
    lines: QuerySet[Any, Any] = rows.order_by().annotate(what=Value(what), **stands)
    return lines.values_list("what", "pk", *stands)


def _numbers(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """What was counted, in the same columns."""
    empty = {f"col_{column}": _EMPTY[column] for column in _EMPTY if column not in rail.NUMBERS}
    counted: Any = rows.annotate(col_key=Cast(Value(None), IntegerField()), **empty)
    lines: QuerySet[Any, Any] = counted.values_list("what", "col_key", *empty, *rail.NUMBERS)
    return lines


STATEMENT = Prepared(shown)
