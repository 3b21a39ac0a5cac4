"""Reading a page as a tree, for the tests of this folder."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import html5lib


def parsed(html: str) -> Element:
    """The page as a tree. Raises html5lib's ParseError on the smallest mistake."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def only(tree: Element, tag: str) -> Element:
    found = tree.find(f".//{tag}")
    assert found is not None
    return found
