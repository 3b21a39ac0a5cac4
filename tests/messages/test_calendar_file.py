"""The calendar file: one neutral appointment, the same moment as on the page, and inert whatever anybody typed."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from icalendar import Calendar

from bookings.messages import calendar_file, render
from bookings.messages.calendar_file import Method
from bookings.messages.visits import Visit
from bookings.models import ConsultationRequest, ConsultationType, Message, Terms
from bookings.workflow import visit
from bookings.workflow.core import Actor, Origin
from content.models import ClinicProfile
from tests.factories import CLIENT, NOW, at, profile, slot, staff
from tests.messages.examples import queued

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENDS = [
    "\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\\n", "\x00",
    ";", ",", "\\", "\r\n ", ":", '"', "^n", "\\\\n", "\t", "\ud800",
]  # fmt: skip
LINES = [
    "END:VEVENT", "BEGIN:VEVENT", "BEGIN:VALARM", "ATTENDEE:mailto:eve@example.org", "METHOD:CANCEL", "SUMMARY:won",
    "ATTACH:http://evil.example/x", "URL:http://evil.example", "END:VCALENDAR", "X-EVIL:1",
]  # fmt: skip
PAYLOADS = [f"4 Row{end}{line}" for end in ENDS for line in LINES]
ALLOWED = {
    "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "CLASS", "TRANSP", "DESCRIPTION", "LOCATION",
    "ORGANIZER", "ATTENDEE",
}  # fmt: skip


@pytest.fixture
def cleo() -> ConsultationRequest:
    message = queued("confirmed")
    assert message.request is not None
    return ConsultationRequest.objects.get(pk=message.request.pk)


def _in_mail(message: Message) -> tuple[str, bytes]:
    """The METHOD that the mail's own header names, and the file."""
    mail = message_from_bytes(render.render(message, now=NOW).raw, policy=default)
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    file = part.get_payload(decode=True)
    assert isinstance(file, bytes)
    return str(part.get_param("method")), file


def _event(file: bytes) -> Any:
    [event] = Calendar.from_ical(file).walk("VEVENT")
    return event


def _check_form(file: bytes) -> None:
    """RFC 5545: CRLF, 75 octets a line, one event, and only properties that we meant."""
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"") and b"\r" not in file.replace(b"\r\n", b"")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    text = file.decode().replace("\r\n ", "")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]", text.replace("\r\n", ""))
    assert set(_event(file).keys()) <= ALLOWED
    assert [part.name for part in Calendar.from_ical(file).walk()].count("VEVENT") == 1
    alarms = 0 if "\r\nMETHOD:CANCEL\r\n" in text else len(_event(file).walk("VALARM"))
    assert text.count("\r\nBEGIN:VALARM\r\n") == alarms <= 1 and text.count("\r\nMETHOD:") == 1


def test_a_confirmation_carries_an_invitation_that_asks_for_no_answer(cleo: ConsultationRequest) -> None:
    method, file = _in_mail(cleo.messages.get(kind="confirmed"))
    _check_form(file)
    event = _event(file)
    assert method == str(Calendar.from_ical(file)["METHOD"]) == "REQUEST"
    assert event.start == at(3, 10) and event.end == at(3, 10, 30)
    assert str(event["DTSTART"].params["TZID"]) == "Europe/London"
    assert str(event["SUMMARY"]) == f"Appointment, {ClinicProfile.current().mail_name}"
    assert str(event["LOCATION"]) == "4 Alder Row, Larch Quay"
    assert str(event["ATTENDEE"]) == f"mailto:{cleo.email}"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["ORGANIZER"]) == "mailto:desk@example.org"
    assert event["DTSTAMP"].dt == NOW
    assert str(event["DESCRIPTION"]).startswith(
        "With Ana Lind. First consultation, 30 minutes, in person, £40. Reference "
    )
    # It reminds of it once, and leads to a new link without a word, or a link, of anybody's.
    [alarm] = event.walk("VALARM")
    assert (alarm["TRIGGER"].dt, str(alarm["ACTION"])) == (timedelta(days=-1), "DISPLAY")
    assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])
    assert str(event["DESCRIPTION"]).endswith(f"For a new link: {settings.SITE_URL}/consultations/new-link/")
    for word in ("skin", "scar", "rolling", "laser", "treatment", "cleo marsh"):
        assert not re.search(word, file.decode().lower().replace("\r\n ", "")), word


