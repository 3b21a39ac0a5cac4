"""A clinic that takes no new requests says so, sends none, loses nothing that was typed, and keeps every other promise."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.client.form import guards
from bookings.models import ConsultationRequest, Draft
from bookings.states import Status
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import RequestsClosed
from content.models import ClinicProfile
from tests import factories as make
from tests.client import walk
from tests.desk.pages import WORKLIST, html

pytestmark = [pytest.mark.django_db, pytest.mark.once]
START = "/consultations/request/"
HEADING = "We are not taking new requests just now"


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False):
        yield


def close(words: str = "") -> None:
    ClinicProfile.objects.update(requests_closed=True, closed_words=words)


def reopen() -> None:
    ClinicProfile.objects.update(requests_closed=False)


def test_the_form_says_so_and_whom_to_call() -> None:
    close("Our doctor is ill.\n\nWe take requests again from 7 December.")
    page = Client().get(START)
    walk.check_page(page)
    text = walk.main(page)
    for words in (
        HEADING,
        "Our doctor is ill.",
        "from 7 December",
        "01632 960001",
        "Call 999",
        "Get a new link",
    ):
        assert words in text
    assert "<form" not in html(page).split("<main")[1]


def test_without_words_of_its_own_it_says_so_plainly() -> None:
    close()
    assert "You cannot ask for a consultation here at the moment." in walk.main(Client().get(START))


def test_buttons_elsewhere_still_lead_there() -> None:
    close()
    home = Client().get("/search/?q=scars")
    assert f'href="{START}"' in html(home)


def test_nothing_begins() -> None:
    close()
    page = Client().post(START)
    assert HEADING in walk.main(page)
    assert not Draft.objects.exists()


def test_whoever_was_in_the_middle_is_told_and_reads_what_they_typed() -> None:
    browser = Client()
    draft = walk.begin(browser)
    close()
    # The page that was open is still sent, and what it says is kept.
    told = walk.shown(
        browser, walk.answer(browser, draft, "before", anything_else="I would like to talk about my chin.")
    )
    walk.check_page(told)
    text = walk.main(told)
    for words in (
        HEADING,
        "Your answers were not sent",
        "Rolling scars",
        "I would like to talk about my chin.",
        "10am",
    ):
        assert words in text
    # Nor can they go on, and when the clinic opens again within the hour, they can.
    assert HEADING in walk.main(browser.get(f"{START}times/?d={draft}"))
    reopen()
    assert HEADING not in walk.main(browser.get(f"{START}times/?d={draft}"))


def test_a_wrong_answer_is_kept_as_it_was_typed() -> None:
    browser = Client()
    draft = walk.before("you", browser)
    close()
    told = walk.shown(browser, walk.answer(browser, draft, "you", email="cleo at example", name="Cleo Marsh"))
    assert "cleo at example" in walk.main(told)


def test_whoever_is_under_18_leaves_nothing_behind_here_either() -> None:
    browser = Client()
    draft = walk.begin(browser)
    close()
    assert walk.answer(browser, draft, "about", adult="no")["Location"] == "/under-18s/"
    assert not Draft.objects.exists()


def test_nothing_is_sent_past_the_form() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    close()
    told = walk.shown(browser, walk.send(browser, draft))
    text = walk.main(told)
    assert HEADING in text and "Cleo Marsh" in text and "Thursday 3 December at 10am" in text
    assert not ConsultationRequest.objects.exists()
    reopen()
    walk.age(draft)
    assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")


def test_nothing_is_sent_when_it_closes_between_looking_and_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client()
    draft = walk.to_check(browser)
    within = guards.within_limits

    def then_it_closes(*given: Any) -> bool:
        close()
        return within(*given)

    monkeypatch.setattr(guards, "within_limits", then_it_closes)
    assert HEADING in walk.main(walk.shown(browser, walk.send(browser, draft)))
    assert not ConsultationRequest.objects.exists()


def test_what_was_sent_before_is_still_confirmed() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    walk.send(browser, draft)
    close()
    assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")
    assert ConsultationRequest.objects.count() == 1


def test_what_was_typed_into_a_draft_that_ran_out_is_said_once_more() -> None:
    close()
    page = Client().post(
        START, {"typed_page": "before", "typed_anything_else": "About my chin.", "typed_applies": "none"}
    )
    text = walk.main(page)
    assert "About my chin." in text and "We have not kept it" in text


def test_free_times_say_none() -> None:
    asked = "/consultations/times/"
    before = Client().get(asked, HTTP_ACCEPT="application/json").json()
    assert before["slots"] and before["next"]
    close()
    after = Client().get(asked, HTTP_ACCEPT="application/json").json()
    assert (after["slots"], after["next"]) == ([], None)
    assert after.keys() == before.keys()
    assert HEADING in walk.main(Client().get(asked))


@pytest.mark.parametrize(
    ("state", "say", "sent"),
    [
        (Status.OFFERED, "accept", {}),
        (Status.CONFIRMED, "cancel", {}),
        (Status.WAITING, "answer", {"text": "Since last spring."}),
    ],
)
def test_clients_with_a_request_do_what_they_always_could(
    state: Status, say: str, sent: dict[str, str]
) -> None:
    consultation = make.in_state(state)
    close()
    browser = walk.signed_in(consultation)
    page = html(browser.get("/consultations/mine/"))
    assert f"/consultations/mine/{say}/" in page
    version = page.split('name="version" value="')[1].split('"')[0]
    if say == "accept":
        sent = {"appointment": str(consultation.appointments.filter(is_offer=True)[0].pk)}
    assert browser.post(f"/consultations/mine/{say}/", sent | {"version": version}).status_code == 303
    consultation.refresh_from_db()
    assert consultation.status != state


def test_a_client_can_still_move_a_visit() -> None:
    consultation = make.in_state(Status.CONFIRMED)
    close()
    assert "take=" in html(walk.signed_in(consultation).get("/consultations/mine/reschedule/"))


def test_the_desk_still_books_by_phone_and_the_verb_refuses_a_client() -> None:
    close()
    with pytest.raises(RequestsClosed):
        intake.submit(make.submission(), Origin(make.CLIENT, make.NOW))
    booked = intake.book(
        make.submission(practitioner_id=make.practitioner().pk), Origin(Actor.staff(make.staff()), make.NOW)
    )
    assert booked.status == Status.CONFIRMED
    kept = intake.submit(make.submission(start=None), Origin(Actor.staff(make.staff()), make.NOW))
    assert kept.status == Status.NEW  # "Keep as a new request without a time"


def test_the_desk_is_reminded_while_it_is_closed() -> None:
    browser = Client()
    browser.force_login(make.staff())
    assert "The request form is closed" not in html(browser.get(WORKLIST))
    close()
    page = html(browser.get(WORKLIST))
    assert "The request form is closed" in page
    assert "clinicprofile" not in page  # Dee may not open it again
    browser.force_login(make.staff("Mo Lane", "content.change_clinicprofile", "content.view_clinicprofile"))
    mos = html(browser.get("/admin/content/clinicprofile/1/change/"))
    assert 'until you open it in the <a href="/admin/content/clinicprofile/1/change/">' in mos
