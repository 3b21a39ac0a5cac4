"""Tomas rings in ill: twelve visits take three loads, and whoever loses one within a day is rung as well."""

from __future__ import annotations

import re

import time_machine
from django.test import Client
from pytest_django import Settings

from bookings.models import ConsultationRequest, Together
from tests import factories as make
from tests.desk.pages import html, words
from tests.desk.test_block import booked, look, press
from tests.factories import NOW, at


def test_whoever_loses_a_visit_within_a_day_is_rung_as_well(db: None, settings: Settings) -> None:
    settings.UNDO_MINUTES = 3
    user = make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff")
    with time_machine.travel(NOW, tick=False):
        booked("Cleo Marsh", 10)
        mira = booked("Mira Marsh", 11)
        booked("Quin Marsh", 15)
        ConsultationRequest.objects.filter(pk=mira.pk).update(phone="+441632960002")
    # Cleo's and Mira's visits are within 24 hours, Quin's is not.
    with time_machine.travel(at(2, 12), tick=False):
        dee = Client()
        dee.force_login(user)
        preview = press(dee, look(dee), "see", **{f"do-{mira.pk}": "cancel"})
        done = press(dee, preview, "tell", **{f"do-{mira.pk}": "cancel"})
        said = words(done)
        assert said.count("Ring as well") == 2, said
        assert "the visit was tomorrow at 10:00" in said and "the visit was tomorrow at 11:00" in said
        assert 'href="tel:+441632960002"' in html(done) and "There is no phone number." in said
        due = ConsultationRequest.objects.filter(follow_up_on=at(2, 12).date()).order_by("name")
        assert list(due.values_list("name", flat=True)) == ["Cleo Marsh", "Mira Marsh"]
        start = words(dee.get("/admin/"))
        assert "Come back today" in start and "Cleo Marsh" in start
        dee.post("/admin/block/undo/", {"together": Together.objects.get().pk})
        assert not due.exists(), "the one undo takes that back too"


def test_twelve_visits_take_three_loads_and_three_clicks(db: None, settings: Settings) -> None:
    """The day sheet's "Away this day" leads to all of them with times; one press shows what goes out, one does it."""
    settings.UNDO_MINUTES = 3
    user = make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff")
    with time_machine.travel(NOW, tick=False):
        make.practitioner("Bo Berg")
        kept = [booked(f"Client{n} Marsh", 9 + n // 2, 30 * (n % 2)) for n in range(12)]
        dee = Client()
        dee.force_login(user)
        away = re.findall(
            r'href="(/admin/block/[^"]+)">Away this day', html(dee.get("/admin/day/?on=2026-12-03"))
        )
        page = dee.get(away[0].replace("&amp;", "&"))  # the first click and load
        assert "This touches 12 people" in words(page)
        preview = press(dee, page, "see")
        assert "Block and tell 12" in words(preview)
        assert press(dee, preview, "tell").status_code == 200
        statuses = ConsultationRequest.objects.filter(pk__in=[one.pk for one in kept])
        assert set(statuses.values_list("status", flat=True)) == {"offered"}
