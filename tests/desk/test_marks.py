"""On a request's own page the desk marks where its client is and what became of the visit."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.states import Status
from tests import factories as make
from tests.desk.pages import buttons, page_of, say, words

pytestmark = pytest.mark.once

OPENLY = re.compile(r'<div class="marks-now".*?</div>', re.S)


@pytest.mark.parametrize(("do", "end"), [("attend", "attended"), ("miss", "no_show")])
def test_a_visit_is_marked_once_it_has_begun(dee: Client, do: str, end: str) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    early = say(dee, consultation, do)
    assert early.status_code == 409
    assert "15 minutes before the start" in words(early)
    with time_machine.travel(make.at(3, 10, 20), tick=False):
        client = Client()
        client.force_login(make.staff())

        def press(button: str, **typed: Any) -> str:
            assert button in buttons(client.get(page_of(consultation)))
            assert say(client, consultation, button, **typed).status_code == 303
            consultation.refresh_from_db()
            return consultation.status

        assert press("late", minutes="10", word="Comes by bus.") == "confirmed"
        assert "Comes by bus." in words(client.get(page_of(consultation)))
        assert press("arrive") == "confirmed"
        assert press("expect") == "confirmed"
        assert press(do) == end
        assert press("correct") != end
        assert press("unmark") == "confirmed"


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (make.at(3, 9, 44), ""),
        (make.at(3, 9, 45), "Today 10:00"),
        (make.at(4, 9), "Thu 3 Dec 10:00"),
        (make.at(18, 9), "Thu 3 Dec 10:00"),
    ],
    ids=["too early", "15 minutes before", "the morning after", "two weeks after"],
)
def test_both_stand_openly_until_somebody_marks_it(now: datetime, when: str) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    with time_machine.travel(now, tick=False):
        dee = Client()
        dee.force_login(make.staff())
        found = OPENLY.search(dee.get(page_of(consultation)).content.decode())
        openly = found[0] if found else ""
        assert when in openly
        assert ('value="attend"' in openly, 'value="miss"' in openly) == (bool(when), bool(when))
        if when:
            assert say(dee, consultation, "attend").status_code == 303
            after = OPENLY.search(dee.get(page_of(consultation)).content.decode())
            assert (after is not None) == when.startswith("Today")  # what was marked is taken back below then
