"""Before anything is loaded the site still answers."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import ClinicProfile
from tests.content.html import only, parsed, words


@pytest.mark.parametrize(
    "path", ["/", "/concerns/", "/treatments/", "/faqs/", "/search/", "/search/?q=keloid"]
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
