"""Where a request begins: what it takes, what comes along from the page before, and a draft that is this browser's own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings.client import attempts, drafts, guided, steps, times
from bookings.client.http import get_or_post, redirect
from bookings.queries import client as queries
from bookings.queries.clinic import clinic
from clinic.foundation import when

# What came along from the page before, between its redirect and the start page: two opaque ids.
ALONG_COOKIE = "along"
ALONG_SECONDS = 600


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """What it takes. POST begins a draft, with the guide's answers if they come along. ?page= and ?time= are taken out of
    the address by a redirect."""
    if request.method == "POST":
        return _begin(request, timezone.now())
    if request.GET.keys() & {"page", "time", "type"}:
        return _along(request.GET)
    kept = parse_qs(request.COOKIES.get(ALONG_COOKIE, ""))
    along = {name: kept[name][0][:80] for name in ("page", "time", "type") if kept.get(name)}
    place = clinic(timezone.now())
    chosen = times.read(along.get("time", ""))
    return render(
        request,
        "bookings/client/start.html",
        {"along": along, "chosen": when.moment(chosen[1], place.zone) if chosen else ""},
    )


def _along(query: QueryDict) -> HttpResponse:
    response = redirect(reverse("client:start"))
    kept = urlencode({name: query[name][:80] for name in ("page", "time", "type") if name in query})
    response.set_cookie(
        ALONG_COOKIE,
        kept,
        max_age=ALONG_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path=reverse("client:start"),
    )
    return response


def _begin(request: HttpRequest, now: datetime) -> HttpResponse:
    data = queries.prefilled(request.POST.get("page", "")[:12])
    kind_ids = {str(kind.pk): kind.pk for kind in queries.types()}
    kind_id = kind_ids.get(request.POST.get("type", ""))
    chosen = request.POST.get("time", "")
    if kind_id:
        data["type"] = kind_id
        read = times.read(chosen)
        if read:
            data |= {"slot": chosen, "practitioner": read[0]}
    if "guide" in request.POST:
        found = guided.read(request.POST)
        if isinstance(found, str):
            return redirect(found)
        data |= guided.prefilled(*found)
    response = begin(request, data, now)
    if response.status_code == 303:
        response.delete_cookie(ALONG_COOKIE, path=reverse("client:start"))
    return response


def begin(request: HttpRequest, data: steps.Data, now: datetime) -> HttpResponse:
    """Make a draft for this browser and go to its first page; 429 when its network has begun too many."""
    if not attempts.may_begin(request, now):
        return attempts.too_often(request, now, minutes=60)
    secret = drafts.secret_of(request)
    draft = drafts.start(secret, data, now)
    response = redirect(steps.url(steps.first_open(data), draft))
    drafts.keep_secret(response, secret)
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """No such draft, another browser's, or an hour old: one page for all."""
    return render(request, "bookings/client/gone.html", status=404)
