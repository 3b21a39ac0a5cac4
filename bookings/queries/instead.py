"""Free times to offer to many clients instead of theirs: never the same one to two of them.

What is taken is read once for all of them, the visits that the rules of sessions count from once, and who works when once
for each kind of wish: the same statements for one client and for forty, but for one each of those who are booked with
somebody who did not see all that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bookings import limits, ranking
from bookings.availability import Slot, WeeklyHours
from bookings.models import ConsultationType
from bookings.queries import session_rules, suggestions
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.session_rules import Histories
from bookings.queries.slots import Diary, Wanted
from bookings.queries.touched import Stretch, Touched, What
from bookings.ranking import Names, Ranked, Wish
from clinic.foundation import when


class Instead:
    """The times around the touched rows, as if the `stretches` were blocked already, and these practitioners worked the
    `hours` that somebody is about to save.
    """

    def __init__(
        self,
        rows: Sequence[Touched],
        place: Clinic,
        now: datetime,
        people: Mapping[int, str],
        *,
        stretches: Sequence[Stretch] = (),
        hours: Mapping[int, list[WeeklyHours]] | None = None,
    ) -> None:
        self.place, self.people = place, people
        self._instead_of = hours or {}
        self._diary = _diary(rows, place, now, stretches)
        # As many minutes as were agreed, with anybody who sees what it is about.
        self._wanted = {row.consultation.pk: suggestions.wanted_by(row.consultation) for row in rows}
        sessions = (
            row for row in rows if session_rules.has_rules(row.consultation, row.first.consultation_type)
        )
        self._histories = Histories([row.consultation for row in sessions], place.zone)
        self._hours: dict[Wanted, Mapping[int, list[WeeklyHours]]] = {}
        self._free: dict[Wanted, list[Slot]] = {}
        self._given: list[tuple[int, datetime, datetime]] = []

    def best(self, row: Touched, count: int) -> list[tuple[Slot, str]]:
        """The best `count` times for this client that are not given to another, each with why. They count as given now."""
        wanted, wish = self._wanted[row.consultation.pk], _wish(row)
        left = [slot for slot in self.free(row) if not self.is_given(row, slot)]
        around = suggestions.around(wanted, self._hours[wanted], self._diary, ())
        found = ranking.rank(left, wish, around, count=count)
        self.give(row, [one.slot for one in found])
        return sorted(((one.slot, self._words(one, wish)) for one in found), key=lambda pair: pair[0])

    def why(self, row: Touched, slot: Slot) -> str:
        """What speaks for one of the `free` times of this client."""
        wanted, wish = self._wanted[row.consultation.pk], _wish(row)
        around = suggestions.around(wanted, self._hours[wanted], self._diary, ())
        return self._words(ranking.score(slot, wish, around), wish)

    def _words(self, one: Ranked, wish: Wish) -> str:
        return ranking.words(one, wish, Names(practitioners=self.people), self.place.zone)

    def free(self, row: Touched) -> Sequence[Slot]:
        """Every time that this client could be offered, whoever else is offered it: one statement for each kind of wish.
        Of a session those that no rule of its kind is against.
        """
        wanted = self._wanted[row.consultation.pk]
        if wanted not in self._free:
            found = free.hours_of(wanted)
            self._hours[wanted] = found | {
                key: rows for key, rows in self._instead_of.items() if key in found
            }
            self._free[wanted] = self._diary.free(wanted, self._hours[wanted])
        return session_rules.to_move(row.appointments, self._free[wanted], self.place.zone, self._histories)

    def give(self, row: Touched, slots: Sequence[Slot]) -> None:
        """These times are one client's: nobody else is proposed one that meets them."""
        self._given += [_blocked(slot, row.consultation.consultation_type) for slot in slots]

    def is_given(self, row: Touched, slot: Slot) -> bool:
        """Whether a time meets one that another client is given."""
        who, begins, ends = _blocked(slot, row.consultation.consultation_type)
        return any(who == other and begins < until and since < ends for other, since, until in self._given)


def _wish(row: Touched) -> Wish:
    """Near the time that they lose, with whom they asked for, if they asked for somebody."""
    wish = suggestions.wish_of(row.consultation)
    return replace(wish, start=row.first.starts_at) if row.what != What.HOLD else wish


def _blocked(slot: Slot, kind: ConsultationType) -> tuple[int, datetime, datetime]:
    """Whose time a slot takes, with the minutes that are kept free around it."""
    before, after = timedelta(minutes=kind.buffer_before), timedelta(minutes=kind.buffer_after)
    return slot.practitioner_id, slot.start - before, slot.end + after


def _diary(
    rows: Sequence[Touched],
    place: Clinic,
    now: datetime,
    stretches: Sequence[Stretch],
) -> Diary:
    """From a week before the first of them, or today, to three weeks after the last."""
    today = when.local_day(now, place.zone)
    days = [when.local_day(row.first.starts_at, place.zone) for row in rows] or [today]
    first = max(today, min(days) - limits.times.DESK_TIMES_BEFORE)
    length = min((max(days) - first).days + limits.times.DESK_TIMES_DAYS, limits.times.INSTEAD_DAYS)
    found = free.read(now=now, first_day=first, days=length, place=place)
    busy = {key: list(taken) for key, taken in found.busy.items()}
    for one in stretches:
        busy.setdefault(one.practitioner_id, []).append((one.start, one.end))
    return replace(found, busy=busy)
