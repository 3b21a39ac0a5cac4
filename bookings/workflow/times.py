"""Taking and freeing a practitioner's time, always inside a verb's transaction.

Rows of practitioners are locked in sorted order before any appointment is touched: without it PostgreSQL
deadlocks about four times in 1,500 races. On SQLite the transaction already holds the only write lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Count, Q

from bookings.availability import Slot
from bookings.constraints import OCCUPYING
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Practitioner
from bookings.queries import slots as free
from bookings.queries.clinic import zone as clinic_zone
from bookings.workflow.core import Act, Overlap
from bookings.workflow.errors import Refused
from clinic.foundation import locks, when

_State = Appointment.State


def lock(practitioner_ids: Iterable[int | None]) -> None:
    """Hold these practitioners' rows until the transaction ends, in sorted order."""
    wanted = sorted({key for key in practitioner_ids if key is not None})
    if wanted:
        list(
            Practitioner.objects.select_for_update(no_key=True)
            .filter(pk__in=wanted)
            .order_by("pk")
            .values_list("pk")
        )


def lock_mailbox(mailbox: str) -> None:
    """Until the transaction ends nobody else can count or add the holds of this mailbox. Before any practitioner is locked.

    The practitioners' locks are not enough: one client may ask for times of several at the same moment.
    """
    locks.take_turns(f"holds of {mailbox}")


def occupying(request: ConsultationRequest) -> list[Appointment]:
    """The request's own held and booked appointments."""
    return list(request.appointments.occupying())


def occupy(
    doing: Act,
    slot: Slot,
    *,
    state: str,
    held_until: datetime | None = None,
    is_offer: bool = False,
) -> Appointment:
    """Hold or book `slot` for the request. The practitioner must be locked. Raises Overlap when somebody has the time."""
    kind = doing.request.consultation_type
    blocks_from = slot.start - timedelta(minutes=kind.buffer_before)
    blocks_until = slot.end + timedelta(minutes=kind.buffer_after)
    in_the_way = Appointment.objects.occupying().filter(
        practitioner_id=slot.practitioner_id, blocks_from__lt=blocks_until, blocks_until__gt=blocks_from
    )
    # A hold that has run out never blocks a real booking.
    in_the_way.filter(state=_State.HELD, held_until__lte=doing.now).update(state=_State.RELEASED)
    if in_the_way.exists():
        raise Overlap(kind, slot.start, doing.now)
    try:
        return Appointment.objects.create(
            request=doing.request,
            practitioner_id=slot.practitioner_id,
            consultation_type=kind,
            starts_at=slot.start,
            ends_at=slot.end,
            blocks_from=blocks_from,
            blocks_until=blocks_until,
            state=state,
            held_until=held_until,
            is_offer=is_offer,
            created_at=doing.now,
        )
    except IntegrityError as error:
        if "appointments_do_not_overlap" in str(error):
            raise Overlap(kind, slot.start, doing.now) from error
        raise


def refuse_closed(doing: Act, *slots: Slot) -> None:
    """Raise Refused("closed") when one of these times is outside working hours, in time off or in a closure.

    What occupies the time already is another question, and occupy()'s.
    """
    for slot in slots:
        if not free.is_open(slot, doing.now):
            at = when.moment(slot.start, clinic_zone())
            raise Refused("closed", f"{at} is outside working hours, or the clinic is closed then.")


def book_held(doing: Act, appointment: Appointment) -> bool:
    """Turn the request's own hold into a booking. False when the hold has run out or was released."""
    changed = Appointment.objects.filter(
        pk=appointment.pk, request=doing.request, state=_State.HELD, held_until__gt=doing.now
    ).update(state=_State.BOOKED, held_until=None)
    appointment.refresh_from_db()
    return changed == 1


def release(request: ConsultationRequest, *, keep: Appointment | None = None) -> int:
    """Free everything the request holds or has booked, except `keep`. Its practitioners must be locked."""
    rows = request.appointments.occupying()
    if keep is not None:
        rows = rows.exclude(pk=keep.pk)
    return rows.update(state=_State.RELEASED)


def lock_all(request: ConsultationRequest, others: Collection[int | None] = ()) -> list[Appointment]:
    """Lock the practitioners of the request's own appointments and `others`; return those appointments, fresh."""
    own = occupying(request)
    lock([*(row.practitioner_id for row in own), *others])
    return occupying(request)


def pick(
    kind: ConsultationType,
    start: datetime,
    *,
    practitioner_id: int | None,
    concerns: Collection[str],
    now: datetime,
) -> Slot:
    """The slot that a client's chosen start means now, with its practitioner locked.

    With a practitioner: theirs, if it is still offered. With "any": the suitable one with the fewest
    appointments in the clinic's week of `start` (ties: who was added first). Raises Overlap when nobody is free.
    """
    if practitioner_id is None:
        lock(Practitioner.objects.filter(free.suitable(kind, concerns)).values_list("pk", flat=True))
    else:
        lock([practitioner_id])
    offered = free.free_at(
        now=now, consultation_type=kind, start=start, practitioner_id=practitioner_id, concerns=concerns
    )
    if not offered:
        raise Overlap(kind, start, now)
    if len(offered) == 1:
        return offered[0]
    visits = _visits_in_the_week([slot.practitioner_id for slot in offered], start)
    return min(offered, key=lambda slot: (visits[slot.practitioner_id], slot.practitioner_id))


def _visits_in_the_week(practitioner_ids: Collection[int], start: datetime) -> dict[int, int]:
    """Held and booked appointments of each practitioner from Monday to Sunday around `start`, by the clinic's calendar."""
    zone = clinic_zone()
    monday = when.local_day(start, zone) - timedelta(days=when.local_day(start, zone).weekday())
    week = Q(
        appointments__state__in=OCCUPYING,
        appointments__starts_at__gte=when.day_bounds(monday, zone)[0],
        appointments__starts_at__lt=when.day_bounds(monday + timedelta(days=6), zone)[1],
    )
    rows = Practitioner.objects.filter(pk__in=practitioner_ids).annotate(
        visits=Count("appointments", filter=week)
    )
    return dict(rows.values_list("pk", "visits"))
