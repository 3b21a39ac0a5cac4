"""The request's page says which other requests may be the same person's, why, and what to do: merge, or a duplicate."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, Message
from bookings.states import Status
from bookings.workflow import intake, reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import buttons, html, page_of, say, words
from tests.factories import CLIENT, NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("monday_morning")]
CLEO = "cleo.marsh@example.org"


def proved(**changes: Any) -> ConsultationRequest:
    made = make.submitted(**{"email": CLEO, "start": None} | changes)
    return intake.prove(made, Origin(CLIENT, NOW))


def test_a_request_of_the_same_proved_address_is_merged_with_one_press(dee: Client) -> None:
    kept, other = proved(), proved(name="Cleo Marsh-Pike")
    page = dee.get(page_of(kept))
    assert "Same proved address, other name" in words(page)
    assert "merge" in buttons(page)

    done = dee.post(page_of(kept), {"do": "merge", "version": kept.version, "other": other.pk}, follow=True)
    assert "Merged. Its links, mails, notes and held time are here now." in words(done)
    assert "Merged into this one: its answers are still there." in words(done)
    assert f"{other.reference}: Request arrived" in words(done), "its history is shown from here"
    assert page_of(kept) in html(dee.get(page_of(other)))


def test_a_phone_or_a_name_alone_is_shown_and_can_be_closed_as_a_duplicate(dee: Client) -> None:
    mine = proved(phone="+441632960111")
    proved(email="mira@example.org", name="Mira Marsh", phone="+441632960111")
    page = dee.get(page_of(mine))
    assert "Same phone, other name" in words(page)
    assert "merge" not in buttons(page)
    assert "Close this one as a duplicate and tell Cleo" in words(page)

    assert say(dee, mine, "decline", reason="duplicate", note="").status_code == 303
    mine.refresh_from_db()
    assert (mine.status, mine.decline_reason) == (Status.DECLINED, "duplicate")
    assert Message.objects.filter(request=mine, kind="declined").exists()


def test_the_page_says_why_two_cannot_be_merged(dee: Client) -> None:
    mine, other = proved(), proved(start=at(3, 10))
    other = reply.confirm(other, Origin(Actor.staff(make.staff()), NOW))
    page = dee.get(page_of(mine))
    assert "The other one is further along." in words(page)
    assert "merge" not in buttons(page)
    assert "merge" in buttons(dee.get(page_of(other))), "from there it can be done"


def test_a_refusal_stands_where_the_button_was(dee: Client) -> None:
    mine, other = proved(), make.submitted(email=CLEO, start=None)
    refused = say(dee, mine, "merge", other=other.pk)
    assert refused.status_code == 409
    assert "Only requests of the same proved address can be merged." in words(refused)


@pytest.mark.parametrize("value", ["", "0", "999999", "-1", "abc", "9" * 40, "\x00"])
def test_what_is_no_request_merges_nothing(dee: Client, value: str) -> None:
    mine = proved()
    proved()
    version = mine.version
    assert say(dee, mine, "merge", other=value).status_code in (200, 400)
    mine.refresh_from_db()
    assert mine.version == version


def test_somebody_who_may_only_look_merges_nothing() -> None:
    mine, other = proved(), proved()
    client = Client()
    client.force_login(make.staff("Lou Looker", "bookings.view_consultationrequest"))
    assert buttons(client.get(page_of(mine))) == set()
    assert say(client, mine, "merge", other=other.pk).status_code == 403
