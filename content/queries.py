"""What the public pages read, in few statements. Each function says how many it needs, whatever the data's size."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from content import markdown, matrix
from content.models import FAQ, Page, Person, Picture, Suitability, Treatment


@dataclass(frozen=True)
class FullPage:
    """A page with everything that it prints."""

    page: Page
    blocks: list[matrix.Block]
    treatments: list[Treatment]
    faqs: list[FAQ]
    tiles: list[Page]


@dataclass(frozen=True)
class Listed:
    """A treatment page in the index: what it may help, from the matrix."""

    page: Page
    treatments: list[Treatment]
    fits: tuple[matrix.Fit, ...]


@dataclass(frozen=True)
class Group:
    """A heading of /faqs/ with its questions."""

    code: str
    heading: str
    faqs: list[FAQ]


def page_with_everything(kind: str, slug: str) -> FullPage | None:
    """The published page, or None. Two to six statements: a page without rows of the matrix needs fewer."""
    page = _pages().filter(kind=kind, slug=slug).first()
    return _filled(page) if page else None


def only_page(kind: Page.Kind) -> FullPage | None:
    """The published page of a kind that has one address (home, hub): the first by order, or None."""
    page = _pages().filter(kind=kind).first()
    return _filled(page) if page else None


@dataclass(frozen=True)
class Piece:
    """A part of a text as it prints. `picture` is None for every other kind, and where its name names no row."""

    kind: str
    content: str
    picture: Picture | None = None


def pieces(text: str, *, steps: bool = False) -> list[Piece]:
    """The text in the order in which it prints (see `markdown.parts`). One statement if it shows pictures, else none."""
    names = markdown.pictures(text)
    found = {row.name: row for row in Picture.objects.filter(name__in=names)} if names else {}
    return [
        Piece(part.kind, part.content, found.get(part.content) if part.kind == "picture" else None)
        for part in markdown.parts(text, steps=steps)
    ]


def tiles() -> list[Page]:
    """The published concern pages, in their order. One statement."""
    return list(Page.objects.published().filter(kind=Page.Kind.CONCERN).defer("body", "at_a_glance"))


def people() -> list[Person]:
    """Everybody whom the public sees. One statement."""
    return list(Person.objects.all())


def questions() -> list[Group]:
    """Every question, under its heading, each with the published pages that show it. Two statements."""
    pages = Page.objects.published().order_by("kind", "order", "menu_title")
    shown = Prefetch("pages", pages.only("kind", "slug", "menu_title", "title", "order"))
    asked: dict[str, list[FAQ]] = {group: [] for group in FAQ.Group.values}
    for faq in FAQ.objects.prefetch_related(shown):
        asked[faq.group].append(faq)
    return [Group(group.value, group.label, asked[group]) for group in FAQ.Group if asked[group]]


def treatment_index() -> tuple[list[Listed], list[Treatment]]:
    """The pages of treatments that the clinic gives, and the treatments that it does not give. Four statements."""
    pages = (
        Page.objects.published()
        .filter(kind=Page.Kind.TREATMENT)
        .defer("body", "at_a_glance")
        .prefetch_related("treatments")
    )
    helped: dict[int, list[Suitability]] = {}
    for row in Suitability.objects.suggested().select_related("concern", "treatment"):
        helped.setdefault(row.treatment_id, []).append(row)
    listed = []
    for page in pages:
        treatments = [row for row in page.treatments.all() if row.offered]
        if treatments:
            listed.append(Listed(page, treatments, _best(treatments, helped)))
    return listed, list(Treatment.objects.filter(offered=False))


def _best(treatments: list[Treatment], helped: dict[int, list[Suitability]]) -> tuple[matrix.Fit, ...]:
    """What a page's treatments may help: each concern once, with the best score that any of them has for it."""
    best: dict[int, Suitability] = {}
    for treatment in treatments:
        for row in helped.get(treatment.pk, []):
            if row.concern_id not in best or row.score > best[row.concern_id].score:
                best[row.concern_id] = row
    return matrix.by_score(best.values())


def _pages() -> QuerySet[Page]:
    return Page.objects.published().select_related("checked_by").prefetch_related("sources")


def _filled(page: Page) -> FullPage:
    blocks: list[matrix.Block] = []
    treatments: list[Treatment] = []
    shown: list[Page] = []
    if page.kind == Page.Kind.CONCERN:
        rows = Suitability.objects.filter(concern__pages=page).select_related("concern", "treatment")
        blocks = matrix.by_concern(rows, _urls_of_treatments())
        shown = _neighbours(page)
    elif page.kind == Page.Kind.TREATMENT:
        treatments = list(page.treatments.all())
        rows = Suitability.objects.filter(treatment__pages=page).select_related("concern", "treatment")
        blocks = matrix.by_treatment(rows, _urls_of_concerns())
    elif page.kind == Page.Kind.HUB:
        shown = tiles()
    return FullPage(page, blocks, treatments, list(page.faqs.all()), shown)


def _neighbours(page: Page, count: int = 4) -> list[Page]:
    """The concern pages nearest to this one in their order."""
    shelf = tiles()
    places = {tile.pk: place for place, tile in enumerate(shelf)}
    others = [tile for tile in shelf if tile.pk != page.pk]
    nearest = sorted(others, key=lambda tile: abs(places[tile.pk] - places[page.pk]))[:count]
    return [tile for tile in shelf if tile in nearest]


def _urls_of_treatments() -> dict[int, str]:
    """Where each treatment is explained: its first published page. One statement."""
    links = Page.treatments.through.objects.filter(page__is_published=True, page__kind=Page.Kind.TREATMENT)
    return {
        link.treatment_id: link.page.get_absolute_url()
        for link in links.select_related("page")
        .only("treatment_id", "page__kind", "page__slug")
        .order_by("-page__order")
    }


def _urls_of_concerns() -> dict[int, str]:
    """Where each concern is explained: its first published page. One statement."""
    links = Page.concerns.through.objects.filter(page__is_published=True, page__kind=Page.Kind.CONCERN)
    return {
        link.concern_id: link.page.get_absolute_url()
        for link in links.select_related("page")
        .only("concern_id", "page__kind", "page__slug")
        .order_by("-page__order")
    }
