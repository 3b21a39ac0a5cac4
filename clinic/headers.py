"""What every answer has, whether page, file, redirect or error: security headers that neither Django nor django-csp
sends, and no body where only the head was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# Nothing on this site uses any of these devices or browser features, so no page of ours may be made to. Only names
# that Chromium knows: it warns about others on every page.
REFUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
EVERYWHERE = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Also sent by Django, but not on the answers of middleware that comes before its own.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class HeadersMiddleware:
    """Comes first, so that no answer bypasses it. Keeps private pages out of every cache and index."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if is_private(request.path_info):
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        elif response.status_code >= 400 or response.cookies:
            # An error passes, and a cookie is somebody's own: neither belongs in a shared cache.
            response.headers["Cache-Control"] = "no-store"
        if request.method == "HEAD":
            _take_body_away(response)
        return response


def _take_body_away(response: HttpResponseBase) -> None:
    """Leave the head of `response` as it is, including its Content-Length. A file in it is closed with the response."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""


def is_private(path: str) -> bool:
    """Whether `path` is under one of settings.PRIVATE_PATHS, with or without its closing slash, in any case."""
    folded = path.lower().rstrip("/") + "/"
    return any(folded.startswith(prefix) for prefix in settings.PRIVATE_PATHS)
