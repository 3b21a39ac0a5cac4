"""The times that the page of a request suggests: four, ranked, with reasons, the best one ticked when the wish is gone. All
other free times are asked for, by day and by person."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest
from django.test import Client

from bookings.models import Appointment, ConsultationRequest, Event, WorkingHours
from bookings.states import Status
from tests import factories as make
from tests.desk.pages import html, page_of, say, words

pytestmark = pytest.mark.once


def ticks(page: Any) -> list[tuple[str, bool]]:
    """The values of the suggested times in order, and whether each is ticked."""
    fieldset = re.search(r'<fieldset class="slots".*?</fieldset>', html(page), flags=re.DOTALL)
    assert fieldset is not None
    boxes = re.findall(r'<input type="\w+" name="slot" value="([^"]+)"( checked)?[^>]*>', fieldset.group())
    return [(value, bool(checked)) for value, checked in boxes]


def others(page: Any) -> list[str]:
    """The clock times of the other free times that are shown."""
    block = html(page).split('class="other-times"')[1].split("</details>")[0]
    return re.findall(r"<b>(\d\d:\d\d)</b>", block)


@pytest.fixture
def cleo() -> ConsultationRequest:
    """She asked for Ana on Thursday 3 December at ten, and holds it no more."""
    cleo = make.submitted(practitioner_id=make.practitioner().pk)
    cleo.appointments.update(state=Appointment.State.RELEASED)
    return cleo


def given_away() -> None:
    make.submitted(start=make.at(3, 10), practitioner_id=make.practitioner().pk)


def test_four_are_suggested_with_a_rank_and_a_reason_each(dee: Client, cleo: ConsultationRequest) -> None:
    given_away()
    page = dee.get(page_of(cleo))
    assert len(ticks(page)) == 4
    shown = words(page)
    best = "The day and the person they asked for, 30 minutes sooner, leaves no gap."
    assert f"Thu 3 Dec 09:30Ana LindBest {best}" in shown
    for rank in ("Second", "Third", "Fourth"):
        assert rank in shown


def test_the_best_is_ticked_when_what_they_asked_for_is_gone_and_only_then(
    dee: Client, cleo: ConsultationRequest
) -> None:
    assert [ticked for _, ticked in ticks(dee.get(page_of(cleo)))] == [False] * 4
    given_away()
    assert [ticked for _, ticked in ticks(dee.get(page_of(cleo)))] == [True, False, False, False]
    offered = make.in_state(Status.OFFERED, start=make.at(8, 12))
    assert not any(ticked for _, ticked in ticks(dee.get(page_of(offered))))


def test_nothing_is_ticked_to_move_a_visit_to(dee: Client) -> None:
    visiting = make.in_state(Status.CONFIRMED)
    assert not any(ticked for _, ticked in ticks(dee.get(page_of(visiting))))


def test_it_says_when_nobody_who_sees_it_works_at_the_times_that_suit_them(dee: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    bo.concerns.set([make.concern("keloid")])
    make.practitioner().working_hours.filter(weekday=1).delete()
    cleo = make.submitted(start=None, windows=((1, "morning"),))
    assert "No one who sees rolling scars works on Tuesday mornings." in words(dee.get(page_of(cleo)))
    WorkingHours.objects.filter(practitioner__name="Ana Lind", weekday=2).update(
        weekday=1, starts=time(11, 30)
    )
    assert "No one who sees" not in words(dee.get(page_of(cleo)))
    make.practitioner().concerns.set([make.concern("keloid")])
    assert "No one who sees rolling scars gives “First consultation”." in words(dee.get(page_of(cleo)))


def test_who_names_what_it_is_about_is_said(dee: Client) -> None:
    make.practitioner("Bo Reyes").concerns.set([make.concern("rolling")])
    cleo = make.submitted(start=None)
    assert "Bo Reyes lists rolling scars" in words(dee.get(page_of(cleo)))


def test_other_times_are_asked_for_by_day_and_person(dee: Client) -> None:
    make.practitioner("Bo Reyes").working_hours.update(starts=time(15))
    cleo = make.submitted(start=None)
    assert others(dee.get(page_of(cleo))) == []
    page = say(
        dee, cleo, "offer", see="offer", see_on="2026-12-08", see_who=str(make.practitioner("Bo Reyes").pk)
    )
    assert page.status_code == 200
    assert others(page) == ["15:00", "15:15", "15:30", "15:45", "16:00", "16:15", "16:30"]
    assert '<option value="2026-12-08" selected>' in html(page)
    assert "Tick a time first." not in words(page)
    assert "Nothing else is free then." in words(say(dee, cleo, "offer", see="offer", see_on="2026-12-06"))


def test_asking_for_other_times_changes_nothing_and_keeps_what_was_ticked_and_typed(dee: Client) -> None:
    cleo = make.submitted(start=None)
    first = ticks(dee.get(page_of(cleo)))[1][0]
    page = say(dee, cleo, "offer", see="offer", see_on="2026-12-08", slot=[first], note="Ring us.")
    assert (first, True) in ticks(page)
    assert "Ring us.</textarea>" in html(page)
    assert Event.objects.filter(request=cleo).count() == 1


def test_one_of_them_is_offered_like_any_other(dee: Client) -> None:
    cleo = make.submitted(start=None)
    page = say(dee, cleo, "offer", see="offer", see_on="2026-12-08")
    block = html(page).split('class="other-times"')[1]
    value = re.findall(r'name="slot" value="([^"]+)"', block)[0]
    assert say(dee, cleo, "offer", slot=[value], until="960").status_code == 303
    cleo.refresh_from_db()
    assert cleo.status == Status.OFFERED


@pytest.mark.parametrize(
    "made_up",
    [
        {"see_on": "2026-13-45"},
        {"see_on": "9999-12-31", "see_who": "9" * 40},
        {"see_who": "<script>"},
        {"see_on": "\x00"},
    ],
)
def test_made_up_days_and_people_are_no_error(dee: Client, made_up: dict[str, str]) -> None:
    cleo = make.submitted(start=None)
    assert say(dee, cleo, "offer", see="offer", **made_up).status_code in (200, 400)


def test_a_page_has_few_boxes(dee: Client) -> None:
    """The free times of three weeks were more than two hundred of them."""
    make.practitioner("Bo Reyes")
    page = html(dee.get(page_of(make.submitted(start=None))))
    assert page.count('name="slot"') <= 5


def test_what_is_ticked_stays_ticked_when_another_answer_could_not_be_given(
    dee: Client, cleo: ConsultationRequest
) -> None:
    second = ticks(dee.get(page_of(cleo)))[1][0]
    page = say(dee, cleo, "ask", slot=second)
    assert dict(ticks(page))[second]
    # What was missing is said on top of the page, and leads to its field.
    (target,) = re.findall(r'<li><a href="#([^"]+)">[^<]*Write the question', html(page))
    assert f'id="{target}"' in html(page)
