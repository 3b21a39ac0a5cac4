"""/sitemap.xml names every page that readers can open and nothing else; each has a title and a description of its own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoAssertNumQueries, Settings

from content.models import ClinicProfile, Page
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SITE = "https://clinic.example"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def site_url(db: None, settings: Settings) -> None:
    """A clinic that is real: a demonstration asks not to be found."""
    settings.SITE_URL = SITE
    ClinicProfile.objects.update(demo=False)


def entries(client: Client) -> dict[str, str]:
    """Path -> lastmod."""
    response = client.get("/sitemap.xml")
    assert response.status_code == 200 and response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    found = [
        (url.findtext("s:loc", "", NAMES), url.findtext("s:lastmod", "", NAMES))
        for url in root.findall("s:url", NAMES)
    ]
    assert len(found) == len({loc for loc, _ in found}), "no address twice"
    assert all(loc.startswith(f"{SITE}/") for loc, _ in found)
    return {loc.removeprefix(SITE): changed for loc, changed in found}


def test_it_names_every_published_page_and_the_lists(shipped: None, client: Client) -> None:
    pages = {page.get_absolute_url() for page in Page.objects.published()}
    assert {*pages, "/treatments/", "/costs/", "/team/"} <= set(entries(client))


def test_every_address_opens_wants_to_be_found_and_has_a_title_and_a_description_of_its_own(
    shipped: None, client: Client
) -> None:
    titles: Counter[str] = Counter()
    descriptions: Counter[str] = Counter()
    for path in entries(client):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "noindex" not in response.content.decode() and "X-Robots-Tag" not in response, path
        tree = parsed(response.content.decode())
        link = tree.find(".//link[@rel='canonical']")
        assert link is not None and link.get("href") == SITE + path, path
        titles[words(only(tree, "title"))] += 1
        described = tree.find(".//meta[@name='description']")
        assert described is not None and described.get("content"), path
        descriptions[described.get("content") or ""] += 1
    assert titles.most_common(1)[0][1] == 1, titles.most_common(1)
    assert descriptions.most_common(1)[0][1] == 1, descriptions.most_common(1)


def test_nothing_private_is_on_it(shipped: None, client: Client) -> None:
    for path in entries(client):
        assert resolve(path).app_name == "content", path


def test_a_change_moves_its_last_change(shipped: None, client: Client) -> None:
    moment = datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC)
    Page.objects.filter(slug="milia").update(updated_at=moment)
    assert entries(client)["/concerns/milia/"] == "2027-03-04T05:06:07+00:00"


def test_what_is_not_published_is_not_on_it(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(is_published=False)
    assert "/concerns/milia/" not in entries(client)


def test_articles_bring_their_list(shipped: None, client: Client) -> None:
    Page.objects.filter(kind="article").delete()
    assert "/articles/" not in entries(client)
    article = Page.objects.create(
        kind="article", slug="sun", title="Sun", menu_title="Sun", summary="Sun care."
    )
    found = entries(client)
    assert found["/articles/"] == found["/articles/sun/"] == article.updated_at.isoformat(timespec="seconds")


def test_an_editor_s_text_gives_a_list_its_last_change(shipped: None, client: Client) -> None:
    Page.objects.filter(kind="duty", slug="costs").delete()
    assert entries(client)["/costs/"] == ""
    Page.objects.create(kind="duty", slug="costs", title="Costs", menu_title="Costs", summary="S.")
    assert entries(client)["/costs/"]


def test_robots_are_told_where_it_is(client: Client) -> None:
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").content.decode().splitlines()


def test_it_costs_two_statements(
    shipped: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get("/sitemap.xml")


def test_it_is_only_read_and_sets_nothing(shipped: None, client: Client) -> None:
    assert client.post("/sitemap.xml").status_code == 405
    assert not client.get("/sitemap.xml").cookies
