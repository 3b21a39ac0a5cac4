"""A draft behind a link that ends after a day. It answers like the page itself, with a note on top."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.errors import too_many_requests
from clinic.foundation import throttle, when
from clinic.foundation.network import client_address, network_of
from content import limits
from content.models import ClinicProfile
from content.publishing import preview, reviewer, shared_previews
from content.publishing.preview import Preview


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """The version that the link names; once readers have it, the page itself. Any other link has ended.

    429 when the reader's network has opened too many previews.
    """
    now = timezone.now()
    found = shared_previews.opened(token, now)
    if found is None:
        return render(request, "content/preview_over.html", status=404)
    version, ends = found
    document = version.document
    url = preview.address(document)
    if url and document.is_published and document.live_id == version.pk:
        return HttpResponseRedirect(url)
    # A preview takes the database's write lock for a moment, and anybody may have the link.
    network = network_of(client_address(request))
    if not throttle.allow(
        "shared-preview", network, limit=limits.SHARED_PREVIEWS_PER_NETWORK_HOUR, window=when.HOUR, now=now
    ):
        return too_many_requests(request)
    zone = ClinicProfile.current().zone
    words = f"Whoever has this link can see it until {when.moment(ends, zone)}."
    snapshot = reviewer.as_readers_get_it(version, zone)
    shown = preview.document(request, document, snapshot, Preview(words=words))
    return shown or render(request, "content/preview_over.html", status=404)
