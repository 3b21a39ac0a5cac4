"""Free times for programs: what /consultations/times/ answers to `Accept: application/json`. Three SQL statements."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter

from django.http import HttpResponse, JsonResponse, QueryDict

from bookings.availability import Slot
from bookings.client.times import search
from bookings.client.times.search import TimesQuery
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.offered import Offered, offered
from clinic.foundation import when


def times_as_json(params: QueryDict, now: datetime) -> HttpResponse:
    """The free times of `days` days, from the one asked for or from the first that has one; none while no requests are
    taken. "next" is the first of them."""
    place, kinds = clinic(now), {one.kind.pk: one for one in offered()}
    if not kinds:
        return JsonResponse({"error": "We do not offer times online just now."})
    try:
        query = search.query_of(
            params,
            [one.kind for one in kinds.values()],
            people_of=lambda wanted: kinds[wanted.kind.pk].people,
        )
    except search.Unclear as unclear:
        return JsonResponse({"error": str(unclear)}, status=400)
    found = [] if place.refuses() else _found(query, kinds[query.kind.pk], place, now)
    today = when.local_day(now, place.zone)
    first = query.first_day or (when.local_day(found[0].start, place.zone) if found else today)
    names = {person.pk: person.name for person in query.practitioners}
    head = json.dumps(
        {
            "type": query.kind.pk,
            "practitioner": query.practitioner_id,
            "from": first.isoformat(),
            "days": query.days,
            "time_zone": place.zone.key,
            "next": found[0].start.isoformat() if found else None,
        }
    )
    shown = found if query.first_day else _first_days(found, query.days, place)
    body = f'{head[:-1]}, "slots": [{_lines(shown, names)}]}}'
    return HttpResponse(body, content_type="application/json")


def _first_days(found: list[Slot], days: int, place: Clinic) -> list[Slot]:
    """Those on so many local days from the first that has one on."""
    if not found:
        return []
    first = when.local_day(found[0].start, place.zone)
    until, _ = when.day_bounds(first + timedelta(days=days), place.zone)
    return found[: bisect_left(found, until, key=itemgetter(0))]


def _lines(shown: Sequence[Slot], names: dict[int, str]) -> str:
    """The slots as JSON. A month has hundreds: what is the same in many is written once, and a moment needs no escaping."""
    whose = {
        key: json.dumps({"practitioner": key, "practitioner_name": names.get(key, "")})[1:]
        for key in {slot.practitioner_id for slot in shown}
    }
    return ", ".join([_span(start, end) + whose[key] for start, key, end in shown])


# The grids of days are kept too (bookings/availability.py), so that the same moments are asked for again and again.
@lru_cache(maxsize=8192)
def _span(start: datetime, end: datetime) -> str:
    return f'{{"start": "{start.isoformat()}", "end": "{end.isoformat()}", '


def _found(query: TimesQuery, kind: Offered, place: Clinic, now: datetime) -> list[Slot]:
    """Those of the days asked for; all, if no day was."""
    diary = free.read(
        now=now,
        first_day=query.first_day or when.local_day(now, place.zone),
        days=query.days if query.first_day else place.rules.horizon_days + 1,
        place=place,
        practitioner_id=query.practitioner_id,
    )
    hours = kind.hours
    asked = hours if query.practitioner_id is None else {query.practitioner_id: hours[query.practitioner_id]}
    return diary.free(query.wanted, asked)
