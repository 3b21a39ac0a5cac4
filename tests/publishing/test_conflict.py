"""Two editors at once: one is first, the other is told by whom, and neither loses a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.models import Page, Version
from content.publishing import verbs
from content.publishing.errors import Conflict
from tests.publishing import making
from tests.publishing.making import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + HOUR * 2


def test_the_second_save_is_refused_with_who_and_when() -> None:
    page = making.live()
    making.saved(page, number=1, title="First")
    with pytest.raises(Conflict) as conflict:
        verbs.save_draft(page, making.said(title="Second"), number=1, actor=making.as_ed(), now=LATER)
    assert str(conflict.value) == "Ed Moss saved version 2 1 hour ago."
    assert conflict.value.version.data["title"] == "First"
    assert making.told(page) == ["add", "publish", "save"]


VERBS: dict[str, Callable[[Page], object]] = {
    "save": lambda page: verbs.save_draft(
        page, making.said(title="x"), number=1, actor=making.as_ed(), now=LATER
    ),
    "restore": lambda page: verbs.restore(page, 1, number=1, actor=making.as_ed(), now=LATER),
    "discard": lambda page: verbs.discard(page, number=1, actor=making.as_ed(), now=LATER),
    "approve": lambda page: verbs.approve(page, number=1, actor=making.as_rhea(), now=LATER),
    "publish": lambda page: verbs.publish(page, number=1, actor=making.as_ed(), now=LATER),
    "schedule": lambda page: verbs.schedule(
        page, number=1, publish_at=LATER + DAY, actor=making.as_ed(), now=LATER
    ),
    "unschedule": lambda page: verbs.unschedule(page, number=1, actor=making.as_ed(), now=LATER),
    "unpublish": lambda page: verbs.unpublish(page, number=1, actor=making.as_ed(), now=LATER),
    "share": lambda page: verbs.share(page, number=1, actor=making.as_ed(), now=LATER),
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_acts_on_a_version_that_the_person_has_not_seen(verb: str) -> None:
    page = making.live()
    making.saved(page, number=1, title="First")
    before = list(Version.objects.values_list())
    with pytest.raises(Conflict):
        VERBS[verb](page)
    assert list(Version.objects.values_list()) == before
    assert making.told(page) == ["add", "publish", "save"]
