"""The check page, and sending: once, within the limits, with what trips a trap kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, triage
from bookings.client import typed
from bookings.client.form import drafts, guide_answers, order
from bookings.client.form.questions import CheckForm
from bookings.client.form.review import guide_rows, review
from bookings.client.form.start import closed, gone
from bookings.client.form.times import switched_off
from bookings.client.http import get_or_post, redirect
from bookings.client.phone_hours import opening
from bookings.models import ConsultationRequest, ContactBy, Draft
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
from clinic.foundation import throttle, when
from clinic.foundation.addresses import mailbox
from clinic.foundation.network import client_address, network_of

QUICK = "That was very quick. Please check your answers and send once more."


@never_cache
@get_or_post
def check(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, each with its Change link; the consents; and Send."""
    now = timezone.now()
    if "d" not in request.GET and request.method != "POST":
        return redirect(reverse("client:start"))
    draft = drafts.find(request, now)
    if draft is None:
        return gone(request)
    data = draft.data
    change = request.POST.get("change", "")
    asks_again = request.method == "POST" and not change and "guide" not in request.POST
    if draft.sent_as is not None and (drafts.is_trace(draft) or not asks_again):
        return redirect(drafts.address(reverse("client:sent"), draft))
    options, place = queries.options(), clinic(now)
    waiting = typed.kept(data, order.CHECK)
    form = CheckForm(
        request.POST if request.method == "POST" else waiting,
        initial={**data.get("agreed", {}), "website": ""},
        options=options,
        may_text=data.get("contact_by") == ContactBy.PHONE,
    )
    if draft.sent_as is None and place.profile.requests_closed:
        return _is_closed(request, draft, form, now)
    elsewhere = _still_open(draft) or (change if change in order.BY_NAME else "")
    if guide_answers.choose(data, request.POST.get("guide", "")):
        elsewhere = elsewhere or order.CHECK
    if elsewhere:
        # On the way to another page: what is ticked already stays ticked.
        if request.method == "POST":
            data["agreed"] = form.ticked()
            typed.forget(data, order.CHECK)
            drafts.save(draft, now)
        return redirect(order.url(elsewhere, draft))
    if request.method == "POST":
        if form.is_valid():
            suspicion = _suspicion(form, draft, now)
            if suspicion or draft.sent_as is not None or not _too_quick(draft, form, now):
                return _send(request, draft, form, place, now, suspicion)
        again = drafts.wrong(request, draft, order.CHECK, form, now)
        if again is not None:
            return again
    if waiting is not None and form.is_valid():
        # Nothing is missing, so it waits because it came too quickly.
        form.add_error(None, QUICK)
    return render(request, "bookings/client/form/check.html", _shown(draft, form, options, place))


def _is_closed(request: HttpRequest, draft: Draft, form: CheckForm, now: datetime) -> HttpResponse:
    """Nothing is sent, and nothing is lost: what was ticked is kept with the rest, and the page says so."""
    if request.method != "POST":
        return closed(request, draft, now)
    draft.data["agreed"] = form.ticked()
    drafts.save(draft, now)
    return redirect(order.url(order.CHECK, draft))


def _shown(draft: Draft, form: CheckForm, options: queries.Options, place: Clinic) -> dict[str, object]:
    data = draft.data
    found = triage.flags(
        applies=data.get("applies", []), concerns=data.get("concerns", []), text=data.get("anything_else", "")
    )
    return {
        "form": form,
        "progress": order.progress(order.CHECK, data),
        "groups": review(draft, options, place),
        "guide": guide_rows(data, options),
        "guide_travels": guide_answers.travels(data),
        "back": order.url("support", draft),
        "urgent": found.urgent,
        "support_now": found.same_day,
        "mole": "mole" in found.reasons,
        # Here "now" and "in the last 12 months" are one answer, so the notice begins with "if".
        "isotretinoin": guide_answers.may_be_both(data, found.reasons),
        "section": "consultations",
    }


def _still_open(draft: Draft) -> str:
    """The page that has to be answered before anything is sent; empty if none has."""
    first = order.first_open(draft.data)
    if first != order.CHECK:
        return first
    # Switched off since it was chosen: the page of times says so and shows what there is.
    return "times" if draft.sent_as is None and switched_off(draft.data) else ""


