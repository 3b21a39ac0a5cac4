"""Who "any practitioner" is: a client may want whoever is free, and so may staff looking for a time.

Until taken, a time is nobody's: the wish is stored without a practitioner, and a page offers each moment once, however
many are free then. When it is taken (a hold, a move, "confirm the time they asked for") `choose` says whose it is, locking
all who fit. A hold and a visit always have a practitioner; the wish stays "any", so that a hold that has run out
binds nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Q

from bookings.availability import Slot
from bookings.constraints import OCCUPYING
from bookings.models import Practitioner
from bookings.queries.clinic import Clinic
from bookings.queries.clinic import zone as clinic_zone
from bookings.queries.slots import Wanted, free_at, lists, practitioners
from clinic.foundation import when

# Of so many a page says with whom a time may be: of more it is not known before the time is taken.
SAID = 2
# The practitioner's id for a time that somebody wants with whoever is free then.
ANYBODY = 0


def choose(found: Collection[Slot], concerns: Collection[str] = ()) -> Slot | None:
    """Which of these free times at one moment is taken; None if there are none.

    Whoever lists one of the `concerns` (codes) comes before those who see everything without naming it; then the one with
    the fewest appointments in the clinic's week of that moment; in a tie, whoever was added first. Everything that means
    "any practitioner" asks here, so that the desk and the client's page agree.
    """
    if len(found) < 2:
        return next(iter(found), None)
    some = next(iter(found))
    ranks = _ranks([slot.practitioner_id for slot in found], some.start, concerns)
    return min(found, key=lambda slot: (*ranks[slot.practitioner_id], slot.practitioner_id))


def likely(wanted: Wanted, start: datetime, *, now: datetime, place: Clinic) -> Practitioner | None:
    """Whose a time would be if it were taken `now`; None if nobody is free then. Until it is taken that may change."""
    slot = choose(free_at(wanted, start, now=now, place=place), wanted.concerns)
    return Practitioner.objects.get(pk=slot.practitioner_id) if slot else None


def may_be(wanted: Wanted, start: datetime, *, now: datetime, place: Clinic) -> str:
    """With whom a time would be, in words: 'Ana Ruiz', or 'Ana Ruiz or Bo Reyes' as the page of free times said before it
    knew what they come for. Empty if nobody is free then, or if more than two are left. Three SQL statements.
    """
    there = {slot.practitioner_id for slot in free_at(wanted, start, now=now, place=place)}
    names = {one.pk: one for one in practitioners(wanted) if one.pk in there}
    if len(names) > SAID:
        listing = [key for key, one in names.items() if getattr(one, "lists_it", False)]
        names = {key: names[key] for key in preferred(names, listing)}
    return " or ".join(sorted(one.name for one in names.values())) if len(names) <= SAID else ""


def preferred(people: Collection[int], listing: Collection[int]) -> list[int]:
    """Of those who are free at a moment, by key, those among whom `choose` takes one: who lists the concern, if any does."""
    return [key for key in people if key in listing] or list(people)


def _ranks(
    practitioner_ids: Collection[int], start: datetime, concerns: Collection[str]
) -> dict[int, tuple[bool, int]]:
    """Whether each practitioner does not list any of the concerns; and their held and booked appointments from Monday to
    Sunday around `start`, by the clinic's calendar."""
    zone = clinic_zone()
    monday = when.local_day(start, zone) - timedelta(days=when.local_day(start, zone).weekday())
    week = Q(
        appointments__state__in=OCCUPYING,
        appointments__starts_at__gte=when.day_bounds(monday, zone)[0],
        appointments__starts_at__lt=when.day_bounds(monday + timedelta(days=6), zone)[1],
    )
    rows = Practitioner.objects.filter(pk__in=practitioner_ids).annotate(
        visits=Count("appointments", filter=week), lists=lists(concerns)
    )
    return {
        key: (not is_listed, visits) for key, is_listed, visits in rows.values_list("pk", "lists", "visits")
    }
