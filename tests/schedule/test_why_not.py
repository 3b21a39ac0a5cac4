"""Why a time is not offered, in words: every rule that refuses it, and nothing for a time that is offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bookings.models import Appointment, Closure, ConsultationType, Practitioner, TimeOff
from bookings.queries import slots
from bookings.queries.clinic import clinic
from bookings.queries.slots import Wanted
from bookings.queries.why_not import Reason, why_not
from bookings.states import Status
from tests import factories as make
from tests.factories import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def clinic_with_ana() -> None:
    make.profile()
    make.practitioner()


def against(start: datetime, own: Any = None, **wanted: Any) -> list[Reason]:
    """What is against a first consultation with Ana from `start` on."""
    asked = Wanted(kind=make.consultation_type(), **wanted)
    slot = asked.slot(make.practitioner().pk, start)
    return why_not(slot, asked, now=NOW, place=clinic(NOW), own=own)


def closed() -> None:
    Closure.objects.create(first_day=date(2026, 12, 3), last_day=date(9999, 12, 31), name="Boiler")


def away() -> None:
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=at(3, 9), ends_at=at(3, 12))


def close_to_time_off() -> None:
    ConsultationType.objects.update(buffer_after=15)
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=at(3, 10, 40), ends_at=at(3, 12))


def switched_off() -> None:
    Practitioner.objects.update(is_active=False)


def kind_off() -> None:
    ConsultationType.objects.update(is_active=False)


def kind_given_up() -> None:
    make.practitioner().consultation_types.clear()


def sees_keloids_only() -> None:
    make.practitioner().concerns.set([make.concern("keloid")])


def nothing() -> None:
    """The time itself is enough."""


Change = Callable[[], None]
RULES: list[tuple[str, Change, datetime, str]] = [
    ("past", nothing, NOW - timedelta(hours=1), "It has passed."),
    ("hours", nothing, at(5, 10), "Ana Lind does not work on Saturday 5 December."),
    ("hours", nothing, at(3, 16, 45), "Ana Lind works 09:00 to 17:00 that day, and it would end at 17:15."),
    ("grid", nothing, at(3, 10, 7), "Times begin every 15 minutes from the start of Ana Lind’s hours."),
    ("notice", nothing, at(30, 16, month=11), "Clients are offered times from 24 hours ahead."),
    (
        "horizon",
        nothing,
        datetime(2027, 2, 1, 10, tzinfo=UTC),
        "Clients are offered times up to 56 days ahead.",
    ),
    ("closed", closed, at(3, 10), "The clinic is closed on Thursday 3 December: Boiler."),
    ("away", away, at(3, 10), "Ana Lind is away from Thu 3 Dec 09:00 to Thu 3 Dec 12:00."),
    (
        "rest",
        close_to_time_off,
        at(3, 10),
        "The minutes kept free before or after it would reach into time off",
    ),
    ("practitioner", switched_off, at(3, 10), "Ana Lind is not available any more."),
    ("type", kind_off, at(3, 10), "“First consultation” is not offered any more."),
    ("gives", kind_given_up, at(3, 10), "Ana Lind does not give “First consultation” any more."),
    ("concern", sees_keloids_only, at(3, 10), "Ana Lind does not see everything that this request is about."),
]


@pytest.mark.parametrize(
    ("code", "change", "start", "says"), RULES, ids=lambda value: getattr(value, "__name__", None)
)
def test_each_rule_is_named_in_words(code: str, change: Change, start: datetime, says: str) -> None:
    make.concern("rolling")
    change()
    [reason] = [one for one in against(start, concerns=("rolling",)) if one.code == code]
    assert says in reason.words


def test_a_visit_and_a_hold_are_named_with_whose_they_are() -> None:
    visit = make.in_state(Status.CONFIRMED, name="Rita Rival", start=at(3, 10))
    [reason] = against(at(3, 10, 15))
    assert (reason.code, reason.words) == (
        "visit",
        f"Ana Lind has the visit of Rita Rival ({visit.reference}), 10:00 to 10:30 then.",
    )
    held = make.submitted(name="Holly Hold", start=at(3, 12))
    [reason] = against(at(3, 12))
    assert reason.code == "hold"
    assert (
        f"a time held for Holly Hold ({held.reference}), 12:00 to 12:30 then, until Mon 30 Nov 09:30."
        in reason.words
    )
    offered = make.in_state(Status.OFFERED, name="Olive Offer", start=at(3, 14))
    [reason] = against(at(4, 14))
    assert f"a time offered to Olive Offer ({offered.reference})" in reason.words


def test_minutes_kept_free_are_named_too() -> None:
    ConsultationType.objects.update(buffer_after=15)
    visit = make.in_state(Status.CONFIRMED, start=at(3, 10))
    [reason] = against(at(3, 10, 30))
    assert reason.code == "buffer"
    assert f"Too close to the visit of Cleo Marsh ({visit.reference}), 10:00 to 10:30" in reason.words


def test_what_the_request_holds_itself_is_not_against_it_and_a_hold_that_is_over_is_nobodys() -> None:
    cleo = make.submitted(start=at(3, 10))
    assert against(at(3, 10), own=cleo) == []
    assert against(at(3, 10))
    Appointment.objects.update(held_until=NOW)
    assert against(at(3, 10)) == []


def test_a_time_is_offered_exactly_when_nothing_is_against_it() -> None:
    """Two days of quarters and minutes between, with everything that can be in the way on them."""
    ConsultationType.objects.update(buffer_before=5, buffer_after=10)
    make.in_state(Status.CONFIRMED, start=at(3, 10))
    make.submitted(start=at(3, 12))
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=at(3, 14, 7), ends_at=at(3, 15))
    make.practitioner().working_hours.filter(weekday=3).update(starts=time(9, 5))
    Closure.objects.create(first_day=date(2026, 12, 4), last_day=date(2026, 12, 4), name="Boiler")
    wanted = Wanted(kind=make.consultation_type(), practitioner_id=make.practitioner().pk)
    offered = {one.start for one in slots.slots(wanted, now=NOW, first_day=date(2026, 12, 3), days=2)}
    assert len(offered) > 10
    tried = [at(3, 8, 50) + timedelta(minutes=5 * n) for n in range(104)] + [at(3, 9, 6), at(4, 10)]
    for start in tried:
        assert (against(start) == []) == (start in offered), start


def test_whoever_was_deleted_is_no_error() -> None:
    asked = Wanted(kind=make.consultation_type())
    [reason] = why_not(asked.slot(999999, at(3, 10)), asked, now=NOW, place=clinic(NOW))
    assert reason.code == "practitioner"
