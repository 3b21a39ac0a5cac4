"""/consultations/times/: free times for everybody, as a page and as JSON. Reads only; no session, no form that posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bookings import limits, slot_text
from bookings.client import shut
from bookings.client.times import search
from bookings.client.times.filter import FilterForm
from bookings.client.times.table import Table, table_of
from bookings.client.times.words import kind_words
from bookings.models import ConsultationType
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic


@require_safe
@vary_on_headers("Accept")
def free_times(request: HttpRequest) -> HttpResponse:
    """Days with their free times for one practitioner or any; the next free one first."""
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
    if place.profile.requests_closed:
        if not as_json:
            return shut.page(request)
        shown = replace(shown, next_free=None, slots=())
    response = _json(shown, place) if as_json else _page(request, shown, kinds, place)
    # A time may go at any moment: nobody should be shown an old one for long.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(request: HttpRequest, shown: Table, kinds: list[ConsultationType], place: Clinic) -> HttpResponse:
    query = shown.query
    return render(
        request,
        "bookings/client/times/page.html",
        {
            "table": shown,
            "filter": FilterForm(shown, kinds, currency=place.profile.currency),
            "kind_words": kind_words(query.kind, place.profile.currency),
            "start": f"{reverse('client:start')}?type={query.kind.pk}",
            "earlier": _stretch(query, shown.earlier),
            "later": _stretch(query, shown.later),
            "section": "consultations",
        },
    )


def _stretch(query: search.TimesQuery, first_day: date | None) -> str:
    if first_day is None:
        return ""
    parts = {
        "type": query.kind.pk,
        "practitioner": query.practitioner_id or slot_text.ANY,
        "from": first_day.isoformat(),
    }
    if query.days != limits.times.TIMES_PAGE_DAYS:
        parts["days"] = query.days
    if query.zone:
        parts["zone"] = query.zone.key
    return "?" + urlencode(parts)


def _json(shown: Table, place: Clinic) -> JsonResponse:
    names = {person.pk: person.name for person in shown.query.practitioners}
    return JsonResponse(
        {
            "type": shown.query.kind.pk,
            "practitioner": shown.query.practitioner_id,
            "from": shown.first_day.isoformat(),
            "days": shown.query.days,
            "time_zone": place.zone.key,
            "next": shown.next_free.start.isoformat() if shown.next_free else None,
            "slots": [
                {
                    "start": slot.start.isoformat(),
                    "end": slot.end.isoformat(),
                    "practitioner": slot.practitioner_id,
                    "practitioner_name": names.get(slot.practitioner_id, ""),
                }
                for slot in shown.slots
            ],
        }
    )


def _unclear(request: HttpRequest, as_json: bool, why: str, status: int) -> HttpResponse:
    if as_json:
        return JsonResponse({"error": why}, status=status)
    response = render(request, "bookings/client/times/unclear.html", {"why": why}, status=status)
    response.headers["Cache-Control"] = "no-cache"
    return response
