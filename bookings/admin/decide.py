"""One request: all that is known, and a button for every verb that staff may say to it now.

GET shows. POST says one verb (or previews its mail) and leads back here with 303. Nothing else writes to a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import CharField
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bookings.admin import case, deeds
from bookings.admin.case import Case
from bookings.admin.deeds import DEEDS, IN_TIMES, Deed, Step
from bookings.admin.forms import Choices, SlotsForm, VerbForm, slot_words
from bookings.admin.times import by_day, two_weeks
from bookings.availability import Slot
from bookings.desk_site import DECIDE, VIEW, clinic_of
from bookings.models import ConsultationRequest
from bookings.queries.desk import Tab
from bookings.table import Status, Who, allowed_verbs
from bookings.workflow.core import Actor
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken, WorkflowError
from clinic.foundation import audit, gone, press, when
from clinic.foundation.text import id_in

# What is done beside the answer: it leads nowhere else afterwards.
_BESIDES = {*deeds.IN_WHO, *deeds.IN_HISTORY, *deeds.IN_KEEPING}

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
    now = timezone.now()
    if request.method == "POST":
        row = _sought(object_id)
        return say(request, row, site, now) if row else _gone(request, site)
    return _shown(request, _found(object_id), site, now)


@may(DECIDE)
def say(request: HttpRequest, row: ConsultationRequest, site: AdminSite, now: datetime) -> HttpResponse:
    """Say the verb of the pressed button, or preview its mail."""
    deed = DEEDS.get(request.POST.get("preview") or request.POST.get("do", ""))
    if deed is None:
        raise Http404
    user = cast(User, request.user)
    if deed.right and not user.has_perm(deed.right):
        raise PermissionDenied
    known = case.gather(row, user=user, now=now, zone=clinic_of(request).zone)
    previewed = "preview" in request.POST
    if previewed and deed.name == "confirm" and known.wish and "slot" not in request.POST:
        # Nothing is ticked: what they mean is the time that was asked for.
        deed = DEEDS["confirm_wish"]
    form = deed.form(request.POST, choices=known.choices, verb=deed.name)
    key = "" if previewed else press.of(request, user)
    if press.done(key):
        return _done(request, row, deed, form, known)
    if previewed and isinstance(form, SlotsForm):
        form.fallback = known.defaults(deed)["slots"]
    said = Said(deed, form, preview=previewed)
    if deed.verb not in allowed_verbs(row.status, Who.STAFF):
        # Somebody was first. What was typed need not even be right to be told so.
        last = row.events.order_by("-version").first()
        return _refused(request, row, site, now, said, NotAllowed(row, last, now))
    if said.preview or not form.is_valid():
        form.is_valid()
        return _shown(request, row, site, now, said, known=known)
    step = Step(Actor.staff(user, key), now, _version(request))
    try:
        fresh = deed.say(row, step, form.cleaned_data)
    except WorkflowError as error:
        if press.done(key):  # by another press of the same page, a moment ago
            return _done(request, row, deed, form, known)
        return _refused(request, row, site, now, said, error)
    return _done(request, row, deed, form, known, moved=fresh.status != row.status)


def _done(
    request: HttpRequest,
    row: ConsultationRequest,
    deed: Deed,
    form: VerbForm,
    known: Case,
    moved: bool = False,
) -> HttpResponse:
    """Say what was done, also to whoever pressed twice, and lead back to the request."""
    form.is_valid()
    done = deed.said(form.cleaned_data).format(name=row.called or "The client")
    tail = _next(known, moved=moved) if deed.name not in _BESIDES else ""
    messages.success(request, format_html("<strong>{}</strong> {}", done, tail))
    return SeeOther(reverse("admin:bookings_consultationrequest_change", args=[row.pk]))


_NEXT = {Tab.NEW: "Next new request", Tab.WAITING: "Next one that waits", Tab.TODAY: "Next visit today"}


def _next(known: Case, *, moved: bool) -> SafeString | str:
    """The next one of the list that this request stood on, or that there is none."""
    tab, following = known.neighbours["tab"], known.neighbours.get("after") or known.neighbours.get("first")
    if tab not in _NEXT:
        return ""
    if following is None:
        return "All answered." if moved and tab == Tab.NEW else ""
    url = reverse("admin:bookings_consultationrequest_change", args=[following[0]])
    return format_html('{}: <a href="{}">{}</a>', _NEXT[tab], url, following[1])


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


@may(DECIDE)
def _gone(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The clock has deleted the request while its page was open: what was typed, to copy."""
    deed = DEEDS.get(request.POST.get("preview") or request.POST.get("do", ""))
    if deed is None:
        raise Http404
    form = deed.form(request.POST, choices=Choices(ConsultationRequest(), 0), verb=deed.name)
    return gone.page(
        request,
        site,
        name="request",
        by="It was suspected spam, and its time was over",
        words=gone.typed([("", form)]),
        back=reverse("admin:bookings_consultationrequest_changelist"),
    )


