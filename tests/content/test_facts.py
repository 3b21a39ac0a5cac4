"""No fact of the clinic's notes may get lost while pages are made shorter: each is still said where readers look for it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.files import load

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
