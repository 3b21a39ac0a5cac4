"""The visits that a mail or a calendar file is about: when, how, with whom, and what kind in words that tell nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bookings.availability import Slot
from bookings.messages.plain import plain
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Message, Practitioner, Terms
from bookings.queries import off
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation import money

# What a visit of a plan costs: the kind's own sum would be another, and the plan opens with a link of its own.
AS_IN_LETTER = "as in our letter"
# They name times to choose from.
OFFERING = ("offered", "displaced")
# A kind of visit is called by its name only if each word of it is one of these (and numbers): an editor types the name,
# and somebody else may see the inbox or the calendar. Any other is an "Appointment".
_NEUTRAL = {
    "a", "an", "and", "appointment", "by", "call", "chat", "check", "consultation", "extra", "first",
    "follow", "following", "in", "initial", "introduction", "introductory", "long", "longer", "meeting",
    "minute", "minutes", "new", "next", "on", "online", "or", "our", "person", "phone", "repeat", "return",
    "review", "second", "short", "shorter", "talk", "telephone", "the", "third", "up", "video", "visit",
    "with", "you", "your",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a calendar, or a mail, says about one visit. Times in UTC; the terms are those agreed for it.

    `person` is whom it is with. `kind` tells nobody who reads over a shoulder what it is about.
    """

    start: datetime
    end: datetime
    terms: Terms
    person: str
    kind: str

    @property
    def is_in_person(self) -> bool:
        return self.terms.is_in_person

    @property
    def cost(self) -> str:
        """'£45', as agreed."""
        return money.words(self.terms.fee, self.terms.currency) if self.terms.fee else "nothing to pay"

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def cost_words(visit: Visit, consultation: ConsultationRequest) -> str:
    """What the visit costs, as agreed. Of a plan's session no amount: the plan says it, behind a link of its own."""
    return AS_IN_LETTER if consultation.session_number else visit.cost


def kind_words(kind: ConsultationType) -> str:
    """'First consultation': its name, or 'Appointment' where the name could tell what somebody comes for."""
    words = re.findall(r"[^\W\d_]+", kind.name.lower())
    return plain(kind.name) if words and _NEUTRAL.issuperset(words) else "Appointment"


def called(kind: ConsultationType) -> str:
    """What a mail calls the time that is booked: a session of a plan is no consultation any more."""
    return "visit" if kind.is_session else "consultation"


def of_row(row: Appointment) -> Visit:
    """A time as it was agreed. Reads its practitioner and its kind."""
    return Visit(
        start=row.starts_at,
        end=row.ends_at,
        terms=row.terms,
        person=plain(row.practitioner.name),
        kind=kind_words(row.consultation_type),
    )


def of_message(consultation: ConsultationRequest, message: Message, currency: str) -> list[Visit]:
    """The times that a message is about, in order: its appointments, or in a preview the slots it would be about.

    A preview's slots have the terms that were agreed for them ("terms" of the facts), or else those of today.
    """
    facts = message.facts
    if "slots" in facts:
        terms = facts.get("terms") or consultation.consultation_type.terms(currency)
        return _of_slots(
            sorted(facts["slots"]), terms, consultation.consultation_type, facts.get("people", {})
        )
    ids = [*facts.get("appointments", []), *([facts["appointment"]] if facts.get("appointment") else [])]
    if not ids:
        return []
    rows = [row for row in appointments(consultation) if row.pk in ids]
    if message.kind == "displaced":
        rows = [row for row in rows if row.state == Appointment.State.HELD]
    if message.kind in OFFERING:
        # A late mail names nothing that has since been switched off or closed.
        against = off.against([row.pk for row in rows], clinic_zone())
        rows = [row for row in rows if row.pk not in against]
    return [of_row(row) for row in sorted(rows, key=lambda row: row.starts_at)]


def appointments(consultation: ConsultationRequest) -> Iterable[Appointment]:
    """All of a request's appointments, with their practitioners and kinds. No statement if they are at hand."""
    is_at_hand = "appointments" in getattr(consultation, "_prefetched_objects_cache", {})
    rows = consultation.appointments.all()
    return rows if is_at_hand else rows.select_related("practitioner", "consultation_type")


def cancelled(message: Message) -> list[tuple[ConsultationRequest, Visit, int]]:
    """The visits that went with a yes that was taken back, the earliest first, each with the number of its calendar file.
    Two statements, and none for any other mail.
    """
    told = {one["appointment"]: one["sequence"] for one in message.facts.get("cancelled", ())}
    if not told:
        return []
    rows = Appointment.objects.filter(pk__in=told).select_related(
        "request", "practitioner", "consultation_type"
    )
    return [(row.request, of_row(row), told[row.pk]) for row in rows.order_by("starts_at", "pk")]


def in_calendar(consultation: ConsultationRequest, message: Message, currency: str) -> list[Visit]:
    """The visit that a message's calendar file is about: the one that is gone, whatever is offered instead."""
    if message.kind != "displaced":
        return of_message(consultation, message, currency)
    return [of_row(row) for row in appointments(consultation) if row.pk == message.facts["old"]]


def _of_slots(
    slots: list[Slot], terms: Terms, kind: ConsultationType, people: Mapping[int, str]
) -> list[Visit]:
    """`people` are the practitioners' names as far as the caller knows them; the others are read."""
    unknown = {slot.practitioner_id for slot in slots} - people.keys()
    if unknown:
        people = {**people, **dict(Practitioner.objects.filter(pk__in=unknown).values_list("pk", "name"))}
    words = kind_words(kind)
    return [
        Visit(
            start=slot.start,
            end=slot.end,
            terms=terms,
            person=plain(people.get(slot.practitioner_id, "")),
            kind=words,
        )
        for slot in slots
    ]
