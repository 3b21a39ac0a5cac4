"""A draft that ran out gives back what was typed just now, and says "already received" for a day if it was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings import clock
from bookings.models import ConsultationRequest, Draft
from bookings.workflow import erasure
from bookings.workflow.core import Origin
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def with_ana() -> str:
    return f"{make.practitioner().pk}@2026-12-03T10:00Z"


def ran_out(browser: Client, step: str, moment: Any, **given: Any) -> walk.Page:
    """The answer to a page that is sent when its draft is over."""
    draft = walk.to_check(browser)
    moment.shift(61 * 60)
    return walk.answer(browser, draft, step, **given)


@pytest.mark.parametrize(
    ("step", "given", "lines"),
    [
        ("about", {"areas": ["neck"]}, ["What is it about?", "Rolling", "Neck"]),
        (
            "before",
            {"anything_else": "On both cheeks,\nsince May"},
            ["None of these", "On both cheeks,", "since May"],
        ),
        (
            "times",
            {"days": "3", "parts": "evening"},
            ["Thursday 3 December at 10am", "Thu", "Evening"],
        ),
        ("you", {"name": "Cleo Typed"}, ["Full name", "Cleo Typed", "cleo@example.org", "Email"]),
        ("before", {"support_note": "A ramp"}, ["Tell us more", "A ramp"]),
    ],
)
def test_what_was_typed_just_now_comes_back_and_begins_a_new_request(
    step: str, given: dict[str, Any], lines: list[str], monday_morning: Any
) -> None:
    browser = Client()
    page = ran_out(browser, step, monday_morning, **given)
    tree = walk.check_page(page, 404)
    words = walk.main(page)
    assert "We do not have your answers any more" in words
    assert not [
        node for line in tree.iter("dd") for node in line if node.tag != "br"
    ]  # words to copy, no picture
    for line in lines:
        assert line in words
    # Nothing is kept before the button is pressed, and then only in the new draft.
    clock.tick(make.NOW + HOUR + timedelta(minutes=1))
    assert not Draft.objects.exists()
    hidden = [
        (node.get("name"), node.get("value")) for node in tree.iter("input") if node.get("type") == "hidden"
    ]
    names = {name for name, _ in hidden}
    fields = {name: [value for n, value in hidden if n == name] for name in names}
    draft = walk.begin(browser, **fields)
    for earlier in walk.ANSWERS:
        if earlier == step:
            break
        walk.answer(browser, draft, earlier)
    shown = browser.get(f"/consultations/request/{step}/?d={draft}")
    walk.check_page(shown)
    filled = shown.content.decode()
    for value in [
        value for values in given.values() for value in ([values] if isinstance(values, str) else values)
    ]:
        assert value.split("\n")[0] in filled
    assert walk.answer(browser, draft, step, **given).status_code == 303


def test_a_wrong_answer_comes_back_with_its_error_when_its_page_is_reached(monday_morning: Any) -> None:
    browser = Client()
    page = ran_out(browser, "you", monday_morning, email="wrong")
    assert "wrong" in walk.main(page)
    draft = walk.begin(browser, typed_page="you", typed_name="Cleo Typed", typed_email="wrong")
    for step in ("about", "before", "times"):
        walk.answer(browser, draft, step)
    shown = browser.get(f"/consultations/request/you/?d={draft}")
    assert "Enter an email address in the correct format" in walk.text(shown)
    assert "Cleo Typed" in shown.content.decode()


def test_what_comes_along_goes_when_somebody_is_under_18() -> None:
    browser = Client()
    draft = walk.begin(browser, typed_page="before", typed_anything_else="canary")
    walk.answer(browser, draft, "about", adult="no")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("page", ["nothing", "check", "", "about"])
def test_what_is_made_up_is_no_obstacle(page: str) -> None:
    draft = walk.begin(Client(), typed_page=page, typed_health="2026-12", typed_slot="x")
    assert Draft.objects.get(pk=draft).data == {}


def test_opening_a_page_of_a_draft_that_ran_out_shows_nothing(monday_morning: Any) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    monday_morning.shift(61 * 60)
    for path in ("request/you/", "request/check/", "sent/"):
        page = browser.get(f"/consultations/{path}?d={draft}")
        assert "What you typed just now" not in walk.text(page)
        assert "Cleo" not in walk.text(page)
    walk.check_page(walk.send(browser, draft), 404)


def test_somebody_elses_draft_gives_back_only_what_was_sent_with_it() -> None:
    cleo, eve = Client(), Client()
    draft = walk.to_check(cleo, you={"name": "Cleo Secret"})
    page = walk.answer(eve, draft, "you", name="Eve Nobody")
    walk.check_page(page, 404)
    assert "Eve Nobody" in walk.main(page)
    assert "Secret" not in walk.text(page)


# --- sent, and come back to ---------------------------------------------------------------------------------------------


def sent() -> tuple[Client, str, ConsultationRequest]:
    """Cleo asked for Ana at ten and has sent it."""
    browser = Client()
    draft = walk.to_check(
        browser, before={"applies": ["bleeding"], "anything_else": "canary"}, times={"slot": with_ana()}
    )
    walk.send(browser, draft)
    return browser, draft, ConsultationRequest.objects.get()


@pytest.mark.parametrize("clock_ran", [True, False])
def test_a_sent_draft_says_already_received_for_a_day(clock_ran: bool, monday_morning: Any) -> None:
    browser, draft, consultation = sent()
    for hours in (2, 23):
        monday_morning.move_to(make.NOW + hours * HOUR)
        if clock_ran:
            clock.tick(make.NOW + hours * HOUR)
        for path in ("request/you/", "request/check/", "sent/"):
            page = browser.get(f"/consultations/{path}?d={draft}", follow=True)
            walk.check_page(page)
            assert (
                f"We have already received your request. Its reference is {consultation.reference}."
                in walk.main(page)
            )
            assert "cleo@example.org" not in walk.text(page)
        again = browser.get(walk.send(browser, draft)["Location"])
        assert consultation.reference in walk.main(again)
        page = walk.answer(browser, draft, "you", name="Cleo Typed")
        walk.check_page(page, 409)
        assert consultation.reference in walk.main(page)
        assert "Cleo Typed" in walk.main(page)
        page = browser.post(f"/consultations/sent/?d={draft}", {"email": "new@example.org"})
        assert consultation.reference in walk.main(page)
        assert "new@example.org" in walk.main(page)
        assert consultation.reference not in walk.text(Client().get(f"/consultations/sent/?d={draft}"))
    assert ConsultationRequest.objects.count() == 1
    monday_morning.move_to(make.NOW + DAY + timedelta(seconds=1))
    if clock_ran:
        clock.tick(make.NOW + DAY + timedelta(seconds=1))
    assert consultation.reference not in walk.text(browser.get(f"/consultations/sent/?d={draft}"))
    assert walk.send(browser, draft).status_code == 404


def test_what_stays_of_a_sent_draft_has_no_answers() -> None:
    _, draft, consultation = sent()
    clock.tick(make.NOW + 59 * timedelta(minutes=1))
    assert Draft.objects.get().data["anything_else"] == "canary"
    clock.tick(make.NOW + HOUR)
    trace = Draft.objects.get()
    assert trace.data == {}
    assert (str(trace.pk), trace.sent_as_id, trace.expires_at) == (
        draft,
        consultation.pk,
        consultation.created_at + DAY,
    )
    clock.tick(make.NOW + DAY)
    assert not Draft.objects.exists()


def test_no_trace_stays_of_what_was_erased() -> None:
    browser, draft, consultation = sent()
    Draft.objects.update(sent_as=None)  # as if sending had been interrupted
    erasure.erase(consultation, Origin(make.CLIENT, make.NOW))
    assert not Draft.objects.exists()
    assert consultation.reference not in walk.text(browser.get(f"/consultations/sent/?d={draft}"))


# --- interrupted between saving and marking -----------------------------------------------------------------------------


def interrupted() -> tuple[Client, str, ConsultationRequest]:
    """As tests/races/test_interrupted.py leaves it: the request is saved, and the draft does not know."""
    browser, draft, consultation = sent()
    Draft.objects.update(sent_as=None)
    return browser, draft, consultation


@pytest.mark.parametrize("step", ["times", "you", "about", "check"])
def test_an_interrupted_sending_is_found_on_every_page(step: str) -> None:
    browser, draft, consultation = interrupted()
    page = browser.get(f"/consultations/request/{step}/?d={draft}", follow=True)
    assert "We have your request" in walk.main(page)
    assert consultation.reference in walk.main(page)


def test_the_own_held_time_is_not_taken() -> None:
    browser, draft, consultation = interrupted()
    for page in (
        browser.get(f"/consultations/request/times/?d={draft}", follow=True),
        walk.answer(browser, draft, "times", slot=with_ana()),
        walk.answer(browser, draft, "about", concerns=["rolling"]),
        browser.get(walk.send(browser, draft)["Location"]),
    ):
        assert consultation.reference in walk.main(page)
        assert "taken" not in walk.main(page)
        assert "not free" not in walk.main(page)
    assert ConsultationRequest.objects.count() == 1


def test_the_clock_marks_what_was_interrupted() -> None:
    browser, draft, consultation = interrupted()
    clock.tick(make.NOW + HOUR)
    assert Draft.objects.get().sent_as == consultation
