"""What the tests press and read on the editors' pages, as a browser without JavaScript would."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from content.models import Page
from tests.content.html import filled
from tests.desk.pages import html, words

__all__ = [
    "buttons",
    "change",
    "compare",
    "due",
    "history",
    "html",
    "page_of",
    "press",
    "preview",
    "message",
    "words",
]


def page_of(page: Page) -> str:
    return reverse("admin:content_page_change", args=[page.pk])


def history(page: Page) -> str:
    return reverse("admin:content_page_history", args=[page.pk])


def compare(page: Page) -> str:
    return reverse("admin:content_page_compare", args=[page.pk])


def preview() -> str:
    return reverse("admin:content_page_preview")


def due() -> str:
    return reverse("admin:content_page_due")


def change(client: Client, page: Page) -> dict[str, Any]:
    """The form of the page's editor, as it opens."""
    return filled(client, page_of(page))


def press(client: Client, page: Page, do: str, **typed: Any) -> Any:
    """Open the page's editor, type this, press that button."""
    return client.post(page_of(page), change(client, page) | typed | {"do": do})


def buttons(response: Any) -> set[str]:
    """What the buttons of the page say."""
    found = re.findall(r"<button[^>]*>([^<]+)</button>", html(response))
    return {" ".join(words.split()) for words in found}


def message(client: Client, response: Any) -> str:
    """The message on the page that a button leads to."""
    assert response.status_code == 303, words(response)
    return words(client.get(response["Location"]))
