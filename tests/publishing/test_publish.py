"""What is published is what readers see; what stands in the way is named, and overridden with a reason that is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import FormerSlug, Page, PageEvent
from content.publishing import obstacles, verbs
from content.publishing.edit import Edit
from content.publishing.errors import Blocked, EditRefused
from content.publishing.obstacles import NOTHING_OVERRIDDEN, Overrides
from tests.publishing import documents
from tests.publishing.documents import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def publish(page: Page, number: int, overrides: Overrides = NOTHING_OVERRIDDEN) -> None:
    verbs.publish(page, Edit(documents.as_ed(), NOW, number), overrides=overrides)


def test_readers_see_it_from_now_on(client: Client) -> None:
    page = documents.draft()
    publish(page, 1)
    assert "Wear a hat." in client.get("/articles/sun/").content.decode()
    documents.saved(page, number=1, body="Wear a cap.\n")
    publish(page, 2)
    assert "Wear a cap." in client.get("/articles/sun/").content.decode()
    assert documents.fresh(page).live == page.versions.get(number=2)
    assert documents.told(page) == ["add", "publish", "save", "publish"]


def test_a_second_press_says_that_it_is_done() -> None:
    page = documents.live()
    with pytest.raises(EditRefused) as refusal:
        publish(page, 1)
    assert refusal.value.code == "live_already"
    assert documents.told(page) == ["add", "publish"]


def test_a_problem_that_blocks_is_named() -> None:
    page = documents.draft(summary="")
    with pytest.raises(Blocked) as blocked:
        publish(page, 1)
    [problem] = blocked.value.problems
    assert (problem.code, problem.field) == ("no_summary", "summary")
    assert str(blocked.value) == "1 problem stands in the way. Mend them, or tick them and give a reason."
    assert not documents.fresh(page).is_published


def test_it_is_overridden_with_a_reason_that_is_kept() -> None:
    page = documents.draft(summary="")
    [problem] = obstacles.problems(documents.page_snapshot(summary=""), documents.TODAY)
    ticked = frozenset({obstacles.key(problem)})
    for reason in ("", "  \n"):
        with pytest.raises(EditRefused) as refusal:
            publish(page, 1, Overrides(ticked, reason))
        assert refusal.value.code == "no_reason"
    publish(page, 1, Overrides(ticked, "The title says it all."))
    event = PageEvent.objects.get(page=page, verb="publish")
    assert (event.problems, event.reason) == ([["no_summary", "summary", ""]], "The title says it all.")


def test_a_reason_without_a_problem_is_not_kept() -> None:
    page = documents.draft()
    publish(page, 1, Overrides(frozenset({"unknown"}), "Just in case."))
    assert PageEvent.objects.get(page=page, verb="publish").reason == ""


def test_there_is_one_home_page() -> None:
    documents.live(kind="home", slug="home")
    second = documents.draft(kind="home", slug="home-two")
    with pytest.raises(EditRefused) as refusal:
        publish(second, 1)
    assert refusal.value.code == "second_of_a_kind"


def test_an_address_that_was_taken_meanwhile_is_refused() -> None:
    page = documents.live()
    documents.saved(page, number=1, slug="light")
    documents.live(slug="light")
    with pytest.raises(EditRefused) as refusal:
        publish(page, 2)
    assert refusal.value.code == "address_taken"
    assert documents.fresh(page).slug == "sun"


@pytest.mark.parametrize("slug", ["admin", "concerns"])
def test_a_page_takes_no_address_of_the_site_itself(slug: str) -> None:
    page = documents.draft(kind="duty", slug=slug)
    with pytest.raises(EditRefused) as refusal:
        publish(page, 1)
    assert refusal.value.code == "address_taken"


def test_readers_of_the_old_address_are_sent_on(client: Client) -> None:
    page = documents.live(slug="sun")
    documents.saved(page, number=1, slug="sunlight")
    assert client.get("/articles/sun/").status_code == 200  # a draft moves nothing
    publish(page, 2)
    response = client.get("/articles/sun/")
    assert (response.status_code, response["Location"]) == (301, "/articles/sunlight/")
    assert client.get("/articles/sunlight/").status_code == 200


def test_a_new_page_at_an_old_address_ends_the_sending_on(client: Client) -> None:
    page = documents.live(slug="sun")
    documents.saved(page, number=1, slug="sunlight")
    publish(page, 2)
    new = documents.draft(slug="sun", title="Another sun")
    publish(new, 1)
    assert "Another sun" in client.get("/articles/sun/").content.decode()
    assert not FormerSlug.objects.exists()


def test_an_unpublished_page_is_not_there_and_can_come_back(client: Client) -> None:
    page = documents.live()
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    assert client.get("/articles/sun/").status_code == 404
    with pytest.raises(EditRefused) as refusal:
        verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    assert refusal.value.code == "not_live"
    publish(page, 1)
    assert client.get("/articles/sun/").status_code == 200


def test_what_was_planned_goes_when_the_page_is_unpublished() -> None:
    page = documents.live()
    documents.saved(page, number=1, title="Soon")
    verbs.schedule(page, Edit(documents.as_ed(), NOW, 2), publish_at=NOW + DAY)
    verbs.unpublish(page, Edit(documents.as_ed(), NOW))
    assert not page.versions.to_publish().exists()


@pytest.mark.parametrize(
    ("kind", "slug", "elsewhere"),
    [
        ("duty", "admin", True),
        ("duty", "concerns", True),
        ("article", "feed", True),
        ("article", "no such slug", True),
        ("duty", "privacy", False),
        ("duty", "costs", False),
        ("article", "sun", False),
        ("concern", "feed", False),
        ("treatment", "peels", False),
        ("home", "home", False),
        ("hub", "concerns", False),
    ],
)
def test_an_address_of_the_site_itself_belongs_to_no_page(kind: str, slug: str, elsewhere: bool) -> None:
    assert obstacles.leads_elsewhere(kind, slug) is elsewhere


def test_an_article_does_not_go_live_behind_the_feed() -> None:
    page = documents.draft(slug="feed")
    with pytest.raises(EditRefused) as refusal:
        verbs.publish(page, Edit(documents.as_ed(), NOW, 1))
    assert refusal.value.code == "address_taken"
