"""The questions, one page at a time. A GET changes nothing; a POST that worked answers 303."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings.client.attempts import get_or_post
from bookings.client.form import drafts, order
from bookings.client.form.draft_data import FORMER, DraftData
from bookings.client.form.drafts import OpenDraft
from bookings.client.form.gone import closed, different, gone, typed_on
from bookings.client.form.order import Step
from bookings.client.form.questions import StepForm
from bookings.client.form.times import choose, still_fits, whom
from bookings.client.times.words import way_and_cost
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, published
from clinic.foundation import when
from clinic.foundation.responses import SeeOther


@never_cache
@get_or_post
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One page of questions. What was typed on a former one goes to the page that asks it now."""
    now = timezone.now()
    if "d" not in request.GET and request.method != "POST":
        return SeeOther(reverse("client:start"))
    draft = drafts.find(request, now)
    is_former, name = name in FORMER, FORMER.get(name, name)
    page = order.BY_NAME.get(name)
    if draft is None or page is None:
        return gone(request, name)
    if is_former and request.method != "POST":
        return SeeOther(order.url(name, draft))
    if draft.sent_as is not None:
        return _already_sent(request, draft, name)
    place = published(now)
    if request.method != "POST" and place.refuses(draft.row.started_at):
        # A POST is kept first, right or wrong, and leads to a page that comes here.
        return closed(request, draft, place)
    posted = request.method == "POST" and order.may_answer(name, draft.data)
    if not posted and not order.may_see(name, draft.data):
        return SeeOther(order.url(order.first_open(draft.data), draft))
    if page.form is not None:
        given = draft.data.beside(request.POST) if is_former else request.POST
        return _questions(request, draft, page, page.form, given, place, now)
    chosen = choose(request, draft, now, _back(name, draft))
    if isinstance(chosen, HttpResponse):
        return chosen
    return _answered(request, draft, name, chosen, place, now)


def _questions(
    request: HttpRequest,
    draft: OpenDraft,
    page: Step,
    form_class: type[StepForm],
    given: QueryDict,
    place: Clinic,
    now: datetime,
) -> HttpResponse:
    """A page that is one form: show it, or take what was filled in (`given`)."""
    name = page.name
    form = form_class(
        given if request.method == "POST" else draft.data.typed_on(name),
        initial=draft.data.initial(),
        options=queries.options(place),
    )
    if request.method == "POST":
        if form.is_valid():
            return _answered(request, draft, name, replace(draft.data, **form.answers()), place, now)
        again = drafts.wrong(request, draft, name, form, now, given)
        if again is not None:
            return again
    chosen = draft.data.chosen
    shown = {
        "form": form,
        "step": page,
        "progress": order.progress(name, brought=draft.data.brought),
        "notice": order.notice(draft.data, name),
        "back": _back(name, draft),
        "visit": when.moment(chosen[1], place.zone) if chosen else "",
        "who": chosen and (queries.practitioner_name(chosen[0], place) or draft.data.with_whom),
        "visit_url": order.url("times", draft),
        "clinic": place.profile,  # the template need not read it again, nor the links of its foot
        "menu": place.menu,
    }
    if chosen and page.intro:
        shown |= way_and_cost(queries.kind_with(draft.data.type), place.profile.currency)
    return render(request, "bookings/client/form/step.html", shown)


def _answered(
    request: HttpRequest, draft: OpenDraft, name: str, data: DraftData, place: Clinic, now: datetime
) -> HttpResponse:
    """Keep `data`, the draft's with the answers to this page, and go on."""
    if data.adult == "no":
        # Nothing about somebody under 18 is kept, not even what came along from a page.
        draft.row.delete()
        return SeeOther(order.UNDER_18_URL)
    if request.POST.get("website"):
        data = replace(data, trapped=True)
    data = _with_its_time(order.answered(data, name), name, place, now)
    following = order.first_open(data)
    if following in _names_before(name) and not order.notice(data, following):
        data = order.send_back(data, following, "missing")
    draft.data = data
    drafts.save(draft, now)
    return SeeOther(order.url(following, draft))


def _with_its_time(data: DraftData, name: str, place: Clinic, now: datetime) -> DraftData:
    """After the page `name`: a time that does not fit what it is about is asked again, and one that came along from the page
    before is not asked at all, while it is free.
    """
    if name == "about" and "times" in data.done and not still_fits(data, now):
        return order.ask_afresh(data, "times", why="concerns")
    if data.brought and order.first_open(data) == "times":
        fits = still_fits(data, now)
        data = order.answered(data, "times") if fits else replace(data, brought=False)
    elif name not in ("about", "times"):
        return data
    return replace(data, with_whom=whom(data, now, place))


def _names_before(name: str) -> list[str]:
    names = [step.name for step in order.STEPS]
    return names[: names.index(name)]


def _back(name: str, draft: OpenDraft) -> str:
    previous = order.before(name, draft.data)
    return order.url(previous, draft) if previous else ""


def _already_sent(request: HttpRequest, draft: OpenDraft, name: str) -> HttpResponse:
    """A page of a request that has been sent: a GET leads to the sent page; a POST is refused, with the reference."""
    assert draft.sent_as is not None
    if request.method == "POST":
        return different(request, draft, draft.sent_as, typed_lines=typed_on(name, request.POST))
    return SeeOther(drafts.address(reverse("client:sent"), draft))
