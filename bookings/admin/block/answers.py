"""For each client whom a change of time hits: what is done, the times that are proposed instead, and what they will read.

A page reads the rows (`bookings/queries/touched.py`), makes `Answers` of them and of what was posted, and includes
`admin/bookings/block/answers.html`. Once `is_valid` it shows `mails`, and then calls `perform`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.http import QueryDict

from bookings import limits, slot_text, typed_time
from bookings.admin import mail_preview
from bookings.admin.block import ways
from bookings.admin.block.ways import Way
from bookings.admin.slot_calls import by_phone_words
from bookings.availability import Slot
from bookings.models import ConsultationRequest, Together
from bookings.queries.instead import Instead
from bookings.queries.touched import Touched, What
from bookings.reach import Barrier
from bookings.states import CancelReason
from bookings.typed_time import NotATime
from bookings.workflow import together, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import NotAllowed, WorkflowError
from clinic.foundation import press, when
from clinic.foundation.text import id_in


@dataclass(frozen=True, slots=True)
class Time:
    """One time to tick: its value in the form, "Wed 25 Nov 11:00", with whom, why, and whether it is ticked."""

    value: str
    words: str
    who: str
    why: str = ""
    ticked: bool = True


@dataclass
class Row:
    """One client: the choices, the chosen one, the times, what was typed, and what is wrong with it."""

    touched: Touched
    ways: list[Way]
    way: Way
    times: list[Time] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    typed: str = ""
    wrong: str = ""
    version: int = 0
    is_new: bool = False  # it was not on the page that was posted: it is proposed, and not done

    @property
    def key(self) -> int:
        return self.touched.consultation.pk

    @property
    def offers(self) -> bool:
        """Times may be proposed to them."""
        return any(way.times for way in self.ways)

    @property
    def barriers(self) -> list[Barrier]:
        """Why what this owes is a call to make."""
        return self.touched.consultation.barriers_to(self.way.mail) if self.way.mail else []


def posted(data: QueryDict) -> list[int]:
    """The keys of the requests that were on the page that was posted."""
    keys = [id_in(name.removeprefix("seen-")) for name in data if name.startswith("seen-")]
    return [key for key in keys if key][: limits.lists.TOUCHED_AT_ONCE]


@dataclass(frozen=True)
class Outcome:
    """What came of one client, in words. `style` is done, same (left as it is) or refused."""

    key: int
    name: str
    reference: str
    style: str
    words: str
    by_text: bool = False  # they chose texts
    ring: str = ""  # why a mail may come too late: "the visit was today at 14:00"
    phone: str = ""


class Answers:
    """What is done with everybody who is hit. `data`: what was posted, or None for what we propose.

    `reason` is that of a visit that is cancelled.
    """

    def __init__(
        self,
        rows: Sequence[Touched],
        instead: Instead,
        now: datetime,
        data: QueryDict | None = None,
        *,
        reason: CancelReason = CancelReason.PRACTITIONER_AWAY,
    ) -> None:
        self.instead, self.now, self.reason = instead, now, reason
        self.rows = [self._row(one, data) for one in rows]
        for row in self.rows:
            self._read(row, data)
        for row in self.rows:
            if row.offers and not row.times:
                self._propose(row, is_new=data is None or row.is_new)

    @property
    def is_valid(self) -> bool:
        return not any(row.wrong for row in self.rows)

    @property
    def telling(self) -> list[Row]:
        """Those who hear of it, by mail or on the phone."""
        return [row for row in self.rows if row.way.mail]

    def mails(self) -> Iterator[tuple[Row, Mapping[str, str]]]:
        """What each of them will read or hear: the mail, made by the renderer that makes it."""
        for row in self.telling:
            slots = [*ways.kept(row.touched), *row.slots] if row.way.mail == "offered" else row.slots
            slots = slots if row.way.times or row.way.code == "drop" else []
            data = {"slots": slots, "reason": self.reason, "people": self.instead.people}
            mail = mail_preview.preview(
                row.way.mail,
                row.touched.consultation,
                data,
                "",
                self.instead.place,
                self.now,
                aloud=bool(row.barriers),
            )
            if mail is not None:
                words = mail_preview.said(mail) if row.barriers else mail_preview.readable(mail)["text"]
                yield row, {"subject": mail.subject, "to": mail.to, "text": words}

    def perform(self, actor: Actor, made: Together) -> list[Outcome]:
        """Say the verb of each; the refusal of one stops no other. The press is `actor.press`, of which each has a part.

        `made` is what `together.begin` returned; its press is finished here.
        """
        outcomes = [self._perform(row, actor, made) for row in self.rows]
        together.finish(made, actor, {one.key for one in outcomes if one.style == "done"})
        return outcomes

    def _perform(self, row: Row, actor: Actor, made: Together) -> Outcome:
        touched, consultation = row.touched, row.touched.consultation
        if row.is_new:
            return _outcome(row, "refused", CAME)
        if row.way.code == ways.KEEP:
            return _outcome(row, "same", row.way.done)
        key = press.part(actor.press, row.key)
        part = Actor(actor.kind, actor.label, actor.id, actor.is_manager, key, actor.reads_health)
        origin = Origin(part, self.now, row.version or consultation.version, together=made.pk)
        try:
            ways.go(row.way, touched, row.slots, origin, self.reason)
        except WorkflowError as error:
            if press.done(key):
                return _outcome(row, "done", BY_FIRST)
            return _outcome(row, "refused", _why(error))
        zone = self.instead.place.zone
        said = ", ".join(when.short(slot.start, zone) for slot in row.slots) if row.way.times else ""
        words = f"{row.way.done} {said}.".replace(" .", "") if said else row.way.done
        done = _outcome(
            row, "done", words + (by_phone_words(consultation, row.way.mail) if row.way.mail else "")
        )
        return replace(done, ring=self._ring(row), phone=consultation.phone, by_text=consultation.wants_text)

    def _ring(self, row: Row) -> str:
        """When the visit was to be that is gone, if its client should hear of it on the phone too; else nothing."""
        start, zone = row.touched.first.starts_at, self.instead.place.zone
        lost = row.touched.what is What.VISIT and bool(row.way.mail)
        if not lost or row.barriers or not visit.is_near(row.touched.first, self.now):
            return ""
        day = "today" if when.same_day(start, self.now, zone) else "tomorrow"
        return f"the visit was {day} at {when.digits(start, zone)}"

    # --- what was posted ----------------------------------------------------------------------------------------------

    def _row(self, touched: Touched, data: QueryDict | None) -> Row:
        choices, key = ways.of(touched), touched.consultation.pk
        row = Row(touched, choices, choices[0], version=touched.consultation.version)
        if data is None or not _was_posted(touched, data):
            row.is_new = data is not None
            return row
        chosen = next((way for way in choices if way.code == data.get(f"do-{key}")), None)
        if chosen is None:
            row.wrong = "Choose what is to be done."
        row.way = chosen or row.way
        row.version = id_in(data.get(f"seen-{key}", "")) or row.version
        return row

    def _read(self, row: Row, data: QueryDict | None) -> None:
        """The ticked and typed times of one client; they are given to nobody else."""
        if data is None or not row.offers or not _was_posted(row.touched, data):
            return
        shown = data.getlist(f"shown-{row.key}")[: limits.lists.TICKED_TIMES_READ]
        ticked = set(data.getlist(f"slot-{row.key}")[: limits.lists.TICKED_TIMES_READ])
        free = {slot_text.of(slot): slot for slot in self.instead.free(row.touched)}
        row.times = [
            self._time(free[value], value in ticked, self.instead.why(row.touched, free[value]))
            for value in shown
            if value in free
        ]
        row.slots = [free[value] for value in shown if value in ticked and value in free]
        gone = [value for value in shown if value in ticked and value not in free]
        if row.way.times and gone:
            moment = slot_text.read(gone[0])
            words = when.short(moment[1], self.instead.place.zone) if moment else "One of these"
            row.wrong = (
                f"{words} is not free any more: what you change covers it now, or it was taken. Choose again."
            )
        self._type(row, str(data.get(f"other-{row.key}", "")).strip())
        if row.way.times and not row.wrong:
            row.wrong = self._refusal(row)
        if row.way.times:
            self.instead.give(row.touched, row.slots)

    def _refusal(self, row: Row) -> str:
        """Why these times cannot be offered to this client."""
        if not row.slots:
            return "Tick a time, or choose another way." if row.times else _NOBODY
        most = ways.room(row.touched)
        if len(row.slots) > most:
            return f"Tick {most} times at most." if most > 1 else "Tick one time only."
        zone = self.instead.place.zone
        twice = next((slot for slot in row.slots if self.instead.is_given(row.touched, slot)), None)
        if twice is not None:
            return f"{when.short(twice.start, zone)} is proposed to somebody else above. Choose another."
        return ""

    def _type(self, row: Row, typed: str) -> None:
        """Tick the time that somebody typed, if anybody who fits is free then."""
        row.typed = typed[: limits.texts.TYPED_TIME_CHARACTERS]
        if not typed or not row.way.times:
            return
        zone = self.instead.place.zone
        try:
            start = typed_time.read(typed, zone, self.now)
        except NotATime as error:
            row.wrong = str(error)
            return
        at_that = [slot for slot in self.instead.free(row.touched) if slot.start == start]
        left = [slot for slot in at_that if not self.instead.is_given(row.touched, slot)]
        if not left:
            row.wrong = f"Nobody who fits is free on {when.short(start, zone)}."
            return
        row.typed = ""
        if slot_text.of(left[0]) not in {time.value for time in row.times if time.ticked}:
            row.times.append(self._time(left[0], True, self.instead.why(row.touched, left[0])))
            row.slots = sorted([*row.slots, left[0]])

    # --- what we propose ----------------------------------------------------------------------------------------------

    def _propose(self, row: Row, *, is_new: bool) -> None:
        """The best times for a client; if there are none, the choice falls on what needs none."""
        count = min(limits.times.TIMES_INSTEAD, ways.room(row.touched))
        found = self.instead.best(row.touched, count)
        row.times = [self._time(slot, True, why) for slot, why in found]
        row.slots = [slot for slot, _ in found]
        if not found and is_new:
            row.way = next((way for way in row.ways if not way.times), row.way)

    def _time(self, slot: Slot, ticked: bool, why: str = "") -> Time:
        who = self.instead.people.get(slot.practitioner_id, "")
        return Time(slot_text.of(slot), when.short(slot.start, self.instead.place.zone), who, why, ticked)


def by_first_press(data: QueryDict, key: str) -> list[Outcome]:
    """The same page pressed a second time: what the first press (`key`) did with each, or that it is still at it."""
    found = ConsultationRequest.objects.in_bulk(posted(data))
    rest = ("same", "Left as it is.") if together.is_finished(key) else ("refused", _STILL)
    outcomes = []
    for one in found.values():
        is_done = press.done(press.part(key, one.pk)) is not None
        style, words = ("done", BY_FIRST) if is_done else rest
        outcomes.append(Outcome(one.pk, one.name, one.reference, style, words))
    return outcomes


_STILL = (
    "Your first press is still at it. Load this page again in two minutes: if the machine was stopped on the way, that does "
    "what is left."
)
BY_FIRST = "Done by your first press."
CAME = "It came while you decided, and nobody was told."
_NOBODY = "Nobody who fits is free in the next weeks. Choose another way."


def _was_posted(touched: Touched, data: QueryDict | None) -> bool:
    return data is not None and f"do-{touched.consultation.pk}" in data


def _outcome(row: Row, style: str, words: str) -> Outcome:
    consultation = row.touched.consultation
    return Outcome(row.key, consultation.name, consultation.reference, style, words)


def _why(error: WorkflowError) -> str:
    """Why nothing was changed; what somebody else did meanwhile."""
    if isinstance(error, NotAllowed):
        return f"It is “{error.consultation.state.words}” by now. {error}"
    return str(error)
