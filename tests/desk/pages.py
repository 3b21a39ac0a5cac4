"""What the tests of the desk send and look for: addresses, posts, what a page shows."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from bookings.models import ConsultationRequest, Message

WORKLIST = "/admin/bookings/consultationrequest/"
OUTBOX = "/admin/bookings/message/"


def page_of(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def message_page(message: Message) -> str:
    return reverse("admin:bookings_message_change", args=[message.pk])


def html(response: Any) -> str:
    return str(response.content.decode())


def words(response: Any) -> str:
    """What a reader sees, in single spaces."""
    text = strip_tags(re.sub(r"<(script|style|svg).*?</\1>", " ", html(response), flags=re.DOTALL))
    return " ".join(text.replace("&#x27;", "'").replace("&amp;", "&").split())


def say(client: Client, consultation: ConsultationRequest, do: str, **fields: Any) -> HttpResponse:
    """Press the button `do` on the request's page as it is now."""
    consultation.refresh_from_db()
    data = {"do": do, "version": consultation.version} | fields
    if "preview" in fields:
        del data["do"]
    return client.post(page_of(consultation), data)  # type: ignore[return-value]  # the test client's own kind of response


def buttons(response: Any) -> set[str]:
    """The codes of the verbs that have a button on the page."""
    return set(re.findall(r'name="do" value="([a-z_]+)"', html(response)))


def names(response: Any) -> list[str]:
    """The clients on the worklist, in order."""
    return re.findall(r'class="field-client"><a [^>]*>([^<]+)</a>', html(response))


def tabs(response: Any) -> dict[str, int]:
    """The tabs with their numbers."""
    bar = re.search(r'<nav class="tabs".*?</nav>', html(response), flags=re.DOTALL)
    assert bar is not None, "the page has no tabs"
    return {name: int(number) for name, number in re.findall(r">([A-Za-z ]+) <b>(\d+)</b>", bar.group())}
