"""A cell of the matrix goes to readers as a page does: a draft, a check, a reviewer's name, and only then live."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from content.models import ExamplePlan, Page, Suitability, Version
from content.publishing import clock, kinds, obstacles, states, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked, EditConflict, EditRefused, NeedsReviewer
from content.publishing.obstacles import Overrides
from tests import factories as make
from tests.publishing import documents, facts
from tests.publishing.documents import DAY, HOUR, NOW
from tests.publishing.facts import GUARANTEED, REASON, approved, fresh, published, saved

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_saved_cell_is_a_draft_and_readers_keep_what_they_had() -> None:
    cell = facts.cell()
    version = saved(cell, reason=GUARANTEED, score=3)
    assert (version.number, version.document, version.approved_by) == (2, cell, None)
    row = fresh(cell)
    assert (row.reason, row.score, row.reviewed_by) == (REASON, 2, facts.person())
    assert list(Version.objects.drafts()) == [version]


def test_the_order_of_its_sources_is_no_change() -> None:
    """Databases sort letters in different ways."""
    cell = facts.cell()
    cell.sources.add(facts.source("ABC"))
    snapshot = facts.cell_snapshot(sources=("KHN", "ABC"))
    assert verbs.save_draft(cell, Edit(documents.as_ed(), NOW, 1), snapshot).number == 1


def test_what_was_there_before_versions_is_version_1_with_the_name_that_it_had() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    first = cell.versions.get(number=1)
    assert fresh(cell).live == first
    assert first.approved_by == facts.person()
    assert first.approved_at is not None and first.approved_at.date() == facts.CHECKED_ON


def test_no_cell_goes_live_without_a_reviewer_whatever_reason_there_is() -> None:
    cell = facts.cell()
    version = saved(cell, reason=GUARANTEED)
    keys = frozenset(
        obstacles.key(each) for each in obstacles.problems(kinds.snapshot_of(version), documents.TODAY)
    )
    with pytest.raises(NeedsReviewer, match="A cell of the matrix is medical"):
        published(cell, 2, overrides=Overrides(keys, "A reason that is long enough."))
    assert fresh(cell).reason == REASON


def test_a_promise_stands_in_the_way_though_a_reviewer_approved_it() -> None:
    cell = facts.cell()
    saved(cell, reason=GUARANTEED)
    approved(cell, 2)
    with pytest.raises(Blocked) as blocked:
        published(cell, 2)
    assert {(each.code, each.field) for each in blocked.value.problems} >= {("claim_guaranteed", "reason")}
    assert fresh(cell).reason == REASON
    keys = frozenset(map(obstacles.key, blocked.value.problems))
    with pytest.raises(EditRefused, match="Say in a few words"):
        published(cell, 2, overrides=Overrides(keys))
    passing = Overrides(keys, "It quotes what others promise.")
    with pytest.raises(EditRefused, match="only a reviewer can let that pass"):
        published(cell, 2, overrides=passing)
    assert fresh(cell).reason == REASON
    verbs.publish(cell, Edit(documents.as_rhea(), NOW + HOUR, 2), overrides=passing)
    assert fresh(cell).reason == GUARANTEED


def test_an_approved_cell_goes_live_under_the_name_of_whoever_approved_it() -> None:
    cell = facts.cell(reviewed_by=None, reviewed_on=None)
    saved(cell, reason="It may lift shallow scars.", sources=("KHN", "BHA"))
    facts.source("BHA")
    approved(cell, 2)
    assert fresh(cell).reviewed_by is None
    published(cell, 2)
    row = fresh(cell)
    assert (row.reason, row.reviewed_by, row.reviewed_on) == (
        "It may lift shallow scars.",
        facts.person(),
        documents.TODAY,
    )
    assert {each.code for each in row.sources.all()} == {"KHN", "BHA"}
    assert facts.told(cell) == ["save", "approve", "publish"]


def test_approving_what_readers_have_puts_the_name_under_it_at_once() -> None:
    cell = facts.cell(reviewed_by=None, reviewed_on=None)
    approved(cell, 1)
    assert fresh(cell).reviewed_by == facts.person()


def test_only_a_reviewer_approves() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    with pytest.raises(EditRefused) as refusal:
        verbs.approve(cell, Edit(documents.as_ed(), NOW, 2))
    assert refusal.value.code == "not_a_reviewer"


def test_two_at_once_the_second_is_told() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    with pytest.raises(EditConflict, match="Ed Moss saved version 2"):
        saved(cell, number=1, score=3)
    assert cell.versions.count() == 2


def test_a_cell_that_is_not_there_yet_begins_as_a_draft() -> None:
    facts.source()
    concern, treatment = make.concern(), facts.treatment()
    cell = verbs.add_cell(Edit(documents.as_ed(), NOW), concern, treatment, facts.cell_snapshot())
    assert not Suitability.objects.published().exists()
    with pytest.raises(NeedsReviewer):
        published(cell, 1)
    approved(cell, 1)
    published(cell, 1)
    assert list(Suitability.objects.published()) == [cell]
    with pytest.raises(EditRefused) as refusal:
        verbs.add_cell(Edit(documents.as_ed(), NOW), concern, treatment, facts.cell_snapshot())
    assert refusal.value.code == "cell_taken"


def test_a_cell_goes_live_at_its_time_and_is_kept_back_when_it_is_no_longer_fit() -> None:
    cell, other = facts.cell(), None
    saved(cell, score=1)
    approved(cell, 2)
    verbs.schedule(cell, Edit(documents.as_ed(), NOW + HOUR, 2), publish_at=NOW + DAY)
    assert clock.publish_due(NOW + HOUR) == 0
    assert clock.publish_due(NOW + DAY) == 1
    assert fresh(cell).score == 1
    other = saved(cell, number=2, score=3)
    approved(cell, 3)
    verbs.schedule(cell, Edit(documents.as_ed(), NOW + DAY, 3), publish_at=NOW + 2 * DAY)
    cell.sources.all()[0].delete()
    assert clock.publish_due(NOW + 2 * DAY) == 0
    other.refresh_from_db()
    assert (fresh(cell).score, other.kept_back_at) == (1, NOW + 2 * DAY)


def test_an_older_version_comes_back_as_a_draft_without_its_name() -> None:
    cell = facts.cell()
    saved(cell, reason="It may lift shallow scars.")
    approved(cell, 2)
    published(cell, 2)
    version = verbs.restore(cell, Edit(documents.as_ed(), NOW, 2), 1)
    assert (version.number, version.approved_by, version.data["reason"]) == (3, None, REASON)
    verbs.discard(cell, Edit(documents.as_ed(), NOW, 3))
    assert list(Version.objects.drafts()) == []


def test_a_cell_comes_off_at_once_and_goes_back() -> None:
    cell = facts.cell()
    verbs.unpublish(cell, Edit(documents.as_ed(), NOW))
    assert not Suitability.objects.published().exists()
    published(cell, 1)
    assert list(Suitability.objects.published()) == [cell]


def test_only_a_cell_that_readers_never_had_is_deleted() -> None:
    cell = facts.cell()
    with pytest.raises(EditRefused, match="Readers have had this cell. Unpublish it instead."):
        verbs.remove(cell, Edit(documents.as_ed(), NOW))
    facts.source()
    draft = verbs.add_cell(
        Edit(documents.as_ed(), NOW), make.concern("boxcar"), facts.treatment(), facts.cell_snapshot()
    )
    verbs.remove(draft, Edit(documents.as_ed(), NOW))
    assert list(Suitability.objects.all()) == [cell]


def test_a_page_says_nothing_in_the_place_of_a_cell() -> None:
    cell = facts.cell()
    with pytest.raises(TypeError, match="Snapshot is not what a cell says"):
        verbs.save_draft(cell, Edit(documents.as_ed(), NOW, 1), documents.page_snapshot())


def test_its_standing_says_what_a_form_must_carry() -> None:
    cell = facts.cell()
    assert states.of(cell, make.LONDON).seen == "1-0"
    assert states.of(cell, make.LONDON).lines[0] == ("live", "Live: as it was made")
    saved(cell, score=1)
    state = states.of(fresh(cell), make.LONDON)
    assert (state.tip.number, state.is_draft) == (2, True)
    assert state.lines[1][0] == "draft"


@pytest.mark.parametrize("owners", [(), ("cell", "page")])
def test_the_database_gives_every_version_to_one_document(owners: tuple[str, ...]) -> None:
    rows = {"cell": facts.cell(), "page": documents.draft()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            **{name: rows[name] for name in owners}, number=9, data={}, saved_by_name="Ed", saved_at=NOW
        )


def test_every_document_counts_its_own_versions_and_plans_its_own_publication() -> None:
    cell, plan, page = facts.cell(), facts.plan(), documents.draft()
    saved(cell, score=1)
    saved(plan, note="More.")
    assert isinstance(page, Page) and isinstance(plan, ExamplePlan)
    assert {version.document: version.number for version in Version.objects.tips()} == {
        cell: 2,
        plan: 2,
        page: 1,
    }
    approved(cell, 2)
    for document, number in ((cell, 2), (plan, 2), (page, 1)):
        verbs.schedule(document, Edit(documents.as_ed(), NOW, number), publish_at=NOW + DAY)
    assert Version.objects.to_publish().count() == 3
    assert clock.publish_due(NOW + DAY) == 3
