"""What the client's page says of a booked visit: who, where, what to bring; and moving it, which asks once more."""

from __future__ import annotations

import pytest

from bookings.messages import render
from bookings.models import Appointment, ConsultationType
from bookings.workflow import visit
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk
from tests.client.test_mine import MINE, opened

pytestmark = pytest.mark.once


def test_a_visit_in_person_says_where_it_is_and_how_to_get_there() -> None:
    browser, _row = opened("confirmed")
    make.profile()
    words = walk.main(browser.get(MINE))
    assert "Alder Row Skin Clinic4 Alder Row, Larch Quay" in words and "Getting here" not in words
    make.profile(
        street="5 Quay", town="Larch", postcode="NW1 6XE", getting_here="Bus 7.\n\nThe <b>red</b> door."
    )
    words = walk.main(browser.get(MINE))
    assert "5 QuayLarchNW1 6XE" in words, "a line each"
    assert "Getting here" in words and "Bus 7." in words and "The <b>red</b> door." in words
    ConsultationType.objects.update(mode="video")
    assert "Getting here" in walk.main(browser.get(MINE)), "a visit that was agreed stays as it was agreed"


def test_a_visit_by_phone_says_who_calls_whom_and_on_which_number() -> None:
    browser, row = opened("confirmed", phone="+447700900982")
    assert "We call you" not in walk.main(browser.get(MINE)), "in person"
    Appointment.objects.update(mode="phone")
    assert "We call you on 07700 900982 when it begins." in walk.main(browser.get(MINE))
    type(row).objects.update(phone="")
    assert "have no number of yours yet" in walk.main(browser.get(MINE))


def test_a_visit_says_who_and_what_to_bring_and_leads_to_a_map_without_loading_one() -> None:
    browser, _row = opened("confirmed")
    make.profile(to_bring="Your glasses\n\nA friend <b>", what_happens="We talk\nYou decide")
    page = browser.get(MINE)
    tree = walk.check_page(page)
    lists = [*tree.findall(".//ul[@class='bring']"), *tree.findall(".//div[@class='text short']/ol")]
    said = [[line.text for line in one] for one in lists]
    assert said == [["Your glasses", "A friend <b>"], ["We talk", "You decide"]]
    assert tree.find(".//span[@class='mono']").text == "AL"
    directions = tree.find(".//div[@class='ticket']//a[@rel]")
    assert (directions.text, directions.get("rel")) == ("Directions", "noreferrer")
    assert directions.get("href") == "https://www.openstreetmap.org/search?query=4+Alder+Row%2C+Larch+Quay"
    assert "openstreetmap" not in page["Content-Security-Policy"]
    assert tree.find(".//p[@class='follows']") is not None, "what is next stands in the first screen"
    # What is next leads to the questions, and "Cancel" to where that is done.
    leads = {a.text: a.get("href") for a in tree.find(".//main").iter("a")}
    ids = {one.get("id") for one in tree.iter()}
    assert leads["Cancel"] == "#cannot-come" and leads["Tell us what you would like to know"] == "#questions"
    assert {"cannot-come", "questions"} <= ids
    # What has happened is folded, the newest first. Until when they can move it is said once.
    told = [line.find("time") is not None for line in tree.findall(".//aside/details/ol/li")]
    assert told == [True, True]
    assert "You sent your request." in "".join(tree.findall(".//aside/details/ol/li")[-1].itertext())
    assert walk.main(page).count("Wednesday 2 December at 10am") == 1


def test_how_the_fee_is_paid_stands_beside_it_on_the_page_and_in_the_mail_once_somebody_wrote_it() -> None:
    browser, cleo = opened("confirmed")
    page = walk.main(browser.get(MINE))
    assert "It costs £40." in page and "You pay" not in page
    ConsultationType.objects.update(how_paid="You pay here, by card")
    assert "It costs £40. You pay here, by card." in walk.main(browser.get(MINE))
    mail = render.render(cleo.messages.get(kind="confirmed"), now=make.NOW)
    assert "Cost: £40. You pay here, by card." in mail.text
    assert ConsultationType(how_paid="You pay here", fee=0).paid == ""


def test_a_visit_that_the_clinic_moved_says_so_first() -> None:
    browser, cleo = opened("confirmed")
    dee = Origin(Actor.staff(make.staff()), make.NOW)
    visit.reschedule(cleo, dee, slot=make.slot(make.at(4, 11)))
    tree = walk.check_page(browser.get(MINE))
    assert tree.find(".//h1").text == "Your consultation has moved"
    assert (
        tree.find(".//p[@class='say']").text
        == "It was Thursday 3 December at 10am. We moved it to the time below."
    )


def test_a_visit_by_video_names_no_place() -> None:
    make.profile(street="5 Quay", town="Larch", postcode="NW1 6XE", getting_here="Bus 7.")
    ConsultationType.objects.update(mode="video")
    browser, _row = opened("confirmed")
    words = walk.main(browser.get(MINE))
    assert "by video" in words
    assert "Getting here" not in words and "5 Quay" not in words and "Directions" not in words
    assert "How the call beginsTo hear it, please call us on 01632 960001 before." in words
    make.profile(video_call="We ring you.")
    assert "How the call beginsWe ring you." in walk.main(browser.get(MINE))


def test_a_request_without_a_visit_says_it_too_folded() -> None:
    browser, _row = opened("new")
    make.profile(getting_here="Bus 7.", to_bring="Your glasses")
    tree = walk.check_page(browser.get(MINE))
    fold = next(
        one
        for one in tree.iter("details")
        if one.findtext("summary") == "Getting here, what to bring, what happens"
    )
    words = "".join(fold.itertext())
    assert all(part in words for part in ("4 Alder Row", "Directions", "Bus 7.", "Your glasses"))


def test_moving_asks_once_more_beside_the_time_that_is_booked() -> None:
    browser, consultation = opened("confirmed")
    moving = f"{MINE}reschedule/"
    times = walk.check_page(browser.get(moving))
    first = times.find(".//ul[@class='soon']//a")
    page = browser.get(moving + first.get("href"))
    tree = walk.check_page(page)
    words = walk.main(page)
    assert words.index("The new timeTuesday 1 December at 9am") < words.index(
        "The time you haveThursday 3 December"
    )
    assert Appointment.objects.booked().get().starts_at == make.at(3, 10), "looking moves nothing"
    button = tree.find(".//ul[@class='swap']//button")
    given = {button.get("name"): button.get("value"), "version": str(consultation.version)}
    assert browser.post(moving, given)["Location"] == MINE
    assert Appointment.objects.booked().get().starts_at == make.at(1, 9)


def test_a_time_that_has_gone_or_never_was_is_not_asked_about() -> None:
    browser, _ = opened("confirmed")
    for value, words in (
        ("any@2026-12-05T10:00Z", "That time has just been taken"),
        ("x", "That time is not free"),
    ):
        page = browser.get(f"{MINE}reschedule/", {"take": value})
        walk.check_page(page)
        assert words in walk.main(page)
        assert "Move my consultation" not in walk.main(page)
