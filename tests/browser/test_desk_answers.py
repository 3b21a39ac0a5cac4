"""What Dee can answer, and how quickly: each of the three daily jobs takes three pages, the worklist included."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import mails, moments, people
from tests.browser.conftest import Open
from tests.browser.people import heading, press
from tests.browser.site import Site

pytestmark = pytest.mark.once

NOTE = "Please show the red patch on your cheek to your GP first."


def test_the_three_jobs_of_every_day_take_three_pages_each(somebody: Open, site: Site) -> None:
    cleo, gus, hana, dee = somebody(390), somebody(390), somebody(390), somebody()
    asked = people.ask_together(
        [
            (cleo, "Cleo Brook", "brook@example.org"),
            (gus, "Gus Hale", "gus@example.org"),
            (hana, "Hana Ito", "hana@example.org"),
        ]
    )
    people.sign_in(dee)

    # Confirm the time that was asked for.
    with people.page_loads(dee, 3):
        people.go_to_worklist(dee)
        people.open_request(dee, asked[0])
        press(dee, f"Confirm {moments.for_the_desk(asked[0].start)} and tell Cleo")
        expect(dee.locator(".messagelist")).to_contain_text("Confirmed. Cleo is told by e-mail.")
    booked = mails.wait_for(site, asked[0].email, "Booked: ")
    mails.is_discreet(booked)
    assert moments.for_clients(asked[0].start) in mails.text_of(booked)
    assert mails.visit_in(booked, "REQUEST").start == asked[0].start
    people.open_link(cleo, mails.link_in(booked, site))
    heading(cleo, "Your consultation is booked")
    expect(cleo.locator("p.visit")).to_have_text(moments.for_clients(asked[0].start))

    # Offer two others; neither suits.
    with people.page_loads(dee, 3):
        people.go_to_worklist(dee)
        people.open_request(dee, asked[1])
        offered = people.tick_other_times(dee, asked[1], 2)
        press(dee, "Offer the ticked times and tell Gus")
        expect(dee.locator(".messagelist")).to_contain_text("The times are held, and Gus is told by e-mail.")
    people.open_mail(gus, site, asked[1].email, "Choose a time by ")
    for moment in offered:
        expect(gus.locator("main")).to_contain_text(moments.for_clients(moment))
    gus.locator("summary", has_text="Ask for other times").click()
    gus.get_by_label("Thu").check()
    gus.get_by_label("Evening").check()
    press(gus, "Ask for other times")
    heading(gus, "We have your request")
    people.go_to_worklist(dee)
    expect(people.row_of(dee, asked[1])).to_contain_text("Thursday")

    # Decline with advice, which stays behind the link.
    with people.page_loads(dee, 3):
        people.go_to_worklist(dee)
        people.open_request(dee, asked[2])
        box = people.action(dee, "Decline, with advice or a reason")
        box.get_by_label("Why").select_option(label="Advice first")
        box.get_by_label("A personal note").fill(NOTE)
        press(box, "Decline and tell Hana")
        expect(dee.locator(".messagelist")).to_contain_text("Declined. Hana is told by e-mail")
    declined = mails.wait_for(site, asked[2].email, "About your request")
    mails.is_discreet(declined)
    assert "GP" not in mails.words_of(declined)
    people.open_link(hana, mails.link_in(declined, site))
    heading(hana, "Something else first")
    expect(hana.locator("blockquote")).to_have_text(NOTE)
    # The time that was held for Hana is free again: she may ask once more, without typing her name again.
    press(hana, "Ask again")
    heading(hana, "Request a consultation")


def test_a_question_and_its_answer_and_a_page_that_has_gone_stale(somebody: Open, site: Site) -> None:
    ines, dee, ana = somebody(390), somebody(), somebody()
    send = people.almost_ask(ines, "Ines Vale", "ines@example.org")
    people.sign_in(dee)
    people.sign_in(ana, "ana")
    asked = send()
    people.go_to_worklist(dee)
    people.open_request(dee, asked)
    box = people.action(dee, "Ask a question")
    box.get_by_label("Your question").fill("Did the laser burn your skin?")
    press(box, "Ask and tell Ines")
    question = mails.wait_for(site, asked.email, "Our question: answer by ")
    mails.is_discreet(question)
    people.open_link(ines, mails.link_in(question, site))
    expect(ines.locator("blockquote")).to_have_text("Did the laser burn your skin?")
    ines.get_by_label("Your answer").fill("No, it healed well.\n<b>Thank you</b>")
    press(ines, "Send your answer")
    heading(ines, "We have your request")
    people.go_to_worklist(dee)
    people.open_request(dee, asked)
    expect(dee.locator("#content-main")).to_contain_text("No, it healed well.")
    expect(dee.locator("#content-main")).to_contain_text("<b>Thank you</b>")

    # Dee writes a note to decline; meanwhile Ana confirms. Dee is told so, and what she wrote is still there.
    box = people.action(dee, "Decline, with advice or a reason")
    box.get_by_label("A personal note").fill(NOTE)
    people.go_to_worklist(ana)
    people.open_request(ana, asked)
    ana.locator("section.main label.slot input").first.check()
    press(ana, "Confirm the one ticked time and tell Ines")
    expect(ana.locator(".messagelist")).to_contain_text("Confirmed")
    press(box, "Decline and tell Ines")
    problem = dee.get_by_role("alert").first
    expect(problem).to_contain_text(re.compile("Ana confirmed .*(just now|minute)"))
    expect(problem).to_contain_text(NOTE)
    expect(dee.locator("h1 + p .chip")).to_have_text("Confirmed")


def test_nobody_gets_past_sign_in_without_the_right_to(somebody: Open) -> None:
    stranger = somebody()
    for path in ("", "bookings/consultationrequest/", "bookings/message/"):
        stranger.goto(f"/admin/{path}")
        heading(stranger, "Sign in to the desk")
    stranger.goto("/consultations/mine/")
    heading(stranger, "Open your link again")
    stranger.goto("/consultations/open/not-a-link-of-ours/")
    # A made-up link looks like any other until its button is pressed, so that nobody can try links out just by opening them.
    press(stranger, "Open my request")
    expect(stranger.locator("h1")).to_have_text("Ask for a new link")
