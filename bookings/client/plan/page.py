"""The plan behind its own link: read, printed, asked about, answered. Whoever has the first link alone is sent a second.

A link that works once and for ten minutes opens it (bookings/links.py); its session ends as every other of a client.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings import limits, links, outbox, wording
from bookings.client import attempts
from bookings.client.attempts import get_or_post
from bookings.client.own.after import agreed, may_come_again, part_taken_back, taken_back
from bookings.client.own.history import meanwhile
from bookings.client.own.session import closed, session_of
from bookings.client.phone_hours import opening
from bookings.client.plan import words
from bookings.client.plan.forms import ACCEPT, ASK, BACK, NO, THINK, UNDO_NO, PlanForm
from bookings.client.times.table import open_days
from bookings.models import ClientSession, ConsultationRequest, Event, Plan
from bookings.models.message import PLAN
from bookings.queries import plans, preparing, wishes
from bookings.queries.clinic import Clinic, clinic
from bookings.states import LineAnswer, PlanStatus, Who
from bookings.workflow import plan_answer, wait
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import Conflict, WorkflowError
from clinic.foundation import throttle, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

ME = Actor.client()


@never_cache
@get_or_post
def plan(request: HttpRequest) -> HttpResponse:
    """The newest plan; POST answers it."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    found = plans.plan_of(session.request)
    if found is None:
        return SeeOther(reverse("client:mine"))
    if session.link.purpose != PLAN:
        return _gate(request, session.request, now)
    if request.method == "POST":
        return _said(request, session, found, now)
    did, beside = links.just_did(session), links.typed_beside(session)
    response = _shown(request, session.request, found, now, did=did, about_times=beside)
    if did and response.status_code == 200:  # said once: no reload and no other page says it again
        links.keep_typed(session, None)
    return response


@never_cache
@require_safe
def earlier(request: HttpRequest, number: int) -> HttpResponse:
    """A plan that a newer one has replaced, to read."""
    now = timezone.now()
    session = session_of(request, now)
    if session is None:
        return closed(request)
    if session.link.purpose != PLAN:
        return _gate(request, session.request, now)
    found = plans.numbered(session.request, number)
    if found is None:
        raise Http404
    return _shown(request, session.request, found, now)


@never_cache
@require_POST
def send_link(request: HttpRequest) -> HttpResponse:
    """Mail the link that opens the plan, to the address of the request."""
    now = timezone.now()
    if not attempts.may_send(request, now):
        return attempts.too_often(request, now)
    session = session_of(request, now)
    if session is None:
        return closed(request)
    consultation = session.request
    if plans.plan_of(consultation) is None or not consultation.email:
        return SeeOther(reverse("client:mine"))
    if not throttle.allow(
        "plan-link",
        str(consultation.pk),
        limit=limits.floods.PLAN_LINKS_PER_REQUEST_DAY,
        window=when.DAY,
        now=now,
    ):
        return attempts.too_often(request, now, window=when.DAY)
    outbox.queue(consultation, "plan_link", now=now)
    return SeeOther(f"{reverse('client:plan')}?sent")


