"""The files of editors' pictures. Their address changes with their content, so they may be kept for a year."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def picture(request: HttpRequest, folder: str, width: int) -> HttpResponse:
    """One size of a picture, as WebP."""
    try:
        with default_storage.open(f"pictures/{folder}/{width}.webp") as file:
            content = file.read()  # a few hundred kilobytes at most
    except FileNotFoundError:
        raise Http404 from None
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(content, content_type="image/webp", headers=headers)
