"""The calendar: who is in when, what is taken and until when, what is free; a press moves a visit."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from bookings import slot_text
from bookings.models import (
    Appointment,
    Closure,
    ConsultationRequest,
    Message,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.states import Status
from bookings.workflow import proposal
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.content.html import parsed
from tests.content.html import words as text_of
from tests.desk.pages import html, page_of, words

CALENDAR = "/admin/calendar/"
PHONE = "/admin/bookings/consultationrequest/add/"
LONG = "Ö" * 60 + " " + "W" * 59  # 120 letters


def shown(client: Client, **asked: Any) -> Element:
    """The calendar, whose HTML has not the smallest mistake."""
    answer = client.get(CALENDAR, asked)
    assert answer.status_code == 200
    return parsed(html(answer))


def found(page: Element, tag: str, *classes: str, **attributes: str) -> list[Element]:
    """Elements with all of these classes, and with these words in these attributes."""
    return [
        one
        for one in page.iter(tag)
        if set(classes) <= set((one.get("class") or "").split())
        and all(words in (one.get(name) or "") for name, words in attributes.items())
    ]


def day_of(page: Element, day: str) -> Element:
    return found(page, "section", "calday", id=day)[0]


def lines(page: Element, kind: str, day: str = "2026-12-03") -> list[str]:
    """What each block of a kind says on a day, in order."""
    return [text_of(block) for block in found(day_of(page, day), "li", kind)]


def press(
    client: Client, consultation: ConsultationRequest, to: datetime, by: Practitioner | None = None
) -> Any:
    value = slot_text.of(make.slot(to, by=by))
    return client.post(CALENDAR, {"to": f"{consultation.pk}.{consultation.version}:{value}"}, follow=True)


def start_of(consultation: ConsultationRequest) -> datetime:
    return consultation.appointments.booked().get().starts_at


@pytest.mark.once
def test_a_week_says_of_each_block_what_it_is(dee: Client) -> None:
    make.in_state(Status.CONFIRMED, name="Cleo Marsh")
    make.submitted(name="Priya Raman", start=make.at(3, 11))
    offered = make.in_state(Status.OFFERED, name="Xanthe Ibarra", start=make.at(2, 16))
    TimeOff.objects.create(
        practitioner=make.practitioner(), starts_at=make.at(3, 12), ends_at=make.at(3, 13), label="Lunch"
    )
    Closure.objects.create(first_day=date(2026, 12, 1), last_day=date(2026, 12, 1), name="Training")
    page = shown(dee)

    assert text_of(found(page, "h1")[0]) == "Week of 30 November"
    (visit,) = lines(page, "visit")
    assert visit.startswith("Thu 3, Ana Lind, visit, First consultation: 10:00 Marsh")
    assert "h10 p30" in (found(page, "li", "visit")[0].get("class") or "")
    assert re.search(r"held time, First consultation: 11:00 Raman ?ends", lines(page, "hold")[0])
    assert [line.split(":")[0] for line in lines(page, "offered", "2026-12-04")] == [
        "Fri 4, Ana Lind, offered time, First consultation"
    ] * 2
    # What somebody is away for, maybe an illness, is for whoever keeps time off.
    assert lines(page, "off") == ["Time off, 12:00 to 13:00"], "whoever may not remove it reads that alone"
    assert lines(page, "closed", "2026-12-01")[0].startswith("Closed: Training")
    assert not lines(page, "free", "2026-12-01")
    assert offered.status == Status.OFFERED and "1 visit, 2 offered times, 1 hold." in text_of(page)
    assert [link.get("href") for link in found(found(page, "li", "visit")[0], "a")][:1] == [
        page_of(ConsultationRequest.objects.get(name="Cleo Marsh"))
    ]


@pytest.mark.once
def test_a_day_says_more_and_marks_what_came_of_each(dee: Client) -> None:
    came = make.in_state(
        Status.ATTENDED, name="Ana Came", start=make.at(30, 9, month=11), now=make.NOW - timedelta(days=3)
    )
    make.in_state(
        Status.NO_SHOW, name="Bo Not", start=make.at(30, 9, 30, month=11), now=make.NOW - timedelta(days=3)
    )
    make.in_state(
        Status.CONFIRMED,
        name=LONG,
        start=make.at(30, 11, month=11),
        now=make.NOW - timedelta(days=3),
        phone="+441632960001",
        answers=make.submission().answers | {"support": ["step_free"]},
    )
    make.in_state(
        Status.CONFIRMED, name="شيرين", start=make.at(30, 10, month=11), now=make.NOW - timedelta(days=3)
    )
    with time_machine.travel(make.at(30, 10, 40, month=11), tick=False):
        page = shown(dee, show="day")
        classes = [" ".join((block.get("class") or "").split()[:2]) for block in found(page, "li", "visit")]
        said = lines(page, "visit", "2026-11-30")
        free = lines(page, "free", "2026-11-30")
    assert classes == ["visit done", "visit done", "visit todo", "visit h11"]
    assert (
        "09:00 to 09:30 Ana Came attended" in said[0]
        and "did not come" in said[1]
        and "not marked" in said[2]
    )
    assert LONG in said[3] and "step-free · 01632 960001" in said[3]
    assert "It is 10:40" in text_of(page)
    # Only from now on, and only where a visit fits: 10:40 to 11:00 is too short.
    assert [line.partition("free ")[2][:14] for line in free] == ["11:30 to 17:00"]
    assert came.status == Status.ATTENDED


@pytest.mark.once
def test_what_is_against_a_visit_is_said_and_counted(dee: Client) -> None:
    make.in_state(Status.CONFIRMED)
    WorkingHours.objects.filter(weekday=3).update(starts="13:00")
    page = shown(dee)
    assert "outside hours" in lines(page, "clash")[0]
    (link,) = found(found(page, "p", "lead")[0], "a")
    assert text_of(link) == "1 visit in doubt" and found(page, "li", id=(link.get("href") or "")[1:])
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(3, 9), ends_at=make.at(3, 17))
    assert "in time off" in lines(shown(dee), "clash")[0]


@pytest.mark.once
def test_a_free_stretch_books_a_caller_or_blocks(dee: Client) -> None:
    dee_herself = User.objects.get(username="dee")
    dee_herself.user_permissions.set(
        [*dee_herself.user_permissions.all(), *make._permissions(["bookings.add_timeoff"])]
    )
    page = shown(dee)
    (stretch,) = found(day_of(page, "2026-12-03"), "li", "free")
    links = {text_of(link): link.get("href") or "" for link in found(stretch, "a")}
    assert (
        links["Block this time"]
        == f"/admin/block/?who={make.practitioner().pk}&on=2026-12-03&from=09%3A00&until=17%3A00"
    )
    assert "15:00" in links and "15:15" not in links  # too many for a small menu: full hours and halves
    phone = dee.get(links["15:00"])
    assert f'value="{slot_text.of(make.slot(make.at(3, 15)))}" checked' in html(phone)


@pytest.mark.once
def test_a_made_up_time_ticks_nothing_on_the_phone_page(dee: Client) -> None:
    for slot in (
        "",
        "x",
        "1@",
        f"{'9' * 40}@2026-12-03T10:00Z",
        "1@9999-99-99",
        "1@0001-01-01T00:00Z",
        "any@2026-12-03T15:00Z",
    ):
        page = html(dee.get(PHONE, {"slot": slot, "kind": slot}))
        assert 'name="slot" value="" checked' in page or "checked" not in page.partition('id="times"')[2], (
            slot
        )


@pytest.mark.once
def test_a_made_up_address_shows_a_calendar(dee: Client) -> None:
    for made_up in ("x", "9" * 40, "2026-13-01", "0001-01-01", "9999-12-31", "<b>"):
        for show in ("day", made_up):
            asked = {"on": made_up, "who": made_up, "show": show, "move": made_up}
            assert dee.get(CALENDAR, asked).status_code == 200, asked


@pytest.mark.once
def test_many_practitioners_open_on_everybodys_day_and_a_week_has_a_line_for_each(dee: Client) -> None:
    for n in range(11):
        make.practitioner(f"Dr Bo{n} Lind")
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", start=make.at(3, 15))
    assert len(found(shown(dee), "div", "person")) == 12, "the day of everybody"
    page = shown(dee, show="week", who="all")
    assert "1 visit. " in text_of(found(page, "p", "lead")[0])
    lines = found(found(page, "div", "week-of-many")[0], "tr")
    assert [text_of(line).split(" visit")[0][-1] for line in lines[1:]] == ["1", *"0" * 11]
    thursday = found(lines[1], "td")[3]
    assert "15:00 Marsh" in text_of(thursday) and text_of(thursday).endswith("7 h 30 min free")
    (row,) = [row for row in found(page, "tr") if text_of(found(row, "th")[0]) == "15:00"]
    thursday = found(row, "td")[3]
    assert text_of(thursday).count("Bo") == 11 and "Ana" not in text_of(thursday)
    assert len(found(thursday, "a", href="slot=")) == 11
    bo = Practitioner.objects.get(name="Dr Bo3 Lind")
    alone = shown(dee, who=bo.pk)
    assert text_of(found(alone, "h3")[0]) == "Bo3"
    assert text_of(found(alone, "p", "lead")[0]).startswith("Bo3 has 0 visits (everybody: 1).")
    assert len(found(shown(dee, show="day", on="2026-12-03"), "div", "person")) == 12
    Practitioner.objects.filter(pk=bo.pk).update(user=User.objects.get(username="dee"))
    assert len(found(shown(dee, show="day", on="2026-12-03"), "div", "person")) == 1, "their own"
    assert len(found(shown(dee, show="day", who="all"), "div", "person")) == 12
    assert len(found(shown(dee), "div", "person")) == 5, "their own week"
    assert found(shown(dee, on="2026-12-03"), "a", **{"aria-current": "true", "href": "03#day-2026-12-03"})
    # An address that leads nowhere leads whoever is signed in back to the desk.
    assert "Go to the desk" in html(dee.get("/admin/nothing/"))


def test_a_press_moves_a_visit_and_can_be_taken_back(dee: Client, settings: Any) -> None:
    settings.UNDO_MINUTES = 3
    consultation = make.in_state(Status.CONFIRMED, name="Cleo Marsh", start=make.at(3, 10))
    page = shown(dee)
    values = [button.get("value") for button in found(page, "button", name="to")]
    beside = f"{consultation.pk}.{consultation.version}:{slot_text.of(make.slot(make.at(3, 10, 15)))}"
    assert beside in values  # it may overlap where the visit is now
    answer = dee.post(CALENDAR, {"to": beside}, follow=True)
    assert start_of(consultation) == make.at(3, 10, 15)
    assert answer.redirect_chain[-1][0].startswith(CALENDAR) and "Moved to Thu 3 Dec 10:15" in words(answer)
    assert "Undo, until 09:03" in words(answer)
    waiting = Message.objects.filter(request=consultation, kind__in=("confirmed", "changed"))
    assert waiting.exclude(state="dropped").count() == 1
    # The same press again finds another version: nothing happens, and the page tells who was first.
    again = dee.post(CALENDAR, {"to": beside}, follow=True)
    assert "Nothing was moved. Dee" in words(again)
    dee.post(page_of(consultation), {"do": "undo", "version": ConsultationRequest.objects.get().version})
    assert start_of(consultation) == make.at(3, 10)


def test_a_double_press_moves_once(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    data = {
        "to": f"{consultation.pk}.{consultation.version}:{slot_text.of(make.slot(make.at(4, 10)))}",
        "csrfmiddlewaretoken": "one",
    }
    for _ in range(2):
        assert "Nothing was moved" not in words(dee.post(CALENDAR, data, follow=True))
    assert Message.objects.filter(request=consultation, kind="changed").count() == 1


def test_while_a_visit_is_moving_free_times_are_buttons(dee: Client) -> None:
    bo, eve = make.practitioner("Bo Berg"), make.practitioner("Eve No")
    eve.consultation_types.clear()
    consultation = make.in_state(Status.CONFIRMED, name="Cleo Marsh", start=make.at(3, 10))
    page = shown(dee, move=consultation.pk)
    assert "Moving Cleo Marsh, choose a time." in text_of(page)
    assert len(found(page, "li", "visit")) == len(found(page, "li", "moving")) == 1
    values = [button.get("value") or "" for button in found(page, "button", name="to")]
    whose = {value.partition(":")[2].partition("@")[0] for value in values}
    assert whose == {str(make.practitioner().pk), str(bo.pk)}  # Eve does not give this kind
    assert not found(page, "a", href="slot=")
    press(dee, consultation, make.at(4, 14), bo)
    assert start_of(consultation) == make.at(4, 14)
    assert consultation.appointments.booked().get().practitioner == bo


def test_what_stands_against_a_time_is_said_and_nothing_moves(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED, start=make.at(3, 10))
    make.in_state(Status.CONFIRMED, start=make.at(4, 10), name="Priya Raman")
    for to, said in (
        (make.at(4, 10), "taken"),
        (make.at(5, 10), "outside working hours"),
        (make.at(30, 8, month=11), "still to come"),
    ):
        answer = press(dee, consultation, to)
        assert "Nothing was moved." in words(answer) and said in words(answer), words(answer)
        assert f"move={consultation.pk}" in answer.redirect_chain[-1][0]
    key = consultation.pk
    for made_up in ("", "x", f"{key}", f"{key}.1:x", "9" * 50, f"{key}.1:1@9999-99-99"):
        assert dee.post(CALENDAR, {"to": made_up}).status_code == 303
    assert start_of(consultation) == make.at(3, 10)
    cancelled = make.in_state(Status.CANCELLED, start=make.at(7, 10))
    assert "Nothing was moved." in words(press(dee, cancelled, make.at(4, 12)))


@pytest.mark.once
def test_whoever_may_only_look_presses_nothing(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    bea = Client()
    bea.force_login(make.staff("Bea Looks", "bookings.view_consultationrequest"))
    page = shown(bea, move=consultation.pk)
    assert not found(page, "button", name="to") and not found(page, "a", href="slot=")
    assert not found(page, "details", "move") and not found(page, "div", "moving-bar")
    assert lines(page, "free")
    assert press(bea, consultation, make.at(4, 10)).status_code == 403
    assert start_of(consultation) == make.at(3, 10)


@pytest.mark.once
def test_a_proposed_time_stands_beside_its_visit(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    origin = Origin(Actor.staff(make.staff()), make.NOW)
    proposal.propose_move(consultation, origin, slot=make.slot(make.at(4, 10)))
    (line,) = lines(shown(dee), "offered", "2026-12-04")
    assert "or this, ends" in line
    assert Appointment.objects.held().count() == 1


@pytest.mark.once
def test_the_night_of_the_clocks_names_the_hour_and_the_zone(dee: Client) -> None:
    day = date(2026, 10, 25)
    WorkingHours.objects.create(
        practitioner=make.practitioner(), weekday=6, starts="00:00", ends="04:00", valid_from=date(2026, 1, 1)
    )
    with time_machine.travel(make.at(24, 12, month=10), tick=False):
        page = shown(dee, show="day", on=day.isoformat())
        assert "01:00 to 02:00 comes twice. UK time." in text_of(page)
        starts = [text_of(link) for link in found(page, "a", href="slot=")]
    assert "01:00 (before the clocks go back)" in starts


@pytest.mark.once
def test_at_weekends_the_week_is_the_next_one(dee: Client) -> None:
    for day, week in ((4, "30 November"), (5, "7 December"), (6, "7 December")):
        with time_machine.travel(make.at(day, 20), tick=False):
            dee.force_login(make.staff())
            assert text_of(found(shown(dee), "h1")[0]) == f"Week of {week}"
            assert text_of(found(shown(dee, show="day"), "h1")[0]).endswith(f"{day} December")


@pytest.mark.once
def test_late_in_the_week_a_visit_moves_into_the_next(dee: Client) -> None:
    make.in_state(Status.CONFIRMED, start=make.at(4, 16, 30))
    with time_machine.travel(make.at(4, 16), tick=False):
        dee.force_login(make.staff())
        times = [text_of(button) for button in found(shown(dee), "button", name="to")]
    assert times[-2:] == ["Mon 7, 09:30", "Mon 7, 09:45"]


@pytest.mark.once
def test_who_is_here_or_late_is_said(dee: Client) -> None:
    now = make.NOW - timedelta(days=3)
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", start=make.at(30, 9, 15, month=11), now=now)
    late = make.in_state(Status.CONFIRMED, name="Priya Raman", start=make.at(30, 10, month=11), now=now)
    Appointment.objects.exclude(request=late).update(arrived_at=make.NOW)
    Appointment.objects.filter(request=late).update(late_at=make.NOW, late_minutes=20)
    page = shown(dee, show="day")
    assert "here since 09:00" in lines(page, "here", "2026-11-30")[0]
    assert "20 min late" in lines(page, "due", "2026-11-30")[0]


def _put(visit: Appointment, start: datetime) -> None:
    end = start + timedelta(minutes=30)
    rows = Appointment.objects.filter(pk=visit.pk)
    rows.update(starts_at=start, ends_at=end, blocks_from=start, blocks_until=end)


@pytest.mark.once
def test_a_visit_at_night_does_not_push_the_working_day_out_of_sight(dee: Client) -> None:
    night = make.in_state(Status.CONFIRMED, name="Nina Night", start=make.at(3, 10)).appointments.get()
    _put(night, make.at(3, 2))
    make.in_state(Status.CONFIRMED, name="Cleo Marsh", start=make.at(3, 11))
    page = shown(dee)
    assert {"f9", "t17"} <= set((found(page, "form", "cal")[0].get("class") or "").split())
    (outside,) = [one for one in found(page, "p", "clocks") if "Outside these hours" in text_of(one)]
    assert "Thu 3, Ana Lind, visit, First consultation: 02:00 Night" in text_of(outside)
    (link,) = found(outside, "a", id=f"v{night.pk}")
    assert link.get("href") == page_of(night.request)
    _put(night, make.at(3, 8))
    page = shown(dee)
    assert "f8" in (found(page, "form", "cal")[0].get("class") or "").split()
    assert "Outside these hours" not in text_of(page)


@pytest.mark.once
def test_a_block_is_removed_where_it_is_seen_by_whoever_may(dee: Client) -> None:
    off = TimeOff.objects.create(
        practitioner=make.practitioner(), starts_at=make.at(2, 0), ends_at=make.at(5, 0), label="Ill"
    )
    assert not found(shown(dee), "button", name="remove")
    assert dee.post(CALENDAR, {"remove": off.pk}).status_code == 403 and TimeOff.objects.exists()
    dee_herself = User.objects.get(username="dee")
    dee_herself.user_permissions.add(*make._permissions(["bookings.delete_timeoff"]))
    page = shown(dee)
    (block,) = found(day_of(page, "2026-12-03"), "li", "off")
    assert "Thu 3, Ana Lind, time off: Ill" in text_of(block) and "Remove this block" in text_of(block)
    assert not lines(page, "out"), "it says itself why nobody is in"
    for made_up in ("", "x", "9" * 40, "0"):
        assert "That block is gone already" in words(dee.post(CALENDAR, {"remove": made_up}, follow=True))
    removed = dee.post(f"{CALENDAR}?on=2026-12-03&show=day", {"remove": off.pk}, follow=True)
    assert "Removed: Ill, Ana Lind. The times are free again." in words(removed)
    assert removed.redirect_chain == [("/admin/calendar/?on=2026-12-03&show=day&who=all", 303)]
    assert not TimeOff.objects.exists() and lines(parsed(html(removed)), "free")
    assert "gone already" in words(dee.post(CALENDAR, {"remove": off.pk}, follow=True))
