"""What every view for readers does: it only reads, answers everybody alike, and is sent again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from content import limits

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """GET and HEAD only, with an ETag. A view that sets its own caching is left alone."""

    @require_safe
    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
        response = view(request, **kwargs)
        if response.status_code == 200 and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, s_maxage=limits.PROXY_SECONDS)
        return response

    return answer
