"""How a page is laid out: what it opens with, and what waits under its heading. No database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from content.models import Page
from content.queries.public import Piece
from content.text import markdown
from content.views.layout import laid_out, spread


def told(kind: str, text: str) -> str:
    """What the page prints, each slot as its name in braces."""
    pieces = [Piece(part.kind, part.content) for part in markdown.parts(text)]
    laid = laid_out(Page(kind=kind, slug="x"), pieces, questions=False)
    return printed(laid["parts"])


def printed(parts: Sequence[Piece]) -> str:
    return "".join(part.content if part.kind == "html" else f"{{{part.content}}}" for part in parts)


def folded(printed: str) -> list[str]:
    assert printed.count("<details") == printed.count("</details>")
    return [piece.partition("</h2>")[0] for piece in printed.split("<summary><h2>")[1:]]


LONG = "word " * 400


def test_a_short_page_folds_nothing_and_a_long_one_its_longest_section() -> None:
    text = "## One\n\nA.\n\n## Two\n\nB.\n\n{{ matrix }}\n\n## Three\n\nC."
    assert folded(told("article", text)) == []
    assert folded(told("article", text.replace("B.", LONG).replace("C.", LONG * 2))) == ["Three"]


def test_a_section_folds_with_the_slots_in_it() -> None:
    printed = told("duty", f"A.\n\n## Two\n\n{LONG}\n\n{{{{ recovery }}}}\n\n{LONG}\n\n## Three\n\nC.")
    fold = printed.partition("<details")[2].partition("</details>")[0]
    assert "{recovery}" in fold and "Three" not in fold


def test_risks_and_when_to_get_help_never_fold() -> None:
    headings = ("Risks", "When we would wait", "Urgent help", "Who it fits", "What to do next")
    assert folded(told("treatment", "".join(f"## {one}\n\n{LONG}\n\n" for one in headings))) == []


def test_neither_does_a_section_that_says_whom_to_call_whatever_it_is_called() -> None:
    for words in ("Take no more capsules.", "Call **111**.", "Pregnant? Do not use it."):
        assert folded(told("treatment", f"## Alternatives\n\n{words}\n\n## Three\n\n{LONG * 2}")) == ["Three"]


# Not taken from the rule: what a reader of these pages must never have to open something for.
ALARMS = re.compile(
    r"take no more|call that doctor today|call 999|call 111|pregnant or trying\?", re.IGNORECASE
)


@pytest.mark.parametrize("path", sorted(Path("content/demo/pages").glob("*.md")), ids=lambda path: path.stem)
def test_no_alarm_of_the_shipped_pages_is_folded(path: Path) -> None:
    front, _, text = path.read_text().removeprefix("---\n").partition("\n---\n")
    kind = yaml.safe_load(front)["kind"]
    printed = told(kind, text)
    for fold in re.findall(r"<details.*?</details>", printed, re.DOTALL):
        assert not ALARMS.search(re.sub(r"<[^>]*>", "", fold))
    if path.stem == "active-acne":
        assert "take no more capsules" in printed and folded(printed)


def test_what_a_treatment_can_do_without_always_waits() -> None:
    text = "## Risks\n\nA.\n\n## What the studies found\n\nB.\n\n## Questions to ask us\n\nC."
    assert folded(told("treatment", text)) == ["What the studies found", "Questions to ask us"]


def test_every_shipped_treatment_says_its_risks_before_the_long_list_of_what_it_fits() -> None:
    for path in Path("content/demo/pages").glob("*.md"):
        risks, fits, _ = path.read_text().partition("\n## Who it fits\n")
        assert not fits or "\n## When we would not" in risks.partition("\n## Risks\n")[2], path.stem


def test_how_long_a_treatment_heals_and_what_it_costs_never_wait() -> None:
    text = f"## Recovery\n\n{LONG}\n\n{{{{ recovery }}}}\n\n## What it may cost\n\n{LONG}\n\n## Two\n\nB."
    assert folded(told("treatment", text)) == ["Two"]


def test_a_page_opens_with_its_first_paragraph() -> None:
    pieces = [Piece("html", markdown.render("## What it looks and feels like\n\nSmall.\n\nMore."))]
    laid = laid_out(Page(kind="concern"), pieces, questions=True)
    assert laid["opening"] == ("what-it-looks-and-feels-like", "Small.")
    assert [part.content for part in laid["parts"]] == ["<p>More.</p>"] and laid["contents"] == []


def placed(printed: str) -> list[tuple[str, str]]:
    """The class beside "sec text" of each section, and its heading."""
    return re.findall(r'<section class="sec text ?(\w*)"><h2[^>]*>([^<]*)', printed)


def test_around_rows_short_sections_stand_in_pairs_on_a_wide_screen_and_a_text_is_one_column() -> None:
    text = "## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n\n## D\n\n{{ matrix }}\n\n## E\n\ne"
    pieces = [Piece(part.kind, part.content) for part in markdown.parts(text)]
    assert placed(printed(spread(pieces))) == [
        *(("", "A"), ("", "B"), ("alone", "C"), ("wide", "D"), ("alone", "E"))
    ]
    assert {place for place, _ in placed(told("duty", text))} == {""}, "a text is one column"


def test_a_page_without_a_text_is_a_page() -> None:
    """As one is until its editor has written it, and every kind may be published so with a reason."""
    for kind in Page.Kind:
        assert list(laid_out(Page(kind=kind), [], questions=False)["parts"]) == []
