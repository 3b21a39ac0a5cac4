"""The page on which a practitioner writes a plan, sees what became of it, and answers what the client asks.

One form. "Add", "Work out" and "See it" only look; "Keep" and "Send" call verbs. Whatever is pressed, what was typed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import wording
from bookings.admin.decide import may
from bookings.admin.plan import begin, behind, beside, kept, others, phone, phrases, said, standing, visits
from bookings.admin.plan.forms import PlanForms
from bookings.admin.plan.phone import SAID
from bookings.client.plan import words
from bookings.client.plan.forms import PlanForm
from bookings.desk_site import DECIDE, READS_HEALTH, VIEW, WRITES_PLANS, clinic_of
from bookings.models import ConsultationRequest, Plan, PlanQuestion
from bookings.plan_rules import PlanRule
from bookings.queries import one_request, plans
from bookings.queries.audit import READ_HEALTH
from bookings.queries.clinic import Clinic, clinic
from bookings.states import Who
from bookings.workflow import plan as verbs
from bookings.workflow import visit_questions, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused, WorkflowError
from clinic.foundation import audit, press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

LOOKS = ("add", "against", "sum", "out", "up", "phrase", "take")
SETTLES = ("answered", "put_off")
# Our answer to a question about the plan, and what the client said to it on the phone.


@may(VIEW)
@may(READS_HEALTH)
def page(request: HttpRequest, object_id: int, site: AdminSite) -> HttpResponse:
    """The plan of one request after its visit; a POST does what its button says."""
    now = timezone.now()
    consultation = _found(object_id)
    if request.POST.get("do") == "at":
        return behind.at(consultation)
    audit.seen(cast(User, request.user), READ_HEALTH, consultation, now)
    if request.method != "POST":
        return _shown(request, consultation, site, now, begin.begun(consultation))
    name, _, about = request.POST.get("do", "").partition(":")
    if name == "theirs":  # what a colleague kept, in place of what was typed here
        return SeeOther(_address(consultation))
    if name == "keep_phrase":
        phrases.keep_typed(request, about)
        name = "sum"
    if name in LOOKS:
        typed, unseen = begin.again(request.POST, consultation, now), others.is_unseen(request.POST)
        if name == "take" and "outcome" not in request.POST:  # beside a plan that was sent
            return _shown(request, consultation, site, now, begin.begun(consultation), as_read=True)
        why = others.WHOSE if unseen else ""
        return _shown(request, consultation, site, now, typed, why, editing=True, unseen=unseen, as_read=True)
    if name == "behind":
        return behind.told(request, consultation, now)
    if name in SETTLES:
        return _settled(request, consultation, site, now, name, about)
    if name in ("draft", "see", "send"):
        return _written(request, consultation, site, now, name)
    if name == "send_kept":
        return _sent_as_kept(request, consultation, site, now)
    if name in SAID:
        return _answered(request, consultation, site, now, name)
    return SeeOther(_address(consultation))


@may(VIEW)
@may(READS_HEALTH)
@require_safe
def preview(request: HttpRequest, object_id: int, site: AdminSite) -> HttpResponse:
    """The page as the client reads it: the draft, or with `?sent` the plan that was sent, to print for somebody."""
    now = timezone.now()
    consultation, place = _found(object_id), clinic(now)
    audit.seen(cast(User, request.user), READ_HEALTH, consultation, now)
    found = plans.plan_of(consultation) if "sent" in request.GET else plans.draft_of(consultation)
    if found is None:
        raise Http404
    shown = words.shown(found, when.local_day(now, place.zone), place.zone)
    context = {
        "consultation": consultation,
        "shown": shown,
        "form": PlanForm(shown, ()),
        "preview": True,
        "treats": plans.who_treats(consultation, found),
        "back": _address(consultation),
        "may_send": found.is_draft and cast(User, request.user).has_perm(WRITES_PLANS),
        "sessions": words.sessions(list(plans.sessions_of(consultation)), place.zone, now),
        "at_the_visit": words.at_the_visit(plans.wanted_to_know(consultation)),
    }
    return render(request, "bookings/client/plan/page.html", context)


def _found(key: int) -> ConsultationRequest:
    row: ConsultationRequest | None = next(one_request.SEEN.models((id_in(str(key)),)), None)
    if row is None:
        raise Http404
    prefetch_related_objects([row], "concerns")
    return row


def _address(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_plan", args=[consultation.pk])


# --- what the buttons do ----------------------------------------------------------------------------------------------


# Which fields (how their names begin) a button cannot do without: their page cannot say what is not counted yet.
_WANTS = {"see": "times_from", "send": ""}


def _written(
    request: HttpRequest, consultation: ConsultationRequest, site: AdminSite, now: datetime, name: str
) -> HttpResponse:
    user = cast(User, request.user)
    if not user.has_perm(WRITES_PLANS):
        raise PermissionDenied
    sent = PlanForms.sent(request.POST)
    is_wrong = not sent.is_valid() or (name in _WANTS and sent.say_missing(_WANTS[name]))
    if is_wrong or (name == "send" and _still_open(request, consultation, sent, now)):
        sending = name == "send"
        return _shown(request, consultation, site, now, sent, editing=True, sending=sending, as_read=True)
    whose, given = _whose(request, consultation)
    if whose:
        return _shown(request, consultation, site, now, sent, whose, editing=True, status=409, **given)
    because = sent.words.cleaned_data["because_of_rules"]
    version = id_in(request.POST.get("version", ""))
    origin = Origin(Actor.staff(user, press.of(request, user)), now, version, because=because)
    call = _called(request, consultation, sent, name)
    try:
        behind.unhindered(call, consultation, origin, behind.tab(request.POST))
    except Conflict as conflict:
        if press.done(origin.actor.press):
            return SeeOther(_address(consultation))
        fresh = _found(consultation.pk)
        return _shown(request, fresh, site, now, sent, str(conflict), editing=True, unseen=True, status=409)
    except Refused as refused:
        place = {"because": "because_of_rules", "past": "valid_until"}.get(refused.code)
        if place:
            sent.words.add_error(place, refused.message)
        problem = "" if place else refused.message
        return _shown(request, consultation, site, now, sent, problem, editing=True, status=409)
    if name == "see":
        return SeeOther(reverse("admin:bookings_consultationrequest_plan_preview", args=[consultation.pk]))
    if name == "send":
        _say_mailed(request, consultation, "send_plan", now)
        return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]))
    _say(request, consultation, "write_plan")
    return SeeOther(_address(consultation))


def _whose(request: HttpRequest, consultation: ConsultationRequest) -> tuple[str, dict[str, bool]]:
    """That somebody else kept a draft or an answer, and nobody has said which is kept; and how the page shows it."""
    if others.is_unseen(request.POST):
        return others.WHOSE, {"unseen": True}
    return (beside.WHOSE, {"as_read": True}) if beside.unseen(request.POST, consultation) else ("", {})


def _called(
    request: HttpRequest, consultation: ConsultationRequest, sent: PlanForms, name: str
) -> Callable[[ConsultationRequest, Origin], ConsultationRequest]:
    """The verb of the button, with what was typed."""
    answers, tab = beside.answers(request.POST, consultation), behind.tab(request.POST)
    if name == "send":
        agreed = [code for code in request.POST.getlist("although") if code in list(PlanRule)]
        return partial(verbs.send_plan, written=sent.written(), although=agreed, answers=answers)
    return partial(verbs.write_plan, written=sent.written(), answers=answers, tab=tab)


def _sent_as_kept(
    request: HttpRequest, consultation: ConsultationRequest, site: AdminSite, now: datetime
) -> HttpResponse:
    """From the page as the client will read it: the draft is sent as it was kept."""
    user, draft = cast(User, request.user), plans.draft_of(consultation)
    if not user.has_perm(WRITES_PLANS):
        raise PermissionDenied
    if draft is None:
        return SeeOther(_address(consultation))
    actor = Actor.staff(user, press.of(request, user))
    origin = Origin(actor, now, id_in(request.POST.get("version", "")))
    try:
        verbs.send_plan(consultation, origin, written=kept.written(draft))
    except WorkflowError as refused:
        if press.done(actor.press):
            return SeeOther(_address(consultation))
        fresh = _found(consultation.pk)
        begun = begin.begun(fresh)
        return _shown(request, fresh, site, now, begun, str(refused), editing=True, status=409)
    _say_mailed(request, consultation, "send_plan", now)
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]))


def _say(request: HttpRequest, consultation: ConsultationRequest, verb: str, told: str = "") -> None:
    name = consultation.called or "The client"
    messages.success(request, (told or wording.of(verb).done).format(name=name))


# What was done, and the kind of its mail.
_MAILED = {
    "send_plan": ("The plan is sent.", "plan_ready"),
    "answer_about_plan": ("Answered.", "plan_answered"),
}


def _say_mailed(request: HttpRequest, consultation: ConsultationRequest, verb: str, now: datetime) -> None:
    """The mail waits as long as it can be taken back: nobody is told yet. Of a call to make the bar says it."""
    (done, kind), until = _MAILED[verb], wait.until(verb, Who.STAFF, now)
    at_clock = when.digits(until, clinic_of(request).zone) if until else ""
    mailed = f"{done} {{name}} will be told at {at_clock}." if until else ""
    _say(request, consultation, verb, done if consultation.barriers_to(kind) else mailed)


def _answered(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    name: str,
) -> HttpResponse:
    """Answer a question about the plan, or note what the client said to it on the phone."""
    user = cast(User, request.user)
    if not user.has_perm(DECIDE):
        raise PermissionDenied
    origin = Origin(Actor.staff(user, press.of(request, user)), now, id_in(request.POST.get("version", "")))
    try:
        phone.take_down(request, consultation, origin, plans.plan_of(consultation), clinic(now))
    except WorkflowError as refused:
        if not press.done(origin.actor.press):
            begun = begin.begun(consultation)
            return _shown(request, _found(consultation.pk), site, now, begun, str(refused), status=409)
    if name == "reply":
        _say_mailed(request, consultation, "answer_about_plan", now)
    else:
        messages.success(request, "Noted, as they said it.")
    return SeeOther(_address(consultation))


def _settled(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    name: str,
    about: str,
) -> HttpResponse:
    """One of the client's questions was answered at the visit, or is put off; what is being written stays."""
    user = cast(User, request.user)
    if not user.has_perm(DECIDE):
        raise PermissionDenied
    origin = Origin(Actor.staff(user, press.of(request, user)), now, id_in(request.POST.get("version", "")))
    problem, key, unseen = "", id_in(about), others.is_unseen(request.POST)
    conflicted = False
    try:
        if beside.unseen(request.POST, consultation, key):
            problem = beside.WHOSE
        elif name == "put_off":
            visit_questions.put_off_question(consultation, origin, question_id=key)
        else:
            text = beside.typed_answer(request, f"answer-{about}")
            visit_questions.answer_question(consultation, origin, question_id=key, text=text)
    except WorkflowError as refused:
        problem = "" if press.done(origin.actor.press) else str(refused)
        conflicted = bool(problem) and isinstance(refused, Conflict)
        unseen |= conflicted and behind.was_overtaken(consultation, origin, request.POST)
    is_writing = (
        "outcome" in request.POST
    )  # else a plan was sent, and one that was put off is answered after all
    typed = begin.again(request.POST, consultation, now) if is_writing else begin.begun(consultation)
    given = {"editing": is_writing, "unseen": unseen and is_writing, "conflicted": conflicted}
    given["as_read"] = bool(problem) and not conflicted  # nothing was called: the page is as old as it was
    shown, status = _found(consultation.pk), 409 if problem else 200
    return _shown(request, shown, site, now, typed, problem or others.WHOSE * unseen, status=status, **given)


