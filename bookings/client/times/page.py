"""/consultations/times/: free times for everybody, as a page and as JSON. Reads only; no session, no form that posts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bookings.client import shut
from bookings.client.times import search
from bookings.client.times.as_json import times_as_json
from bookings.client.times.filter import FilterForm
from bookings.client.times.hear import hear_of
from bookings.client.times.table import Table, table_of
from bookings.client.times.words import kind_words
from bookings.models import ConsultationType
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic


@require_safe
@vary_on_headers("Accept")
def free_times(request: HttpRequest) -> HttpResponse:
    """Three free times to choose from at once, days with their counts, and one day's times; for one practitioner or any."""
    now = timezone.now()
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    response = times_as_json(request.GET, now) if wants_json else _page(request, now)
    # A time may go at any moment: nobody should be shown an old one for long.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(request: HttpRequest, now: datetime) -> HttpResponse:
    place, kinds = clinic(now), queries.types()
    if not kinds:
        return _unclear(request, "We do not offer times online just now.", 200)
    try:
        query = search.query_of(
            request.GET, kinds, is_known=lambda key: bool(queries.practitioner_name(key, place))
        )
    except search.Unclear as unclear:
        return _unclear(request, str(unclear), 400)
    if place.refuses():
        return shut.page(request)
    return _drawn(request, table_of(query, place=place, now=now), kinds, place, now)


def _drawn(
    request: HttpRequest, shown: Table, kinds: list[ConsultationType], place: Clinic, now: datetime
) -> HttpResponse:
    query = shown.query
    zone = {"zone": query.zone.key} if query.zone else {}
    start = f"{reverse('client:start')}?{urlencode({'type': query.kind.pk, **zone})}"
    above = FilterForm(shown, kinds, currency=place.profile.currency)
    return render(
        request,
        "bookings/client/times/page.html",
        {
            "table": shown,
            "soon": shown.soon,
            "hear_by": hear_of(shown.soon, place, now),
            "filter": above,
            "along": above.unasked,
            "kind_words": kind_words(query.kind, place.profile.currency),
            "paid": query.kind.paid,
            "start": start,
            "choose": f"{start}&time=",
            "look": search.address(query),
            "section": "consultations",
        },
    )


def _unclear(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "bookings/client/times/unclear.html", {"why": why}, status=status)
