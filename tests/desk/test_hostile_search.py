"""Whatever is typed into a search of the desk is answered, however much it is."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tests.desk.pages import WORKLIST, words

SEARCHED = [WORKLIST] + sorted(
    f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    for model, page in admin.site._registry.items()
    if page.search_fields
)
HOSTILE = {
    "words": "a " * 2000,
    "letters": "a" * 4000,
    "marks": "a\u0301\u0323" * 1300,
    "wildcards": "%_" * 1000,
    "quotes": '" ' * 1000,
    "brackets": "(" * 4000,
    "digits": "1 " * 2000,
    "controls": "\x01\x7f\x85\u2028",
}


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss", password="correct horse battery"))
    return client


@pytest.mark.parametrize("typed", HOSTILE)
def test_every_search_is_answered(boss: Client, typed: str) -> None:
    assert len(SEARCHED) > 1
    for address in SEARCHED:
        assert boss.get(address, {"q": HOSTILE[typed]}).status_code == 200, address


def test_the_beginning_of_a_long_search_still_finds(boss: Client) -> None:
    consultation = make.submitted(name="Cleo Marsh")
    assert consultation.reference in words(boss.get(WORKLIST, {"q": "  cleo\t marsh " + " " * 3000}))
