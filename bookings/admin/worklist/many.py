"""Many requests at once: each ticked row goes through its verb, with the version that the page showed, and the answer tells
of each what happened. Nothing is done by a statement over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import limits, slot_text
from bookings.admin.choices import Choices
from bookings.admin.slot_calls import by_phone_words
from bookings.admin.slot_forms import read_slot
from bookings.availability import Slot
from bookings.desk_site import DECIDE, clinic_of
from bookings.models import ConsultationRequest, Practitioner, Tag
from bookings.queries import suggestions
from bookings.states import DeclineReason, Status, Who, allowed_verbs
from bookings.workflow import desk, intake, reply
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import NotAllowed, Refused, WorkflowError, in_words
from clinic.foundation import press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

LIST = "admin:bookings_consultationrequest_changelist"


@dataclass(frozen=True)
class Picked:
    """A ticked row: the request, if it is still there, and the version that the page showed."""

    key: int
    version: int
    consultation: ConsultationRequest | None


@dataclass(frozen=True)
class Outcome:
    """What came of one ticked row, in words. `style` is done, same (nothing to do) or refused."""

    picked: Picked
    style: str
    words: str


# One request, changed by whoever pressed; what it did in words, or None where it was as wanted already.
Change = Callable[[ConsultationRequest, Origin], str | None]


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Do what the pressed button says with every ticked request, and tell of each what happened."""
    user = cast(User, request.user)
    if not user.has_perm(DECIDE):
        raise PermissionDenied
    now, rows = timezone.now(), picked(request)
    back = f"{reverse(LIST)}?{request.GET.urlencode()}".rstrip("?")
    if not rows:
        messages.warning(request, "Tick a request first. Nothing was changed.")
        return SeeOther(back)
    do = request.POST.get("do", "")
    if do == "times":
        return _times(request, site, rows, back, now)
    try:
        heading, change = _change(do, request, user)
    except Refused as refused:
        messages.warning(request, f"{refused.message} Nothing was changed.")
        return SeeOther(back)
    key = press.of(request, user)
    outcomes = [_one(row, change, user, now, press.part(key, row.key)) for row in rows]
    return _told(request, site, heading, outcomes, back)


def picked(request: HttpRequest) -> list[Picked]:
    """The ticked rows ("12.3" is request 12 as its version 3 showed it), each once, no more than a page has."""
    read = [value.partition(".") for value in request.POST.getlist("picked")[: limits.lists.WORKLIST_ROWS]]
    versions = {id_in(key): id_in(version) for key, _, version in read if id_in(key)}
    found = ConsultationRequest.objects.select_related("consultation_type", "support_needs").in_bulk(
        list(versions)
    )
    return [Picked(key, version, found.get(key)) for key, version in versions.items()]


# --- what can be done -------------------------------------------------------------------------------------------------


def _change(do: str, request: HttpRequest, user: User) -> tuple[str, Change]:
    """The heading and the change of a button. Raises Refused for one that lacks something or is none."""
    sent = request.POST
    match do:
        case "take":
            return "Take", _assign(user)
        case "assign":
            return "Give", _assign(_colleague(sent.get("user", "")))
        case "tag":
            return "Tag", _tag(_tag_of(sent.get("tag", "")))
        case "spam":
            return "Close as spam", _spam
        case "confirm":
            return "Confirm what they asked for", _confirm(clinic_of(request).zone)
        case "offer":
            return "Offer times", _offer(sent, clinic_of(request).zone)
    raise Refused("no_button", "That button is not known here.")


def _assign(to: User | None) -> Change:
    name = (to.get_full_name() or to.get_username()) if to else "nobody"

    def change(consultation: ConsultationRequest, origin: Origin) -> str | None:
        if consultation.assigned_to_id == (to.pk if to else None):
            return None
        desk.assign(consultation, origin, user=to)
        return f"Now with {name}."

    return change


def _colleague(code: str) -> User | None:
    """Nobody for an empty code."""
    if not code:
        return None
    found = User.objects.filter(is_staff=True, is_active=True, pk=id_in(code)).first()
    if found is None:
        raise Refused("nobody", "Choose to whom.")
    return found


def _tag_of(code: str) -> Tag:
    found = Tag.objects.filter(is_active=True, pk=id_in(code)).first()
    if found is None:
        raise Refused("no_tag", "Choose a tag.")
    return found


def _tag(tag: Tag) -> Change:
    def change(consultation: ConsultationRequest, origin: Origin) -> str | None:
        worn = list(consultation.tags.all())
        if tag in worn:
            return None
        desk.tag(consultation, origin, tags=[*worn, tag])
        return f"Has the tag “{tag.name}” now."

    return change


def _spam(consultation: ConsultationRequest, origin: Origin) -> str | None:
    if consultation.status == Status.SUSPECTED:
        intake.discard(consultation, origin)
    else:
        reply.decline(consultation, origin, reason=DeclineReason.SPAM)
    return "Closed as spam. Nobody is told."


def _confirm(zone: ZoneInfo) -> Change:
    def change(consultation: ConsultationRequest, origin: Origin) -> str | None:
        reply.confirm(consultation, origin)
        start = consultation.appointments.booked().get().starts_at
        return f"Confirmed for {when.short(start, zone)}.{by_phone_words(consultation, 'confirmed')}"

    return change


