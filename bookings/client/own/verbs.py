"""One POST for each thing that a client can do with their request; each calls one verb of the workflow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, links, outbox, slot_text
from bookings.client import attempts
from bookings.client.attempts import get_or_post
from bookings.client.form.draft_data import DraftData
from bookings.client.form.start import begin
from bookings.client.own.actions import ACTIONS
from bookings.client.own.after import may_come_again
from bookings.client.own.history import meanwhile
from bookings.client.own.page import may_ask_again, show
from bookings.client.own.session import closed, session_of, wrong
from bookings.fields import tidy
from bookings.models import ClientSession, ConsultationRequest, Event, Note, VisitQuestion
from bookings.queries import plans
from bookings.queries.clinic import clinic
from bookings.states import Status, Who
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import Conflict, WorkflowError
from clinic.foundation import crypto, throttle, when
from clinic.foundation.forms import CrispyForm
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

ME = Actor.client()
_LINKS_USED_UP = (
    "We have sent you as many new links as we send for one request in a day, so we have not sent another one."
)


@never_cache
@get_or_post
def call(request: HttpRequest, verb: str) -> HttpResponse:
    """Do one thing. A conflict says who was first and keeps what was typed; a rule that says no says why."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    if request.method != "POST":
        return SeeOther(reverse("client:mine"))  # the address that a page of a conflict was left on
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request, verb)
    consultation = session.request
    if action.call is None:
        return _PAGES[verb](request, session, now)
    form = action.form(request.POST)
    version = version_of(request)
    if not form.is_valid() and version == consultation.version:
        again = wrong(request, session, verb, form, reverse("client:mine"))
        return again or show(request, consultation, now, verb=verb, form=form)
    try:
        if form.is_valid():
            action.call(consultation, Origin(ME, now, version), form)
        else:
            raise Conflict(consultation, last_event(consultation), now)
    except Conflict as conflict:
        return conflicted(request, conflict, verb, form, now)
    except WorkflowError as refusal:
        return show(request, consultation, now, verb=verb, form=form, problem=str(refusal), status=409)
    links.say_done(session)
    return SeeOther(reverse("client:mine"))


@never_cache
@get_or_post
def turn(request: HttpRequest) -> HttpResponse:
    """From a visit to the consultation whose plan it came of, or back: requests of one person, which one link leads to."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    key = id_in(request.POST.get("to", ""))
    other = plans.of_one_plan(session.request).filter(pk=key).first() if request.method == "POST" else None
    if other is not None:
        links.turn_to(session, other)
    if other is None or "plan" not in request.POST:
        return SeeOther(reverse("client:mine"))
    place = "#prepare" if request.POST["plan"] == "prepare" else ""
    return SeeOther(reverse("client:plan") + place)


def version_of(request: HttpRequest) -> int:
    """The version that the page showed; one that nobody was ever shown if it is missing."""
    return id_in(request.POST.get("version", ""))


def conflicted(
    request: HttpRequest, conflict: Conflict, verb: str, form: CrispyForm, now: datetime
) -> HttpResponse:
    """Someone was first. If it was this client with the same words (a double click), it simply worked."""
    if _same_again(conflict.event, verb, form, version_of(request)):
        return SeeOther(reverse("client:mine"))
    changed = meanwhile(conflict.event, now)
    return show(request, conflict.consultation, now, verb=verb, form=form, changed=changed, status=409)


def _same_again(event: Event | None, verb: str, form: CrispyForm, version: int) -> bool:
    if event is None or event.actor_kind != Who.CLIENT or event.verb != verb.replace("-", "_"):
        return False
    if event.version != version + 1 or not form.is_valid():
        return False
    given = form.cleaned_data
    if "whole" in event.facts:  # another tab may have taken back a part
        return bool(event.facts["whole"])
    if "appointment" in given:
        return bool(event.facts.get("appointment") == given["appointment"])
    if "slot" in given:
        read = slot_text.read(given["slot"])
        return read is not None and event.facts.get("start") == read[1].isoformat()
    if "questions" in given:
        kept_questions = VisitQuestion.objects.filter(request_id=event.request_id, asked_at=event.at)
        return bool([one.words for one in kept_questions] == given["questions"])
    text: str = given.get("text", "")
    kept = Note.objects.filter(request_id=event.request_id, at=event.at).order_by("-id").first()
    return bool(text == (crypto.opened(kept, "body") if kept else ""))


def _new_link(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """A fresh link to the same address, for another device or a later day."""
    consultation = session.request
    if not throttle.allow(
        "new-link-mine",
        str(consultation.pk),
        limit=limits.floods.NEW_LINKS_PER_REQUEST_DAY,
        window=when.DAY,
        now=now,
    ):
        return attempts.too_often(request, now, window=when.DAY, why=_LINKS_USED_UP)
    outbox.queue(consultation, "new_link", now=now)
    links.say_done(session)
    return SeeOther(reverse("client:mine"))


def _close(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """Leave this page: the cookie opens nothing any more."""
    links.close(session)
    response = SeeOther(reverse("client:mine"))
    response.delete_cookie(settings.CLIENT_COOKIE_NAME, path="/")
    return response


def _ask_again(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """Begin a request that follows this one: the contact details come along, no health answer does."""
    consultation = session.request
    if not (may_ask_again(consultation) or _may_come_again(consultation, now)):
        return show(request, consultation, now, changed=meanwhile(last_event(consultation), now), status=409)
    along = DraftData(
        name=consultation.name,
        name_to_use=consultation.name_to_use,
        email=consultation.email,
        contact_by=consultation.contact_by,
        phone=tidy(consultation.phone),
        may_leave_message=consultation.may_leave_message,
        type=consultation.consultation_type_id,
        follows=consultation.pk,
        done=["you"],
    )
    return begin(request, along, now)


def _may_come_again(consultation: ConsultationRequest, now: datetime) -> bool:
    plan = plans.plan_of(consultation) if consultation.status == Status.ATTENDED else None
    return plan is not None and may_come_again(plan, when.local_day(now, clinic(now).zone))


# What changes nothing about the request itself.
_PAGES: dict[str, Callable[[HttpRequest, ClientSession, datetime], HttpResponse]] = {
    "new-link": _new_link,
    "close": _close,
    "ask-again": _ask_again,
}
