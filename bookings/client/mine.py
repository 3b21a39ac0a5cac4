"""The client's own request behind the link: where it stands, and one POST for each thing that the client can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings import links, outbox
from bookings.availability import Slot
from bookings.client import times
from bookings.client.asking import begin, get_or_post, redirect
from bookings.client.fields import ClientForm, area
from bookings.client.forms import TextForm
from bookings.client.standing import View, meanwhile, standing, timeline, visit_words
from bookings.client.windows import OtherTimesForm
from bookings.messages import calendar_file
from bookings.models import Appointment, ClientSession, ConsultationRequest, Event, Note
from bookings.queries import client as queries
from bookings.queries import slots as free
from bookings.queries.clinic import clinic
from bookings.table import ASK_AGAIN_FROM, DeclineReason, Status, Who
from bookings.workflow import reply, visit
from bookings.workflow import request as making
from bookings.workflow.core import Actor
from bookings.workflow.errors import Conflict, Refused, SlotTaken, WorkflowError
from clinic.errors import too_many_requests
from clinic.foundation import throttle, when
from content.models import ClinicProfile

ME = Actor.client()
# How long the page says "done" after something the client did.
_JUST_NOW = timedelta(minutes=1)
_LINKS_A_DAY = 5


class AcceptForm(ClientForm):
    appointment = forms.CharField(error_messages={"required": "Choose one of the times"})

    def clean_appointment(self) -> int:
        chosen: str = self.cleaned_data["appointment"]
        # A made-up value is the same as one that is no longer offered: the verb says so.
        return int(chosen) if times.is_id(chosen) else 0


class MoveForm(ClientForm):
    slot = forms.CharField(error_messages={"required": "Choose a time"})


class WordsForm(OtherTimesForm):
    text = area("Anything we should know? (optional)", limit=500, rows=3)


class NoForm(ClientForm):
    """Nothing to fill in."""


def _answer_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Your answer", missing="Enter your answer", **kwargs)


def _information_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(
        *args, label="What would you like to add?", missing="Enter what you would like to add", **kwargs
    )


def _reason_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Why? (optional)", missing="", needed=False, **kwargs)


FORMS: dict[str, Callable[..., ClientForm]] = {
    "accept": AcceptForm,
    "ask-other-times": WordsForm,
    "answer": _answer_form,
    "add-information": _information_form,
    "withdraw": _reason_form,
    "cancel": _reason_form,
    "new-link": NoForm,
    "ask-again": NoForm,
    "close": NoForm,
}


# --- reading ----------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The page. It works in every state and never shows health answers."""
    now = timezone.now()
    session = _session(request, now)
    return _show(request, session.request, now) if session else _closed(request)


@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The booked visit as a file for a calendar."""
    now = timezone.now()
    session = _session(request, now)
    if session is None:
        return _closed(request)
    file = calendar_file.download(session.request, ClinicProfile.current(), now=now)
    if file is None:
        raise Http404
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _session(request: HttpRequest, now: datetime) -> ClientSession | None:
    """Whoever this browser's cookie lets in. Every page here begins with it, and shows only its request."""
    cookie = request.COOKIES.get(settings.CLIENT_COOKIE_NAME, "")
    return links.session_for(cookie, now) if cookie else None


def _closed(request: HttpRequest) -> HttpResponse:
    """No session, or an ended one. What was typed comes back, so that nobody has to write it twice."""
    text = request.POST.get("text", "")[:2000] if request.method == "POST" else ""
    return render(request, "bookings/client/closed.html", {"text": text}, status=403)


