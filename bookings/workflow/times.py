"""Taking and freeing a practitioner's time, always inside a verb's transaction.

The practitioners' rows are locked in sorted order before any appointment is touched: without that PostgreSQL
deadlocks about four times in 1,500 races. On SQLite the transaction already holds the only write lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from bookings.against import FOR_CLIENTS, Against
from bookings.availability import Slot
from bookings.models import Appointment, ConsultationRequest, Note, Practitioner, Terms
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries import any_practitioner, off, session_rules, visits
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic
from bookings.queries.off import Off
from bookings.queries.slots import Wanted
from bookings.states import Who
from bookings.workflow.core import Change, Overlap, add_note
from bookings.workflow.errors import Refused, SwitchedOff
from clinic.foundation import locks, when
from clinic.foundation.prepared import Prepared

_State = Appointment.State


def lock(practitioner_ids: Iterable[int | None], own: AppointmentQuerySet | None = None) -> None:
    """Lock these practitioners, and those of `own` appointments, until the transaction ends, in sorted order."""
    wanted = Q(pk__in={key for key in practitioner_ids if key is not None})
    if own is not None:
        wanted |= Q(pk__in=own.order_by().values("practitioner"))
    list(Practitioner.objects.select_for_update(no_key=True).filter(wanted).order_by("pk").values_list("pk"))


def lock_mailbox(mailbox: str) -> None:
    """Let nobody else count or add holds of this mailbox until the transaction ends. Call it before locking practitioners.

    The practitioners' locks are not enough: one client may ask several practitioners for times at the same moment.
    """
    locks.take_turns(f"holds of {mailbox}")


def occupying(consultation: ConsultationRequest) -> list[Appointment]:
    """The request's own held and booked appointments."""
    found = list(OWN.models((consultation.pk,)))
    for row in found:
        row.request = consultation
    return found


def of_request(given: tuple[int], _: None) -> AppointmentQuerySet:
    return Appointment.objects.occupying().filter(request=given[0])


OWN = Prepared(of_request)  # all verbs that take or free a time ask it


def occupy(
    change: Change,
    slot: Slot,
    *,
    state: str,
    held_until: datetime | None = None,
    is_offer: bool = False,
    wanted: Wanted | None = None,
    terms: Terms | None = None,
    although: Collection[str] = (),
) -> Appointment:
    """Hold or book `slot` for the request. The practitioner must be locked. Raises Overlap when somebody has the time.

    `terms` are those of the kind as it is now, unless others were agreed. `wanted` (by default what the request asks for)
    is used to find the nearest times when this one has gone.
    """
    kind = change.consultation.consultation_type
    agreed = terms or kind.terms(change.clinic.profile.currency)
    row = Appointment(
        request=change.consultation,
        practitioner_id=slot.practitioner_id,
        consultation_type=kind,
        starts_at=slot.start,
        ends_at=slot.end,
        blocks_from=slot.start - timedelta(minutes=kind.buffer_before),
        blocks_until=slot.end + timedelta(minutes=kind.buffer_after),
        state=state,
        held_until=held_until,
        is_offer=is_offer,
        stands_although=" ".join(although),
        created_at=change.now,
        **asdict(agreed),
        **clock_at(slot.start, change.clinic.zone),
    )
    _take(change, row, wanted)
    return row


def shift(change: Change, appointment: Appointment, by: timedelta) -> None:
    """Move a booked row's four moments. The practitioner must be locked. Raises Overlap when somebody has the time."""
    for name in ("starts_at", "ends_at", "blocks_from", "blocks_until"):
        setattr(appointment, name, getattr(appointment, name) + by)
    _take(change, appointment)


def take_again(change: Change, appointment: Appointment, values: Mapping[str, Any]) -> None:
    """Give a row of the request these columns back. The practitioner must be locked. Raises Overlap like `shift`."""
    for name, value in values.items():
        setattr(appointment, name, value)
    _take(change, appointment)


