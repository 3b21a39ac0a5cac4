"""The leaflet of a concern or treatment: what it holds, what is never cut from it, and where machines are sent."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from content.models import ClinicProfile, Page
from content.publishing.check import HEADINGS
from content.queries.public import Piece
from content.text import safety
from content.views import leaflets
from tests.content.html import only, parsed, words

SAFE = {
    Page.Kind.CONCERN: {"When to see a pharmacist, GP or dermatologist"},
    Page.Kind.TREATMENT: {"Risks", "When we would not do it or would wait"},
}
CAPSULES = "take no more capsules and call that doctor today"
GP = "Go sooner if the spots leave scars or get you down."
PREGNANT = "Pregnant, trying or breastfeeding: no procedures."
# What no leaflet may be without, in the words of the shipped pages. Not worked out from the rule that picks the sections.
NEVER_CUT = {
    "active-acne": (
        CAPSULES,
        "Trying for a baby? Tell that doctor",
        "Nobody should share capsules.",
        "says who to call today",
    ),
    "acne-marks": ("Do not use a retinoid.", "See your GP if a dark mark or mole changes or bleeds."),
    "boxcar": (GP,),
    "ice-pick": (GP,),
    "milia": ("See your GP if a bump changes or bleeds.",),
    "raised-scars": ("See your GP soon if a lump or mole changes or bleeds",),
    "rolling": ("sooner if the spots leave scars or get you down.",),
    "chemical-peels": (CAPSULES, PREGNANT, "Phenol can affect the heart or the kidneys."),
    "creams-and-sun-protection": ("Do not use adapalene", "Creams that lighten skin can be dangerous."),
    "dermabrasion": (
        CAPSULES,
        PREGNANT,
        "Never stop a blood thinner yourself.",
        "sometimes the change is permanent.",
    ),
    "dermal-fillers": (
        "Call 999 now if",
        CAPSULES,
        PREGNANT,
        "Under 18: never.",
        "sight can be lost.",
        "Minutes count.",
    ),
    "laser-resurfacing": (CAPSULES, PREGNANT, "a test spot comes first", "Keloids: we do not suggest it."),
    "microdermabrasion": (CAPSULES, PREGNANT, "a cold sore can come back"),
    "microneedling": (CAPSULES, PREGNANT, "Do not roll at home for scars."),
    "prp-with-microneedling": (CAPSULES, PREGNANT, "must be new and used once, for you only."),
    "punch-techniques": (CAPSULES, PREGNANT, "a punch can make one larger or start another."),
    "blue-light": (),
}


def unnoted(text: str) -> str:
    """Without the numbers of its notes, which no leaflet has."""
    return re.sub("\u2060?source \\[\\d+\\]|\u2060", "", text)


def html(text: str) -> Piece:
    return Piece("html", text)


# --- which parts go on paper: pure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SAFE))
def test_of_the_headings_that_every_page_has_these_are_about_safety(kind: str) -> None:
    assert {heading for heading in HEADINGS[kind] if safety.keeps_safe(heading, "")} == SAFE[Page.Kind(kind)]


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
        for sentence in NEVER_CUT[page.slug]:
            assert sentence in unnoted(whole) and sentence in said, (path, sentence)
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
    Page.objects.filter(slug="microneedling").update(review_due=date(2027, 5, 4))
    usual = client.get("/treatments/microneedling/leaflet/")
    assert "To be checked again by 4 May 2027." in usual.content.decode()
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
