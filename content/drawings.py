"""The drawings that ship with the site: which exist, and where."""

from __future__ import annotations

from typing import Literal

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

Kind = Literal["skin", "figure"]  # a tile of the skin line, or the wide figure with labels


def url(kind: Kind, name: str) -> str:
    """The address of a drawing, or an empty text: an editor's typing error must not take a page down."""
    path = f"drawings/{kind}-{name}.svg"
    if finders.find(path) is None:
        return ""
    try:
        return staticfiles_storage.url(path)
    except ValueError:  # in production: it came after the last collectstatic
        return ""


def exists(name: str) -> bool:
    """Whether both the tile and the figure of that name ship."""
    return bool(url("skin", name) and url("figure", name))


def og_url(name: str) -> str:
    """The address of the picture that stands for a page elsewhere, or an empty text while none is drawn."""
    path = f"drawings/og-{name}.png"
    if not name or finders.find(path) is None:
        return ""
    try:
        return staticfiles_storage.url(path)
    except ValueError:  # as above
        return ""
