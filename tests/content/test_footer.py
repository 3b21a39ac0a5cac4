"""The foot of every page: links only to what readers can open."""

from __future__ import annotations

import pytest
from django.test import Client

from content.display import footer
from content.models import Page
from tests.content.html import parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def foot(client: Client, path: str = "/") -> dict[str, str]:
    tree = parsed(client.get(path).content.decode())
    return {words(a): a.get("href") or "" for a in tree.findall(".//footer//nav//a")}


def test_it_leads_to_what_is_there(shipped: None, client: Client) -> None:
    links = foot(client)
    assert {"/costs/", "/team/", "/urgent-help/", "/privacy/", "/under-18s/"} <= set(links.values())
    for path in links.values():
        assert client.get(path).status_code == 200, path


def test_what_is_not_published_is_not_linked(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="privacy").update(is_published=False)
    assert "/privacy/" not in foot(client).values()
    # The foot of a form has one line of them.
    line = parsed(client.get("/consultations/request/").content.decode()).findall(".//footer//a")
    assert [a.get("href") for a in line] == ["/urgent-help/", "/accessibility/"]


def test_a_duty_that_is_written_later_appears(shipped: None, client: Client) -> None:
    Page.objects.filter(kind="article").delete()
    assert "Complaints" not in foot(client)
    Page.objects.create(
        kind="article",
        slug="safety-and-complaints",
        title="Safety and complaints",
        menu_title="Complaints",
        summary="S.",
    )
    links = foot(client)
    assert links["Complaints"] == "/articles/safety-and-complaints/"
    assert links["All articles"] == "/articles/"


def test_a_route_that_is_not_there_is_no_link() -> None:
    assert footer.address("costs") == "/costs/"
    assert footer.address("no-such-thing") == ""