def _offer(sent: QueryDict, zone: ZoneInfo) -> Change:
    people = set(Practitioner.objects.values_list("pk", flat=True))

    def change(consultation: ConsultationRequest, origin: Origin) -> str | None:
        values = sent.getlist(f"slot-{consultation.pk}")[: limits.lists.TICKED_TIMES_READ]
        minutes = consultation.consultation_type.minutes
        try:
            slots = sorted(read_slot(value, people, minutes) for value in values)
        except ValidationError as error:
            raise Refused("not_a_slot", " ".join(error.messages)) from error
        reply.offer(consultation, origin, slots=slots)
        times = ", ".join(when.short(slot.start, zone) for slot in slots)
        return f"Offered {times}.{by_phone_words(consultation, 'offered')}"

    return change


# --- one row ----------------------------------------------------------------------------------------------------------


def _one(row: Picked, change: Change, user: User, now: datetime, key: str) -> Outcome:
    """Change one request; the others stay as they are, whatever comes of this one."""
    if row.consultation is None:
        return Outcome(row, "refused", "It is gone: suspected spam is deleted when its time is over.")
    try:
        words = change(row.consultation, Origin(Actor.staff(user, key), now, row.version))
    except WorkflowError as error:
        if press.done(key):  # by the first press of this page
            return Outcome(row, "done", "Done by your first press.")
        return Outcome(row, "refused", _why(error))
    return Outcome(row, "done", words) if words else Outcome(row, "same", "Nothing to do: it is so already.")


def _why(error: WorkflowError) -> str:
    """Why nothing was changed; what somebody else did meanwhile."""
    if isinstance(error, NotAllowed):
        return f"Not possible while it is “{error.consultation.state.words}”. {error}"
    return str(error)


def _told(
    request: HttpRequest, site: AdminSite, heading: str, outcomes: Sequence[Outcome], back: str
) -> HttpResponse:
    done = sum(1 for outcome in outcomes if outcome.style == "done")
    refused = [outcome for outcome in outcomes if outcome.style == "refused"]
    context = site.each_context(request) | {
        "title": f"{heading}: {done} of {len(outcomes)} done",
        "outcomes": [*refused, *(outcome for outcome in outcomes if outcome.style != "refused")],
        "refused": len(refused),
        "back": back,
        "opts": ConsultationRequest._meta,
    }
    status = 200 if len(refused) < len(outcomes) else 409
    return render(request, "admin/bookings/consultationrequest/many_done.html", context, status=status)


# --- times for many, before they are offered --------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """For one ticked request: the times to offer, no other of the page's among them; or why there are none."""

    picked: Picked
    times: list[Mapping[str, Any]]
    why_not: str = ""


def _times(
    request: HttpRequest, site: AdminSite, rows: list[Picked], back: str, now: datetime
) -> HttpResponse:
    """Times for each, to look at and untick. Nothing is held and nobody is told before they are offered."""
    some, rest = rows[: limits.lists.OFFERS_AT_ONCE], rows[limits.lists.OFFERS_AT_ONCE :]
    taken: list[Slot] = []
    context = site.each_context(request) | {
        "title": f"Offer times to {len(some)}",
        "proposals": [_proposal(request, row, taken, now) for row in some],
        "left_out": len(rest),
        "most": limits.lists.OFFERS_AT_ONCE,
        "back": back,
        "opts": ConsultationRequest._meta,
    }
    return render(request, "admin/bookings/consultationrequest/many_times.html", context)


def _proposal(request: HttpRequest, row: Picked, taken: list[Slot], now: datetime) -> Proposal:
    """Two times that no request before it on this page has been given; they join what is `taken`."""
    whole = _with_wish().filter(pk=row.key).first()
    if whole is None:
        return Proposal(row, [], "It is gone.")
    if "offer" not in allowed_verbs(whole.status, Who.STAFF):
        return Proposal(row, [], f"Not possible while it is “{whole.state.words}”.")
    if whole.version != row.version:
        return Proposal(row, [], in_words(last_event(whole), now))
    choices = Choices(whole, cast(User, request.user), now, clinic_of(request))
    place = choices.clinic
    diary = suggestions.diary_around(whole, now, place)
    found = suggestions.times(whole, place, diary, choices.practitioners, choices.specialists)
    free = _two(found, taken)
    taken += [slot for slot, _ in free]
    times: list[Mapping[str, Any]] = [
        {
            "value": slot_text.of(slot),
            "when": when.short(slot.start, place.zone),
            "who": choices.practitioners.get(slot.practitioner_id, ""),
            "why": why,
        }
        for slot, why in free
    ]
    return Proposal(replace(row, consultation=whole), times, "" if times else "No free time was found.")


def _two(found: suggestions.Times, taken: Sequence[Slot]) -> list[tuple[Slot, str]]:
    """The two best times that are not `taken`, each with why; when the suggestions are used up, the next free ones."""
    picked: list[tuple[Slot, str]] = []
    for slot, why in [
        *((one.slot, one.why) for one in found.suggested),
        *((slot, "") for slot in found.free),
    ]:
        apart = all(
            abs(slot.start - other.start) >= limits.times.SUGGESTED_TIMES_APART for other, _ in picked
        )
        if apart and not any(_meet(slot, other) for other in taken):
            picked.append((slot, why))
        if len(picked) == 2:
            break
    return picked


def _with_wish() -> Any:
    rows = ConsultationRequest.objects.select_related(
        "consultation_type", "wished_practitioner", "support_needs"
    )
    return rows.prefetch_related("concerns", "windows", "appointments__practitioner")


def _meet(one: Slot, other: Slot) -> bool:
    same = one.practitioner_id == other.practitioner_id
    return same and one.start < other.end and other.start < one.end