def _send(
    request: HttpRequest, draft: Draft, form: CheckForm, place: Clinic, now: datetime, suspicion: str
) -> HttpResponse:
    data = draft.data
    wanted = order.submission(draft, form.given())
    if draft.sent_as is None and not _within_limits(request, draft, place, now):
        # The draft is kept until after the next hour has begun, so that the same answers can be sent then.
        drafts.save(draft, now, minutes=2 * limits.DRAFT_MINUTES)
        return render(
            request,
            "bookings/client/form/phone.html",
            {"why": "limit", "opens": opening(now, place)},
            status=429,
        )
    try:
        consultation = _submit(wanted, suspicion, now)
    except SlotTaken:
        data["agreed"], data["taken"], data["slot"] = form.given(), data["slot"], ""
        order.ask_afresh(data, "times")
        typed.forget(data, order.CHECK)
        drafts.save(draft, now)
        return redirect(order.url("times", draft))
    except SwitchedOff:
        # Between looking and sending. The page of times says why.
        data["agreed"] = form.given()
        drafts.save(draft, now)
        return redirect(order.url("times", draft))
    except RequestsClosed:  # between looking and sending
        return _is_closed(request, draft, form, now)
    except DifferentAnswers as error:
        return different(request, draft, error.consultation)
    if draft.sent_as is None:
        _mark(draft, consultation)
    return redirect(drafts.address(reverse("client:sent"), draft))


def _mark(draft: Draft, consultation: ConsultationRequest) -> None:
    """Note what the draft has become. Who is interrupted before this finds it all the same: the request knows its draft."""
    draft.sent_as = consultation
    draft.save(update_fields=["sent_as"])


def _submit(wanted: Submission, suspicion: str, now: datetime) -> ConsultationRequest:
    followed = ConsultationRequest.objects.filter(pk=wanted.follows_id or 0).first()
    if followed is not None and not suspicion:
        try:
            return ask_again(followed, Origin(Actor.client(), now), submission=wanted)
        except (SwitchedOff, RequestsClosed):
            raise
        except (NotAllowed, Refused):
            # What it was to follow is open again, or was erased: it is a request of its own then.
            wanted = replace(wanted, follows_id=None)
    return submit(wanted, Origin(Actor.client(), now), suspicion=suspicion)


def _suspicion(form: CheckForm, draft: Draft, now: datetime) -> str:
    """Which guard this trips: the field that nobody sees, or sending again at once after being told "too quick"."""
    if form.cleaned_data.get("website") or draft.data.get("trapped"):
        return "honeypot"
    asked = _asked_to_look(draft)
    return "too_fast" if asked and now - asked < timedelta(seconds=limits.REPEAT_SECONDS) else ""


def _too_quick(draft: Draft, form: CheckForm, now: datetime) -> bool:
    """Whether the client is to look once more. It is never said "sent" to somebody whose request nobody will read."""
    asked = _asked_to_look(draft)
    if asked is None:
        quick = now - draft.started_at < timedelta(seconds=limits.HUMAN_SECONDS)
    else:
        quick = now - asked < timedelta(seconds=limits.LOOK_SECONDS)
    if quick:
        draft.data |= {"asked_to_look": now.isoformat(), "agreed": form.given()}
        drafts.save(draft, now)
    return quick


def _asked_to_look(draft: Draft) -> datetime | None:
    text = draft.data.get("asked_to_look")
    return datetime.fromisoformat(text) if text else None


def _within_limits(request: HttpRequest, draft: Draft, place: Clinic, now: datetime) -> bool:
    """Whether this draft may be sent. Each draft counts once, however often its time turns out to be taken."""
    data, rules = draft.data, place.rules
    if data.get("counted"):
        return True
    network = network_of(client_address(request))
    allowed = throttle.allow(
        "request-network", network, limit=rules.requests_per_network_hour, window=when.HOUR, now=now
    ) and throttle.allow(
        "request-address",
        mailbox(data["email"]),
        limit=rules.requests_per_address_day,
        window=when.DAY,
        now=now,
    )
    if allowed:
        data["counted"] = True
        draft.save(update_fields=["data"])
    return allowed


def different(
    request: HttpRequest, draft: Draft, consultation: ConsultationRequest, said: typed.Said | None = None
) -> HttpResponse:
    """Something else under a draft that was sent. `said`: what was typed, which did not go."""
    return render(
        request,
        "bookings/client/form/different.html",
        {
            "consultation": consultation,
            "said": said,
            "sent_url": drafts.address(reverse("client:sent"), draft),
        },
        status=409,
    )
