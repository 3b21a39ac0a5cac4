"""The page that blocks time: who it hits, what is done with each of them, every mail before it goes, and one press.

"Tomas is away" is this page with its fields filled in by the address (`?who=&on=&from=&until=&last=`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import limits
from bookings.admin.block import answers
from bookings.admin.block.answers import Answers, Outcome
from bookings.admin.block.form import BlockForm
from bookings.desk_site import BLOCK, DECIDE, VIEW, DeskSite, clinic_of
from bookings.models import Appointment, ConsultationRequest, Together
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

PREFILLED = ("who", "on", "last", "from", "until", "label")


@dataclass(frozen=True)
class Hit:
    """A valid stretch: whom it hits, who is in the room, and what is done with each."""

    rows: list[Touched]
    running: list[Appointment]
    answers: Answers


def page(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if not (user.has_perm(VIEW) and user.has_perm(BLOCK)):
        raise PermissionDenied
    now = timezone.now()
    data = request.POST if request.method == "POST" else request.GET
    form = BlockForm(
        data if any(data.get(name) for name in PREFILLED) or request.POST else None,
        zone=clinic_of(request).zone,
        now=now,
    )
    do = request.POST.get("do", "look") if request.method == "POST" else "look"
    actor = Actor.staff(user, press.of(request, user)) if request.method == "POST" else Actor.staff(user)
    if do in ("tell", "quiet") and (first := press.done(actor.press)):
        return _told(request, form, _by_first_press(request.POST, actor.press), first.result)
    if not (form.is_bound and form.is_valid()):
        return _shown(request, form, None)
    hit = _hit(request, form, now)
    if do == "block" and not hit.rows:
        return _blocked(request, form, actor, now)
    if do == "quiet":
        return _told(request, form, *_block(form, hit, actor, now, request.POST, tells=False))
    if do == "tell" and user.has_perm(DECIDE) and hit.answers.is_valid:
        return _told(request, form, *_block(form, hit, actor, now, request.POST, tells=True))
    if do == "see" and hit.answers.is_valid:
        return _previewed(request, form, hit)
    return _shown(request, form, hit, asked=do == "block")


def _hit(request: HttpRequest, form: BlockForm, now: datetime) -> Hit:
    place = Clinic(now, clinic_of(request))
    stretches = form.stretches
    hit = touched.in_stretches(stretches)
    rows = touched.among(hit, now, most=limits.lists.TOUCHED_AT_ONCE)
    instead = Instead(rows, place, now, form.people, stretches=stretches)
    posted = request.POST if request.method == "POST" else None
    return Hit(rows, touched.under_way(hit, now), Answers(rows, instead, now, posted))


# --- done -------------------------------------------------------------------------------------------------------------


def _block(
    form: BlockForm, hit: Hit, actor: Actor, now: datetime, data: QueryDict, *, tells: bool
) -> tuple[list[Outcome], str]:
    """Block the time first, then answer everybody; return what came of each, and the key of the press."""
    made = together.begin(
        actor,
        now,
        words=f"{form.names}: {form.words}",
        stretches=form.stretches,
        label=form.cleaned_data["label"],
    )
    known = {row.consultation.pk: row.consultation for row in hit.rows}
    if not tells:
        words = "Nobody is told. A booked visit stands under “Visits in doubt” until somebody decides."
        return [_of(one, "same", words) for one in known.values()], str(made.pk or "")
    outcomes = hit.answers.perform(actor, made)
    done = {one.key for one in outcomes if one.style == "done"}
    together.joined(made, [one for key, one in known.items() if key in done])
    after = touched.among(touched.in_stretches(form.stretches), now, most=limits.lists.TOUCHED_AT_ONCE)
    came = [row.consultation for row in after if row.consultation.pk not in known]
    outcomes += [_of(one, "refused", answers.CAME) for one in came]
    gone = ConsultationRequest.objects.in_bulk([key for key in answers.posted(data) if key not in known])
    outcomes += [
        _of(one, "same", f"No longer hit. {in_words(last_event(one), now)}") for one in gone.values()
    ]
    return outcomes, str(made.pk or "")


def _of(consultation: ConsultationRequest, style: str, words: str) -> Outcome:
    return Outcome(consultation.pk, consultation.name, consultation.reference, style, words)


def _by_first_press(data: QueryDict, key: str) -> list[Outcome]:
    """The same page pressed a second time: what the first press did with each."""
    found = ConsultationRequest.objects.in_bulk(answers.posted(data))
    done = {one: bool(press.done(press.part(key, one))) for one in found}
    words = {True: ("done", "Done by your first press."), False: ("same", "Left as it is.")}
    return [_of(one, *words[done[one.pk]]) for one in found.values()]


def _blocked(request: HttpRequest, form: BlockForm, actor: Actor, now: datetime) -> HttpResponse:
    """It hits nobody: blocked at once."""
    together.begin(
        actor,
        now,
        words=f"{form.names}: {form.words}",
        stretches=form.stretches,
        label=form.cleaned_data["label"],
    )
    messages.success(request, f"Blocked: {form.names}, {form.words}. It touches nobody.")
    return SeeOther(reverse("admin:block"))


def undone(request: HttpRequest) -> HttpResponse:
    """Take back what one press did: the block, and everybody whom it changed."""
    user = cast(User, request.user)
    if not (user.has_perm(VIEW) and user.has_perm(BLOCK)) or request.method != "POST":
        raise PermissionDenied
    now = timezone.now()
    made = Together.objects.filter(pk=id_in(request.POST.get("together", ""))).first()
    if made is None:
        messages.info(request, "There is nothing here to take back any more.")
        return SeeOther(reverse("admin:block"))
    try:
        left = together.take_back(made, Actor.staff(user), now)
    except Refused as refused:
        messages.warning(request, refused.message)
        return SeeOther(reverse("admin:block"))
    back = len(made.requests) - len(left)
    messages.success(request, f"Taken back: {made.words}. {_people(back)} as before.")
    for one in left:
        messages.warning(
            request, f"{one.consultation.name} ({one.consultation.reference}) stays as it is now. {one.why}"
        )
    return SeeOther(reverse("admin:block"))


def _people(number: int) -> str:
    return {0: "Nobody had been changed; all is", 1: "1 person is"}.get(number, f"{number} people are")


# --- shown ------------------------------------------------------------------------------------------------------------


def _context(request: HttpRequest, form: BlockForm, hit: Hit | None) -> dict[str, Any]:
    context = cast(DeskSite, admin.site).each_context(request)
    valid = form.is_bound and form.is_valid()
    return context | {
        "title": "Block time",
        "form": form,
        "hit": hit,
        "answers": hit.answers if hit else None,
        "words": form.words if valid else "",
        "names": form.names if valid else "",
        "carried": _carried(form.data) if valid else [],
    }


def _carried(data: Any) -> list[tuple[str, str]]:
    """What was typed, for the next page to bring along."""
    return [(name, value) for name in PREFILLED for value in data.getlist(name)]


def _shown(request: HttpRequest, form: BlockForm, hit: Hit | None, *, asked: bool = False) -> HttpResponse:
    context = _context(request, form, hit) | {"asked": asked}
    return render(request, "admin/bookings/block/page.html", context)


def _previewed(request: HttpRequest, form: BlockForm, hit: Hit) -> HttpResponse:
    """Every mail and every call before it goes, with one button that does all of it."""
    context = _context(request, form, hit) | {"mails": list(hit.answers.mails())}
    return render(
        request, "admin/bookings/block/mails.html", context | {"title": "Block time: what goes out"}
    )


def _told(request: HttpRequest, form: BlockForm, outcomes: list[Outcome], made: str) -> HttpResponse:
    refused = [one for one in outcomes if one.style == "refused"]
    context = _context(request, form, None) | {
        "title": "Blocked",
        "outcomes": [*refused, *(one for one in outcomes if one.style != "refused")],
        "refused": len(refused),
    }
    return render(request, "admin/bookings/block/done.html", context)


cast(DeskSite, admin.site).add_page("block/", page, "block")
cast(DeskSite, admin.site).add_page("block/undo/", undone, "block_undo")
