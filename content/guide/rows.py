"""The matrix as the guide's rules read it: values without a database behind them, and without a price."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from content import models
from content.guide.answers import Answers
from content.guide.values import Cell, Concern, Treatment
from content.models import Page, Suitability
from content.pictures import drawings
from content.queries.public import urls_of_treatments


def concerns() -> list[tuple[Concern, str]]:
    """Every concern with the few words by which people recognise it, in the editors' order. Two statements."""
    pages = _pages()
    fits = Suitability.objects.published().filter(concern=OuterRef("pk"), score__gt=0, specialist_only=False)
    rows = models.Concern.objects.annotate(treatable=Exists(fits))
    return [(_concern(row, pages, treatable=row.treatable), row.tell) for row in rows]


def matrix(answers: Answers) -> list[Suitability]:
    """The part of the matrix that can matter to these answers. Two statements."""
    return list(
        Suitability.objects.published()
        .filter(Q(concern__code__in=answers.concerns) | Q(concern__comes_first=True))
        .select_related("concern", "treatment")
        .prefetch_related("sources")
        .order_by("treatment__order", "treatment_id", "concern_id")
    )


def cells(rows: Iterable[Suitability], known: Iterable[tuple[Concern, str]] | None = None) -> list[Cell]:
    """The same as the rules read it. `rows`: what `matrix` gave; `known`: what `concerns` gave.

    One statement, and another one or two to read the concerns again if they are not given.
    """
    rows = list(rows)
    places = {pk: place for place, pk in enumerate(dict.fromkeys(row.treatment_id for row in rows))}
    urls = urls_of_treatments()
    by_code = {concern.code: concern for concern, _ in (concerns() if known is None else known)}
    return [
        Cell(
            concern=by_code[row.concern.code],
            treatment=_treatment(row, urls.get(row.treatment_id, ""), places[row.treatment_id]),
            score=row.score,
            reason=row.reason,
            specialist_only=row.specialist_only,
            waits_in_pregnancy=row.waits_in_pregnancy,
            signed=None not in (row.reviewed_by_id, row.treatment.reviewed_by_id),
            sources=row.cited,
        )
        for row in rows
    ]


def _concern(row: models.Concern, pages: dict[int, Page], *, treatable: bool) -> Concern:
    page = pages.get(row.pk)
    return Concern(
        code=row.code,
        name=row.name,
        url=page.get_absolute_url() if page else "",
        drawing=drawings.of_concern(row.code, page.drawing if page else ""),
        comes_first=row.comes_first,
        needs_clinician_first=row.needs_clinician_first,
        treatable=treatable,
    )


def _treatment(cell: Suitability, url: str, place: int) -> Treatment:
    row = cell.treatment
    return Treatment(
        code=row.code,
        name=row.name,
        url=url,
        offered=row.offered,
        unready=cell.unready,
        at_home=row.at_home,
        allowed_with_keloids=row.allowed_with_keloids,
        waits_after_isotretinoin=row.waits_after_isotretinoin,
        needs_test_spot=row.needs_test_spot,
        cuts=row.cuts,
        face_only=row.face_only,
        adds_to=row.adds_to,
        hold_in_pregnancy=tuple(row.hold_in_pregnancy.split()),
        pigment_risk=row.pigment_rank,
        downtime_days=row.downtime_days,
        invasiveness=row.invasiveness,
        place=place,
        short=row.short,
        how=row.how,
        evidence=row.evidence_words,
        sessions=row.sessions,
        downtime=row.downtime,
        main_risk=row.main_risk,
    )


def _pages() -> dict[int, Page]:
    """The first published page of each concern, by the concern's id. One statement."""
    links = Page.concerns.through.objects.filter(page__is_published=True, page__kind=Page.Kind.CONCERN)
    return {
        link.concern_id: link.page
        for link in links.select_related("page")
        .only("concern_id", "page__kind", "page__slug", "page__drawing")
        .order_by("-page__order")
    }
