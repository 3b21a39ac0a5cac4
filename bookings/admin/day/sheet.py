"""The day sheet in words: a section for each practitioner, with a line for each visit, hold, offer and gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from bookings import answers as words_of
from bookings import limits, slot_text, triage
from bookings.admin import mark_actions
from bookings.admin.away_words import away_words
from bookings.admin.block_link import block_url
from bookings.admin.whose_time import Whose
from bookings.availability import Interval, Slot, stretches
from bookings.fields import tidy
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Note
from bookings.queries import marks, off, visit_questions
from bookings.queries.calendar import Away, Calendar, Column, Kind
from bookings.queries.desk import near
from bookings.states import Status
from clinic.foundation import when
from clinic.foundation.crypto import SEALED_WORDS, opened

_State, _Mode = Appointment.State, ConsultationType.Mode


@dataclass(frozen=True, slots=True)
class Visit:
    """A line of a booked visit. `place` is where its client is: a style and words."""

    appointment: Appointment
    at: str
    until: str
    kind: str
    phone: str
    place: tuple[str, str]
    needs: list[str]
    said: list[str]
    flags: list[tuple[str, str]]
    about: str
    asks: list[str]  # what they want to ask, in their words
    presses: list[tuple[str, str]]
    is_unmarked: bool  # over, and nobody has said what became of it
    of_manager: bool = False  # marked on an earlier day by somebody else: a manager alone may put it right

    @property
    def consultation(self) -> ConsultationRequest:
        return self.appointment.request

    @property
    def url(self) -> str:
        return reverse("admin:bookings_consultationrequest_change", args=[self.consultation.pk])

    @property
    def is_settled(self) -> bool:
        return self.consultation.status != Status.CONFIRMED

    @property
    def is_here(self) -> bool:
        return not self.is_settled and not self.is_unmarked and self.appointment.arrived_at is not None

    @property
    def is_late(self) -> bool:
        known = self.is_settled or self.is_unmarked or self.is_here
        return not known and self.appointment.late_at is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """A line between visits: `kind` is free, hold or off. Of a hold, the client stands between `words` and `after`."""

    kind: str
    at: str
    words: str
    consultation: ConsultationRequest | None = None
    after: str = ""
    book: str = ""
    book_at: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of one practitioner. `summary`: '2 visits · in from 09:00 to 13:00 · next free 12:00'."""

    pk: int
    name: str
    is_reader: bool
    summary: list[str]
    away_url: (
        str  # to block the rest of their day, where somebody rings in ill; empty where nothing is left of it
    )
    lines: list[Visit | Gap] = field(default_factory=list)

    @property
    def visits(self) -> list[Visit]:
        return [line for line in self.lines if isinstance(line, Visit)]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the lines. The `reader` (by key) `decides` (marks and books), `blocks` somebody's time, and `manages`: corrects
    what is long past, and not only what they marked themselves today. `reasons`: what health answers say stands there too.
    """

    calendar: Calendar
    notes: Mapping[int, Sequence[Note]]
    reader: int
    decides: bool
    blocks: Whose
    manages: bool
    reasons: bool

    @property
    def day(self) -> date:
        return self.calendar.first

    def digits(self, moment: datetime) -> str:
        return when.digits(moment, self.calendar.zone)

    # --- a practitioner ---

    def sheet(self, column: Column, appointments: Iterable[Appointment]) -> Sheet:
        mine = list(appointments)
        taken = self.calendar.taken(column)
        free = sorted(self._free(column, taken), key=lambda one: one[0].start)
        lines: list[tuple[datetime, int, Visit | Gap]] = [
            (row.starts_at, 1, self.visit(row) if row.state == _State.BOOKED else self._held(row))
            for row in mine
        ]
        lines += [(start, 0, gap) for start, gap in self._gaps(column, taken, free)]
        lines += [(start, 2, gap) for start, gap in self._away(column)]
        number = sum(row.state == _State.BOOKED for row in mine)
        summary = [f"{number} visit{'' if number == 1 else 's'}", *self._hours(column)]
        if free:
            summary.append(f"next free {self.digits(free[0][0].start)}")
        ordered = [line for *_, line in sorted(lines, key=lambda one: one[:2])]
        return Sheet(
            column.pk, column.name, column.is_reader, summary, self._away_url(column, number), ordered
        )

    def _away_url(self, column: Column, visits: int) -> str:
        start, end = when.day_bounds(self.day, self.calendar.zone)
        start = max(start, self.calendar.now)
        if not self.blocks.has(column) or start >= end or not (visits or self.is_in(column)):
            return ""
        # Whoever is away already, now or all day, is not said to be away once more.
        hours = self._stretches(column)
        closes = hours[-1][1] if hours else end
        if any(self._is_away_now(one) or one.start <= start and one.end >= closes for one in column.away):
            return ""
        return block_url(column.pk, start, end, self.calendar.zone)

    def is_in(self, column: Column) -> bool:
        return bool(self._stretches(column)) and not self.calendar.closed_on(self.day)

    def _stretches(self, column: Column) -> list[Interval]:
        zone = self.calendar.zone
        walls = stretches(self.day, column.hours)
        return [(when.instant(start, zone), when.instant(end, zone)) for start, end in walls]

    def _hours(self, column: Column) -> Iterator[str]:
        """'in from 09:00 to 13:00', and time off that reaches over all of it, or over this moment."""
        hours = self._stretches(column)
        if not self.is_in(column):
            yield "not in"
            return
        yield f"in from {self.digits(hours[0][0])} to {self.digits(hours[-1][1])}"
        for away in column.away:
            if away.start <= hours[0][0] and away.end >= hours[-1][1]:
                yield _labelled("away all day", away.label)
            elif self._is_away_now(away):
                words = away_words(away.start, away.end, self.calendar.now, self.calendar.zone)
                yield _labelled(words, away.label)

    def _is_away_now(self, away: Away) -> bool:
        today = when.local_day(self.calendar.now, self.calendar.zone)
        return away.start <= self.calendar.now < away.end and self.day == today

    # --- between visits ---

    def _free(self, column: Column, taken: Sequence[Interval]) -> Iterator[tuple[Slot, Kind]]:
        """The times that can still be booked, each with a kind of visit that fits there."""
        seen: set[datetime] = set()
        for kind in column.kinds:
            for slot in self.calendar.starts(column, kind.rules, taken):
                if slot.start not in seen:
                    seen.add(slot.start)
                    yield slot, kind

    def _gaps(
        self, column: Column, taken: Sequence[Interval], free: Sequence[tuple[Slot, Kind]]
    ) -> Iterator[tuple[datetime, Gap]]:
        for start, end in self.calendar.gaps(column, self.day, taken):
            fits = next(((slot, kind) for slot, kind in free if start <= slot.start < end), None)
            if fits is None and end - start < limits.times.GAP_WORTH_A_LINE:
                continue
            book = _book(*fits) if fits and self.decides else ""
            block = block_url(column.pk, start, end, self.calendar.zone) if self.blocks.has(column) else ""
            words, at = f"Free to {self.digits(end)}", self.digits(fits[0].start) if fits else ""
            yield start, Gap("free", self.digits(start), words, book=book, book_at=at, block=block)
        hours = self._stretches(column)
        for (_, ends), (starts, _) in zip(hours, hours[1:], strict=False):
            yield ends, Gap("off", self.digits(ends), f"Break to {self.digits(starts)}")

    def _away(self, column: Column) -> Iterator[tuple[datetime, Gap]]:
        """Time off, as far as it lies in the hours of the day."""
        for opens, closes in self._stretches(column):
            for away in column.away:
                start, end = max(away.start, opens), min(away.end, closes)
                if start < end:
                    label = f": {away.label}" if away.label else ""
                    yield start, Gap("off", self.digits(start), f"Away to {self.digits(end)}{label}")

    def _held(self, row: Appointment) -> Gap:
        """'Offered to', the client's name, ', ends today 12:00'."""
        moves = row.request.status == Status.CONFIRMED
        what = "Proposed instead of their visit to" if moves else "Offered to" if row.is_offer else "Held for"
        end = near(row.held_until, self.calendar.now, self.calendar.zone) if row.held_until else ""
        until = f" to {self.digits(row.ends_at)}, {'ends' if row.is_offer else 'held until'} {end}"
        return Gap("hold", self.digits(row.starts_at), what, row.request, until)

    # --- a visit ---

    def visit(self, row: Appointment) -> Visit:
        consultation = row.request
        about, why = self._health(row) if self.reasons else ("", [])
        needs, note = _support(consultation)
        waiting = [one for one in visit_questions.of_column(getattr(row, "its_questions", [])) if one.is_open]
        said = ([note] if note else []) + [one.words for one in self.notes.get(consultation.pk, ())]
        return Visit(
            appointment=row,
            at=self.digits(row.starts_at),
            until=self.digits(row.ends_at),
            kind=_kind(row),
            phone=tidy(consultation.phone) or consultation.phone,
            place=self._place(row),
            needs=needs,
            said=said,
            flags=self._flags(row, why, len(waiting)),
            about=about,
            asks=[one.words for one in waiting] if self.reasons else [],
            presses=self._presses(row) if self.decides else [],
            is_unmarked=self._is_unmarked(row),
            of_manager=self.decides and self._is_of_manager(row),
        )

    def _is_unmarked(self, row: Appointment) -> bool:
        """Over, or of an earlier day, and not marked. Whoever is still here today may be in the room."""
        now = self.calendar.now
        in_room = row.arrived_at is not None and when.same_day(row.starts_at, now, self.calendar.zone)
        return row.request.status == Status.CONFIRMED and row.ends_at <= now and not in_room

    def _is_of_manager(self, row: Appointment) -> bool:
        now, zone = self.calendar.now, self.calendar.zone
        marked = row.request.status in (Status.ATTENDED, Status.NO_SHOW)
        return marked and marks.is_of_manager(row, self.reader, now, zone, manages=self.manages)

    def _place(self, row: Appointment) -> tuple[str, str]:
        """Where the client of a visit is, as a style and words."""
        now, status = self.calendar.now, row.request.status
        if status in (Status.ATTENDED, Status.NO_SHOW):
            return ("attended", "Attended") if status == Status.ATTENDED else ("no_show", "Did not come")
        if self._is_unmarked(row):
            return "new", "Not marked yet"
        if row.arrived_at:
            return "confirmed", f"Here since {self.digits(row.arrived_at)}"
        if row.late_at:
            return "waiting", f"Late, {row.late_minutes} min" if row.late_minutes else "Running late"
        if row.starts_at <= now:
            return "new", "Not here yet"
        if row.mode == _Mode.PHONE:
            return "waiting", "We ring them"
        if row.starts_at - now <= limits.times.VISIT_SOON:
            return "soon", f"In {max(1, int((row.starts_at - now).total_seconds() // 60))} min"
        return "waiting", "To come"

    def _presses(self, row: Appointment) -> list[tuple[str, str]]:
        now, zone = self.calendar.now, self.calendar.zone
        corrects = self.manages or marks.is_own(row, self.reader, now, zone)
        possible = marks.possible(row.request.status, row, now, zone, corrects=corrects)
        return mark_actions.presses(row, possible)

    def _flags(self, row: Appointment, why: Sequence[str], questions: int) -> list[tuple[str, str]]:
        """(style, words). The reason of a flag only for whoever may read it; how many `questions` they have, for all."""
        consultation, found = row.request, off.found([row]).get(row.pk)
        waits = consultation.status == Status.CONFIRMED
        # Whoever is in the room already stays.
        ahead = waits and (row.starts_at > self.calendar.now or self._awaited(row))
        doubt = off.sentence(row, found, self.calendar.zone) if found and ahead else ""
        raised = (
            (consultation.urgent, "urgent", "Urgent"),
            (consultation.same_day_call and not consultation.was_reached, "call", "Call today"),
            (getattr(row, "mail_failed", False) and waits, "bad", "Mail failed"),
            (doubt, "bad", doubt),
            (consultation.needs_clinician and not why, "clinician", "Clinician review"),
            (why, "clinician why", f"Because of: {'; '.join(why)}"),
            (questions, "asks", f"{questions} question{'' if questions == 1 else 's'}"),
        )
        return [(style, words) for flag, style, words in raised if flag]

    def _awaited(self, row: Appointment) -> bool:
        """Its time has come and is not over, and nobody has seen its client."""
        return row.arrived_at is None and row.starts_at <= self.calendar.now < row.ends_at

    def _health(self, row: Appointment) -> tuple[str, list[str]]:
        """What the request is about and where, and why it needs a clinician."""
        kept = getattr(row.request, "answers", None)
        data = opened(kept, "data") if kept is not None else {}
        if data is None:
            return "", [SEALED_WORDS]
        named = [name for _, name in sorted(getattr(row, "its_concerns", []))]
        areas = words_of.words(data.get("areas", ()), words_of.AREAS)
        about = ", ".join([*named, *(area.lower() for area in areas)])
        text = data.get("anything_else", "")
        reasons = triage.flags(data.get("applies", ()), data.get("concerns", ()), text).reasons
        return about, [triage.REASONS[code] for code in reasons]


