"""What stands in one practitioner's column of one day, each with its place, its words and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from bookings import answers as words_of
from bookings import limits, names, slot_text, timeline
from bookings.admin.block_link import block_url
from bookings.admin.whose_time import Whose
from bookings.availability import Interval, Slot, merge, stretches
from bookings.fields import tidy
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import calendar as reads
from bookings.queries import session_rules
from bookings.queries.calendar import Calendar, Column, Moving
from bookings.queries.off import Off
from bookings.queries.session_rules import Histories
from bookings.states import Status
from bookings.timeline import Place
from clinic.foundation import when
from clinic.foundation.crypto import opened

# What is against a visit that is booked, in a word or two; its request says the whole sentence.
_IN_DOUBT: Mapping[Off, str] = {
    Off.PRACTITIONER: "switched off",
    Off.TYPE: "kind switched off",
    Off.GIVES: "not their kind",
    Off.CONCERN: "not their concern",
    Off.CLOSED: "clinic closed",
    Off.AWAY: "in time off",
    Off.ZONE: "check the time",
    Off.HOURS: "outside hours",
}


@dataclass(frozen=True, slots=True)
class Start:
    """One time to press: where a caller is booked (`url`), or what a button sends (`value`). `kind`: of which visit, if not
    of the usual one."""

    words: str
    value: str
    url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """A stretch in which somebody is free. `span`: '13:00 to 15:00'."""

    span: str
    starts: list[Start]
    block_url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a day's list. `kind` and `marks` are its looks; `say` tells it to who cannot see where it stands.

    `ends`: until when a time is held; `off`: the key of a time off that the reader may remove.
    """

    kind: str
    place: Place
    start: datetime
    time: str = ""
    until: str = ""
    name: str = ""
    note: str = ""
    ends: str = ""
    off: int = 0
    say: str = ""
    url: str = ""
    anchor: str = ""
    marks: str = ""
    free: Free | None = None
    moves: list[Start] = field(default_factory=list)
    move_url: str = ""

    @property
    def classes(self) -> str:
        tiny = " tiny" if self.place.end - self.place.start < limits.times.CALENDAR_TWO_LINES_MINUTES else ""
        return f"{self.kind}{' ' + self.marks if self.marks else ''} {self.place.classes}{tiny}"

    @property
    def span(self) -> str:
        return f"{timeline.clock(self.place.start)} to {timeline.clock(self.place.end)}"


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looks at what: in the `week` a name is short; only who `decides` books and moves;
    `blocks` and `removes` say of whose time."""

    week: bool
    decides: bool
    blocks: Whose
    removes: Whose
    moving: Moving | None
    called: Mapping[int, str]  # what to call a practitioner where there is little room, by key
    here: str  # the address of the calendar as it is asked for, without a visit to move
    past: Histories | None = None  # what the rules of sessions count from, of whoever may be moved


@dataclass(frozen=True, slots=True)
class Drawn:
    """The column of one practitioner on one day. `free_minutes` are those that a kind of visit fits into."""

    column: Column
    called: str
    hours: str
    blocks: list[Block]
    free_minutes: int

    @property
    def number(self) -> int:
        """How many visits stand in it."""
        return sum(block.kind == "visit" for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws one practitioner's days."""

    calendar: Calendar
    column: Column
    visits: Sequence[Appointment]
    looks: Looks
    gaps: dict[date, list[Interval]]
    starts: list[
        tuple[Slot, str, int]
    ]  # each start with the kind that fits first: its name if it is not the usual, its key

    def day(self, day: date) -> Drawn:
        # While a visit is moving, the times that it may move to stand where they are.
        mine = [*self._visits(day), *(self._buttons(day) if self.looks.moving else ())]
        lanes = timeline.side_by_side([block.place for block in mine])
        mine = [replace(block, place=place) for block, place in zip(mine, lanes, strict=True)]
        free = list(self._free(day)) if self.looks.moving is None else []
        back = [*self._hours(day), *self._away(day)]
        blocks = sorted([*back, *free, *mine], key=lambda block: (block.start, block.kind != "out"))
        worked = stretches(day, self.column.hours)
        hours = " and ".join(f"{start:%H:%M} to {end:%H:%M}" for start, end in worked)
        minutes = sum(_minutes(gap) for gap in self.gaps[day] if self._fitting(gap))
        called = self.looks.called[self.column.pk]
        return Drawn(self.column, called, hours if not self.calendar.closed_on(day) else "", blocks, minutes)

    # --- what nobody can be booked into -------------------------------------------------------------------------------

    def _hours(self, day: date) -> Iterator[Block]:
        """The rest of the day beside somebody's hours, and what the clocks leave out."""
        zone, opens_closes = self.calendar.zone, when.day_bounds(day, self.calendar.zone)
        closed = self.calendar.closed_on(day)
        if closed:
            yield self._plain("closed", opens_closes, day, f"Closed: {closed.name}")
            return
        # Time off says itself why nobody is in.
        worked = [
            (when.instant(a, zone), when.instant(b, zone)) for a, b in stretches(day, self.column.hours)
        ]
        known = merge([*worked, *((one.start, one.end) for one in self.column.away)])
        at = opens_closes[0]
        for start, end in [*known, (opens_closes[1], opens_closes[1])]:
            if at < min(start, opens_closes[1]):
                yield self._plain("out", (at, min(start, opens_closes[1])), day, "not in")
            at = max(at, end)

    def _away(self, day: date) -> Iterator[Block]:
        for one in self.column.away:
            if timeline.place((one.start, one.end), day, self.calendar.zone):
                drawn = self._plain("off", (one.start, one.end), day, one.label or "Time off")
                say = f"{short_day(day)}, {self.column.name}, time off: "
                yield replace(drawn, say=say, off=one.pk if self.looks.removes.has(self.column) else 0)

    def _plain(self, kind: str, stretch: Interval, day: date, words: str) -> Block:
        place = timeline.place(stretch, day, self.calendar.zone)
        assert place is not None  # the callers looked
        return Block(kind, place, stretch[0], name=words)

    # --- free ---------------------------------------------------------------------------------------------------------

    def _fitting(self, gap: Interval) -> list[tuple[Slot, str, int]]:
        return [one for one in self.starts if gap[0] <= one[0].start < gap[1]]

    def _free(self, day: date) -> Iterator[Block]:
        zone = self.calendar.zone
        for gap in self.gaps[day]:
            fitting = self._fitting(gap)
            place = timeline.place(gap, day, zone)
            if not fitting or place is None:
                continue
            span = f"{timeline.clock(place.start)} to {timeline.clock(place.end)}"
            starts = [self.start(*one) for one in _some(fitting, zone)] if self.looks.decides else []
            url = block_url(self.column.pk, *gap, zone) if self.looks.blocks.has(self.column) else ""
            say = f"{short_day(day)}, {self.column.name}: "
            yield Block("free", place, gap[0], name="free", say=say, free=Free(span, starts, url))

    def _buttons(self, day: date) -> Iterator[Block]:
        """A button for each time that the moving visit may move to, as far apart as there is room for."""
        least, last = limits.times.CALENDAR_BUTTON_MINUTES, -timeline.DAY
        for one in self.starts:
            place = timeline.place((one[0].start, one[0].end), day, self.calendar.zone)
            if place is None or place.start - last < least:
                continue
            last = place.start
            say = f"{short_day(day)}, {self.column.name}: "
            button = Place(place.start, min(place.start + least, timeline.DAY))
            yield Block("start", button, one[0].start, say=say, free=Free("", [self.start(*one)], ""))

    def start(self, slot: Slot, kind: str, key: int) -> Start:
        """What to press for one start: a link to the phone page, or the button that moves a visit there."""
        value, at = slot_text.of(slot), when.digits(slot.start, self.calendar.zone)
        if self.looks.moving:
            return Start(at, f"{_moved(self.looks.moving.consultation)}:{value}")
        url = reverse("admin:bookings_consultationrequest_add")
        asked = {"slot": value} | ({"kind": key} if kind else {})
        return Start(at, value, f"{url}?{urlencode(asked)}", kind)

    # --- visits, offers, holds ----------------------------------------------------------------------------------------

    def _visits(self, day: date) -> Iterator[Block]:
        for row in self.visits:
            place = timeline.place((row.starts_at, row.ends_at), day, self.calendar.zone)
            if place:
                yield self._visit(row, place, day)

    def _visit(self, row: Appointment, place: Place, day: date) -> Block:
        consultation, zone = row.request, self.calendar.zone
        kind, marks, state = self._state(row)
        is_held = row.state == Appointment.State.HELD
        start, end = when.digits(row.starts_at, zone), when.digits(row.ends_at, zone)
        notes = [state] if self.looks.week else [state, *_to_know(consultation, row)]
        what = _SAYS.get(kind, "visit")
        movable = kind == "visit" and self.looks.decides and _is_to_come(row, self.calendar.now)
        return Block(
            kind,
            place,
            row.starts_at,
            time=start,
            until="" if self.looks.week else end,
            name=names.surname(consultation.name) if self.looks.week else consultation.name,
            note=" · ".join(note for note in notes if note),
            ends=briefly(row.held_until or self.calendar.now, self.calendar.now, zone) if is_held else "",
            say=f"{short_day(day)}, {self.column.name}, {what}, {row.consultation_type.name}: ",
            url=reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]),
            anchor=f"v{row.pk}",
            marks=marks,
            moves=self._moves(row) if movable and self.looks.moving is None else [],
            move_url=f"{self.looks.here}&move={consultation.pk}"
            if movable and self.looks.moving is None
            else "",
        )

    def _state(self, row: Appointment) -> tuple[str, str, str]:
        """Its kind, its marks, and what is to be said about it in a word or two."""
        now, zone, status = self.calendar.now, self.calendar.zone, row.request.status
        if row.state == Appointment.State.HELD:
            against = _against(row, now)
            clash = "clash" if against else ""
            if not row.is_offer:
                return "hold", clash, against
            if status == Status.CONFIRMED:
                return "offered", f"proposal {clash}".strip(), f"or this, {against}" if against else "or this"
            return "offered", clash, against
        if status in (Status.ATTENDED, Status.NO_SHOW):
            return "visit", "done", "attended" if status == Status.ATTENDED else "did not come"
        if self.looks.moving and self.looks.moving.visit.pk == row.pk:
            return "visit", "moving", "is moving"
        if row.arrived_at is not None:
            return "visit", "here", f"here since {when.digits(row.arrived_at, zone)}"
        if row.ends_at <= now:
            return "visit", "todo", "not marked"
        if row.late_at is not None:
            return "visit", "due", f"{row.late_minutes} min late" if row.late_minutes else "running late"
        if row.starts_at <= now:
            return "visit", "due", "now"
        doubt = in_doubt(row, self.calendar.now)
        return "visit", "clash" if doubt else "", doubt

    def _moves(self, row: Appointment) -> list[Start]:
        assert self.looks.past is not None  # it is read with the visits
        found = reads.nearest(self.calendar, self.column, row, self.looks.past, limits.times.CALENDAR_MOVES)
        zone, this_day = self.calendar.zone, when.local_day(row.starts_at, self.calendar.zone)
        return [
            Start(
                when.digits(slot.start, zone)
                if when.local_day(slot.start, zone) == this_day
                else f"{short_day(when.local_day(slot.start, zone))}, {when.digits(slot.start, zone)}",
                f"{_moved(row.request)}:{slot_text.of(slot)}",
            )
            for slot in found
        ]


