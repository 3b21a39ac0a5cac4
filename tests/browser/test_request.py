"""What can go differently on the way to a request: somebody is too young, a time has just gone, answers are missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import mails, moments, people
from tests.browser.conftest import Open
from tests.browser.people import follow, heading, press, tick
from tests.browser.site import Site

pytestmark = pytest.mark.once


def test_under_18_stops_and_nothing_is_kept(somebody: Open) -> None:
    kit = somebody(390)
    kit.goto("/concerns/ice-pick/")
    follow(kit.locator("main").get_by_role("link", name="Request a consultation").first)
    tick(kit, "Face")
    press(kit, "No")
    assert people.path(kit) == "/under-18s/"
    assert "draft" not in {cookie.get("name") for cookie in kit.context.cookies()}


def test_of_two_people_who_choose_the_same_time_one_gets_it_and_the_other_loses_nothing(
    somebody: Open, site: Site
) -> None:
    jo, kim = somebody(390), somebody(1280)
    waiting = []
    for page, name in ((jo, "Jo Arden"), (kim, "Kim Sato")):
        page.goto("/consultations/request/")
        waiting.append(people.answer_everything(page, name, f"{name[:2].lower()}@example.org"))
    (jo_time, jo_began), (kim_time, kim_began) = waiting
    assert jo_time == kim_time
    people.send(jo, jo_began)

    people.wait_like_a_person(kim, kim_began)
    tick(kim, "I agree")
    press(kim, "Send your request")
    heading(kim, "When suits you?")
    expect(kim).to_have_title(re.compile("^Error: "))
    expect(kim.get_by_role("alert")).to_contain_text("That time has just been taken")
    nearest = kim.locator(".soon button")
    expect(nearest).to_have_count(3)
    chosen = moments.instant(nearest.first.get_attribute("value") or "")
    assert chosen != jo_time[1]
    follow(nearest.first)
    heading(kim, "Check and send")
    for words in ("Kim Sato", "ki@example.org", moments.for_clients(chosen)):
        expect(kim.locator("main")).to_contain_text(words)
    # Even the agreement is still ticked.
    expect(kim.locator("#id_health")).to_be_checked()
    press(kim, "Send your request")
    heading(kim, people.SENT)
    received = mails.wait_for(site, "ki@example.org", "Open by ")
    assert moments.for_clients(chosen) in mails.text_of(received)


def test_a_missing_answer_is_said_above_and_beside_the_question(somebody: Open) -> None:
    page = somebody(390)
    page.goto("/consultations/request/")
    tick(page, "Ice pick")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    message = "Tell us whether you are 18 or over"
    expect(summary.get_by_role("link", name=message)).to_be_visible()
    expect(page.locator(".wrong", has_text=message)).to_be_visible()
    summary.get_by_role("link", name=message).click()
    expect(page.get_by_role("button", name="Yes, continue")).to_be_focused()
