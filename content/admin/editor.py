"""One page: its draft as a form, beside it how readers would see it, and a button for everything that can be done.

GET shows. POST says one verb and leads back here with 303, or comes back with what was typed and why not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from clinic.foundation import when
from clinic.foundation.generic import ModelAdmin
from clinic.foundation.text import id_in
from content import usage
from content.admin import deeds, desk, typed, used
from content.admin.deeds import DEEDS, Deed, Press
from content.admin.desk import SeeOther, user_of
from content.forms import SayForm
from content.models import ClinicProfile, Page
from content.publishing import differences, going_live, kinds, review, standing, verbs
from content.publishing import snapshot as snapshots
from content.publishing.core import Actor
from content.publishing.differences import Difference
from content.publishing.errors import Conflict, PublishingError
from content.publishing.going_live import Overrides
from content.publishing.standing import Standing

FIELDSETS: Any = (
    ("Words", {"fields": ("title", "summary", "body")}),
    ("Facts", {"fields": ("at_a_glance",)}),
    ("In lists and addresses", {"fields": ("menu_title", "tell", "kind", "slug", "order")}),
    ("Drawing", {"fields": ("drawing", "drawing_alt", "caption")}),
    ("Rows of the matrix", {"fields": ("concerns", "treatments")}),
    ("Written and checked", {"fields": ("written_by", "review_due", "sources")}),
)


@dataclass
class Answer:
    """What a POST that did not go through leaves on the page: the forms as typed, and why."""

    form: BaseForm | None
    say: SayForm
    problem: str = ""
    ticked: frozenset[str] = frozenset()
    theirs: list[Difference] = field(default_factory=list)


def page(admin: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The page's editor; for somebody who may only read or approve, the page with its state."""
    desk.require(request, desk.VIEW, desk.CHANGE)
    row, now, zone = desk.found(object_id), timezone.now(), ClinicProfile.current().zone
    if request.method == "POST":
        return _say(admin, request, row, now, zone)
    return _shown(admin, request, standing.of(row, zone), None, when.local_day(now, zone))


