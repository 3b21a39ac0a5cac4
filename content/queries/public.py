"""What the public pages read, in few statements. Each function says how many it needs, whatever the data's size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from clinic.foundation.prepared import Prepared
from content.matrix import boards, citations, comparison, fits
from content.matrix import side_by_side as side_by_side_of
from content.models import (
    FAQ,
    Cited,
    Concern,
    ExamplePlan,
    ExamplePlanLine,
    Page,
    Person,
    Picture,
    Source,
    Suitability,
    Treatment,
)
from content.text import markdown


@dataclass(frozen=True)
class FullPage:
    """A page with everything that it prints. `sources` stand in the order of their numbers."""

    page: Page
    blocks: list[fits.Block]
    board: boards.Board | None
    cells: list[Suitability]
    treatments: list[Treatment]
    faqs: list[FAQ]
    tiles: list[Page]
    sources: list[Cited]


# A page ends with these; all others have their home on /faqs/.
QUESTIONS_SHOWN = 4
_LINES = Prefetch("lines", ExamplePlanLine.objects.select_related("treatment"))


@dataclass(frozen=True)
class Group:
    """A heading of /faqs/ with its questions."""

    code: str
    heading: str
    faqs: list[FAQ]


def page_with_everything(kind: str, slug: str) -> FullPage | None:
    """The published page, or None. Two to seven statements: a page without rows of the matrix needs fewer."""
    page = next(_PAGE.models((str(kind), slug)), None)
    return _filled(page) if page else None


def only_page(kind: Page.Kind) -> FullPage | None:
    """The published page of a kind that has one address (home, hub): the first by order, or None."""
    page = _pages().filter(kind=kind).first()
    return _filled(page) if page else None


@dataclass(frozen=True)
class Piece:
    """A part of a text as it prints (see `markdown.Part`). `picture` is None where its name names no row."""

    kind: str
    content: str
    picture: Picture | None = None
    people: markdown.People = markdown.People()


def pieces(text: str, *, steps: bool = False, sources: Sequence[Cited] = ()) -> list[Piece]:
    """The text in the order in which it prints, its notes with the numbers that these sources have (see `markdown.parts`).

    One statement if it shows pictures, else none.
    """
    names = markdown.pictures(text)
    found = {row.name: row for row in Picture.objects.filter(name__in=names)} if names else {}
    return [
        Piece(
            part.kind, part.content, found.get(part.content) if part.kind == "picture" else None, part.people
        )
        for part in markdown.parts(text, steps=steps, sources=citations.codes(sources))
    ]


def tiles() -> list[Page]:
    """The published concern pages, in their order. One statement."""
    return list(Page.objects.published().filter(kind=Page.Kind.CONCERN).defer("body", "at_a_glance"))


@dataclass(frozen=True)
class Front:
    """What the front door leads to, each in its order. `treatments` are pages of what is done here, `duties` are for its
    foot.
    """

    concerns: list[Page]
    treatments: list[Page]
    articles: list[Page]
    duties: list[Page]


def front() -> Front:
    """The pages that the front door shows. One statement."""
    done_here = Exists(Treatment.objects.offered().filter(pages=OuterRef("pk")))
    always = (Page.Kind.CONCERN, Page.Kind.ARTICLE, Page.Kind.DUTY)
    of_kind = Q(kind__in=always) | Q(done_here, kind=Page.Kind.TREATMENT)
    found = list(Page.objects.published().filter(of_kind).defer("body", "at_a_glance"))
    concerns, treatments, articles, duties = (
        [page for page in found if page.kind == kind]
        for kind in (Page.Kind.CONCERN, Page.Kind.TREATMENT, Page.Kind.ARTICLE, Page.Kind.DUTY)
    )
    return Front(concerns, treatments, articles, duties)


def people() -> list[Person]:
    """Everybody whom the public sees. One statement."""
    return list(Person.objects.select_related("portrait"))


def questions() -> list[Group]:
    """Every question, under its heading, each with the published pages that show it. Two statements."""
    pages = Page.objects.published().order_by("kind", "order", "menu_title")
    shown = Prefetch("pages", pages.only("kind", "slug", "menu_title", "title", "order"))
    asked: dict[str, list[FAQ]] = {group: [] for group in FAQ.Group.values}
    for faq in FAQ.objects.prefetch_related(shown):
        asked[faq.group].append(faq)
    return [Group(group.value, group.label, asked[group]) for group in FAQ.Group if asked[group]]


def concerns_to_choose() -> list[comparison.Choice]:
    """Every concern with the drawing of its page, in their order. One statement."""
    page = Page.objects.published().filter(kind=Page.Kind.CONCERN, concerns=OuterRef("pk")).order_by("order")
    rows = Concern.objects.annotate(page_drawing=Subquery(page.values("drawing")[:1]))
    return [comparison.Choice(row, row.page_drawing or "") for row in rows]


def compared(concern: Concern | None, currency: str) -> comparison.Comparison:
    """The treatments that the clinic gives, for one concern or for all. Four statements."""
    treatments = list(Treatment.objects.published().select_related("reviewed_by"))
    urls = urls_of_treatments()
    if concern:
        cells = list(_cells().filter(concern=concern))
        return comparison.for_concern(treatments, cells, urls, currency)
    helped = list(Suitability.objects.suggested().select_related("concern", "treatment", "reviewed_by"))
    return comparison.overall(treatments, helped, urls, currency)


def side_by_side(asked: Sequence[str], concern: Concern | None, currency: str) -> side_by_side_of.SideBySide:
    """The treatments that are asked for by number, in the usual order, and how they fit the concern. Six statements."""
    everything = compared(None, currency).sorted(comparison.USUAL)
    cells = _cells().filter(concern=concern) if concern else everything.cells
    return side_by_side_of.chosen(everything.lines, asked, concern, list(cells))


def prices() -> tuple[list[Treatment], dict[int, str]]:
    """The treatments that the clinic gives, and where each is explained: its first published page. One statement."""
    pages = Page.objects.published().filter(kind=Page.Kind.TREATMENT, treatments=OuterRef("pk"))
    first = Subquery(pages.order_by("order", "pk").values("slug")[:1])
    slugs = {row: vars(row)["page_slug"] for row in Treatment.objects.offered().annotate(page_slug=first)}
    urls = {row.pk: Page.address_of(Page.Kind.TREATMENT, slug) for row, slug in slugs.items() if slug}
    return list(slugs), urls


def example_plans() -> list[ExamplePlan]:
    """Every published example plan with its lines and their treatments. Two statements."""
    return list(ExamplePlan.objects.published().prefetch_related(_LINES))


def team() -> list[Person]:
    """Everybody whom the public sees. Two statements.

    Each with `shown_pages`, which they checked and readers can open, and `about_health`: how many of these are.
    """
    checked = (
        Page.objects.published().only("kind", "slug", "menu_title", "checked_by_id").order_by("menu_title")
    )
    rows = Person.objects.select_related("portrait")
    found: list[Person] = list(
        rows.prefetch_related(Prefetch("checked_pages", checked, to_attr="shown_pages"))
    )
    for person in found:
        vars(person)["about_health"] = sum(page.is_about_health for page in vars(person)["shown_pages"])
    return found


def articles() -> list[Page]:
    """The published articles, in their order. One statement."""
    return list(Page.objects.published().filter(kind=Page.Kind.ARTICLE).defer("body", "at_a_glance"))


def addresses() -> list[Page]:
    """Every published page, with what an index of addresses says of it. One statement."""
    return list(Page.objects.published().only("kind", "slug", "updated_at").order_by("kind", "order", "slug"))


def _pages() -> QuerySet[Page]:
    return Page.objects.published().select_related("checked_by__portrait")


def _cells() -> QuerySet[Suitability]:
    """Cells of the matrix with all that a page says of them. Two statements."""
    return (
        Suitability.objects.published()
        .select_related("concern", "treatment", "reviewed_by")
        .prefetch_related("sources")
    )


def _filled(page: Page) -> FullPage:
    blocks: list[fits.Block] = []
    board: boards.Board | None = None
    cells: list[Suitability] = []
    treatments: list[Treatment] = []
    shown: list[Page] = []
    if page.kind == Page.Kind.CONCERN:
        cells = _cells_of(page)
        urls = urls_of_treatments()
        blocks, board = fits.by_concern(cells, urls), boards.of_concerns(cells, urls)
        shown = _neighbours(page)
    elif page.kind == Page.Kind.TREATMENT:
        treatments = list(_TREATMENTS.models((page.pk,)))
        cells = _cells_of(page)
        urls = _urls_of_concerns()
        blocks, board = fits.by_treatment(cells, urls), boards.of_treatments(cells, urls)
    elif page.kind == Page.Kind.HUB:
        shown = tiles()
    questions = [] if page.kind == Page.Kind.HOME else _nearest_questions(page)  # the front door prints none
    rows = citations.printed(blocks, board, page.body)
    sources = citations.numbered(page.body, _known_sources(page), rows)
    return FullPage(page, blocks, board, cells, treatments, questions, shown, sources)


def _cells_of(page: Page) -> list[Suitability]:
    """The cells that a concern's or a treatment's page prints, their sources at hand. Two statements."""
    kind = Page.Kind(page.kind)
    cells: list[Suitability] = list(_CELLS.models((page.pk,), kind))
    found: dict[int, list[Cited]] = {cell.pk: [] for cell in cells}
    for cell, *words in _SOURCES_OF_CELLS.rows((page.pk,), kind) if cells else ():
        if cell in found:
            found[cell].append(Cited(*words))
    for cell in cells:
        cell.cited = tuple(found[cell.pk])
    return cells


def _nearest_questions(page: Page) -> list[FAQ]:
    """Of the page's questions the few that are shown on the fewest other pages, in their order. One statement."""
    return sorted(_QUESTIONS.models((page.pk,)), key=lambda faq: (faq.order, faq.question))


