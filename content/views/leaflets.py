"""/concerns/<slug>/leaflet/ and /treatments/<slug>/leaflet/: a page as a leaflet of two sides of paper.

A browser prints it; nothing here is a script. `?print=large` is the same in large letters, on as many sides as it takes.

A leaflet is a selection, but what keeps somebody safe is never cut: content/text/safety.py says which sections those are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from content.display import glance, signatures
from content.models import Page
from content.queries.public import Piece
from content.text import markdown
from content.views import layout, shown
from content.views.frame import absolute, check_overdue
from content.views.moved import sends_on
from content.views.readers import for_readers_who_choose


@for_readers_who_choose(print=["large"])
@sends_on(Page.Kind.CONCERN)
def concern(request: HttpRequest, slug: str) -> HttpResponse:
    """The leaflet of a concern."""
    return _leaflet(request, Page.Kind.CONCERN, slug)


@for_readers_who_choose(print=["large"])
@sends_on(Page.Kind.TREATMENT)
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """The leaflet of a treatment."""
    return _leaflet(request, Page.Kind.TREATMENT, slug)


def _leaflet(request: HttpRequest, kind: Page.Kind, slug: str) -> HttpResponse:
    edition = shown.of(request)
    full = edition.page(kind, slug)
    if full is None:
        raise Http404
    page, clinic = full.page, edition.clinic
    # Without a list of sources a note has no number, and prints nothing: the page has them.
    pieces = edition.pieces(page.body)
    opening = None
    if pieces and pieces[0].kind == "html":
        opening, rest = markdown.opened(pieces[0].content, layout.SPARE)
        pieces[0] = replace(pieces[0], content=rest)
    facts = glance.facts(page, full.treatments, clinic)
    names = signatures.under(
        [*full.cells, *(row for row in full.treatments if row.offered)],
        prices=any(fact.is_price for fact in facts),
    )
    context = {
        "page": page,
        "opening": opening,
        "parts": safety(pieces),
        "facts": facts,
        "blocks": full.blocks,
        "treatments": full.treatments,
        "signed": names,
        "signed_by_others": names.others(page),
        "check_overdue": check_overdue(page, clinic),
        "clinic": clinic,
        "address": absolute(page.get_absolute_url()),
        "large": request.GET.get("print") == "large",
        "section": f"{kind}s",
    }
    return render(request, "content/leaflet.html", context)


def safety(pieces: Iterable[Piece]) -> list[Piece]:
    """The sections about safety, whole and in their order."""
    return [piece for section in layout.in_sections(pieces) if section.keeps_safe for piece in section.pieces]
