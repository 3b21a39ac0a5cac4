"""Rule 5a on the guide's page: isotretinoin with pregnancy comes before everything, and nothing closes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.content.guide import main, told
from tests.content.html import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BOTH = {"pregnancy": "pregnant", "isotretinoin": "now"}


def alarm(response: Any) -> Any:
    return parsed(response.content.decode()).find(".//section[@aria-labelledby='alarm']")


def test_isotretinoin_with_pregnancy_comes_before_everything_and_nothing_closes_it(
    shipped: None, client: Client
) -> None:
    response = told(client, active_spots="yes", **BOTH)
    text = main(response)
    assert text.startswith("Isotretinoin can badly harm an unborn baby")
    for phrase in (
        "take no more capsules, and call the doctor who prescribed it today.",
        "No answer? Call your GP or 111",
        "you need to wait a month after the last capsule",
    ):
        assert phrase in text
    assert "If both could be true for you" not in text
    # It contradicts itself nowhere on the page.
    assert "Go on with the doctor" not in text
    notice = alarm(response)
    assert [a.get("href") for a in notice.iter("a")] == ["tel:111"]
    assert not [
        tag for tag in ("button", "details", "summary", "input") if notice.find(f".//{tag}") is not None
    ]


@pytest.mark.parametrize("changes", [{"pregnancy": "not_sure"}, {"isotretinoin": "in_person"}])
def test_not_being_sure_of_one_says_if_both_could_be_true(
    shipped: None, client: Client, changes: dict[str, str]
) -> None:
    text = main(told(client, **BOTH | changes))
    assert text.startswith("If both could be true for you: Isotretinoin can badly harm an unborn baby")


@pytest.mark.parametrize(
    "changes", [{"isotretinoin": "stopped_1_12"}, {"isotretinoin": "no"}, {"pregnancy": "no"}]
)
def test_without_both_it_is_not_there(shipped: None, client: Client, changes: dict[str, str]) -> None:
    assert alarm(told(client, **BOTH | changes)) is None
