"""What the client's pages show, read for one client at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bookings import answers
from bookings.models import (
    Appointment,
    ConsultationRequest,
    ConsultationType,
    Event,
    Note,
    Plan,
    Practitioner,
    windows_in_words,
)
from bookings.queries import off
from bookings.queries.clinic import Clinic
from bookings.queries.offered import types_offered
from bookings.states import DeclineReason, Status
from clinic.foundation.prepared import Prepared
from content.models import Concern, Page, Treatment
from content.ready.per_edition import PerEdition


@dataclass(frozen=True)
class Options:
    """What a request can be about: rows that editors change, as (code, name, the few words under it). Of a concern also
    the drawing of its page, or an empty text."""

    clinic: str
    concerns: tuple[tuple[str, str, str, str], ...]
    treatments: tuple[tuple[str, str, str], ...]


def options(place: Clinic) -> Options:
    """The concerns and the offered treatments, in the editors' order: no SQL statement, or two after a change of theirs."""
    return Options(
        clinic=place.profile.name,
        concerns=_CONCERNS.of(place.edition),
        treatments=_TREATMENTS.of(place.edition),
    )


def concerns(_: tuple[()], __: None) -> QuerySet[Any, Any]:
    pages = Page.objects.published().filter(kind=Page.Kind.CONCERN, concerns=OuterRef("pk")).order_by("order")
    drawing = Coalesce(Subquery(pages.values("drawing")[:1]), Value(""))
    return Concern.objects.values_list("code", "name", "tell", drawing)


def treatments(_: tuple[()], __: None) -> QuerySet[Any, Any]:
    return Treatment.objects.offered().values_list("code", "name", "short")


def sent_with(draft_id: UUID) -> ConsultationRequest | None:
    """What the draft with this id has become, with its kind."""
    return next(SENT.models((draft_id,)), None)


def sent(given: tuple[UUID], _: None) -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.select_related("consultation_type").filter(draft_id=given[0])


SENT = Prepared(sent)
CONCERNS, TREATMENTS = Prepared(concerns), Prepared(treatments)
TYPES = Prepared(types_offered)  # the first page of a request and its page of times read it
_CONCERNS: PerEdition[tuple[tuple[str, str, str, str], ...]] = PerEdition(lambda: tuple(CONCERNS.rows(())))
_TREATMENTS: PerEdition[tuple[tuple[str, str, str], ...]] = PerEdition(lambda: tuple(TREATMENTS.rows(())))


def types() -> list[ConsultationType]:
    """The kinds of consultation that clients can ask for and that somebody gives. Treatment sessions are none of them."""
    return list(TYPES.models(()))


def kind_with(key: int | None) -> ConsultationType | None:
    """The kind with this key, whether it is offered or not."""
    return next(KIND.models((key or 0,)), None)


def kind_shown(key: int | None, place: Clinic) -> ConsultationType | None:
    """The same as pages name it. No SQL statement as a rule: pages show kinds and what they cost, so they are read once an
    edition. Not to be changed."""
    return _KINDS.of(place.edition).get(key) if key else None


_KINDS: PerEdition[dict[int, ConsultationType]] = PerEdition(lambda: ConsultationType.objects.in_bulk())


def _kind(given: tuple[int], _: None) -> QuerySet[ConsultationType]:
    return ConsultationType.objects.filter(pk=given[0])


KIND = Prepared(_kind)


def practitioner_name(key: int | None, place: Clinic) -> str:
    """With whom a time was chosen; empty for whoever is free, and for nobody who is known. No SQL statement as a rule: a
    team page shows names, so they are read once an edition."""
    return _NAMES.of(place.edition).get(key, "") if key else ""


_NAMES: PerEdition[dict[int, str]] = PerEdition(lambda: dict(Practitioner.objects.values_list("pk", "name")))


def other_holds(consultation: ConsultationRequest, now: datetime) -> int:
    """How many other open requests of the same mailbox hold a time."""
    return len(list(HOLDING.rows((now, consultation.mailbox, consultation.pk))))


def holding(given: tuple[datetime, str, int], _: None) -> QuerySet[Appointment, Any]:
    now, mailbox, but = given
    held = Appointment.objects.held().filter(held_until__gt=now, is_offer=False, request__mailbox=mailbox)
    return held.exclude(request_id=but).order_by().values_list("request").distinct()


HOLDING = Prepared(holding)


def prefilled(public_id: str, numbers: str = "", *, concern: str = "") -> dict[str, Any]:
    """The answers that come with a page: its concerns and treatments, and the page itself. Nothing if it is unknown.

    `numbers` of treatments without a page, "3.7": those that a reader set side by side; `concern`: the opaque name
    of the one for which they read them.
    """
    if numbers:
        wanted = [int(one) for one in numbers.split(".") if one.isascii() and one.isdigit() and len(one) < 10]
        ticked = list(Treatment.objects.offered().filter(pk__in=wanted).values_list("code", flat=True))
        read_for = (
            list(Concern.objects.filter(public_id=concern).values_list("code", flat=True)) if concern else []
        )
        along = {"treatments": ticked, "concerns": read_for if ticked else []}
        return {key: value for key, value in along.items() if value}
    page = Page.objects.published().filter(public_id=public_id).first() if public_id else None
    if page is None:
        return {}
    found: dict[str, Any] = {
        "source_page": page.pk,
        "concerns": list(page.concerns.values_list("code", flat=True)),
        "treatments": list(page.treatments.offered().values_list("code", flat=True)),
    }
    return {key: value for key, value in found.items() if value}


