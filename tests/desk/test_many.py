"""Many requests at once: each goes through its verb with the version that the page showed, and the answer tells of each."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, Event, Message
from bookings.states import Status
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import WORKLIST, html, words

pytestmark = pytest.mark.once


def tick(*consultations: ConsultationRequest) -> list[str]:
    return [f"{each.pk}.{each.version}" for each in consultations]


def press(client: Client, do: str, *consultations: ConsultationRequest, **more: Any) -> Any:
    return client.post(WORKLIST, {"do": do, "picked": tick(*consultations)} | more)


@pytest.fixture
def three() -> list[ConsultationRequest]:
    return [make.submitted(name=name, start=None) for name in ("Cleo Marsh", "Ann Other", "Zoe Luk")]


def test_the_ticks_carry_the_versions_that_the_page_shows(
    dee: Client, three: list[ConsultationRequest]
) -> None:
    shown = re.findall(r'name="picked" value="([\d.]+)"', html(dee.get(WORKLIST)))
    assert sorted(shown) == sorted(tick(*three))


def test_all_are_taken_and_each_has_its_own_event(dee: Client, three: list[ConsultationRequest]) -> None:
    page = press(dee, "take", *three)
    assert "3 of 3 done" in words(page)
    assert set(ConsultationRequest.objects.values_list("assigned_to", flat=True)) == {make.staff().pk}
    assert Event.objects.filter(verb="assign").count() == 3


def test_they_are_given_to_somebody_or_to_nobody(dee: Client, three: list[ConsultationRequest]) -> None:
    sam = make.staff("Sam Idris", *make.DEE)
    assert "Now with Sam Idris." in words(press(dee, "assign", three[0], user=sam.pk))
    three[0].refresh_from_db()
    assert "Now with nobody." in words(press(dee, "assign", three[0], user=""))
    assert "Choose to whom." in words(dee.post(WORKLIST, press_data("assign", three, "x"), follow=True))


def press_data(do: str, rows: list[ConsultationRequest], user: str) -> dict[str, Any]:
    return {"do": do, "picked": tick(*rows), "user": user}


def test_a_tag_joins_those_that_each_has(dee: Client, three: list[ConsultationRequest]) -> None:
    old, new = make.tag("Old"), make.tag("New")
    desk.tag(three[0], Origin(Actor.staff(make.staff()), make.NOW), tags=[old])
    desk.tag(three[1], Origin(Actor.staff(make.staff()), make.NOW), tags=[new])
    for each in three:
        each.refresh_from_db()
    page = words(press(dee, "tag", *three, tag=new.pk))
    assert [[tag.name for tag in each.tags.all()] for each in three] == [["New", "Old"], ["New"], ["New"]]
    assert "2 of 3 done" in page
    assert "it is so already" in page


def test_spam_is_closed_and_nobody_is_told(dee: Client, three: list[ConsultationRequest]) -> None:
    bot = make.in_state(Status.SUSPECTED, name="Bot")
    mails = Message.objects.count()
    press(dee, "spam", *three, bot)
    assert set(ConsultationRequest.objects.values_list("status", flat=True)) == {"declined"}
    assert Message.objects.exclude(state="dropped").count() <= mails


def test_what_somebody_changed_meanwhile_stays_and_is_told(
    dee: Client, three: list[ConsultationRequest]
) -> None:
    seen = tick(*three)
    desk.note(three[1], Origin(Actor.staff(make.staff("Bo Reyes", *make.DEE)), make.NOW), text="Mine.")
    page = dee.post(WORKLIST, {"do": "spam", "picked": seen})
    assert "2 of 3 done" in words(page)
    assert "Not changed. Bo Reyes added a note" in words(page)
    three[1].refresh_from_db()
    assert three[1].status == Status.NEW


def test_a_request_in_another_state_is_refused_alone(dee: Client, three: list[ConsultationRequest]) -> None:
    closed = make.in_state(Status.DECLINED, name="Gone Already")
    page = words(press(dee, "take", three[0], closed))
    assert "1 of 2 done" in page
    assert "Not possible while it is “Declined”" in page


def test_pressed_twice_nothing_happens_twice(dee: Client, three: list[ConsultationRequest]) -> None:
    sent = {"do": "take", "picked": tick(*three), "csrfmiddlewaretoken": "one"}
    dee.post(WORKLIST, sent)
    second = words(dee.post(WORKLIST, sent))
    assert Event.objects.filter(verb="assign").count() == 3
    assert "Not changed" not in second


def test_times_are_looked_at_before_they_are_offered_and_no_two_get_one(
    dee: Client, three: list[ConsultationRequest]
) -> None:
    look = dee.post(WORKLIST, {"do": "times", "picked": tick(*three)})
    sent: dict[str, Any] = {"do": "offer", "picked": tick(*three)}
    offered = []
    for each in three:
        values = re.findall(rf'name="slot-{each.pk}" id="[^"]+" value="([^"]+)"', html(look))
        assert len(values) == 2
        offered += values
        sent[f"slot-{each.pk}"] = values
    assert len(set(offered)) == 6
    assert not Event.objects.filter(verb="offer").exists()
    assert "3 of 3 done" in words(dee.post(WORKLIST, sent))
    assert set(ConsultationRequest.objects.values_list("status", flat=True)) == {"offered"}


def test_without_a_ticked_time_nothing_is_offered(dee: Client, three: list[ConsultationRequest]) -> None:
    page = press(dee, "offer", three[0], **{f"slot-{three[0].pk}": ["x"]})
    assert "Choose one of the times shown." in words(page)
    assert page.status_code == 409


def test_what_they_asked_for_is_confirmed(dee: Client) -> None:
    cleo, late = make.submitted(name="Cleo Marsh"), make.submitted(name="No Time", start=None)
    page = words(press(dee, "confirm", cleo, late))
    assert "Confirmed for Thu 3 Dec 10:00." in page
    assert "No time was asked for" in page


@pytest.mark.parametrize(
    "picked", [[], ["x"], ["1"], ["9" * 30 + ".1"], ["-1.1"], ["1.1.1"]], ids=lambda one: "".join(one)[:8]
)
@pytest.mark.parametrize("do", ["take", "spam", "times", "nonsense", ""])
def test_hostile_ticks_change_nothing(
    dee: Client, three: list[ConsultationRequest], picked: list[str], do: str
) -> None:
    before = list(ConsultationRequest.objects.values_list("version", flat=True))
    assert dee.post(WORKLIST, {"do": do, "picked": picked}).status_code in (200, 303, 409)
    assert list(ConsultationRequest.objects.values_list("version", flat=True)) == before


def test_whoever_may_only_look_has_no_ticks_and_no_press(three: list[ConsultationRequest]) -> None:
    client = Client()
    client.force_login(make.staff("Lee Looks", "bookings.view_consultationrequest"))
    assert 'name="picked"' not in html(client.get(WORKLIST))
    assert press(client, "spam", *three).status_code == 403
