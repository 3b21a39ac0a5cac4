"""Others who want the same time: seen with arrival and urgency, and offered others in one press once it is given away."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.models import Appointment, ConsultationRequest, Event
from bookings.states import Status
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import html, page_of, words

pytestmark = pytest.mark.once


def rival(name: str, minutes: int, **changes: Any) -> ConsultationRequest:
    """Somebody who wants the time that Cleo has, and asked so many minutes after the others."""
    made = make.submitted(name=name, start=None, now=make.NOW - timedelta(minutes=120 - minutes))
    values = {"wished_start": make.at(3, 10), "wished_practitioner": make.practitioner()} | changes
    ConsultationRequest.objects.filter(pk=made.pk).update(**values)
    made.refresh_from_db()
    return made


def part(page: Any) -> str:
    """The part of the page about the others."""
    return html(page).split('id="rivals"')[1].split("</section>")[0]


def ticked(page: Any) -> dict[str, list[str]]:
    """What its button sends: each of the others with their version, and the times that are ticked for them."""
    boxes: dict[str, list[str]] = {"rival": re.findall(r'name="rival" value="([^"]+)"', part(page))}
    for name, value in re.findall(r'name="(for-\d+)" value="([^"]+)" checked', part(page)):
        boxes.setdefault(name, []).append(value)
    return boxes


@pytest.fixture
def jonas() -> ConsultationRequest:
    return rival("Jonas Weber", 0)


@pytest.fixture
def sofia() -> ConsultationRequest:
    return rival("Sofia Marino", 10, urgent=True)


@pytest.fixture
def cleo(jonas: ConsultationRequest, sofia: ConsultationRequest) -> ConsultationRequest:
    """Her visit is at the time that both others want."""
    cleo = make.submitted(start=make.at(3, 10), practitioner_id=make.practitioner().pk)
    return reply.confirm(cleo, Origin(Actor.staff(make.staff()), make.NOW))


def press(client: Client, cleo: ConsultationRequest, **data: Any) -> Any:
    return client.post(page_of(cleo), {"rivals": "offer"} | data, follow=True)


def test_before_it_is_given_away_they_are_seen_and_nothing_is_offered(
    dee: Client, jonas: ConsultationRequest, sofia: ConsultationRequest
) -> None:
    cleo = make.submitted(start=make.at(3, 10), practitioner_id=make.practitioner().pk)
    page = dee.get(page_of(jonas))
    shown = words(page)
    assert "2 others want Thu 3 Dec 10:00" in shown
    # Who is urgent stands first.
    assert part(page).index("Sofia Marino") < part(page).index("Cleo Marsh")
    assert "Urgent" in part(page) and "arrived Mon 30 Nov 07:10" in part(page)
    assert "holds the time" in part(page), "Cleo does"
    assert "for-" not in part(page)
    assert "earlier than this request" in part(dee.get(page_of(cleo)))


def test_afterwards_each_is_offered_the_best_that_are_left_and_no_two_the_same(
    dee: Client, cleo: ConsultationRequest
) -> None:
    boxes = ticked(dee.get(page_of(cleo)))
    times = [value for name, values in boxes.items() if name != "rival" for value in values]
    assert len(boxes["rival"]) == 2
    assert len(times) == len(set(times)) == 4
    starts = sorted(value.partition("@")[2] for value in times)
    assert all(later != earlier for earlier, later in zip(starts, starts[1:], strict=False))


def test_one_press_sends_all_of_them(
    dee: Client, cleo: ConsultationRequest, jonas: ConsultationRequest, sofia: ConsultationRequest
) -> None:
    page = press(dee, cleo, **ticked(dee.get(page_of(cleo))))
    shown = words(page)
    for other in (jonas, sofia):
        other.refresh_from_db()
        assert other.status == Status.OFFERED
        assert other.appointments.held().count() == 2
        assert other.messages.filter(kind="offered").count() == 1
        event = Event.objects.filter(request=other).latest("version")
        assert (event.verb, event.facts["rival_to"], event.actor_label) == ("offer", cleo.pk, "Dee Hart")
        assert f"{other.name}: offered " in shown
    assert "for-" not in part(page), "both have a choice now"


def test_what_cannot_be_done_for_one_is_said_and_holds_nobody_else_back(
    dee: Client, cleo: ConsultationRequest, jonas: ConsultationRequest, sofia: ConsultationRequest
) -> None:
    boxes = ticked(dee.get(page_of(cleo)))
    reply.decline(jonas, Origin(Actor.staff(make.staff("Gus Early", *make.DEE)), make.NOW), reason="other")
    shown = words(press(dee, cleo, **boxes))
    assert "Jonas Weber: nothing was offered. Gus Early declined this just now." in shown
    assert "Sofia Marino: offered " in shown


def test_a_time_that_has_gone_meanwhile_is_said_with_whose_it_is(
    dee: Client, cleo: ConsultationRequest, jonas: ConsultationRequest, sofia: ConsultationRequest
) -> None:
    boxes = ticked(dee.get(page_of(cleo)))
    there = make.slot(make.at(3, 9, 30))
    values = [
        name for name, values in boxes.items() for value in values if value.endswith("2026-12-03T09:30Z")
    ]
    assert values, "the nearest time is among them"
    quick = reply.confirm(
        make.submitted(start=None, name="Quick One"), Origin(Actor.staff(make.staff()), make.NOW), slot=there
    )
    shown = words(press(dee, cleo, **boxes))
    assert f"That time has just been taken. {quick.reference} has Thu 3 Dec 09:30 to 10:00." in shown
    assert ConsultationRequest.objects.filter(status=Status.OFFERED).count() == 1


def test_somebody_whose_times_are_unticked_is_left_alone(
    dee: Client, cleo: ConsultationRequest, jonas: ConsultationRequest, sofia: ConsultationRequest
) -> None:
    boxes = ticked(dee.get(page_of(cleo)))
    del boxes[f"for-{jonas.pk}"]
    press(dee, cleo, **boxes)
    jonas.refresh_from_db()
    assert jonas.status == Status.NEW
    shown = words(press(dee, cleo, rival=boxes["rival"]))
    assert "Nothing was offered: no time was ticked." in shown


def test_pressed_twice_it_is_done_once(dee: Client, cleo: ConsultationRequest) -> None:
    boxes = ticked(dee.get(page_of(cleo))) | {"csrfmiddlewaretoken": ["one"]}
    press(dee, cleo, **boxes)
    again = press(dee, cleo, **boxes)
    assert "nothing was offered" not in words(again)
    assert Event.objects.filter(verb="offer").count() == 2


def test_a_visit_that_is_over_has_no_rivals(dee: Client, cleo: ConsultationRequest) -> None:
    Appointment.objects.filter(request=cleo).update(
        starts_at=make.NOW - timedelta(hours=1), blocks_from=make.NOW - timedelta(hours=1)
    )
    assert 'id="rivals"' not in html(dee.get(page_of(cleo)))


@pytest.mark.parametrize(
    "data",
    [
        {"rival": ["", "x", "1", "9" * 40, "\x00", "1 2 3"]},
        {"rival": ["{jonas} 1"], "for-{jonas}": ["x", "1@", "any@2026-12-04T10:00Z", "99@2026-12-04T10:00Z"]},
        {"rival": ["{jonas} 999"], "for-{jonas}": ["{ana}@2026-12-04T10:00Z"]},
        {"rival": ["{jonas} 1"], "for-{jonas}": ["{ana}@2020-12-04T10:00Z"]},
        {"rival": ["{jonas} 1"], "for-{jonas}": ["{ana}@2026-12-05T10:00Z"]},
    ],
)
def test_made_up_values_offer_nothing(
    dee: Client, cleo: ConsultationRequest, jonas: ConsultationRequest, data: dict[str, list[str]]
) -> None:
    known = {"jonas": str(jonas.pk), "ana": str(make.practitioner().pk)}
    filled = {
        name.format(**known): [value.format(**known) for value in values] for name, values in data.items()
    }
    assert press(dee, cleo, **filled).status_code in (200, 400)
    assert not Event.objects.filter(verb="offer").exists()


def test_whoever_may_only_look_sees_them_and_offers_nothing(
    cleo: ConsultationRequest, jonas: ConsultationRequest
) -> None:
    client = Client()
    client.force_login(make.staff("Lou Looker", "bookings.view_consultationrequest"))
    page = client.get(page_of(cleo))
    assert "Jonas Weber" in part(page) and "for-" not in part(page)
    data = {"rival": [f"{jonas.pk} 1"], f"for-{jonas.pk}": [f"{make.practitioner().pk}@2026-12-04T10:00Z"]}
    assert press(client, cleo, **data).status_code == 403
