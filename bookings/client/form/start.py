"""Where a request begins: its first page, what comes along from the page before, and a draft that is this browser's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from bookings import limits, slot_text
from bookings.client import attempts, shut, typed
from bookings.client.attempts import get_or_post
from bookings.client.form import drafts, guide_answers, order
from bookings.client.form.draft_data import DraftData
from bookings.client.form.gone import TYPED, form_of
from bookings.client.form.questions import AboutForm
from bookings.client.form.review import told
from bookings.client.form.times import look_of, times_url, whom
from bookings.client.times.words import most_words, way_and_cost, zone_named
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when
from clinic.foundation.responses import SeeOther
from content.ready.per_edition import PerEdition

_TEMPLATE = "bookings/client/form/step.html"
# What came along from the page before, between its redirect and the start page: opaque ids and numbers.
ALONG_COOKIE = "along"
_ABOUT = ("page", "with", "for")
_ALONG = (*_ABOUT, "time", "type", "zone")


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """The first page. POST begins a draft with its answers, and with the guide's if they come along. ?page=, ?with=, ?for=,
    ?time=, ?type= and ?zone= are taken out of the address by a redirect."""
    now = timezone.now()
    if request.method == "POST":
        return _begin(request, now)
    kept = parse_qs(request.COOKIES.get(ALONG_COOKIE, ""))
    along = {name: kept[name][0][:80] for name in _ALONG if kept.get(name)}
    if request.GET.keys() & set(_ALONG):
        return _along(request.GET, along)
    place = clinic(now)
    if place.refuses():
        return shut.page(request)
    if not along and request.path == request.path_info:  # under another root, its links would be others
        return _blank(request, place)
    brought = _with_time(DraftData(), along)
    chosen = brought.chosen
    return _first_page(
        request,
        _form(place, initial=_prefilled(along)),
        along.items(),
        place,
        visit=when.moment(chosen[1], place.zone) if chosen else "",
        who=chosen and (queries.practitioner_name(chosen[0], place) or whom(brought, now, place)),
        visit_url=times_url(brought),
        progress=order.progress("about", brought=brought.brought),
        **way_and_cost(queries.kind_with(brought.type) if chosen else None, place.profile.currency),
    )


# Exempt: it comes from a page without a cookie, and only shows its own answers once more. The form that it shows is
# guarded, and only that form begins a draft.
@csrf_exempt
@never_cache
@get_or_post
def from_guide(request: HttpRequest) -> HttpResponse:
    """The first page, with what comes along from the guide. Nothing is kept yet."""
    if request.method != "POST":
        return SeeOther(guide_answers.GUIDE_URL)
    found = guide_answers.read(request.POST)
    if isinstance(found, str):
        return SeeOther(found)
    answers, result = found
    said = guide_answers.in_words(answers)
    place = clinic(timezone.now())
    if place.refuses():
        return shut.page(request, said)
    filled_in = guide_answers.prefilled(DraftData(), answers, result).initial()
    form = _form(place, initial=filled_in)
    return _first_page(
        request,
        form,
        guide_answers.inputs(answers),
        place,
        said=said + guide_answers.listed(answers, result),
    )


def _form(place: Clinic, post: QueryDict | None = None, initial: dict[str, Any] | None = None) -> AboutForm:
    return AboutForm(post, initial=initial, options=queries.options(place), sent_to="client:start")


# The first page in two parts, around the token of its form; by what a visit costs, which is no part of the edition.
_BLANK: PerEdition[dict[str, tuple[str, str]]] = PerEdition(dict)
_TOKEN = "a stand-in for the token"


def _blank(request: HttpRequest, place: Clinic) -> HttpResponse:
    """The first page for whoever brings nothing along: drawn once an edition. Only its token is somebody's own."""
    costs, kept = _costs(place), _BLANK.of(place.edition)
    if costs not in kept:
        shown = _shown(_form(place), place, costs) | {"csrf_token": _TOKEN}
        before, after = render_to_string(_TEMPLATE, shown, request).split(_TOKEN)
        kept[costs] = (before, after)
    return HttpResponse(get_token(request).join(kept[costs]))


def _first_page(
    request: HttpRequest, form: AboutForm, along: Iterable[tuple[str, str]], place: Clinic, **context: object
) -> HttpResponse:
    """The first page before there is a draft. `along`: name and value of what goes with it unseen."""
    return render(request, _TEMPLATE, _shown(form, place, _costs(place)) | {"along": along} | context)


def _costs(place: Clinic) -> str:
    return most_words(queries.types(), place.profile.currency)


