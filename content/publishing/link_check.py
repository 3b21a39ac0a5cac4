"""Whether a link in a text leads somewhere. Pure: the pages that there are go in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from content.models import Page
from content.models.page import OWN_ADDRESSES
from content.text import markdown


@dataclass(frozen=True)
class Place:
    """A page as a link sees it. Where `prints_more` than its text, not all that a # may name is known."""

    body: str
    published: bool
    prints_more: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong with a link and what to do."""

    code: str
    blocks: bool
    message: str


def place(page: Page) -> Place:
    return Place(page.body, page.is_published, prints_more(page.kind, page.slug))


def prints_more(kind: str, slug: str) -> bool:
    """Whether the page has a view of its own, which prints lists that are not in its text."""
    return kind == Page.Kind.DUTY and slug in OWN_ADDRESSES


def fault(target: str, own: str, places: Mapping[str, Place], former: Mapping[str, str]) -> Fault | None:
    """What is wrong with the target of a link on the page at `own`, or None. Other sites are not asked."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return _broken("This is no address. Correct it.")
    if parts.scheme in ("mailto", "tel", "https"):
        return None
    if parts.scheme == "http":
        return Fault(
            "link_insecure",
            False,
            "Anybody on the way can read or change what this link opens. Use https://.",
        )
    if parts.scheme or parts.netloc:
        return _broken("Such a link does not work here. Begin with https:// or, on this site, with /.")
    path = unquote(parts.path) or own
    if not target or not path.startswith("/"):
        return _broken("Begin with /, like /concerns/milia/.")
    if path in places:
        return _on_page(places[path], unquote(parts.fragment))
    if path in former:
        return Fault("link_moved", False, f"The page has moved. Link to {former[path]} instead.")
    return _elsewhere(path, places)


def _on_page(there: Place, fragment: str) -> Fault | None:
    if fragment and not there.prints_more and fragment not in markdown.anchors(there.body):
        return Fault(
            "link_anchor",
            True,
            f"No heading of that page has the address #{fragment}. Take it from the heading's words, or leave it out.",
        )
    if not there.published:
        return Fault("link_unpublished", False, "Readers cannot open that page yet. Publish it first.")
    return None


def _elsewhere(path: str, places: Mapping[str, Place]) -> Fault | None:
    """An address that is no page of the editors': there is one if the site answers to it by itself."""
    if path.startswith(settings.STATIC_URL):
        return None
    if f"{path}/" in places:
        return _broken("The / at the end is missing.")
    try:
        match = resolve(path)
    except Resolver404:
        return _broken("There is no page at this address. Correct it, or take the link out.")
    if match.app_name == "content" and "slug" in match.kwargs:
        return _broken("There is no page at this address. Correct it, or take the link out.")
    return None


def _broken(what_to_do: str) -> Fault:
    return Fault("link_broken", True, what_to_do)
