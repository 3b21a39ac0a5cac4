"""A reviewer puts their name to one version, and to no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from content.models import Person
from content.publishing import verbs
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditRefused, NeedsReviewer
from content.publishing.obstacles import Overrides
from tests import factories as make
from tests.publishing import documents
from tests.publishing.desk import words
from tests.publishing.documents import NEXT_YEAR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_readers_see_the_reviewer_once_the_approved_version_is_live(client: Client) -> None:
    make.profile()
    page = documents.draft(kind="treatment", slug="peels")
    version = verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=NEXT_YEAR)
    assert (str(version.approved_by), version.approved_at) == ("Dr Rhea Lund, Dermatologist", NOW)
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    shown = words(client.get("/treatments/peels/"))
    assert "Checked by Dr Rhea Lund, dermatologist, on 30 November 2026." in shown
    assert "To be checked again by 30 November 2027." in shown


def test_an_approval_counts_for_that_version_only() -> None:
    page = documents.live(kind="treatment", slug="peels")
    documents.saved(page, number=1, title="Peels, in other words")
    with pytest.raises(NeedsReviewer):
        verbs.publish(page, Edit(documents.as_ed(), NOW, 2))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 2))
    assert verbs.publish(page, Edit(documents.as_ed(), NOW, 2)).number == 2


def test_readers_are_not_told_that_somebody_checked_words_they_never_saw() -> None:
    page = documents.draft()
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1))
    verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    documents.saved(page, number=1, body="Wear a hat, or do not.\n")
    verbs.publish(page, Edit(documents.as_ed(), NOW, 2))
    assert (documents.fresh(page).checked_by, documents.fresh(page).checked_on) == (None, None)


def test_nobody_signs_for_a_reviewer_with_a_draft() -> None:
    documents.rhea()
    signed = documents.page_snapshot(
        kind="treatment", slug="peels", checked_by="rhea-lund", checked_on=date(2026, 11, 30)
    )
    page = verbs.add_page(Edit(documents.as_ed(), NOW), signed)
    verbs.save_draft(page, Edit(documents.as_ed(), NOW, 1), replace(signed, title="Peels"))
    assert documents.fresh(page).checked_by is None
    with pytest.raises(NeedsReviewer):
        verbs.publish(page, Edit(documents.as_ed(), NOW, 2))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "treatment", "slug": "peels"},
        {"kind": "concern", "slug": "pits"},
        {"kind": "article", "treatments": ("peel",)},
    ],
)
def test_a_page_about_a_treatment_or_a_concern_needs_a_reviewer_whatever_the_reason(
    changes: dict[str, str],
) -> None:
    documents.treatment()
    page = documents.draft(**changes)
    for key in ("no_reviewer", "needs_reviewer"):
        with pytest.raises(NeedsReviewer):
            verbs.publish(
                page,
                Edit(documents.as_ed(), NOW, 1),
                overrides=Overrides(frozenset({key}), "We are in a hurry."),
            )
    assert not documents.fresh(page).is_published


def test_the_live_page_is_checked_again_without_an_editor() -> None:
    page = documents.live(kind="treatment", slug="peels", review_due=date(2026, 11, 1))
    verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=NEXT_YEAR)
    assert (documents.fresh(page).checked_on, documents.fresh(page).review_due) == (
        date(2026, 11, 30),
        NEXT_YEAR,
    )
    assert documents.told(page)[-1] == "approve"


def test_the_next_check_lies_ahead() -> None:
    page = documents.draft()
    with pytest.raises(EditRefused) as refusal:
        verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=date(2026, 11, 30))
    assert refusal.value.code == "review_not_ahead"


def test_nobody_approves_but_a_reviewer_who_is_a_person_of_the_team() -> None:
    page = documents.draft()
    unlinked = make.staff("Ira Voss", *documents.REVIEWER)
    linked = make.staff("Eli Wood", *documents.EDITOR)
    Person.objects.create(slug="eli-wood", name="Eli Wood", role="Writer", account=linked)
    for user in (documents.ed(), unlinked, linked, make.staff("Eve Nobody")):
        with pytest.raises(EditRefused) as refusal:
            verbs.approve(page, Edit(Editor.staff(User.objects.get(pk=user.pk)), NOW, 1))
        assert refusal.value.code == "not_a_reviewer"
    with pytest.raises(EditRefused):
        verbs.approve(page, Edit(Editor.clock(), NOW, 1))
    assert documents.told(page) == ["add"]


def test_a_check_of_what_readers_have_is_no_news() -> None:
    page = documents.live()
    changed_at = documents.fresh(page).updated_at
    verbs.approve(page, Edit(documents.as_rhea(), NOW + documents.DAY, 1))
    assert documents.fresh(page).checked_by is not None
    assert documents.fresh(page).updated_at == changed_at
    documents.saved(page, number=1, title="Hats")
    verbs.publish(page, Edit(documents.as_ed(), NOW + documents.DAY, 2))
    assert documents.fresh(page).updated_at > changed_at


def test_no_page_goes_unchecked_for_more_than_two_years() -> None:
    page = documents.draft()
    with pytest.raises(EditRefused) as refusal:
        verbs.approve(page, Edit(documents.as_rhea(), NOW, 1), next_review=date(2029, 1, 1))
    assert refusal.value.code == "review_too_far"