def _show(
    request: HttpRequest,
    row: ConsultationRequest,
    now: datetime,
    *,
    verb: str = "",
    form: ClientForm | None = None,
    problem: str = "",
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    """The client's page; after a POST that did not work with `form` as it was filled in, and why."""
    place = clinic(now)
    view = View(row, queries.story(row, now), place, now)
    mine, story = standing(view), view.story
    zone = place.zone
    context = {
        "request_shown": row,
        "standing": mine,
        "lines": timeline(view),
        "story": story,
        "offers": [(offer, _moment_words(offer, row, view), visit_words(offer)) for offer in story.offers],
        "chosen_offer": request.POST.get("appointment", ""),
        "visit": _moment_words(story.visit, row, view) if story.visit else "",
        "visit_words": visit_words(story.visit) if story.visit else "",
        "can_change": _can_change(story.visit, now),
        "to_come": story.visit is not None and story.visit.starts_at > now,
        "cutoff": when.moment(visit.cutoff(story.visit), zone) if story.visit else "",
        "wish": when.moment(row.wished_start, zone) if row.wished_start and row.status == Status.NEW else "",
        "held": when.moment(row.hold_until, zone) if story.held and row.hold_until else "",
        "can_ask_again": row.status in ASK_AGAIN_FROM and row.decline_reason not in _NOT_AGAIN,
        "fee": _fee(row, place.profile),
        "forms": {name.replace("-", "_"): _bound(name, verb, form) for name in FORMS},
        "verb": verb,
        "form": form,
        "problem": problem,
        "changed": changed,
        "typed": request.POST.get("text", "").strip() if changed or problem else "",
        "done": _done(view) if not (problem or changed or form) else "",
        "zone_words": when.zone_words(zone),
    }
    return render(request, "bookings/client/mine.html", context, status=status)


_NOT_AGAIN = (DeclineReason.UNDER_18, DeclineReason.SPAM)


def _bound(name: str, verb: str, form: ClientForm | None) -> ClientForm:
    """The form of one verb: the one that was sent, or an empty one. Ids are told apart by the verb."""
    return form if form is not None and name == verb else FORMS[name](auto_id=f"id_{name}_%s")


def _moment_words(appointment: Appointment, row: ConsultationRequest, view: View) -> str:
    zone = view.place.zone
    theirs = times.in_zone(appointment.starts_at, times.zone_named(row.time_zone), zone)
    return when.moment(appointment.starts_at, zone) + (f" ({theirs})" if theirs else "")


def _can_change(booked: Appointment | None, now: datetime) -> bool:
    return booked is not None and now <= visit.cutoff(booked)


def _fee(row: ConsultationRequest, profile: ClinicProfile) -> str:
    """'£40' or '40.50 EUR'; empty when the consultation is free."""
    pounds, pence = divmod(row.consultation_type.fee, 100)
    amount = f"{pounds}.{pence:02}" if pence else str(pounds)
    if not row.consultation_type.fee:
        return ""
    return f"£{amount}" if profile.currency == "GBP" else f"{amount} {profile.currency}"


_DONE = {
    "accept": "Thank you. The time is yours, and an email with the details is on its way.",
    "ask_other_times": "Thank you. We look for other times for you.",
    "answer": "Thank you. We have your answer.",
    "add_information": "Thank you. We have what you told us.",
    "reschedule": "Your consultation has moved. An email with the details is on its way.",
    "withdraw": "You have withdrawn your request.",
    "cancel": "You have cancelled your consultation.",
}


def _done(view: View) -> str:
    """What the client has just done, from the history itself: it says so for a minute and needs no session."""
    last, asked = view.last, view.story.link_asked_at
    if asked and view.now - asked < _JUST_NOW and (last is None or asked > last.at or last.verb not in _DONE):
        return "A new link is on its way to you."
    if last is not None and last.actor_kind == Who.CLIENT and view.now - last.at < _JUST_NOW:
        return _DONE.get(last.verb, "")
    return ""


# --- doing ------------------------------------------------------------------------------------------------------------


@never_cache
@get_or_post
def say(request: HttpRequest, verb: str) -> HttpResponse:
    """Do one thing. A conflict says who was first and keeps what was typed; a rule that says no says why."""
    if verb not in FORMS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now = timezone.now()
    session = _session(request, now)
    if session is None:
        return _closed(request)
    row = session.request
    if verb in _WITHOUT_VERSION:
        return _WITHOUT_VERSION[verb](request, session, now)
    form = FORMS[verb](request.POST, auto_id=f"id_{verb}_%s")
    version = _version(request)
    if not form.is_valid() and version == row.version:
        return _show(request, row, now, verb=verb, form=form)
    try:
        if form.is_valid():
            _DO[verb](row, form.cleaned_data, {"actor": ME, "now": now, "version": version}, form)
        else:
            raise Conflict(row, _last(row), now)
    except Conflict as conflict:
        return _conflict(request, conflict, verb, form, now)
    except WorkflowError as refusal:
        return _show(request, row, now, verb=verb, form=form, problem=str(refusal), status=409)
    return redirect(reverse("client:mine"))


def _version(request: HttpRequest) -> int:
    """The version that the page showed; one that nobody was ever shown if it is missing."""
    given = request.POST.get("version", "")
    return int(given) if times.is_id(given) else 0


def _last(row: ConsultationRequest) -> Event | None:
    return row.events.order_by("-version").first()


def _conflict(
    request: HttpRequest, conflict: Conflict, verb: str, form: ClientForm, now: datetime
) -> HttpResponse:
    """Someone was first. If it was this client with the same words (a double click), it simply worked."""
    if _same_again(conflict.event, verb, form, _version(request)):
        return redirect(reverse("client:mine"))
    changed = meanwhile(conflict.event, now)
    return _show(request, conflict.request, now, verb=verb, form=form, changed=changed, status=409)


def _same_again(event: Event | None, verb: str, form: ClientForm, version: int) -> bool:
    if event is None or event.actor_kind != Who.CLIENT or event.verb != verb.replace("-", "_"):
        return False
    if event.version != version + 1 or not form.is_valid():
        return False
    given = form.cleaned_data
    if "appointment" in given:
        return bool(event.facts.get("appointment") == given["appointment"])
    if "slot" in given:
        read = times.read(given["slot"])
        return read is not None and event.facts.get("start") == read[1].isoformat()
    text: str = given.get("text", "")
    kept = Note.objects.filter(request_id=event.request_id, at=event.at).order_by("-id").first()
    return text == (kept.body if kept else "")


Given = dict[str, Any]


def _accept(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    reply.accept(row, appointment_id=given["appointment"], **said)


def _ask_other_times(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    assert isinstance(form, OtherTimesForm)
    reply.ask_other_times(row, windows=form.windows(), text=given["text"], **said)


def _answer(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    reply.answer(row, text=given["text"], **said)


def _add_information(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    making.add_information(row, text=given["text"], **said)


def _withdraw(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    making.withdraw(row, reason_text=given["text"], **said)


def _cancel(row: ConsultationRequest, given: Given, said: Given, form: ClientForm) -> None:
    visit.cancel(row, text=given["text"], **said)


_DO: dict[str, Callable[[ConsultationRequest, Given, Given, ClientForm], None]] = {
    "accept": _accept,
    "ask-other-times": _ask_other_times,
    "answer": _answer,
    "add-information": _add_information,
    "withdraw": _withdraw,
    "cancel": _cancel,
}


def _new_link(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """A fresh link to the same address, for another device or a later day."""
    row = session.request
    if not throttle.allow(
        "new-link-mine", str(row.pk), limit=_LINKS_A_DAY, window=timedelta(days=1), now=now
    ):
        return too_many_requests(request)
    outbox.queue(row, "new_link", now=now)
    return redirect(reverse("client:mine"))


def _close(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """Leave this page: the cookie opens nothing any more."""
    links.close(session)
    response = redirect(reverse("client:mine"))
    response.delete_cookie(settings.CLIENT_COOKIE_NAME, path="/")
    return response


def _ask_again(request: HttpRequest, session: ClientSession, now: datetime) -> HttpResponse:
    """Begin a request that follows this one: the contact details come along, no health answer does."""
    row = session.request
    if row.status not in ASK_AGAIN_FROM or row.decline_reason in _NOT_AGAIN:
        return _show(request, row, now, changed=meanwhile(_last(row), now), status=409)
    contact = {
        "name": row.name,
        "name_to_use": row.name_to_use,
        "email": row.email,
        "contact_by": row.contact_by,
        "phone": row.phone,
        "may_leave_message": row.may_leave_message,
        "type": row.consultation_type_id,
        "follows": row.pk,
        "done": ["you", "phone"] if row.phone else ["you"],
    }
    return begin(request, contact, now)


_WITHOUT_VERSION: dict[str, Callable[[HttpRequest, ClientSession, datetime], HttpResponse]] = {
    "new-link": _new_link,
    "close": _close,
    "ask-again": _ask_again,
}


# --- moving a visit ---------------------------------------------------------------------------------------------------


@never_cache
@get_or_post
def reschedule(request: HttpRequest) -> HttpResponse:
    """Free times for the same kind of consultation; POST moves the visit."""
    now = timezone.now()
    session = _session(request, now)
    if session is None:
        return _closed(request)
    row = session.request
    booked = row.appointments.booked().select_related("practitioner", "consultation_type").first()
    if request.method != "POST" and not (booked and _can_change(booked, now)):
        return redirect(reverse("client:mine"))
    form = MoveForm(request.POST if request.method == "POST" else None, auto_id="id_%s")
    taken: list[Slot] = []
    if request.method == "POST" and form.is_valid():
        try:
            _move(row, form.cleaned_data["slot"], _version(request), now)
            return redirect(reverse("client:mine"))
        except Conflict as conflict:
            return _conflict(request, conflict, "reschedule", form, now)
        except SlotTaken as gone:
            taken = gone.nearest
        except Refused as refusal:
            return _show(request, row, now, problem=str(refusal), status=409)
    if booked is None:
        return _show(request, row, now, changed=meanwhile(_last(row), now), status=409)
    return _choose_again(request, row, booked, form, taken, now)


def _move(row: ConsultationRequest, value: str, version: int, now: datetime) -> None:
    """Say the verb for the chosen time; "any practitioner" means the first who is free then."""
    read = times.read(value)
    if read is None:
        raise SlotTaken([])
    found = free.free_at(
        now=now, consultation_type=row.consultation_type, start=read[1], practitioner_id=read[0]
    )
    # A time that is no longer free is still said, so that a double click or a conflict is told apart from a taken time.
    length = timedelta(minutes=row.consultation_type.minutes)
    fallback = Slot(start=read[1], practitioner_id=read[0] or 0, end=read[1] + length)
    visit.reschedule(row, slot=found[0] if found else fallback, actor=ME, now=now, version=version)


def _choose_again(
    request: HttpRequest,
    row: ConsultationRequest,
    booked: Appointment,
    form: MoveForm,
    taken: list[Slot],
    now: datetime,
) -> HttpResponse:
    place, kind = clinic(now), row.consultation_type
    query = request.GET.copy()
    query["type"] = str(kind.pk)
    query.setdefault("practitioner", str(booked.practitioner_id))
    query.setdefault("zone", row.time_zone)
    try:
        asked = times.asked(query, [kind])
    except times.Unclear:
        query["practitioner"], query["from"], query["days"] = times.ANY, "", ""
        asked = times.asked(query, [kind])
    shown = times.table(asked, place=place, now=now, chosen=request.POST.get("slot", ""))

    def page(first_day: Any) -> str:
        wanted = {"practitioner": asked.practitioner_id or times.ANY}
        return "?" + urlencode({**wanted, "from": first_day.isoformat()}) if first_day else ""

    context = {
        "request_shown": row,
        "form": form,
        "table": shown,
        "kinds": [kind],
        "zones": (),
        "visit": when.moment(booked.starts_at, place.zone),
        "taken": request.method == "POST" and form.is_valid(),
        "nearest": [times.time(slot, asked, place.zone) for slot in taken],
        "earlier": page(shown.earlier),
        "later": page(shown.later),
    }
    return render(
        request, "bookings/client/reschedule.html", context, status=409 if context["taken"] else 200
    )
