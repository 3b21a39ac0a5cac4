"""A practitioner's diary for their own calendar app, behind an address that only they know."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from bookings import feed, limits
from bookings.messages import diary_file
from bookings.queries import diary as rows
from clinic.foundation import throttle, when
from clinic.foundation.network import client_address, network_of


@require_safe
def diary(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, or 304 for an app that has it. What opens nothing is not found, and says no more."""
    now = timezone.now()
    network, most = network_of(client_address(request)), limits.floods.DIARIES_PER_NETWORK_HOUR
    if not throttle.allow("diary", network, limit=most, window=when.HOUR, now=now):
        seconds = int((throttle.opens(when.HOUR, now) - now).total_seconds()) + 1
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    practitioner = feed.find(token, now)
    if practitioner is None:
        raise Http404
    body = diary_file.write(practitioner.name, rows.visits(practitioner, now), rows.away(practitioner, now))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="diary.ics"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
