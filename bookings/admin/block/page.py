"""The page that blocks time: who it hits, what is done with each of them, every mail before it goes, and one press.

"Tomas is away" is this page with its fields filled in by the address (`?who=&on=&from=&until=&last=`). Practitioners block
their own time alone. Whom it hits they answer themselves if they may answer requests; if they may not, the desk does later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import limits
from bookings.admin import public_holidays, whose_time
from bookings.admin.block import answers
from bookings.admin.block.answers import BY_FIRST, Answers, Outcome
from bookings.admin.block.form import BlockForm
from bookings.admin.way_back import way_back
from bookings.desk_site import CHANGES_WEEK, DECIDE, VIEW, DeskSite, clinic_of
from bookings.models import Appointment, ConsultationRequest, Practitioner, Together
from bookings.queries import touched
from bookings.queries.clinic import Clinic
from bookings.queries.instead import Instead
from bookings.queries.touched import Touched
from bookings.workflow import together
from bookings.workflow.core import Actor, last_event
from bookings.workflow.errors import Refused, in_words
from clinic.foundation import press
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

_BLOCKS = ("block", "quiet", "tell")
_OTHERS = (
    "You may block your own time alone. Whoever keeps the diary at the desk blocks that of others: ask them."
)
_NOBODY = (
    "Your account belongs to no practitioner, so there is no time of yours to block. Ask whoever keeps the list of "
    "practitioners to enter your account there."
)
PREFILLED = ("who", "on", "last", "from", "until", "label")


@dataclass(frozen=True)
class Hit:
    """A valid stretch: whom it hits, who is in the room, and what is done with each."""

    rows: list[Touched]
    running: list[Appointment]
    answers: Answers
    known: Collection[int]  # the requests (keys) of all whom it hits: `rows` has the first of them
    left: Sequence[Outcome] = ()  # who was on the page that was posted, and is not hit any more

    @property
    def more(self) -> int:
        """How many are hit beside the `rows`."""
        return len(self.known) - len(self.rows)


def page(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    whose = whose_time.blocked_by(user)
    if not (user.has_perm(VIEW) and whose):
        raise PermissionDenied
    now = timezone.now()
    data, own = (request.POST if request.method == "POST" else request.GET).copy(), None
    if not whose.everybody:
        own = Practitioner.objects.bookable().filter(user=user).values_list("pk", flat=True).first()
        if own is None:
            return _refused(request, _NOBODY, own=None)
        if set(data.getlist("who")) - {str(own)}:
            return _refused(request, _OTHERS, own=own)
    is_filled = request.POST or any(data.get(name) for name in PREFILLED)
    if own is not None:
        data.setlist("who", [str(own)])
    form = BlockForm(data if is_filled else None, zone=clinic_of(request).zone, now=now, own=own)
    do = request.POST.get("do", "look") if request.method == "POST" else "look"
    actor = Actor.staff(user, press.of(request, user)) if request.method == "POST" else Actor.staff(user)
    first = press.done(actor.press) if do in _BLOCKS else None
    if first and not together.is_left_off(first, now):
        return _pressed_before(request, form, actor.press, first.result)
    if not (form.is_bound and form.is_valid()):
        return _shown(request, form, None)
    hit, decides = _hit(request, form, now), user.has_perm(DECIDE)
    asks = do == "tell" and decides and hit.answers.is_valid
    if asks or do == "quiet" or do == "block" and not hit.rows:
        try:
            made = together.go_on(first, actor, now) if first else _begin(form, actor, now)
        except press.Twice:
            return _pressed_before(request, form, actor.press, "")
        if do == "block":
            together.finish(made, actor, ())
            return _blocked(request, form)
        return _told(request, form, _done(form, hit, actor, now, made, tells=asks), hit)
    if do == "see" and decides and hit.answers.is_valid:
        return _previewed(request, form, hit)
    return _shown(request, form, hit, asked=do == "block")


def _hit(request: HttpRequest, form: BlockForm, now: datetime) -> Hit:
    place = Clinic(now, clinic_of(request))
    stretches = form.stretches
    hit = touched.in_stretches(stretches)
    rows = touched.among(hit, now, most=limits.lists.TOUCHED_AT_ONCE)
    instead = Instead(rows, place, now, form.people, stretches=stretches)
    posted = request.POST if request.method == "POST" else None
    made = Answers(rows, instead, now, posted)
    known = touched.requests(hit, now)
    return Hit(rows, touched.under_way(hit, now), made, known, _left(request, known, now))


# --- done -------------------------------------------------------------------------------------------------------------


def _begin(form: BlockForm, actor: Actor, now: datetime) -> Together:
    """Block the time. Raises press.Twice."""
    words, label = f"{form.names}: {form.words}", form.cleaned_data["label"]
    return together.begin(actor, now, words=words, stretches=form.stretches, label=label)


def _done(
    form: BlockForm, hit: Hit, actor: Actor, now: datetime, made: Together, *, tells: bool
) -> list[Outcome]:
    """The time is blocked: answer everybody, and return what came of each."""
    known = {row.consultation.pk: row.consultation for row in hit.rows}
    if not tells:
        together.finish(made, actor, ())
        words = "Nobody is told. A booked visit stands under “Visits in doubt” until somebody decides."
        return [*(_of(one, "same", words) for one in known.values()), *hit.left]
    outcomes = hit.answers.perform(actor, made)
    after = touched.in_stretches(form.stretches)
    came = [key for key in touched.requests(after, now) if key not in hit.known][
        : limits.lists.TOUCHED_AT_ONCE
    ]
    outcomes += [
        _of(one, "refused", answers.CAME) for one in ConsultationRequest.objects.in_bulk(came).values()
    ]
    return [*outcomes, *(_by_now(one, actor) for one in hit.left)]


def _left(request: HttpRequest, known: Collection[int], now: datetime) -> list[Outcome]:
    """Those who were on the page that was posted, and are not hit any more: one says so of each, by name."""
    keys = [key for key in answers.posted(request.POST) if key not in known]
    gone = ConsultationRequest.objects.in_bulk(keys)
    return [_of(one, "same", f"No longer hit. {in_words(last_event(one), now)}") for one in gone.values()]


def _by_now(left: Outcome, actor: Actor) -> Outcome:
    """The same, unless a first press of this page has answered them."""
    is_done = press.done(press.part(actor.press, left.key))
    return replace(left, style="done", words=BY_FIRST) if is_done else left


def _of(consultation: ConsultationRequest, style: str, words: str) -> Outcome:
    return Outcome(consultation.pk, consultation.name, consultation.reference, style, words)


def _pressed_before(request: HttpRequest, form: BlockForm, key: str, result: str) -> HttpResponse:
    """The second press of a page does nothing, and says what the first one did. `result`: which Together it made."""
    if together.was_taken_back(result):
        messages.info(request, "You have taken this back since: nothing is blocked.")
        return SeeOther(reverse("admin:block"))
    if request.POST.get("do") == "block":
        return _blocked(request, form) if form.is_valid() else SeeOther(reverse("admin:block"))
    return _told(request, form, answers.by_first_press(request.POST, key))


def _blocked(request: HttpRequest, form: BlockForm) -> HttpResponse:
    """It hits nobody: blocked at once."""
    messages.success(request, f"Blocked: {form.names}, {form.words}. It touches nobody.")
    return SeeOther(reverse("admin:block"))


def undone(request: HttpRequest) -> HttpResponse:
    """Take back what one press did: the block or the hours, if there are any, and everybody whom it changed.

    Whoever pressed may; where time was blocked, while they may still block any; where hours were saved, while they may keep
    them.
    """
    user, asked = cast(User, request.user), request.POST.get("together", "")
    made = Together.objects.filter(pk=id_in(asked)).first()
    blocks = made.time_off if made else not together.was_taken_back(asked)
    may = user.has_perm(VIEW) and (whose_time.blocked_by(user) or not blocks)
    if made is not None and made.hours:
        may = user.has_perm(CHANGES_WEEK)
    if not may or request.method != "POST":
        raise PermissionDenied
    now, back = timezone.now(), SeeOther(way_back(request, reverse("admin:index")))
    if made is None:
        messages.info(request, "There is nothing here to take back any more.")
        return back
    try:
        left = together.take_back(made, Actor.staff(user), now)
    except Refused as refused:
        messages.warning(request, refused.message)
        return back
    if made.hours:
        person = Practitioner.objects.get(pk=made.hours["practitioner"])
        cast(DeskSite, admin.site).get_model_admin(Practitioner).log_change(
            request, person, "Hours as before"
        )
    number = len(made.requests) - len(left)
    # Visits that were booked in one press are one client's: nobody else was changed.
    whose = _people(number) if made.time_off or made.hours else f"{number} of {len(made.requests)} are"
    messages.success(request, f"Taken back: {made.words}. {whose} as before.")
    for one in left:
        messages.warning(
            request, f"{one.consultation.name} ({one.consultation.reference}) stays as it is now. {one.why}"
        )
    return back


def _people(number: int) -> str:
    return {0: "Nobody had been changed; all is", 1: "1 person is"}.get(number, f"{number} people are")


# --- shown ------------------------------------------------------------------------------------------------------------


def _refused(request: HttpRequest, why: str, *, own: int | None) -> HttpResponse:
    """403, in words: somebody may block their own time, and this is not theirs. `own` is theirs (a practitioner's key)."""
    context = {"title": "Block time", "why": why, "own": own}
    context = cast(DeskSite, admin.site).each_context(request) | context
    return render(request, "admin/bookings/block/refused.html", context, status=403)


def _context(request: HttpRequest, form: BlockForm, hit: Hit | None) -> dict[str, Any]:
    context = cast(DeskSite, admin.site).each_context(request)
    valid = form.is_bound and form.is_valid()
    return context | {
        "title": "Block time",
        "form": form,
        "whose": whose_time.blocked_by(cast(User, request.user)),
        "hit": hit,
        "answers": hit.answers if hit else None,
        "words": form.words if valid else "",
        "names": form.names if valid else "",
        "carried": _carried(form.data) if valid else [],
        "may_close": cast(User, request.user).has_perm(public_holidays.ADD),
    }


def _carried(data: Any) -> list[tuple[str, str]]:
    """What was typed, for the next page to bring along."""
    return [(name, value) for name in PREFILLED for value in data.getlist(name)]


def _shown(request: HttpRequest, form: BlockForm, hit: Hit | None, *, asked: bool = False) -> HttpResponse:
    context = _context(request, form, hit) | {"asked": asked}
    if context["may_close"] and not form.is_bound:
        context["rows"] = public_holidays.soon(clinic_of(request), timezone.now())
    return render(request, "admin/bookings/block/page.html", context)


def _previewed(request: HttpRequest, form: BlockForm, hit: Hit) -> HttpResponse:
    """Every mail and every call before it goes, with one button that does all of it."""
    context = _context(request, form, hit) | {
        "mails": list(hit.answers.mails()),
        "waits": settings.UNDO_MINUTES,
    }
    return render(
        request, "admin/bookings/block/mails.html", context | {"title": "Block time: what goes out"}
    )


def _told(
    request: HttpRequest, form: BlockForm, outcomes: list[Outcome], hit: Hit | None = None
) -> HttpResponse:
    refused = [one for one in outcomes if one.style == "refused"]
    context = _context(request, form, None) | {
        "more": hit.more if hit else 0,
        "running": hit.running if hit else (),
        "again": urlencode(_carried(form.data)),
        "title": "Blocked",
        "outcomes": [*refused, *(one for one in outcomes if one.style != "refused")],
        "refused": len(refused),
    }
    return render(request, "admin/bookings/block/done.html", context)


cast(DeskSite, admin.site).add_page("block/", page, "block")
cast(DeskSite, admin.site).add_page("block/undo/", undone, "block_undo")