def _labelled(words: str, label: str) -> str:
    return f"{words}: {label}" if label else words


def _book(slot: Slot, kind: Kind) -> str:
    """The page of a phone request, with this time and this kind of visit chosen."""
    asked = urlencode({"slot": slot_text.of(slot), "kind": kind.pk})
    return f"{reverse('admin:bookings_consultationrequest_add')}?{asked}"


def _kind(row: Appointment) -> str:
    """'First consultation', and how if they do not come here and its name does not say so."""
    way, name = _Mode(row.mode), row.consultation_type.name
    said = way is _Mode.IN_PERSON or way.value in name.lower()
    return name if said else f"{name}, {way.label.lower()}"


def _support(consultation: ConsultationRequest) -> tuple[list[str], str]:
    """What they need, in short, and what they wrote about it."""
    if not hasattr(consultation, "support_needs"):
        return [], ""
    data = opened(consultation.support_needs, "data")
    if data is None:
        return [SEALED_WORDS], ""
    return words_of.words(data.get("support", ()), words_of.SUPPORT_IN_SHORT), data.get("support_note", "")


# --- above the sheets -------------------------------------------------------------------------------------------------

# A longer visit needs nothing to be made ready: its time is booked.
_NOT_TO_READY = words_of.SUPPORT_IN_SHORT["longer"]