def _gate(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> HttpResponse:
    """Says that there is something to read, and sends the link to it. Nothing of the plan is in it."""
    names = [name for name in request.POST if name.startswith("question_")]
    typed = [text for name in names if (text := request.POST.get(name, "").strip())]
    context = {"consultation": consultation, "sent": "sent" in request.GET, "typed": typed}
    response = render(request, "bookings/client/plan/gate.html", context, status=403 if typed else 200)
    return response if wait.seen_by_client(consultation, now) else SeeOther(reverse("client:plan"))


Call = Callable[[ConsultationRequest, Origin, Plan, PlanForm], ConsultationRequest]
_CALLS: dict[str, Call] = {
    ACCEPT: lambda cleo, origin, plan, form: plan_answer.accept_plan(
        cleo,
        origin,
        plan=plan.pk,
        lines=form.ticked,
        windows=form.windows(),
        about_times=form.cleaned_data["about_times"],
    ),
    THINK: lambda cleo, origin, plan, form: plan_answer.consider_plan(cleo, origin, plan=plan.pk),
    NO: lambda cleo, origin, plan, form: plan_answer.decline_plan(cleo, origin, plan=plan.pk),
    ASK: lambda cleo, origin, plan, form: plan_answer.ask_about_plan(
        cleo, origin, plan=plan.pk, line=form.line, text=form.question
    ),
    BACK: lambda cleo, origin, plan, form: plan_answer.take_back_plan(
        cleo, origin, plan=plan.pk, lines=None if form.line is None else [form.line]
    ),
    UNDO_NO: lambda cleo, origin, plan, form: plan_answer.take_back_plan(
        cleo, origin, plan=plan.pk, answer=LineAnswer.NO
    ),
}


def _said(request: HttpRequest, session: ClientSession, found: Plan, now: datetime) -> HttpResponse:
    place, consultation = clinic(now), session.request
    shown = words.shown(found, when.local_day(now, place.zone), place.zone)
    form = PlanForm(shown, open_days(place), request.POST, pressed=request.POST.get("say", ""))
    origin = Origin(ME, now, id_in(request.POST.get("version", "")))
    if form.say not in _CALLS or not form.is_valid() and origin.version == consultation.version:
        return _shown(request, consultation, found, now, form=form)
    try:
        if (
            not form.is_valid()
        ):  # what was ticked is no choice any more: another tab, perhaps, or a newer plan
            raise Conflict(consultation, last_event(consultation), now)
        said = _CALLS[form.say](consultation, origin, found, form)
        said = _ask_beside(said, now, found, form)
    except Conflict as conflict:
        if _same_again(conflict, form, origin):
            return SeeOther(_next(conflict.consultation, form))
        fresh = plans.plan_of(conflict.consultation) or found
        changed = meanwhile(conflict.event, now)
        return _shown(request, conflict.consultation, fresh, now, form=form, changed=changed, status=409)
    except WorkflowError as refused:
        return _shown(request, consultation, found, now, form=form, problem=str(refused), status=409)
    links.say_done(session, form.cleaned_data["about_times"] if form.say in (ASK, THINK) else "")
    return SeeOther(_next(said, form))


def _next(said: ConsultationRequest, form: PlanForm) -> str:
    """The page after an answer, the same for whoever pressed twice: their browser shows what the second press leads to."""
    stays = form.say in (ASK, THINK) and form.is_valid()
    return reverse("client:plan") + (_kept(form) if stays else "") + _place(said, form)


def _kept(form: PlanForm) -> str:
    """What was ticked beside a question, or by who wants time, stays ticked: keys, which say nothing to anybody else."""
    given = form.cleaned_data
    ticked = {"line": form.ticked, "days": given["days"], "parts": given["parts"]}
    kept = {name: keys for name, keys in ticked.items() if keys}
    return f"?{urlencode(kept, doseq=True)}" if kept else ""


def _place(said: ConsultationRequest, form: PlanForm) -> str:
    """Where the page opens: at the question that was asked."""
    last = last_event(said) if form.say == ASK else None
    return f"#asked-{last.facts['question']}" if last else ""


def _ask_beside(said: ConsultationRequest, now: datetime, found: Plan, form: PlanForm) -> ConsultationRequest:
    """What was typed under another button goes along with the one that was pressed. Every answer leaves a plan that may be
    asked about, so the answer comes first: were it refused, nothing would have been asked.
    """
    for line, text in form.beside:
        origin = Origin(ME, now, said.version)
        said = plan_answer.ask_about_plan(said, origin, plan=found.pk, line=line, text=text)
    return said


_VERBS = {
    ACCEPT: "accept_plan",
    THINK: "consider_plan",
    NO: "decline_plan",
    ASK: "ask_about_plan",
    BACK: "take_back_plan",
    UNDO_NO: "take_back_plan",
}


def _same_again(conflict: Conflict, form: PlanForm, origin: Origin) -> bool:
    """A double click, of the same answer to the same treatments: it simply worked."""
    event = _answer(conflict, (origin.version or 0) + 1)
    if event is None or event.actor_kind != Who.CLIENT or event.verb != _VERBS[form.say]:
        return False
    if form.say == ACCEPT:
        return bool(event.facts.get("lines") == sorted(id_in(key) for key in form.sent_lines))
    if form.say in (BACK, UNDO_NO) and bool(event.facts.get("no")) != (form.say == UNDO_NO):
        return False
    if form.say == BACK:
        key = form.line
        return bool(event.facts.get("whole")) if key is None else key in event.facts.get("lines", [])
    return True


def _answer(conflict: Conflict, version: int) -> Event | None:
    """What made this version, if nothing has happened since but the questions of the same press."""
    last = conflict.event
    if last is None or last.version == version:
        return last
    answer = Event.objects.filter(request=conflict.consultation, version=version).first()
    return answer if answer and answer.at == last.at and last.verb == "ask_about_plan" else None


def _shown(
    request: HttpRequest,
    consultation: ConsultationRequest,
    found: Plan,
    now: datetime,
    *,
    form: PlanForm | None = None,
    problem: str = "",
    changed: str = "",
    did: bool = False,
    about_times: str = "",
    status: int = 200,
) -> HttpResponse:
    """The plan; after a POST that did not work with `form` as it was filled in, and why. `about_times`: as for `_form`."""
    place = clinic(now)
    shown = words.shown(found, when.local_day(now, place.zone), place.zone)
    rows = list(plans.sessions_of(consultation))
    told = agreed(found, rows, place, now)
    wishes.read(rows)
    context: dict[str, Any] = {
        "consultation": consultation,
        "shown": shown,
        "form": _form(request, shown, place, form, about_times),
        "ticked": form.sent_lines if form else request.GET.getlist("line"),
        "opened": form.about if form else "",
        "problem": problem,
        "changed": changed,
        **(_done(consultation, shown, now) if did else {}),
        "sessions": words.sessions(rows, place.zone, now, consultation),
        "asked_for": words.asked_for(rows),
        "agreed": told,
        **_on_top(shown, "" if did else taken_back(found, rows)),
        "prepares": _prepares(found, shown) if told and told.steps else [],
        "treats": plans.who_treats(consultation, found) if shown.is_open else "",
        "at_the_visit": words.at_the_visit(plans.wanted_to_know(consultation)),
        **(_around(found, place, now) if found.status != PlanStatus.SUPERSEDED else {}),
        "opens": opening(now, place),
    }
    response = render(request, "bookings/client/plan/page.html", context, status=status)
    return response if wait.seen_by_client(consultation, now) else SeeOther(reverse("client:plan"))


def _on_top(shown: words.PlanShown, back: str) -> dict[str, str]:
    """What their yes is to, and what is said of one that they took back."""
    yes = [line.name for line in shown.lines if line.answer == LineAnswer.YES]
    return {"yes_to": " and ".join(yes), "taken_back": back}


def _form(
    request: HttpRequest, shown: words.PlanShown, place: Clinic, sent: PlanForm | None, about_times: str
) -> PlanForm:
    """As it was `sent`; else with what was ticked before the last press, and `about_times` as it was typed then and is not
    sent yet.
    """
    if sent is not None:
        return PlanForm(shown, open_days(place), sent.data, pressed=f"{sent.say}:{sent.about}")
    kept = {name: request.GET.getlist(name) for name in ("days", "parts")} | {"about_times": about_times}
    return PlanForm(shown, open_days(place), initial=kept)


def _prepares(found: Plan, shown: words.PlanShown) -> list[tuple[str, str]]:
    """Each treatment that they come for, with the address of the page that says how it is done; empty if there is none."""
    pages = preparing.pages_of(found)
    booked = {row.pk for row in found.lines.all() if row.sessions_to}
    yes = [line for line in shown.lines if line.answer == LineAnswer.YES and line.key in booked]
    return [(line.name, pages.get(line.key, "")) for line in yes]


def _around(found: Plan, place: Clinic, now: datetime) -> dict[str, Any]:
    """What belongs to the newest plan alone: the earlier ones, and whether another visit may be asked for."""
    return {
        # The mail about an answer leads here, whichever plan the question was about.
        "asked_before": words.asked_before(plans.asked_before(found), place.zone) if found.number > 1 else [],
        "may_come_again": may_come_again(found, when.local_day(now, place.zone)),
        "earlier": range(1, found.number),
    }


def _done(consultation: ConsultationRequest, shown: words.PlanShown, now: datetime) -> dict[str, Any]:
    """What the client has just done (`done`), within a minute of it; and the key of the question beside which that is said
    (`just_asked`), if it was nothing but a question.
    """
    last = last_event(consultation)
    if last is None or last.actor_kind != Who.CLIENT or now - last.at >= limits.sessions.JUST_DONE:
        return {}
    # An answer and what was asked beside it were one press.
    of_press = Event.objects.filter(request=consultation, at=last.at, actor_kind=Who.CLIENT)
    answer = of_press.exclude(verb="ask_about_plan").order_by("version").last()
    if last.verb != "ask_about_plan":
        return {"done": _did(last, shown)}
    key = int(last.facts["question"])
    by = f" We answer by {by}." if (by := shown.answered_by(key)) else ""
    if answer:
        return {"done": f"{_did(answer, shown)} We have your question too.{by}"}
    return {"done": f"{_did(last, shown)}{by}", "just_asked": key}


def _did(last: Event, shown: words.PlanShown) -> str:
    if last.facts.get("lines") and part_taken_back(last) and not last.facts.get("no"):
        names = [line.name for line in shown.lines if line.key in last.facts["lines"]]
        return f"You have taken back your yes to {' and '.join(names)}. The rest stays as it is."
    return part_taken_back(last) or wording.of(last.verb).client_done
