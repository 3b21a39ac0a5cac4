"""Free times for programs: a day, the next free day, and nothing while there is nothing, in three statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make

pytestmark = pytest.mark.once


def test_free_times_as_json() -> None:
    ana = make.practitioner()
    response = Client().get(
        f"/consultations/times/?practitioner={ana.pk}&from=2026-12-03&days=1",
        headers={"accept": "application/json"},
    )
    found = response.json()
    assert response["Content-Type"] == "application/json"
    assert found["from"] == "2026-12-03"
    assert found["time_zone"] == "Europe/London"
    assert found["next"] == found["slots"][0]["start"]
    assert found["slots"][0] == {
        "start": "2026-12-03T09:00:00+00:00",
        "end": "2026-12-03T09:30:00+00:00",
        "practitioner": ana.pk,
        "practitioner_name": "Ana Lind",
    }


def test_the_next_free_day_as_json_is_found_however_far_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ana = make.practitioner()
    ana.time_off.create(starts_at=make.at(1, 0), ends_at=make.at(30, 0))
    address, asked = f"/consultations/times/?practitioner={ana.pk}", {"accept": "application/json"}
    with django_assert_num_queries(3):
        found = Client().get(address, headers=asked).json()
    assert found["next"] == found["slots"][0]["start"] > "2026-12-30"
    assert found["from"] == found["next"][:10]
    # A week from then on, and no more.
    assert {slot["start"][:10] for slot in found["slots"]} <= {
        day.isoformat() for day in _week(found["from"])
    }
    with django_assert_num_queries(3):
        none = Client().get(f"{address}&from=2026-12-10&days=1", headers=asked).json()
    assert (none["from"], none["next"], none["slots"]) == ("2026-12-10", None, [])


def _week(first: str) -> list[date]:
    return [date.fromisoformat(first) + timedelta(days=n) for n in range(7)]
