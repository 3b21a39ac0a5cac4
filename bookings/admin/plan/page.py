"""The page on which a practitioner writes a plan, sees what became of it, and answers what the client asks.

One form. "Add", "Work out" and "See it" only look; "Keep" and "Send" call verbs. Whatever is pressed, what was typed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import limits, wording
from bookings.admin.decide import may
from bookings.admin.plan import begin, behind, beside, courses, forms, kept, phrases
from bookings.admin.plan.forms import PlanForms
from bookings.client.plan import words
from bookings.client.plan.forms import PlanForm
from bookings.desk_site import DECIDE, READS_HEALTH, VIEW, WRITES_PLANS, clinic_of
from bookings.models import ConsultationRequest, PlanQuestion, VisitQuestion
from bookings.plan_rules import NEVER, Found, PlanRule
from bookings.queries import plans
from bookings.queries.audit import READ_HEALTH
from bookings.queries.clinic import clinic
from bookings.queries.json_rows import json_rows
from bookings.states import PlanStatus, Status, Who
from bookings.workflow import plan as verbs
from bookings.workflow import plan_answer, visit_questions, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused, WorkflowError
from clinic.foundation import audit, press, when
from clinic.foundation.crypto import opened
from clinic.foundation.forms import CleanText
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in
from content.models import Treatment

LOOKS = ("add", "sum", "out", "phrase")
SETTLES = ("answered", "put_off")
# Our answer to a question about the plan, and what the client said to it on the phone.
SAID = ("reply", "yes", "no", "back")


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
        return _shown(request, consultation, site, now, _begun(request, consultation, now))
    name, _, about = request.POST.get("do", "").partition(":")
    if name in LOOKS:
        return _shown(request, consultation, site, now, _again(request, consultation, now), editing=True)
    if name == "behind":
        return behind.told(request, consultation, now)
    if name in SETTLES:
        return _settled(request, consultation, site, now, name, about)
    if name in ("draft", "see", "send"):
        return _written(request, consultation, site, now, name)
    if name == "send_kept":
        return _sent_as_kept(request, consultation, site, now)
    if name in SAID:
        return _answered(request, consultation, site, now, name, about)
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
        "form": PlanForm(shown),
        "preview": True,
        "back": _address(consultation),
        "may_send": found.is_draft and cast(User, request.user).has_perm(WRITES_PLANS),
        "sessions": words.sessions(list(plans.sessions_of(consultation)), place.zone, now),
        "at_the_visit": words.at_the_visit(plans.wanted_to_know(consultation)),
    }
    return render(request, "bookings/client/plan/page.html", context)


def _found(key: int) -> ConsultationRequest:
    found = ConsultationRequest.objects.filter(pk=key, status=Status.ATTENDED, erased_at=None)
    names = json_rows(Treatment.objects.all(), "order", "code", "name")
    found = found.select_related("consultation_type", "answers", "support_needs")
    row = found.prefetch_related("concerns").annotate(its_treatments=names).first()
    if row is None:
        raise Http404
    return row


def _address(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_plan", args=[consultation.pk])


# --- what the form begins with ----------------------------------------------------------------------------------------


def _begun(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> PlanForms:
    """The draft; else, for a new version, what was sent last; else what the client told us."""
    found = plans.draft_of(consultation) or plans.plan_of(consultation)
    if found:
        started, lines = kept.stored(found)
        if found.status != PlanStatus.DRAFT:
            started["valid_until"] = None
        return PlanForms.started(started, lines)
    data = opened(consultation.answers, "data") if hasattr(consultation, "answers") else None
    begun = {"applies": (data or {}).get("applies", []), "cannot": forms.CANNOT, "next_step": forms.NEXT_STEP}
    return PlanForms.started(begun, [])


def _again(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> PlanForms:
    """What was typed, with the ticked treatments added. Only looking: what is missing is no error yet."""
    started, lines = kept.typed(request.POST)
    do, _, about = request.POST.get("do", "").partition(":")
    if do == "phrase":
        phrases.put_in(started, id_in(about))
    if request.POST.get("do") == "add":  # the ticked, as new lines
        place = clinic(now)
        room = limits.plans.MOST_LINES - len(lines)
        keys = [id_in(key) for key in request.POST.getlist("new")[: limits.plans.MOST_LINES]]
        rows = Treatment.objects.offered().filter(pk__in=keys)
        # The best fit first, as they were shown.
        chosen = sorted(rows, key=lambda one: keys.index(one.pk))[:room]
        lines += begin.lines(chosen, consultation, place.rules.think_days, place.profile.currency)
    return PlanForms.started(started, lines)


# --- what the buttons do ----------------------------------------------------------------------------------------------


def _written(
    request: HttpRequest, consultation: ConsultationRequest, site: AdminSite, now: datetime, name: str
) -> HttpResponse:
    user = cast(User, request.user)
    if not user.has_perm(WRITES_PLANS):
        raise PermissionDenied
    sent = PlanForms.sent(request.POST)
    if not sent.is_valid() or (name == "send" and sent.say_missing()):
        return _shown(request, consultation, site, now, sent, editing=True)
    because = sent.words.cleaned_data["because_of_rules"]
    version = id_in(request.POST.get("version", ""))
    origin = Origin(Actor.staff(user, press.of(request, user)), now, version, because=because)
    agreed = [code for code in request.POST.getlist("although") if code in list(PlanRule)]
    try:
        if name == "send":
            call = partial(verbs.send_plan, written=sent.written(), although=agreed)
        else:
            call = partial(verbs.write_plan, written=sent.written())
        behind.unhindered(call, consultation, origin)
    except Conflict as conflict:
        if press.done(origin.actor.press):
            return SeeOther(_address(consultation))
        fresh = _found(consultation.pk)
        return _shown(request, fresh, site, now, sent, str(conflict), editing=True, status=409)
    except Refused as refused:
        place = {"because": "because_of_rules", "past": "valid_until"}.get(refused.code)
        if place:
            sent.words.add_error(place, refused.message)
        problem = "" if place else refused.message
        return _shown(request, consultation, site, now, sent, problem, editing=True, status=409)
    if name == "see":
        return SeeOther(reverse("admin:bookings_consultationrequest_plan_preview", args=[consultation.pk]))
    if name == "send":
        _say_sent(request, consultation, now)
        return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]))
    _say(request, consultation, "write_plan")
    return SeeOther(_address(consultation))


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
        begun = _begun(request, fresh, now)
        return _shown(request, fresh, site, now, begun, str(refused), editing=True, status=409)
    _say_sent(request, consultation, now)
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[consultation.pk]))


def _say(request: HttpRequest, consultation: ConsultationRequest, verb: str, told: str = "") -> None:
    name = consultation.called or "The client"
    messages.success(request, (told or wording.of(verb).done).format(name=name))


def _say_sent(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> None:
    """The mail waits as long as it can be taken back: nobody is told yet. Of a call to make the bar says it."""
    until = wait.until("send_plan", Who.STAFF, now)
    at_clock = when.digits(until, clinic_of(request).zone) if until else ""
    mailed = f"The plan is sent. {{name}} will be told at {at_clock}." if until else ""
    rings = consultation.barriers_to("plan_ready")
    _say(request, consultation, "send_plan", "The plan is sent." if rings else mailed)


def _answered(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    name: str,
    about: str,
) -> HttpResponse:
    """Answer a question about the plan, or note what the client said to it on the phone."""
    user = cast(User, request.user)
    if not user.has_perm(DECIDE):
        raise PermissionDenied
    origin = Origin(Actor.staff(user, press.of(request, user)), now, id_in(request.POST.get("version", "")))
    found = plans.plan_of(consultation)
    key, typed = found.pk if found else 0, partial(_typed_answer, request, f"reply-{about}", needed=True)
    said = [id_in(one) for one in request.POST.getlist("said")[: limits.plans.MOST_LINES]]
    calls: dict[str, Callable[[], object]] = {
        "reply": lambda: plan_answer.answer_about_plan(
            consultation, origin, question=id_in(about), text=typed()
        ),
        "yes": lambda: plan_answer.accept_plan(consultation, origin, plan=key, lines=said),
        "no": lambda: plan_answer.decline_plan(consultation, origin, plan=key),
        "back": lambda: plan_answer.take_back_plan(consultation, origin, plan=key),
    }
    try:
        calls[name]()
    except WorkflowError as refused:
        if not press.done(origin.actor.press):
            begun = _begun(request, consultation, now)
            return _shown(request, _found(consultation.pk), site, now, begun, str(refused), status=409)
    if name == "reply":
        _say(request, consultation, "answer_about_plan")
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
    problem = ""
    try:
        if name == "put_off":
            visit_questions.put_off_question(consultation, origin, question_id=id_in(about))
        else:
            text = _typed_answer(request, f"answer-{about}")
            visit_questions.answer_question(consultation, origin, question_id=id_in(about), text=text)
    except WorkflowError as refused:
        problem = "" if press.done(origin.actor.press) else str(refused)
    typed = _again(request, consultation, now)
    status = 409 if problem else 200
    return _shown(request, _found(consultation.pk), site, now, typed, problem, editing=True, status=status)


def _typed_answer(request: HttpRequest, field_name: str, *, needed: bool = False) -> str:
    """The words of the answer. Raises Refused for what cannot be kept, and for none if it is `needed`."""
    field = CleanText(limit=limits.texts.QUESTION_CHARACTERS, lines=True)
    try:
        text = str(field.clean(request.POST.get(field_name, "")))
    except ValidationError as error:
        raise Refused("words", " ".join(error.messages)) from error
    if needed and not text:
        raise Refused("words", "Write the answer.")
    return text


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
    status: int = 200,
) -> HttpResponse:
    user, place = cast(User, request.user), clinic_of(request)
    zone, sent, draft = place.zone, plans.plan_of(consultation), plans.draft_of(consultation)
    writes = user.has_perm(WRITES_PLANS)
    editing = writes and (editing or draft is not None or sent is None or "new" in request.GET)
    besides = beside.of(consultation, plan_forms.treatments if editing else None)
    rules = _rules(plan_forms, consultation, now) if editing else []
    typed = _typed(request, plans.asked(consultation) if sent else [], besides.questions)
    shared = site.each_context(request) | typed | _sums(plan_forms, rules, place.currency)
    context: dict[str, Any] = shared | {
        "title": f"Plan for {consultation.name}",
        "consultation": consultation,
        "forms": plan_forms,
        "problem": problem,
        "editing": editing,
        "writes": writes,
        "decides": user.has_perm(DECIDE),
        "draft": draft,
        "sent": words.shown(sent, when.local_day(now, zone), zone) if sent else None,
        "sessions": plans.sessions_of(consultation),
        "beside": besides,
        "phrases": phrases.offered(plan_forms.words["applies"].value() or ()) if editing else {},
        "visit": plans.visit_of(consultation),
        "keeps": _keeps(request, problem),
    }
    return render(request, "admin/bookings/plan/page.html", context, status=status)


def _sums(plan_forms: PlanForms, rules: list[Found], currency: str) -> dict[str, Any]:
    """What the plan comes to, and what the rules have against it."""
    passable = any(one.rule not in NEVER for one in rules)
    lines, total = _lines(plan_forms, rules, currency), plan_forms.total(currency)
    return {"rules": rules, "lines": lines, "total": total, "never": NEVER, "passable": passable}


def _keeps(request: HttpRequest, problem: str) -> str:
    """When the script keeps what is typed; after a problem ("no") not before somebody has pressed a button."""
    return "no" if problem else "now" if request.method == "POST" else "later"


def _typed(
    request: HttpRequest, asked: Sequence[PlanQuestion], questions: Sequence[VisitQuestion]
) -> dict[str, Any]:
    """What was typed and ticked beside the plan, each answer with its question."""
    return {
        "questions": [(one, request.POST.get(f"answer-{one.pk}", "")) for one in questions],
        "asked": [(one, request.POST.get(f"reply-{one.pk}", "")) for one in asked],
        "although": request.POST.getlist("although"),
    }


@dataclass(frozen=True)
class LineShown:
    """A treatment on the page: its form, what it comes to, and the rules against it, each with whether its tick is here."""

    form: forms.LineForm
    sum: str
    decided: str  # what is decided later, where it may take more sessions than a yes makes
    rules: list[tuple[Found, bool]]


def _lines(plan_forms: PlanForms, rules: list[Found], currency: str) -> list[LineShown]:
    shown = []
    for place, (form, checked) in enumerate(zip(plan_forms.lines, plan_forms.checked.lines, strict=True)):
        mine = [(one, one.about[0] == place) for one in rules if place in one.about]
        span = checked.span
        later = courses.decided(*checked.line({}).sessions) if span else ""
        shown.append(LineShown(form, span.words(currency) if span else "", later, mine))
    return shown


def _rules(plan_forms: PlanForms, consultation: ConsultationRequest, now: datetime) -> list[Found]:
    """What the rules have against what can be read so far, each about lines by their place on the page."""
    if not plan_forms.lines:
        return []
    written, places = plan_forms.so_far()
    found = verbs.against(written, consultation, clinic(now))
    return [replace(one, about=tuple(places[number] for number in one.about)) for one in found]
