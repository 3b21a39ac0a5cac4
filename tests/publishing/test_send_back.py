"""A reviewer gives a draft back with a word: it does not go live as it is, and its editor reads what should be different."""

from __future__ import annotations

from typing import Any

import pytest

from content.publishing import due, states, verbs
from content.publishing.edit import Edit
from content.publishing.errors import EditRefused, NeedsReviewer
from tests import factories as make
from tests.publishing import documents, facts
from tests.publishing.documents import DAY, NOW
from tests.publishing.facts import approved, fresh, published, saved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORD = "Say how many visits."


def sent_back(document: Any, number: int, note: str = WORD) -> Any:
    return verbs.send_back(document, Edit(documents.as_rhea(), NOW + DAY, number), note=note)


def test_a_cell_sent_back_loses_its_approval_and_its_plan() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    approved(cell, 2)
    verbs.schedule(cell, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + 2 * DAY)
    version = sent_back(cell, 2)
    assert (version.approved_by, version.publish_at, version.sent_back_at) == (None, None, NOW + DAY)
    assert facts.words(cell) == [WORD]
    with pytest.raises(EditRefused, match="sent version 2 back"):
        published(cell, 2)
    assert ("sent-back", f"Sent back: version 2, Tue 1 Dec 09:00: Rhea Lund: {WORD}") in states.of(
        fresh(cell), make.LONDON
    ).lines


def test_it_is_listed_as_sent_back_until_a_newer_version_is_saved() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    assert [each.document for each in due.due(NOW, make.LONDON).waiting] == [cell]
    sent_back(cell, 2)
    found = due.due(NOW, make.LONDON)
    assert ([each.document for each in found.sent_back], found.waiting) == ([cell], [])
    assert due.counts(NOW, make.LONDON).number == found.number == 1
    saved(cell, number=2, score=3)
    found = due.due(NOW, make.LONDON)
    assert (found.sent_back, [each.number for each in found.waiting]) == ([], [3])


def test_a_reviewer_may_approve_it_after_all() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    sent_back(cell, 2)
    approved(cell, 2)
    published(cell, 2)
    assert fresh(cell).score == 1


def test_a_page_is_sent_back_as_well() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Hats")
    sent_back(page, 2)
    with pytest.raises(EditRefused) as refusal:
        published(page, 2)
    assert refusal.value.code == "sent_back"
    assert documents.fresh(page).title == "Sun and scars"


@pytest.mark.parametrize(
    ("number", "note", "who", "code"),
    [
        (2, "  ", "rhea", "no_word"),
        (2, WORD, "ed", "not_a_reviewer"),
    ],
)
def test_who_may_and_with_which_words(number: int, note: str, who: str, code: str) -> None:
    cell = facts.cell()
    saved(cell, score=1)
    actor = documents.as_rhea() if who == "rhea" else documents.as_ed()
    with pytest.raises(EditRefused) as refusal:
        verbs.send_back(cell, Edit(actor, NOW, number), note=note)
    assert refusal.value.code == code
    assert facts.told(cell) == ["save"]


def test_what_readers_have_is_not_sent_back_nor_anything_twice() -> None:
    cell = facts.cell()
    with pytest.raises(EditRefused) as refusal:
        sent_back(cell, 1)
    assert refusal.value.code == "no_draft"
    saved(cell, score=1)
    sent_back(cell, 2)
    with pytest.raises(EditRefused) as refusal:
        sent_back(cell, 2)
    assert refusal.value.code == "sent_back_already"


def test_what_readers_had_before_it_was_unpublished_is_no_draft() -> None:
    cell = facts.cell()
    saved(cell, score=1)
    facts.approved(cell, 2)
    published(cell, 2)
    verbs.unpublish(cell, Edit(documents.as_ed(), NOW))
    with pytest.raises(EditRefused) as refusal:
        sent_back(cell, 2)
    assert refusal.value.code == "no_draft"
    assert cell.versions.get(number=2).approved_by == facts.person()


def test_a_newer_draft_sent_back_does_not_hold_up_what_is_planned() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Hats")
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + 2 * DAY)
    documents.saved(page, number=2, title="Caps")
    sent_back(page, 3)
    assert page.versions.get(number=2).publish_at == NOW + 2 * DAY


def test_a_medical_page_sent_back_still_needs_its_reviewer() -> None:
    page = documents.live(kind="treatment", slug="peels")
    documents.saved(page, number=1, title="Hats")
    sent_back(page, 2)
    documents.saved(page, number=2, title="Caps")
    with pytest.raises(NeedsReviewer):
        published(page, 3)
