"""Sending once, twice, too fast, too often, and when the time has just gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.models import Appointment, ConsultationRequest, Draft, Event, Message
from bookings.workflow import intake
from bookings.workflow.core import Origin
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_sending_twice_gives_the_same_reference() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    first, second = walk.send(browser, draft), walk.send(browser, draft)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    consultation = ConsultationRequest.objects.get()
    assert Message.objects.filter(kind="received").count() == 1
    assert Event.objects.count() == 1
    # Back, then F5 on any page of the request: the same reference.
    for address in ("request/check/", "request/you/", "sent/"):
        page = browser.get(f"/consultations/{address}?d={draft}", follow=True)
        assert consultation.reference in walk.text(page)


def test_an_answer_that_was_lost_is_made_good_by_trying_again() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    # As if the server had stopped after the commit and before it could note that the draft was sent.
    Draft.objects.update(sent_as=None)
    assert walk.send(browser, draft).status_code == 303
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.parametrize("changed", [{"news": "on"}])
def test_other_answers_after_sending_are_a_clear_error(changed: dict[str, str]) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    response = walk.send(browser, draft, **changed)
    walk.check_page(response, 409)
    consultation = ConsultationRequest.objects.get()
    assert consultation.reference in walk.text(response)
    assert not consultation.consents.get(kind="news").given


def test_a_page_changed_after_sending_names_the_reference() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    response = walk.answer(browser, draft, "you", name="Somebody Else")
    walk.check_page(response, 409)
    assert ConsultationRequest.objects.get().reference in walk.text(response)
    assert Draft.objects.get().data["name"] == "Cleo Marsh"


def test_without_agreement_nothing_is_sent() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    response = walk.shown(browser, walk.send(browser, draft, health=""))
    page = walk.check_page(response)
    assert page.findtext(".//title").startswith("Error: ")
    assert "Tick the box to agree" in walk.text(response)
    assert not ConsultationRequest.objects.exists()


def test_nothing_is_ticked_for_the_client() -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"contact_by": "phone", "phone": "07700 900 982"})
    page = walk.check_page(browser.get(f"/consultations/request/check/?d={draft}"))
    boxes = page.findall(".//input[@type='checkbox']")
    assert [box.get("name") for box in boxes] == ["health", "texts", "news"]
    assert not any(box.get("checked") is not None for box in boxes)


def test_ticks_survive_a_change_of_an_answer() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    check = f"/consultations/request/check/?d={draft}"
    response = browser.post(check, walk.AGREED | {"change": "about"})
    assert (response.status_code, response["Location"]) == (303, f"/consultations/request/about/?d={draft}")
    assert not ConsultationRequest.objects.exists()
    assert walk.answer(browser, draft, "about", areas=["neck"])["Location"] == check
    page = walk.check_page(browser.get(check))
    ticked = {
        box.get("name"): box.get("checked") is not None for box in page.findall(".//input[@type='checkbox']")
    }
    assert ticked == {"health": True, "news": False}
    # The Enter key sends: the first button of the form is not a Change button.
    buttons = page.findall(".//main//form//button")
    assert buttons[0].get("name") is None
    assert buttons[1].get("name") == "change"


def test_changing_after_sending_leads_to_the_sent_page() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    response = browser.post(f"/consultations/request/check/?d={draft}", {"change": "about"})
    assert response["Location"] == f"/consultations/sent/?d={draft}"


def test_a_kind_of_consultation_that_is_no_longer_offered_leads_back_to_the_times() -> None:
    gone = make.consultation_type(name="Gone soon", minutes=20)
    make.practitioner().consultation_types.add(gone)
    browser = Client()
    windows = {"slot": "none", "days": "3", "parts": "evening"}
    draft = walk.begin(browser, type=str(gone.pk), time="any@2026-12-03T10:00Z")
    walk.to_check(browser, draft, times=windows)
    gone.delete()
    response = walk.send(browser, draft)
    assert (response.status_code, response["Location"]) == (303, f"/consultations/request/times/?d={draft}")
    assert walk.answer(browser, draft, "times", **windows).status_code == 303
    assert walk.send(browser, draft).status_code == 303
    assert ConsultationRequest.objects.get().consultation_type == make.consultation_type()


def test_a_practitioner_who_is_gone_is_no_reason_to_lose_a_request() -> None:
    bo = make.practitioner("Bo Reyes")
    wanted = make.submission(start=None, practitioner_id=bo.pk)
    bo.delete()
    consultation = intake.submit(wanted, Origin(make.CLIENT, make.NOW))
    assert consultation.wished_practitioner is None


def test_a_time_that_has_just_gone_keeps_everything_and_offers_the_nearest() -> None:
    browser = Client()
    ana = make.practitioner()
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-03T10:00Z"}, you={"name": "Cleo Kept"})
    other = make.submitted(practitioner_id=ana.pk)
    response = walk.send(browser, draft, news="on")
    assert (response.status_code, response["Location"]) == (303, f"/consultations/request/times/?d={draft}")
    page = browser.get(response["Location"])
    tree = walk.check_page(page)
    assert "That time has just been taken" in walk.text(page)
    near = [node.get("value") for node in tree.findall(".//ul[@class='soon']//button")]
    assert len(near) == 3
    assert f"{ana.pk}@2026-12-03T10:00Z" not in near
    assert ConsultationRequest.objects.get() == other
    # One of the nearest, and straight back: name and consents are still there.
    response = walk.answer(browser, draft, "times", slot=near[0])
    assert response["Location"] == f"/consultations/request/check/?d={draft}"
    check = browser.get(response["Location"])
    assert "Cleo Kept" in walk.text(check)
    assert walk.tree(check).find(".//input[@name='news']").get("checked") is not None
    assert walk.send(browser, draft).status_code == 303
    assert ConsultationRequest.objects.exclude(pk=other.pk).get().name == "Cleo Kept"


def test_a_taken_time_cannot_be_chosen() -> None:
    browser = Client()
    ana = make.practitioner()
    make.submitted(practitioner_id=ana.pk)
    draft = walk.begin(browser)
    for step in ("about", "before"):
        walk.answer(browser, draft, step)
    wrong = walk.answer(browser, draft, "times", slot=f"{ana.pk}@2026-12-03T10:00Z")
    response = walk.shown(browser, wrong)
    assert response.status_code == 200
    assert "That time is not free. Choose another one." in walk.text(response)
    assert "The same time, with Bo Reyes" in walk.text(response)


@pytest.mark.parametrize(
    "name", ["X", "李", "Teller", "O’Brien", "Nguyễn Thị Minh Khai", "Anne-Marie d'Arcy", "Null"]
)
def test_every_name_is_a_name(name: str) -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"name": name})
    assert walk.send(browser, draft)["Location"] == f"/consultations/sent/?d={draft}"
    assert ConsultationRequest.objects.get().name == name


def test_windows_instead_of_a_time() -> None:
    browser = Client()
    draft = walk.to_check(browser, times={"slot": "none", "days": "3", "parts": "evening"})
    assert "Thursday, evening" in walk.text(browser.get(f"/consultations/request/check/?d={draft}"))
    walk.send(browser, draft)
    consultation = ConsultationRequest.objects.get()
    assert consultation.wished_start is None
    assert [(w.weekday, w.part) for w in consultation.windows.all()] == [(3, "evening")]
    assert not Appointment.objects.exists()
    assert "Thursday, evening" in walk.text(browser.get(f"/consultations/sent/?d={draft}"))


# --- bots ---------------------------------------------------------------------------------------------------------------


def quick(browser: Client) -> str:
    """A check page that was reached in less time than a person takes."""
    draft = walk.to_check(browser)
    walk.age(draft, seconds=-295)
    return draft


def test_anyone_who_sends_very_quickly_is_asked_to_look_and_then_gets_through(monday_morning: Any) -> None:
    browser = Client()
    draft = quick(browser)
    response = walk.shown(browser, walk.send(browser, draft, news="on"))
    page = walk.check_page(response)
    assert "That was very quick. Please check your answers and send once more." in walk.text(response)
    assert page.findtext(".//title").startswith("Error: ")
    assert all(
        page.find(f".//input[@name='{name}']").get("checked") is not None for name in ("health", "news")
    )
    assert not ConsultationRequest.objects.exists()
    monday_morning.shift(3)
    assert walk.send(browser, draft, news="on").status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert (consultation.status, consultation.suspicion) == ("new", "")
    assert Message.objects.filter(kind="received").count() == 1


def test_a_second_send_within_three_seconds_is_asked_once_more(monday_morning: Any) -> None:
    browser = Client()
    draft = quick(browser)
    for _ in range(3):
        assert "That was very quick" in walk.text(walk.shown(browser, walk.send(browser, draft)))
        monday_morning.shift(2)
    monday_morning.shift(1)
    assert walk.send(browser, draft).status_code == 303
    assert ConsultationRequest.objects.get().status == "new"


def test_what_repeats_itself_within_a_second_is_suspected(monday_morning: Any) -> None:
    browser = Client()
    draft = quick(browser)
    walk.send(browser, draft)
    monday_morning.shift(0.5)
    assert walk.send(browser, draft).status_code == 303
    consultation = ConsultationRequest.objects.get()
    assert (consultation.status, consultation.suspicion) == ("suspected", "too_fast")


def test_what_trips_a_trap_is_suspected_and_sees_the_usual_page() -> None:
    bot = Client()
    trapped = walk.to_check(bot)
    response = walk.send(bot, trapped, website="https://example.org")
    assert response.status_code == 303
    consultation, shown = ConsultationRequest.objects.get(), walk.main(bot.get(response["Location"]))
    assert (consultation.status, consultation.suspicion) == ("suspected", "honeypot")
    assert not Appointment.objects.exists()
    assert not Message.objects.exists()
    honest = Client()
    draft = walk.to_check(honest, you={"email": "cleo@example.org"})
    walk.send(honest, draft)
    other = ConsultationRequest.objects.get(status="new")
    usual = walk.main(honest.get(f"/consultations/sent/?d={draft}"))
    assert shown.replace(consultation.reference, "") == usual.replace(other.reference, "")


def test_a_trapped_page_before_the_last_counts_too() -> None:
    browser = Client()
    draft = walk.to_check(browser, you={"website": "x"})
    walk.send(browser, draft)
    assert ConsultationRequest.objects.get().suspicion == "honeypot"


def test_the_trap_cannot_be_seen_or_reached() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    page = walk.tree(browser.get(f"/consultations/request/check/?d={draft}"))
    trap = page.find(".//input[@name='website']")
    assert (trap.get("tabindex"), trap.get("autocomplete")) == ("-1", "off")
    assert page.find(".//div[@class='hp']").get("aria-hidden") == "true"


def test_thirty_people_behind_one_address_get_through_and_the_forty_first_is_asked_to_phone() -> None:
    # What is counted is a draft that is sent; the walk before it does not matter here.
    browser = Client()
    pattern = walk.to_check(browser, times={"slot": "none", "parts": "evening"})
    data = Draft.objects.get(pk=pattern).data
    owner = Draft.objects.get(pk=pattern).owner

    def one(number: int) -> tuple[str, int]:
        draft = Draft.objects.create(
            owner=owner,
            data=data | {"email": f"cleo{number}@example.org"},
            started_at=make.NOW - timedelta(minutes=5),
            expires_at=make.NOW + timedelta(hours=1),
        )
        return str(draft.pk), walk.send(browser, str(draft.pk)).status_code

    assert [one(number)[1] for number in range(40)] == [303] * 40
    assert ConsultationRequest.objects.filter(status="new").count() == 40
    draft, status = one(41)
    assert status == 429
    assert ConsultationRequest.objects.count() == 40
    response = walk.send(browser, draft)
    walk.check_page(response, 429)
    assert "01632 960001" in walk.text(response)
    kept = Draft.objects.get(pk=draft)
    assert kept.data["name"] == "Cleo Marsh"
    assert kept.expires_at >= make.NOW + timedelta(hours=2)


def test_the_limit_opens_again_after_the_hour(monday_morning: Any) -> None:
    make.rules(requests_per_network_hour=0)
    browser = Client()
    draft = walk.to_check(browser)
    assert walk.send(browser, draft).status_code == 429
    make.rules(requests_per_network_hour=40)
    monday_morning.shift(61 * 60)
    assert walk.send(browser, draft).status_code == 303


def test_one_address_may_ask_five_times_a_day() -> None:
    browser = Client()
    statuses = []
    for _ in range(6):
        draft = walk.to_check(browser, times={"slot": "none", "parts": "evening"})
        statuses.append(walk.send(browser, draft).status_code)
    assert statuses == [303] * 5 + [429]


def test_a_plus_and_dots_at_gmail_make_no_other_address() -> None:
    browser = Client()
    statuses = []
    for email in (
        "cleo@gmail.com",
        "cleo+1@gmail.com",
        "c.leo@gmail.com",
        "CLEO@gmail.com",
        "cleo@googlemail.com",
        "cl.eo@gmail.com",
    ):
        draft = walk.to_check(
            browser,
            you={"email": email},
            times={"slot": "none", "parts": "evening"},
        )
        statuses.append(walk.send(browser, draft).status_code)
    assert statuses == [303] * 5 + [429]


def test_a_draft_counts_once_however_often_its_time_is_taken() -> None:
    make.rules(requests_per_network_hour=1)
    browser = Client()
    ana = make.practitioner()
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-03T10:00Z"})
    make.submitted(practitioner_id=ana.pk)
    assert "times" in walk.send(browser, draft)["Location"]
    walk.answer(browser, draft, "times", slot="any@2026-12-03T11:00Z")
    assert "sent" in walk.send(browser, draft)["Location"]


# --- the page after sending ---------------------------------------------------------------------------------------------


def sent_page() -> tuple[Client, str, ConsultationRequest]:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    return browser, f"/consultations/sent/?d={draft}", ConsultationRequest.objects.get()


def test_the_address_can_be_corrected_once() -> None:
    browser, page, consultation = sent_page()
    response = browser.post(page, {"email": "marsh@example.org"})
    assert (response.status_code, response["Location"]) == (303, page)
    consultation.refresh_from_db()
    assert consultation.email == "marsh@example.org"
    shown = browser.get(page)
    walk.check_page(shown)
    assert "marsh@example.org" in walk.text(shown)
    assert not walk.tree(shown).findall(".//input[@name='email']")
    browser.post(page, {"email": "third@example.org"})
    consultation.refresh_from_db()
    assert consultation.email == "marsh@example.org"
    assert Message.objects.filter(state="queued", to="marsh@example.org").count() >= 1
    assert not Message.objects.filter(state="queued", to="cleo@example.org").exists()


def test_the_page_begins_with_the_one_thing_left_and_shows_what_was_asked_for() -> None:
    browser = Client()
    ana = make.practitioner()
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-03T10:00Z"})
    check = walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    page = browser.get(walk.send(browser, draft)["Location"])
    words = walk.main(page)
    assert words.startswith("Check your email to keep this time We have your request.")
    assert "Open the link in our email to cleo@example.org by 9:30am." in words
    assert "9:30am" in [one.text for one in walk.tree(page).iter("strong")]
    for shown in (check, words):
        assert "First consultation, in person, 30 minutes, £40" in shown
        assert "ith Ana Lind" in shown
    order = [
        words.index(part)
        for part in ("Open the link", "Thursday 3 December", "Either way a person", "Getting here")
    ]
    assert order == sorted(order)
    # What to know before one comes is folded; so is correcting the address, until it goes wrong.
    assert page.content.decode().count("<details") == 2 and not walk.tree(page).findall(".//details[@open]")


def test_the_page_does_not_promise_a_hold_that_is_over(monday_morning: Any) -> None:
    browser, page, _ = sent_page()
    monday_morning.shift(31 * 60)
    words = walk.main(browser.get(page))
    assert "we are not holding it" in words
    assert "to keep this time" not in words and "A person answers by" in words


def test_correcting_to_the_same_address_says_so_and_does_not_count() -> None:
    browser, page, consultation = sent_page()
    response = walk.shown(browser, browser.post(page, {"email": "cleo@example.org"}))
    assert walk.check_page(response).findall(".//main//details[@open]")
    assert "That is the address we already have." in walk.text(response)
    assert browser.post(page, {"email": "marsh@example.org"}).status_code == 303
    consultation.refresh_from_db()
    assert consultation.email == "marsh@example.org"


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0, ""),
        (-1, "We open at 9am today."),
        (10, "We open at 9am on Tuesday."),
        (4 * 24 + 9, "We open at 9am on Monday."),
    ],
)
def test_outside_opening_hours_call_us_says_when_we_open(monday_morning: Any, hours: int, text: str) -> None:
    monday_morning.shift(hours * 3600)
    browser = Client()
    draft = walk.to_check(browser, times={"slot": "none", "parts": "evening"})
    page = walk.send(browser, draft)["Location"]
    consultation = ConsultationRequest.objects.get()
    signed = walk.signed_in(consultation, now=make.NOW + timedelta(hours=hours))
    for words in (walk.main(browser.get(page)), walk.main(signed.get("/consultations/mine/"))):
        assert text in words
        assert bool(text) == ("We open at" in words)


def test_a_wrong_correction_is_said_in_words() -> None:
    browser, page, consultation = sent_page()
    response = walk.shown(browser, browser.post(page, {"email": "nonsense"}))
    walk.check_page(response)
    assert "Enter an email address in the correct format" in walk.text(response)
    consultation.refresh_from_db()
    assert consultation.email == "cleo@example.org"


def test_a_proved_address_is_not_changed_there() -> None:
    browser, page, consultation = sent_page()
    intake.prove(consultation, Origin(make.CLIENT, make.NOW))
    assert not walk.tree(browser.get(page)).findall(".//input[@name='email']")
    browser.post(page, {"email": "eve@example.org"})
    consultation.refresh_from_db()
    assert consultation.email == "cleo@example.org"


def test_a_bot_that_corrects_its_address_learns_nothing() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft, website="x")
    page = f"/consultations/sent/?d={draft}"
    assert browser.post(page, {"email": "bot@example.org"}).status_code == 303
    assert "bot@example.org" in walk.text(browser.get(page))
    assert not Message.objects.exists()


def test_after_the_purge_the_page_says_nothing_about_anybody() -> None:
    browser, page, consultation = sent_page()
    Draft.objects.all().delete()
    shown = browser.get(page)
    walk.check_page(shown)
    assert consultation.reference not in walk.text(shown)
    walk.check_page(Client().get("/consultations/sent/"))
