"""A wrong form answers 303 to its own page, where what was typed and why it was not taken wait until they are put right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bookings import limits
from bookings.models import ClientSession, ConsultationRequest, Draft
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

MINE = "/consultations/mine/"


def at(browser: Client, step: str) -> tuple[str, str]:
    """A draft in which all is answered, and the address of one of its pages."""
    draft = walk.to_check(browser)
    return draft, f"/consultations/request/{step}/?d={draft}"


def values(page: walk.Page) -> dict[str, Any]:
    """What each text field of a page holds."""
    return {
        node.get("name"): node.get("value") for node in walk.tree(page).iter("input") if node.get("value")
    }


def test_what_was_typed_waits_at_the_same_address() -> None:
    browser = Client()
    draft, address = at(browser, "you")
    response = walk.answer(browser, draft, "you", name="Cleo Newname", email="wrong")
    assert (response.status_code, response["Location"]) == (303, address)
    for _ in range(2):  # and again after a reload
        page = browser.get(address)
        assert walk.check_page(page).findtext(".//title").startswith("Error: ")
        assert (values(page)["name"], values(page)["email"]) == ("Cleo Newname", "wrong")
        assert "Enter an email address in the correct format" in walk.text(page)
    assert Draft.objects.get().data["name"] == "Cleo Marsh"


def test_once_it_is_answered_nothing_of_it_is_left() -> None:
    browser = Client()
    draft, address = at(browser, "you")
    walk.answer(browser, draft, "you", email="wrong")
    assert walk.answer(browser, draft, "you", email="right@example.org").status_code == 303
    assert "Error: " not in walk.text(browser.get(address))
    assert values(browser.get(address))["email"] == "right@example.org"
    assert Draft.objects.get().data["typed"] == {}


def test_every_page_keeps_its_own_and_so_does_every_tab() -> None:
    browser = Client()
    first, second = walk.to_check(browser), walk.to_check(browser)
    walk.answer(browser, first, "you", email="one")
    walk.answer(browser, first, "before", applies=[], anything_else="first words")
    walk.answer(browser, second, "you", email="two")
    for draft, email in ((first, "one"), (second, "two")):
        assert values(browser.get(f"/consultations/request/you/?d={draft}"))["email"] == email
    assert "first words" in walk.main(browser.get(f"/consultations/request/before/?d={first}"))
    assert "Error: " not in walk.text(browser.get(f"/consultations/request/before/?d={second}"))


def test_what_was_typed_is_encrypted_and_goes_with_the_draft(monday_morning: Any) -> None:
    browser = Client()
    draft, address = at(browser, "before")
    walk.answer(browser, draft, "before", applies=[], anything_else="canary sentence")
    raw = Draft.objects.extra(select={"raw": "data"}).values_list("raw", flat=True).get()
    assert "canary" not in raw
    monday_morning.shift(61 * 60)
    assert "canary" not in browser.get(address).content.decode()


def test_the_times_stay_those_that_were_looked_at() -> None:
    browser = Client()
    _, address = at(browser, "times")
    looked = f"{address}&day=2026-12-14"
    response = browser.post(looked, {"slot": "none", "day": "2026-12-14"})
    assert (response.status_code, response["Location"]) == (303, looked)
    page = browser.get(looked)
    assert "Monday 14 December" in walk.text(page)
    assert "Tick at least one day or part of the day" in walk.text(page)
    # The fold with what is wrong is open.
    assert walk.tree(page).find(".//p[@id='no-time']/..").get("open") is not None
    # Looking at another day is no answer, and does not say again what was wrong.
    assert "Error: " not in walk.text(browser.get(f"{address}&day=2026-12-15"))


def test_a_time_that_was_wrong_before_the_concerns_changed_is_asked_afresh() -> None:
    browser = Client()
    make.concern("keloid")
    ana = make.practitioner()
    ana.concerns.add(make.concern())
    draft = walk.to_check(browser, times={"slot": f"{ana.pk}@2026-12-03T10:00Z"})
    walk.answer(browser, draft, "times", slot="nonsense")
    response = walk.answer(browser, draft, "about", concerns=["keloid"])
    page = browser.get(response["Location"])
    assert "You changed what it is about" in walk.text(page)
    assert "Error: " not in walk.text(page)


def test_ticks_of_the_check_page_wait_too() -> None:
    browser = Client()
    draft, address = at(browser, "check")
    page = walk.shown(browser, walk.send(browser, draft, health="", news="on"))
    ticked = {node.get("name") for node in walk.tree(page).iter("input") if node.get("checked") is not None}
    assert ticked == {"news"}
    assert "Tick the box to agree" in walk.text(page)
    # On the way to another page and back, what is ticked stays; nobody is told twice.
    browser.post(address, {"news": "on", "change": "you"})
    assert "Error: " not in walk.text(browser.get(address))


def test_a_corrected_address_that_is_wrong_waits_on_the_sent_page() -> None:
    browser = Client()
    draft, _ = at(browser, "check")
    address = walk.send(browser, draft)["Location"]
    page = walk.shown(browser, browser.post(address, {"email": "nonsense"}))
    assert values(page)["email"] == "nonsense"
    assert browser.post(address, {"email": "new@example.org"}).status_code == 303
    assert "Error: " not in walk.text(browser.get(address))
    # The answers that were sent are still the same: sending again is no other request.
    assert walk.send(browser, draft)["Location"] == address


def test_more_than_anybody_types_is_answered_at_once() -> None:
    browser = Client()
    draft, _ = at(browser, "before")
    response = walk.answer(
        browser, draft, "before", anything_else="x" * (limits.texts.TYPED_KEPT_CHARACTERS + 1)
    )
    assert response.status_code == 200
    assert "x" * (limits.texts.TYPED_KEPT_CHARACTERS + 1) in response.content.decode()
    assert "Use 500 characters or fewer" in walk.text(response)
    assert "typed" not in Draft.objects.get().data or not Draft.objects.get().data["typed"]


def test_half_a_letter_is_no_obstacle() -> None:
    browser = Client()
    draft, _ = at(browser, "you")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\r\n'
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nwrong\r\n--x--\r\n'
    )
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    response = browser.generic("POST", f"/consultations/request/you/?d={draft}", body, content_type=kind)
    assert response.status_code == 303
    assert browser.get(response["Location"]).status_code == 200


def test_nothing_waits_before_somebody_says_that_they_are_an_adult() -> None:
    browser = Client()
    response = browser.post("/consultations/request/", walk.ANSWERS["about"] | {"adult": ""})
    draft = parse_qs(urlsplit(response["Location"]).query)["d"][0]
    walk.answer(browser, draft, "you", email="wrong")
    walk.answer(browser, draft, "before")
    data = Draft.objects.get().data
    assert data.keys() == {"typed"} and data["typed"].keys() == {"about"}


# --- the client's own page ----------------------------------------------------------------------------------------------


def opened(status: str) -> tuple[Client, ConsultationRequest]:
    consultation = make.in_state(status)
    browser = walk.signed_in(consultation)
    consultation.refresh_from_db()
    return browser, consultation


def test_the_session_keeps_what_was_typed_on_the_clients_page() -> None:
    browser, consultation = opened("offered")
    given = {"version": consultation.version, "text": "Not before ten"}
    response = browser.post(f"{MINE}ask-other-times/", given)
    assert (response.status_code, response["Location"]) == (303, MINE)
    for _ in range(2):
        page = browser.get(MINE)
        walk.check_page(page)
        assert "Tick at least one day or part of the day" in walk.text(page)
        assert "Not before ten" in walk.main(page)
    raw = ClientSession.objects.extra(select={"raw": "bookings_clientsession.typed"})
    assert "ten" not in raw.values_list("raw", flat=True).get()
    assert (
        browser.post(
            f"{MINE}ask-other-times/", given | {"parts": ["morning", "afternoon", "evening"]}
        ).status_code
        == 303
    )
    assert "Error: " not in walk.text(browser.get(MINE))
    assert ClientSession.objects.get().typed is None


def test_the_page_of_other_times_keeps_its_days_and_its_error() -> None:
    browser, consultation = opened("confirmed")
    address = f"{MINE}reschedule/?from=2026-12-14"
    response = browser.post(address, {"version": consultation.version})
    assert (response.status_code, response["Location"]) == (303, address)
    page = browser.get(address)
    walk.check_page(page)
    assert "Choose a time" in walk.text(page)
    assert "Monday 14 December" in walk.text(page)
    # This client's other page is not about it.
    assert "Error: " not in walk.text(browser.get(MINE))
    browser.post(address, {"version": consultation.version, "slot": "any@2026-12-14T11:00Z"})
    assert ClientSession.objects.get().typed == {"done": True}


def test_words_outlive_what_the_desk_did_meanwhile() -> None:
    browser, consultation = opened("waiting")
    browser.post(f"{MINE}answer/", {"version": consultation.version, "text": "y" * 1001})
    reply.decline(consultation, Origin(Actor.staff(make.staff()), make.NOW), reason="other")
    page = browser.get(MINE)
    walk.check_page(page)
    assert "The clinic answered your request just now." in walk.text(page)
    assert "y" * 1001 in walk.text(page)


def test_sessions_of_two_clients_keep_apart() -> None:
    cleo, consultation = opened("new")
    other = walk.signed_in(make.submitted(start=make.at(4, 10)))
    cleo.post(f"{MINE}add-information/", {"version": consultation.version, "text": "z" * 1001})
    assert "zzz" not in walk.text(other.get(MINE))


@pytest.mark.parametrize(
    ("verb", "given", "texts"),
    [
        ("answer", {"text": "It took me a while to write this."}, ["It took me a while to write this."]),
        (
            "ask-other-times",
            {"days": "3", "parts": "evening", "text": "Not before ten"},
            ["Thu", "Evening", "Not before ten"],
        ),
        ("withdraw", {"text": "One\nTwo"}, ["One", "Two"]),
        ("reschedule", {"text": "words of another page"}, ["words of another page"]),
        ("answer", {"text": "w" * 3000}, ["w" * 3000]),
    ],
)
def test_what_was_typed_outlives_the_session(verb: str, given: dict[str, str], texts: list[str]) -> None:
    page = Client().post(f"{MINE}{verb}/", given)
    walk.check_page(page, 403)
    for words in texts:
        assert words in walk.main(page)


def test_a_session_that_ran_out_gives_the_words_back(monday_morning: Any) -> None:
    browser, consultation = opened("waiting")
    monday_morning.shift(timedelta(minutes=31))
    page = browser.post(
        f"{MINE}answer/", {"version": consultation.version, "text": "Since May, on both cheeks"}
    )
    walk.check_page(page, 403)
    assert "It was not sent." in walk.text(page)
    assert "Since May, on both cheeks" in walk.text(page)
