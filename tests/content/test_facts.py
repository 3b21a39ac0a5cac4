"""No fact of the clinic's notes may get lost while pages are made shorter: each is still said where readers look for it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.files import load
from content.search.medicines import PRESCRIPTION_ONLY

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


def shown_first(path: Path) -> str:
    """What search engines, cards and the strip of facts show of a page; of the home page and the costs, all of it."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    page = yaml.safe_load(front)
    short = [page.get(name) or "" for name in ("title", "menu_title", "tell", "summary", "caption")]
    facts = [words for pair in page.get("at_a_glance") or () for words in pair]
    return " ".join([*short, *facts, body if page["slug"] in ("home", "costs") else ""])


def test_no_medicine_on_prescription_is_named_where_something_is_offered() -> None:
    """Rule 88: neither in a title, a summary, a card or a strip, nor on the home page, nor where prices stand."""
    texts = {path.stem: shown_first(path) for path in sorted((load.SHIPPED / "pages").glob("*.md"))}
    texts["plans.yaml"] = (load.SHIPPED / "plans.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load((load.SHIPPED / "treatments.yaml").read_text(encoding="utf-8"))
    texts["priced treatments"] = " ".join(
        f"{row['name']} {row['short']}" for row in rows if row["offered"] or row["price_from"]
    )
    assert len(texts) > 30 and "Subcision" not in texts["priced treatments"]
    named = {
        name: PRESCRIPTION_ONLY & set(re.findall("[a-z]+", text.lower())) for name, text in texts.items()
    }
    assert not {name: words for name, words in named.items() if words}
