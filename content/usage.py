"""Where things are used: asked before something is renamed or deleted, and shown beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from content import markdown
from content.models import Page


@dataclass(frozen=True)
class Use:
    """A page that uses it, with the address of its form."""

    words: str
    url: str


def of_picture(name: str) -> list[Use]:
    """The pages whose text shows the picture of this name. One statement."""
    pages = Page.objects.filter(body__contains=name).only("pk", "title", "menu_title", "body")
    return [
        Use(str(page), reverse("admin:content_page_change", args=[page.pk]))
        for page in pages
        if name in markdown.pictures(page.body)
    ]
