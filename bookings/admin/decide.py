"""One request: all that is known, and a button for everything that staff may do with it now.

GET shows. POST performs one action (or previews its mail) and leads back here with 303. Nothing else writes to a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bookings.admin import actions, case, fit, rivals, typed_words
from bookings.admin.action import Action
from bookings.admin.actions import ACTIONS, FIRST_IN_TIMES, IN_TIMES
from bookings.admin.buttons import Attempt, Button, buttons_of, lost, places
from bookings.admin.case import Case
from bookings.admin.choices import Choices
from bookings.admin.forms import BECAUSE, DESK_FORM, VerbForm
from bookings.admin.other_times import other_times
from bookings.admin.slot_forms import SlotsForm
from bookings.admin.ticks import refuse_unseen, ticks
from bookings.desk_site import DECIDE, VIEW, clinic_of
from bookings.models import ConsultationRequest
from bookings.queries import one_request, presence
from bookings.queries.audit import OPENED, READ_HEALTH
from bookings.queries.desk import with_visit
from bookings.states import UNDOABLE, Status, Who, allowed_verbs
from bookings.workflow import presence as presence_rows
from bookings.workflow.core import Actor, Origin, last_event
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken, WorkflowError
from clinic.foundation import audit, press
from clinic.foundation.admin import deleted
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

# Buttons that look and change nothing: the mail of an action, other free times for it.
LOOKS = ("preview", "see", "check")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def may(permission: str) -> Callable[[View[P]], View[P]]:
    """Only for staff who hold `permission`. Django's admin_view checks that somebody is staff, and nothing more."""

    def wear(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not cast(User, request.user).has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View[P], wrapper)

    return wear


@may(VIEW)
def page(request: HttpRequest, object_id: str, site: AdminSite) -> HttpResponse:
    """The request's page; a POST does what a button says, or previews the mail of one."""
    now = timezone.now()
    if request.method != "POST":
        found, user = _found(request, object_id, now), cast(User, request.user)
        presence_rows.looks(found, user.pk, presence.last(found, user.pk), now)
        return _shown(request, found, site, now)
    if "rivals" in request.POST:
        return _offer_rivals(request, object_id, now)
    request.POST = cast(Any, _with_row(request.POST))
    if request.POST.get("do") == "" and not _entered(request):
        return _nothing_pressed(request, object_id, site, now)
    # Enter after a typed time checks it.
    previews = any(look in request.POST for look in LOOKS) or request.POST.get("do") == ""
    key = id_in(object_id)
    consultation = (
        one_request.whole(key, clinic_of(request).zone, now)
        if previews
        else _pressed().filter(pk=key).first()
    )
    if consultation is None:
        return _gone(request, site)
    return (preview if previews else perform)(request, consultation, site, now)


def _with_row(data: QueryDict) -> QueryDict:
    """The same POST, with the field filled that a button of a list says after a colon ("merge:12")."""
    for pressed in ("do", "preview"):
        name, _, about = data.get(pressed, "").partition(":")
        if about and name in ACTIONS and ACTIONS[name].form.row:
            data = data.copy()
            data[pressed], data[f"{name}-{ACTIONS[name].form.row}"] = name, about
    return data


@may(DECIDE)
def _offer_rivals(request: HttpRequest, object_id: str, now: datetime) -> HttpResponse:
    return rivals.offer_each(request, _found(request, object_id, now), now)


@may(DECIDE)
def _nothing_pressed(request: HttpRequest, object_id: str, site: AdminSite, now: datetime) -> HttpResponse:
    """Enter in a line of text presses no button: the page stays as it is, with everything that was typed."""
    messages.info(request, "Nothing was pressed, so nothing was done. Press the button that you mean.")
    return _shown(request, _found(request, object_id, now), site, now, typed=typed_words.of(request.POST))


@may(DECIDE)
def perform(
    request: HttpRequest, consultation: ConsultationRequest, site: AdminSite, now: datetime
) -> HttpResponse:
    """Do what the pressed button says, and lead back here. Reads what the action needs, and no page."""
    action, user = _action(request), cast(User, request.user)
    form = action.made(request.POST, choices=_choices(request, consultation, now))
    key = press.of(request, user)
    error: WorkflowError | None = None
    try:
        _refuse_other_states(action, consultation, now)
        if form.is_valid():
            refuse_unseen(form.choices, form.cleaned_data.get("agreed", {}))
            despite = form.cleaned_data.get("despite", "")
            because = form.cleaned_data.get(BECAUSE, "")
            origin = Origin(Actor.staff(user, key), now, _version(request), despite, because=because)
            fresh = action.call(consultation, origin, form.cleaned_data)
            was_new = consultation.status == Status.NEW != fresh.status
            return _done(request, consultation, action, form, answered=was_new)
    except WorkflowError as refused:
        error = refused
    if press.done(key):  # by another press of the same page, a moment ago
        return _done(request, consultation, action, form)
    return _undone(request, consultation, site, now, Attempt(action, form), error)