def _found(object_id: str) -> ConsultationRequest:
    row = _sought(object_id)
    if row is None:
        raise Http404
    return row


def _sought(object_id: str) -> ConsultationRequest | None:
    return case.with_everything().filter(pk=id_in(object_id)).first()


def _version(request: HttpRequest) -> int:
    """What the page showed. A missing or mangled one matches nothing, so the verb reports a conflict."""
    return id_in(request.POST.get("version", ""))


# --- the page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Button:
    """A deed on the page: its words with names filled in, its form, and the mail it would send.

    `exact`: the mail is made of what was chosen, not of an example. `on_page`: words that only the client's page shows.
    """

    deed: Deed
    words: str
    hint: str
    form: VerbForm
    open: bool
    mail: Mapping[str, str] | None
    exact: bool
    on_page: str

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
    placed = {*deeds.IN_TIMES, *_BESIDES}
    context = site.each_context(request) | {
        "title": row.name,
        "case": known,
        "row": row,
        "said": said,
        "lost": _lost(said, buttons, zone),
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
    ticked = said.form.boxes if said and isinstance(said.form, SlotsForm) else []
    ticks = known.ticks(said.nearest if said else [], ticked)
    listed = {tick["value"] for tick in ticks}
    free = by_day(two_weeks(known.around), known.choices.practitioners, known.zone, without=listed)
    mine = said.deed.name if said and said.deed.name in IN_TIMES else None
    # The mails are drawn below the card's buttons: the pressed one's first, then those that can be made without a tick.
    mails = dict.fromkeys([*([mine] if mine else []), "confirm_wish", "offer"])
    return {
        "ticks": ticks,
        "free": free,
        "times_form": buttons[mine or "offer"].form if "offer" in buttons else None,
        "times_mails": [buttons[name] for name in mails if name in buttons],
    }


def _lost(said: Said | None, buttons: Mapping[str, Button], zone: ZoneInfo) -> list[tuple[str, str]]:
    """What somebody typed or ticked for a verb that is not allowed any more: shown, so that it can be copied."""
    if said is None or said.deed.name in buttons:
        return []
    lost = []
    if isinstance(said.form, SlotsForm) and said.form.boxes:
        times = [slot_words(value, zone) for value in said.form.boxes[:20]]
        lost.append(("The times you ticked", ", ".join(words for words in times if words)))
    for box in said.form.visible_fields():
        typed = str(said.form.data.get(box.html_name, ""))
        if isinstance(box.field, CharField) and typed.strip() and typed != str(box.initial or ""):
            lost.append((str(box.label), typed))
    return lost


def _buttons(known: Case, said: Said | None, now: datetime) -> dict[str, Button]:
    """A button for every verb that is allowed now, and for no other."""
    allowed = allowed_verbs(known.row.status, Who.STAFF)
    shown = {}
    for name, deed in DEEDS.items():
        has_wish = name != "confirm_wish" or known.wish is not None
        mine = name == "take" and known.row.assigned_to_id == known.reader.pk
        idle = name == "let_stand" and not known.off
        may = not deed.right or known.reader.has_perm(deed.right)
        if deed.verb in allowed and has_wish and may and not mine and not idle:
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
    mail, exact = _mail(deed, form, known, now)
    return Button(deed, words, hint, form, typed, mail, exact, form.typed_note)


def _mail(deed: Deed, form: VerbForm, known: Case, now: datetime) -> tuple[Mapping[str, str] | None, bool]:
    """The mail as it would go now, and whether it is exactly that one: with what was chosen as far as it is valid, else
    with what the form starts from."""
    data: dict[str, Any] = known.defaults(deed)
    exact = form.is_bound and form.is_valid()
    if form.is_bound:
        data |= form.cleaned_data
    if isinstance(form, SlotsForm):
        exact = exact and bool(form.ticked)
    if deed.mail in ("offered", "confirmed", "changed") and not data.get("slots"):
        return None, False
    mail = deeds.preview(deed, known.row, data, form.typed_note, known.place, now)
    return (case.readable(mail) if mail else None), exact
