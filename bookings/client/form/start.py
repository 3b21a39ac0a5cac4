"""Where a request begins: what it takes, what comes along from the page before, and a draft that is this browser's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, slot_text
from bookings.client import attempts, shut, typed
from bookings.client.attempts import get_or_post
from bookings.client.form import drafts, guide_answers, order
from bookings.client.form.draft_data import DraftData
from bookings.client.form.gone import TYPED, form_of
from bookings.client.form.review import told
from bookings.client.form.times import look_of
from bookings.queries import client as queries
from bookings.queries.clinic import clinic, takes_requests
from clinic.foundation import when
from clinic.foundation.responses import SeeOther

# What came along from the page before, between its redirect and the start page: two opaque ids.
ALONG_COOKIE = "along"


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """What it takes. POST begins a draft, with the guide's answers if they come along. ?page= and ?time= are taken out of
    the address by a redirect."""
    if request.method == "POST":
        return _begin(request, timezone.now())
    if request.GET.keys() & {"page", "time", "type"}:
        return _along(request.GET)
    if not takes_requests():
        return shut.page(request)
    kept = parse_qs(request.COOKIES.get(ALONG_COOKIE, ""))
    along = {name: kept[name][0][:80] for name in ("page", "time", "type") if kept.get(name)}
    place = clinic(timezone.now())
    chosen = slot_text.read(along.get("time", ""))
    return render(
        request,
        "bookings/client/form/start.html",
        {"along": along, "chosen": when.moment(chosen[1], place.zone) if chosen else ""},
    )


def _along(query: QueryDict) -> HttpResponse:
    response = SeeOther(reverse("client:start"))
    kept = urlencode({name: query[name][:80] for name in ("page", "time", "type") if name in query})
    response.set_cookie(
        ALONG_COOKIE,
        kept,
        max_age=limits.sessions.ALONG_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path=reverse("client:start"),
    )
    return response


def _begin(request: HttpRequest, now: datetime) -> HttpResponse:
    data = DraftData(**queries.prefilled(request.POST.get("page", "")[:12]))
    kind_ids = {str(kind.pk): kind.pk for kind in queries.types()}
    kind_id = kind_ids.get(request.POST.get("type", ""))
    chosen = request.POST.get("time", "")
    if kind_id:
        data = replace(data, type=kind_id)
        read = slot_text.read(chosen)
        if read:
            data = replace(data, slot=chosen, practitioner=read[0])
    if "guide" in request.POST:
        found = guide_answers.read(request.POST)
        if isinstance(found, str):
            return SeeOther(found)
        data = guide_answers.prefilled(data, *found)
    data = _with_typed(data, request.POST)
    if not takes_requests():
        return shut.page(request, told(data, queries.options(), clinic(now)))
    response = begin(request, data, now)
    if response.status_code == 303:
        response.delete_cookie(ALONG_COOKIE, path=reverse("client:start"))
    return response


def begin(request: HttpRequest, data: DraftData, now: datetime) -> HttpResponse:
    """Make a draft for this browser and go to its first page; 429 when its network has begun too many.

    While the clinic takes no requests, it leads to the page that says so.
    """
    if not takes_requests():
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