@may(DECIDE)
def preview(
    request: HttpRequest, consultation: ConsultationRequest, site: AdminSite, now: datetime
) -> HttpResponse:
    """The page again with everything that was typed, and the mail that the action would send. Changes nothing."""
    action = _action(request)
    known = case.gather(_choices(request, consultation, now))
    if action.name == "confirm" and known.wish and "slot" not in request.POST:
        # Nothing is ticked: what they mean is the time that was asked for.
        action = ACTIONS["confirm_wish"]
    form = action.made(request.POST, choices=known.choices)
    if isinstance(form, SlotsForm):
        form.fallback = known.defaults(action)["slots"]
    attempt = Attempt(action, form, preview="preview" in request.POST)
    try:
        _refuse_other_states(action, consultation, now)
    except NotAllowed as error:
        return _undone(request, consultation, site, now, attempt, error)
    form.is_valid()
    return _shown(request, consultation, site, now, attempt, known=known)


def _pressed_button(request: HttpRequest) -> str:
    """The name of the action whose button was pressed, or one of its looks; empty for none."""
    named = (request.POST[name] for name in (*LOOKS, "do") if request.POST.get(name))
    return next(named, "") or _entered(request)


def _entered(request: HttpRequest) -> str:
    """The name of the action beside whose typed time Enter was pressed; empty if none was typed."""
    if request.POST.get("other"):
        return request.POST.get("enter", "")
    typed = (name for name, value in request.POST.items() if name.endswith("-other") and value)
    return next(typed, "").removesuffix("-other")


def _action(request: HttpRequest) -> Action:
    """The action of the pressed button. Raises Http404 for one that there is not, PermissionDenied for others' rights."""
    action = ACTIONS.get(_pressed_button(request))
    if action is None:
        raise Http404
    if action.right and not cast(User, request.user).has_perm(action.right):
        raise PermissionDenied
    return action


def _choices(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> Choices:
    return Choices(consultation, cast(User, request.user), now, clinic_of(request))


def _refuse_other_states(action: Action, consultation: ConsultationRequest, now: datetime) -> None:
    """Raise NotAllowed if somebody was first. What was typed need not even be right to be told so."""
    if action.verb not in allowed_verbs(consultation.status, Who.STAFF):
        raise NotAllowed(consultation, last_event(consultation), now)


def _done(
    request: HttpRequest,
    consultation: ConsultationRequest,
    action: Action,
    form: VerbForm,
    *,
    answered: bool = False,
) -> HttpResponse:
    """Say what was done, also to whoever pressed twice, and lead back to the request. `answered`: it was new until then.

    What can be taken back stands in the bar, and the way to the next request beside it. What was kept
    in the history is said there.
    """
    back = reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])
    form.is_valid()
    typed_words.keep(request, consultation.pk, typed_words.of(request.POST, form))
    by_phone = action.mail and consultation.barriers_to(action.mail) and not form.cleaned_data.get("despite")
    words = (action.done_by_phone if by_phone else action.done_text)(form.cleaned_data)
    owner = form.cleaned_data.get("user")
    to = (owner.get_full_name() or owner.get_username()) if owner else "nobody"
    done = words.format(name=consultation.called or "The client", to=to)
    besides = action.name in actions.BESIDES
    tail = "" if besides else _next(request, consultation, answered=answered)
    if settings.UNDO_MINUTES and action.verb in UNDOABLE:
        messages.success(request, tail, extra_tags="next")
    elif action.name in actions.IN_HISTORY:
        messages.success(request, done, extra_tags="beside")
        return SeeOther(f"{back}#do-{action.name}")
    elif action.name in actions.IN_QUESTIONS:
        messages.success(request, done)
        return SeeOther(f"{back}#h-questions")
    else:
        messages.success(request, format_html("<strong>{}</strong> {}", done, tail))
    return SeeOther(back)


def _next(request: HttpRequest, consultation: ConsultationRequest, *, answered: bool) -> SafeString | str:
    """Whom to answer next, or that all are answered: the same as the large button of the page (go_on.html)."""
    following = case.next_to_answer(consultation, cast(User, request.user).pk)
    if following is None:
        return "All answered." if answered else ""
    url = reverse("admin:bookings_consultationrequest_change", args=[following[0]])
    return format_html('<span>Next new request: <a href="{}">{}</a></span>', url, following[1])


