"""The public pages. They only read: no form, no session, no cookie, so that they can be cached whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clinic.foundation import money, when
from content.display import footer, glance, signatures, structured_data, week
from content.display.glance import Fact
from content.matrix.fits import Block
from content.models import ClinicProfile, Page
from content.models.page import OWN_ADDRESSES
from content.queries import public
from content.text import markdown
from content.views import shown
from content.views.frame import frame
from content.views.layout import in_sections, laid_out, spread
from content.views.moved import sends_on
from content.views.readers import for_readers
from content.views.shown import Shown

# Articles for somebody who is worried about a treatment, or unhappy with it. They sell nothing.
CALM_ARTICLES = frozenset({"aftercare", "safety-and-complaints"})
# As many as stand in one row of the front door.
ARTICLES_IN_FRONT = 4
# The duty page that begins with whom to call.
URGENT_HELP = "urgent-help"


@for_readers
def home(request: HttpRequest) -> HttpResponse:
    """The front door: it works, with plain words, before an editor has written its page."""
    edition = shown.of(request)
    full, clinic = edition.home, edition.clinic
    page = full.page if full else None
    front, now = edition.front, timezone.now()
    today = when.local_day(now, clinic.zone)
    context: dict[str, Any] = {
        "tiles": front.concerns,
        "treatments": front.treatments,
        "articles": front.articles[:ARTICLES_IN_FRONT],
        "week": week.week(clinic, today, is_closed=edition.is_closed_on(today)),
        "now_words": week.now_words(clinic, now, edition.is_closed_on),
        "people": edition.people,
        "menu": footer.menu_of(
            [(one.kind, one.slug, one.menu_title) for one in front.articles + front.duties]
        ),
        "section": "home",
        "clinic": clinic,
    }
    if full and page:
        parts = edition.pieces(page.body, steps=True, sources=full.sources)
        context |= {
            "page": page,
            **_around_people(part for part in parts if part.kind != "picture"),
            "places": [part for part in parts if part.kind == "picture"],
            "sources": full.sources,
        }
    title, summary = (page.title, page.summary) if page else (clinic.name, "")
    return render(request, "content/home.html", context | frame(clinic, "/", title, summary, page=page))


def _around_people(parts: Iterable[public.Piece]) -> dict[str, list[public.Piece]]:
    """Who works here stands after the first section of the text: people ask for that before they read on."""
    sections = in_sections(parts)
    first = next((place for place, one in enumerate(sections, 1) if one.heading), len(sections))
    before, after = (
        [piece for one in some for piece in one.pieces] for some in (sections[:first], sections[first:])
    )
    return {"parts": spread(before), "more_parts": spread(after)}


@for_readers
def concerns(request: HttpRequest) -> HttpResponse:
    """The hub, and every concern as a tile."""
    edition = shown.of(request)
    if edition.hub is None:
        return _bare_hub(request, edition.clinic)
    return _drawn(request, edition, edition.hub, "content/hub.html", section="concerns")


def _bare_hub(request: HttpRequest, clinic: ClinicProfile) -> HttpResponse:
    """The tiles alone, before an editor has written the hub's page."""
    head = frame(clinic, request.path, "Skin concerns", "")
    context = {"tiles": public.tiles(), "section": "concerns", "clinic": clinic}
    return render(request, "content/hub.html", context | head)


@for_readers
@sends_on(Page.Kind.CONCERN)
def concern(request: HttpRequest, slug: str) -> HttpResponse:
    """One concern page."""
    return _page(request, Page.Kind.CONCERN, slug, "content/concern.html", section="concerns")


@for_readers
@sends_on(Page.Kind.TREATMENT)
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """One treatment page."""
    return _page(request, Page.Kind.TREATMENT, slug, "content/treatment.html", section="treatments")


