"""Somebody who asks the guide on its pages, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from django.test import Client

from content.guide.answers import HEALTH
from tests.content.html import only, parsed, words

# All answers of somebody with rolling scars, to whom nothing applies and whose skin tans easily.
ROLLING: dict[str, Any] = {
    "adult": "yes",
    "concerns": ["rolling"],
    "where": ["face"],
    **dict.fromkeys(HEALTH, "no"),
    "skin": "tans",
}


def told(client: Client, **changes: Any) -> Any:
    """What the guide says to these answers, all of them in one form."""
    return client.post("/guide/", ROLLING | changes)


def main(response: Any) -> str:
    assert response.status_code == 200
    return words(only(parsed(response.content.decode()), "main"))


def boxes(tree: Any, name: str) -> list[str]:
    """The values that can be chosen for a question on this page."""
    return [
        box.get("value") for box in tree.iter() if box.get("name") == name and box.get("type") != "hidden"
    ]


def hidden(tree: Any) -> dict[str, list[str]]:
    """What this page sends along without asking."""
    found: dict[str, list[str]] = {}
    for box in tree.iter("input"):
        if box.get("type") == "hidden":
            found.setdefault(box.get("name"), []).append(box.get("value"))
    return found
