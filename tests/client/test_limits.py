"""A limit on requests: the form says when it opens again, and whoever has begun may still send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import ConsultationRequest, RequestLimit
from bookings.queries import door
from bookings.queries.clinic import clinic
from bookings.states import Status
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import RequestsClosed
from content.models import ClinicProfile
from tests import factories as make
from tests.client import walk
from tests.content.html import filled
from tests.desk.pages import WORKLIST, html, words

pytestmark = pytest.mark.django_db
START = "/consultations/request/"
TODAY = make.NOW.date()
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False):
        yield


def limit(a_day: int, first: date = TODAY, last: date | None = None, **more: Any) -> RequestLimit:
    return RequestLimit.objects.create(
        a_day=a_day, first_day=first, last_day=last, holds_since=make.NOW - timedelta(days=3), **more
    )


@pytest.mark.once
def test_a_pause_says_when_the_form_opens_again_and_whom_to_call() -> None:
    limit(0, last=date(2026, 12, 6), words="We are moving to Larch Quay.")
    page = Client().get(START)
    walk.check_page(page)
    text = walk.main(page)
    for said in ("We are moving to Larch Quay.", "You can ask again from Monday 7 December.", "01632 960001"):
        assert said in text
    assert Client().get("/consultations/times/", HTTP_ACCEPT="application/json").json()["slots"] == []
    RequestLimit.objects.update(last_day=None, words="")
    text = walk.main(Client().get(START))
    assert "You can ask again" not in text and "You cannot ask for a consultation here" in text


@pytest.mark.once
def test_the_limit_of_a_day_shuts_the_form_until_tomorrow() -> None:
    limit(2)
    make.submitted()
    assert "as many as" not in walk.main(Client().get(START))
    assert not clinic(make.NOW).refuses()
    make.submitted(start=make.at(3, 11))
    text = walk.main(Client().get(START))
    assert "as many as we can answer well" in text
    assert "You can ask again from tomorrow, Tuesday 1 December." in text
    assert not clinic(make.NOW + timedelta(days=1)).refuses()


def test_what_the_desk_takes_and_what_a_guard_caught_is_not_counted() -> None:
    limit(1)
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    intake.book(make.submission(practitioner_id=make.practitioner().pk), dee)
    intake.submit(make.submission(start=None), dee)
    make.in_state(Status.SUSPECTED)
    assert not clinic(make.NOW).refuses()
    make.submitted(start=make.at(3, 11))
    assert clinic(make.NOW).refuses()
    booked = intake.book(
        make.submission(start=make.at(3, 12), practitioner_id=make.practitioner().pk), dee
    )  # staff are not bound
    assert booked.status == Status.CONFIRMED


def test_who_has_begun_before_may_still_send_and_who_comes_after_may_not_begin() -> None:
    limit(1)
    browser = Client()
    draft = walk.to_check(browser)
    with time_machine.travel(make.NOW + timedelta(minutes=5), tick=False):
        make.submitted(now=make.NOW + timedelta(minutes=5), start=make.at(4, 11))
        assert "as many as we can answer" in walk.main(Client().get(START))
        assert browser.get(f"{START}check/?d={draft}").status_code == 200
        assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")
        with pytest.raises(RequestsClosed):
            intake.submit(make.submission(start=None), Origin(make.CLIENT, make.NOW + timedelta(minutes=6)))
    assert ConsultationRequest.objects.count() == 2


def test_a_limit_made_now_shuts_nobody_out_who_began_this_morning() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    RequestLimit.objects.create(a_day=0, first_day=TODAY, holds_since=make.NOW + timedelta(minutes=1))
    with time_machine.travel(make.NOW + timedelta(minutes=2), tick=False):
        assert clinic(make.NOW + timedelta(minutes=2)).refuses()
        assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")


@pytest.mark.once
def test_a_limit_that_is_changed_now_shuts_nobody_out_who_began_before() -> None:
    row, browser, mo = limit(10), Client(), Client()
    draft = walk.to_check(browser)
    mo.force_login(
        make.staff("Mo Lane", *make.DEE, *(f"bookings.{do}_requestlimit" for do in ("view", "change")))
    )
    url = f"/admin/bookings/requestlimit/{row.pk}/change/"
    later = make.NOW + timedelta(minutes=5)
    with time_machine.travel(later, tick=False):
        typed = filled(mo, url)
        mo.post(url, typed | {"words": "Ask us on the phone."})
        row.refresh_from_db()
        assert row.holds_since == make.NOW - timedelta(days=3), "other words change nothing for anybody"
        mo.post(url, filled(mo, url) | {"a_day": "0"})
        assert clinic(later).refuses() and not clinic(later).refuses(make.NOW)
        assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")


@pytest.mark.parametrize(
    ("rows", "opens"),
    [
        ([(0, 30, 30)], date(2026, 12, 1)),
        ([(0, 30, 30), (0, 31, 33)], date(2026, 12, 4)),  # one pause after another
        ([(0, 30, 30), (3, 31, 33)], date(2026, 12, 1)),
        ([(0, 30, None)], None),
        ([(0, 29, 30), (0, 31, None)], None),
    ],
)
def test_when_it_opens_again(rows: list[tuple[int, int, int | None]], opens: date | None) -> None:
    """Days of November, 31 being 1 December."""
    first = date(2026, 11, 1)

    def day(number: int) -> date:
        return first + timedelta(days=number - 1)

    limits = [
        door.Limit(day(start), day(end) if end else None, a_day, "", door.ALWAYS)
        for a_day, start, end in rows
    ]
    holding = [one for one in limits if one.covers(TODAY)]
    shut = door.shut_by(holding, limits, TODAY, make.LONDON, lambda number: None)
    assert shut is not None and shut.opens == opens
    midnight = make.at(holding[0].first.day, 0, month=11)
    assert shut.since == midnight and shut.to(None) and shut.to(midnight) and not shut.to(midnight - HOUR)


@pytest.mark.once
def test_managers_type_it_and_the_desk_reads_while_it_is_on() -> None:
    mo = Client()
    rights = [f"bookings.{do}_requestlimit" for do in ("view", "add", "change")]
    mo.force_login(make.staff("Mo Lane", *make.DEE, *rights))
    url = "/admin/bookings/requestlimit/add/"
    typed = {"first_day": "today", "last_day": "Fri 4 Dec", "a_day": "0", "words": ""}
    page = mo.post(url, typed, follow=True)
    row = RequestLimit.objects.get()
    assert (row.first_day, row.last_day) == (TODAY, date(2026, 12, 4))
    assert "Paused" in words(page)
    assert "Requests are paused. Nobody can begin one on the site until Sat 5 Dec" in words(mo.get(WORKLIST))
    assert "Another limit holds then: Pause, Mon 30 Nov 2026 to Fri 4 Dec 2026." in words(mo.post(url, typed))
    backwards = mo.post(url, typed | {"first_day": "9 Dec", "last_day": "8 Dec"})
    assert "The last day must not be before the first." in words(backwards)
    empty = words(mo.post(url, typed | {"first_day": "", "a_day": ""}))
    assert "Type the first day on which this holds" in empty and "0 is a pause." in empty
    assert "Type how many requests a day." in empty and "This field is required" not in empty
    ClinicProfile.objects.update(requests_closed=True)
    assert "Requests are paused" not in html(mo.get(WORKLIST))
