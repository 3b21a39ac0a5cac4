"""Hours, time off, kinds of consultation, closures and rules, edited without JavaScript and never out from under a visit."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import BookingRules, Closure, ConsultationType, Practitioner, TimeOff
from bookings.states import Status
from content.models import Page
from tests import factories as make
from tests.content.html import filled
from tests.desk.pages import html, words

pytestmark = pytest.mark.once

SCHEDULE = ("practitioner", "consultationtype", "workinghours", "timeoff", "closure", "bookingrules")

# The box to say that one knows what is hit.
STAY = {"visits_stay": "on"}


@pytest.fixture
def dee() -> Client:
    """Dee with the rights of reception: the schedule too."""
    rights = [f"bookings.{do}_{model}" for model in SCHEDULE for do in ("view", "add", "change", "delete")]
    client = Client()
    client.force_login(make.staff("Dee Hart", *make.DEE, *rights))
    return client


def _url(row: Any, path: str = "change/") -> str:
    return f"/admin/bookings/{row._meta.model_name}/{row.pk}/{path}"


def fields(client: Client, url: str) -> dict[str, Any]:
    """What the form on a page would send as it stands."""
    page = html(client.get(url))
    form = page[page.index("<form", page.index('id="content-main"')) :]
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind.group(1) in ("submit", "image")):
            continue
        if kind and kind.group(1) in ("checkbox", "radio"):
            if " checked" in tag:
                data.setdefault(name.group(1), []).append(value.group(1) if value else "on")
        else:
            data[name.group(1)] = value.group(1) if value else ""
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        data[name] = chosen.group(1) if chosen else ""
    return data


@pytest.mark.parametrize("name", ["\u3164", "\u200b", "--"])
def test_a_practitioner_has_a_name_that_clients_can_see(dee: Client, name: str) -> None:
    ana = make.practitioner()
    response = dee.post(_url(ana), fields(dee, _url(ana)) | {"name": name})
    assert response.status_code == 200
    ana.refresh_from_db()
    assert ana.name == "Ana Lind"


def test_a_pasted_break_in_a_name_parts_it(dee: Client) -> None:
    ana = make.practitioner()
    assert dee.post(_url(ana), fields(dee, _url(ana)) | {"name": "Ana\x0bLind-Moss\u2028"}).status_code == 302
    ana.refresh_from_db()
    assert ana.name == "Ana Lind-Moss"


def test_time_off_is_typed_in_the_clinics_own_time(dee: Client) -> None:
    make.profile(time_zone="America/New_York")
    ana = make.practitioner()
    data = fields(dee, _url(ana)) | {
        "time_off-0-starts_at": "Mon 7 Dec 9:00",
        "time_off-0-ends_at": "7 Dec 2026 5pm",
        "time_off-0-label": "Course",
    }
    assert dee.post(_url(ana), data).status_code == 302
    assert TimeOff.objects.get().starts_at == make.at(7, 14)
    assert 'value="Mon 7 Dec 2026 09:00"' in html(dee.get(_url(ana)))


def test_time_off_over_a_booked_visit_is_asked_about_then_kept_and_said(dee: Client) -> None:
    cleo = make.in_state(Status.CONFIRMED)
    ana = make.practitioner()
    data = fields(dee, _url(ana)) | {
        "time_off-0-starts_at": "2026-12-03T09:00",
        "time_off-0-ends_at": "2026-12-03T17:00",
    }
    page = dee.post(_url(ana), data)
    assert (
        f"1 booked visit still to come: Cleo Marsh, {cleo.reference} on Thu 3 Dec 10:00 (booked)."
        in words(page)
    )
    assert not TimeOff.objects.exists()
    page = dee.post(_url(ana), data | STAY, follow=True)
    assert f"{cleo.reference} on Thu 3 Dec 10:00" in words(page)
    assert TimeOff.objects.exists()


def test_a_closure_over_a_booked_visit_is_asked_about_then_kept_and_said(dee: Client) -> None:
    cleo = make.in_state(Status.CONFIRMED)
    data = {"name": "Snow", "first_day": "2026-12-03", "last_day": "2026-12-03"}
    page = dee.post("/admin/bookings/closure/add/", data)
    assert (
        f"1 booked visit still to come: Cleo Marsh, {cleo.reference} on Thu 3 Dec 10:00 (booked)."
        in words(page)
    )
    assert not Closure.objects.exists()
    # The page that decides for each opens on everybody's whole day.
    decides = re.search(r'href="(/admin/block/[^"]+)">Decide for each', page.content.decode())
    assert decides
    asked = dee.get(decides[1].replace("&amp;", "&"))
    assert "This touches 1 person" in words(asked) and "Thu 3 Dec, the whole day" in words(asked)
    page = dee.post("/admin/bookings/closure/add/", data | STAY, follow=True)
    assert f"{cleo.reference} on Thu 3 Dec 10:00" in words(page)
    assert Closure.objects.get().name == "Snow"
    assert "Open these days again" in words(page)


def test_a_closure_until_further_notice_is_kept_and_said(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED, start=make.at(3, 10))
    data = {"name": "Until further notice", "first_day": "2026-12-03", "last_day": "9999-12-31"} | STAY
    page = dee.post("/admin/bookings/closure/add/", data, follow=True)
    assert consultation.reference in words(page)


def _off(first: str, last: str, row: int = 0) -> dict[str, str]:
    return {f"time_off-{row}-starts_at": first, f"time_off-{row}-ends_at": last}


def test_time_off_is_not_over_already_and_not_twice(dee: Client) -> None:
    ana = make.practitioner()
    page = dee.post(_url(ana), fields(dee, _url(ana)) | _off("2026-11-02T09:00", "2026-11-03T09:00"))
    assert "This time off is over already." in words(page)
    twice = _off("2026-12-07T09:00", "2026-12-08T17:00") | _off("2026-12-08T09:00", "2026-12-09T17:00", 1)
    page = dee.post(_url(ana), fields(dee, _url(ana)) | twice)
    assert "This overlaps another time off." in words(page)
    assert not TimeOff.objects.exists()


def test_a_day_is_closed_once(dee: Client) -> None:
    data = {"name": "Snow", "first_day": "2026-12-03", "last_day": "2026-12-04"}
    assert dee.post("/admin/bookings/closure/add/", data).status_code == 302
    page = dee.post("/admin/bookings/closure/add/", data | {"name": "Ice", "first_day": "2026-12-04"})
    assert "Closed already: Snow, Thursday 3 December to Friday 4 December." in words(page)
    assert Closure.objects.count() == 1
    url = _url(Closure.objects.get())
    assert dee.post(url, fields(dee, url) | {"last_day": "2026-12-05"}).status_code == 302


def test_a_closure_over_offered_times_says_so(dee: Client) -> None:
    consultation = make.in_state(Status.OFFERED)
    data = {"name": "Snow", "first_day": "2026-12-04", "last_day": "2026-12-04"}
    page = dee.post("/admin/bookings/closure/add/", data)
    assert "2 offered times still to come" in words(page)
    page = dee.post("/admin/bookings/closure/add/", data | STAY, follow=True)
    assert f"{consultation.reference} on Fri 4 Dec 10:00 (offered)" in words(page)
    assert f'change/">{consultation.reference}</a>' in html(page)


@pytest.mark.parametrize("of", ["practitioner", "consultation_type"])
def test_what_booked_visits_use_is_not_switched_off_silently(dee: Client, of: str) -> None:
    make.in_state(Status.CONFIRMED)
    row: Practitioner | ConsultationType = (
        make.practitioner() if of == "practitioner" else make.consultation_type()
    )
    data = fields(dee, _url(row))
    del data["is_active"]
    page = dee.post(_url(row), data)
    assert page.status_code == 200
    assert "1 booked visit still to come" in words(page)
    row.refresh_from_db()
    assert row.is_active
    assert dee.post(_url(row), data | {"visits_stay": "on"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_active


@pytest.mark.parametrize("of", ["practitioner", "consultation_type"])
def test_what_visits_rest_on_is_not_deleted(dee: Client, of: str) -> None:
    make.in_state(Status.CONFIRMED)
    row: Practitioner | ConsultationType = (
        make.practitioner() if of == "practitioner" else make.consultation_type()
    )
    for response in (
        dee.get(_url(row, "delete/"), follow=True),
        dee.post(_url(row, "delete/"), {"post": "yes"}, follow=True),
    ):
        assert "cannot be deleted" in words(response)
        assert "active" in words(response)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_what_nothing_rests_on_is_deleted(dee: Client) -> None:
    bo = make.practitioner("Bo Reyes")
    assert dee.post(_url(bo, "delete/"), filled(dee, _url(bo, "delete/"))).status_code == 302
    assert not Practitioner.objects.filter(pk=bo.pk).exists()


def test_the_rules_are_one_page(dee: Client) -> None:
    response = dee.get("/admin/bookings/bookingrules/")
    assert response.headers["Location"] == "/admin/bookings/bookingrules/1/change/"
    data = fields(dee, response.headers["Location"]) | {"horizon_days": "30"}
    assert dee.post(response.headers["Location"], data).status_code == 302
    assert BookingRules.current().horizon_days == 30
    refused = dee.post(response.headers["Location"], data | {"horizon_days": "0"})
    assert "greater than or equal to 1" in words(refused)
    assert dee.get("/admin/bookings/bookingrules/add/").status_code == 403
    assert dee.post("/admin/bookings/bookingrules/1/delete/", {"post": "yes"}).status_code == 403


def test_every_cell_of_a_table_has_a_name(dee: Client) -> None:
    page = html(dee.get(_url(make.practitioner())))
    table = page[page.index('id="time_off-group"') :]
    for tag in re.findall(r"<(?:input|select) [^>]*>", table):
        if 'type="hidden"' not in tag and 'type="submit"' not in tag and "time_off-" in tag:
            assert "aria-label=" in tag, tag
    assert 'aria-label="Starts at, row 1"' in table


# --- two people at one form -------------------------------------------------------------------------------------------


def test_a_second_save_over_somebody_elses_is_refused_and_keeps_what_was_typed(dee: Client) -> None:
    ana = make.practitioner()
    mine = fields(dee, _url(ana))
    gus = Client()
    rights = [f"bookings.{do}_{model}" for model in SCHEDULE for do in ("view", "add", "change", "delete")]
    gus.force_login(make.staff("Gus Early", *make.DEE, *rights))
    hours = fields(gus, _url(ana)) | _off("7 Dec 2026 9:00", "7 Dec 2026 17:00")
    assert gus.post(_url(ana), hours).status_code == 302

    page = dee.post(_url(ana), mine | {"name": "Dr Ana Lind"})
    assert page.status_code == 200
    assert "Somebody changed this while you were editing (Gus Early, just now)" in words(page)
    assert 'value="Dr Ana Lind"' in html(page)
    ana.refresh_from_db()
    assert (ana.name, ana.time_off.count()) == ("Ana Lind", 1)

    # Once told, Dee may save it all the same.
    seen = re.search(r'name="seen" value="([^"]+)"', html(page))
    assert seen is not None
    assert dee.post(_url(ana), mine | {"name": "Dr Ana Lind", "seen": seen.group(1)}).status_code == 302
    ana.refresh_from_db()
    assert ana.name == "Dr Ana Lind"


@pytest.mark.parametrize("seen", ["", "x", "0" * 64])
def test_a_form_that_does_not_know_what_it_replaces_is_refused(dee: Client, seen: str) -> None:
    make.rules(horizon_days=56)
    url = "/admin/bookings/bookingrules/1/change/"
    page = dee.post(url, fields(dee, url) | {"horizon_days": "30", "seen": seen})
    assert "Somebody changed this while you were editing" in words(page)
    assert BookingRules.current().horizon_days == 56


def test_a_list_is_called_by_what_it_lists(dee: Client) -> None:
    assert "<h1>Practitioners</h1>" in html(dee.get("/admin/bookings/practitioner/"))


# --- words beside numbers ---------------------------------------------------------------------------------------------


def test_a_fee_is_typed_in_pounds(dee: Client) -> None:
    kind = make.consultation_type()
    data = fields(dee, _url(kind))
    assert data["fee"] == "40"
    for typed, kept in (("45", 4500), ("45.50", 4550), ("£45.5", 4550), ("0", 0)):
        with make.undone():
            assert dee.post(_url(kind), data | {"fee": typed}).status_code == 302, typed
            kind.refresh_from_db()
            assert kind.fee == kept, typed


def test_what_is_no_amount_is_said(dee: Client) -> None:
    kind = make.consultation_type()
    data = fields(dee, _url(kind))
    for typed in ("", "-1", "45.555", "x", "1e3", "999999999", "٤٥"):
        page = dee.post(_url(kind), data | {"fee": typed})
        assert page.status_code == 200, typed
        message = "This field is required." if not typed else "A comma parts thousands only, like 1,200."
        assert message in words(page), typed
        kind.refresh_from_db()
        assert kind.fee == 4000, typed


def test_a_currency_without_pence_has_none(dee: Client) -> None:
    make.profile(currency="JPY")
    kind = make.consultation_type()
    assert fields(dee, _url(kind))["fee"] == "4000"
    assert dee.post(_url(kind), fields(dee, _url(kind)) | {"fee": "5,000"}).status_code == 302
    kind.refresh_from_db()
    assert kind.fee == 5000


def test_the_rules_say_what_their_minutes_come_to(dee: Client) -> None:
    make.rules(promise_minutes=480, offer_minutes=990)
    page = words(dee.get("/admin/bookings/bookingrules/1/change/"))
    assert "Now 480 minutes = 8 hours of opening time." in page
    assert "Now 990 minutes = 16 hours 30 minutes of opening time." in page


def test_a_promise_that_pages_do_not_know_of_is_said(dee: Client) -> None:
    page = Page.objects.create(kind="duty", slug="how", title="How", menu_title="How it goes", summary="x")
    page.body = "We answer within one working day."
    page.save()
    make.rules(promise_minutes=480)
    url = "/admin/bookings/bookingrules/1/change/"
    kept = dee.post(url, fields(dee, url), follow=True)
    assert "How it goes" not in words(kept)
    kept = dee.post(url, fields(dee, url) | {"promise_minutes": "960"}, follow=True)
    assert "The promise is now 16 hours of opening time" in words(kept)
    assert f'<a href="/admin/content/page/{page.pk}/change/">How it goes</a>' in html(kept)


# --- time off that ends while its form is open ------------------------------------------------------------------------


@pytest.fixture
def course(db: None) -> TimeOff:
    """Ana is away until a minute past nine."""
    starts, ends = make.at(30, 8, month=11), make.at(30, 9, 1, month=11)
    return TimeOff.objects.create(
        practitioner=make.practitioner(), starts_at=starts, ends_at=ends, label="Course"
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"name": "Ana Lind-Moss"}, "Course"),
        ({"time_off-0-label": "Course in Larch Quay"}, "Course in Larch Quay"),
        ({"time_off-0-DELETE": "on"}, None),
    ],
)
def test_time_off_that_ends_meanwhile_does_not_lock_the_form(
    dee: Client, course: TimeOff, typed: dict[str, str], kept: str | None
) -> None:
    url = _url(course.practitioner)
    data = fields(dee, url) | typed
    with time_machine.travel(make.at(30, 9, 2, month=11), tick=False):
        assert dee.post(url, data).status_code == 302
        assert "Course" not in html(dee.get(url))  # over: no longer in the way
    found = TimeOff.objects.filter(pk=course.pk).values_list("label", flat=True)
    assert list(found) == ([kept] if kept else [])
    assert Practitioner.objects.get().name == typed.get("name", "Ana Lind")


def test_it_is_still_shown_when_something_else_is_wrong(dee: Client, course: TimeOff) -> None:
    url = _url(course.practitioner)
    data = fields(dee, url) | {"name": "", "time_off-0-label": "Course in Larch Quay"}
    with time_machine.travel(make.at(30, 9, 2, month=11), tick=False):
        page = dee.post(url, data)
    assert page.status_code == 200
    assert 'value="Course in Larch Quay"' in html(page)


def test_times_that_are_over_are_still_not_typed(dee: Client, course: TimeOff) -> None:
    url = _url(course.practitioner)
    data = fields(dee, url) | {"time_off-0-starts_at": "2026-11-30T07:00"}
    with time_machine.travel(make.at(30, 9, 2, month=11), tick=False):
        assert "This time off is over already." in words(dee.post(url, data))
    course.refresh_from_db()
    assert course.starts_at == make.at(30, 8, month=11)
