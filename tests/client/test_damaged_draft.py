"""A draft that holds what no version of ours would store: every page answers, and asks again for what is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.client.form.order import STEPS
from bookings.models import ConsultationRequest, Draft
from tests import factories as make
from tests.client import walk
from tests.factories import undone
from tests.pure.test_draft_data import NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OF_TIMES = ("type", "practitioner", "slot", "windows", "time_zone", "look", "taken")
WRONG: tuple[Any, ...] = (7, [[8, "evening"], {"a": None}], {"a": [7]})


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False):
        yield


def damage(draft: str, **values: Any) -> None:
    row = Draft.objects.get(pk=draft)
    row.data |= values
    row.save(update_fields=["data"])


def test_no_page_fails() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    for name in NAMES:
        for wrong in WRONG:
            with undone():
                damage(draft, **{name: wrong})
                pages = ("check", "times") if name in OF_TIMES else ("check",)
                for page in pages:
                    response = browser.get(f"/consultations/request/{page}/?d={draft}", follow=True)
                    assert response.status_code == 200, (name, wrong, page)


@pytest.mark.parametrize(
    "name", ["adult", "concerns", "areas", "applies", "type", "name", "email", "contact_by"]
)
def test_nothing_is_sent_without_an_answer_that_it_needs(name: str) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    damage(draft, **{name: {"a": 1}})
    assert walk.send(browser, draft).status_code == 303
    assert not ConsultationRequest.objects.exists()


def test_what_is_lost_is_asked_again_and_the_rest_is_kept() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    whole = Draft.objects.get(pk=draft).data
    damage(draft, email=["cleo@example.org"], later={"a": 1})
    response = browser.get(f"/consultations/request/check/?d={draft}")
    assert response["Location"].startswith("/consultations/request/you/")
    page = walk.tree(browser.get(response["Location"]))
    filled = {box.get("name"): box.get("value") for box in page.iter("input")}
    assert filled["name"] == "Cleo Marsh" and not filled["email"]
    walk.answer(browser, draft, "you")
    assert Draft.objects.get(pk=draft).data | {"done": 0} == whole | {"later": {"a": 1}, "done": 0}
    assert {*Draft.objects.get(pk=draft).data["done"]} == {one.name for one in STEPS if one.name != "phone"}
