"""The words of a printed page, under its headings. Pure: the HTML that `content.text.markdown` makes in, plain text out.

Read from what is printed and not from the Markdown, so that a result's address is the id that the page has.
"""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser

from content.search.index import Section
from content.search.passage import CELL

_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {"p", "li", "blockquote", "pre", "tr", "table", "ul", "ol", "hr", "br"}
_CELLS = {"td", "th"}
_LABELLED = 2


class _Reader(HTMLParser):
    """Collects text: a line for each paragraph, a new section at each heading.

    "Label: text" is a row of two cells. The cells of a longer row are parted by CELL: it is no sentence.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Section] = []
        self.heading, self.anchor = "", ""
        self.in_heading = False
        self.lines = [""]
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self.finish()
            self.in_heading, self.heading, self.anchor = True, "", dict(attrs).get("id") or ""
        elif tag in _BLOCKS and self.cells:
            self.cells[-1] += " "
        elif tag in _BLOCKS:
            self.lines.append("")
        elif tag in _CELLS:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self.in_heading = False
        elif tag == "tr":
            self.finish_row()
        elif tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self.in_heading:
            self.heading += data
        elif self.cells:
            self.cells[-1] += data
        else:
            self.lines[-1] += data

    def finish_row(self) -> None:
        said = [cell for cell in (" ".join(cell.split()) for cell in self.cells) if cell]
        self.lines += [(": " if len(self.cells) <= _LABELLED else CELL).join(said), ""]
        self.cells = []

    def finish(self) -> None:
        lines = [CELL.join(" ".join(part.split()) for part in line.split(CELL)) for line in self.lines]
        text = "\n".join(line for line in lines if line)
        if text or self.heading:
            self.found.append(Section(" ".join(self.heading.split()), self.anchor, text))
        self.heading, self.anchor, self.lines = "", "", [""]


def sections(pieces: Iterable[str]) -> tuple[Section, ...]:
    """What stands under each heading of the HTML. Text before the first heading has an empty heading and anchor."""
    reader = _Reader()
    for piece in pieces:
        reader.feed(piece)
    reader.close()
    reader.finish()
    return tuple(reader.found)


def text(html: str) -> str:
    """The words of HTML without headings, a line for each paragraph."""
    return "\n".join(section.text for section in sections([html]) if section.text)
