"""When something was switched off or closed, each page of a client says so before a button is pressed, and says no after."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bookings.models import Closure, ConsultationRequest, ConsultationType, Practitioner
from bookings.states import Status
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

MINE = "/consultations/mine/"


def ana_off() -> None:
    Practitioner.objects.filter(name="Ana Lind").update(is_active=False)


# --- a draft ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["windows", "time"])
def test_a_draft_with_somebody_switched_off_is_led_back_and_keeps_the_rest(chosen: str) -> None:
    browser, ana = Client(), make.practitioner()
    wishes = {
        "windows": {"slot": "none", "days": "3", "parts": "evening", "practitioner": str(ana.pk)},
        "time": {"slot": f"{ana.pk}@2026-12-03T10:00Z"},
    }
    draft = walk.to_check(browser, times=wishes[chosen])
    ana_off()
    times = f"/consultations/request/times/?d={draft}"

    # Looking says it, before anything is sent.
    assert browser.get(f"/consultations/request/check/?d={draft}")["Location"] == times
    page = browser.get(times)
    walk.check_page(page)
    assert "Please choose againAna Lind is not available any more." in walk.main(page)
    assert "Everything else that you told us is kept." in walk.main(page)
    # Sending does not get past it.
    assert walk.send(browser, draft)["Location"] == times
    assert not ConsultationRequest.objects.exists()
    # Bo is there.
    assert walk.answer(browser, draft, "times").status_code == 303
    assert walk.send(browser, draft)["Location"].startswith("/consultations/sent/")
    assert ConsultationRequest.objects.get().name == "Cleo Marsh"


def test_a_draft_for_a_kind_that_is_no_longer_offered() -> None:
    other = make.consultation_type(name="Review", minutes=20)
    make.practitioner().consultation_types.add(other)
    browser = Client()
    windows = {"slot": "none", "days": "3", "parts": "evening"}
    draft = walk.begin(browser, type=str(other.pk), time="any@2026-12-03T10:00Z")
    walk.to_check(browser, draft, times=windows)
    ConsultationType.objects.filter(pk=other.pk).update(is_active=False)
    page = browser.get(f"/consultations/request/check/?d={draft}", follow=True)
    assert "“Review” is not offered any more." in walk.main(page)


def test_a_draft_for_a_day_that_was_closed_is_not_told_that_somebody_was_first() -> None:
    browser = Client()
    draft = walk.to_check(browser)
    Closure.objects.create(first_day=date(2026, 12, 3), last_day=date(2026, 12, 3), name="Snow")
    page = browser.get(f"/consultations/request/check/?d={draft}", follow=True)
    assert "The clinic is closed on Thursday 3 December." in walk.main(page)
    assert "Somebody else was first" not in walk.main(page)


def test_what_is_switched_off_between_looking_and_sending_is_said_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page's own look is over; the verb looks once more."""
    browser = Client()
    draft = walk.to_check(browser, times={"slot": f"{make.practitioner().pk}@2026-12-03T10:00Z"})
    ana_off()
    monkeypatch.setattr("bookings.client.form.check.switched_off", lambda data, zone: "")
    assert walk.send(browser, draft)["Location"] == f"/consultations/request/times/?d={draft}"
    assert not ConsultationRequest.objects.exists()


# --- a request --------------------------------------------------------------------------------------------------------


def test_of_two_offers_the_one_that_stands_can_be_accepted() -> None:
    consultation = make.in_state(Status.OFFERED)
    first, second = consultation.appointments.held()
    second.practitioner = make.practitioner("Bo Reyes")
    second.save()
    browser = walk.signed_in(consultation)
    ana_off()
    page = browser.get(MINE)
    walk.check_page(page)
    text = walk.main(page)
    assert "we have a time for you" in text
    assert "Friday 4 December at 10am can no longer be booked. Ana Lind is not available any more." in text
    assert [n.get("value") for n in walk.tree(page).iter("input") if n.get("name") == "appointment"] == [
        str(second.pk)
    ]
    refused = browser.post(MINE + "accept/", {"appointment": first.pk, "version": consultation.version})
    assert refused.status_code == 409
    assert "That time can no longer be booked. Ana Lind is not available any more." in walk.main(refused)
    done = browser.post(MINE + "accept/", {"appointment": second.pk, "version": consultation.version})
    assert done.status_code == 303


def test_when_no_offer_stands_the_page_asks_what_would_suit() -> None:
    consultation = make.in_state(Status.OFFERED)
    browser = walk.signed_in(consultation)
    ana_off()
    page = browser.get(MINE)
    walk.check_page(page)
    assert "These times can no longer be booked" in walk.main(page)
    assert "The time to choose has run out" not in walk.main(page)
    data = {"days": "3", "parts": "evening", "text": "", "version": consultation.version}
    assert browser.post(MINE + "ask-other-times/", data).status_code == 303


def test_a_held_wish_that_cannot_be_kept_says_so() -> None:
    consultation = make.submitted()
    browser = walk.signed_in(consultation)
    ana_off()
    page = browser.get(MINE)
    walk.check_page(page)
    assert "We cannot keep it for you. Ana Lind is not available any more." in walk.main(page)
    assert "We hold it for you" not in walk.main(page)


def test_a_visit_of_a_kind_that_is_no_longer_offered_stays_and_moves_by_phone() -> None:
    consultation = make.in_state(Status.CONFIRMED)
    browser = walk.signed_in(consultation)
    ConsultationType.objects.update(is_active=False)
    page = browser.get(MINE)
    walk.check_page(page)
    assert "Yours stays as it is. To move it, please call us on 01632 960001." in walk.main(page)
    assert "Choose another time" not in walk.main(page)
    assert browser.get(MINE + "reschedule/")["Location"] == MINE
    data = {"slot": "any@2026-12-07T11:00Z", "version": consultation.version}
    refused = browser.post(MINE + "reschedule/", data)
    assert refused.status_code == 409
    assert "“First consultation” is not offered any more." in walk.main(refused)


def test_a_visit_with_somebody_switched_off_moves_to_others() -> None:
    consultation = make.in_state(Status.CONFIRMED, practitioner_id=make.practitioner().pk)
    browser = walk.signed_in(consultation)
    ana_off()
    page = browser.get(MINE + "reschedule/")
    walk.check_page(page)
    assert "What we agreed stays the same: in person, 30 minutes, £40." in walk.main(page)
    data = {"slot": f"{make.practitioner().pk}@2026-12-07T11:00Z", "version": consultation.version}
    assert browser.post(MINE + "reschedule/", data).status_code == 409
    data = {"slot": "any@2026-12-07T11:00Z", "version": consultation.version}
    assert browser.post(MINE + "reschedule/", data).status_code == 303
    assert consultation.appointments.booked().get().practitioner.name == "Bo Reyes"
