"""Every public page of the shipped clinic: it opens, it is whole, it sets nothing and it costs little."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from content.models import ClinicProfile, Page, Person
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def addresses() -> list[str]:
    own = ["/treatments/", "/costs/", "/team/", "/faqs/", "/articles/"]
    return [*(page.get_absolute_url() for page in Page.objects.published()), *own]


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture(scope="module")
def answers(site: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    """Every public page of the shipped clinic as it answers, by its address; each is asked for once."""
    with django_db_blocker.unblock():
        return {path: Client().get(path) for path in addresses()}


@pytest.fixture
def trees(answers: dict[str, Any]) -> dict[str, Element]:
    """The same pages, parsed strictly; all of them open."""
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    return {path: parsed(answer.content.decode()) for path, answer in answers.items()}


def test_every_page_opens_with_its_own_heading_and_parses_strictly(
    shipped: None, trees: dict[str, Element]
) -> None:
    for page in Page.objects.published():
        tree = trees[page.get_absolute_url()]
        # The guide begins with its first question.
        asked = "What do you see or feel?" if page.slug == "guide" else page.title
        assert [words(h1) for h1 in tree.iter("h1")] == [asked]
        # The home page is called by trade and place.
        called = "Acne scar clinic in Larch Quay" if page.kind == Page.Kind.HOME else page.title
        assert words(only(tree, "title")).startswith(called)
        description = tree.find(".//meta[@name='description']")
        assert description is not None and description.get("content") == page.summary


def test_no_heading_level_is_skipped_and_no_id_comes_twice(trees: dict[str, Element]) -> None:
    for path, tree in trees.items():
        levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        steps = [later - earlier for earlier, later in zip(levels, levels[1:], strict=False)]
        assert max(steps, default=0) <= 1, (path, levels)
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), path


def test_nothing_that_the_content_security_policy_forbids(trees: dict[str, Element]) -> None:
    for path, tree in trees.items():
        for element in tree.iter():
            # Facts for machines lie in a data block, which no browser runs.
            assert element.tag != "script" or element.get("type") == "application/ld+json", path
            assert element.tag not in ("style", "iframe"), path
            assert not any(name == "style" or name.startswith("on") for name in element.attrib), path
            source = element.get("src") or ""
            assert source.startswith(("/static/", "/pictures/")) or not source, (path, source)


def test_no_cookie_no_session_and_nothing_that_varies_by_visitor(answers: dict[str, Any]) -> None:
    for path, response in answers.items():
        assert "Set-Cookie" not in response and not response.cookies, path
        assert "cookie" not in response.get("Vary", "").lower(), path
        html = response.content.decode().lower()
        # Ticks beside treatments lead to another page to read: nothing is sent.
        assert "<form" not in html or path in ("/guide/", "/treatments/"), path
        assert 'method="post"' not in html or path == "/guide/", path


def test_every_internal_link_leads_somewhere(
    shipped: None, client: Client, answers: dict[str, Any], trees: dict[str, Element]
) -> None:
    seen: set[str] = set()
    for path, tree in trees.items():
        ids = {e.get("id") for e in tree.iter()}
        for link in tree.iter("a"):
            target, _, fragment = (link.get("href") or "").partition("#")
            if not target:
                assert fragment in ids, (path, fragment)
            elif target.startswith("/"):
                seen.add(target.partition("?")[0])
            else:
                assert target.startswith(("https://", "tel:", "mailto:")), (path, target)
    broken = []
    for target in sorted(seen):
        try:
            match = resolve(target)
        except Resolver404:
            broken.append(target)
            continue
        # Pages of other apps only have to exist; those of this one have to open.
        answer = answers.get(target) or (client.get(target) if match.app_name == "content" else None)
        if answer is not None and answer.status_code != 200:
            broken.append(target)
    assert not broken
    assert "/concerns/ice-pick/" in seen


def test_the_call_to_ask_carries_the_page_without_a_word_about_health(shipped: None, client: Client) -> None:
    page = Page.objects.get(slug="ice-pick")
    html = body(client, page.get_absolute_url())
    tree = parsed(html)
    links = {a.get("href") for a in tree.iter("a") if words(a) == "Request a consultation"}
    assert links == {f"/consultations/request/?page={page.public_id}"}
    assert re.fullmatch("[a-z0-9]{12}", page.public_id)


def test_a_duty_page_does_not_ask_for_a_request_in_its_text(shipped: None, client: Client) -> None:
    for slug in ("privacy", "urgent-help", "under-18s"):
        tree = parsed(body(client, f"/{slug}/"))
        pressed = [a for a in only(tree, "main").iter("a") if "btn" in (a.get("class") or "")]
        assert all((a.get("href") or "").startswith("tel:") for a in pressed), slug


@pytest.mark.parametrize("slug", ["aftercare", "safety-and-complaints"])
def test_an_article_about_safety_gives_a_number_and_not_an_invitation(
    shipped: None, client: Client, slug: str
) -> None:
    tree = parsed(body(client, f"/articles/{slug}/"))
    main = only(tree, "main")
    assert not [a for a in main.iter("a") if words(a) == "Request a consultation"]
    assert not [nav for nav in tree.iter("nav") if nav.get("class") == "bar"]
    ways = {a.get("href") for a in main.iterfind(".//div[@class='acts']/a")}
    assert ways == {"tel:01632960001", "/urgent-help/"}


def test_any_other_article_still_says_how_to_ask(shipped: None, client: Client) -> None:
    main = only(parsed(body(client, "/articles/deep-acne-scars/")), "main")
    assert [a for a in main.iter("a") if words(a) == "Request a consultation"]


def test_the_hub_and_the_home_page_show_every_concern(shipped: None, client: Client) -> None:
    concerns = Page.objects.published().filter(kind=Page.Kind.CONCERN)
    for path in ("/", "/concerns/"):
        tree = parsed(body(client, path))
        links = {a.get("href") for a in tree.iter("a")}
        assert {page.get_absolute_url() for page in concerns} <= links, path
    front = only(parsed(body(client, "/")), "main")
    links = {a.get("href") for a in front.iter("a")}
    assert {"/costs/", "/team/", "/consultations/times/", "/articles/before-you-decide/"} <= links
    told = words(front)
    assert "4 Alder Row" in told and "Thursday 9am to 8pm" in told and "There is one step" in told
    assert "Today, " in told and "Sunday Closed" in told
    done_here = ["/treatments/microneedling/", "/treatments/dermal-fillers/"]
    assert {*done_here} <= links and "/treatments/blue-light/" not in links


def _checked() -> dict[str, Any]:
    """What a signature leaves on a page."""
    return {"checked_by": Person.objects.get(slug="imogen-farrow"), "checked_on": date(2026, 11, 16)}


def test_a_page_shows_who_checked_it_its_sources_and_its_facts(shipped: None, client: Client) -> None:
    page = Page.objects.get(slug="raised-scars")
    Page.objects.filter(pk=page.pk).update(**_checked())
    text = words(parsed(body(client, page.get_absolute_url())))
    assert "Checked by Dr Imogen Farrow, dermatologist, on 16 November 2026" in text
    for source in page.sources.all():
        assert " ".join(source.title.split()) in text
    for label, fact in page.at_a_glance:
        assert label in text and fact in text


def test_what_to_ask_about_first_stands_once_whoever_does_it(shipped: None, client: Client) -> None:
    """In the short list, by the rule that ranks; the facts below it do not say it again."""
    for slug, away in (
        ("rolling", ["Subcision"]),
        ("ice-pick", ["Focal acid (TCA CROSS)"]),
        ("raised-scars", ["Steroid injections"]),
        ("boxcar", []),
    ):
        tree = parsed(body(client, f"/concerns/{slug}/"))
        short = words(next(each for each in tree.iter("section") if each.get("class") == "inshort"))
        assert all(f"{name}, not done here" in short for name in away), short
        assert ("more likely to change the colour of brown or black skin are at the end" in short) is (
            slug != "raised-scars"
        )
        assert not any(words(label).startswith("Ask about first") for label in tree.iter("dt"))


@pytest.mark.parametrize(
    "path", ["/concerns/ice-pick/", "/treatments/microneedling/", "/articles/aftercare/"]
)
def test_a_page_about_health_says_so_when_nobody_has_checked_it(
    shipped: None, client: Client, path: str
) -> None:
    Page.objects.filter(slug="aftercare").update(checked_by=None, checked_on=None)
    text = words(parsed(body(client, path)))
    assert "Not checked yet: no clinician has read this text as it stands" in text
    assert "Checked by" not in text
    assert text.index("Not checked yet by a clinician") < text.index("Written by"), "said at the top too"


def test_the_page_of_consultations_says_how_to_get_here_if_the_clinic_does(
    shipped: None, client: Client
) -> None:
    ClinicProfile.objects.update(getting_here="Bus 7.\n\nThe red door.")
    text = words(parsed(body(client, "/consultations/")))
    assert all(phrase in text for phrase in ("Getting here", "Bus 7.", "The red door."))
    ClinicProfile.objects.update(getting_here="")
    assert "Getting here" not in body(client, "/consultations/")


def test_a_page_about_the_clinic_or_one_that_is_checked_does_not(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="privacy").update(checked_by=None, checked_on=None)
    Page.objects.filter(slug="milia").update(**_checked())
    for path in ("/privacy/", "/concerns/milia/"):
        told = body(client, path)
        assert "no clinician has read" not in told and "by a clinician</span>" not in told, path


@pytest.mark.parametrize(
    "path",
    [
        "/concerns/nose/",
        "/treatments/magic/",
        "/articles/nothing/",
        "/nothing/",
        "/home/",
        "/concerns/microneedling/",
    ],
)
def test_an_unknown_address_is_not_found(shipped: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_is_not_published_is_not_found_and_not_listed(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(is_published=False)
    assert client.get("/concerns/milia/").status_code == 404
    for path in ("/", "/concerns/", "/concerns/active-acne/", "/treatments/microneedling/"):
        tree = parsed(body(client, path))
        tiles = [a.get("href") for a in only(tree, "main").iterfind(".//ul[@class]//a")]
        assert "/concerns/milia/" not in tiles, path


@pytest.mark.parametrize(
    "path", ["/", "/concerns/", "/concerns/ice-pick/", "/treatments/", "/faqs/", "/consultations/"]
)
def test_pages_are_only_read(shipped: None, client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/", 8),
        ("/concerns/", 7),
        ("/concerns/ice-pick/", 10),
        ("/concerns/boxcar/", 10),
        ("/treatments/microneedling/", 10),
        ("/treatments/chemical-peels/", 10),
        ("/faqs/", 8),
        ("/consultations/", 6),
        ("/privacy/", 6),
    ],
)
def test_a_page_costs_at_most_ten_statements(
    shipped: None,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    statements: int,
) -> None:
    with django_assert_max_num_queries(statements):
        client.get(path)


def test_a_drawing_that_does_not_exist_takes_no_page_down(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(drawing="no-such-thing")
    tree = parsed(body(client, "/concerns/milia/"))
    assert tree.find(".//figure") is None
    parsed(body(client, "/concerns/"))


def test_a_page_that_is_not_there_leads_to_pages_that_are(shipped: None, client: Client) -> None:
    lost = client.get("/no-such-page/")
    links = [a.get("href") or "" for a in parsed(lost.content.decode()).findall(".//main//a")]
    assert lost.status_code == 404 and len(links) >= 7
    for path in (path for path in links if path.startswith("/")):  # and the number to call
        assert client.get(path).status_code == 200, path
