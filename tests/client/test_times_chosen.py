"""What is chosen on the page of times in a request: a time, days and parts of the day, or somebody else."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.models import ConsultationRequest, Draft
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_the_time_chosen_before_comes_first() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    page = browser.get(f"/consultations/request/times/?d={draft}&day=2026-12-14")
    tree = walk.check_page(page)
    assert walk.soon(page)[:2] == [
        "Keep Thu 3 December, 10am|Your choice so far, with Ana Lind or Bo Reyes",
        "Tue 1 December, 9am|Soonest, with Ana Lind or Bo Reyes",
    ]
    assert "A tap books nothing. You hear by Monday 30 November at 5pm, or sooner." in walk.text(page)
    assert tree.find(".//ul[@class='soon']//button").get("value") == "any@2026-12-03T10:00Z"
    # Its own day is the one that opens.
    again = browser.get(f"/consultations/request/times/?d={draft}")
    assert "Thursday 3 December: 31 free" in walk.main(again)
    marked = [one.get("value") for one in walk.times_of(again) if one.get("aria-current")]
    assert marked == ["any@2026-12-03T10:00Z"]


def test_the_enter_key_chooses_no_time() -> None:
    draft, address = walk.at_times(browser := Client())
    tree = walk.check_page(browser.get(address))
    first = next(one for one in tree.find(".//main//form").iter("button"))
    assert (first.get("name"), first.get("value")) == ("show", "1")
    browser.post(address, {"show": "1", "days": ["3"], "parts": []})
    assert "times" not in Draft.objects.get(pk=draft).data["done"]


def test_another_practitioner_is_not_ignored_when_continue_is_pressed() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    make.submitted(practitioner_id=bo.pk, start=make.at(3, 10))
    draft, address = walk.at_times(browser)
    response = browser.post(address, {"practitioner": str(bo.pk), "slot": "any@2026-12-03T10:00Z"})
    assert response.status_code == 303
    page = browser.get(response["Location"])
    walk.check_page(page)
    assert "You changed who you would like to see, or how. These are the times for that." in walk.text(page)
    assert "Thursday 3 December at 10am is not free for this. Choose another time." in walk.text(page)
    assert f"{bo.pk}@2026-12-03T10:30Z" in page.content.decode()
    done = browser.post(
        response["Location"], {"practitioner": str(bo.pk), "slot": f"{bo.pk}@2026-12-03T10:30Z"}
    )
    assert done["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == bo.pk


def test_another_practitioner_holds_for_windows_too() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    draft, address = walk.at_times(browser)
    given = {"practitioner": str(bo.pk), "slot": "none", "days": "3", "parts": "evening"}
    assert browser.post(address, given)["Location"] == f"/consultations/request/you/?d={draft}"
    assert Draft.objects.get(pk=draft).data["practitioner"] == bo.pk


def test_what_is_chosen_survives_a_look_at_other_times() -> None:
    browser = Client()
    bo = make.practitioner("Bo Reyes")
    draft = walk.to_check(browser)
    address = f"/consultations/request/times/?d={draft}"
    given = {"practitioner": str(bo.pk), "days": ["3", "4"], "parts": "evening", "show": "1"}
    response = browser.post(address, given)
    assert response.status_code == 303
    page = browser.get(response["Location"])
    tree = walk.check_page(page)
    assert walk.soon(page)[0] == "Keep Thu 3 December, 10am|Your choice so far"
    assert tree.find(".//ul[@class='soon']//button").get("value") == f"{bo.pk}@2026-12-03T10:00Z"
    assert ticked(page) == ["3", "4", "evening"]
    current = ["".join(one.itertext()) for one in tree.iter("a") if one.get("aria-current")]
    assert "Bo Reyes" in current
    # What is ticked no more is forgotten, and nothing of it is an answer.
    browser.post(address, {"practitioner": str(bo.pk), "show": "1"})
    assert ticked(browser.get(address)) == []
    assert Draft.objects.get(pk=draft).data["slot"] == "any@2026-12-03T10:00Z"


def ticked(page: walk.Page) -> list[str]:
    return [one.get("value") for one in walk.tree(page).iter("input") if one.get("checked") is not None]


def test_a_time_and_windows_are_both_kept_and_the_check_page_says_how() -> None:
    browser = Client()
    draft = walk.to_check(browser, times={"days": ["3", "4"], "parts": ["evening"]})
    words = walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    assert "Thursday 3 December at 10am" in words
    assert "If we cannot keep it: Thursday or Friday, evening" in words
    sent = browser.get(walk.send(browser, draft)["Location"])
    assert "If we cannot keep it: Thursday or Friday, evening" in walk.text(sent)
    consultation = ConsultationRequest.objects.get()
    assert consultation.wished_start == make.at(3, 10)
    assert [(w.weekday, w.part) for w in consultation.windows.all()] == [(3, "evening"), (4, "evening")]
    mine = walk.signed_in(consultation).get("/consultations/mine/")
    assert "If we cannot keep it: Thursday or Friday, evening" in walk.text(mine)


@pytest.mark.parametrize(
    ("given", "windows"),
    [
        ({"days": ["0", "1"], "parts": ["evening"]}, [[0, "evening"], [1, "evening"]]),
        ({"days": ["3"]}, [[3, "any"]]),
        ({"parts": ["evening"]}, [[None, "evening"]]),
        # All days on which the clinic is open are any day.
        ({"days": ["0", "1", "2", "3", "4"], "parts": ["morning", "afternoon", "evening"]}, [[None, "any"]]),
    ],
)  # fmt: skip
def test_ticks_become_windows(given: dict[str, list[str]], windows: list[object]) -> None:
    draft, address = walk.at_times(browser := Client())
    assert browser.post(address, {"slot": "none"} | given).status_code == 303
    assert Draft.objects.get(pk=draft).data["windows"] == windows


def test_days_on_which_the_clinic_is_closed_are_not_asked_about() -> None:
    _, address = walk.at_times(browser := Client())
    assert "id_days_4" in browser.get(address).content.decode()
    assert "id_days_5" not in browser.get(address).content.decode()
    page = walk.shown(browser, browser.post(address, {"slot": "none", "days": ["5"]}))
    assert "Choose from the list" in walk.main(page)


@pytest.mark.parametrize(
    "value",
    [
        "any@0001-01-01T00:00Z",
        "any@9999-12-31T23:59Z",
        "any@2026-12-03T10:00",
        "@",
        "x@2026-12-03T10:00Z",
        "²@2026-12-03T10:00Z",
        "99999999999999999999@2026-12-03T10:00Z",
        "-1@2026-12-03T10:00Z",
        "0@2026-12-03T10:00Z",
        "any@2199-12-31T23:59Z",
        "🙂",
    ],
)
def test_a_made_up_time_is_refused_everywhere(value: str) -> None:
    browser = Client()
    assert browser.get("/consultations/request/", {"time": value, "type": "1"}).status_code == 303
    walk.check_page(browser.get("/consultations/request/"))
    draft = walk.begin(browser, time=value, type=str(make.consultation_type().pk))
    walk.answer(browser, draft, "before")
    walk.check_page(browser.get(f"/consultations/request/times/?d={draft}"))
    walk.check_page(walk.shown(browser, walk.answer(browser, draft, "times", slot=value)))
    signed = walk.signed_in(consultation := make.in_state("confirmed"))
    response = signed.post(
        "/consultations/mine/reschedule/", {"slot": value, "version": consultation.version}
    )
    walk.check_page(response, 409)
