"""The shipped content loads once, and never again over an edit."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content import demo
from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    Page,
    Person,
    Source,
    Suitability,
    Synonym,
    Treatment,
)

MODELS = (ClinicProfile, Concern, FAQ, Page, Person, Source, Suitability, Synonym, Treatment)
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


@pytest.fixture
def loaded(db: None) -> dict[str, int]:
    """How many rows of each kind a first load makes."""
    return demo.load()


def everything() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def test_the_whole_clinic_is_there(loaded: dict[str, int]) -> None:
    for kind, slugs in PROMISED.items():
        assert slugs <= set(Page.objects.published().filter(kind=kind).values_list("slug", flat=True)), kind
    assert (Concern.objects.count(), Treatment.objects.count(), Suitability.objects.count()) == (10, 16, 160)
    assert ClinicProfile.current().opening_hours.count() == 5
    assert all(loaded.values())


def test_every_page_says_who_checked_it_when_and_from_which_sources(loaded: dict[str, int]) -> None:
    for page in Page.objects.all():
        assert page.summary and page.checked_by and page.checked_on and page.review_due, page.slug
        assert page.sources.exists(), page.slug
        assert page.drawing_alt or page.kind == Page.Kind.DUTY, page.slug


def test_a_second_load_makes_nothing(loaded: dict[str, int]) -> None:
    before = everything()
    assert demo.load() == dict.fromkeys(loaded, 0)
    assert everything() == before


def test_an_edit_survives_a_second_load(loaded: dict[str, int]) -> None:
    Page.objects.filter(slug="ice-pick").update(title="Pits")
    Page.objects.get(slug="ice-pick").sources.clear()
    Treatment.objects.filter(code="punch").update(price_from=None, price_to=None)
    Suitability.objects.filter(concern__code="rolling", treatment__code="filler").update(score=1)
    ClinicProfile.objects.update(name="Another clinic")
    FAQ.objects.earliest("order").pages.clear()

    demo.load()

    page = Page.objects.get(slug="ice-pick")
    assert (page.title, page.sources.count()) == ("Pits", 0)
    assert Treatment.objects.get(code="punch").price_from is None
    assert Suitability.objects.get(concern__code="rolling", treatment__code="filler").score == 1
    assert ClinicProfile.current().name == "Another clinic"
    assert not FAQ.objects.earliest("order").pages.exists()


def test_the_command_says_what_is_new(db: None) -> None:
    out = StringIO()
    call_command("demo_content", stdout=out)
    assert "suitability: 160 new" in out.getvalue()


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("pages/ice-pick.md", "sources: [NHSA", "sources: [NOPE", ["pages/ice-pick.md", "sources", "'NOPE'"]),
        ("pages/ice-pick.md", "kind: concern", "kind: poem", ["pages/ice-pick.md", "kind", "poem"]),
        ("pages/ice-pick.md", "slug: ice-pick", "slug: icepick", ["pages/ice-pick.md", "slug", "icepick"]),
        ("pages/ice-pick.md", "title: Ice", "headline: Ice", ["pages/ice-pick.md", "title", "missing"]),
        ("pages/ice-pick.md", "checked_by: imogen-farrow", "checked_by: eve", ["checked_by", "'eve'"]),
        (
            "suitability.csv",
            "ice-pick,microneedling,1",
            "ice-pick,magic,1",
            ["suitability.csv: line 4", "'magic'"],
        ),
        ("suitability.csv", "ice-pick,microneedling,1", "ice-pick,microneedling,7", ["line 4", "score"]),
        ("treatments.yaml", "evidence: A", "evidence: Z", ["treatments.yaml", "evidence", "Z"]),
        ("clinic.yaml", "Europe/London", "Europe/Lundon", ["clinic.yaml", "time_zone"]),
        ("faqs.yaml", "pages: [", "pages: [nowhere, ", ["faqs.yaml", "pages", "'nowhere'"]),
        ("synonyms.yaml", "phrases: [pits", "words: [pits", ["synonyms.yaml", "phrases", "missing"]),
        ("synonyms.yaml", "phrases: [pits", "phrases: [" + "pits" * 20, ["synonyms.yaml", "phrase", "60"]),
    ],
)
def test_a_mistake_is_named_by_file_and_key_and_nothing_is_loaded(
    db: None, tmp_path: Path, file: str, old: str, new: str, named: list[str]
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(demo.FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(demo.DemoError) as caught:
        demo.load(folder)

    assert all(words in str(caught.value) for words in named), caught.value
    assert not any(everything().values())


def test_the_command_fails_with_the_same_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> dict[str, int]:
        raise demo.DemoError("pages/ice-pick.md: title: is missing")

    monkeypatch.setattr(demo, "load", broken)
    with pytest.raises(CommandError, match=r"pages/ice-pick\.md: title"):
        call_command("demo_content")