def test_addresses_in_another_script_are_written_in_ascii() -> None:
    consultation = queued("confirmed", email="cleo@müller.example").request
    assert consultation is not None
    profile(email="desk@straße.example")
    method, file = _in_mail(consultation.messages.get(kind="confirmed"))
    event = _event(file)
    assert str(event["ATTENDEE"]) == "mailto:cleo@xn--mller-kva.example"
    assert str(event["ORGANIZER"]) == "mailto:desk@xn--strae-oqa.example"


def test_it_stays_one_visit_in_the_calendar_until_it_is_cancelled(cleo: ConsultationRequest) -> None:
    dee = Actor.staff(staff())
    files = [_in_mail(cleo.messages.get(kind="confirmed"))]
    consultation = visit.reschedule(cleo, Origin(dee, NOW), slot=slot(at(4, 11)))
    files.append(_in_mail(consultation.messages.get(kind="changed")))
    consultation = visit.cancel(consultation, Origin(CLIENT, NOW))
    files.append(_in_mail(consultation.messages.get(kind="cancelled")))
    events = [_event(file) for _, file in files]
    assert [method for method, _ in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for event in events} == {cleo.calendar_uid}
    sequences = [int(event["SEQUENCE"]) for event in events]
    assert sequences == sorted(set(sequences))
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event.start for event in events] == [at(3, 10), at(4, 11), at(4, 11)]
    for _, file in files:
        _check_form(file)


def test_it_stays_the_same_visit_when_the_site_moves(cleo: ConsultationRequest, settings: Any) -> None:
    before = _event(_in_mail(cleo.messages.get(kind="confirmed"))[1])["UID"]
    settings.SITE_URL = "https://www.elsewhere.example"
    file = calendar_file.download(cleo, ClinicProfile.current(), now=NOW)
    assert file is not None and _event(file)["UID"] == before


def test_visits_that_were_in_calendars_already_keep_their_uid(
    cleo: ConsultationRequest, settings: Any
) -> None:
    """On their way through 0009 rows lose nothing, nor do they on the way back."""
    settings.SITE_URL = "https://www.alder-row.example"
    migration = import_module("bookings.migrations.0009_calendar_uids_stay")
    as_before = uuid.uuid4()
    ConsultationRequest.objects.update(calendar_uid=as_before.hex)
    migration.with_host(apps, None)
    cleo.refresh_from_db()
    assert cleo.calendar_uid == f"{as_before}@www.alder-row.example"
    migration.without_host(apps, None)
    cleo.refresh_from_db()
    assert uuid.UUID(cleo.calendar_uid) == as_before


