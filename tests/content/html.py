"""Reading a page as a tree, for the tests of this folder."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client


@lru_cache(maxsize=100)
def parsed(html: str) -> Element:
    """The page as a tree, to be read only: asked for the same page again, it gives the same tree.

    Raises html5lib's ParseError on the smallest mistake.
    """
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def only(tree: Element, tag: str) -> Element:
    found = tree.find(f".//{tag}")
    assert found is not None
    return found


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back if somebody opened the form and pressed Save."""
    return filled_from(client.get(url))


def filled_from(response: Any) -> dict[str, Any]:
    """The same for a page that is there already."""
    tree = parsed_loosely(response.content.decode())
    values: dict[str, Any] = {}
    for field in tree.iter():
        name = field.get("name")
        if not name or field.get("type") in ("submit", "button"):
            continue
        if field.tag == "textarea":
            values[name] = (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            values[name] = next(
                (o.get("value") or "" for o in field.iter("option") if "selected" in o.attrib), ""
            )
        elif field.get("type") in ("checkbox", "radio"):
            if "checked" in field.attrib:
                values.setdefault(name, []).append(field.get("value") or "on")
        elif field.tag == "input":
            values[name] = field.get("value") or ""
    return values


def parsed_loosely(html: str) -> Element:
    """The same for the admin, whose stock markup has mistakes of its own."""
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return tree


def errors(html: str) -> str:
    """Every mistake that the page names."""
    tree = parsed_loosely(html)
    wrong = ("errorlist", "wrong", "problem")
    return " ".join(words(e) for e in tree.iter() if set(wrong) & set((e.get("class") or "").split()))
