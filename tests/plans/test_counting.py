"""At the desk: how many scars there are is asked for, and what they asked about is advised against with one press."""

from __future__ import annotations

import pytest

from bookings.models import Plan
from tests.plans.test_desk_page import address, typed
from tests.plans.test_desk_page import ana as at_the_desk
from tests.plans.test_desk_page import later as later
from tests.plans.writing import kind, seen, treatment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

_UNSAID = {"line-0-times_from": "", "line-0-times_to": ""}


def test_a_price_for_each_scar_is_not_sent_before_somebody_says_how_many() -> None:
    cleo, ana = seen(), at_the_desk()
    for press in ("send", "see"):
        page = ana.post(address(cleo), typed(cleo, press, **_UNSAID)).content.decode()
        assert page.count("Enter how many scars.") == 2  # in the summary and at the field
        assert "How many scars?" in page
    assert not Plan.objects.exists()
    # A draft is kept without it, and asks again; nor is it sent from there.
    assert ana.post(address(cleo), typed(cleo, "draft", **_UNSAID)).status_code == 303
    [shown] = ana.get(address(cleo)).context["lines"]
    assert (shown.form["times_from"].value(), shown.sum) == ("", "")
    cleo.refresh_from_db()
    unsent = ana.post(address(cleo), {"version": cleo.version, "do": "send_kept"})
    assert "Enter how many scars." in unsent.content.decode()
    assert Plan.objects.get().status == "draft"
    assert ana.post(address(cleo), typed(cleo, "send", **{"line-0-times_to": ""})).status_code == 303
    assert [(one.times_from, one.times_to) for one in Plan.objects.get().lines.all()] == [(5, 5)]


def test_what_lies_between_two_visits_is_asked_beside_two_visits_alone() -> None:
    cleo, ana, name = seen(), at_the_desk(), 'name="line-0-gap_days"'
    for most, is_folded in (("2", False), ("1", True)):
        sessions = {"line-0-sessions_from": "1", "line-0-sessions_to": most}
        row = ana.post(address(cleo), typed(cleo, "sum", **sessions)).content.decode().split('id="line-0"')[1]
        assert (row.index(name) > row.index("<details")) == is_folded


def test_what_they_asked_about_is_advised_against_with_one_press() -> None:
    kind()
    peel, punch = treatment("A light peel"), treatment()
    answers = {
        "treatments": [peel.code, punch.code],
        "concerns": [],
        "areas": [],
        "applies": [],
        "support": [],
    }
    cleo, ana = seen(answers=answers), at_the_desk()
    press = f'value="against:{peel.pk}"'
    before = ana.post(address(cleo), typed(cleo, "sum")).content.decode()
    assert press in before
    assert f'value="against:{punch.pk}"' not in before  # it is in the plan
    page = ana.post(address(cleo), typed(cleo, f"against:{peel.pk}", findings="Kept."))
    form = page.context["forms"].words
    assert (form["against_0"].value(), form["findings"].value()) == ("A light peel", "Kept.")
    assert press not in page.content.decode()
    assert not Plan.objects.exists()