def counted(visits: Sequence[Visit]) -> str:
    """'7 visits: 1 attended, 1 here, 1 not marked yet, 4 to come, 1 of them late.'"""
    number = len(visits)
    if not number:
        return "No visits."
    settled = [visit.consultation.status for visit in visits if visit.is_settled]
    here, late = sum(visit.is_here for visit in visits), sum(visit.is_late for visit in visits)
    unmarked = sum(visit.is_unmarked for visit in visits)
    to_come = number - len(settled) - here - unmarked
    parts = [
        (settled.count(Status.ATTENDED), "attended"),
        (settled.count(Status.NO_SHOW), "did not come"),
        (here, "here"),
        (unmarked, "not marked yet"),
        (to_come, f"to come, {late} of them late" if late else "to come"),
    ]
    told = ", ".join(f"{count} {words}" for count, words in parts if count)
    return f"{number} visit{'' if number == 1 else 's'}: {told}."


def to_have_ready(visits: Sequence[Visit]) -> str:
    """'2 people need something ready: interpreter at 11:00; step-free and chaperone at 11:00.' Empty if nobody does."""
    needed = [
        (visit.at, [each for each in visit.needs if each != _NOT_TO_READY])
        for visit in visits
        if not visit.is_settled and not visit.is_unmarked
    ]
    waiting = [(at, needs) for at, needs in needed if needs]
    if not waiting:
        return ""
    most = limits.lists.READY_ON_A_DAY
    told = [f"{_listed(needs)} at {at}" for at, needs in waiting[:most]]
    told += [f"and {len(waiting) - most} more"] if len(waiting) > most else []
    who = "1 person needs" if len(waiting) == 1 else f"{len(waiting)} people need"
    return f"{who} something ready: {'; '.join(told)}."


def _listed(words: Sequence[str]) -> str:
    small = [word[:1].lower() + word[1:] for word in words]
    return " and ".join([", ".join(small[:-1]), small[-1]]) if len(small) > 1 else small[0]
