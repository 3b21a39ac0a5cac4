"""The week's hours as a grid: typed as 9 or 13:00, copied, begun on a day; who would be outside is said first."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import Settings

from bookings import limits, slot_text
from bookings.models import Practitioner, Together, WorkingHours
from bookings.queries import off
from bookings.states import Status
from tests import factories as make
from tests.content.html import filled, filled_from
from tests.desk.pages import html, words

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def three_minutes(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3


RIGHTS = [
    f"bookings.{do}_{rows}" for rows in ("workinghours", "practitioner") for do in ("view", "add", "change")
]


@pytest.fixture(autouse=True)
def clinic(db: None) -> None:
    make.profile()


@pytest.fixture
def dee() -> Client:
    client = Client()
    client.force_login(make.staff("Dee Hart", *make.DEE, *RIGHTS))
    return client


def save(dee: Client, ana: Practitioner, *, do: str = "save", **typed: str) -> Any:
    """The grid as it is drawn, with these boxes typed into: day0_0_starts="9"."""
    url = f"/admin/hours/{ana.pk}/"
    named = {name.replace("_", "-"): value for name, value in typed.items()}
    return dee.post(url, filled(dee, url) | named | {"do": do})


def hours(ana: Practitioner) -> list[Any]:
    return list(ana.working_hours.values_list("weekday", "starts", "ends", "valid_from", "valid_until"))


def test_a_change_begins_on_its_day_and_what_held_before_stays(dee: Client) -> None:
    ana = make.practitioner()
    page = save(
        dee,
        ana,
        since="Mon 7 Dec",
        day0_0_starts="9.30",
        day0_0_ends="1pm",
        day5_0_starts="0900",
        day5_0_ends="13",
    )
    assert page.status_code == 303
    assert hours(ana)[:2] == [
        (0, time(9), time(17), date(2026, 1, 1), date(2026, 12, 6)),
        (0, time(9, 30), time(13), date(2026, 12, 7), None),
    ]
    assert (5, time(9), time(13), date(2026, 12, 7), None) in hours(ana)
    assert (1, time(9), time(17), date(2026, 1, 1), None) in hours(ana)  # Tuesday is as it was: one row
    shown = words(dee.get(page["Location"]))
    assert (
        "The hours of Ana Lind are saved. From Mon 7 Dec 2026: Monday 09:30 to 13:00; Tuesday to Friday"
        in shown
    )
    assert "Until then as before: Monday to Friday 09:00 to 17:00." in shown
    assert "From Mon 30 Nov 2026 until Sun 6 Dec 2026" in shown
    assert 'value="09:30"' in html(dee.get(f"{page['Location']}?from=2026-12-07"))
    assert "Hours From Mon 7 Dec 2026" in LogEntry.objects.get().change_message
    assert "From Mon 7 Dec 2026: Monday 09:30 to 13:00" in words(
        dee.get(f"/admin/bookings/practitioner/{ana.pk}/change/")
    )


def test_who_would_be_outside_is_said_first_and_then_stays_in_doubt(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED, name="Cleo Marsh")
    ana = make.practitioner()
    page = save(dee, ana, day3_0_starts="11")
    assert page.status_code == 200
    assert "Outside these hours: 1 booked visit" in words(page)
    assert "Thu 3 Dec 10:00" in words(page) and "Cleo Marsh" in words(page)
    assert hours(ana)[3][1] == time(9)
    make.in_state(Status.OFFERED, start=make.at(1, 10))  # somebody else came to be outside meanwhile
    again = filled_from(page) | {"do": "save", "day4-0-starts": "11"}
    page = dee.post(f"/admin/hours/{ana.pk}/", again)
    assert "1 booked visit and 1 offered time" in words(page)
    page = dee.post(f"/admin/hours/{ana.pk}/", filled_from(page) | {"do": "quiet"}, follow=True)
    assert "Outside them: 1 booked visit and 1 offered time." in words(page)
    assert [row.request for row in off.in_doubt(make.NOW, make.LONDON)] == [consultation]
    assert "Visits in doubt" in words(page)


def test_whoever_is_outside_is_offered_times_inside_after_a_look_at_every_mail(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED, name="Cleo Marsh")
    ana = make.practitioner()
    url, key, before = f"/admin/hours/{ana.pk}/", consultation.pk, hours(ana)
    page = save(dee, ana, day3_0_starts="14")
    times = [slot_text.read(value) for value in re.findall(rf'name="slot-{key}" value="([^"]+)"', html(page))]
    assert times and all(one and (one[1].weekday() != 3 or one[1].hour >= 14) for one in times)
    sent = filled_from(page) | {f"do-{key}": "offer"}
    sent |= {
        name: re.findall(rf'name="{name}" value="([^"]+)"', html(page))
        for name in (f"shown-{key}", f"slot-{key}")
    }
    page = dee.post(url, sent | {"do": "see"})
    assert "The hours are not saved yet, and nobody is told." in words(
        page
    ) and "Save the hours and tell 1" in words(page)
    assert hours(ana)[3][1] == time(9)
    page = dee.post(url, sent | {"do": "tell"})
    consultation.refresh_from_db()
    assert consultation.status == Status.OFFERED and "The visit is freed, and these are offered:" in words(
        page
    )
    assert (3, time(14), time(17), date(2026, 11, 30), None) in hours(ana)
    assert not off.in_doubt(make.NOW, make.LONDON).exists()
    # Pressed twice: nothing more is done, and the list of what was done is not lost.
    assert "Done by your first press." in words(dee.post(url, sent | {"do": "tell"}))
    assert LogEntry.objects.count() == 1
    # Taken back: the hours and the clients, and it leads to where one was.
    made = Together.objects.get()
    assert made.words == "Hours of Ana Lind saved. From Mon 30 Nov 2026"
    assert "1 client changed. Whatever they are told goes at 09:03. Undo all of it" in words(dee.get(url))
    back = {"together": made.pk, "page": url}
    for page, leads in ((url, url), ("//evil.example/admin/", "/admin/")):
        assert dee.post("/admin/block/undo/", back | {"page": page})["Location"] == leads
    consultation.refresh_from_db()
    assert consultation.status == Status.CONFIRMED and hours(ana) == before
    assert "Hours as before" in LogEntry.objects.latest("pk").change_message
    again = dee.post(url, sent | {"do": "tell"}, follow=True)
    assert "You have taken this back since: the hours of Ana Lind are as they were." in words(again)


def test_hours_that_hit_nobody_are_taken_back_too_unless_somebody_saved_others_since(dee: Client) -> None:
    ana = make.practitioner()
    url, before = f"/admin/hours/{ana.pk}/", hours(ana)
    assert save(dee, ana, since="7 Dec", day0_0_starts="11").status_code == 303
    assert "Undo the hours, until 09:03" in words(dee.get(url))
    back = {"together": Together.objects.get().pk, "page": url}
    assert dee.post("/admin/block/undo/", back)["Location"] == url and hours(ana) == before
    assert save(dee, ana, since="7 Dec", day0_0_starts="12").status_code == 303
    first, now = Together.objects.get(), hours(ana)
    WorkingHours.objects.filter(practitioner=ana, weekday=2).update(ends=time(16))
    refused = dee.post("/admin/block/undo/", {"together": first.pk, "page": url}, follow=True)
    assert "Somebody has changed these hours since" in words(refused)
    assert hours(ana) != before and len(hours(ana)) == len(now)


def test_who_may_not_see_requests_learns_how_many_are_outside_and_not_who(dee: Client) -> None:
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", phone="+441632960001")
    client = Client()
    client.force_login(make.staff("Rita Rota", *RIGHTS))
    page = save(client, make.practitioner(), day3_0_starts="11")
    assert "Outside these hours: 1 booked visit" in words(page)
    assert "Cleo" not in html(page) and "960001" not in html(page)


def test_more_clients_than_one_page_asks_about_are_counted_and_said(
    dee: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.lists, "TOUCHED_AT_ONCE", 1)
    ana = make.practitioner()
    make.in_state(Status.CONFIRMED, name="Cleo Marsh")
    make.in_state(Status.CONFIRMED, name="Mira Marsh", start=make.at(3, 9))
    page = save(dee, ana, day3_0_starts="11")
    assert "These are the first 1 clients. 1 more stay as they are" in words(page)
    page = dee.post(f"/admin/hours/{ana.pk}/", filled_from(page) | {"do": "tell"})
    assert "Outside them: 1 booked visit." in words(page)


def test_buttons_fill_the_grid_and_save_nothing(dee: Client) -> None:
    ana, bo = make.practitioner(), make.practitioner("Bo Reyes")
    bo.working_hours.filter(weekday__gt=1).delete()
    before = hours(ana)
    page = save(dee, ana, do="monday", day0_0_starts="8", day0_1_starts="half past", since="7/12")
    typed = filled_from(page)
    assert [typed[f"day{day}-0-starts"] for day in range(6)] == ["8"] * 5 + [""]
    assert typed["day4-1-starts"] == "half past" and typed["since"] == "7/12"
    assert filled_from(save(dee, ana, do="every_day"))["day6-0-ends"] == "17:00"
    typed = filled_from(save(dee, ana, do="like", like=str(bo.pk), day0_2_starts="18"))
    assert [typed[f"day{day}-0-ends"] for day in (1, 2)] == ["17:00", ""] and typed["day0-2-starts"] == ""
    assert filled_from(save(dee, ana, do="clear"))["day0-0-starts"] == ""
    assert hours(ana) == before and not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day0_0_ends": ""}, "Type both times, or neither."),
        ({"day0_0_ends": "8"}, "This ends at 08:00, which is not after 09:00."),
        ({"day0_0_starts": "nine"}, "“nine” is not a time. Type it in 24 hours, for example 13:00."),
        ({"day0_1_starts": "16", "day0_1_ends": "18"}, "This overlaps 09:00 to 17:00."),
        ({"since": "27 Nov 2026"}, "Hours that are over stay as they were."),
        ({"since": ""}, "Type the day from which they hold."),
        ({"since": "Tue 7 Dec"}, "7 December is a Monday. Which day is meant?"),
        ({"since": "7 Dec", "last": "6 Dec"}, "This day is before the first."),
    ],
)
def test_what_cannot_be_is_said_beside_its_box(dee: Client, typed: dict[str, str], said: str) -> None:
    ana = make.practitioner()
    before = hours(ana)
    page = save(dee, ana, **typed)
    assert page.status_code == 200 and said in words(page)
    box, value = next(reversed(typed.items()))
    assert filled_from(page)[box.replace("_", "-")] == value
    assert hours(ana) == before


def test_a_second_save_over_somebody_elses_is_refused_and_twice_the_same_is_once(dee: Client) -> None:
    ana = make.practitioner()
    url = f"/admin/hours/{ana.pk}/"
    mine = filled(dee, url) | {"day0-0-starts": "10", "do": "save"}
    assert save(dee, ana, day1_0_starts="8").status_code == 303
    page = dee.post(url, mine)
    assert "Somebody changed these hours while you were editing." in words(page)
    assert filled_from(page)["day0-0-starts"] == "10"
    again = filled_from(page) | {"do": "save"}
    assert [dee.post(url, again).status_code for _ in range(2)] == [303, 303]
    assert WorkingHours.objects.filter(weekday=0, starts=time(10)).count() == 1


def test_a_new_practitioner_works_like_somebody_else_from_today_on(dee: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    bo.working_hours.filter(weekday__gt=1).delete()
    url = "/admin/bookings/practitioner/add/"
    data = filled(dee, url) | {"name": "Al Reed", "consultation_types": str(make.consultation_type().pk)}
    page = dee.post(url, data | {"hours_as": str(bo.pk)}, follow=True)
    ana = Practitioner.objects.get(name="Al Reed")
    assert [row[0] for row in hours(ana)] == [0, 1] and hours(ana)[0][3] == date(2026, 11, 30)
    assert "Mon Tue" in words(page)
    page = dee.post(url, data | {"name": "Cy Moss", "hours_as": "opening"})
    assert Practitioner.objects.get(name="Cy Moss").working_hours.count() == 5
    page = dee.post(url, data | {"name": "Di Marr", "hours_as": ""}, follow=True)
    assert "Hours of Di Marr" in words(page) and "Without hours clients are offered no time" in words(page)
    assert dee.post(url, data | {"name": "Ed", "hours_as": "999999999"}).status_code == 200


def test_a_first_day_that_is_later_is_the_one_that_is_saved(dee: Client) -> None:
    make.practitioner()
    url = "/admin/bookings/practitioner/add/"
    data = filled(dee, url) | {"name": "Al Reed", "consultation_types": str(make.consultation_type().pk)}
    late = data | {"hours_as": "opening", "hours_from": "Fri 27 Nov 2026"}
    assert "Type today or a later day." in words(dee.post(url, late))
    page = dee.post(url, data | {"hours_as": "opening", "hours_from": "Mon 7 Dec"}, follow=True)
    al = Practitioner.objects.get(name="Al Reed")
    assert {row[3] for row in hours(al)} == {date(2026, 12, 7)}
    assert "From Mon 7 Dec 2026: Mon Tue Wed Thu Fri" in words(page)
    page = dee.post(url, data | {"name": "Di Marr", "hours_as": "", "hours_from": "Mon 7 Dec"})
    assert page["Location"].endswith("?from=2026-12-07")


def test_a_later_first_day_of_the_same_hours_says_that_nothing_changes_and_leads_on(dee: Client) -> None:
    ana = make.practitioner()
    page = dee.get(save(dee, ana, since="Mon 7 Dec")["Location"])
    assert "Nothing is changed: Ana Lind works these hours already, and before Mon 7 Dec 2026 too." in words(
        page
    )
    url = f"/admin/hours/{ana.pk}/?none=2026-12-06"
    assert f'href="{url}"' in html(page)
    empty = filled(dee, url)
    assert (empty["since"], empty["last"], empty["day0-0-starts"]) == (
        "Mon 30 Nov 2026",
        "Sun 6 Dec 2026",
        "",
    )
    dee.post(url, empty | {"do": "save"})
    assert (0, time(9), time(17), date(2026, 12, 7), None) in hours(ana)
    assert dee.get(f"/admin/hours/{ana.pk}/?none=x&from=x").status_code == 200


def test_eve_sees_nothing_and_who_may_only_look_changes_nothing(dee: Client) -> None:
    ana = make.practitioner()
    url = f"/admin/hours/{ana.pk}/"
    client = Client()
    client.force_login(make.staff("Gus Early", "bookings.view_workinghours"))
    assert "Save the hours" not in html(client.get(url))
    assert client.post(url, {"do": "save"}).status_code == 403
    client.force_login(make.staff("Eve Nobody"))
    assert client.get(url).status_code == 403
    assert dee.get("/admin/hours/99999999/").status_code == 404 == dee.get("/admin/hours/x/").status_code
