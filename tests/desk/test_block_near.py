"""Tomas rings in ill: twelve visits take three loads, and whoever loses one within a day is rung as well."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from bookings.models import Appointment, ConsultationRequest, Message, Together
from bookings.workflow import attendance, intake
from bookings.workflow.core import Actor, Origin
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


@pytest.mark.once
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


@pytest.mark.once
def test_a_visit_that_has_begun_is_asked_about_until_its_client_is_here(db: None) -> None:
    """Nobody is said to be with the practitioner whom nobody has seen, and nobody leaves the list unsaid."""
    user = make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff")
    with time_machine.travel(NOW, tick=False):
        cleo, mira, quin = booked("Cleo Marsh", 10), booked("Mira Marsh", 11), booked("Quin Marsh", 12)
    with time_machine.travel(at(3, 10, 5), tick=False):
        dee = Client()
        dee.force_login(user)
        page = look(dee)
        assert "This touches 3 people" in words(page) and "is with" not in words(page)
        Appointment.objects.filter(request=mira).update(state="released")
        attendance.arrive(quin, Origin(Actor.staff(user), at(3, 10, 5)))  # early, and not in the room yet
        quin.refresh_from_db()
        preview = press(dee, page, "see", **{f"seen-{quin.pk}": quin.version})
        assert "Mira Marsh: No longer hit." in words(preview), words(preview)[300:1500]
        sent = {f"seen-{mira.pk}": "", f"seen-{quin.pk}": quin.version}
        done = words(press(dee, preview, "tell", **sent))
        assert "Mira Marsh" in done and done.count("No longer hit.") == 1
        cleo.refresh_from_db()
        assert cleo.status == "offered", "nobody had seen Cleo, so she is offered other times"


@pytest.mark.once
def test_whoever_is_here_stays_and_is_named(db: None) -> None:
    user = make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff")
    with time_machine.travel(NOW, tick=False):
        cleo = booked("Cleo Marsh", 10)
    with time_machine.travel(at(3, 10, 5), tick=False):
        dee = Client()
        dee.force_login(user)
        page = look(dee)
        attendance.arrive(cleo, Origin(Actor.staff(user), at(3, 10, 5)))
        done = words(press(dee, page, "tell"))
        assert "Cleo Marsh is with Ana Lind since 10:00, and stays." in done and "No longer hit." in done


@pytest.mark.once
def test_a_call_is_written_for_the_voice_and_a_caller_who_has_just_booked_hears_that_it_is_off(
    db: None, settings: Settings
) -> None:
    settings.UNDO_MINUTES = 3
    user = make.staff("Dee Hart", *make.DEE, "bookings.add_timeoff")
    with time_machine.travel(NOW, tick=False):
        ana = make.practitioner()
        caller = make.submission(name="Cleo Marsh", email="", phone="+441632960001", practitioner_id=ana.pk)
        intake.book(caller, Origin(Actor.staff(user), NOW))
        dee = Client()
        dee.force_login(user)
        preview = press(dee, look(dee), "see")
        (_, said), *_ = preview.context["mails"]
        assert "cannot see you on Thursday 3 December" in said["text"], said["text"]
        assert not re.search(r"\b(link|page|file|e?-?mails?|Sent to you)\b", said["text"]), said["text"]
        press(dee, preview, "tell")
        assert Message.objects.filter(kind="displaced", state="to_call").count() == 1
