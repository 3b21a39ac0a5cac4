"""Pages are compressed on their way out: a worklist of fifty rows shrinks to a ninth. Files are WhiteNoise's or the proxy's.

A compressed page whose length tells something about a secret on it can be read letter by letter by whoever makes a victim
load it with guesses of their own (BREACH). No secret of ours stays the same from page to page: Django masks the token of
forms anew each time, sessions are in cookies, links in mails. Django's middleware also adds up to a hundred bytes at random.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

from clinic.foundation import encodings


class CompressPagesMiddleware(GZipMiddleware):
    """Only whole pages of HTML: no files, which may be asked for in parts, and nothing that streams."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page or response.status_code == 304:
            return response
        if not encodings.readable(request.META.get("HTTP_ACCEPT_ENCODING", ""), ("gzip",)):
            # Django's own look at the header takes "gzip;q=0" for a yes.
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
