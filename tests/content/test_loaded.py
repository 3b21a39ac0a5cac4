"""What a load of the shipped content makes, and that a second one leaves alone what is there, edits too."""

from __future__ import annotations

import pytest
from django.test import Client

from content.files import load
from content.files.shape import SHAPES
from content.models import FAQ, ClinicProfile, Concern, Page, Suitability, Treatment
from tests.content.unread import UNREAD

pytestmark = pytest.mark.once

# The pages that issue 2 promises, by kind.
PROMISED = {
    "home": {"home"},
    "hub": {"acne-scars"},
    "concern": {"ice-pick", "boxcar", "rolling", "raised-scars", "acne-marks", "active-acne", "milia"},
    "treatment": {
        *(
            "laser-resurfacing",
            "microneedling",
            "prp-with-microneedling",
            "chemical-peels",
            "microdermabrasion",
        ),
        *("dermabrasion", "punch-techniques", "dermal-fillers", "creams-and-sun-protection", "blue-light"),
    },
    "duty": {"consultations", "privacy", "urgent-help", "under-18s"},
}


def counts() -> dict[str, int]:
    """How many rows there are of each kind."""
    return {shape.words: shape.model._default_manager.count() for shape in SHAPES}


def test_the_whole_clinic_is_there(shipped: None) -> None:
    for kind, slugs in PROMISED.items():
        assert slugs <= set(Page.objects.published().filter(kind=kind).values_list("slug", flat=True)), kind
    assert (Concern.objects.count(), Treatment.objects.count(), Suitability.objects.count()) == (10, 17, 170)
    assert ClinicProfile.current().opening_hours.count() == 5
    empty = [shape.words for shape in SHAPES if not shape.model._default_manager.exists()]
    assert empty == ["former addresses"]


def test_every_page_says_who_checked_it_when_and_from_which_sources(shipped: None) -> None:
    for page in Page.objects.all():
        assert page.summary, page.slug
        checked = page.checked_by and page.checked_on and page.review_due
        assert bool(checked) is (page.slug not in UNREAD), page.slug
        assert page.sources.exists(), page.slug
        assert page.drawing_alt or page.kind == Page.Kind.DUTY, page.slug


def test_a_second_load_makes_nothing(shipped: None) -> None:
    before = counts()
    assert load.load() == dict.fromkeys((shape.words for shape in SHAPES), 0)
    assert counts() == before


def test_an_edit_survives_a_second_load(shipped: None) -> None:
    Page.objects.filter(slug="ice-pick").update(title="Pits")
    Page.objects.get(slug="ice-pick").sources.clear()
    Treatment.objects.filter(code="punch").update(price_from=None, price_to=None)
    Suitability.objects.filter(concern__code="rolling", treatment__code="filler").update(score=1)
    ClinicProfile.objects.update(name="Another clinic")
    FAQ.objects.earliest("order").pages.clear()

    load.load()

    page = Page.objects.get(slug="ice-pick")
    assert (page.title, page.sources.count()) == ("Pits", 0)
    assert Treatment.objects.get(code="punch").price_from is None
    assert Suitability.objects.get(concern__code="rolling", treatment__code="filler").score == 1
    assert ClinicProfile.current().name == "Another clinic"
    assert not FAQ.objects.earliest("order").pages.exists()


def test_what_only_a_specialist_decides_is_so_without_a_column_of_its_own(shipped: None) -> None:
    cells = Suitability.objects.filter(specialist_only=True)
    assert {cell.reason_code for cell in cells} == {"R22"} and cells.count() == 5


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/treatments/subcision/", "/treatments/#not-offered-subcision"),
        ("/treatments/tca-cross/", "/treatments/#not-offered-tca-cross"),
        ("/treatments/rf-needling/", "/treatments/#not-offered-rf-microneedling"),
        ("/treatments/fractional-ablative-laser/", "/treatments/laser-resurfacing/"),
        ("/treatments/light-peel/", "/treatments/chemical-peels/"),
        ("/treatments/peels/", "/treatments/chemical-peels/"),
        ("/concerns/rolling-scars/", "/concerns/rolling/"),
        ("/concerns/dark-marks/", "/concerns/acne-marks/"),
        ("/concerns/keloid/", "/concerns/raised-scars/"),
        ("/concerns/scars/", None),  # several pages are about scars
        ("/concerns/subcision/", None),
        ("/treatments/nothing/", None),
    ],
)
@pytest.mark.usefixtures("shipped")
def test_a_name_typed_as_an_address_leads_to_its_page(
    client: Client, typed: str, leads_to: str | None
) -> None:
    assert client.get(typed).headers.get("Location") == leads_to
