"""What the corrected notes change in the matrix reaches databases that exist: shipped rows, edited, missing, and back."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoDbBlocker

from content.files import load
from content.models import Concern, Correction, Person, Source, Suitability, Treatment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MIGRATION: Any = import_module("content.migrations.0015_matrix_corrections")
MATRIX = ("sources.yaml", "concerns.yaml", "treatments.yaml")  # what its cells rest on
FLAGS = ("cuts", "face_only", "hold_in_pregnancy", "adds_to", "invasiveness")
CELL = ("score", "specialist_only", "waits_in_pregnancy", "reason_code", "reason")


@pytest.fixture(scope="module", autouse=True)
def loaded_before(own_database: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A clinic that was loaded before the corrections: their fields are there, and empty, as 0020 leaves them."""
    folder = tmp_path_factory.mktemp("before")
    for name in MATRIX:
        shutil.copy(load.SHIPPED / name, folder)
    shutil.copy(MIGRATION.FILES / "before.csv", folder / "suitability.csv")
    _cite_what_was_cited(folder)
    with own_database.unblock():
        load.load(folder)
        _take_back()


def _cite_what_was_cited(folder: Path) -> None:
    """Adds the sources that the matrix leaned on then, and that do not ship any more."""
    ships = {row["code"] for row in yaml.safe_load((folder / "sources.yaml").read_text(encoding="utf-8"))}
    with (folder / "suitability.csv").open(encoding="utf-8", newline="") as file:
        cited = {code for row in csv.DictReader(file) for code in row["sources"].replace("-", "").split()}
    for changes in MIGRATION.TREATMENTS.values():
        cited.update(changes.get("sources", ("",))[0].split())
    gone = [{"code": code, "title": code, "url": ""} for code in sorted(cited - ships)]
    with (folder / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(yaml.safe_dump(gone) if gone else "")


def _take_back() -> None:
    """What 0020 and its corrections added to what ships."""
    Treatment.objects.filter(code="rf-microneedling").delete()
    for code, changes in MIGRATION.TREATMENTS.items():
        row = Treatment.objects.get(code=code)
        for name, (old, _) in changes.items():
            if name == "sources":
                row.sources.set(Source.objects.filter(code__in=old.split()))
            else:
                setattr(row, name, old)
        row.save()
    for name in FLAGS:
        Treatment.objects.update(**{name: getattr(Treatment(), name)})
    Suitability.objects.update(waits_in_pregnancy=False)
    Concern.objects.filter(code="hypertrophic").update(needs_clinician_first=False)
    Source.objects.filter(code__in=MIGRATION._new_sources()).delete()


def correct() -> None:
    MIGRATION.correct(apps, None)


def cell(concern: str, treatment: str) -> Suitability:
    return Suitability.objects.get(concern__code=concern, treatment__code=treatment)


def sources(row: Suitability | Treatment) -> set[str]:
    return set(row.sources.values_list("code", flat=True))


def everything() -> dict[str, Any]:
    """What the matrix and the treatments say, whatever their ids are."""
    cells = Suitability.objects.select_related("concern", "treatment").prefetch_related("sources")
    return {
        "cells": {
            (row.concern.code, row.treatment.code): (
                *(getattr(row, name) for name in CELL),
                sorted(source.code for source in row.sources.all()),
            )
            for row in cells
        },
        "treatments": {
            row.code: (
                *(getattr(row, field.name) for field in Treatment._meta.fields if field.name != "id"),
                sorted(source.code for source in row.sources.all()),
            )
            for row in Treatment.objects.prefetch_related("sources")
        },
        "concerns": set(Concern.objects.filter(needs_clinician_first=True).values_list("code", flat=True)),
    }


def rules(row: tuple[Any, ...]) -> dict[str, Any]:
    """What the rules read of a treatment in `everything`."""
    names = [field.name for field in Treatment._meta.fields if field.name != "id"]
    values = dict(zip(names, row, strict=False))
    return {name: values[name] for name in (*FLAGS, "name", "offered", "pigment_risk", "downtime_days")}


def test_rows_as_they_shipped_become_what_ships_now_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    correct()
    found = everything()
    correct()
    assert everything() == found and not Correction.objects.exists()
    Suitability.objects.all().delete()
    Treatment.objects.all().delete()
    Concern.objects.all().delete()
    for name in (*MATRIX, "suitability.csv"):
        shutil.copy(load.SHIPPED / name, tmp_path)
    load.load(tmp_path)
    ships = everything()
    # The words of a treatment and of a cell, and what they rest on, have changed once more since then; what the rules
    # read has not.
    words = CELL.index("reason")
    for said in (found, ships):
        said["treatments"] = {code: rules(row) for code, row in said["treatments"].items()}
        said["cells"] = {key: values[:words] for key, values in said["cells"].items()}
    assert found == ships
    assert len(found["cells"]) == 170 and len(found["treatments"]) == 17


def test_what_changes_loses_its_check_and_what_does_not_keeps_it() -> None:
    ana = Person.objects.create(slug="ana", name="Dr Ana Lind", role="Dermatologist")
    Suitability.objects.update(reviewed_by=ana, reviewed_on=date(2026, 11, 1))
    correct()
    changed, kept = cell("rolling", "filler"), cell("rolling", "subcision")
    assert changed.score == 2 and changed.reviewed_by is None and changed.reviewed_on is None
    assert kept.reviewed_by == ana and kept.reviewed_on == date(2026, 11, 1)
    unsigned = Suitability.objects.filter(reviewed_by=None, reviewed_on=None)
    assert unsigned.filter(treatment__code="rf-microneedling").count() == 10


def test_edited_rows_are_left_and_named_on_the_desk_which_opens_them() -> None:
    """Whatever was edited: the score, the words, their code, a flag, or what it rests on. Each a cell that would change."""
    ana = Person.objects.create(slug="ana", name="Dr Ana Lind", role="Dermatologist")
    edits: list[dict[str, Any]] = [
        {"score": 1},
        {"reason": "Ours."},
        {"reason_code": "OUR"},
        {"specialist_only": True},
    ]
    first, *others = would_change()
    assert first == ("rolling", "filler")
    edited = dict(zip((first, *others), (*edits, {}), strict=False))
    for key, edit in edited.items():
        row = cell(*key)
        assert all(getattr(row, name) != value for name, value in edit.items()), key
        Suitability.objects.filter(pk=row.pk).update(**edit, reviewed_by=ana, reviewed_on=date(2026, 11, 1))
        if not edit:
            row.sources.add(Source.objects.get(code="KHN"))
    was = {key: said(key) for key in edited}
    correct()
    assert {key: said(key) for key in edited} == was
    told = {one.admin_path: one for one in Correction.objects.all()}
    assert set(told) == {f"/admin/content/suitability/{cell(*key).pk}/change/" for key in edited}
    filler = told[f"/admin/content/suitability/{cell(*first).pk}/change/"]
    assert filler.subject == "Matrix: Rolling scars, Dermal fillers"
    assert "Score: 2, in place of 3." in filler.why and "COC7 FDD FIL, in place of COC7 FDAF T1" in filler.why
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    assert browser.get(filler.admin_path).status_code == 200


def would_change() -> list[tuple[str, str]]:
    """Five cells that the migration changes as they shipped, open to everybody, and that do not rest on KHN."""
    before, after = MIGRATION._table("before"), MIGRATION._table("after")
    found = [key for key in before if before[key] != after[key]]
    plain = Suitability.objects.filter(specialist_only=False).exclude(sources__code="KHN")
    known = set(plain.values_list("concern__code", "treatment__code"))
    first = ("rolling", "filler")
    return [first, *[key for key in found if key in known and key != first][:4]]


def said(key: tuple[str, str]) -> tuple[Any, ...]:
    row = cell(*key)
    return (*(getattr(row, name) for name in CELL), row.reviewed_by, sources(row))


def test_a_treatment_is_compared_field_by_field() -> None:
    Treatment.objects.filter(code="microneedling").update(sessions="4, a month apart", price_from=1)
    correct()
    row = Treatment.objects.get(code="microneedling")
    assert row.sessions == "4, a month apart" and row.price_from == 1
    assert "MNL" in sources(row) and row.sessions_most is None and row.invasiveness == 3
    told = Correction.objects.get()
    assert told.subject == "Treatment: Microneedling"
    assert "sessions: 3 in the main trial" in told.why and "sources" not in told.why


def test_the_rules_apply_at_once_to_edited_rows_as_well() -> None:
    Treatment.objects.filter(code="punch").update(name="Our punch")
    Concern.objects.filter(code="hypertrophic").update(name="Lumps")
    Suitability.objects.filter(pk=cell("rolling", "topical").pk).update(reason="Ours.")
    correct()
    punch = Treatment.objects.get(code="punch")
    assert punch.cuts and punch.face_only and punch.invasiveness == 5
    assert Concern.objects.get(code="hypertrophic").needs_clinician_first
    assert cell("rolling", "topical").waits_in_pregnancy
    assert Treatment.objects.get(code="microneedling-prp").adds_to == "microneedling"


def test_what_was_deleted_stays_deleted() -> None:
    cell("rolling", "filler").delete()
    Treatment.objects.filter(code__in=("microneedling", "tca-cross")).delete()
    Concern.objects.filter(code="milia").delete()
    correct()
    assert not Suitability.objects.filter(concern__code="rolling", treatment__code="filler").exists()
    assert not Treatment.objects.filter(code__in=("microneedling", "tca-cross")).exists()
    assert Suitability.objects.filter(treatment__code="rf-microneedling").count() == 9
    # Without needling it stands by itself again.
    assert Treatment.objects.get(code="microneedling-prp").adds_to == ""
    assert not Correction.objects.exists()


def test_a_treatment_of_the_clinics_own_under_the_new_code_is_left() -> None:
    own = Treatment.objects.create(
        code="rf-microneedling", name="Our RF", short="RF", how="Heats.", evidence="C", offered=True
    )
    correct()
    own.refresh_from_db()
    assert own.name == "Our RF" and own.offered and not own.suitability.exists()
    assert Correction.objects.get().subject == "Treatment: Our RF"


def test_a_source_of_the_clinics_own_under_a_new_code_is_named() -> None:
    Source.objects.create(code="MIL", title="Our leaflet on milia")
    correct()
    assert Source.objects.get(code="MIL").title == "Our leaflet on milia"
    assert Correction.objects.get().subject == "Source: MIL"


def test_an_empty_database_stays_empty_for_what_ships() -> None:
    for model in (Suitability, Treatment, Concern, Source):
        model.objects.all().delete()
    correct()
    assert not Treatment.objects.exists() and not Source.objects.exists()


def test_backwards_rows_that_nobody_touched_say_what_they_said() -> None:
    was, named = everything(), set(Source.objects.values_list("code", flat=True))
    correct()
    MIGRATION.restore(apps, None)
    found = everything()
    assert found["cells"].keys() == was["cells"].keys() and found["concerns"] == was["concerns"]
    # The fields that are new go with 0020; what they hold meanwhile does no harm.
    new = [CELL.index("waits_in_pregnancy")]
    for key, values in was["cells"].items():
        assert [v for n, v in enumerate(found["cells"][key]) if n not in new] == [
            v for n, v in enumerate(values) if n not in new
        ]
    assert set(Source.objects.values_list("code", flat=True)) == named
    assert Treatment.objects.get(code="microneedling").sessions_most == 6
    assert Treatment.objects.get(code="laser-fractional-ablative").name == "Ablative fractional laser"


def test_backwards_what_was_edited_since_is_left() -> None:
    Suitability.objects.filter(pk=cell("rolling", "subcision").pk).update(reason="Ours.")
    Suitability.objects.filter(pk=cell("ice-pick", "filler").pk).update(score=1)
    correct()
    Suitability.objects.filter(pk=cell("rolling", "filler").pk).update(score=1)
    MIGRATION.restore(apps, None)
    assert cell("rolling", "filler").score == 1 and "COC7" in sources(cell("rolling", "filler"))
    assert cell("ice-pick", "punch").reason_code == "R1" and sources(cell("ice-pick", "punch")) == {
        *("NHSA", "T1", "AORG"),
    }
    assert not Correction.objects.exists()
