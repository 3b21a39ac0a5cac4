"""A double click on an answer to the plan leads to the same page as the first press, with what was ticked beside it."""

from __future__ import annotations

import pytest

from bookings.models import PlanQuestion
from tests.plans.test_client_page import PAGE, browser
from tests.plans.writing import line, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("say", ["think", "question:plan"])
def test_what_was_ticked_stays_ticked(say: str) -> None:
    cleo, plan = sent(line(), line("Laser"))
    fields = {
        "say": say,
        "version": cleo.version,
        "line": plan.lines.all()[0].pk,
        "days": ["1"],
        "question_plan": "When?",
    }
    client = browser(cleo)
    first, second = (client.post(PAGE, fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert f"line={fields['line']}" in first["Location"]
    assert second["Location"] == first["Location"]
    assert PlanQuestion.objects.count() == 1
