"""/consultations/times/: free times for everybody, as a page and as JSON. Reads only; no session, no form that posts."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bookings.client import shut
from bookings.client.times import search
from bookings.client.times.filter import FilterForm
from bookings.client.times.table import Table, table_of
from bookings.client.times.words import kind_words
from bookings.models import ConsultationType
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when


@require_safe
@vary_on_headers("Accept")
def free_times(request: HttpRequest) -> HttpResponse:
    """Three free times to choose from at once, days with their counts, and one day's times; for one practitioner or any."""
    now = timezone.now()
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    place, kinds = clinic(now), queries.types()
    if not kinds:
        return _unclear(request, as_json, "We do not offer times online just now.", 200)
    try:
        query = search.query_of(request.GET, kinds)
    except search.Unclear as unclear:
        return _unclear(request, as_json, str(unclear), 400)
    shown = table_of(query, place=place, now=now)
    if place.refuses() and not as_json:
        return shut.page(request)
    response = _json(shown, place, now) if as_json else _page(request, shown, kinds, place)
    # A time may go at any moment: nobody should be shown an old one for long.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(request: HttpRequest, shown: Table, kinds: list[ConsultationType], place: Clinic) -> HttpResponse:
    query, start = shown.query, f"{reverse('client:start')}?type={shown.query.kind.pk}"
    return render(
        request,
        "bookings/client/times/page.html",
        {
            "table": shown,
            "filter": FilterForm(shown, kinds, currency=place.profile.currency),
            "kind_words": kind_words(query.kind, place.profile.currency),
            "start": start,
            "choose": f"{start}&time=",
            "look": search.address(query),
            "section": "consultations",
        },
    )


def _json(shown: Table, place: Clinic, now: datetime) -> JsonResponse:
    """The free times of `days` days, from the one asked for or the first free one on; none while no requests are taken."""
    query, found = shown.query, () if place.refuses() else shown.found
    names = {person.pk: person.name for person in query.practitioners}
    soonest = shown.found[0].start if shown.found else now
    first = query.first_day or when.local_day(soonest, place.zone)
    here = [slot for slot in found if 0 <= (when.local_day(slot.start, place.zone) - first).days < query.days]
    return JsonResponse(
        {
            "type": query.kind.pk,
            "practitioner": query.practitioner_id,
            "from": first.isoformat(),
            "days": query.days,
            "time_zone": place.zone.key,
            "next": found[0].start.isoformat() if found else None,
            "slots": [
                {
                    "start": slot.start.isoformat(),
                    "end": slot.end.isoformat(),
                    "practitioner": slot.practitioner_id,
                    "practitioner_name": names.get(slot.practitioner_id, ""),
                }
                for slot in here
            ],
        }
    )


def _unclear(request: HttpRequest, as_json: bool, why: str, status: int) -> HttpResponse:
    if as_json:
        return JsonResponse({"error": why}, status=status)
    response = render(request, "bookings/client/times/unclear.html", {"why": why}, status=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
