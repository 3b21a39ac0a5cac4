"""The words of a mail as its template has them, taken apart into paragraphs, headings, lists and buttons.

How a template marks them: bookings/messages/render.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.template import Context, Engine


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list or button of a mail."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def filled_in(template: str, context: dict[str, Any]) -> list[Block]:
    """What the template says, not escaped: it becomes plain text, and the HTML layout escapes it itself."""
    words = Engine.get_default().get_template(template).render(Context(context, autoescape=False))
    found = []
    for chunk in re.split(r"\n\s*\n", words.strip()):
        lines = tuple(line.strip() for line in chunk.splitlines() if line.strip())
        if not lines:
            continue
        marks = {"# ": "heading", "- ": "list", "* ": "points", "= ": "button"}
        kind = marks.get(lines[0][:2], "address" if lines[0].startswith("http") else "paragraph")
        found.append(Block(kind, tuple(line[2:] for line in lines) if lines[0][:2] in marks else lines))
    return found


def as_text(blocks: list[Block], link: str) -> str:
    """All of it as the text of a mail, with `link` under the words of each button."""
    shown = []
    for block in blocks:
        match block.kind:
            case "list" | "points":
                shown.append("\n".join(f"- {line}" for line in block.lines))
            case "button":
                shown.append(f"{block.text}:\n{link}")
            case _:
                shown.append(block.text)
    return "\n\n".join(shown) + "\n"