def _undone(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    attempt: Attempt,
    error: WorkflowError | None,
) -> HttpResponse:
    """Nothing was changed: say why, keep everything that was typed, and show the request as it is now.

    Without an error it is the form that says what is wrong.
    """
    match error:
        case Conflict():
            attempt.problem = str(error)
        case SlotTaken():
            attempt.problem, attempt.nearest = str(error), error.nearest
        case Refused() if attempt.action.name in actions.IN_BAR:  # no form of the page shows it
            attempt.problem = error.message
        case Refused():
            attempt.form.add_error(None, error.message)
    status = 409 if error else 200
    return _shown(request, _found(request, str(consultation.pk), now), site, now, attempt, status=status)


@may(DECIDE)
def _gone(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The clock has deleted the request while its page was open: what was typed, to copy."""
    action = ACTIONS.get(_pressed_button(request))
    if action is None:
        raise Http404
    form = action.made(request.POST, choices=_choices(request, ConsultationRequest(), timezone.now()))
    return deleted.page(
        request,
        site,
        name="request",
        by="It was suspected spam, and its time was over",
        words=deleted.typed([("", form)]),
        back=reverse("admin:bookings_consultationrequest_changelist"),
    )


def _found(request: HttpRequest, object_id: str, now: datetime) -> ConsultationRequest:
    consultation = one_request.whole(id_in(object_id), clinic_of(request).zone, now)
    if consultation is None:
        raise Http404
    return consultation


def _pressed() -> QuerySet[ConsultationRequest]:
    """Requests with what a pressed button needs: most of their page is not asked for."""
    return with_visit(ConsultationRequest.objects.select_related("consultation_type", "support_needs"))


def _version(request: HttpRequest) -> int:
    """What the page showed. A missing or mangled one matches nothing, so the verb reports a conflict."""
    return id_in(request.POST.get("version", ""))


# --- the page ---------------------------------------------------------------------------------------------------------


def _shown(
    request: HttpRequest,
    consultation: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    attempt: Attempt | None = None,
    *,
    known: Case | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, zone = cast(User, request.user), clinic_of(request).zone
    known = known or case.gather(_choices(request, consultation, now))
    audit.seen(user, OPENED if known.answers is None else READ_HEALTH, consultation, now)
    if typed is None:
        typed = (
            typed_words.of(request.POST, attempt.form)
            if attempt
            else typed_words.kept(request, consultation.pk)
        )
    buttons = buttons_of(known, attempt, now, typed) if user.has_perm(DECIDE) else {}
    if attempt and attempt.action.name not in buttons and not attempt.problem:
        attempt.problem = " ".join(map(str, attempt.form.non_field_errors()))
    context = site.each_context(request) | {
        "title": consultation.name,
        "case": known,
        "consultation": consultation,
        "looking": presence.words(consultation, user.pk),
        "attempt": attempt,
        "lost": lost(attempt, buttons, zone),
        "left": typed_words.without_place(typed, (button.form for button in buttons.values())),
        "desk_form": DESK_FORM,
        "buttons": buttons,
        "filled": _filled(known, attempt, buttons),
        "opts": ConsultationRequest._meta,
        "rivals": rivals.rows(known),
        "rivals_wait": any(rival.times for rival in known.rivals),
    }
    context |= places(known, buttons) | _times(known, attempt, buttons)
    return render(request, "admin/bookings/consultationrequest/decide.html", context, status=status)


def _filled(known: Case, attempt: Attempt | None, buttons: Mapping[str, Button]) -> str:
    """The one filled button: of what somebody has just tried or previewed, else of what fits."""
    if attempt and attempt.action.name in buttons:
        return attempt.action.name
    return fit.act_that_fits(known, buttons)


def _times(known: Case, attempt: Attempt | None, buttons: Mapping[str, Button]) -> dict[str, Any]:
    """The times to tick: what was ticked, what is nearest to a time that has just gone, then the suggestions."""
    at_first = []
    if attempt is None and fit.act_that_fits(known, buttons) == FIRST_IN_TIMES:
        at_first = known.ticked_at_first
    shown = ticks(known, attempt, at_first)
    listed = {tick.value for tick in shown}
    data = attempt.form.data if attempt and isinstance(attempt.form.data, QueryDict) else None
    people = known.choices.practitioners
    verb = attempt.action.name if attempt else ""
    other = other_times(known.times.free, people, known.zone, data, verb=verb, without=listed)
    mine = attempt.action.name if attempt and attempt.action.name in IN_TIMES else FIRST_IN_TIMES
    # The wish has no button any more once it cannot be had; its place has the form to offer others.
    return {
        "ticks": shown,
        "at_first": at_first,
        "other": other,
        "times": buttons.get(mine) or buttons.get(FIRST_IN_TIMES),
    }
