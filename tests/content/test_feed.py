"""/articles/ and its Atom feed."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoAssertNumQueries, Settings

from content.models import Page
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SITE = "https://clinic.example"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def two_articles(db: None, settings: Settings) -> None:
    settings.SITE_URL = SITE
    Page.objects.filter(kind="article").delete()
    for number, slug in enumerate(("sun", "time & rest")):
        slug = slug.split()[0]
        Page.objects.create(
            kind="article", slug=slug, title=f"About {slug} & skin", menu_title=slug, summary=f"What {slug} does <3.",
            written_by="Rhea" if number else "", order=number,
        )  # fmt: skip
        Page.objects.filter(slug=slug).update(updated_at=datetime(2027, 1, 1 + number, 9, tzinfo=UTC))


def feed(client: Client) -> Element:
    response = client.get("/articles/feed/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def test_the_feed_lists_the_articles_the_newest_first(client: Client) -> None:
    root = feed(client)
    entries = root.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", "", ATOM) for entry in entries] == [
        "About time & skin",
        "About sun & skin",
    ]
    first = entries[0]
    assert first.findtext("a:id", "", ATOM) == f"{SITE}/articles/time/"
    assert first.findtext("a:updated", "", ATOM) == "2027-01-02T09:00:00+00:00"
    assert first.findtext("a:summary", "", ATOM) == "What time does &lt;3."
    assert first.findtext("a:author/a:name", "", ATOM) == "Rhea"
    assert root.findtext("a:updated", "", ATOM) == "2027-01-02T09:00:00+00:00"


def test_its_own_address_and_that_of_the_list(client: Client) -> None:
    links = {link.get("rel"): link.get("href") for link in feed(client).findall("a:link", ATOM)}
    assert links == {"alternate": f"{SITE}/articles/", "self": f"{SITE}/articles/feed/"}


def test_what_is_not_published_or_no_article_is_not_in_it(client: Client) -> None:
    Page.objects.filter(slug="sun").update(is_published=False)
    Page.objects.create(kind="duty", slug="cookies", title="Cookies", menu_title="C", summary="S.")
    assert len(feed(client).findall("a:entry", ATOM)) == 1


def test_a_feed_without_articles_is_still_one(client: Client) -> None:
    Page.objects.filter(kind="article").delete()
    assert feed(client).findall("a:entry", ATOM) == []


def test_pages_point_to_it(client: Client) -> None:
    for path in ("/", "/articles/", "/articles/sun/", "/treatments/"):
        tree = parsed(client.get(path).content.decode())
        link = tree.find(".//link[@rel='alternate']")
        assert link is not None and link.get("type") == "application/atom+xml", path
        assert link.get("href") == "/articles/feed/", path


def test_the_list_shows_title_and_summary(client: Client) -> None:
    main = only(parsed(client.get("/articles/").content.decode()), "main")
    assert [words(h2) for h2 in main.iter("h2")] == ["About sun & skin", "About time & skin"]
    assert "What sun does <3." in words(main)


def test_an_article_says_where_it_belongs(client: Client) -> None:
    tree = parsed(client.get("/articles/sun/").content.decode())
    assert any(a.get("href") == "/articles/" for a in only(tree, "main").iter("a"))


def test_no_article_can_hide_behind_the_feed() -> None:
    assert resolve("/articles/feed/").url_name == "feed"
    page = Page(kind="article", slug="feed", title="T", menu_title="T", summary="S.")
    with pytest.raises(ValidationError, match="This address is the feed's"):
        page.full_clean()
    Page(kind="concern", slug="feed", title="T", menu_title="T", summary="S.").full_clean()


@pytest.mark.parametrize(("path", "statements"), [("/articles/", 4), ("/articles/feed/", 3)])
def test_they_cost_few_statements(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, path: str, statements: int
) -> None:
    with django_assert_max_num_queries(statements):
        client.get(path)


@pytest.mark.parametrize("path", ["/articles/", "/articles/feed/"])
def test_they_are_only_read_and_set_nothing(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert not client.get(path).cookies


def test_no_text_of_an_article_can_break_it(client: Client) -> None:
    Page.objects.filter(slug="sun").update(title="Sun\x0b", summary="Hats\x1f & caps", written_by="\x0c")
    [entry] = [e for e in feed(client).findall("a:entry", ATOM) if e.findtext("a:title", "", ATOM) == "Sun"]
    assert entry.findtext("a:summary", "", ATOM) == "Hats &amp; caps"
    assert [summary.get("type") for summary in entry.findall("a:summary", ATOM)] == ["html"]
