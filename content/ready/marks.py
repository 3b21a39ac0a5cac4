"""The mark of a view whose page may be kept: it is set by hand, on each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict

View = TypeVar("View", bound=Callable[..., HttpResponse])

# May be stored by anybody, and is asked after each time: a few bytes, if it is still right.
KEPT = "no-cache"
# Of a name in a query: any value. The view sets "no-store" on a page whose value leads nowhere (`not_kept`).
ANY = None
Query = Mapping[str, Collection[str] | None]
# What of it an address asks for, in the order of the mark.
Asked = tuple[tuple[str, str], ...]
_MARK = "keeps"


def kept(**query: Collection[str] | None) -> Callable[[View], View]:
    """For a view whose answer to GET is the same for everybody until the next edition, or midnight.

    `query`: the names that it reads of its address's query, each with the values that it knows (or ANY). It gets to see
    nothing else of the query, so whatever strangers write there changes neither the page nor what is kept of it. Signed in,
    with a cookie of ours or in a preview, people get the page drawn for them (content/ready/middleware.py). Bytes and
    headers are kept, and nothing else that a decorator leaves on the response (such as those of django-csp).
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            request.GET = QueryDict(urlencode(asked(request, query)))
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                response.headers.setdefault("Cache-Control", KEPT)
            return response

        vars(answer)[_MARK] = query
        return cast(View, answer)

    return mark


def query_of(view: Callable[..., Any]) -> Query | None:
    """What a marked view reads of the query; None for a view without the mark."""
    found: Query | None = getattr(view, _MARK, None)
    return found


def asked(request: HttpRequest, query: Query) -> Asked:
    """What of `query` the address asks for, in one order, however it was written."""
    if not query or not request.META.get("QUERY_STRING"):
        return ()
    given = ((name, request.GET.get(name, ""), known) for name, known in query.items())
    return tuple((name, value) for name, value, known in given if value and (known is None or value in known))


def not_kept(response: HttpResponse) -> HttpResponse:
    """A page that a marked view draws for this address alone: anybody can make such addresses up."""
    response.headers["Cache-Control"] = "no-store"
    return response
