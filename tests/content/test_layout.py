"""How a page is laid out: what it opens with, and what waits under its heading. No database."""

from __future__ import annotations

from content.models import Page
from content.queries.public import Piece
from content.text import markdown
from content.views.layout import laid_out


def told(kind: str, text: str) -> str:
    """What the page prints, each slot as its name in braces."""
    pieces = [Piece(part.kind, part.content) for part in markdown.parts(text)]
    laid = laid_out(Page(kind=kind, slug="x"), pieces, questions=False)
    assert laid["opening"] is None or kind == "concern"
    return "".join(part.content if part.kind == "html" else f"{{{part.content}}}" for part in laid["parts"])


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


def test_what_a_treatment_can_do_without_always_waits() -> None:
    assert folded(told("treatment", "## Risks\n\nA.\n\n## Questions to ask us\n\nB.")) == [
        "Questions to ask us"
    ]


def test_a_page_opens_with_its_first_paragraph() -> None:
    pieces = [Piece("html", markdown.render("## What it looks and feels like\n\nSmall.\n\nMore."))]
    laid = laid_out(Page(kind="concern"), pieces, questions=True)
    assert laid["opening"] == ("what-it-looks-and-feels-like", "Small.")
    assert [part.content for part in laid["parts"]] == ["<p>More.</p>"] and laid["contents"] == []
