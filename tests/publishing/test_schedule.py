"""What is planned goes live when its time comes, once, and only if it is fit for readers then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from bookings.management.commands import worker
from content import limits
from content.models import Page, PageEvent
from content.publishing import check, clock, obstacles, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked, EditRefused, NeedsReviewer
from content.publishing.obstacles import Overrides
from content.publishing.snapshots import PageSnapshot
from tests.publishing import documents
from tests.publishing.documents import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
THEN = NOW + DAY


def planned(number: int = 2, **changes: str) -> Page:
    """A live page whose version 2 goes live in a day."""
    page = documents.live()
    documents.saved(page, number=1, **({"title": "Soon"} | changes))
    verbs.schedule(page, Edit(documents.as_ed(), NOW, number), publish_at=THEN)
    return page


def test_it_goes_live_when_its_time_has_come_and_no_sooner(client: Client) -> None:
    page = planned()
    assert clock.publish_due(THEN - timedelta(seconds=1)) == 0
    assert documents.fresh(page).title == "Sun and scars"
    assert clock.publish_due(THEN) == 1
    assert "<h1>Soon</h1>" in client.get("/articles/sun/").content.decode()
    event = PageEvent.objects.filter(page=page)[0]
    assert (event.verb, event.by, event.by_name, event.at) == ("publish", None, "The clock", THEN)


def test_a_second_look_does_nothing() -> None:
    page = planned()
    assert [clock.publish_due(THEN + HOUR) for _ in range(2)] == [1, 0]
    assert documents.told(page) == ["add", "publish", "save", "schedule", "publish"]


def test_the_worker_does_it_in_its_turn() -> None:
    page = planned()
    with time_machine.travel(THEN, tick=False):
        assert worker.turn("a worker")
    assert documents.fresh(page).title == "Soon"


def test_a_newer_draft_stays_a_draft() -> None:
    page = planned()
    documents.saved(page, number=2, title="Later still")
    clock.publish_due(THEN)
    assert documents.fresh(page).title == "Soon"
    assert [version.number for version in page.versions.drafts()] == [3]


def test_a_newer_publication_takes_its_place() -> None:
    page = planned()
    documents.saved(page, number=2, title="At once")
    verbs.publish(page, Edit(documents.as_ed(), NOW, 3))
    assert clock.publish_due(THEN) == 0
    assert documents.fresh(page).title == "At once"


def test_planning_again_moves_it() -> None:
    page = planned()
    documents.saved(page, number=2, title="Later still")
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 3), publish_at=THEN + DAY)
    assert clock.publish_due(THEN) == 0
    assert clock.publish_due(THEN + DAY) == 1
    assert documents.fresh(page).title == "Later still"


def test_it_is_taken_off_the_plan() -> None:
    page = planned()
    verbs.unschedule(page, Edit(documents.as_ed(), NOW))
    assert clock.publish_due(THEN) == 0
    with pytest.raises(EditRefused) as refusal:
        verbs.unschedule(page, Edit(documents.as_ed(), NOW))
    assert refusal.value.code == "nothing_planned"


@pytest.mark.parametrize("ahead", [timedelta(0), -HOUR])
def test_the_time_lies_ahead(ahead: timedelta) -> None:
    page = documents.draft()
    with pytest.raises(EditRefused) as refusal:
        verbs.schedule(page, Edit(documents.as_ed(), NOW, 1), publish_at=NOW + ahead)
    assert refusal.value.code == "not_ahead"


def test_what_may_not_go_live_is_not_planned() -> None:
    blocked, unreviewed = documents.draft(summary=""), documents.draft(kind="treatment", slug="peels")
    for page, problem in ((blocked, Blocked), (unreviewed, NeedsReviewer)):
        with pytest.raises(problem):
            verbs.schedule(page, Edit(documents.as_ed(), NOW, 1), publish_at=THEN)


def test_what_was_overridden_stays_overridden() -> None:
    page = documents.draft(summary="")
    keys = frozenset(
        obstacles.key(problem)
        for problem in obstacles.problems(documents.page_snapshot(summary=""), documents.TODAY)
    )
    verbs.schedule(
        page,
        Edit(documents.as_ed(), NOW, 1),
        publish_at=THEN,
        overrides=Overrides(keys, "The title says it all."),
    )
    assert clock.publish_due(THEN) == 1
    event = PageEvent.objects.get(page=page, verb="publish")
    assert (event.problems, event.reason) == ([["no_summary", "summary", ""]], "The title says it all.")


def test_a_page_that_is_not_fit_by_then_is_kept_back_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page = planned()
    found = check.Problem("broken_link", True, "A link leads nowhere.", "body", "/gone/")
    monkeypatch.setattr(check, "problems", lambda snapshot, site: [found])
    assert [clock.publish_due(THEN), clock.publish_due(THEN + HOUR)] == [0, 0]
    assert documents.fresh(page).title == "Sun and scars"
    event = PageEvent.objects.filter(page=page)[0]
    assert (event.verb, event.problems, event.planned_for) == (
        "keep_back",
        [["broken_link", "body", "/gone/"]],
        THEN,
    )
    assert page.versions.get(number=2).kept_back_at == THEN


def test_an_address_that_was_taken_meanwhile_keeps_it_back() -> None:
    page = planned(slug="light")
    documents.live(slug="light")
    assert clock.publish_due(THEN) == 0
    assert PageEvent.objects.filter(page=page)[0].problems == [["address_taken", "", ""]]


def test_one_page_kept_back_does_not_hold_up_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = planned(slug="light"), documents.draft(slug="light")
    third = documents.draft(slug="third")
    verbs.schedule(third, Edit(documents.as_ed(), NOW, 1), publish_at=THEN + HOUR)
    assert clock.publish_due(THEN + HOUR) == 1
    assert not documents.fresh(second).is_published and documents.fresh(third).is_published
    assert documents.fresh(first).slug == "sun"


def test_one_page_that_breaks_does_not_hold_up_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, well = planned(), documents.draft(slug="well")
    verbs.schedule(well, Edit(documents.as_ed(), NOW, 1), publish_at=THEN + HOUR)

    def breaks(snapshot: PageSnapshot, site: object) -> list[check.Problem]:
        if snapshot.slug == "sun":
            raise RecursionError(snapshot.body)
        return []

    monkeypatch.setattr(check, "problems", breaks)
    assert clock.publish_due(THEN + HOUR) == 1
    assert documents.fresh(well).is_published and documents.fresh(broken).title == "Sun and scars"
    assert f"The clock failed at page {broken.pk}" in caplog.messages
    assert "RecursionError" in caplog.text
    monkeypatch.setattr(check, "problems", documents.two_rules)
    assert clock.publish_due(THEN + HOUR * 2) == 1  # its time has still come


def test_one_tick_puts_so_many_live_and_the_next_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PUBLICATIONS_AT_ONCE", 2)
    for slug in ("a", "b", "c"):
        verbs.schedule(documents.draft(slug=slug), Edit(documents.as_ed(), NOW, 1), publish_at=THEN)
    assert [clock.publish_due(THEN) for _ in range(3)] == [2, 1, 0]


def test_the_database_keeps_one_publication_ahead() -> None:
    page = planned()
    documents.saved(page, number=2, title="Later still")
    with pytest.raises(IntegrityError), transaction.atomic():
        page.versions.filter(number=3).update(publish_at=THEN)


def test_the_planned_version_cannot_be_discarded_but_a_newer_draft_can() -> None:
    page = planned()
    with pytest.raises(EditRefused):
        verbs.discard(page, Edit(documents.as_ed(), NOW, 2))
    documents.saved(page, number=2, title="Later still")
    verbs.discard(page, Edit(documents.as_ed(), NOW, 3))
    assert PageSnapshot.from_data(page.versions.tips().get().data).title == "Soon"
