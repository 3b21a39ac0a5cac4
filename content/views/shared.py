"""A draft behind a link that ends after a day. It answers like the page itself, with a note on top."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.foundation import when
from content.models import ClinicProfile
from content.publishing import core, preview, shared
from content.publishing.preview import Preview


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponseBase:
    """The version that the link names; once readers have it, the page itself. Any other link has ended."""
    found = shared.opened(token, timezone.now())
    if found is None:
        return render(request, "content/preview_over.html", status=404)
    version, ends = found
    if version.page.is_published and version.page.live_id == version.pk:
        return HttpResponseRedirect(version.page.get_absolute_url())
    zone = ClinicProfile.current().zone
    words = f"Whoever has this link can see it until {when.moment(ends, zone)}."
    return preview.document(
        request, version.page, core.as_readers_get_it(version, zone), Preview(words=words)
    )
