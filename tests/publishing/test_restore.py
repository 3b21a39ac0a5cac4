"""An old version comes back as a new draft, to be looked at before readers get it."""

from __future__ import annotations

import pytest

from content.publishing import verbs
from content.publishing.edit import Edit
from content.publishing.errors import EditRefused
from content.publishing.snapshots import PageSnapshot
from tests.publishing import documents
from tests.publishing.documents import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_it_says_what_it_said_then_and_readers_wait() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Two", body="Two.\n")
    verbs.publish(page, Edit(documents.as_ed(), NOW, 2))
    version = verbs.restore(page, Edit(documents.as_ed(), NOW, 2), 1)
    assert (version.number, version.note) == (3, "Version 1 again")
    assert PageSnapshot.from_data(version.data) == documents.page_snapshot()
    assert documents.fresh(page).title == "Two"
    assert documents.told(page)[-1] == "restore"


def test_its_approval_does_not_come_with_it() -> None:
    page = documents.live(kind="treatment", slug="peels")
    documents.saved(page, number=1, title="Two")
    assert verbs.restore(page, Edit(documents.as_ed(), NOW, 2), 1).approved_by is None


@pytest.mark.parametrize(
    ("old", "code"), [(1, "nothing_new"), (7, "no_such_version"), (0, "no_such_version")]
)
def test_there_must_be_an_old_one(old: int, code: str) -> None:
    page = documents.draft()
    with pytest.raises(EditRefused) as refusal:
        verbs.restore(page, Edit(documents.as_ed(), NOW, 1), old)
    assert refusal.value.code == code
