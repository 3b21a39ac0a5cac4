"""A day with no other times than the first three, which stand above it already, opens only when it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings.models import Practitioner
from tests import factories as make
from tests.client import walk

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("monday_morning")]


def test_the_first_three_are_not_shown_twice() -> None:
    make.practitioner().time_off.create(
        starts_at=make.at(1, 10), ends_at=make.at(1, 10) + timedelta(days=400)
    )
    Practitioner.objects.exclude(pk=make.practitioner().pk).update(is_active=False)
    page = Client().get("/consultations/times/")
    assert len(walk.tree(page).findall(".//ul[@class='soon']/li")) == 3
    assert walk.tree(page).find(".//section[@class='chosen-day']") is None
    assert "Tuesday 1 December, 3 free times" in walk.main(page)
    asked = walk.tree(Client().get("/consultations/times/?day=2026-12-01"))
    assert len(asked.findall(".//section[@class='chosen-day']//div[@class='times']/*")) == 3
