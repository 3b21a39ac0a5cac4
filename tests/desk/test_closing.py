"""Closing time: what cannot wait and what can, and behind each link just as many rows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Closure, ConsultationRequest, Message, TimeOff
from bookings.queries import closing
from bookings.queries.clinic import Clinic
from bookings.states import Status
from bookings.workflow import desk, proposal, reply
from bookings.workflow.core import Actor, Origin
from content.models import OpeningHours
from tests import factories as make
from tests.desk.pages import html, words

CLOSING = "/admin/closing/"


def at_the_desk(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows(page: Any) -> int:
    """How many rows a list has: the worklist, or the outbox."""
    return (
        len(re.findall(r"<tr[ >]", re.split(r"<tbody>|</tbody>", html(page))[1]))
        if "<tbody>" in html(page)
        else 0
    )


def links(page: Any) -> list[tuple[str, int]]:
    """Each link of the five lines, with the number that it shows."""
    inside = html(page).split('<ul class="closing">')[1].split("</ul>")[0]
    found = re.findall(r'<a href="([^"]+)">(?:<b>)?(\d+)', inside)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


@pytest.fixture
def evening() -> None:
    """Three new requests, one flagged, one that a clinician has; an offer, a proposal and a hold that end; a failed mail."""
    origin = Origin(Actor.staff(make.staff()), make.NOW)
    ring = {
        "applies": ["isotretinoin"],
        "concerns": ["rolling"],
        "areas": ["face"],
        "treatments": ["no_preference"],
    }
    make.submitted(start=None, now=make.NOW)
    flagged = make.submitted(
        start=make.at(8, 9), now=make.NOW + timedelta(hours=8), answers={**ring, "anything_else": ""}
    )
    hers = make.submitted(start=None, now=make.NOW)
    clinician = make.staff("Ina Clin", "bookings.view_consultationrequest", "bookings.read_health")
    desk.assign(hers, origin, user=clinician)
    offered = make.submitted(start=make.at(3, 9))
    reply.offer(offered, origin, slots=[make.slot(make.at(3, 11)), make.slot(make.at(3, 12))])
    later = make.submitted(start=make.at(4, 9))
    reply.offer(later, origin, slots=[make.slot(make.at(4, 11))])
    visit = make.in_state(Status.CONFIRMED, start=make.at(9, 10))
    proposal.propose_move(visit, origin, slot=make.slot(make.at(9, 14)))
    night = make.at(1, 9, 30)
    flagged.appointments.held().update(held_until=night)
    offered.appointments.held().update(held_until=night)
    visit.appointments.held().update(held_until=night)
    later.appointments.held().update(held_until=make.at(3, 9))
    ConsultationRequest.objects.filter(pk=hers.pk).update(promise_due_at=make.at(1, 9))
    ConsultationRequest.objects.filter(pk=flagged.pk).update(same_day_call=True)
    ConsultationRequest.objects.filter(status="new").exclude(pk=hers.pk).update(promise_due_at=make.at(1, 10))
    Message.objects.filter(request=offered).update(state="failed")


@pytest.mark.usefixtures("evening")
def test_each_number_is_that_of_the_rows_behind_its_link() -> None:
    with time_machine.travel(make.at(30, 18, month=11), tick=False):
        dee = at_the_desk(make.staff())
        page = dee.get(CLOSING)
        shown = words(page)
        assert "by Tue 1 Dec 10:00" in shown
        for line in (
            "1 reply promise is broken by then",
            "3 requests wait for us For whom:2 for a clinician1 for the front deskWho has them:1 Ina Clin2 nobody",
            "2 offers end",
            "1 hold ends",
        ):
            assert line in shown
        counted = links(page)
        assert len(counted) == 11
        assert "Not yet: 1 call to make, 1 reply promise is broken by then, 3 mails did not arrive." in shown
        for url, number in counted:
            assert rows(dee.get(url)) == number, url


@pytest.mark.once
def test_where_nothing_is_left_there_is_no_link_and_a_made_up_address_is_left_out(dee: Client) -> None:
    shown = words(dee.get(CLOSING))
    assert (
        "0 reply promises are broken by then 0 visits are in doubt 0 requests have a time in doubt "
        "0 visits are over and not marked 0 requests come back today" in shown
    )
    assert "Nothing is left that cannot wait until tomorrow." in shown
    assert links(dee.get(CLOSING)) == []
    for odd in (
        "turn=x",
        "before=offered@soon",
        "before=x@2026-12-01T10:00Z",
        "before=held@9999-12-31T23:59Z",
    ):
        assert "Left out, because this list does not know it" in words(
            dee.get(f"/admin/bookings/consultationrequest/?{odd}")
        )


@pytest.mark.once
def test_the_night_lasts_until_ten_on_the_next_day_on_which_the_clinic_opens() -> None:
    def until(*moment: int) -> Any:
        return closing.morning(Clinic(make.NOW), make.at(*moment))

    assert until(1, 18) == make.at(2, 10)
    assert until(1, 9) == make.at(2, 10), "the clinic has opened already"
    assert until(1, 7) == make.at(1, 10)
    assert until(4, 18) == make.at(7, 10), "over the weekend"
    Closure.objects.create(name="Stocktaking", first_day="2026-12-02", last_day="2026-12-03")
    assert until(1, 18) == make.at(4, 10)
    OpeningHours.objects.update(opens="14:00")
    assert until(1, 11) == make.at(1, 14), "it is never over already"
    OpeningHours.objects.all().delete()
    assert until(1, 18) == make.at(2, 10), "open around the clock"


@pytest.mark.once
def test_what_is_broken_already_is_told_from_what_would_break(dee: Client) -> None:
    late, _ = make.submitted(start=None), make.submitted(start=None)
    ConsultationRequest.objects.filter(pk=late.pk).update(promise_due_at=make.NOW - timedelta(days=5))
    make.in_state(Status.CONFIRMED, start=make.at(1, 9), now=make.NOW)
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(1, 8), ends_at=make.at(1, 17))
    page = dee.get(CLOSING)
    assert "2 reply promises are broken by then 1 broken already1 to break" in words(page)
    assert "1 visit is in doubt" in words(page)
    for url, number in links(page):
        assert rows(dee.get(url)) == number, url
    make.in_state(Status.CONFIRMED, start=make.at(2, 14), now=make.NOW)
    with time_machine.travel(make.at(1, 9, 45), tick=False):
        dee = at_the_desk(make.staff())
        page = dee.get(CLOSING)
        assert "1 visit is over and not marked" in words(page)
        url = next(url for url, _ in links(page) if "over%40" in url)
        assert rows(dee.get(url)) == 1 and "nobody has marked" in words(dee.get(url))
