"""One request: all that is known, and a button for every verb that staff may say to it now.

GET shows. POST says one verb (or previews its mail) and leads back here with 303. Nothing else writes to a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings.admin import case, deeds
from bookings.admin.case import Case
from bookings.admin.deeds import DEEDS, IN_TIMES, Deed, Step
from bookings.admin.forms import SlotsForm, VerbForm
from bookings.availability import Slot
from bookings.desk_site import DECIDE, VIEW, clinic_of
from bookings.models import ConsultationRequest
from bookings.table import Status, Who, allowed_verbs
from bookings.workflow.core import Actor
from bookings.workflow.errors import Conflict, Refused, SlotTaken, WorkflowError
from clinic.foundation import audit, when
from clinic.foundation.text import id_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def may(permission: str) -> Callable[[View[P]], View[P]]:
    """Only for staff who hold `permission`. Django's admin_view checks that somebody is staff, and nothing more."""

    def wear(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not cast(User, request.user).has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View[P], checked)

    return wear


class SeeOther(HttpResponseRedirect):
    """303: the change is done, look at it there."""

    status_code = 303


@dataclass
class Said:
    """What came of a POST that did not go through: the bound form, its preview, and what to say on top of the page."""

    deed: Deed
    form: VerbForm
    problem: str = ""
    nearest: list[Slot] = field(default_factory=list)
    preview: bool = False


@may(VIEW)
def page(request: HttpRequest, object_id: str, site: AdminSite) -> HttpResponse:
    """The request's page; a POST says a verb."""
    row = _found(object_id)
    now = timezone.now()
    if request.method == "POST":
        return say(request, row, site, now)
    return _shown(request, row, site, now)


@may(DECIDE)
def say(request: HttpRequest, row: ConsultationRequest, site: AdminSite, now: datetime) -> HttpResponse:
    """Say the verb of the pressed button, or preview its mail."""
    deed = DEEDS.get(request.POST.get("preview") or request.POST.get("do", ""))
    if deed is None:
        raise Http404
    user = cast(User, request.user)
    known = case.gather(row, user=user, now=now, zone=clinic_of(request).zone)
    form = deed.form(request.POST, choices=known.choices, verb=deed.name)
    said = Said(deed, form, preview="preview" in request.POST)
    if said.preview or not form.is_valid():
        form.is_valid()
        return _shown(request, row, site, now, said, known=known)
    step = Step(Actor.staff(user), now, _version(request))
    try:
        deed.say(row, step, form.cleaned_data)
    except WorkflowError as error:
        return _refused(request, row, site, now, said, error)
    messages.success(request, deed.done.format(name=row.called or "The client"))
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[row.pk]))


def _refused(
    request: HttpRequest,
    row: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    said: Said,
    error: WorkflowError,
) -> HttpResponse:
    """Nothing was changed: say why, keep everything that was typed, and show the request as it is now."""
    match error:
        case Conflict():
            said.problem = str(error)
        case SlotTaken():
            said.problem, said.nearest = str(error), error.nearest
        case Refused():
            said.form.add_error(None, error.message)
    return _shown(request, _found(str(row.pk)), site, now, said, status=409)


def _found(object_id: str) -> ConsultationRequest:
    row = case.with_everything().filter(pk=id_in(object_id)).first()
    if row is None:
        raise Http404
    return row


def _version(request: HttpRequest) -> int:
    """What the page showed. A missing or mangled one matches nothing, so the verb reports a conflict."""
    return id_in(request.POST.get("version", ""))


# --- the page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Button:
    """A deed on the page: its words with names filled in, its form, and the mail it would send."""

    deed: Deed
    words: str
    hint: str
    form: VerbForm
    open: bool
    mail: Mapping[str, str] | None

    @property
    def simple(self) -> bool:
        """Nothing to type and nothing to read first: drawn as a button at once."""
        return not self.form.fields and not self.deed.mail and not self.open


