"""No fact of the clinic's notes may get lost while pages are made shorter: each is still said where readers look for it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.files import load
from content.matrix import order

FACTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8")
)


@cache
def said(page: str) -> str:
    """What a page, or all answers, say: on one line, in small letters, without Markdown."""
    path = load.SHIPPED / ("faqs.yaml" if page == "faqs" else f"pages/{page}.md")
    text = re.sub(r"\[\^[^\]]*\]", "", path.read_text(encoding="utf-8"))  # notes
    text = re.sub(r"\]\([^)\s]*\)|[\[*`]", "", text)  # links keep their words
    return " ".join(text.lower().split())


@pytest.mark.parametrize("page", sorted({fact["page"] for fact in FACTS}))
def test_a_page_says_the_facts_that_belong_on_it(page: str) -> None:
    lost = [
        (fact["fact"], fact["words"])
        for fact in FACTS
        if fact["page"] == page and fact["words"].lower() not in said(page)
    ]
    assert not lost


@pytest.mark.parametrize("concern", ["rolling", "ice-pick", "hypertrophic", "keloid"])
def test_what_stands_first_and_is_not_done_here_is_named_where_the_page_says_what_to_ask_about(
    concern: str,
) -> None:
    """By the rule that ranks: order.is_named."""
    rows = load.SHIPPED / "treatments.yaml"
    away = {
        one["code"]: one["name"].lower() for one in yaml.safe_load(rows.read_text()) if not one["offered"]
    }
    with (load.SHIPPED / "suitability.csv").open(encoding="utf-8", newline="") as matrix:
        cells = [row for row in csv.DictReader(matrix) if row["concern"] == concern]
    named = [
        away[row["treatment"]]
        for row in cells
        if row["treatment"] in away and order.is_named(int(row["score"]), offered=False)
    ]
    assert named
    page = said({"hypertrophic": "raised-scars", "keloid": "raised-scars"}.get(concern, concern))
    asked = re.findall(r'- \["ask about first[^"]*", "([^"]*)"\]', page.replace("- ", "- ["))
    assert asked and all(name in line and "not done here" in line for line in asked for name in named)
