"""The check page, and sending: once, within the limits, and with what trips a trap kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, triage
from bookings.client.attempts import get_or_post
from bookings.client.form import drafts, guards, guide_answers, misspelt, order
from bookings.client.form.drafts import OpenDraft
from bookings.client.form.gone import closed, different, gone
from bookings.client.form.questions import CheckForm
from bookings.client.form.review import guide_rows, review
from bookings.client.form.submission import submission
from bookings.client.form.times import switched_off
from bookings.client.phone_hours import opening
from bookings.client.times.hear import hear_by
from bookings.models import ConsultationRequest
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import (
    DifferentAnswers,
    NotAllowed,
    Refused,
    RequestsClosed,
    SlotTaken,
    SwitchedOff,
)
from bookings.workflow.intake import ask_again, submit
from bookings.workflow.submission import Submission
from clinic.foundation.responses import SeeOther

# What the buttons say that change an answer instead of sending.
_LEADS_ELSEWHERE = {"change", "guide", "meant"}
QUICK = "That was very quick. Please check your answers and send once more."


@never_cache
@get_or_post
def check(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, each with its Change link; the consents; and Send."""
    now = timezone.now()
    if "d" not in request.GET and request.method != "POST":
        return SeeOther(reverse("client:start"))
    draft = drafts.find(request, now)
    if draft is None:
        return gone(request)
    is_sending = request.method == "POST" and not request.POST.keys() & _LEADS_ELSEWHERE
    if draft.sent_as is not None and (draft.is_trace or not is_sending):
        return SeeOther(drafts.address(reverse("client:sent"), draft))
    place = clinic(now)
    options = queries.options(place)
    waiting = draft.data.typed_on(order.CHECK)
    form = CheckForm(
        request.POST if request.method == "POST" else waiting,
        initial={**draft.data.agreed, "website": ""},
        options=options,
        contact_by=draft.data.contact_by,
    )
    if draft.sent_as is None and place.refuses(draft.row.started_at):
        return _is_closed(request, draft, form, place, now)
    if elsewhere := _elsewhere(request, draft, place):
        # What is ticked already stays ticked.
        if request.method == "POST":
            draft.data = replace(draft.data, agreed=form.ticked()).without_typed(order.CHECK)
            drafts.save(draft, now)
        return SeeOther(elsewhere)
    if request.method == "POST":
        taken = _take(request, draft, form, place, now)
        if taken is not None:
            return taken
    if waiting is not None and form.is_valid():
        # Nothing is missing, so it waits because it came too quickly.
        form.add_error(None, QUICK)
    return render(request, "bookings/client/form/check.html", _shown(draft, form, options, place, now))


def _elsewhere(request: HttpRequest, draft: OpenDraft, place: Clinic) -> str:
    """The address to go to instead: a page that is still open, one to change, or this one without (or with) the guide."""
    step, _, anchor = request.POST.get("change", "").partition("#")
    with_choice = guide_answers.chosen(draft.data, request.POST.get("guide", ""))
    if with_choice is not None:
        draft.data = with_choice
    takes_meant = "meant" in request.POST and bool(meant := misspelt.meant(draft.data.email))
    if takes_meant:
        draft.data = replace(draft.data, email=meant)
    if still_open := _still_open(draft, place):
        return order.url(still_open, draft)
    if step in order.BY_NAME:
        # A place within a fold opens it.
        return order.url(step, draft) + (f"#{quote(anchor[:40])}" if anchor else "")
    return order.url(order.CHECK, draft) if with_choice is not None or takes_meant else ""


def _take(
    request: HttpRequest, draft: OpenDraft, form: CheckForm, place: Clinic, now: datetime
) -> HttpResponse | None:
    """Send what is complete; otherwise redirect to the page that shows what is wrong. None: show it at once."""
    if form.is_valid():
        suspicion = guards.suspicion(form, draft, now)
        if suspicion or draft.sent_as is not None or not guards.too_quick(draft, form, now):
            return _send(request, draft, form, place, now, suspicion)
    return drafts.wrong(request, draft, order.CHECK, form, now)


