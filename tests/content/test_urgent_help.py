"""Whom to call when it cannot wait: blocks that a phone dials, from the clinic's profile, which is never without them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from content.models import ClinicProfile, Page
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NUMBERS = [
    ("tel:999", "Emergency services", "Call 999"),
    ("tel:111", "NHS urgent advice", "Call 111"),
    ("tel:116123", "Samaritans", "Call 116 123"),
]


def buttons(tree: Element) -> list[tuple[str, str, str]]:
    """The big blocks, each a link as a whole: where it leads, who answers, what it says that it does."""
    return [
        (link.get("href") or "", words(only(link, "strong")), words(only(link, "b")))
        for link in tree.iter("a")
        if link.get("class") == "tel"
    ]


def page(client: Client, path: str = "/urgent-help/") -> Element:
    return parsed(client.get(path).content.decode())


def test_urgent_help_begins_with_whom_to_call(shipped: None, client: Client) -> None:
    tree = page(client)
    assert buttons(tree) == NUMBERS
    text = words(only(tree, "main"))
    assert text.index("Call 116 123") < text.index("Call 999 now")
    assert "see your GP soon" in text and "At a glance" not in text  # nothing stands between
    for number in ClinicProfile.current().urgent_numbers:
        assert number.when in text


def test_no_other_duty_page_has_them(shipped: None, client: Client) -> None:
    assert buttons(page(client, "/privacy/")) == []


def test_a_clinic_elsewhere_names_its_own_numbers(shipped: None, client: Client) -> None:
    ClinicProfile.objects.update(
        country="IE",
        part="",
        emergency_number="112",
        talk_label="Samaritans Ireland",
        advice_number="+353 1 960",
    )
    assert buttons(page(client)) == [
        ("tel:112", "Emergency services", "Call 112"),
        ("tel:+3531960", "NHS urgent advice", "Call +353 1 960"),
        ("tel:116123", "Samaritans Ireland", "Call 116 123"),
    ]


def test_before_a_profile_is_stored_the_numbers_are_there(shipped: None, client: Client) -> None:
    ClinicProfile.objects.all().delete()
    assert buttons(page(client)) == NUMBERS


def test_it_prints_whatever_an_editor_may_put_into_a_page(shipped: None, client: Client) -> None:
    body = "Call.\n\n{{ of-100 6 | people }}\n\n{{ tones ice-pick }}\n\n{{ kept-ready }}\n\n## Then\n\nWait."
    Page.objects.filter(slug="urgent-help").update(body=body)
    text = words(only(page(client), "main"))
    assert "6 people" in text and ClinicProfile.current().filler_kit.splitlines()[0] in text
    assert any("skin-ice-pick" in (each.get("id") or "") for each in page(client).iter())