def _shown(
    request: HttpRequest,
    row: ConsultationRequest,
    site: AdminSite,
    now: datetime,
    said: Said | None = None,
    *,
    known: Case | None = None,
    status: int = 200,
) -> HttpResponse:
    user, zone = cast(User, request.user), clinic_of(request).zone
    known = known or case.gather(row, user=user, now=now, zone=zone)
    if known.answers is not None:
        audit.seen(user, "view", row, now)
    buttons = _buttons(known, said, now) if user.has_perm(DECIDE) else {}
    groups = (deeds.IN_TIMES, deeds.IN_WHO, deeds.IN_HISTORY, deeds.IN_KEEPING)
    placed = {name for group in groups for name in group}
    context = site.each_context(request) | {
        "title": row.name,
        "case": known,
        "row": row,
        "said": said,
        "lost": _lost(said, buttons),
        "buttons": buttons,
        "others": [button for name, button in buttons.items() if name not in placed],
        "who_buttons": [buttons[name] for name in deeds.IN_WHO if name in buttons],
        "keeping": [buttons[name] for name in deeds.IN_KEEPING if name in buttons],
        "opts": ConsultationRequest._meta,
    }
    context |= _times(known, said, buttons)
    return render(request, "admin/bookings/consultationrequest/decide.html", context, status=status)


def _times(known: Case, said: Said | None, buttons: Mapping[str, Button]) -> dict[str, Any]:
    """The times to tick: what was ticked, what is nearest to a time that has just gone, then the suggestions."""
    ticked = said.form.ticked if said and isinstance(said.form, SlotsForm) else []
    ticks = known.ticks(said.nearest if said else [], ticked)
    listed = {tick["value"] for tick in ticks}
    free = [(day, [time for time in times if time[0] not in listed]) for day, times in known.free]
    mine = said.deed.name if said and said.deed.name in IN_TIMES else None
    # The mails are drawn below the card's buttons: the pressed one's, or those that can be made without a tick.
    mails = [mine] if mine else ["confirm_wish", "offer"]
    return {
        "ticks": ticks,
        "free": [(day, times) for day, times in free if times],
        "times_form": buttons[mine or "offer"].form if "offer" in buttons else None,
        "times_mails": [buttons[name] for name in mails if name in buttons],
    }


def _lost(said: Said | None, buttons: Mapping[str, Button]) -> list[tuple[str, str]]:
    """Words typed for a verb that is not allowed any more: shown, so that they can be copied."""
    if said is None or said.deed.name in buttons:
        return []
    fields = [(field, said.form.data.get(field.name, "")) for field in said.form.visible_fields()]
    return [(str(field.label), typed) for field, typed in fields if typed]


def _buttons(known: Case, said: Said | None, now: datetime) -> dict[str, Button]:
    """A button for every verb that is allowed now, and for no other."""
    allowed = allowed_verbs(known.row.status, Who.STAFF)
    shown = {}
    for name, deed in DEEDS.items():
        has_wish = name != "confirm_wish" or known.wish is not None
        mine = name == "take" and known.row.assigned_to_id == known.reader_id
        if deed.verb in allowed and has_wish and not mine:
            shown[name] = _button(deed, known, said, now)
    return shown


def _button(deed: Deed, known: Case, said: Said | None, now: datetime) -> Button:
    typed = said is not None and said.deed is deed
    form = said.form if said and typed else deed.form(choices=known.choices, verb=deed.name)
    words = deed.button.format(
        name=known.row.called or "the client",
        wish=when.short(known.wish.start, known.zone) if known.wish else "",
        other=deeds.other_attendance(known.row),
    )
    frees = deed.verb == "ask" and known.row.status == Status.OFFERED
    hint = f"the offered times are freed; {deed.hint}" if frees else deed.hint
    return Button(deed, words, hint, form, typed, _mail(deed, form, known, now))


def _mail(deed: Deed, form: VerbForm, known: Case, now: datetime) -> Mapping[str, str] | None:
    """The mail as it would go now: with what was typed if that is valid, else with what the form starts from."""
    data: dict[str, Any] = known.defaults(deed)
    if form.is_bound:
        if not form.is_valid():
            return None
        data = form.cleaned_data
    if deed.mail in ("offered", "confirmed", "changed") and not data.get("slots"):
        return None
    mail = deeds.preview(deed, known.row, data, form.typed_note, known.place, now)
    return case.readable(mail) if mail else None
