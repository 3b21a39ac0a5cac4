"""Answers that Django has no class for."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse, HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: the change is done; look at it there. The browser uses GET, so F5 there repeats nothing."""

    status_code = 303


# Where the proxy keeps the uploaded files, for us alone: deploy/nginx/clinic.conf has the same address.
PROXY_FILES = "/-/media/"


class FileOfProxy(HttpResponse):
    """The proxy sends this file of MEDIA_ROOT in place of the body, with the type and the Cache-Control given here.

    All other headers are the proxy's own. `path` is relative to MEDIA_ROOT.
    """

    def __init__(self, path: str, *, content_type: str, kept: str) -> None:
        headers = {"Cache-Control": kept, "X-Accel-Redirect": PROXY_FILES + quote(path)}
        super().__init__(content_type=content_type, headers=headers)
