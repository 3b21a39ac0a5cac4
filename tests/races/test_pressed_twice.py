"""The same form of the admin, sent by several hands at the same moment: done once, and all are led to the same page."""

from __future__ import annotations

import re

from tests.races import presses
from tests.races.crew import SIZE, Crew
from tests.races.show import show

FORMS = 2
LIST = "/admin/bookings/practitioner/"


def test_what_is_pressed_at_once_is_done_once(crew: Crew) -> None:
    def all_press(forms: list[presses.Form], leads_to: str = LIST) -> None:
        told = crew.race(presses.press, [(forms,)] * SIZE)
        assert [answers for answers in told if answers != told[0]] == []
        assert [(code, bool(re.fullmatch(leads_to, url))) for code, url in told[0]] == [(302, True)] * FORMS

    all_press(crew.ask(presses.add, FORMS), "/admin/hours/[0-9]+/")
    assert crew.ask(presses.look) == {f"Ula {n}": 0 for n in range(FORMS)}
    all_press(crew.ask(presses.rename))
    assert crew.ask(presses.look) == {f"Ula {n} Reyes": 1 for n in range(FORMS)}
    all_press(crew.ask(presses.delete))
    assert crew.ask(presses.look) == {}
    show(crew, f"{3 * FORMS} forms of the admin, each sent by {SIZE} hands at once", 3 * FORMS * SIZE)
