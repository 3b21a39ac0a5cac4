"""Who else wants the time of a request, and which free times to offer them once it is given away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from bookings import limits, ranking
from bookings.availability import Interval, Slot, WeeklyHours
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import desk, suggestions, visits
from bookings.queries import slots as free
from bookings.queries.slots import Diary, Wanted
from bookings.states import OPEN, Status
from clinic.foundation import when
from clinic.foundation.prepared import Prepared


@dataclass(frozen=True)
class Rival:
    """An open request that wants the same time. `times` are the best ones left for it; nobody else here gets them."""

    consultation: ConsultationRequest
    promise: desk.Promise
    holds: bool
    times: Sequence[Slot] = ()


def wanting_the_same(consultation: ConsultationRequest, now: datetime) -> list[ConsultationRequest]:
    """Open requests whose wish, hold or offer meets the time that `consultation` asks for, or that its visit has.

    The most urgent first, then in the order in which they arrived. Appointments of `consultation` come prefetched.
    """
    asked = _time_of(consultation, now)
    if asked is None:
        return []
    (start, end), who = asked
    given = (
        consultation.pk,
        now,
        start - timedelta(hours=8),
        start,
        end,
        *([who] if who is not None else []),
    )
    others = WANTING.models(given, who is not None)
    found = [other for other in others if not _wish_is_over_before(other, start)][: limits.lists.RIVALS]
    prefetch_related_objects(found, "concerns", "windows", "appointments")
    return found


def wanting(given: tuple[Any, ...], of_one: bool) -> QuerySet[ConsultationRequest]:
    """Open requests but one (by key) that at a moment want some of the time from a start to an end, the longest visit before
    it included: with a practitioner (by key), or with anybody.
    """
    but, now, long_before, start, end, *who = given
    wishes = Q(wished_start__gt=long_before, wished_start__lt=end)
    holds = Q(appointments__state=Appointment.State.HELD, appointments__held_until__gt=now)
    holds &= Q(appointments__starts_at__lt=end, appointments__ends_at__gt=start)
    if of_one:
        wishes &= Q(wished_practitioner=None) | Q(wished_practitioner=who[0])
        holds &= Q(appointments__practitioner=who[0])
    others = ConsultationRequest.objects.open().filter(wishes | holds).exclude(pk=but)
    in_order = others.order_by("-urgent", "-same_day_call", "created_at", "pk").distinct()
    return in_order.select_related("consultation_type")


WANTING = Prepared(wanting)  # the page of every request asks it


def _time_of(consultation: ConsultationRequest, now: datetime) -> tuple[Interval, int | None] | None:
    """The time that a request asks for, or of its visit to come, and with whom; None if there is none."""
    booked = next((a for a in consultation.appointments.all() if a.state == Appointment.State.BOOKED), None)
    if consultation.status == Status.CONFIRMED and booked and booked.starts_at > now:
        return (booked.starts_at, booked.ends_at), booked.practitioner_id
    if consultation.wished_start is None or consultation.status not in OPEN:
        return None
    end = consultation.wished_start + timedelta(minutes=consultation.consultation_type.minutes)
    return (consultation.wished_start, end), consultation.wished_practitioner_id


def _wish_is_over_before(other: ConsultationRequest, start: datetime) -> bool:
    """Only its wish made it a candidate, and that ends before `start`."""
    if other.wished_start is None or other.wished_start >= start:
        return False
    return other.wished_start + timedelta(minutes=other.consultation_type.minutes) <= start


def rivals(consultation: ConsultationRequest, diary: Diary | None, now: datetime) -> list[Rival]:
    """Everybody who wants the same time. With a `diary`, and a visit that is booked, also what to offer them.

    Four SQL statements, one if there is nobody; with times one more for each kind of consultation and concern.
    """
    found = wanting_the_same(consultation, now)
    gives = diary is not None and consultation.status == Status.CONFIRMED
    times = _times(found, diary) if diary is not None and gives else {}
    zone = diary.zone if diary else None
    return [
        Rival(
            other,
            desk.promise(other, now, zone) if zone else desk.Promise("later", ""),
            any(desk.is_live_hold(a, now) and not a.is_offer for a in other.appointments.all()),
            times.get(other.pk, ()),
        )
        for other in found
    ]


def _times(others: Sequence[ConsultationRequest], diary: Diary) -> dict[int, list[Slot]]:
    """The best times that are left, by key. Whoever stands first chooses first, and nobody gets what another got."""
    given: dict[int, list[Interval]] = {}
    hours: dict[Wanted, Mapping[int, list[WeeklyHours]]] = {}
    chosen = {}
    for other in others:
        if other.status == Status.OFFERED:
            continue  # they have a choice already
        wanted = visits.wanted_by(other)
        if wanted not in hours:
            hours[wanted] = free.hours_of(wanted)
        left = [slot for slot in diary.free(wanted, hours[wanted]) if not _is_given(slot, wanted, given)]
        around = suggestions.around(wanted, hours[wanted], diary, ())
        best = ranking.rank(left, suggestions.wish_of(other), around, count=limits.times.TIMES_FOR_A_RIVAL)
        chosen[other.pk] = sorted(one.slot for one in best)
        for slot in chosen[other.pk]:
            given.setdefault(slot.practitioner_id, []).append(_blocked(slot, wanted))
    return chosen


def _is_given(slot: Slot, wanted: Wanted, given: Mapping[int, Collection[Interval]]) -> bool:
    begins, ends = _blocked(slot, wanted)
    return any(since < ends and begins < until for since, until in given.get(slot.practitioner_id, ()))


def _blocked(slot: Slot, wanted: Wanted) -> Interval:
    """The time with the minutes kept free around it."""
    before, after = wanted.kind.buffer_before, wanted.kind.buffer_after
    return slot.start - before * when.MINUTE, slot.end + after * when.MINUTE