@for_readers
@sends_on(Page.Kind.ARTICLE)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article: a text that is not about one concern or treatment. Those about safety ask for no request."""
    template = "content/calm.html" if slug in CALM_ARTICLES else "content/article.html"
    return _page(request, Page.Kind.ARTICLE, slug, template)


@for_readers
@sends_on(Page.Kind.DUTY, "consultations")
def consultations(request: HttpRequest) -> HttpResponse:
    """What a consultation involves."""
    edition, slug = shown.of(request), "consultations"
    clinic = edition.clinic
    fee = money.words(clinic.consultation_fee, clinic.currency)
    more = [Fact("Cost of a first visit", (f"{fee}, with no deposit",), is_price=True)]
    if clinic.getting_here:
        more.append(Fact("Getting here", tuple(filter(None, clinic.getting_here.splitlines()))))
    return _drawn(
        request, edition, _found(edition, Page.Kind.DUTY, slug), "content/page.html", section=slug, more=more
    )


@for_readers
@sends_on(Page.Kind.DUTY)
def duty(request: HttpRequest, slug: str) -> HttpResponse:
    """Privacy, urgent help, under 18s and the like: nothing on them asks for a request."""
    if slug in OWN_ADDRESSES:
        raise Http404
    template = "content/urgent_help.html" if slug == URGENT_HELP else "content/duty.html"
    return _page(request, Page.Kind.DUTY, slug, template)


def _page(
    request: HttpRequest, kind: Page.Kind, slug: str, template: str, *, section: str = ""
) -> HttpResponse:
    edition = shown.of(request)
    return _drawn(request, edition, _found(edition, kind, slug), template, section=section)


def _found(edition: Shown, kind: Page.Kind, slug: str) -> public.FullPage:
    full = edition.page(kind, slug)
    if full is None:
        raise Http404
    return full


def _drawn(
    request: HttpRequest,
    edition: Shown,
    full: public.FullPage,
    template: str,
    *,
    section: str = "",
    more: Sequence[Fact] = (),
) -> HttpResponse:
    page, clinic = full.page, edition.clinic
    parts = edition.pieces(page.body, sources=full.sources)
    facts = [*glance.facts(page, full.treatments, clinic), *more]
    names = _signed(full, parts, facts)
    context: dict[str, Any] = {
        "page": page,
        **_matrix(full),
        "treatments": full.treatments,
        "tiles": full.tiles,
        "sources": full.sources,
        "facts": facts,
        "faqs": [(faq.question, markdown.render(faq.answer)) for faq in full.faqs],
        "signed": names,
        "signed_by_others": names.others(page),
        "section": section,
        "clinic": clinic,
        **laid_out(page, parts, questions=bool(full.faqs)),
    }
    head = frame(
        clinic,
        page.get_absolute_url(),
        page.title,
        page.summary,
        page=page,
        above=_above(page),
        about=_about(full),
        sources=full.sources,
        unsigned=not names.everything,
    )
    return render(request, template, context | head)


def _matrix(full: public.FullPage) -> dict[str, Any]:
    return {"blocks": full.blocks, "board": full.board, "answers": _answers(full)}


def _answers(full: public.FullPage) -> list[Block]:
    """What a concern's page says in short, before its facts: what may help. Nothing where somebody else comes first."""
    if full.page.kind != Page.Kind.CONCERN or any(cell.concern.comes_first for cell in full.cells):
        return []
    return [block for block in full.blocks if any(group.score > 1 for group in block.may_help)]


def _signed(full: public.FullPage, parts: Sequence[public.Piece], facts: Sequence[Fact]) -> signatures.Signed:
    """Whose names stand under what the page prints beside its own words."""
    slots = (part.content for part in parts if part.kind == "slot")
    return signatures.under(
        signatures.printed(full.page, slots, full.cells, full.treatments),
        prices=any(fact.is_price for fact in facts),
    )


def _above(page: Page) -> dict[str, str]:
    """The list that the page stands in, by its path."""
    lists = {
        Page.Kind.CONCERN: ("concerns", "Skin concerns"),
        Page.Kind.TREATMENT: ("treatments", "Treatments"),
        Page.Kind.ARTICLE: ("articles", "Articles"),
    }
    found = lists.get(Page.Kind(page.kind))
    return {reverse(f"content:{found[0]}"): found[1]} if found else {}


def _about(full: public.FullPage) -> list[structured_data.Node]:
    """What the page is about, by its rows of the matrix; a concern without rows goes by its page's name."""
    if full.page.kind == Page.Kind.CONCERN:
        return structured_data.conditions([block.name for block in full.blocks] or [full.page.menu_title])
    return structured_data.procedures(full.treatments)
