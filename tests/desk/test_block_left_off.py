"""The second press of one page, while the first is at it, and after the process of the first has died."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.admin.block.answers import Answers
from bookings.models import ConsultationRequest, TimeOff, Together
from clinic.foundation.models import Press
from tests.desk.pages import words
from tests.desk.test_block import dee, look, press, state, three_minutes, thursday
from tests.factories import NOW

__all__ = ["dee", "three_minutes", "thursday"]  # fixtures


def test_a_second_press_does_not_say_that_anybody_is_left_while_the_first_is_still_at_it(
    dee: Client, thursday: dict[str, ConsultationRequest]
) -> None:
    preview = press(dee, look(dee), "see")
    press(dee, preview, "tell")
    Press.objects.exclude(pk=Press.objects.earliest("pk").pk).delete()  # the block alone is committed
    told = words(press(dee, preview, "tell"))
    assert told.count("Your first press is still at it.") == 6 and "Left as it is" not in told


def test_what_a_process_left_off_when_it_died_is_done_by_the_next_press(
    dee: Client, thursday: dict[str, ConsultationRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    preview, perform, done = press(dee, look(dee), "see"), Answers._perform, list[int]()

    def dies(answers: Answers, row: Any, *more: Any) -> Any:
        if len(done) == 2:
            raise SystemExit
        done.append(row.key)
        return perform(answers, row, *more)

    with monkeypatch.context() as dying, pytest.raises(SystemExit):
        dying.setattr(Answers, "_perform", dies)
        press(dee, preview, "tell")
    assert TimeOff.objects.count() == 1
    assert words(press(dee, preview, "tell")).count("Your first press is still at it.") == 4
    with time_machine.travel(NOW + timedelta(minutes=2, seconds=10), tick=False):
        told = words(press(dee, preview, "tell"))
        assert told.count("Done by your first press.") == 2 and "still at it" not in told
        assert [state(thursday[name]) for name in ("Cleo", "Mira", "Paul", "Quin", "Otto")] == ["offered"] * 5
        assert words(press(dee, preview, "tell")).count("Done by your first press.") == 6
        dee.post("/admin/block/undo/", {"together": Together.objects.get().pk})
        assert {state(thursday[name]) for name in ("Cleo", "Mira", "Paul", "Quin")} == {"confirmed"}
    assert not TimeOff.objects.exists()
