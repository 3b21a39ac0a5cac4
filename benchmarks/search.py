"""The search: every question that its tests ask, as a page; and its index, beside what an ORM can do alone.

The scan finds no typing error, no synonym and no ending, and puts nothing in order; it is here as the price of doing less.
"""

from __future__ import annotations

from statistics import median
from urllib.parse import quote_plus

import yaml
from django.db.models import Q

from benchmarks.in_process import median_of
from benchmarks.load import Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from benchmarks.server import ROOT
from content.models import FAQ, Page
from content.search import cached_index
from tests import world

QUESTIONS = ROOT / "tests" / "content" / "search_questions.yaml"


def measure(place: Place) -> list[Row]:
    """What a reader waits for, one reader at a time; processor time; then the index by itself."""
    queries = [question["ask"] for question in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    asked = [get(f"/search/?q={quote_plus(query)}") for query in queries]
    found = place.measure(place.floor("page"), Target("search", place.site(), asked), connections=1)
    search, page = found["search"], found["page"]
    with world.connected_to(place.site().database):
        index = _index(queries, place.rounds)
    return [
        ratio(
            "search, all questions in turn: median wait against page",
            [median(waits) for waits in search.waits],
            [median(waits) for waits in page.waits],
            Goal(at_most=1, aim=0.5),
        ),
        ratio("search: CPU against page", search.processor, page.processor),
        row("search: CPU an answer", search.processor, "ms"),
        *index,
    ]


def _index(queries: list[str], rounds: int) -> list[Row]:
    """Build, stamp, find; and how many times faster a search is than a scan of the tables."""
    index = cached_index.make()
    build = median_of(cached_index.make, times=rounds)
    stamp = median_of(cached_index.index, times=2 * rounds)
    find = median_of(lambda: [index.find(query) for query in queries], times=rounds) / len(queries)
    scan = median_of(lambda: [_scan(query) for query in queries], times=rounds) / len(queries)
    return [
        row(f"search index of {len(index.entries)} pages and questions: build", [build], "ms"),
        row("search index: see that nothing has changed", [stamp], "ms"),
        row(f"search index: find, the mean of {len(queries)} questions", [find], "ms"),
        row("the same with icontains in the database", [scan], "ms"),
        row("a search with its look for changes: times faster than that", [scan / (find + stamp)], "x"),
    ]


def _scan(query: str) -> list[object]:
    pages, questions = Q(), Q()
    for word in query.split():
        pages |= Q(title__icontains=word) | Q(summary__icontains=word) | Q(body__icontains=word)
        questions |= Q(question__icontains=word) | Q(answer__icontains=word)
    return [*Page.objects.published().filter(pages), *FAQ.objects.filter(questions)]