def add(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """A page that is not there yet. Its first save makes it, as a draft."""
    desk.require(request, desk.ADD)
    form = _form(admin, request, Page(), typed.BLANK)
    say = SayForm(request.POST or None)
    problem = ""
    if request.method == "POST" and (form.is_valid() & say.is_valid()):
        try:
            row = verbs.add_page(
                typed.read(form, typed.BLANK),
                note=say.cleaned_data["note"],
                actor=Actor.staff(user_of(request)),
                now=timezone.now(),
            )
        except PublishingError as error:
            problem = str(error)
        else:
            messages.success(request, f"{row} is there as a draft. Nobody can open it yet.")
            return SeeOther(_url(row))
    context = {"fieldsets": _grouped(form), "form": form, "say": say, "problem": problem, "may_write": True}
    return desk.may_frame_ourselves(
        desk.shown(admin, request, "admin/content/page/editor.html", "Add page", context)
    )


def _say(admin: ModelAdmin, request: HttpRequest, row: Page, now: datetime, zone: ZoneInfo) -> HttpResponse:
    """Say the verb of the pressed button. What was typed is saved first, so that the verb means what the person sees."""
    deed = DEEDS.get(request.POST.get("do", "save"))
    if deed is None:
        raise Http404
    user = user_of(request)
    if not user.has_perm(deed.right):
        raise PermissionDenied
    answer = Answer(_typed(admin, request, row, zone), SayForm(request.POST), ticked=_ticked(request))
    number, _, event = request.POST.get("seen", "").partition("-")
    press = Press(request, row, Actor.staff(user), now, zone, id_in(number), id_in(event))
    started_from = press.number
    try:
        done = _done(deed, press, answer)
    except Conflict as error:
        # Once something of the press is done, the last event is the person's own.
        why = (
            "Somebody else changed this page while you had it open. What you typed is still here."
            if any(press.told)
            else f"{error} Nothing of yours is saved, and what you typed is still here."
        )
        answer.problem = f"{why} Saving now puts yours on top of theirs."
        answer.theirs = _theirs(row, started_from, error)
    except PublishingError as error:
        answer.problem = str(error)
    else:
        if done:
            messages.success(request, deeds.joined(press.told))
            return SeeOther(_url(row))
    # What was done before something stood in the way is done all the same.
    for sentence in filter(None, press.told):
        messages.success(request, sentence)
    stands = standing.of(desk.found(row.pk), zone)
    return _shown(admin, request, stands, answer, when.local_day(now, zone))


def _done(deed: Deed, press: Press, answer: Answer) -> bool:
    """Whether all is done, or a form must be mended first. What takes a page off the site waits for no form."""
    if deed.first:
        press.told.append(deed.say(press))
    well = answer.say.is_valid()
    press.said = answer.say.cleaned_data
    if answer.form is not None and deed.saves:
        well = answer.form.is_valid() and well
        if well:
            press.told.append(deeds.saved(press, answer.form))
    if well and not deed.first:
        press.overrides = Overrides(answer.ticked, press.said["reason"])
        press.told.append(deed.say(press))
    return well


def _typed(admin: ModelAdmin, request: HttpRequest, row: Page, zone: ZoneInfo) -> BaseForm | None:
    """The page's form as it was sent, or None if none was sent, or by somebody who may not write."""
    if "title" not in request.POST or not user_of(request).has_perm(desk.CHANGE):
        return None
    return _form(admin, request, row, standing.of(row, zone).said)


def _form(admin: ModelAdmin, request: HttpRequest, row: Page, said: snapshots.Snapshot) -> BaseForm:
    # Checking a form writes what was typed into its instance, so it gets one of its own.
    instance = Page.objects.get(pk=row.pk) if row.pk else Page()
    maker = admin.get_form(request, instance if row.pk else None, change=bool(row.pk))
    form: BaseForm = maker(request.POST or None, instance=instance, initial=typed.initial(said))
    return form


def _ticked(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("override"))


def _theirs(row: Page, number: int, error: Conflict) -> list[Difference]:
    """What the others changed since the version that this person started from."""
    seen = row.versions.filter(number=number).first()
    if seen is None:
        return []
    return differences.between(kinds.said(seen), kinds.said(error.version))


def _shown(
    admin: ModelAdmin, request: HttpRequest, stands: Standing, answer: Answer | None, today: date
) -> HttpResponse:
    user = user_of(request)
    may_write, may_publish = user.has_perm(desk.CHANGE), user.has_perm(desk.PUBLISH)
    form = (answer.form if answer else None) or _fresh_form(admin, request, stands, may_write)
    said = stands.said
    reviewer = verbs.reviewer_of(Actor.staff(user))
    say = answer.say if answer else SayForm(initial={"next_review": review.next_date(said.review_due, today)})
    open_problems = [] if stands.is_live else going_live.problems(said, today)
    context = {
        "row": stands.document,
        "stands": stands,
        "form": form,
        "fieldsets": _grouped(form) if form else [],
        "say": say,
        "problem": answer.problem if answer else "",
        "theirs": deeds.labelled(answer.theirs) if answer else [],
        "problems": deeds.listed(open_problems, answer.ticked if answer else frozenset()),
        "needs_reviewer": not stands.is_live and going_live.needs_reviewer(said, stands.document),
        "may_write": may_write,
        "may_publish": may_publish,
        "used": used.linked(request, usage.of_page(stands.document)),
        "may_delete": admin.has_delete_permission(request, stands.document),
        "reviewer": reviewer,
        "unlinked": reviewer is None and user.has_perm(desk.REVIEW),
        "changed": deeds.labelled(differences.between(_live_words(stands), said.unchecked()))
        if stands.is_draft
        else [],
    }
    return desk.may_frame_ourselves(
        desk.shown(admin, request, "admin/content/page/editor.html", str(stands.document), context)
    )


def _fresh_form(admin: ModelAdmin, request: HttpRequest, stands: Standing, may_write: bool) -> Any:
    if not may_write:
        return None
    instance = Page.objects.get(pk=stands.document.pk)
    maker = admin.get_form(request, instance, change=True)
    return maker(instance=instance, initial=typed.initial(stands.said))


def _live_words(stands: Standing) -> snapshots.Snapshot:
    """What readers have now, for the reviewer to compare with."""
    return kinds.said(stands.live) if stands.live else typed.BLANK


def _grouped(form: Any) -> list[tuple[str, list[Any]]]:
    return [
        (str(title), [form[name] for name in options["fields"] if name in form.fields])
        for title, options in FIELDSETS
    ]


def _url(row: Page) -> str:
    return reverse("admin:content_page_change", args=[row.pk])