def test_an_invitation_and_a_cancellation_have_an_organizer_though_the_clinic_has_no_address(
    cleo: ConsultationRequest, settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Alder Row <appointments@example.org>"
    ClinicProfile.objects.update(email="")
    consultation = visit.cancel(cleo, Origin(CLIENT, NOW))
    for message in (cleo.messages.get(kind="confirmed"), consultation.messages.get(kind="cancelled")):
        organizer = _event(_in_mail(message)[1])["ORGANIZER"]
        assert (str(organizer), organizer.params["CN"]) == ("mailto:appointments@example.org", "Alder Row")


def test_the_file_to_download_publishes_and_names_nobody(cleo: ConsultationRequest) -> None:
    file = calendar_file.download(cleo, ClinicProfile.current(), now=NOW)
    assert file is not None
    _check_form(file)
    assert str(Calendar.from_ical(file)["METHOD"]) == "PUBLISH"
    assert "ATTENDEE" not in _event(file)
    assert cleo.email.encode() not in file
    # The same visit as in the mail: a calendar that has both shows one.
    mailed = _event(_in_mail(cleo.messages.get(kind="confirmed"))[1])
    assert (_event(file)["UID"], _event(file)["SEQUENCE"]) == (mailed["UID"], mailed["SEQUENCE"])


def test_nothing_to_download_while_nothing_is_booked(cleo: ConsultationRequest) -> None:
    visit.cancel(cleo, Origin(CLIENT, NOW))
    assert calendar_file.download(cleo, ClinicProfile.current(), now=NOW) is None


TERMS = Terms(fee=4000, currency="GBP", mode="in_person", cutoff_hours=24)


def _visit(start: datetime, end: datetime) -> Visit:
    return Visit(start=start, end=end, terms=TERMS, person="Ana Lind", kind="Appointment")


def test_a_session_is_called_an_appointment(cleo: ConsultationRequest) -> None:
    ConsultationType.objects.update(name="Laser session")
    file = calendar_file.download(cleo, ClinicProfile.current(), now=NOW)
    assert file is not None and "With Ana Lind. Appointment, 30 minutes, in person" in str(
        _event(file)["DESCRIPTION"]
    )


def test_a_call_has_no_place(cleo: ConsultationRequest) -> None:
    cleo.appointments.update(mode="video")
    file = calendar_file.download(cleo, ClinicProfile.current(), now=NOW)
    assert file is not None and "LOCATION" not in _event(file)


def test_the_place_is_the_address_in_parts_once_an_editor_has_filled_them(cleo: ConsultationRequest) -> None:
    for parts, place in (
        ({}, "4 Alder Row, Larch Quay"),
        (
            {"street": "Flat 2\r\n5 Quay", "town": "Larch", "postcode": "NW1 6XE"},
            "Flat 2, 5 Quay, Larch, NW1 6XE",
        ),
        ({"address": ""}, "Flat 2, 5 Quay, Larch, NW1 6XE"),
    ):
        clinic = profile(**parts)
        file = calendar_file.download(cleo, clinic, now=NOW)
        assert file is not None and str(_event(file)["LOCATION"]) == place
        assert place in str(_mail_text(cleo)), "and the mail says the same"


def _mail_text(consultation: ConsultationRequest) -> str:
    message = Message.objects.filter(request=consultation, kind="confirmed").get()
    mail = message_from_bytes(render.render(message, now=NOW).raw, policy=default)
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_200_payloads_stay_inert(cleo: ConsultationRequest, method: Method) -> None:
    there = _visit(start=at(3, 10), end=at(3, 10, 30))
    clinic = profile()
    for payload in PAYLOADS:
        clinic.address = clinic.phone = clinic.mail_name = payload
        cleo.reference = payload
        cleo.name = cleo.name_to_use = payload
        file = calendar_file.write(cleo, there, clinic, method=method, sequence=1, now=NOW)
        _check_form(file)
        event = _event(file)
        assert str(event["SUMMARY"]).startswith("Appointment, ")
        assert "END:VEVENT" not in str(event["UID"])
        assert event.start == at(3, 10)
        # What was typed is still there to be read, as text.
        assert str(event["LOCATION"]).startswith("4 Row")


ZONES = [
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "America/Sao_Paulo",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_the_zones_rules_in_the_file_give_the_same_moment(cleo: ConsultationRequest, zone: str) -> None:
    clinic = profile(time_zone=zone)
    day = datetime(2026, 1, 1, 12, tzinfo=UTC)
    changes = calendar_file._changes(ZoneInfo(zone), day, day + timedelta(days=365))
    around = [change + timedelta(minutes=m) for change in changes for m in (-90, -30, -1, 0, 30, 90)]
    for start in [*around, day, day + timedelta(days=200)]:
        there = _visit(start=start, end=start + timedelta(minutes=30))
        file = calendar_file.write(cleo, there, clinic, method="PUBLISH", sequence=1, now=NOW)
        assert (_moment(file, "DTSTART"), _moment(file, "DTEND")) == (start, start + timedelta(minutes=30))


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_on_the_night_of_two_half_past_ones_no_visit_ends_before_it_begins(
    cleo: ConsultationRequest, minutes: int
) -> None:
    for quarter in range(16):  # from midnight on, Sunday 25 October 2026
        start = datetime(2026, 10, 24, 23, tzinfo=UTC) + timedelta(minutes=15 * quarter)
        there = _visit(start=start, end=start + timedelta(minutes=minutes))
        file = calendar_file.write(cleo, there, profile(), method="REQUEST", sequence=1, now=NOW)
        _check_form(file)
        assert (_moment(file, "DTSTART"), _moment(file, "DTEND")) == (there.start, there.end)


def _moment(file: bytes, name: str) -> datetime:
    """Start or end in UTC, as a calendar program reads it: by the rules in the file, unless it is in UTC."""
    at: datetime = _event(file)[name].dt
    if "TZID" not in _event(file)[name].params:
        return at.astimezone(UTC)
    wall = at.replace(tzinfo=None)
    return (wall - _offset(file, wall)).replace(tzinfo=UTC)


def _offset(file: bytes, wall: datetime) -> timedelta:
    """Read as a calendar program does: the newest rule whose own start is not after `wall`."""
    [rules] = Calendar.from_ical(file).walk("VTIMEZONE")
    parts: list[Any] = list(rules.subcomponents)
    begun = [part for part in parts if part["DTSTART"].dt <= wall]
    offset = max(begun, key=lambda part: part["DTSTART"].dt)["TZOFFSETTO"].td
    assert isinstance(offset, timedelta)
    return offset