def real_concerns(chosen: list[str]) -> list[str]:
    """Those of the chosen codes that are rows of the matrix."""
    return [code for code in chosen if code not in answers.BESIDE_CONCERNS]


def recent_of(email: str, most: int, now: datetime) -> list[ConsultationRequest]:
    """The requests of one address that still have a page to show, at most so many. Of merged ones the one that was kept.

    The next visit comes first, then the newest plan, then the other visits to come as they follow, then the newest requests.
    One statement.
    """
    theirs = ConsultationRequest.objects.filter(email_search=email.lower())
    booked = Q(appointments__state=Appointment.State.BOOKED, appointments__starts_at__gt=now)
    plans = Plan.objects.told().filter(request=OuterRef("pk")).order_by("-sent_at")
    rows: list[Any] = list(
        ConsultationRequest.objects.real()
        .filter(pk__in=theirs.values(kept=Coalesce("merged_into", "pk")), erased_at__isnull=True)
        .exclude(status=Status.DECLINED, decline_reason=DeclineReason.SPAM)
        .annotate(
            visit_at=Min("appointments__starts_at", filter=booked),
            plan_at=Subquery(plans.values("sent_at")[:1]),
        )
        .order_by("-created_at", "-id")
    )
    coming = sorted((row for row in rows if row.visit_at), key=lambda row: row.visit_at)
    planned = sorted((row for row in rows if row.plan_at), key=lambda row: row.plan_at, reverse=True)
    return list(dict.fromkeys([*coming[:1], *planned[:1], *coming, *rows]))[:most]


@dataclass(frozen=True)
class Story:
    """Everything one client's page is made of. No health answers: they are never read for it.

    `offers` can be accepted, and so can a `proposal`, another time for the visit, unless it is in `off`. `off`: by key of
    an offered, held or booked time, why it cannot be kept, in a sentence.
    """

    events: list[Event]
    offers: list[Appointment]
    offers_off: list[Appointment]
    proposal: Appointment | None
    off: dict[int, str]
    visit: Appointment | None
    held: Appointment | None
    past_visit: Appointment | None
    windows: list[str]
    question: str
    for_all: bool  # the question is not about health: the front desk reads it and its answer
    advice: list[Note]
    information: list[Note]
    link_asked_at: datetime | None


def story(consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> Story:
    """Read the client's page: six SQL statements, whatever has happened."""
    appointments = list(
        consultation.appointments.select_related(
            "practitioner__person__portrait", "consultation_type"
        ).order_by("starts_at", "id")
    )
    notes = list(consultation.notes.exclude(kind=Note.Kind.INTERNAL).filter(taken_back_at=None))
    asked = _last(notes, Note.Kind.QUESTION)
    states = Appointment.State
    standing = [row for row in appointments if row.state == states.HELD and (row.held_until or now) > now]
    booked = [row for row in appointments if row.state == states.BOOKED]
    held_for_them = [row for row in standing if row.is_offer]
    offers = [] if booked else held_for_them
    occupying = [row.pk for row in appointments if row.state != states.RELEASED]
    against = off.against(occupying, zone) if standing or booked else {}
    return Story(
        events=_told(consultation),
        offers=[row for row in offers if row.pk not in against],
        offers_off=[row for row in offers if row.pk in against],
        off={row.pk: off.sentence(row, against[row.pk], zone) for row in appointments if row.pk in against},
        proposal=held_for_them[0] if booked and held_for_them else None,
        visit=booked[0] if booked else None,
        held=next((row for row in standing if not row.is_offer), None),
        past_visit=appointments[-1] if appointments else None,
        windows=windows_in_words((row.weekday, row.part) for row in consultation.windows.all()),
        question=asked.words if asked else "",
        for_all=asked is not None and not asked.about_health,
        advice=[note for note in notes if note.kind == Note.Kind.ADVICE],
        information=[note for note in notes if note.kind in (Note.Kind.INFORMATION, Note.Kind.ANSWER)],
        link_asked_at=consultation.messages.filter(kind="new_link")
        # Whoever has opened their page since has the link.
        .exclude(Exists(consultation.client_sessions.filter(opened_at__gt=OuterRef("created_at"))))
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first(),
    )


def _told(consultation: ConsultationRequest) -> list[Event]:
    """Its history, without what staff took back before the client heard of it."""
    events = list(consultation.events.all())
    back = [event for event in events if "undoes" in event.facts]
    unsaid = {event.version for event in back} | {event.facts["undoes"] for event in back}
    return [event for event in events if event.version not in unsaid]


def _last(notes: list[Note], kind: str) -> Note | None:
    return next((note for note in reversed(notes) if note.kind == kind), None)