def _take(change: Change, row: Appointment, wanted: Wanted | None = None) -> None:
    """Save a row, new or moved, if its time is free. Raises Overlap; the transaction can still go on after it."""
    in_the_way = _in_the_way(row)
    # A hold that has run out never blocks a real booking.
    in_the_way.filter(state=_State.HELD, held_until__lte=change.now).update(state=_State.RELEASED)
    if in_the_way.exists():
        raise _overlap(change, row, wanted)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "appointments_do_not_overlap" in str(error):
            raise _overlap(change, row, wanted) from error
        raise


def _in_the_way(row: Appointment) -> AppointmentQuerySet:
    """What occupies any of the time that a row blocks, of the same practitioner."""
    theirs = Appointment.objects.occupying().filter(practitioner_id=row.practitioner_id)
    return theirs.filter(blocks_from__lt=row.blocks_until, blocks_until__gt=row.blocks_from).exclude(
        pk=row.pk
    )


def _overlap(change: Change, row: Appointment, wanted: Wanted | None) -> Overlap:
    """What is in the way is named to staff alone."""
    whose = _whose(change, row) if change.actor.kind == Who.STAFF else ""
    return Overlap(wanted or visits.wanted_by(change.consultation), row.starts_at, change.now, whose)


def _whose(change: Change, row: Appointment) -> str:
    """'7K2M has Thu 3 Dec 10:00 to 10:45, and 15 minutes after it are kept free.' Empty if it has gone again."""
    other = _in_the_way(row).select_related("request").order_by("starts_at").first()
    if other is None:
        return ""
    zone, after = change.clinic.zone, int((other.blocks_until - other.ends_at).total_seconds() // 60)
    has = "has" if other.state == _State.BOOKED else "is offered" if other.is_offer else "holds"
    words = f"{other.request.reference} {has} {when.short(other.starts_at, zone)} to {when.digits(other.ends_at, zone)}"
    return f"{words}, and {after} minutes after it are kept free." if after else f"{words}."


def clock_at(start: datetime, zone: ZoneInfo) -> dict[str, str]:
    """What the clinic's clock shows at `start`, and in which zone: the columns of an appointment that is agreed now."""
    return {"agreed_clock": when.local(start, zone).isoformat(), "agreed_zone": zone.key}


# Where the page of one request has a field for the reason.
SAY_WHY = "Look at it beside the time, and say why it is right all the same."


def refuse_closed(
    change: Change, slot: Slot, *, although: Collection[str] = (), moves: bool = False
) -> list[str]:
    """Raise SwitchedOff or Refused("closed") for a time that staff have not agreed to: with a practitioner or of a kind that
    is switched off, on a closed day, in time off, outside working hours.

    `although` has the codes (bookings/against.py) that they were told and agreed to; the event keeps them. Returns what the
    appointment's row notes: those that apply, and what is left to the judgement of staff, who judge it by booking: concerns,
    and with `moves` (a booked visit moves) a kind that is no longer offered. Whether the time is already occupied is for
    occupy() to say; nobody can agree to that.
    """
    zone = change.clinic.zone
    theirs = {Off.CONCERN, Off.TYPE} if moves else {Off.CONCERN}
    found = off.against_slot(slot, change.consultation.consultation_type, zone, change.consultation)
    refused = [one for one in found if one not in theirs and one not in although]
    if refused:
        moment = when.moment(slot.start, zone)
        raise SwitchedOff(refused, f"{moment} cannot be booked. {_words(refused[0], change, slot)}")
    outside = not free.in_working_hours(slot, zone)
    if outside and Against.HOURS not in although:
        moment = when.moment(slot.start, zone)
        raise Refused("closed", f"{moment} is outside working hours, or the clinic is closed then.")
    noted = [str(one) for one in found] + ([Against.HOURS.value] if outside else [])
    noted += _past_rules(change, slot, although)
    told = {*noted, *FOR_CLIENTS}.intersection(although)
    if told:
        change.fact(although=sorted({*change.facts.get("although", ()), *map(str, told)}))
    return noted


def offer_end(change: Change, chosen: Sequence[Slot], open_minutes: int | None) -> datetime:
    """The end (UTC) of an offer of these times, in order: never after the last begins. Raises Refused("past")."""
    until = min(change.clinic.offer_end(change.now, open_minutes), chosen[-1].start)
    if until <= change.now:
        raise Refused("past", "The end of the offer must still be to come.")
    return until


def hold_offer(
    change: Change,
    own: Sequence[Appointment],
    chosen: Sequence[Slot],
    until: datetime,
    although: Collection[str],
    *,
    terms: Terms | None = None,
    wanted: Wanted | None = None,
    moves: bool = False,
) -> list[Appointment]:
    """Hold the `chosen` times for the client to choose from, in place of the request's `own`. Their practitioners must be
    locked. `terms` and `wanted` as for `occupy`, `although` and `moves` as for `refuse_closed`.
    """
    noted = [
        refuse_closed(change, slot, although=agreed(own, slot, although), moves=moves) for slot in chosen
    ]
    release(own)
    return [
        occupy(
            change,
            slot,
            state=_State.HELD,
            held_until=min(until, slot.start),
            is_offer=True,
            wanted=wanted,
            terms=terms,
            although=codes,
        )
        for slot, codes in zip(chosen, noted, strict=True)
    ]


def agreed_before(consultation: ConsultationRequest) -> Terms | None:
    """What was agreed about the visit that staff took from this client, while they have no other: it still holds."""
    if consultation.displaced_at is None:
        return None
    taken = consultation.events.filter(verb="displace").order_by("-version").first()
    visit = consultation.appointments.filter(pk=taken.facts["appointment"]).first() if taken else None
    return visit.terms if visit else None


def _past_rules(change: Change, slot: Slot, although: Collection[str]) -> list[str]:
    """The rules of a treatment session that this time goes past. Raises Refused: "rule" for one that staff have not agreed
    to, "because" when they have not typed why; a reason is kept as an internal note. A time that the request has already
    needs no second one, nor does what is `noted` on one of its times wherever it moves.
    """
    consultation = change.consultation
    found = session_rules.against(
        consultation, consultation.consultation_type, slot.start, change.clinic.zone
    )
    for code, words in found.items():
        if code not in although:
            raise Refused("rule", f"{words} {SAY_WHY}")
    own = consultation.appointments.all() if found else ()
    had = at(own, slot)
    known = {*session_rules.noted(own), *(had.stands_although.split() if had else ())}
    if set(found) - known:
        if not change.origin.because.strip():
            raise Refused("because", f"{next(iter(found.values()))} Type why it is right all the same.")
        add_note(change, Note.Kind.INTERNAL, change.origin.because.strip())
    return [code.value for code in found]


def refuse_past_rules(change: Change, visit: Appointment, start: datetime) -> None:
    """Raise Refused("rule") for a time that the rules of a session or its plan are against: of a client who moves one, and
    goes past none but for what is `noted` on it.
    """
    zone = change.clinic.zone
    found = session_rules.against(change.consultation, visit.consultation_type, start, zone, moved=visit)
    if words := session_rules.told(found, visit):
        raise Refused("rule", f"{words} Please choose another time, or call us.")


def at(own: Iterable[Appointment], slot: Slot) -> Appointment | None:
    """Which of these appointments is with this practitioner from this moment on."""
    there = (slot.practitioner_id, slot.start)
    return next((row for row in own if (row.practitioner_id, row.starts_at) == there), None)


def agreed(own: Iterable[Appointment], slot: Slot, although: Collection[str]) -> frozenset[str]:
    """`although`, and what staff agreed to when the request got this very time, which is among its `own`."""
    mine = at(own, slot)
    return frozenset(although).union(mine.stands_although.split() if mine else ())


def refuse_off(
    change: Change, appointment: Appointment, *, instead: str = "You can ask for other times, or call us."
) -> None:
    """Raise SwitchedOff when something that this offered time needs has been switched off, closed or taken out of the hours
    since the offer.

    `instead` ends the refusal: what the client can do then.
    """
    found = off.against([appointment.pk], change.clinic.zone).get(appointment.pk)
    if found:
        words = _words(found[0], change, slot_of(appointment))
        raise SwitchedOff(found, f"That time can no longer be booked. {words} {instead}")


def refuse_wish(wanted: Wanted, start: datetime | None) -> None:
    """Raise SwitchedOff when what a client asks for can no longer be had, whoever else may be free."""
    found = off.against_wish(wanted, start)
    if found:
        raise SwitchedOff(found, f"{off.wish_words(wanted, start)} Please choose again, or call us.")


def _words(found: Off, change: Change, slot: Slot) -> str:
    person = Practitioner.objects.get(pk=slot.practitioner_id)
    day = when.day(slot.start, change.clinic.zone)
    return off.words(found, who=person.name, kind=change.consultation.consultation_type.name, day=day)


# What `slot_of` reads.
SLOT = ("practitioner_id", "starts_at", "ends_at")


def slot_of(appointment: Appointment) -> Slot:
    """The time that a row occupies, without its buffers."""
    return Slot(
        practitioner_id=appointment.practitioner_id, start=appointment.starts_at, end=appointment.ends_at
    )


def book_held(
    change: Change,
    appointment: Appointment,
    *,
    although: Collection[str] | None = None,
    terms: Terms | None = None,
) -> bool:
    """Turn the request's own hold into a booking. False when the hold has run out or was released.

    What is agreed is what the clinic's clock shows now: the page that books it says so. `although` is what staff have
    judged by booking it; None leaves what was noted when it was held. `terms` are its own with the fee text that
    they book it with; None leaves the one that it was offered with.
    """
    values: dict[str, Any] = {"state": _State.BOOKED, "held_until": None}
    values |= clock_at(appointment.starts_at, change.clinic.zone)
    if although is not None:
        values["stands_although"] = " ".join(although)
    if terms is not None:
        values["fee_text_id"] = terms.fee_text_id
    held = Appointment.objects.filter(
        pk=appointment.pk, request=change.consultation, state=_State.HELD, held_until__gt=change.now
    )
    if held.update(**values) != 1:
        return False
    for name, value in values.items():
        setattr(appointment, name, value)
    return True


def release(own: Iterable[Appointment], *, keep: Appointment | None = None) -> None:
    """Free these of the request's own appointments, as `lock_all` returned them, except `keep`."""
    freed = [row.pk for row in own if row != keep]
    if freed:
        Appointment.objects.occupying().filter(pk__in=freed).update(state=_State.RELEASED)


def lock_all(consultation: ConsultationRequest, others: Collection[int | None] = ()) -> list[Appointment]:
    """Lock the practitioners of the request's own appointments and `others`; return those appointments.

    Only its own verbs give a request appointments, and this verb has swapped it: none can come in between.
    """
    lock(others, consultation.appointments.occupying())
    return occupying(consultation)


def everybody(wanted: Wanted) -> list[int]:
    """The practitioners to lock before a time is picked: the named one, or all who fit."""
    if wanted.practitioner_id is not None:
        return [wanted.practitioner_id]
    return free.who_fits(wanted)


def pick(wanted: Wanted, start: datetime, place: Clinic, *, now: datetime) -> Slot:
    """The slot that a client's chosen start means now, with its practitioner locked.

    With a practitioner: theirs, if it is still offered. With "any": see any_practitioner.py. Raises SwitchedOff when it
    can no longer be had, Overlap when nobody is free.
    """
    lock(everybody(wanted))
    found = any_practitioner.choose(free.free_at(wanted, start, now=now, place=place), wanted.concerns)
    if found is None:
        refuse_wish(wanted, start)
        raise Overlap(wanted, start, now)
    return found
