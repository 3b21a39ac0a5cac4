"""What somebody chose or typed for each session on the page that arranges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import QueryDict

from bookings import limits, slot_text, typed_time
from bookings.against import FOR_CLIENTS, REASONED, Against
from bookings.availability import Slot
from bookings.models import ConsultationRequest
from bookings.queries import session_times, visits
from bookings.queries.clinic import Clinic
from bookings.queries.slots import Wanted
from bookings.queries.why_not import why_not
from bookings.typed_time import NotATime
from clinic.foundation import when
from clinic.foundation.text import id_in

# Every session is further ahead than clients choose, and the desk gives whatever minute it types.
_UNSAID = {Against.HORIZON, Against.GRID, Against.NOTICE}


@dataclass(frozen=True)
class Choice:
    """For one session: the chosen time as its form's value, or what was typed with what is wrong. `note`: to be known.
    `by_rule`: only rules that take a reason are against it.
    """

    value: str = ""
    typed: str = ""
    who: int = 0
    problem: str = ""
    note: str = ""
    is_typed: bool = False
    by_rule: bool = False

    def slot(self, session: ConsultationRequest) -> Slot | None:
        """The time that it means, if it means one."""
        read = slot_text.read(self.value)
        return Wanted(kind=session.consultation_type).slot(read[0], read[1]) if read and read[0] else None

    def day(self, session: ConsultationRequest, place: Clinic) -> date | None:
        slot = self.slot(session)
        return when.local_day(slot.start, place.zone) if slot else None


def read(
    data: QueryDict, sessions: Sequence[ConsultationRequest], now: datetime, place: Clinic
) -> dict[int, Choice]:
    """What was sent, by session. A time that was typed takes the place of the chosen one: six statements for each."""
    found = {}
    for session in sessions:
        key = session.pk
        typed = data.get(f"other-{key}", "").strip()[: limits.texts.TYPED_TIME_CHARACTERS + 1]
        one = Choice(data.get(f"slot-{key}", ""), typed, id_in(data.get(f"who-{key}", "")))
        found[key] = _looked(one, session, now, place) if typed else one
    return _beside(found, sessions, place)


def _beside(
    found: dict[int, Choice], sessions: Sequence[ConsultationRequest], place: Clinic
) -> dict[int, Choice]:
    """Each typed time once more, beside what is chosen for the others: what booking all would refuse. No statement."""
    days = {one.pk: found[one.pk].day(one, place) for one in sessions}
    for one in sessions:
        day, choice = days[one.pk], found[one.pk]
        if day is None or not choice.is_typed or choice.problem:
            continue
        others = [(other, there) for other in sessions if other.pk != one.pk and (there := days[other.pk])]
        problem = session_times.too_near(one, day, others)
        if problem:
            found[one.pk] = replace(choice, problem=problem, by_rule=True)
    return found


def _looked(one: Choice, session: ConsultationRequest, now: datetime, place: Clinic) -> Choice:
    """With the typed time chosen, or with what is wrong with it."""
    if not one.who:
        return replace(one, problem="Choose with whom.")
    try:
        start = typed_time.read(one.typed, place.zone, now)
    except NotATime as wrong:
        return replace(one, problem=str(wrong))
    slot = Wanted(kind=session.consultation_type).slot(one.who, start)
    reasons = why_not(slot, visits.wanted_by(session), now=now, place=place, own=session)
    against = [reason for reason in reasons if reason.code not in FOR_CLIENTS]
    if against:
        words = " ".join(reason.words for reason in against)
        return replace(one, problem=words, by_rule=all(reason.code in REASONED for reason in against))
    note = " ".join(reason.words for reason in reasons if reason.code not in _UNSAID)
    return Choice(slot_text.of(slot), who=one.who, note=note, is_typed=True)
