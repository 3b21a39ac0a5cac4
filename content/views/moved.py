"""Readers who come to an address that a page once had, or that is a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from content.publishing import addresses

View = Callable[..., HttpResponse]


def sends_on(kind: str, slug: str = "") -> Callable[[View], View]:
    """For a view of pages of one kind, named by its `slug` or always the one given here.

    What the view does not find may have moved, or be the name of a concern or treatment: then the answer is 301 to where the
    page is now, without the query string. A few more statements, and only for what is not found.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except Http404:
                asked = slug or kwargs["slug"]
                url = addresses.present(kind, asked) or addresses.named(kind, asked)
                if url is None:
                    raise
            response = HttpResponsePermanentRedirect(url)
            # Browsers keep a 301 for ever: after an editor has renamed a page back, they would go round in a circle.
            response.headers["Cache-Control"] = "no-cache"
            return response

        return answer

    return wrap
