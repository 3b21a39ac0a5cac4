"""The search on the shipped content, beside what an ORM can do alone: pages whose texts contain the words.

The scan finds no typing error, no synonym and no ending, and puts nothing in order; it is here as the price of doing less.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from django.db.models import Q

from benchmarks.row import Row, milliseconds
from content.files import load
from content.models import FAQ, Page
from content.search import cached_index, rows

QUESTIONS = Path(__file__).parent.parent / "tests" / "content" / "search_questions.yaml"


def measure() -> list[Row]:
    """Build, stamp, find; and how many times faster a search is than a scan of the tables."""
    load.load()
    queries = [question["ask"] for question in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    index = cached_index.make()
    build = milliseconds(cached_index.make, times=5)
    stamp = milliseconds(rows.stamp, times=20)
    find = milliseconds(lambda: [index.find(query) for query in queries], times=5) / len(queries)
    scan = milliseconds(lambda: [_scan(query) for query in queries], times=5) / len(queries)
    return [
        Row(f"build an index of {len(index.entries)} pages and questions", build, "ms"),
        Row("see that nothing has changed (one statement)", stamp, "ms"),
        Row(f"find, the mean of {len(queries)} questions", find, "ms"),
        Row("the same with icontains in the database", scan, "ms"),
        Row("a search with its stamp, times faster than that scan", scan / (find + stamp), "x"),
    ]


def _scan(query: str) -> list[object]:
    pages, questions = Q(), Q()
    for word in query.split():
        pages |= Q(title__icontains=word) | Q(summary__icontains=word) | Q(body__icontains=word)
        questions |= Q(question__icontains=word) | Q(answer__icontains=word)
    return [*Page.objects.published().filter(pages), *FAQ.objects.filter(questions)]