def _known_sources(page: Page) -> list[Cited]:
    """What the notes of the text name and what the page leans on as a whole, in order of their codes. One statement."""
    named = markdown.cited(page.body)
    rows = _SOURCES.rows((page.pk,))
    return [Cited(code, *words) for of_page, code, *words in rows if of_page or code in named]


def _neighbours(page: Page, count: int = 4) -> list[Page]:
    """The concern pages nearest to this one in their order."""
    shelf = tiles()
    places = {tile.pk: place for place, tile in enumerate(shelf)}
    others = [tile for tile in shelf if tile.pk != page.pk]
    nearest = sorted(others, key=lambda tile: abs(places[tile.pk] - places[page.pk]))[:count]
    return [tile for tile in shelf if tile in nearest]


def urls_of_treatments() -> dict[int, str]:
    """Where each treatment is explained: its first published page. One statement."""
    return _first_pages(Page.Kind.TREATMENT)


def _urls_of_concerns() -> dict[int, str]:
    """Where each concern is explained: its first published page. One statement."""
    return _first_pages(Page.Kind.CONCERN)


def _first_pages(kind: Page.Kind) -> dict[int, str]:
    """The address of the first published page of the kind for each row, by the row's id."""
    # The first comes last, and so it stays.
    return {row: Page.address_of(kind, slug) for row, slug in _FIRST.rows((), kind)}


