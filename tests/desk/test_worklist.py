"""The worklist: every request on its tab, what to do first at the top, found by whatever people remember."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment, ConsultationRequest
from bookings.queries import desk as queries
from bookings.queries import due
from bookings.queries.desk import Tab
from bookings.states import Status
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from clinic.foundation import when
from tests import factories as make
from tests.desk.pages import WORKLIST, counts, html, names, tabs, words


def test_every_request_stands_on_its_tab(dee: Client) -> None:
    # The offer comes last: the one that lapses takes the same time before it.
    for place, status in enumerate(sorted(Status, key=lambda status: status == Status.OFFERED)):
        make.in_state(status, start=make.at(1 + place % 4, 9 + place // 4, 30), name=f"Cleo {status.value}")
    counted = tabs(dee.get(WORKLIST))
    assert counted == {
        "All open": 3,
        "New": 1,
        "Waiting for client": 1,
        "Offered": 1,
        "Closed": 6,
        "Suspected spam": 1,
    }
    assert names(dee.get(WORKLIST)) == ["Cleo new", "Cleo offered", "Cleo waiting"]
    assert names(dee.get(f"{WORKLIST}?tab=waiting")) == ["Cleo waiting"]
    assert names(dee.get(f"{WORKLIST}?tab=offered")) == ["Cleo offered"]
    assert names(dee.get(f"{WORKLIST}?tab=suspected")) == ["Cleo suspected"]


def test_old_addresses_of_visits_lead_to_the_day_sheet_and_the_calendar(dee: Client) -> None:
    for query, page in (
        ("tab=today", "/admin/day/"),
        ("tab=today&practitioner=3", "/admin/day/?who=3"),
        ("tab=upcoming&practitioner=x", "/admin/calendar/"),
    ):
        assert dee.get(f"{WORKLIST}?{query}")["Location"] == page


@pytest.mark.parametrize("hours", [-72, -10, -2, 2, 10, 72])
def test_the_number_beside_a_tab_is_how_many_it_shows(db: None, hours: int) -> None:
    """Visits of earlier days, of today and later, of every status, around both midnights."""
    for place, status in enumerate(sorted(Status, key=lambda status: status == Status.OFFERED)):
        consultation = make.in_state(status, start=make.at(1 + place % 4, 9 + place // 4, 30))
        start = make.NOW + timedelta(hours=hours)
        times = {"starts_at": start, "blocks_from": start}
        ends = {"ends_at": start + timedelta(minutes=2), "blocks_until": start + timedelta(minutes=2)}
        Appointment.objects.booked().filter(request=consultation).update(
            **{name: at + timedelta(minutes=3 * place) for name, at in (times | ends).items()}
        )
    now = make.NOW + timedelta(minutes=1)
    found, everything = (
        counts(now),
        queries.with_visit(ConsultationRequest.objects.all()),
    )
    for tab in Tab:
        rows = everything.filter(queries.in_tab(tab))
        assert found.tabs[tab] == rows.count(), tab
    opens, closes = when.day_bounds(when.local_day(now, make.LONDON), make.LONDON)
    today = Appointment.objects.booked().filter(starts_at__gte=opens, starts_at__lt=closes)
    assert found.visits_today == today.count()
    assert found.unmarked == everything.filter(queries.unmarked(now, make.LONDON)).count()
    assert found.too_long == ConsultationRequest.objects.filter(due.waits_too_long(now)).count()


def test_new_requests_stand_by_promise_with_calls_for_today_first(dee: Client) -> None:
    make.submitted(name="Later Person", start=None, now=make.NOW - timedelta(minutes=5))
    make.submitted(name="Sooner Person", start=None, now=make.NOW - timedelta(days=4))
    calm = make.submission().answers
    make.submitted(name="Calling Person", start=None, answers=calm | {"anything_else": "I feel hopeless"})
    page = dee.get(WORKLIST)
    assert names(page) == ["Calling Person", "Sooner Person", "Later Person"]
    assert "Overdue" in words(page)
    assert "Call today" in words(page)


def test_the_time_left_the_arrival_and_a_wish_to_be_rung_stand_on_the_list(dee: Client) -> None:
    make.submitted(name="Ring Me", start=None, phone="+441632960001", contact_by="phone")
    make.submitted(name="Mail Me", start=None)
    page = words(dee.get(WORKLIST))
    # A promise of one working day, made at nine.
    assert page.count("8 h left") == page.count("due today 17:00") == 2
    assert page.count("· 09:00") == 2
    assert page.count("phone first") == 1


def test_a_promise_that_does_not_run_says_why(dee: Client) -> None:
    make.in_state(Status.SUSPECTED)
    assert "Not started" in words(dee.get(f"{WORKLIST}?tab=suspected"))


def test_there_is_one_search_and_it_looks_everywhere(dee: Client) -> None:
    page = html(dee.get(WORKLIST))
    assert page.count('type="search"') == 1
    assert 'aria-label="Find a request by name, e-mail, phone or reference"' in page


def test_the_reason_of_a_flag_is_not_on_the_list(dee: Client) -> None:
    answers = make.submission().answers | {"applies": ["isotretinoin"], "anything_else": "canary in the text"}
    make.submitted(answers=answers, start=None)
    page = dee.get(WORKLIST)
    assert "Clinician" in words(page).split("Owner")[-1]
    assert "isotretinoin" not in html(page)
    assert "canary" not in html(page)


@pytest.mark.parametrize(
    "term",
    [
        "lukasz",
        "ŁUK",
        "zoe",
        "Zoë luk",
        "zoe.l@",
        "01632 960 001",
        "+44 (0)1632 960001",
        "0044 1632 960001",
        "960001",
    ],
)
def test_a_client_is_found_by_what_people_remember(dee: Client, term: str) -> None:
    make.submitted(name="Zoë Łukasz", email="zoe.l@example.org", phone="+441632960001", start=None)
    make.submitted(name="Ann Other", email="ann@example.org", phone="+441632960777", start=None)
    assert names(dee.get(WORKLIST, {"q": term})) == ["Zoë Łukasz"]


def test_a_client_is_found_by_reference_on_any_tab(dee: Client) -> None:
    consultation = make.in_state(Status.DECLINED, name="Cleo Marsh")
    make.submitted(name="Ann Other", start=None)
    assert names(dee.get(WORKLIST, {"q": consultation.reference.lower()})) == ["Cleo Marsh"]


def test_the_middle_of_a_word_finds_nobody(dee: Client) -> None:
    make.submitted(name="Zoë Łukasz", start=None)
    page = dee.get(WORKLIST, {"q": "kasz"})
    assert names(page) == []
    assert "Nobody matches" in words(page)


def test_marks_of_the_search_language_are_only_letters(dee: Client) -> None:
    make.submitted(name="Zoë Łukasz", start=None)
    for term in ("%", "_", "' OR 1=1 --", "\\", "(((", "٣٣٣٣"):
        assert names(dee.get(WORKLIST, {"q": term})) == []


def test_filters_narrow_the_list(dee: Client) -> None:
    ana, bo = make.practitioner("Ana Lind"), make.practitioner("Bo Reyes")
    keloid = make.concern("keloid")
    with_ana = make.submitted(name="With Ana", practitioner_id=ana.pk)
    make.submitted(name="With Bo", practitioner_id=bo.pk)
    flagged = make.submission().answers | {"concerns": [keloid.code]}
    make.submitted(name="With Flag", start=None, answers=flagged)
    desk.assign(with_ana, Origin(Actor.staff(make.staff()), make.NOW), user=make.staff())
    assert names(dee.get(WORKLIST, {"practitioner": ana.pk})) == ["With Ana"]
    assert names(dee.get(WORKLIST, {"about": "keloid"})) == ["With Flag"]
    assert names(dee.get(WORKLIST, {"flag": "clinician"})) == ["With Flag"]
    assert names(dee.get(WORKLIST, {"assigned": "me"})) == ["With Ana"]
    assert set(names(dee.get(WORKLIST, {"assigned": "nobody"}))) == {"With Bo", "With Flag"}


def test_nonsense_in_the_address_is_no_error(dee: Client) -> None:
    make.submitted()
    for query in (
        "tab=none",
        "practitioner=x",
        "assigned=x",
        "about=x",
        "flag=x",
        "p=99",
        "o=9.x",
        "unknown=1",
    ):
        assert dee.get(f"{WORKLIST}?{query}").status_code in (200, 302)


def test_the_list_needs_the_same_number_of_statements_for_any_number_of_rows(dee: Client) -> None:
    make.rules(holds_per_address=50)
    make.submitted(start=make.at(3, 9))
    few = _statements(dee)
    for number in range(12):
        make.submitted(
            name=f"Client {number}", start=make.at(3, 9 + number // 2, 30 * (number % 2)) + timedelta(hours=1)
        )
    assert ConsultationRequest.objects.count() == 13
    assert _statements(dee) == few
    assert few <= 8


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(WORKLIST).status_code == 200
    return len(captured)


def test_nothing_can_be_added_changed_or_deleted_on_the_list(dee: Client) -> None:
    consultation = make.submitted()
    answer = dee.post(WORKLIST, {"action": "delete_selected", "_selected_action": consultation.pk})
    assert answer.status_code == 303
    assert dee.post(f"{WORKLIST}{consultation.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ConsultationRequest.objects.filter(pk=consultation.pk).exists()


def test_no_page_of_the_desk_carries_a_style_or_a_script_of_its_own(dee: Client) -> None:
    make.submitted()
    for url in (WORKLIST, f"{WORKLIST}?tab=closed", "/admin/bookings/message/", "/admin/all/"):
        page = html(dee.get(url))
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page


@pytest.mark.parametrize("filter", ["practitioner", "assigned", "about", "flag", "tab"])
@pytest.mark.parametrize("value", ["9" * 30, "-1", "nobody-of-that-name"])
def test_a_made_up_filter_shows_a_page(dee: Client, filter: str, value: str) -> None:
    assert dee.get(WORKLIST, {filter: value}).status_code == 200