# --- the page ---------------------------------------------------------------------------------------------------------


def _shown(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    plan_forms: PlanForms,
    problem: str = "",
    *,
    editing: bool = False,
    sending: bool = False,
    unseen: bool = False,
    conflicted: bool = False,
    as_read: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`unseen`: a draft that was not written here is shown beside. `conflicted`: somebody else was first. `as_read`: nothing
    was called, so the page stays as old as the one that it came from, and its next press is told who was first.
    """
    user, place = cast(User, request.user), clinic_of(request)
    sent, draft = plans.plan_of(consultation), plans.draft_of(consultation)
    writes = user.has_perm(WRITES_PLANS)
    editing = writes and (editing or draft is not None or sent is None or "new" in request.GET)
    besides = beside.of(consultation, plan_forms.treatments if editing else None)
    about = plans.asked_about(consultation) if sent else []
    typed: dict[str, Any] = beside.typed(request.POST, about, besides, conflicted=conflicted)
    rules = standing.rules_of(plan_forms, consultation, now) if editing else []
    left = standing.still_open(plan_forms, rules, typed["although"], typed["unanswered"])
    typed["is_ready"] = editing and not left and not typed["asked"] and standing.is_complete(plan_forms)
    typed |= standing.shown(plan_forms, rules, place.currency)
    typed |= site.each_context(request) | _around(request, consultation, as_read=as_read)
    typed |= {"forms": plan_forms, "problem": problem, "editing": editing, "draft": draft, "beside": besides}
    context: dict[str, Any] = typed | {
        **_told(request, sent, about, now),
        "phrases": phrases.offered(plan_forms.words["applies"].value() or ()) if editing else {},
        "unlisted": beside.unlisted(besides, plan_forms) if editing else [],
        "keeps": _keeps(request, problem),
        "still_open": left if sending else [],
        "theirs": others.differing(draft, plan_forms) if unseen else [],
    }
    return render(request, "admin/bookings/plan/page.html", context, status=status)


def _told(
    request: HttpRequest, sent: Plan | None, about: Sequence[PlanQuestion], now: datetime
) -> dict[str, Any]:
    """The plan that was sent, and each of its lines with what they said of it while it has no answer.

    `about`: what they asked.
    """
    if sent is None:
        return {"sent": None}
    profile = clinic_of(request)
    zone, events = profile.zone, plans.said_to(sent)
    told = words.shown(sent, when.local_day(now, zone), zone)
    pressed = request.POST if request.POST.get("do") == "yes" else None
    asked = {one.line_id: one.asked_at for one in sorted(about, key=lambda one: one.asked_at)}
    lines = [
        (one, said.in_words(events, one.key, zone, is_open=told.is_open, asked=asked.get(one.key)))
        for one in told.lines
    ]
    return {"sent": told, "said_to": lines, "phone": phone.times(told, Clinic(now, profile), pressed)}


def _around(request: HttpRequest, consultation: ConsultationRequest, *, as_read: bool) -> dict[str, Any]:
    """The request, what the reader may do, and the visits: the one that the plan follows, and those that came of it."""
    user = cast(User, request.user)
    rows = visits.rows(consultation, user.has_perm(READS_HEALTH), clinic_of(request).zone)
    return {
        "title": f"Plan for {consultation.name}",
        "consultation": consultation,
        "version": (as_read and id_in(request.POST.get("version", ""))) or consultation.version,
        "writes": user.has_perm(WRITES_PLANS),
        "decides": user.has_perm(DECIDE),
        "rows": rows,
        "is_taken_back": visits.is_taken_back(rows),
        "visit": plans.visit_of(consultation),
    }


def _still_open(
    request: HttpRequest, consultation: ConsultationRequest, sent: PlanForms, now: datetime
) -> list[tuple[str, str]]:
    rules, left = standing.rules_of(sent, consultation, now), beside.unanswered(request.POST, consultation)
    return standing.still_open(sent, rules, request.POST.getlist("although"), left)


def _keeps(request: HttpRequest, problem: str) -> str:
    """When the script keeps what is typed; after a problem ("no") not before somebody has pressed a button."""
    return "no" if problem else "now" if request.method == "POST" else "later"
