"""The shipped content loads once, and never again over an edit."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.files import load
from content.files.formats import FileError
from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    ExamplePlan,
    Page,
    Person,
    Source,
    Suitability,
    Synonym,
    Treatment,
    Version,
)
from tests.content.unread import UNREAD

pytestmark = pytest.mark.once

MODELS = (
    *(ClinicProfile, Concern, ExamplePlan, FAQ, Page, Person),
    *(Source, Suitability, Synonym, Treatment),
)
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
    return load.load()


def everything() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def test_the_whole_clinic_is_there(loaded: dict[str, int]) -> None:
    for kind, slugs in PROMISED.items():
        assert slugs <= set(Page.objects.published().filter(kind=kind).values_list("slug", flat=True)), kind
    assert (Concern.objects.count(), Treatment.objects.count(), Suitability.objects.count()) == (10, 17, 170)
    assert ClinicProfile.current().opening_hours.count() == 5
    assert [words for words, count in loaded.items() if not count] == ["pictures", "former addresses"]


def test_every_page_says_who_checked_it_when_and_from_which_sources(loaded: dict[str, int]) -> None:
    for page in Page.objects.all():
        assert page.summary, page.slug
        checked = page.checked_by and page.checked_on and page.review_due
        assert bool(checked) is (page.slug not in UNREAD), page.slug
        assert page.sources.exists(), page.slug
        assert page.drawing_alt or page.kind == Page.Kind.DUTY, page.slug


def test_a_second_load_makes_nothing(loaded: dict[str, int]) -> None:
    before = everything()
    assert load.load() == dict.fromkeys(loaded, 0)
    assert everything() == before


def test_an_edit_survives_a_second_load(loaded: dict[str, int]) -> None:
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


def test_the_command_says_what_is_new(db: None) -> None:
    out = StringIO()
    call_command("loadcontent", stdout=out)
    assert "suitability: 170 new" in out.getvalue()


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("pages/ice-pick.md", "sources: [NHSA", "sources: [NOPE", ["pages/ice-pick.md", "sources", "'NOPE'"]),
        ("pages/ice-pick.md", "kind: concern", "kind: poem", ["pages/ice-pick.md", "kind", "poem"]),
        ("pages/ice-pick.md", "slug: ice-pick", "slug: icepick", ["pages/ice-pick.md", "slug", "icepick"]),
        ("pages/ice-pick.md", "title: Ice", "menu_titel: Ice", ["menu_titel", "not known"]),
        ("pages/ice-pick.md", "title: Ice", "# title: Ice", ["pages/ice-pick.md", "title", "missing"]),
        ("pages/milia.md", "checked_on: 2026-11-16", "checked_on: 2026-02-31", ["milia.md", "read"]),
        ("pages/ice-pick.md", "sources: [NHSA", "sources: NHSA # [", ["ice-pick.md", "sources", "a list"]),
        ("pages/ice-pick.md", "---\n", "", ["pages/ice-pick.md", "two lines of ---"]),
        ("suitability.csv", "BHA JUH GUP", "BHA JUH GUP,yes", ["suitability.csv: line 4", "columns"]),
        ("sources.yaml", "code: NHSP", "code: NHSA", ["sources.yaml: NHSA", "twice"]),
        ("treatments.yaml", "price_to: 84000", "price_to: 1", ["treatments.yaml", "database refuses"]),
        ("clinic.yaml", '"17:00"', '"25:00"', ["clinic.yaml", "opening_hours", "25:00"]),
        ("pages/milia.md", "checked_by: imogen-farrow", "checked_by: eve", ["checked_by", "'eve'"]),
        (
            "suitability.csv",
            "ice-pick,microneedling,1",
            "ice-pick,magic,1",
            ["suitability.csv: line 4", "'magic'"],
        ),
        ("suitability.csv", "ice-pick,microneedling,1", "ice-pick,microneedling,7", ["line 4", "score"]),
        ("treatments.yaml", "evidence: A", "evidence: Z", ["treatments.yaml", "evidence", "Z"]),
        ("clinic.yaml", "Europe/London", "Europe/Lundon", ["clinic.yaml", "time_zone"]),
        ("plans.yaml", "[topical,", "[magic,", ["plans.yaml: Dark marks", "lines", "'magic'"]),
        (
            "plans.yaml",
            "[topical, 2,",
            "[topical, 0,",
            ["plans.yaml: Dark marks", "lines", "greater than or equal to 1"],
        ),
        ("plans.yaml", "[topical, 2, 3,", "[topical, 2,", ["plans.yaml: Dark marks", "lines", "is not"]),
        ("faqs.yaml", "pages: [", "pages: [nowhere, ", ["faqs.yaml", "pages", "'nowhere'"]),
        ("synonyms.csv", "phrase,means", "words,means", ["synonyms.csv", "words"]),
        ("synonyms.csv", "\npits,", "\n" + "pits" * 20 + ",", ["synonyms.csv", "phrase", "60"]),
    ],
)
def test_a_mistake_is_named_by_file_and_key_and_nothing_is_loaded(
    db: None, tmp_path: Path, file: str, old: str, new: str, named: list[str]
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(load.SHIPPED, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FileError) as caught:
        load.load(folder)

    assert all(words in str(caught.value) for words in named), caught.value
    assert not any(everything().values())


def test_the_command_fails_with_the_same_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> dict[str, int]:
        raise FileError("pages/ice-pick.md: title: is missing")

    monkeypatch.setattr(load, "load", broken)
    with pytest.raises(CommandError, match=r"pages/ice-pick\.md: title"):
        call_command("loadcontent")


def test_a_folder_without_content_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no content"):
        call_command("loadcontent", tmp_path)


def test_a_file_that_is_not_there_adds_nothing(db: None, tmp_path: Path) -> None:
    shutil.copy(load.SHIPPED / "people.yaml", tmp_path)
    assert {words: count for words, count in load.load(tmp_path).items() if count} == {"people": 3}


def test_what_only_a_specialist_decides_is_so_without_a_column_of_its_own(loaded: dict[str, int]) -> None:
    cells = Suitability.objects.filter(specialist_only=True)
    assert {cell.reason_code for cell in cells} == {"R22"} and cells.count() == 5


def test_what_readers_do_not_see_loads_as_a_draft(db: None, tmp_path: Path) -> None:
    (tmp_path / "concerns.yaml").write_text("- {code: pits, group: atrophic, name: Pits}\n")
    (tmp_path / "treatments.yaml").write_text(
        "- {code: laser, name: Laser, short: Laser, how: It warms., evidence: C, evidence_words: Cases, "
        "is_published: false}\n"
        "- {code: peel, name: Peel, short: Peel, how: It lifts., evidence: C, evidence_words: Cases}\n"
    )
    (tmp_path / "suitability.csv").write_text(
        "concern,treatment,score,reason,sources,is_published\npits,peel,1,A little.,-,no\npits,laser,1,A little.,-,yes\n"
    )
    load.load(tmp_path)
    assert [row.code for row in Treatment.objects.published()] == ["peel"]
    assert not Suitability.objects.published().exists()
    drafts = {str(version.document): version.number for version in Version.objects.drafts()}
    assert drafts == {"Laser (not offered)": 1, "Pits, Peel: Sometimes added": 1}
