"""Content is loaded from files: all of it, or what is wrong is named and nothing is. What it makes: test_loaded.py."""

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

pytestmark = pytest.mark.once

MODELS = (
    *(ClinicProfile, Concern, ExamplePlan, FAQ, Page, Person),
    *(Source, Suitability, Synonym, Treatment),
)


# What all the rest names: these are loaded before it.
FIRST = ("pictures.yaml", "people.yaml", "sources.yaml", "concerns.yaml", "treatments.yaml")


def everything() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


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
        ("pages/team.md", "checked_on: 2026-11-16", "checked_on: 2026-02-31", ["team.md", "read"]),
        ("pages/ice-pick.md", "sources: [NHSA", "sources: NHSA # [", ["ice-pick.md", "sources", "a list"]),
        ("pages/ice-pick.md", "---\n", "", ["pages/ice-pick.md", "two lines of ---"]),
        ("suitability.csv", "BHA JUH GUP", "BHA JUH GUP,yes", ["suitability.csv: line 4", "columns"]),
        ("sources.yaml", "code: NHSP", "code: NHSA", ["sources.yaml: NHSA", "twice"]),
        ("treatments.yaml", "price_to: 84000", "price_to: 1", ["treatments.yaml", "database refuses"]),
        ("clinic.yaml", '"17:00"', '"25:00"', ["clinic.yaml", "opening_hours", "25:00"]),
        ("pages/team.md", "checked_by: imogen-farrow", "checked_by: eve", ["checked_by", "'eve'"]),
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
    shutil.copytree(load.SHIPPED / "pictures", tmp_path / "pictures")
    for name in (*FIRST, file):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(load.SHIPPED / name, tmp_path / name)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FileError) as caught:
        load.load(tmp_path)

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
    shutil.copy(load.SHIPPED / "sources.yaml", tmp_path)
    assert [words for words, count in load.load(tmp_path).items() if count] == ["sources"]


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
