"""The links at the foot of every page: only to what readers can open, so that no link is dead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from clinic.foundation.prepared import Prepared
from content.models import Page

# In this order. A slug of a duty page or an article, or a route of this app with the words of its link.
_READING = ("consultations", "before-you-decide", "skin-tone-and-treatment", "aftercare")
_ROUTES = (("costs", "Costs"), ("team", "Our team"), ("faqs", "Questions people ask"))
_DUTIES = (
    "urgent-help",
    "safety-and-complaints",
    "privacy",
    "your-data",
    "cookies",
    "accessibility",
    "under-18s",
)
_LINE = ("urgent-help", "privacy", "accessibility")
_NAMED = frozenset((*_READING, *_DUTIES, *_LINE))


@dataclass(frozen=True)
class Link:
    words: str
    url: str


@dataclass(frozen=True)
class Menu:
    """What to read, what a clinic owes its readers, and the few links at the foot of a form."""

    reading: tuple[Link, ...]
    duties: tuple[Link, ...]
    line: tuple[Link, ...]


def links() -> Menu:
    """The links that lead somewhere now. One statement."""
    return menu_of(list(_SHOWN.rows(())))


def menu_of(pages: Collection[tuple[str, str, str]]) -> Menu:
    """The same of published pages that are at hand, duties and articles: kind, slug and title in menus of each."""
    found = {slug: Link(words, Page.address_of(kind, slug)) for kind, slug, words in pages if slug in _NAMED}
    routes = [Link(words, url) for name, words in _ROUTES if (url := address(name))]
    if any(kind == Page.Kind.ARTICLE for kind, *_ in pages):
        routes.append(Link("All articles", reverse("content:articles")))
    reading = [found[slug] for slug in _READING if slug in found]
    duties, line = (tuple(found[slug] for slug in slugs if slug in found) for slugs in (_DUTIES, _LINE))
    return Menu((*reading, *routes), duties, line)


def _shown(_: tuple[()], __: None) -> QuerySet[Page, Any]:
    kinds = (Page.Kind.DUTY, Page.Kind.ARTICLE)
    return Page.objects.published().filter(kind__in=kinds).values_list("kind", "slug", "menu_title")


_SHOWN = Prepared(_shown)  # every page has a foot


def address(name: str) -> str:
    """Where a route of this app is, or nothing if the site has none of that name."""
    try:
        return reverse(f"content:{name}")
    except NoReverseMatch:
        return ""
