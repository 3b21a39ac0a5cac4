"""Practitioners block their own time, and nobody else's: what they see, what is refused, and what the desk then decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from bookings.models import TimeOff, Together
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.desk.pages import html, words
from tests.factories import NOW, at, practitioner, slot, submitted

BLOCK = "/admin/block/"
OWN = "bookings.block_own_time"
DAY = {"on": "Thu 3 Dec", "from": "9", "until": "12", "label": "Course"}


@pytest.fixture(autouse=True)
def now(db: None, settings: Settings) -> Iterator[None]:
    settings.UNDO_MINUTES = 3
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(*rights: str, practises: bool = True) -> tuple[Client, Any]:
    """Bo, who may see requests and what else is said; Ana is the other practitioner."""
    user, client = make.staff("Bo Berg", "bookings.view_consultationrequest", *rights), Client()
    bo = practitioner("Bo Berg")
    if practises:
        bo.user = user
        bo.save()
    client.force_login(user)
    return client, user


def test_their_own_hour_is_blocked_and_freed_again_and_nobody_elses() -> None:
    ana, (client, user) = practitioner(), signed_in(OWN)
    bo = user.practitioner
    page = client.get(BLOCK)
    assert "Your own time" in words(page)
    assert "Ana" not in html(page).split("What is blocked", 1)[-1].split("</form>")[0]
    assert f"{BLOCK}?who={bo.pk}&amp;" in html(client.get("/admin/calendar/?on=2026-12-03&show=day"))
    assert "Block my time" in words(client.get("/admin/"))

    assert client.post(BLOCK, DAY | {"do": "block", "csrfmiddlewaretoken": "one"}).status_code == 303
    made = TimeOff.objects.get()
    assert (made.practitioner, made.starts_at, made.label) == (bo, at(3, 9), "Course")

    refused = client.post(BLOCK, DAY | {"do": "block", "who": str(ana.pk), "csrfmiddlewaretoken": "two"})
    assert refused.status_code == 403
    assert "You may block your own time alone." in words(refused)
    assert "Block my own time" in words(refused)
    assert client.get(f"{BLOCK}?who={ana.pk}&on=today").status_code == 403
    assert TimeOff.objects.count() == 1

    others = TimeOff.objects.create(practitioner=ana, starts_at=at(3, 9), ends_at=at(3, 10))
    week = "/admin/calendar/?on=2026-12-03&show=week"
    assert f'name="remove" value="{others.pk}"' not in html(client.get(f"{week}&who=all"))
    assert client.post(week, {"remove": others.pk}).status_code == 403
    assert f'name="remove" value="{made.pk}"' in html(client.get(week))
    assert client.post(week, {"remove": made.pk}).status_code == 303
    assert list(TimeOff.objects.all()) == [others]


@pytest.mark.once
@pytest.mark.parametrize("decides", [True, False])
def test_whoever_may_not_change_visits_sees_whom_it_hits_and_leaves_them_to_the_desk(decides: bool) -> None:
    client, user = signed_in(OWN, *(["bookings.decide_request"] if decides else []))
    asked = submitted(start=None, name="Cleo Marsh")
    reply.confirm(
        asked, Origin(Actor.staff(make.staff("Dee Hart")), NOW), slot=slot(at(3, 10), by=user.practitioner)
    )
    page = client.post(BLOCK, DAY | {"do": "block", "csrfmiddlewaretoken": "one"})
    told = words(page)
    assert "This touches 1 person" in told
    assert "Cleo Marsh" in told
    assert ("See what goes out, before it goes" in told) is decides
    assert ("the desk decides what becomes of each, and tells them" in told) is not decides
    assert not TimeOff.objects.exists()

    left = client.post(BLOCK, DAY | {"do": "quiet", "csrfmiddlewaretoken": "two"})
    assert "stands under “Visits in doubt”" in words(left)
    assert "visit in doubt" in words(client.get("/admin/"))

    client.post(f"{BLOCK}undo/", {"together": Together.objects.get().pk})
    assert not TimeOff.objects.exists()


@pytest.mark.once
def test_an_account_without_a_practitioner_reads_why_there_is_nothing_to_block() -> None:
    client, _ = signed_in(OWN, practises=False)
    page = client.get(BLOCK)
    assert page.status_code == 403
    assert "Your account belongs to no practitioner" in words(page)
    assert "Block my own time" not in words(page)
    without, _ = signed_in(practises=False)
    assert without.get(BLOCK).status_code == 403
