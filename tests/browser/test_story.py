"""The main job, end to end, in real Chromium without JavaScript, against the real server, worker and mail server.

Cleo reads, asks for a time, gets mails; Dee answers at the desk. One moment reads the same on the page, in the mail, in the
calendar file and at the desk.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browser import mails, moments, people
from tests.browser.conftest import Open
from tests.browser.effort import Effort
from tests.browser.looks import FULL, PHONE, TAP, lowest
from tests.browser.people import Asked, follow, heading, press, tick
from tests.browser.site import Site

# It is long, so each width is tried on one database only; with FULL=1, both widths on both.
WIDTH_OF_ITS_OWN = 1280 if connection.vendor == "postgresql" else PHONE
WIDTHS = (PHONE, 1280) if FULL else (WIDTH_OF_ITS_OWN,)
MOST_CONTROLS = 106  # of all its pages; 102 at the end of November 2026


@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_concern_page_to_a_visit_that_is_offered_accepted_moved_and_cancelled(
    somebody: Open, site: Site, width: int
) -> None:
    cleo, dee = somebody(width), somebody(width)
    asked = _reads_asks_and_sends(cleo, f"cleo{width}@example.org")
    _opens_the_link_of_the_first_mail(cleo, site, asked)
    offered = _dee_offers_two_other_times(dee, asked)

    # On another device: only the link in the mail opens the request there.
    phone = somebody(width)
    people.open_mail(phone, site, asked.email, "Choose a time by ")
    heading(phone, re.compile("we have two times for you"))
    for moment in offered:
        expect(phone.locator("main")).to_contain_text(moments.for_clients(moment))
    _forgets_to_choose(phone)
    tick(phone, moments.for_clients(offered[1]))
    press(phone, "Accept the chosen time")
    heading(phone, "Your consultation is booked")
    expect(phone.locator("p.visit")).to_have_text(moments.for_clients(offered[1]))
    booked = mails.wait_for(site, asked.email, "Booked: ")
    mails.is_discreet(booked)
    assert moments.for_clients(offered[1]) in mails.text_of(booked)
    first = mails.visit_in(booked, "REQUEST")
    assert (first.start, first.minutes) == (offered[1], 45)
    assert first.attendees == (f"mailto:{asked.email}",)
    assert not first.wants_answer
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Add to your calendar").click()
    own = mails.read_calendar(download.value.path().read_bytes(), "PUBLISH")
    assert (own.uid, own.sequence, own.start, own.minutes) == (first.uid, first.sequence, offered[1], 45)
    assert own.attendees == ()

    # Cleo moves it.
    follow(phone.get_by_role("link", name="Choose another time"))
    heading(phone, "Choose another time")
    value, moved_to = people.pick_a_time(phone)
    press(phone, "Move my consultation")
    heading(phone, "Your consultation is booked")
    expect(phone.locator("p.visit")).to_have_text(moments.for_clients(moved_to))
    changed = mails.wait_for(site, asked.email, "Moved to ")
    mails.is_discreet(changed)
    assert moments.for_clients(moved_to) in mails.text_of(changed)
    second = mails.visit_in(changed, "REQUEST")
    assert (second.uid, second.start, second.minutes) == (first.uid, moved_to, 45)
    assert second.sequence > first.sequence
    _, clock = moments.for_the_desk(moved_to).rsplit(" ", 1)
    dee.goto(f"/admin/day/?who=all&on={moved_to.astimezone(moments.ZONE):%Y-%m-%d}")
    expect(dee.locator("tr.visit").filter(has_text=asked.reference)).to_contain_text(clock)
    assert not _is_offered(cleo, value)

    # Cleo sends two questions, and her page never shows them again.
    phone.locator("summary", has_text="Choose your questions").click()
    phone.get_by_label("What are the risks for my skin?").check()
    phone.get_by_label("Your own questions").fill("Does a quinsy matter?")
    press(phone, "Send your questions")
    expect(phone.locator("main")).to_contain_text("You sent us 2 questions.")
    expect(phone.locator("main")).not_to_contain_text("quinsy")
    dee.reload()
    expect(dee.locator("tr.visit").filter(has_text=asked.reference)).to_contain_text("2 questions")

    # Cleo cancels.
    phone.locator("summary", has_text="Cancel your consultation").click()
    press(phone, f"Cancel {moments.for_clients(moved_to)}")
    heading(phone, "Your consultation is cancelled")
    cancelled = mails.wait_for(site, asked.email, "Cancelled: ")
    mails.is_discreet(cancelled)
    third = mails.visit_in(cancelled, "CANCEL")
    assert (third.uid, third.start) == (first.uid, moved_to)
    assert third.sequence > second.sequence
    people.go_to_tab(dee, "Closed")
    expect(people.row_of(dee, asked)).to_contain_text("Cancelled")
    assert _is_offered(cleo, value)
    # What people typed and followed is in no log.
    tokens = [mails.link_in(mail, site).split("/")[-2] for mail in (booked, changed, cancelled)]
    for secret in (asked.email, asked.name, "@example.org", "quinsy", *tokens):
        assert secret not in site.log


def _reads_asks_and_sends(page: Page, email: str) -> Asked:
    """The short way, with looks back that do not count: Change, Back, and F5 at the end."""
    page.goto("/concerns/ice-pick/")
    heading(page, "Ice pick scars")
    effort = Effort(page)
    value, start, began = _answers_what_most_people_do(effort, "Cleo Marsh", email)
    press(page, "Change about")
    tick(page, "Neck")
    press(page, "Continue")
    heading(page, "Check and send")
    # Change, and then back without an answer: nothing is lost, and the chosen time is still chosen.
    press(page, "Change when")
    heading(page, "When suits you?")
    expect(page.locator(f'.soon button[value="{value}"]')).to_contain_text("Keep ")
    follow(page.get_by_role("link", name="Back", exact=True))
    heading(page, "Check and send")
    shown = page.locator("main").inner_text()
    for words in (moments.for_clients(start), "Cleo Marsh", email, "Ice pick scars", "Face", "Neck"):
        assert words in shown
    people.wait_like_a_person(page, began)
    effort.tap(page.locator("#id_health"))
    effort.go(page.get_by_role("button", name="Send your request"))
    heading(page, "Check your email to keep this time")
    _was_short(effort)
    reference = page.locator("main .ref").first.inner_text()
    shown = page.locator("main").inner_text()
    for words in (email, moments.for_clients(start), "person answers by", "Not booked yet"):
        assert words in shown
    page.reload()
    expect(page.locator("main .ref").first).to_have_text(reference)
    return Asked(reference, start, value, "Cleo Marsh", email)


def _answers_what_most_people_do(effort: Effort, name: str, email: str) -> tuple[str, datetime, float]:
    """From the concern's page to the check page. Returns the time's value and moment, and when the request began."""
    page = effort.page
    effort.go(page.locator("main").get_by_role("link", name="Request a consultation").first)
    # What came along from the page is not in the address, which stays in histories.
    assert people.path(page) == "/consultations/request/" and "?" not in page.url
    expect(page.get_by_role("checkbox", name=re.compile("^Ice pick"))).to_be_checked()
    effort.tap(page.get_by_role("checkbox", name="Face", exact=True))
    effort.go(page.get_by_role("button", name="Yes, continue"))
    began = time.monotonic()
    _begins_at("Do any of these apply to you?", page)
    effort.go(page.get_by_role("button", name="None of these"))
    _begins_at("When suits you?", page)
    _shows_three_times(page)
    soonest = page.locator(".soon button").first
    value = soonest.get_attribute("value") or ""
    effort.go(soonest)
    _begins_at("How do we reach you?", page)
    for label, typed in (("Full name", name), ("Email address", email)):
        effort.tap(page.get_by_label(label))
        page.keyboard.type(typed)
    effort.go(page.get_by_role("button", name="Continue"))
    _begins_at("Check and send", page)
    return value, moments.instant(value), began


def _begins_at(words: str, page: Page) -> None:
    """After each step reading begins at the heading."""
    heading(page, words)
    expect(page.locator("h1")).to_be_focused()


def _shows_three_times(page: Page) -> None:
    """The next three stand in the first screen of a phone, and what is pressed there is high enough for a finger."""
    if _is_phone(page):
        third = page.locator(".soon .go").nth(2).bounding_box()
        assert third and third["y"] + third["height"] < 844
        for tapped in (".soon .go", ".segments a", ".week a", ".times > *", ".more-days a"):
            assert lowest(page, tapped) >= TAP, tapped


def _is_phone(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and size["width"] == PHONE


def _was_short(effort: Effort) -> None:
    """Issue 11: six pages, ten taps, 600 words. On a phone; wide pages say more beside their pictures."""
    sys.stdout.write(f"From a concern to sent:\n{effort}\n")  # for whoever runs this with -s, or sees it fail
    assert (len(effort.loads), effort.taps) <= (6, 10)
    assert effort.controls <= MOST_CONTROLS, str(effort)
    if _is_phone(effort.page):
        assert effort.words <= 600, str(effort)


def _opens_the_link_of_the_first_mail(page: Page, site: Site, asked: Asked) -> None:
    """Looking at the link changes nothing, as mail scanners do; its button opens the request."""
    mail = mails.wait_for(site, asked.email, "Open by ")
    mails.is_discreet(mail)
    assert moments.for_clients(asked.start) in mails.text_of(mail)
    sent = page.url
    page.goto(mails.link_in(mail, site))
    page.goto(mails.link_in(mail, site))
    page.goto(sent)
    expect(page.locator("summary", has_text="wrong address")).to_be_visible()
    people.open_link(page, mails.link_in(mail, site))
    heading(page, "We have your request")
    expect(page.locator("p.visit")).to_have_text(moments.for_clients(asked.start))
    page.goto(sent)
    expect(page.locator("summary", has_text="wrong address")).to_have_count(0)


def _forgets_to_choose(page: Page) -> None:
    """The error is still there after a look at another page: it stands on a page of its own, not in the answer to a form."""
    press(page, "Accept the chosen time")
    error = page.get_by_role("alert").get_by_role("link", name="Choose one of the times")
    expect(error).to_be_visible()
    page.goto("/consultations/")
    page.go_back()
    expect(error).to_be_visible()
    error.click()
    expect(page.get_by_role("radio").first).to_be_focused()


def _dee_offers_two_other_times(page: Page, asked: Asked) -> list[datetime]:
    """On the desk, with a look at the mail before it goes. Returns the offered moments, earliest first."""
    people.sign_in(page)
    people.go_to_tab(page, "New")
    row = people.row_of(page, asked)
    expect(row).to_contain_text(asked.name)
    expect(row).to_contain_text(moments.for_the_desk(asked.start))
    people.open_request(page, asked)
    expect(page.locator("#content-main")).to_contain_text(moments.for_the_desk(asked.start))
    chosen = people.tick_other_times(page, asked, 2)
    press(page, "Preview the offer")
    preview = page.locator("details.preview[open] .paper").first
    for moment in chosen:
        expect(preview).to_contain_text(moments.for_clients(moment))
    # The filled button is what was just previewed, not the one that confirms another time.
    expect(page.locator("section.main button.primary")).to_have_text(
        re.compile("^Offer the ticked times and tell Cleo")
    )
    press(page, "Offer the ticked times and tell Cleo")
    expect(page.locator(".messagelist")).to_contain_text("The times are held")
    return chosen


def _is_offered(page: Page, value: str) -> bool:
    """Whether the public page of free times offers the time of this form value."""
    practitioner, _, moment = value.partition("@")
    page.goto("/consultations/times/?" + urlencode({"practitioner": practitioner, "day": moment[:10]}))
    heading(page, "Free times")
    _shows_three_times(page)
    return page.locator(f'.times a[href*="{urlencode({"time": value})}"]').count() == 1
