"""The files of editors' pictures. Their address changes with their content, so they may be kept for a day."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinic.foundation.responses import FileOfProxy
from content.models.picture import FOLDER, Picture

# The address changes with the content. Not kept for longer, because somebody who is shown may withdraw their consent.
_KEPT = "public, max-age=86400"
_TYPE = "image/webp"


@require_safe
def picture(request: HttpRequest, folder: str, width: int) -> HttpResponse:
    """One size of a picture, as WebP. The row decides what there is: a file that it does not name is not served."""
    row = Picture.objects.filter(folder=folder).first() if FOLDER.fullmatch(folder) else None
    if row is None or width not in row.widths:
        raise Http404
    if settings.PROXY_SERVES_PICTURES and default_storage.exists(row.path(width)):
        return FileOfProxy(row.path(width), content_type=_TYPE, kept=_KEPT)
    try:
        with default_storage.open(row.path(width)) as file:
            content = file.read()  # a few hundred kilobytes at most
    except OSError:  # taken away this very moment, or lost
        raise Http404 from None
    return HttpResponse(content, content_type=_TYPE, headers={"Cache-Control": _KEPT})
