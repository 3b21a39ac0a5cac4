"""The words of a mail as its template has them, taken apart into paragraphs, headings, lists and buttons.

How a template marks them: bookings/messages/render.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django.template import Context, Engine

# How a line of a template begins, and what it then is.
_MARKS = {
    "^": "preheader",
    "#": "heading",
    "##": "subheading",
    "|": "ticket",
    "?": "open",
    "-": "list",
    "*": "points",
    "+": "remark",
    "=": "button",
    ">": "link",
}
_LED = "> "  # begins the address of the line above it, in a list or a ticket


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a list or a ticket: "When", "Thursday at 10am". Without a label that is empty. `address` may be too."""

    label: str
    words: str
    address: str = ""

    @property
    def text(self) -> str:
        said = f"{self.label}: {self.words}" if self.label else self.words
        return f"- {said}\n{self.address}" if self.address else f"- {said}"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, ticket, link or button of a mail. `address` is where a link leads."""

    kind: str
    lines: tuple[str, ...]
    address: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def greeting(self) -> str:
        """The first line of a heading that has two: it greets the reader."""
        return self.lines[0] if len(self.lines) > 1 else ""

    @property
    def title(self) -> str:
        """What a heading says after its greeting."""
        return " ".join(self.lines[1:] or self.lines)

    @property
    def facts(self) -> list[Fact]:
        """The lines of a list or a ticket, each with its label and the address that the line below it gives."""
        found: list[Fact] = []
        for line in self.lines:
            if line.startswith(_LED):
                found[-1] = replace(found[-1], address=line.removeprefix(_LED))
                continue
            label, _, words = line.partition(": ")
            found.append(Fact(label, words) if words else Fact("", label))
        return found


def filled_in(template: str, context: dict[str, Any]) -> list[Block]:
    """What the template says, not escaped: it becomes plain text, and the HTML layout escapes it itself."""
    words = Engine.get_default().get_template(template).render(Context(context, autoescape=False))
    found = []
    for chunk in re.split(r"\n\s*\n", words.strip()):
        lines = tuple(line.strip() for line in chunk.splitlines() if line.strip())
        if not lines:
            continue
        found.append(_block(lines))
    return found


def _block(lines: tuple[str, ...]) -> Block:
    mark = lines[0].partition(" ")[0]
    kind = _MARKS.get(mark, "paragraph")
    if kind == "paragraph":
        return Block(kind, lines)
    if kind == "link":
        return Block(kind, (lines[0][2:],), lines[1])
    return Block(kind, tuple(line if line.startswith(_LED) else line[len(mark) + 1 :] for line in lines))


def as_text(blocks: list[Block], link: str) -> str:
    """All of it as the text of a mail, with `link` under the words of each button."""
    shown = []
    for block in blocks:
        match block.kind:
            case "preheader":  # a mail program shows the first words of a text by itself
                pass
            case "list" | "ticket":
                shown.append("\n".join(fact.text for fact in block.facts))
            case "open":  # what stands behind the link is one page for all of them
                shown.append("\n".join(replace(fact, address="").text for fact in block.facts))
            case "points":
                shown.append("\n".join(f"- {line}" for line in block.lines))
            case "button":
                shown.append(f"{block.text}:\n{link}")
            case "link":
                shown.append(f"{block.text}:\n{block.address}")
            case "subheading":
                shown.append(f"{block.text}:")
            case _:
                shown.append(block.text)
    return "\n\n".join(shown) + "\n"
