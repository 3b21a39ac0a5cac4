"""A time with whoever is free says who that is, as soon as it can be known."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.models import Appointment
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once


def test_a_time_with_whoever_is_free_says_who_that_is() -> None:
    browser = Client()
    make.practitioner()
    draft = walk.to_check(browser, times={"slot": "any@2026-12-03T10:00Z"})
    assert "With Ana Lind" in walk.main(browser.get(f"/consultations/request/check/?d={draft}"))
    page = walk.send(browser, draft)["Location"]
    assert "£40, with Ana Lind" in walk.main(browser.get(page))
    # One that is kept apart holds nothing, and its page must not tell.
    Appointment.objects.all().delete()
    assert "£40, with Ana Lind" in walk.main(browser.get(page))