def _shown(form: AboutForm, place: Clinic, costs: str) -> dict[str, Any]:
    step = order.STEPS[0]
    return {
        "form": form,
        "clinic": place.profile,  # the template need not read it again, nor the links of its foot
        "menu": place.menu,
        "step": step,
        "progress": order.progress(step.name),
        "costs": costs,
    }


def _along(query: QueryDict, before: Mapping[str, str]) -> HttpResponse:
    """Take what comes along out of the address. Another time leaves what it is about as it came along before."""
    response = SeeOther(reverse("client:start"))
    stays = {name: before[name] for name in _ABOUT if name in before} if "time" in query else {}
    comes = {name: query[name][:80] for name in _ALONG if name in query}
    response.set_cookie(
        ALONG_COOKIE,
        urlencode(stays | comes),
        max_age=limits.sessions.ALONG_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path=reverse("client:start"),
    )
    return response


def _begin(request: HttpRequest, now: datetime) -> HttpResponse:
    data = _with_along(request.POST)
    if isinstance(data, str):
        return SeeOther(data)
    place = clinic(now)
    if "typed_page" in request.POST:
        data = _with_typed(data, request.POST)
    else:
        form = _form(place, request.POST)
        given = typed.fields(request.POST, form)
        if form.is_valid():
            data = order.answered(replace(data, **form.answers()), "about")
        elif given is None:  # too much to keep
            return _first_page(request, form, _unseen(request.POST), place)
        else:
            data = replace(data, with_whom=whom(data, now, place)).with_typed("about", given)
    if data.adult == "no":
        return SeeOther(order.UNDER_18_URL)
    if place.refuses():
        return shut.page(request, told(data, queries.options(place), place))
    response = begin(request, data, now)
    if response.status_code == 303:
        response.delete_cookie(ALONG_COOKIE, path=reverse("client:start"))
    return response


def _with_along(post: QueryDict) -> DraftData | str:
    """What a draft begins with besides the first answers; an address if what the guide was told leads elsewhere."""
    data = _with_time(DraftData(**_prefilled(post)), post)
    told_the_guide = guide_answers.along(post)
    if not told_the_guide:
        return data
    found = guide_answers.read(told_the_guide)
    return found if isinstance(found, str) else guide_answers.prefilled(data, *found)


def _with_time(data: DraftData, along: Mapping[str, str]) -> DraftData:
    """With the kind of consultation and the time that were chosen on the page before, by whose clock it was shown too."""
    kinds = {str(kind.pk): kind for kind in queries.types()}
    kind, chosen = kinds.get(along.get("type", "")), along.get("time", "")
    if kind is None:
        return data
    data = replace(data, type=kind.pk)
    if slot_text.read(chosen) is None:
        return data
    zone = zone_named(along.get("zone", "")) if kind.mode != kind.Mode.IN_PERSON else None
    return replace(data, slot=chosen, brought=True, time_zone=zone.key if zone else "")


def _prefilled(along: Mapping[str, str]) -> dict[str, Any]:
    """What the page before says of what somebody wants: the page itself, or the treatments that they set side by side,
    and for which concern."""
    return queries.prefilled(
        along.get("page", "")[:12], along.get("with", "")[:80], concern=along.get("for", "")[:12]
    )


def begin(request: HttpRequest, data: DraftData, now: datetime) -> HttpResponse:
    """Make a draft for this browser and go to its first page; 429 when its network has begun too many.

    While the clinic takes no requests, it leads to the page that says so.
    """
    if clinic(now).refuses():
        return SeeOther(reverse("client:start"))
    if not attempts.may_begin(request, now):
        return attempts.too_often(request, now, window=when.HOUR)
    secret = drafts.secret_of(request)
    draft = drafts.start(secret, data, now)
    response = SeeOther(order.url(order.first_open(data), draft))
    drafts.keep_secret(response, secret)
    return response


def _with_typed(data: DraftData, post: QueryDict) -> DraftData:
    """With what was typed on a page of a draft that ran out (`gone`). It is checked when that page is opened."""
    name = post.get("typed_page", "")
    form = form_of(name, post)
    given = typed.fields(post, form, TYPED) if form is not None else None
    if not given:
        return data
    if name == "times":
        return replace(data, look=look_of(given))
    return data.with_typed(name, given)


def _unseen(post: QueryDict) -> list[tuple[str, str]]:
    """What went along with the first page unseen."""
    names = [name for name in post if name in _ALONG or name.startswith(guide_answers.PREFIX)]
    return [(name, value) for name in names for value in post.getlist(name)]