# Every page of a kind asks the same, so each is put together once (docs/decisions/prepared.md).


def _page(given: tuple[str, str], _: None) -> QuerySet[Page]:
    kind, slug = given
    return _pages().filter(kind=kind, slug=slug)[:1]


def _treatments(given: tuple[int], _: None) -> QuerySet[Treatment]:
    return Treatment.objects.published().filter(pages=given[0]).select_related("reviewed_by")


def _cells_on(given: tuple[int], kind: Page.Kind) -> QuerySet[Suitability]:
    return _cells().prefetch_related(None).filter(**{f"{kind.value}__pages": given[0]})


def _sources_of_cells(given: tuple[int], kind: Page.Kind) -> QuerySet[Any]:
    links = Suitability.sources.through.objects.filter(**{f"suitability__{kind.value}__pages": given[0]})
    columns = ("suitability_id", "source__code", "source__title", "source__url")
    return links.order_by("source__code").values_list(*columns)


def _questions(given: tuple[int], _: None) -> QuerySet[FAQ]:
    counted = FAQ.objects.annotate(shown_on=Count("pages", distinct=True))
    return counted.filter(pages=given[0]).order_by("shown_on", "order", "question")[:QUESTIONS_SHOWN]


def _sources(given: tuple[int], _: None) -> QuerySet[Any, Any]:
    links = Page.sources.through.objects.filter(page=given[0], source=OuterRef("pk"))
    return Source.objects.annotate(of_page=Exists(links)).values_list("of_page", "code", "title", "url")


def _first(_: tuple[()], kind: Page.Kind) -> QuerySet[Any, Any]:
    through = Page.treatments.through if kind == Page.Kind.TREATMENT else Page.concerns.through
    links = through._default_manager.filter(page__is_published=True, page__kind=kind)
    return links.order_by("-page__order", "-page_id").values_list(f"{kind.value}_id", "page__slug")


_PAGE, _TREATMENTS, _CELLS = Prepared(_page), Prepared(_treatments), Prepared(_cells_on)
_SOURCES_OF_CELLS, _QUESTIONS = Prepared(_sources_of_cells), Prepared(_questions)
_SOURCES, _FIRST = Prepared(_sources), Prepared(_first)