_SAYS = {"offered": "offered time", "hold": "held time"}


def pen(calendar: Calendar, column: Column, visits: Sequence[Appointment], looks: Looks) -> Pen:
    """For one practitioner of the calendar; `visits` may hold others' as well."""
    moved = looks.moving
    taken = calendar.taken(column, without=moved.consultation.pk if moved else 0)
    if moved is None:
        kinds = [(kind.pk, kind.name, kind.rules) for kind in column.kinds] if column.is_active else []
    else:
        kinds = [(0, "", moved.rules)] if column.pk in moved.people else []
    starts: dict[datetime, tuple[Slot, str, int]] = {}
    for at, (key, name, rules) in enumerate(kinds):
        for slot in _within_rules(calendar.starts(column, rules, taken), calendar, looks):
            if (
                moved is None
                or slot.start != moved.visit.starts_at
                or column.pk != moved.visit.practitioner_id
            ):
                starts.setdefault(slot.start, (slot, name if at else "", key))
    gaps = {day: calendar.gaps(column, day, taken) for day in calendar.dates}
    mine = [row for row in visits if row.practitioner_id == column.pk]
    return Pen(calendar, column, mine, looks, gaps, [starts[start] for start in sorted(starts)])


def _within_rules(slots: Sequence[Slot], calendar: Calendar, looks: Looks) -> Sequence[Slot]:
    """While a session is moving, the times that no rule of its kind is against."""
    if looks.moving is None or looks.past is None:
        return slots
    return session_rules.to_move([looks.moving.visit], slots, calendar.zone, looks.past)


