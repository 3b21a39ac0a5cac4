"""A renamed page answers at its old addresses by sending readers on, for good."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from content.models import FormerSlug, Page
from content.publishing import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.once]
KINDS = ("concern", "treatment", "article", "duty")
UNDER = {
    "concern": "/concerns/{}/",
    "treatment": "/treatments/{}/",
    "article": "/articles/{}/",
    "duty": "/{}/",
}


def page(slug: str = "sun", kind: str = "concern") -> Page:
    return Page.objects.create(kind=kind, slug=slug, title=slug, menu_title=slug, summary="-")


def renamed(page: Page, slug: str, kind: str = "") -> None:
    old = page.kind, page.slug
    page.slug, page.kind = slug, kind or page.kind
    page.save()
    addresses.moved(page, *old)


def sent_on(client: Client, path: str) -> str | None:
    """Where the path leads for good, or None if it is not found."""
    response = client.get(path)
    assert response.status_code in (301, 404), path
    return response["Location"] if response.status_code == 301 else None


@pytest.mark.parametrize("kind", KINDS)
def test_the_old_address_leads_to_the_new_one(client: Client, kind: str) -> None:
    renamed(page("sun", kind), "sunlight")
    for response in (client.get(UNDER[kind].format("sun")), client.head(UNDER[kind].format("sun"))):
        assert response.status_code == 301
        assert response["Location"] == UNDER[kind].format("sunlight")
    assert client.get(UNDER[kind].format("sunlight")).status_code == 200
    assert client.post(UNDER[kind].format("sun")).status_code == 405


def test_another_kind_with_that_slug_is_not_meant(client: Client) -> None:
    renamed(page("sun", "concern"), "sunlight")
    assert sent_on(client, "/articles/sun/") is None
    assert sent_on(client, "/treatments/sun/") is None


def test_a_page_that_changes_its_kind_is_found_too(client: Client) -> None:
    renamed(page("sun", "article"), "sun", kind="concern")
    assert sent_on(client, "/articles/sun/") == "/concerns/sun/"


def test_the_query_string_stays_behind(client: Client) -> None:
    renamed(page(), "sunlight")
    assert sent_on(client, "/concerns/sun/?q=my+keloid") == "/concerns/sunlight/"


def test_two_moves_are_one_step(client: Client) -> None:
    moving = page("a")
    renamed(moving, "b")
    renamed(moving, "c")
    assert sent_on(client, "/concerns/a/") == sent_on(client, "/concerns/b/") == "/concerns/c/"


def test_a_page_that_is_renamed_back_is_at_its_first_address(client: Client) -> None:
    moving = page("a")
    renamed(moving, "b")
    renamed(moving, "a")
    assert client.get("/concerns/a/").status_code == 200
    assert sent_on(client, "/concerns/b/") == "/concerns/a/"
    assert not FormerSlug.objects.filter(slug="a").exists()


def test_no_browser_keeps_the_way_for_ever(client: Client) -> None:
    renamed(page("a"), "b")
    assert client.get("/concerns/a/")["Cache-Control"] == "no-cache"


def test_an_address_that_a_new_page_takes_stops_sending_on(client: Client) -> None:
    renamed(page("a"), "b")
    new = page("a")
    addresses.took(new)
    assert client.get("/concerns/a/").status_code == 200
    Page.objects.filter(pk=new.pk).update(is_published=False)
    assert sent_on(client, "/concerns/a/") is None


def test_pages_that_change_places_keep_only_what_is_free(client: Client) -> None:
    one, two = page("a"), page("b")
    renamed(one, "c")
    renamed(two, "a")
    renamed(one, "b")
    assert client.get("/concerns/a/").status_code == client.get("/concerns/b/").status_code == 200
    assert sent_on(client, "/concerns/c/") == "/concerns/b/"
    assert FormerSlug.objects.count() == 1


def test_a_page_that_nobody_may_see_is_not_found_at_its_old_address(client: Client) -> None:
    moving = page("a")
    renamed(moving, "b")
    Page.objects.update(is_published=False)
    assert sent_on(client, "/concerns/a/") is None


def test_a_page_that_is_deleted_takes_its_old_addresses_along(client: Client) -> None:
    moving = page("a")
    renamed(moving, "b")
    moving.delete()
    assert sent_on(client, "/concerns/a/") is None


def test_the_page_of_consultations_can_move_as_well(client: Client) -> None:
    renamed(page("consultations", "duty"), "first-visit")
    assert sent_on(client, "/consultations/") == "/first-visit/"


@pytest.mark.parametrize("kind", ["home", "hub"])
def test_a_page_whose_address_has_no_slug_leaves_none(kind: str) -> None:
    renamed(page("home", kind), "start")
    assert not FormerSlug.objects.exists()


def test_a_save_that_renames_nothing_leaves_nothing() -> None:
    renamed(page(), "sun")
    assert not FormerSlug.objects.exists()


def test_readers_of_pages_that_are_there_pay_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    renamed(page(), "sunlight")
    with django_assert_num_queries(2):  # the page that is not there; the address that it had
        client.get("/concerns/sun/")
    with django_assert_num_queries(
        6
    ):  # concerns and pages by name; the two of the frame round what is not found
        client.get("/concerns/nothing/")
