"""Before anything is loaded the site still answers."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import ClinicProfile
from tests.content.html import only, parsed, words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/concerns/", "/treatments/", "/costs/", "/team/", "/faqs/", "/articles/"),
        *("/search/", "/search/?q=keloid"),
    ],
)
def test_an_empty_clinic_has_a_front_door(db: None, client: Client, path: str) -> None:
    response = client.get(path)
    tree = parsed(response.content.decode())
    assert response.status_code == 200
    assert len(list(tree.iter("h1"))) == 1 and words(only(tree, "title"))
    assert not ClinicProfile.objects.exists()


def test_pages_that_nobody_wrote_are_not_found(db: None, client: Client) -> None:
    assert client.get("/consultations/").status_code == 404
    assert client.get("/privacy/").status_code == 404


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/treatments/", "Nothing is listed here yet."),
        ("/costs/", "First visit Free"),
        ("/costs/", "We have no prices of treatments to show yet."),
        ("/team/", "Nobody is listed here yet."),
        ("/articles/", "We have not written any yet."),
    ],
)
def test_a_list_without_rows_says_so(db: None, client: Client, path: str, told: str) -> None:
    main = only(parsed(client.get(path).content.decode()), "main")
    assert told in " ".join(text.strip() for text in main.itertext() if text.strip())


def test_the_foot_links_only_to_what_opens(db: None, client: Client) -> None:
    tree = parsed(client.get("/").content.decode())
    links = [a.get("href") or "" for a in tree.findall(".//footer//nav//a")]
    assert "/costs/" in links and "/articles/" not in links
    for path in links:
        assert client.get(path).status_code == 200, path
