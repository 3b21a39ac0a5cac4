"""Versions of treatments, cells and plans can be taken away again: readers keep what they have, and see no draft."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from clinic.foundation.written_once import lifted
from content.models import ExamplePlan, PageEvent, Suitability, Treatment, Version
from content.publishing import verbs
from content.publishing.edit import Edit
from content.publishing.facts import of_cell, of_treatment
from tests import factories as make
from tests.publishing import documents, facts
from tests.publishing.documents import NOW

pytestmark = pytest.mark.django_db
MIGRATION = import_module("content.migrations.0020_rights_of_documents")


def test_backwards_readers_keep_what_they_have_and_drafts_go() -> None:
    cell, page, plan = facts.cell(), documents.live(), facts.plan()
    facts.saved(cell, score=3)
    facts.saved(cell.treatment, how="It melts.")
    verbs.unpublish(plan, Edit(documents.as_ed(), NOW))
    verbs.add_cell(
        Edit(documents.as_ed(), NOW), make.concern("boxcar"), cell.treatment, facts.cell_snapshot()
    )
    verbs.add_treatment(Edit(documents.as_ed(), NOW), "laser", facts.treatment_snapshot())
    before = of_cell(cell), of_treatment(cell.treatment)
    with lifted(PageEvent):  # which comes after that migration, and goes before it
        MIGRATION.forget(apps, None)
    assert (of_cell(facts.fresh(cell)), of_treatment(facts.fresh(cell.treatment))) == before
    assert (list(Suitability.objects.all()), list(Treatment.objects.all())) == ([cell], [cell.treatment])
    assert not ExamplePlan.objects.exists()
    assert {version.page for version in Version.objects.all()} == {page}
    assert {event.page for event in PageEvent.objects.all()} == {page}
    assert facts.fresh(cell).live is None
    # And forwards again, each begins with what readers have.
    assert facts.saved(cell, score=1).number == 2


def test_backwards_a_plan_keeps_the_treatment_that_readers_never_had() -> None:
    facts.source()
    new = verbs.add_treatment(Edit(documents.as_ed(), NOW), "laser", facts.treatment_snapshot(offered=True))
    plan = facts.plan()
    facts.saved(plan, lines=(("laser", 1, 1, ""),))
    facts.published(plan, 2)
    with lifted(PageEvent):  # which comes after that migration, and goes before it
        MIGRATION.forget(apps, None)
    assert facts.fresh(new).offered is False and plan.lines.get().treatment == new


def test_the_rights_say_what_they_are_for() -> None:
    rights = Permission.objects.filter(content_type__app_label="content")
    new = {"publish_page": "Can publish, schedule and unpublish content"}
    for codename, name in new.items():
        with lifted(PageEvent):
            MIGRATION.forget(apps, None)
        assert rights.get(codename=codename).name != name
        MIGRATION.rename(apps, None)
        assert rights.get(codename=codename).name == name
