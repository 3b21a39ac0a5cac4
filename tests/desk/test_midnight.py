"""Hours may last until midnight, typed as 00:00: the midnight that ends the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from bookings import slot_text
from bookings.availability import WeeklyHours, is_inside
from bookings.queries import slots
from bookings.queries.clinic import clinic
from bookings.queries.slots import Wanted
from content.models import OpeningHours
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import html, say, words
from tests.desk.test_schedule import fields

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SATURDAY = 5


@pytest.fixture
def dee() -> Client:
    """Dee may change practitioners and their hours."""
    client = Client()
    rights = [f"bookings.{do}_practitioner" for do in ("view", "change")]
    rights += [
        f"bookings.{do}_{rows}"
        for rows in ("workinghours", "timeoff")
        for do in ("view", "add", "change", "delete")
    ]
    client.force_login(make.staff("Dee Hart", *make.DEE, *rights))
    return client


def test_evening_hours_until_midnight_have_times_until_midnight(dee: Client) -> None:
    ana = make.practitioner()
    url = f"/admin/hours/{ana.pk}/"
    typed = {"day5-0-starts": "20:00", "day5-0-ends": "24:00", "do": "save"}
    assert dee.post(url, filled(dee, url) | typed).status_code == 303
    found = slots.slots(
        Wanted(kind=make.consultation_type()), now=make.NOW, first_day=date(2026, 12, 5), days=1
    )
    assert [slot.start for slot in found][-1] == make.at(5, 23, 30)


@pytest.mark.parametrize(
    ("start_hour", "minutes", "inside"),
    [(23.5, 30, True), (20, 30, True), (23.5, 60, False), (19.5, 60, False)],
)
def test_a_visit_that_ends_at_midnight_lies_within_them(
    start_hour: float, minutes: int, inside: bool
) -> None:
    start = make.at(5, 0) + timedelta(hours=start_hour)
    end = start + timedelta(minutes=minutes)
    assert is_inside(start, end, [WeeklyHours(SATURDAY, time(20), time(0))], make.LONDON) is inside
    earlier = [WeeklyHours(SATURDAY, time(20), time(23, 45))]
    assert not is_inside(make.at(5, 23, 30), make.at(6, 0), earlier, make.LONDON)


def test_the_clinic_may_be_open_until_midnight_too() -> None:
    profile = make.profile()
    OpeningHours.objects.create(profile=profile, weekday=SATURDAY, opens=time(20), closes=time(0))
    assert profile.opening_lines[-1] == "Saturday, 8pm to midnight"
    assert clinic(make.NOW).deadline(make.at(5, 23, 40)) == make.at(5, 23, 45)
    with pytest.raises(ValidationError, match="must close after it opens"):
        OpeningHours(profile=profile, weekday=SATURDAY, opens=time(9), closes=time(1)).full_clean()


# --- and what is beside them ------------------------------------------------------------------------------------------


@pytest.fixture
def open_late(db: None) -> None:
    """Ana works on Saturdays from eight until midnight. A visit may begin every half hour."""
    make.rules(slot_step_minutes=30)
    make.practitioner().working_hours.create(
        weekday=SATURDAY, starts=time(20), ends=time(0), valid_from=date(2026, 1, 1)
    )


def test_the_desk_and_clients_see_the_last_time_before_midnight_on_its_own_day(
    dee: Client, open_late: None
) -> None:
    last = slot_text.of(make.slot(make.at(5, 23, 30)))
    page = html(dee.post("/admin/bookings/consultationrequest/add/", {"see_day": "2026-12-05"}))
    saturday = page[page.index("Saturday 5 December") :]
    assert f'value="{last}"' in saturday
    shown = say(dee, make.submitted(), "offer", see="offer", see_on="2026-12-05")
    assert f'value="{last}"' in html(shown)
    public = "/consultations/times/?from=2026-12-05&days=1"
    assert "2026-12-05T23:30" in html(Client().get(public, HTTP_ACCEPT="application/json"))
    assert "11:30pm" in words(Client().get(public))


@pytest.mark.parametrize(
    ("starts", "ends", "left"),
    [
        (make.at(5, 21), make.at(6, 0), [20, 20.5]),  # until the midnight that ends the day
        (make.at(5, 0), make.at(5, 22), [22, 22.5, 23, 23.5]),  # from the midnight that begins it
        (
            make.at(4, 9),
            make.at(5, 0),
            [20, 20.5, 21, 21.5, 22, 22.5, 23, 23.5],
        ),  # over before the day begins
    ],
)
def test_time_off_may_begin_or_end_at_midnight(
    dee: Client, open_late: None, starts: datetime, ends: datetime, left: list[float]
) -> None:
    ana = make.practitioner()
    url = f"/admin/bookings/practitioner/{ana.pk}/change/"
    typed = {
        "time_off-0-starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "time_off-0-ends_at": f"{ends:%Y-%m-%dT%H:%M}",
    }
    assert dee.post(url, fields(dee, url) | typed).status_code == 302
    wanted = Wanted(kind=make.consultation_type())
    found = slots.slots(wanted, now=make.NOW, first_day=date(2026, 12, 5), days=1)
    assert [slot.start for slot in found] == [make.at(5, 0) + timedelta(hours=hour) for hour in left]


def test_opening_hours_until_midnight_are_typed_like_working_hours() -> None:
    make.profile()
    sue = Client()
    sue.force_login(make.staff("Sue Root", is_superuser=True))
    url = "/admin/content/clinicprofile/1/change/"
    typed = {
        "opening_hours-5-weekday": "5",
        "opening_hours-5-opens": "20:00",
        "opening_hours-5-closes": "00:00",
    }
    assert sue.post(url, filled(sue, url) | typed).status_code == 302
    assert OpeningHours.objects.get(weekday=SATURDAY).closes == time(0)
    again = filled(sue, url)
    assert again["opening_hours-5-closes"] == "00:00"
    assert sue.post(url, again).status_code == 302
