"""Switching off says first what it hits; booked visits are then on the desk until somebody decides on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bookings.models import Closure, ConsultationType, Practitioner, TimeOff
from bookings.states import Status
from bookings.workflow import reply
from bookings.workflow.core import Origin
from bookings.workflow.errors import WorkflowError
from tests import factories as make
from tests.desk.pages import WORKLIST, buttons, counts, html, names, page_of, say, words
from tests.desk.test_schedule import SCHEDULE, STAY, _url, fields

pytestmark = pytest.mark.once


@pytest.fixture
def dee() -> Client:
    """Dee with the rights of reception: the schedule too."""
    rights = [f"bookings.{do}_{model}" for model in SCHEDULE for do in ("view", "add", "change", "delete")]
    client = Client()
    client.force_login(make.staff("Dee Hart", *make.DEE, *rights))
    return client


def off(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "is_active"}


# --- the form asks first ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["practitioner", "consultation_type"])
def test_the_form_counts_what_it_hits_and_then_does_it(dee: Client, of: str) -> None:
    booked, offered, held = (
        make.in_state(status, start=make.at(3, hour))
        for status, hour in ((Status.CONFIRMED, 10), (Status.OFFERED, 11), (Status.NEW, 12))
    )
    row: Practitioner | ConsultationType = (
        make.practitioner() if of == "practitioner" else make.consultation_type()
    )
    data = off(fields(dee, _url(row)))
    page = dee.post(_url(row), data)
    text = words(page)
    assert "1 booked visit, 2 offered times and 1 held time still to come" in text
    for hit in (booked, offered, held):
        assert hit.reference in text
    row.refresh_from_db()
    assert row.is_active
    assert dee.post(_url(row), data | STAY).status_code == 302
    row.refresh_from_db()
    assert not row.is_active
    # The offer that is out is refused now.
    first = offered.appointments.held().filter(is_offer=True)[0]
    with pytest.raises(WorkflowError, match="can no longer be booked"):
        reply.accept(offered, Origin(make.CLIENT, make.NOW), appointment_id=first.pk)


def test_open_requests_without_a_time_count_too(dee: Client) -> None:
    make.submitted(start=None, windows=((0, "morning"),))
    kind = make.consultation_type()
    page = dee.post(_url(kind), off(fields(dee, _url(kind))))
    assert "1 open request asks for it" in words(page)


def test_giving_up_a_kind_or_a_concern_asks_as_well(dee: Client) -> None:
    consultation, ana = make.in_state(Status.CONFIRMED), make.practitioner()
    other, keloid = make.consultation_type(name="Review"), make.concern("keloid")
    data = fields(dee, _url(ana))
    for change in ({"consultation_types": [str(other.pk)]}, {"concerns": [str(keloid.pk)]}):
        page = dee.post(_url(ana), data | change)
        assert f"1 booked visit still to come: {consultation.name}, {consultation.reference}" in words(page)
    assert dee.post(_url(ana), data | {"concerns": [str(keloid.pk)]} | STAY).status_code == 302
    assert names(dee.get(f"{WORKLIST}?flag=doubt")) == ["Cleo Marsh"]


def test_what_hits_nobody_is_not_asked_about(dee: Client) -> None:
    make.in_state(Status.CONFIRMED)
    bo = make.practitioner("Bo Reyes")
    assert dee.post(_url(bo), off(fields(dee, _url(bo)))).status_code == 302
    data = {"name": "Snow", "first_day": "2026-12-04", "last_day": "2026-12-04"}
    assert dee.post("/admin/bookings/closure/add/", data).status_code == 302


def test_a_longer_closure_asks_about_the_new_days_only(dee: Client) -> None:
    make.in_state(Status.CONFIRMED)
    later = make.in_state(Status.CONFIRMED, start=make.at(4, 10))
    closure = Closure.objects.create(first_day=date(2026, 12, 3), last_day=date(2026, 12, 3), name="Snow")
    url = _url(closure)
    assert dee.post(url, fields(dee, url) | {"name": "Ice"}).status_code == 302
    page = dee.post(url, fields(dee, url) | {"last_day": "2026-12-04"})
    assert f"1 booked visit still to come: {later.name}, {later.reference}" in words(page)


# --- terms of a type --------------------------------------------------------------------------------------------------


def test_whoever_edits_a_type_is_told_how_many_visits_keep_the_old_terms(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    make.in_state(Status.OFFERED, start=make.at(3, 11))
    kind = make.consultation_type()
    page = dee.post(_url(kind), fields(dee, _url(kind)) | {"fee": "99", "cutoff_hours": "400"}, follow=True)
    assert "What was agreed stays for 1 booked visit and 2 offered times still to come" in words(page)
    assert f"{consultation.reference} on Thu 3 Dec 10:00 (booked)" in words(page)
    again = dee.post(_url(kind), fields(dee, _url(kind)) | {"name": "First talk"}, follow=True)
    assert "What was agreed stays" not in words(again)


def test_the_request_shows_what_was_agreed(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    ConsultationType.objects.update(fee=9900, mode="video", minutes=50)
    assert "as agreed: in person, 30 minutes, £40" in words(dee.get(page_of(consultation)))


def test_a_preview_of_a_move_says_what_was_agreed(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    ConsultationType.objects.update(fee=9900, mode="video")
    page = words(
        say(
            dee,
            consultation,
            "",
            preview="reschedule",
            slot=f"{make.practitioner().pk}@2026-12-08T11:00:00+00:00",
        )
    )
    assert "- Cost: £40" in page
    assert "£99" not in page


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_a_visit_in_doubt_is_counted_today_and_later_with_all_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make.in_state(Status.OFFERED)
    with django_assert_num_queries(1):
        assert counts(make.NOW).in_doubt == 0
    make.in_state(Status.CONFIRMED, start=make.at(3, 10))
    Practitioner.objects.update(is_active=False)
    for now, today in ((make.NOW, 0), (make.at(3, 9), 1)):
        with django_assert_num_queries(1):
            found = counts(now)
            assert (found.in_doubt, found.visits_today) == (1, today)


def test_booked_visits_stand_on_the_desk_until_somebody_keeps_them(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    assert "Visits in doubt" not in words(dee.get(WORKLIST))
    Practitioner.objects.update(is_active=False)

    worklist = dee.get(f"{WORKLIST}?flag=doubt")
    assert "Visits in doubt 1 in doubt" in words(worklist)
    assert names(worklist) == ["Cleo Marsh"]
    assert "Visit in doubt" in words(worklist)

    page = dee.get(page_of(consultation))
    assert "The visit, Thu 3 Dec 10:00. Ana Lind is not available any more." in words(page)
    assert {"let_stand", "reschedule", "cancel"} <= buttons(page)

    kept = say(dee, consultation, "let_stand")
    assert kept.status_code == 303
    page = dee.get(page_of(consultation))
    assert "Ana Lind is not available any more" not in words(page)
    assert "The visit was kept as it is" in words(page)
    assert "let_stand" not in buttons(page)
    assert "Visits in doubt" not in words(page)


def test_offers_and_holds_that_can_no_longer_be_booked_are_counted_flagged_and_drawn(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.in_state(Status.OFFERED, name="Gus Vale", start=make.at(3, 11))  # of Fri 4 Dec 10:00 and 14:00
    make.submitted(name="Hana Ito", start=make.at(4, 11))
    make.submitted(name="Ivo Fell", start=make.at(3, 12))
    assert "Times in doubt" not in words(dee.get(WORKLIST))
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(4, 8), ends_at=make.at(4, 13))
    with django_assert_num_queries(1):
        found = counts(make.NOW)
        assert (found.times_in_doubt, found.in_doubt) == (2, 0)
    listed = dee.get(f"{WORKLIST}?flag=times")
    assert sorted(names(listed)) == ["Gus Vale", "Hana Ito"]
    assert "Times in doubt 2 clients" in words(listed)
    assert words(dee.get(f"{WORKLIST}?tab=offered")).count("Time in doubt") >= 1
    assert "2 clients have times that can no longer be booked" in words(dee.get("/admin/"))
    drawn = html(dee.get("/admin/calendar/?on=2026-12-04&show=day"))
    assert "offered clash" in drawn and "hold clash" in drawn
    assert "in time off" in drawn


def test_what_new_zone_data_moved_is_not_said_to_be_switched_off(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    consultation.appointments.update(zone_changed_at=make.NOW)
    assert names(dee.get(f"{WORKLIST}?flag=doubt")) == ["Cleo Marsh"]
    page = words(dee.get(page_of(consultation)))
    assert "This visit is in doubt" in page
    assert "The rules of our time zone have changed since." in page
    assert "switched off" not in page


def test_a_second_person_who_keeps_it_reads_who_did(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(3, 9), ends_at=make.at(3, 17))
    version = consultation.version
    assert say(dee, consultation, "let_stand").status_code == 303
    second = dee.post(page_of(consultation), {"do": "let_stand", "version": version})
    assert second.status_code == 409
    assert "Dee Hart let the visit stand" in words(second)


def test_an_open_request_says_what_cannot_be_kept(dee: Client) -> None:
    consultation = make.submitted()
    Practitioner.objects.update(is_active=False)
    page = dee.get(page_of(consultation))
    assert "The held time, Thu 3 Dec 10:00. Ana Lind is not available any more." in words(page)
    assert "confirm_wish" not in buttons(page)
    refused = say(dee, consultation, "confirm", slot=f"{make.practitioner().pk}@2026-12-08T11:00:00+00:00")
    assert refused.status_code == 409
    assert "Ana Lind is not available any more." in words(refused)


def test_a_request_for_a_closed_day_says_so(dee: Client) -> None:
    consultation = make.submitted()
    consultation.appointments.update(state="released")
    Closure.objects.create(first_day=date(2026, 12, 3), last_day=date(2026, 12, 3), name="Snow")
    text = words(dee.get(page_of(consultation)))
    assert "What they asked for. The clinic is closed on Thursday 3 December." in text


def test_looking_for_them_costs_one_statement_a_page(dee: Client) -> None:
    for hour in (9, 10, 11, 12):
        make.in_state(Status.CONFIRMED, start=make.at(3, hour))
    Practitioner.objects.update(is_active=False)
    with CaptureQueriesContext(connection) as captured:
        dee.get(f"{WORKLIST}?flag=doubt")
    assert sum("off_practitioner" in q["sql"] or "its_day" in q["sql"] for q in captured) <= 5


def test_the_times_of_a_phone_request_are_with_somebody_who_sees_it(dee: Client) -> None:
    make.practitioner("Bo Reyes").concerns.set([make.concern("keloid")])
    data = {"concerns": ["rolling"], "see_who": "", "draft": "0d0e3ab4-3a0c-4a5c-9b61-2b6d1ab8a001"}
    hers = ">Bo Reyes</bdi>, "
    assert hers not in html(dee.post(f"{WORKLIST}add/", data))
    assert hers in html(dee.post(f"{WORKLIST}add/", data | {"concerns": ["keloid"]}))
