"""The client's own request behind the link: where it stands, in every state. It never shows health answers."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings import limits, links, wording
from bookings.client import typed
from bookings.client.http import redirect
from bookings.client.own.actions import ACTIONS, AcceptForm, OwnForm
from bookings.client.own.history import meanwhile, timeline
from bookings.client.own.status import Situation, advice, headline, visit_words
from bookings.client.phone_hours import opening
from bookings.client.times.words import in_zone, zone_named
from bookings.messages import calendar_file
from bookings.models import Appointment, ClientSession, ConsultationRequest
from bookings.queries import client as queries
from bookings.queries.clinic import clinic
from bookings.table import ASK_AGAIN_FROM, DeclineReason, Status, Who
from bookings.workflow.core import last_event
from clinic.foundation import money, when
from clinic.foundation.crypto import SEALED_WORDS, Unreadable, opened
from clinic.foundation.forms import CrispyForm
from content.models import ClinicProfile

_TYPED_IS_SEALED = f"{SEALED_WORDS} It is what you typed into a form here: please type it again, or call us."


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The page. It works in every state and never shows health answers."""
    now = timezone.now()
    session = session_of(request, now)
    return _as_it_stands(request, session, now) if session else closed(request)


@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The booked visit as a file for a calendar."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    file = calendar_file.download(session.request, ClinicProfile.current(), now=now)
    if file is None:
        raise Http404
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def session_of(request: HttpRequest, now: datetime) -> ClientSession | None:
    """Whoever this browser's cookie lets in. Every page here begins with it, and shows only its request."""
    cookie = request.COOKIES.get(settings.CLIENT_COOKIE_NAME, "")
    return links.session_for(cookie, now) if cookie else None


def closed(request: HttpRequest, verb: str = "") -> HttpResponse:
    """No session, or an ended one. What was typed comes back, so that nobody has to write it twice."""
    said = typed.words(ACTIONS[verb].form(request.POST)) if verb in ACTIONS else []
    text = request.POST.get("text", "")
    if text.strip() and not any(label == _label_of_text(verb) for label, _ in said):
        said.append(("What you wrote", text.splitlines()))
    return render(request, "bookings/client/own/closed.html", {"said": said}, status=403)


def _label_of_text(verb: str) -> str:
    fields = ACTIONS[verb].form().fields if verb in ACTIONS else {}
    return typed.label(str(fields["text"].label)) if "text" in fields else ""


def wrong(
    request: HttpRequest, session: ClientSession, verb: str, form: CrispyForm, address: str
) -> HttpResponse | None:
    """The answer to a form that cannot be taken: a redirect to the page at `address`, which shows it as it was typed.

    None if that is too much to keep; then the page is to be shown at once.
    """
    given = typed.fields(request.POST, form)
    if given is None:
        return None
    links.keep_typed(session, {"verb": verb, "version": session.request.version, "fields": given})
    return redirect(address)


def waiting(session: ClientSession, verb: str) -> QueryDict | None:
    """What was typed into the form of this verb and is still to be put right."""
    kept = opened(session, "typed") or {}
    return typed.post(kept["fields"]) if kept.get("verb") == verb else None


