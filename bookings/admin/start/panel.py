"""The figures of the start page: each as a chart, with one sentence that says the finding and a table of all its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bookings.admin.start import charts
from bookings.admin.start.charts import Chart
from bookings.figures import Figures, Named, Unmet, Week
from bookings.limits.figures import FEW
from bookings.queries import figures
from bookings.queries.figures import Ahead, Known
from bookings.tally import Outcome
from bookings.wording import REASONS
from clinic.foundation import when

SEE_FIGURES = "bookings.view_figures"
_UNDER = f"under {FEW}"
# What became of a request, from the bottom of a column up: style, words, and which outcomes.
_PARTS: Sequence[tuple[str, str, tuple[Outcome, ...]]] = (
    ("s1", "confirmed", (Outcome.CONFIRMED,)),
    ("s2", "advice or referred", (Outcome.ADVISED,)),
    ("s3", "declined", (Outcome.DECLINED,)),
    ("s4", "lapsed or withdrawn", (Outcome.LAPSED, Outcome.WITHDRAWN)),
)
_OPEN = ("s0", "still open")
_SAME = f"Of the requests counted above; a page with {_UNDER} stands under “All others” or is left out."


def part(reader: int, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The charts, in two statements. Without anything that may be said, a sentence that says so."""
    known = figures.known(reader, now, zone)
    found = figures.of_weeks(now, zone)
    drawn = [] if found is None or found[0].is_empty else list(_of_weeks(found[0], known))
    return {
        "figures": {
            "charts": [*drawn, _capacity(known.ahead)],
            "counted": when.date_words(found[1]) if found else "",
            "is_empty": not drawn,
            "few": FEW,
        }
    }


def _of_weeks(found: Figures, known: Known) -> list[Chart]:
    weeks = found.weeks
    drawn: list[Chart | None] = [
        _outcomes(weeks),
        _replies(weeks, known),
        _share(weeks),
        _visits(weeks),
        _named(
            "concern",
            "By concern",
            found.concerns,
            known.concerns,
            "A request may name several.",
            ("Concern", "Asked", "Confirmed"),
        ),
        _named("source", "Where requests begin", found.sources, known.pages, _SAME, ("Page", "Requests")),
        _named("declined", "Why we said no", found.declined, _reasons(), "", ("Reason", "Requests")),
        _unmet(found.unmet),
    ]
    return [chart for chart in drawn if chart is not None]


# --- week by week -----------------------------------------------------------------------------------------------------


def _labels(weeks: Sequence[Week]) -> list[str]:
    """'16 Nov'."""
    return [_short(week.monday) for week in weeks]


def _short(day: date) -> str:
    return f"{day.day} {when.MONTHS[day.month - 1][:3]}"


def _or_few(number: int | None) -> str:
    return _UNDER if number is None else str(number)


def _outcomes(weeks: Sequence[Week]) -> Chart:
    said = [week for week in weeks if week.asked is not None]
    asked = [week.asked or 0 for week in said]
    last, most = weeks[-1].asked, max(asked, default=0)
    sums = {style: sum(_of(week, which) for week in said) for style, _, which in _PARTS}
    say = f"{_or_few(last).capitalize()} last week" + (
        ", the most of these weeks." if last and last == most else "."
    )
    say += f" Of {sum(asked)} in all, {sums['s1']} were confirmed, {sums['s4']} lapsed or were withdrawn."
    chart = Chart(
        "outcomes",
        "Requests and outcomes",
        say,
        "Requests by the week in which they arrived, and what became of them.",
        ("Week", "All", *(words.capitalize() for _, words, _ in _PARTS), "Still open"),
        [
            [
                _short(week.monday),
                _or_few(week.asked),
                *("" if week.asked is None else str(_of(week, which)) for _, _, which in _PARTS),
                "" if week.asked is None else str(week.still_open),
            ]
            for week in weeks
        ],
        [*((style, words) for style, words, _ in _PARTS), _OPEN],
    )
    stacks = [
        None
        if week.asked is None
        else [*((style, _of(week, which)) for style, _, which in _PARTS), ("s0", max(0, week.still_open))]
        for week in weeks
    ]
    charts.columns(chart, stacks, _labels(weeks), [str(week.asked) for week in weeks])
    return chart


def _of(week: Week, which: tuple[Outcome, ...]) -> int:
    return max(0, sum(week.outcomes.get(one, 0) for one in which))


def _replies(weeks: Sequence[Week], known: Known) -> Chart | None:
    said = [week for week in weeks if week.median is not None]
    if not said:
        return None
    last = said[-1]
    say = f"Half within {_hours(last.median):g} opening hours, nine in ten within {_hours(last.ninety):g}"
    inside = "inside" if (last.ninety or 0) <= known.promise_minutes else "outside"
    say += f": {inside} the promise of {_hours(known.promise_minutes):g}."
    if known.overdue:
        are = "is" if known.overdue == 1 else "are"
        say += f" That is of those answered: {known.overdue} {are} unanswered past the promise right now."
    chart = Chart(
        "replies",
        "Time to the first reply",
        say,
        "Opening hours until the first reply, by the week in which it was given: half of them, and nine in ten.",
        ("Week", "Half, hours", "Nine in ten, hours"),
        [
            [
                _short(week.monday),
                *(f"{_UNDER} replies" if n is None else f"{_hours(n):g}" for n in (week.median, week.ninety)),
            ]
            for week in weeks
        ],
        [("s1", "half (median)"), ("s2", "nine in ten")],
    )
    series = [
        ("l1", [None if week.median is None else _hours(week.median) for week in weeks]),
        ("l2", [None if week.ninety is None else _hours(week.ninety) for week in weeks]),
    ]
    charts.lines(chart, series, _labels(weeks), " h", _hours(known.promise_minutes))
    return chart


