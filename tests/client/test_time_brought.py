"""A time that was chosen on the page of free times is not asked again, while it can be had."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.models import Draft
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

WITH = "ith Ana Lind or Bo Reyes"


def page(browser: Client, step: str, draft: str) -> walk.Page:
    return browser.get(f"/consultations/request/{step}/?d={draft}")


def bring(browser: Client, times: str = "/consultations/times/") -> tuple[walk.Page, str]:
    """Choose the first free time there, and answer the first page of the request: that page, and the draft's id."""
    first = next(a for a in walk.tree(browser.get(times)).iter("a") if "time=" in (a.get("href") or ""))
    start = browser.get(first.get("href"), follow=True)
    hidden = [one for one in walk.tree(start).iter("input") if one.get("type") == "hidden"]
    along = {one.get("name"): one.get("value") for one in hidden if one.get("name") != "csrfmiddlewaretoken"}
    return start, walk.begin(browser, **along)


def test_it_is_asked_for_once_and_every_page_says_the_same_of_it() -> None:
    browser = Client()
    assert "You hear by Monday 30 November at 5pm, or sooner." in walk.main(
        browser.get("/consultations/times/")
    )
    start, draft = bring(browser)
    assert f"Tuesday 1 December at 9am, in person w{WITH}, £40. Change" in walk.main(
        start
    ) and "Step 1 of 4" in walk.main(start)
    assert walk.answer(browser, draft, "before")["Location"].startswith("/consultations/request/you/")
    you = page(browser, "you", draft)
    assert f"Tuesday 1 December at 9am, in person w{WITH}, £40. Change" in walk.main(
        you
    ) and "Step 3 of 4" in walk.main(you)
    back = next(a for a in walk.tree(you).iter("a") if a.text == "Back")
    assert back.get("href").startswith("/consultations/request/before/")
    assert walk.answer(browser, draft, "you")["Location"].startswith("/consultations/request/check/")
    check = walk.main(page(browser, "check", draft))
    assert f"Tuesday 1 December at 9amW{WITH}" in check and "Step 4 of 4" in check
    # It can be changed there, and is no longer the one that came along.
    times = walk.main(page(browser, "times", draft))
    assert f"Your choice so far, w{WITH}" in times and "Step 3 of 5" in times
    assert walk.answer(browser, draft, "times")["Location"].startswith("/consultations/request/check/")
    assert "Step 5 of 5" in walk.main(page(browser, "check", draft))


def test_once_it_is_gone_another_is_asked_for() -> None:
    browser = Client()
    _, draft = bring(browser)
    for who in ("Ana Lind", "Bo Reyes"):
        make.practitioner(who).time_off.create(starts_at=make.at(1, 0), ends_at=make.at(1, 10))
    assert walk.answer(browser, draft, "before")["Location"].startswith("/consultations/request/times/")
    times = walk.main(page(browser, "times", draft))
    assert "Tuesday 1 December at 9am is not free for this. Choose another time." in times
    assert "Step 3 of 5" in times
    assert walk.answer(browser, draft, "times")["Location"].startswith("/consultations/request/you/")
    assert "Step 4 of 5" in walk.main(page(browser, "you", draft))


def test_their_own_clock_comes_along_too() -> None:
    video = make.consultation_type(name="Video call", mode="video")
    make.practitioner().consultation_types.add(video)
    _, draft = bring(browser := Client(), f"/consultations/times/?type={video.pk}&zone=Europe/Paris")
    assert Draft.objects.get(pk=draft).data["time_zone"] == "Europe/Paris"
    walk.answer(browser, draft, "before")
    walk.answer(browser, draft, "you")
    assert "(10am Paris time)" in walk.main(page(browser, "check", draft))


def test_a_choice_above_the_times_keeps_the_others_and_says_who_else_does_it() -> None:
    ana, bo = make.practitioner(), make.practitioner("Bo Reyes")
    video = make.consultation_type(name="Video consultation", mode="video", order=5, fee=3000)
    ana.consultation_types.add(video)
    browser = Client()
    draft = walk.before("times", browser)
    address = f"/consultations/request/times/?d={draft}"
    for path, within in ((address, f"d={draft}&"), ("/consultations/times/?", "")):
        page = browser.get(f"{path}&day=2026-12-10&practitioner={bo.pk}")
        links = [
            a.get("href") for a in walk.tree(page).iter("a") if "".join(a.itertext()).startswith("By video")
        ]
        assert links == [f"?{within}day=2026-12-10&type={video.pk}&practitioner={bo.pk}"]
        by_video = walk.main(browser.get(path.partition("?")[0] + links[0]))
        assert "Thursday 10 December" in by_video and "By video only with Ana Lind." in by_video
    # Where they will be is asked in a form, which keeps the rest.
    page = walk.tree(browser.get(f"/consultations/times/?day=2026-12-10&type={video.pk}"))
    kept = {one.get("name"): one.get("value") for one in page.findall(".//main//form//input[@type='hidden']")}
    assert kept == {"type": str(video.pk), "practitioner": "any", "day": "2026-12-10"}


def test_another_time_keeps_what_it_is_about() -> None:
    browser = Client()
    browser.get("/consultations/request/?page=abc&with=a,b")
    begun = browser.get("/consultations/request/?type=1&time=any@2026-12-01T09:00Z", follow=True)
    hidden = {one.get("name"): one.get("value") for one in walk.tree(begun).iter("input")}
    assert {"page": "abc", "with": "a,b", "type": "1"}.items() <= hidden.items()
    # Whoever comes from another page brings that one.
    begun = browser.get("/consultations/request/?page=def", follow=True)
    hidden = {one.get("name"): one.get("value") for one in walk.tree(begun).iter("input")}
    assert hidden["page"] == "def" and "with" not in hidden and "time" not in hidden
    # Once there is a draft, the time is changed in it.
    _, draft = bring(browser)
    start = walk.tree(page(browser, "about", draft))
    change = next(a.get("href") for a in start.iter("a") if (a.text or "") == "Change")
    assert change == f"/consultations/request/times/?d={draft}"
    assert walk.answer(browser, draft, "times")["Location"].startswith("/consultations/request/before/")
    assert Draft.objects.get(pk=draft).data["slot"] == "any@2026-12-03T10:00Z"
