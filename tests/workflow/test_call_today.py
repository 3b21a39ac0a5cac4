"""Nobody who needs a call today is taken for a robot: better to have a robot on the list than to leave somebody uncalled."""

from __future__ import annotations

import pytest

from bookings.states import Status
from bookings.workflow import intake
from bookings.workflow.core import Origin
from tests import factories as make
from tests.factories import CLIENT, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def sent(text: str) -> Status:
    """What becomes of a request that a bot guard caught, with these words of the client's own."""
    make.profile()
    make.practitioner()
    answers = make.submission().answers | {"anything_else": text}
    cleo = intake.submit(make.submission(answers=answers), Origin(CLIENT, NOW), suspicion="honeypot")
    return Status(cleo.status)


@pytest.mark.parametrize("text", ["I want to kill myself", "I cannot see out of my left eye"])
def test_what_cannot_wait_is_a_request(text: str) -> None:
    assert sent(text) == Status.NEW


def test_anything_else_that_a_guard_caught_is_suspected() -> None:
    assert sent("Buy cheap watches") == Status.SUSPECTED
