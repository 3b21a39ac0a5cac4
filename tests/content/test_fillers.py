"""A filler is suggested only while the clinic says which kind it uses, what it keeps ready and whom to call."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from content.guide import rows
from content.guide.answers import Answers
from content.guide.rules import suggest
from content.models import ClinicProfile, Treatment, Version
from content.models.clinic import FILLERS
from tests.content.html import only, parsed, words
from tests.pure.guide import NOTHING

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WAITS = "We have not yet said here what we keep ready"


def read(client: Client, path: str) -> str:
    return words(only(parsed(client.get(path).content.decode()), "main"))


def guide() -> tuple[list[str], list[str]]:
    """For rolling scars: what it names, and what it leaves out because the clinic has not said enough."""
    answers = Answers(adult=True, skin="burns", concerns=("rolling",), **NOTHING)
    result = suggest(answers, rows.cells(rows.matrix(answers)))
    left = [one.treatment.code for one in result.left_out if one.kind == "unready"]
    return [one.treatment.code for one in result.shown], left


def test_the_page_says_in_the_clinics_words_what_is_kept_ready(shipped: None, client: Client) -> None:
    clinic = ClinicProfile.current()
    page = read(client, "/treatments/dermal-fillers/")
    for name in FILLERS:
        assert getattr(clinic, name).splitlines()[0] in page
    assert WAITS not in page
    assert "filler" in guide()[0]


@pytest.mark.parametrize("missing", FILLERS)
def test_while_one_of_them_is_missing_no_filler_is_suggested_and_the_site_says_why(
    shipped: None, client: Client, missing: str
) -> None:
    ClinicProfile.objects.update(**{missing: ""})
    shown, left = guide()
    assert "filler" not in shown and left == ["filler"]
    assert "this site suggests no fillers" in read(client, "/treatments/dermal-fillers/")
    rolling = read(client, "/concerns/rolling/")
    assert "Not suggested for now: dermal fillers" in rolling and WAITS in rolling
    assert not Treatment.objects.offered().filter(is_filler=True).exists()


def test_then_nothing_offers_one_either(shipped: None, client: Client) -> None:
    """Not the comparison, not the prices, not the example plans, not the form."""
    assert "with fillers" in read(client, "/costs/")
    assert "illers" in read(client, "/consultations/request/")
    ClinicProfile.objects.update(filler_kit="")
    assert "with fillers" not in read(client, "/costs/")
    for path in ("/treatments/", "/costs/"):
        tables = [words(table) for table in parsed(client.get(path).content.decode()).iter("table")]
        assert tables and not any("illers" in table for table in tables), path
    form = read(client, "/consultations/request/")
    assert "Microneedling" in form and "illers" not in form


def test_a_clinic_that_was_here_before_finds_on_its_desk_what_to_write(shipped: None) -> None:
    Correction = apps.get_model("content", "Correction")
    filler = Treatment.objects.get(code="filler")
    Treatment.objects.filter(pk=filler.pk).update(is_filler=False)
    before = {"name": "Dermal fillers"}
    version = Version.objects.create(
        treatment=filler, number=99, data=before, saved_by_name="Ed", saved_at=timezone.now()
    )
    migration = import_module("content.migrations.0028_fillers")
    migration.mark(apps, None)
    version.refresh_from_db()
    assert Treatment.objects.get(code="filler").is_filler and version.data == before | {"is_filler": True}
    assert Correction.objects.get(subject=migration.SUBJECT).admin_path.endswith("/clinicprofile/1/change/")
    migration.unmark(apps, None)
    version.refresh_from_db()
    assert version.data == before
    assert not Correction.objects.filter(subject=migration.SUBJECT).exists()
