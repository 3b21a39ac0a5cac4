"""The leaflet of a concern or treatment: what it holds, what is never cut from it, and where machines are sent."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from content.models import ClinicProfile, Page
from content.publishing.check import HEADINGS
from content.queries.public import Piece
from content.views import leaflets
from tests.content.html import only, parsed, words

SAFE = {
    Page.Kind.CONCERN: {"When to see a pharmacist, GP or dermatologist"},
    Page.Kind.TREATMENT: {"Risks", "When we would not do it or would wait"},
}


def html(text: str) -> Piece:
    return Piece("html", text)


# --- which parts go on paper: pure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SAFE))
def test_of_the_headings_that_every_page_has_these_are_about_safety(kind: str) -> None:
    assert {heading for heading in HEADINGS[kind] if leaflets.SAFETY.search(heading)} == SAFE[Page.Kind(kind)]


def test_a_section_about_safety_is_whole_with_its_slots_and_the_others_stay_out() -> None:
    ready, recovery = Piece("slot", "kept-ready"), Piece("slot", "recovery")
    pieces = [
        html('<p>First.</p>\n<h2 id="risks">Risks</h2><p>One.</p><h3 id="a">Rare</h3><p>Two.</p>'),
        ready,
        html('<p>Three.</p><h2 id="recovery">Recovery</h2><p>Days.</p>'),
        recovery,
        html('<p>Weeks.</p><h2 id="wait">Why we wait</h2><p>Four.</p>'),
    ]
    assert [piece.content for piece in leaflets.safety(pieces)] == [
        '<h2 id="risks">Risks</h2><p>One.</p><h3 id="a">Rare</h3><p>Two.</p>',
        "kept-ready",
        "<p>Three.</p>",
        '<h2 id="wait">Why we wait</h2><p>Four.</p>',
    ]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.django_db
def test_every_concern_and_treatment_has_one_with_its_safety_parts_whole(
    shipped: None, client: Client
) -> None:
    clinic = ClinicProfile.current()
    pages = Page.objects.published().filter(kind__in=SAFE)
    assert pages.count() == 17
    for page in pages:
        path = page.get_absolute_url()
        response = client.get(f"{path}leaflet/")
        assert response.status_code == 200, path
        tree = parsed(response.content.decode())
        said = words(only(tree, "main"))
        whole = words(parsed(client.get(path).content.decode()))
        sections = dict(part.split("\n", 1) for part in page.body.split("\n## ")[1:])
        kept = {heading: text for heading, text in sections.items() if leaflets.SAFETY.search(heading)}
        assert kept or page.slug == "blue-light", path
        for heading, text in kept.items():
            assert heading in said, path
            for sentence in re.findall(r"[A-Z][a-z ,]{25,}\.", text):
                assert sentence in whole and sentence in said, (path, sentence)
        assert [words(h1) for h1 in tree.iter("h1")] == [page.title]
        assert page.summary in said and clinic.phone in said
        for one in clinic.urgent_numbers:
            assert one.number in said, path
        assert f"{path}" in said and "Written by" in said
        assert "[1]" not in said and not tree.findall(".//*[@class='note']"), (
            "the numbers lead to no list here"
        )
        canonical = tree.find(".//link[@rel='canonical']")
        assert canonical is not None and (canonical.get("href") or "").endswith(path)
        assert tree.find(".//meta[@name='robots'][@content='noindex']") is not None
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), path


@pytest.mark.once
@pytest.mark.django_db
def test_its_page_leads_to_it_and_large_letters_are_one_press_away(shipped: None, client: Client) -> None:
    page = parsed(client.get("/treatments/microneedling/").content.decode())
    links = {words(a): a.get("href") for a in page.iter("a")}
    assert links["A leaflet to print"] == "/treatments/microneedling/leaflet/"
    assert "A leaflet to print" not in client.get("/articles/aftercare/").content.decode()
    usual = client.get("/treatments/microneedling/leaflet/")
    assert 'class="leaf"' in usual.content.decode() and 'href="?print=large"' in usual.content.decode()
    large = client.get("/treatments/microneedling/leaflet/?print=large").content.decode()
    assert 'class="leaf large"' in large and "Ordinary letters" in large
    assert client.get("/treatments/microneedling/leaflet/?print=%00x&print=huge").status_code in (200, 400)
    again = client.get("/treatments/microneedling/leaflet/", headers={"If-None-Match": usual.headers["ETag"]})
    assert again.status_code == 304
    assert client.post("/treatments/microneedling/leaflet/").status_code == 405


@pytest.mark.once
@pytest.mark.django_db
def test_there_is_none_of_what_is_not_published(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="microneedling").update(is_published=False)
    assert client.get("/treatments/microneedling/leaflet/").status_code == 404
    assert client.get("/concerns/microneedling/leaflet/").status_code == 404
    assert client.get("/treatments/nobody/leaflet/").status_code == 404