def _hours(minutes: int | None) -> float:
    return round((minutes or 0) / 60, 1)


def _share(weeks: Sequence[Week]) -> Chart:
    said = [week for week in weeks if week.asked is not None]
    decided = sum(week.decided for week in said)
    confirmed = sum(_of(week, (Outcome.CONFIRMED,)) for week in said)
    last, is_open = weeks[-1].share, sum(week.still_open for week in said)
    start = "" if last is None else f"{last} in 100 last week{_still(weeks[-1])}. "
    chart = Chart(
        "share",
        "Share confirmed",
        f"{start}{round(100 * confirmed / decided) if decided else 0} in 100 over these weeks, of {decided} decided; "
        f"{is_open} are still open.",
        "Requests that were confirmed, out of 100 that were decided, by the week in which they arrived. "
        "The key tells weeks of which some are still open.",
        ("Week", "Confirmed, % of decided", "Decided", "Still open"),
        [
            [
                _short(week.monday),
                (_UNDER if week.asked is None else "none decided") if week.share is None else str(week.share),
                *("" if week.asked is None else str(n) for n in (week.decided, week.still_open)),
            ]
            for week in weeks
        ],
        [("s1", "all decided"), ("s2", "some still open")],
    )
    stacks = [
        None if week.share is None else [("s2" if week.still_open else "s1", week.share)] for week in weeks
    ]
    charts.columns(chart, stacks, _labels(weeks), [str(week.share) for week in weeks], top=100)
    return chart


def _still(week: Week) -> str:
    return f", of {week.decided} decided ({week.still_open} still open)" if week.still_open else ""


def _visits(weeks: Sequence[Week]) -> Chart | None:
    said = [week for week in weeks if week.missed is not None]
    if not said:
        return None
    came, missed = sum(week.attended or 0 for week in said), sum(week.missed or 0 for week in said)
    chart = Chart(
        "visits",
        "Who did not come",
        f"{missed} of {came + missed} visits in these weeks.",
        "Visits by week, attended and not. The number is who did not come.",
        ("Week", "Attended", "Did not come"),
        [
            [
                _short(week.monday),
                *(f"{_UNDER} visits" if n is None else str(n) for n in (week.attended, week.missed)),
            ]
            for week in weeks
        ],
        [("s1", "attended"), ("s4", "did not come")],
    )
    stacks = [
        None if week.missed is None else [("s1", max(0, week.attended or 0)), ("s4", max(0, week.missed))]
        for week in weeks
    ]
    charts.columns(chart, stacks, _labels(weeks), [str(week.missed) for week in weeks])
    return chart


# --- in all weeks together --------------------------------------------------------------------------------------------


def _reasons() -> dict[str, str]:
    return {str(code): words[:1].upper() + words[1:] for code, words in REASONS.items()}


def _named(
    code: str, title: str, found: Sequence[Named], names: dict[str, str], more: str, head: Sequence[str]
) -> Chart | None:
    """A bar for each; with how many were confirmed inside it, if the table's head has a third column."""
    if not found:
        return None
    with_confirmed = len(head) == 3
    lines = [(names.get(one.code, one.code) if one.code else "All others", one) for one in found]
    first = f"{lines[0][0]} leads with {found[0].number}."
    chart = Chart(
        code,
        title,
        f"{first} {more}".strip(),
        f"{title}: requests of these weeks.",
        head,
        [[name, str(one.number), *([str(one.confirmed)] if with_confirmed else [])] for name, one in lines],
        [("s3", "asked"), ("s1", "confirmed")] if with_confirmed else (),
    )
    shown = lines[:8]
    bars = [
        (
            name,
            [("s3", one.number), ("s1", one.confirmed)] if with_confirmed else [("s3", one.number)],
            str(one.number),
        )
        for name, one in shown
    ]
    charts.lying(chart, bars)
    return chart


def _unmet(found: Unmet | None) -> Chart | None:
    if found is None or not found.windows:
        return None
    lines = [(_window(one.code), one.number) for one in found.windows]
    chart = Chart(
        "unmet",
        "Wishes that no hours met",
        f"{lines[0][0]} would have met {lines[0][1]} of {found.number}.",
        "Requests whose wishes met nobody's hours, by the time that they asked for.",
        ("Time", "Would have met"),
        [[words, str(n)] for words, n in lines],
    )
    charts.lying(chart, [(words, [("s2", n)], str(n)) for words, n in lines[:6]])
    return chart


def _window(code: str) -> str:
    """'Thursday evening' of "3-evening"."""
    weekday, _, part = code.partition("-")
    return f"{when.WEEKDAYS[int(weekday)]} {part}"


def _capacity(ahead: Sequence[Ahead]) -> Chart:
    names = ["This week", *(_short(week.monday) for week in ahead[1:])]
    chart = Chart(
        "capacity",
        "Free times, four weeks",
        f"{ahead[0].free} left this week, {ahead[1].free} next week.",
        "Consultation times of four weeks from now on: booked, held or offered, and free.",
        ("Week from", "Booked", "Held", "Free"),
        [
            [name, str(one.booked), str(one.held), str(one.free)]
            for name, one in zip(names, ahead, strict=True)
        ],
        [("s1", "booked"), ("s2", "held or offered"), ("s0", "free")],
    )
    bars = [
        (name, [("s1", one.booked), ("s2", one.held), ("s0", one.free)], f"{one.free} free")
        for name, one in zip(names, ahead, strict=True)
    ]
    charts.lying(chart, bars, stacked=True)
    return chart