def _is_closed(
    request: HttpRequest, draft: OpenDraft, form: CheckForm, place: Clinic, now: datetime
) -> HttpResponse:
    """Nothing is sent, and nothing is lost: what was ticked is kept with the rest, and the page says so."""
    if request.method != "POST":
        return closed(request, draft, place)
    draft.data = replace(draft.data, agreed=form.ticked())
    drafts.save(draft, now)
    return SeeOther(order.url(order.CHECK, draft))


def _shown(
    draft: OpenDraft, form: CheckForm, options: queries.Options, place: Clinic, now: datetime
) -> dict[str, object]:
    data, rows = draft.data, review(draft.data, options, place, now)
    found = triage.flags(applies=data.applies, concerns=data.concerns, text=data.anything_else)
    return {
        "form": form,
        "clinic": place.profile,  # the template need not read it again, nor the links of its foot
        "menu": place.menu,
        "progress": order.progress(order.CHECK, brought=data.brought),
        "minutes_to_open": place.rules.unproved_hold_minutes if data.chosen else 0,
        "hear_by": hear_by(place, now, data.chosen[1] if data.chosen else None),
        "answered": [row for row in rows if row.lines],
        "left_empty": [row for row in rows if not row.lines],
        "guide": guide_rows(data, options),
        "guide_travels": guide_answers.travels(data),
        "meant": misspelt.meant(data.email),
        "ends": data.email.rpartition("@")[2],
        "back": order.url(order.before(order.CHECK, data), draft),
        "urgent": found.urgent,
        "support_now": found.same_day,
        "mole": "mole" in found.reasons,
        # Here "now" and "in the last 12 months" are one answer, so the notice begins with "if".
        "isotretinoin": guide_answers.may_be_both(data, found.reasons),
    }


def _still_open(draft: OpenDraft, place: Clinic) -> str:
    """The page that has to be answered before anything is sent; empty if none has."""
    first = order.first_open(draft.data)
    if first != order.CHECK:
        return first
    # Switched off since it was chosen: the page of times says so and shows what there is.
    return "times" if draft.sent_as is None and switched_off(draft.data, place.zone) else ""


def _send(
    request: HttpRequest, draft: OpenDraft, form: CheckForm, place: Clinic, now: datetime, suspicion: str
) -> HttpResponse:
    wanted = submission(draft, form.given())
    if draft.sent_as is None and not guards.within_limits(request, draft, place, now):
        # The draft is kept until after the next hour has begun, so that the same answers can be sent then.
        drafts.save(draft, now, minutes=2 * limits.sessions.DRAFT_MINUTES)
        return render(
            request,
            "bookings/client/form/phone.html",
            {"why": "limit", "opens": opening(now, place)},
            status=429,
        )
    try:
        _submit(wanted, suspicion, now)
    except SlotTaken:
        lost = replace(draft.data, agreed=form.given(), taken=draft.data.slot, slot="")
        draft.data = order.ask_afresh(lost, "times").without_typed(order.CHECK)
        drafts.save(draft, now)
        return SeeOther(order.url("times", draft))
    except SwitchedOff:
        # Between looking and sending. The page of times says why.
        draft.data = replace(draft.data, agreed=form.given())
        drafts.save(draft, now)
        return SeeOther(order.url("times", draft))
    except RequestsClosed:  # between looking and sending
        return _is_closed(request, draft, form, place, now)
    except DifferentAnswers as error:
        return different(request, draft, error.consultation)
    return SeeOther(drafts.address(reverse("client:sent"), draft))


def _submit(wanted: Submission, suspicion: str, now: datetime) -> ConsultationRequest:
    follows = wanted.follows_id
    followed = ConsultationRequest.objects.filter(pk=follows).first() if follows else None
    if followed is not None and not suspicion:
        try:
            return ask_again(followed, Origin(Actor.client(), now), submission=wanted)
        except (SwitchedOff, RequestsClosed):
            raise
        except (NotAllowed, Refused):
            # The request it was to follow is open again, or was erased: then this is a request of its own.
            wanted = replace(wanted, follows_id=None)
    return submit(wanted, Origin(Actor.client(), now), suspicion=suspicion)
