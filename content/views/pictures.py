"""The files of editors' pictures. Their address changes with their content, so they may be kept for a day."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# As content.models.picture.new_folder makes them: nothing else is ever looked for on the disk.
_FOLDER = re.compile(r"[0-9a-f]{16}")
# The address changes with the content. Not kept for longer, because somebody who is shown may withdraw their consent.
_KEPT = "public, max-age=86400"


@require_safe
def picture(request: HttpRequest, folder: str, width: int) -> HttpResponse:
    """One size of a picture, as WebP."""
    if not _FOLDER.fullmatch(folder):
        raise Http404
    try:
        with default_storage.open(f"pictures/{folder}/{width}.webp") as file:
            content = file.read()  # a few hundred kilobytes at most
    except OSError:  # there is none, or its name is longer than any file may have
        raise Http404 from None
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": _KEPT})
