"""A page that has to be drawn is made of rows that the process keeps while the edition is out, never of older ones."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import ClinicProfile, Edition, Page
from content.publishing import preview, snapshots
from content.views import shown
from tests import factories as make

pytestmark = pytest.mark.django_db
PATH = "/treatments/microneedling/"
TOKEN = "SELECT token FROM content_edition WHERE id = 1"


@pytest.fixture
def somebody(shipped: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Whoever has a cookie gets a page of their own. This test's transaction counts as none, as on a running site."""
    monkeypatch.setattr(shown, "connection", SimpleNamespace(in_atomic_block=False))
    Edition.objects.get_or_create(pk=1)
    reader = Client()
    reader.cookies["anything"] = "value"
    return reader


def asked(reader: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        reader.get(path)
    return [query["sql"] for query in seen]


def test_the_second_reader_with_a_cookie_costs_one_small_statement(somebody: Client) -> None:
    for path in (
        "/",
        "/concerns/",
        "/concerns/ice-pick/",
        PATH,
        f"{PATH}leaflet/",
        "/nowhere/",
    ):
        first = somebody.get(path)
        statements = asked(somebody, path)
        # An address that is nowhere is looked for each time: strangers can make up as many as they like.
        assert statements == [TOKEN] or path == "/nowhere/" and len(statements) == 3, path
        assert somebody.get(path).content == first.content


def test_a_change_shows_at_once(somebody: Client) -> None:
    somebody.get(PATH)
    Page.objects.filter(slug="microneedling").update(title="Other words")
    assert b"Other words" in somebody.get(PATH).content
    ClinicProfile.objects.update(phone="01632 960777")
    Page.objects.filter(slug="privacy").update(menu_title="Other privacy")
    for path in (PATH, "/", "/search/?q=scar", "/nowhere/"):
        page = somebody.get(path).content
        assert b"01632 960777" in page and b"Other privacy" in page, path
    Page.objects.filter(slug="microneedling").update(is_published=False)
    assert somebody.get(PATH).status_code == 404
    with make.undone():
        ClinicProfile.objects.update(phone="01632 960888")
        assert b"01632 960888" in somebody.get("/").content
    assert b"01632 960777" in somebody.get("/").content


def test_a_preview_neither_reads_what_is_kept_nor_leaves_anything(
    somebody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = somebody.get(PATH)
    page = Page.objects.get(slug="microneedling")
    draft = snapshots.of(page)
    with monkeypatch.context() as at_the_desk:
        at_the_desk.setattr(shown, "connection", connection)
        seen = preview.document(
            before.wsgi_request, page, draft.__class__(**vars(draft) | {"title": "Zyx"}), preview.Preview()
        )
    assert isinstance(seen, HttpResponse) and b"Zyx" in seen.content
    assert asked(somebody, PATH) == [TOKEN]
    assert somebody.get(PATH).content == before.content