def in_doubt(row: Appointment, now: datetime) -> str:
    """The first thing that is against a visit to come, in a word or two; empty for none."""
    return _against(row, now) if row.state == Appointment.State.BOOKED else ""


def _against(row: Appointment, now: datetime) -> str:
    """The same of a held or offered time too."""
    if row.starts_at <= now:
        return ""
    for code, words in _IN_DOUBT.items():
        if getattr(row, f"off_{code}", False):
            return words
    return ""


def short_day(day: date) -> str:
    """'Tue 24'."""
    return f"{when.WEEKDAYS[day.weekday()][:3]} {day.day}"


def briefly(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'12:00' today, 'Wed 11:00' within a week, else 'Wed 9 Dec'."""
    there, days = when.local(moment, zone), (when.local_day(moment, zone) - when.local_day(now, zone)).days
    if days == 0:
        return when.digits(moment, zone)
    day = when.WEEKDAYS[there.weekday()][:3]
    return f"{day} {there:%H:%M}" if days < 7 else f"{day} {there.day} {when.MONTHS[there.month - 1][:3]}"


def _some(fitting: Sequence[tuple[Slot, str, int]], zone: ZoneInfo) -> list[tuple[Slot, str, int]]:
    """As many starts as a small menu holds: of too many the first, and those at full hours and halves, or full hours."""
    found = list(fitting)
    for every in (30, 60):
        if len(found) > limits.times.CALENDAR_STARTS:
            found = [
                one for one in found if one is found[0] or when.local(one[0].start, zone).minute % every == 0
            ]
    return found[: limits.times.CALENDAR_STARTS]


def _to_know(consultation: ConsultationRequest, row: Appointment) -> Iterator[str]:
    """What somebody who receives them needs to know: their support, how to reach them, a visit that is no visit here."""
    needs = (
        (opened(consultation.support_needs, "data") or {}) if hasattr(consultation, "support_needs") else {}
    )
    support = words_of.words(needs.get("support") or (), words_of.SUPPORT_IN_SHORT)
    yield ", ".join(support).lower()
    if not row.terms.is_in_person:
        yield row.terms.mode_words.lower()
    yield tidy(consultation.phone) or consultation.phone


def _is_to_come(row: Appointment, now: datetime) -> bool:
    return row.state == Appointment.State.BOOKED and row.starts_at > now


def _moved(consultation: ConsultationRequest) -> str:
    """The request and its version as this page shows it."""
    return f"{consultation.pk}.{consultation.version}"


def _minutes(stretch: Interval) -> int:
    return int((stretch[1] - stretch[0]).total_seconds() // 60)
