"""A page for readers is the same for everybody: a proxy may keep it, and a browser that has it is told so in a few bytes."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import Page

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/concerns/",
    "/concerns/ice-pick/",
    "/treatments/",
    "/costs/",
    "/faqs/",
    "/team/",
    "/articles/",
    "/privacy/",
)


@pytest.mark.once
@pytest.mark.parametrize("path", PAGES)
def test_whoever_has_it_asks_whether_it_is_still_right(shipped: None, client: Client, path: str) -> None:
    first = client.get(path)
    assert first["Cache-Control"] == "no-cache"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_an_editor_changed_shows_at_once(shipped: None, client: Client) -> None:
    first = client.get("/concerns/ice-pick/")
    Page.objects.filter(slug="ice-pick").update(summary="Other words.")
    again = client.get("/concerns/ice-pick/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Other words." in again.content.decode()


@pytest.mark.once
def test_what_is_not_there_is_not_kept(shipped: None, client: Client) -> None:
    assert client.get("/concerns/no-such/")["Cache-Control"] == "no-store"


@pytest.mark.once
@pytest.mark.parametrize("path", PAGES)
def test_it_is_only_read(shipped: None, client: Client, path: str) -> None:
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
