"""Whoever loses a visit that begins within a day hears of it on the phone too: a mail may be read too late."""

from __future__ import annotations

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
