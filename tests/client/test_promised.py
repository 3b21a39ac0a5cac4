"""What the choice of times promises: with whom a time is, that a day is closed, and which kinds there are; and
what was asked for stands on the client's page until it is answered."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.models import Closure, ConsultationRequest
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk
from tests.client.test_mine import MINE, opened


@pytest.mark.once
def test_a_time_that_says_with_whom_it_is_stays_with_them() -> None:
    ana, bo = make.practitioner(), make.practitioner("Bo Reyes")
    bo.time_off.create(starts_at=make.at(1, 0), ends_at=make.at(1, 10))
    browser = Client()
    day = walk.tree(browser.get("/consultations/times/?day=2026-12-01"))
    first, *_, late = [a for a in day.iter("a") if "time=" in (a.get("href") or "")]
    assert f"time={ana.pk}" in first.get("href") and "time=any" in late.get("href")
    start = browser.get(first.get("href"), follow=True)
    assert "Tuesday 1 December at 9am, in person with Ana Lind" in walk.text(start)
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-01T09:00Z"})
    assert "at 9am, in person with Ana Lind" in walk.text(
        browser.get(f"/consultations/request/you/?d={draft}")
    )
    assert "With Ana Lind" in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    # The other times stay those of everybody.
    times = walk.text(browser.get(f"/consultations/request/times/?d={draft}"))
    assert "Your choice so far, with Ana Lind" in times and "with Ana Lind or Bo Reyes" in times


@pytest.mark.once
def test_a_day_on_which_the_clinic_is_closed_says_so() -> None:
    Closure.objects.create(first_day=make.at(2, 9).date(), last_day=make.at(2, 9).date(), name="A feast")
    page = walk.text(Client().get("/consultations/times/?day=2026-12-02"))
    assert "Wednesday 2 December, closed" in page and "Wednesday 2 December: we are closed" in page


@pytest.mark.once
def test_the_other_kinds_of_consultation_are_links_that_nobody_has_to_unfold() -> None:
    video = make.consultation_type(name="Video call", mode="video", fee=3000)
    make.practitioner().consultation_types.add(video)
    browser = Client()
    page = walk.tree(browser.get("/consultations/times/"))
    link = next(a for a in page.iter("a") if (a.text or "").strip() == "By video")
    assert f"type={video.pk}" in link.get("href")
    there = walk.tree(browser.get(f"/consultations/times/{link.get('href')}"))
    shown = ["".join(a.itertext()) for a in there.iter("a") if a.get("aria-current") == "true"]
    assert "By video 30 minutes, £30" in shown


@pytest.mark.once
@pytest.mark.parametrize("status", ["new", "waiting"])
def test_what_they_asked_for_stands_there_until_it_is_answered_with_how_to_change_it(status: str) -> None:
    needs = make.submission().answers | {"support": ["longer", "large_print"], "applies": ["bleeding"]}
    words = walk.main(opened(status, answers=needs)[0].get(MINE))
    assert "Support: Large print; A longer appointment: we plan it" in words
    assert "It is not booked until we confirm it. Choose another time" in words


@pytest.mark.once
def test_the_time_they_asked_for_is_changed_on_the_pages_that_move_a_visit() -> None:
    browser, cleo = opened("new", start=make.at(8, 10))
    address = f"{MINE}reschedule/"
    page = browser.get(address)
    walk.check_page(page)
    assert "You asked for Tuesday 8 December at 10am." in walk.main(page)
    value = f"{make.practitioner().pk}@2026-12-09T11:00Z"
    assert "You hear from us by" in walk.main(browser.get(f"{address}?take={value}"))
    sent = browser.post(address, {"slot": value, "version": cleo.version})
    assert (sent.status_code, sent["Location"]) == (303, MINE)
    words = walk.main(browser.get(MINE))
    assert "Thank you. We have your new time." in words and "Wednesday 9 December at 11am" in words
    assert "You chose another time: Wednesday 9 December at 11am." in words
    # Pressed again it does nothing twice; Back after it says nothing of somebody else.
    assert browser.post(address, {"slot": value, "version": cleo.version}).status_code == 303
    assert "just been taken" not in walk.main(browser.get(f"{address}?take={value}"))
    # An answer ends it.
    reply.offer(
        ConsultationRequest.objects.get(pk=cleo.pk),
        Origin(Actor.staff(make.staff()), make.NOW),
        slots=[make.slot(make.at(10, 10))],
    )
    assert browser.get(address)["Location"] == MINE
