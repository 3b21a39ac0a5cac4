"""Where things are used: shown beside them, and looked up before one is renamed or deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Prefetch, QuerySet

from content.models import FAQ, ExamplePlan, FormerSlug, Page, Person, Source, Suitability, Treatment, Version
from content.text import markdown, outline


@dataclass(frozen=True)
class Use:
    """One way in which something is used, with the rows that use it so."""

    words: str  # "Its text links here"
    rows: tuple[models.Model, ...]


def of_page(page: Page) -> list[Use]:
    """What leads to the page. Links to an address that it once had count too. Four statements."""
    former = list(page.former_slugs.all())
    targets = {page.get_absolute_url(), *(_address(row) for row in former)}
    others = Page.objects.exclude(pk=page.pk).only(
        "kind", "slug", "title", "menu_title", "body", "is_published"
    )
    questions = FAQ.objects.prefetch_related(Prefetch("pages", Page.objects.only("pk")))
    faqs = list(questions)
    return _used(
        ("Pages that link to it", [row for row in others if _leads(row.body, targets)]),
        ("Questions that link to it", [row for row in faqs if _leads(row.answer, targets)]),
        ("Questions that it shows", [row for row in faqs if page in row.pages.all()]),
        ("Former addresses that lead to it", former),
    )


def of_treatment(treatment: Treatment) -> list[Use]:
    """What shows the treatment, or names its price. Three statements."""
    cells = Suitability.objects.filter(treatment=treatment).select_related("concern", "treatment")
    return _used(
        ("Pages about it", treatment.pages.all()),
        ("Its cells of the matrix", cells),
        ("Example plans with it", ExamplePlan.objects.filter(lines__treatment=treatment).distinct()),
    )


def of_cell(cell: Suitability) -> list[Use]:
    """The pages that print the cell. Two statements."""
    return _used(
        ("Pages about the concern", cell.concern.pages.all()),
        ("Pages about the treatment", cell.treatment.pages.all()),
    )


def of_plan(plan: ExamplePlan) -> list[Use]:
    """The treatments from whose prices the plan is worked out. One statement."""
    return _used(("Treatments in it", Treatment.objects.filter(example_lines__plan=plan).distinct()))


def of_source(source: Source) -> list[Use]:
    """What rests on the source: of pages what readers have, and drafts. Five statements."""
    noted = Page.objects.filter(body__contains=source.code)
    drafts = [draft.document for draft in _drafts_of_pages() if source.code in markdown.cited(_body(draft))]
    cells = Suitability.objects.filter(sources=source).select_related("concern", "treatment")
    return _used(
        ("Pages that name it", Page.objects.filter(sources=source)),
        ("Pages with a note on it", [page for page in noted if source.code in markdown.cited(page.body)]),
        ("Drafts with a note on it", drafts),
        ("Treatments that rest on it", Treatment.objects.filter(sources=source)),
        ("Cells of the matrix that rest on it", cells),
    )


def of_person(person: Person) -> list[Use]:
    """What the person has checked. Three statements."""
    cells = Suitability.objects.filter(reviewed_by=person).select_related("concern", "treatment")
    return _used(
        ("Pages that they checked", Page.objects.filter(checked_by=person)),
        ("Treatments whose facts they reviewed", Treatment.objects.filter(reviewed_by=person)),
        ("Cells of the matrix that they reviewed", cells),
    )


def of_picture(name: str) -> list[Use]:
    """What shows the picture of that name: pages, for readers or in a draft, and people. Three statements."""
    pages = Page.objects.filter(body__contains=name)
    drafts = [draft.document for draft in _drafts_of_pages() if name in markdown.pictures(_body(draft))]
    return _used(
        ("Pages that show it", [page for page in pages if name in markdown.pictures(page.body)]),
        ("Drafts that show it", drafts),
        ("People whose portrait it is", Person.objects.filter(portrait__name=name)),
    )


def _drafts_of_pages() -> QuerySet[Version]:
    return Version.objects.drafts().filter(page__isnull=False).select_related("page")


def _body(draft: Version) -> str:
    return str(draft.data.get("body", ""))


def _used(*found: tuple[str, Iterable[models.Model] | QuerySet[models.Model]]) -> list[Use]:
    return [Use(words, rows) for words, each in found if (rows := tuple(each))]


def _leads(text: str, targets: set[str]) -> bool:
    # Looking for the letters first spares reading the Markdown of most texts.
    return any(target in text for target in targets) and any(
        link.target.partition("#")[0].partition("?")[0] in targets
        for link in outline.links(text)
        if link.kind == "link"
    )


def _address(row: FormerSlug) -> str:
    return Page(kind=row.kind, slug=row.slug).get_absolute_url()