def _as_it_stands(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """The page with the form that is still to be put right, if there is one."""
    consultation = session.request
    try:
        kept = session.typed or {}
    except Unreadable:
        return show(request, consultation, now, problem=_TYPED_IS_SEALED)
    verb = kept.get("verb", "")
    if verb not in ACTIONS:
        return show(request, consultation, now)
    form = ACTIONS[verb].form(typed.post(kept["fields"]))
    if kept["version"] == consultation.version:
        return show(request, consultation, now, verb=verb, form=form)
    # Something happened meanwhile. Its form may be gone from the page, but the words are not.
    changed = meanwhile(last_event(consultation), now)
    return show(request, consultation, now, verb=verb, form=form, changed=changed)


def show(
    request: HttpRequest,
    consultation: ConsultationRequest,
    now: datetime,
    *,
    verb: str = "",
    form: CrispyForm | None = None,
    problem: str = "",
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    """The client's page; after a POST that did not work with `form` as it was filled in, and why."""
    place = clinic(now)
    situation = Situation(consultation, queries.story(consultation, now, place.zone), place, now)
    top, story = headline(situation), situation.story
    zone, agreed = place.zone, story.visit or next(iter(story.offers), None)
    offers = [
        (offer.pk, _moment_words(offer, consultation, situation), visit_words(offer))
        for offer in story.offers
    ]
    context = {
        "consultation": consultation,
        "headline": top,
        "lines": timeline(situation),
        "story": story,
        "advice": advice(situation),
        "opens": opening(now, place),
        "offers": offers,
        "offers_off": [
            (_moment_words(offer, consultation, situation), story.off[offer.pk]) for offer in story.offers_off
        ],
        "visit": _moment_words(story.visit, consultation, situation) if story.visit else "",
        "visit_words": visit_words(story.visit) if story.visit else "",
        "can_change": can_change(story.visit, now),
        "can_move": story.visit is not None and may_move(story.visit),
        "in_person": story.visit is not None and story.visit.terms.is_in_person,
        "cutoff_hours": agreed.cutoff_hours if agreed else "",
        "to_come": story.visit is not None and story.visit.starts_at > now,
        "cutoff": when.moment(story.visit.cutoff, zone) if story.visit else "",
        "wish": when.moment(consultation.wished_start, zone)
        if consultation.wished_start and consultation.status == Status.NEW
        else "",
        "held": when.moment(consultation.hold_until, zone) if story.held and consultation.hold_until else "",
        "wish_off": story.off.get(story.held.pk, "") if story.held else "",
        "can_ask_again": consultation.status in ASK_AGAIN_FROM
        and consultation.decline_reason not in NOT_AGAIN,
        "fee": money.words(agreed.fee, agreed.currency) if agreed and agreed.fee else "",
        "forms": _forms(consultation, offers, form),
        "verb": verb,
        "form": form,
        "problem": problem,
        "changed": changed,
        "said": typed.words(form) if form is not None and (changed or problem) else [],
        "done": _done(situation) if not (problem or changed or form) else "",
        "zone_words": when.zone_words(zone),
    }
    return render(request, "bookings/client/own/page.html", context, status=status)


NOT_AGAIN = (DeclineReason.UNDER_18, DeclineReason.SPAM)


def _forms(
    consultation: ConsultationRequest, offers: list[tuple[int, str, str]], sent: CrispyForm | None
) -> dict[str, OwnForm]:
    """A form for each verb, by its name in the page: the one that was sent, and the others empty."""
    shown = {}
    for name, action in ACTIONS.items():
        form = sent if isinstance(sent, action.form) else action.form()
        form.version = consultation.version
        if isinstance(form, AcceptForm):
            form.offer(offers)
        shown[name.replace("-", "_")] = form
    return shown


def _moment_words(appointment: Appointment, consultation: ConsultationRequest, situation: Situation) -> str:
    zone = situation.place.zone
    theirs = in_zone(appointment.starts_at, zone_named(consultation.time_zone), zone)
    return when.moment(appointment.starts_at, zone) + (f" ({theirs})" if theirs else "")


def can_change(booked: Appointment | None, now: datetime) -> bool:
    return booked is not None and booked.can_be_changed_by_client(now)


def may_move(booked: Appointment) -> bool:
    """A visit of a kind that is no longer offered stays booked, and only staff can move it."""
    return booked.consultation_type.is_active


def _done(situation: Situation) -> str:
    """What the client has just done, from the history itself: it says so for a minute and needs no session."""
    last, asked = situation.last, situation.story.link_asked_at
    if asked and situation.now - asked < limits.JUST_DONE and (last is None or asked >= last.at):
        return "A new link is on its way to you."
    if last is not None and last.actor_kind == Who.CLIENT and situation.now - last.at < limits.JUST_DONE:
        return wording.of(last.verb).client_done
    return ""
