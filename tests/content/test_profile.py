"""The clinic itself: one row, hours in words, and a clock that nobody moves under a visit by accident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations import AddField
from django.http import HttpRequest
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from clinic.foundation.countries import countries
from content import checks, context_processors
from content.forms.clinic import ClinicProfileForm
from content.models import ClinicProfile, OpeningHours, zone_guards
from content.models.clinic import URGENT

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def visits_ahead() -> Iterator[list[int]]:
    """A fake register of visits: the guard counts what the test puts in."""
    visits: list[int] = []

    def count() -> int:
        return len(visits)

    kept = zone_guards[:]
    zone_guards[:] = [count]
    yield visits
    zone_guards[:] = kept


def clinic(**changes: Any) -> ClinicProfile:
    return ClinicProfile.objects.create(pk=1, name="Alder Row Skin Clinic", **changes)


def hours(profile: ClinicProfile, *stretches: tuple[int, int, int]) -> ClinicProfile:
    for weekday, opens, closes in stretches:
        OpeningHours.objects.create(profile=profile, weekday=weekday, opens=time(opens), closes=time(closes))
    return ClinicProfile.current()


def change(profile: ClinicProfile, **changes: Any) -> ClinicProfileForm:
    fields = (
        "name",
        "short_name",
        "trade",
        "mail_name",
        "address",
        "phone",
        "email",
        "time_zone",
        "currency",
        "consultation_fee",
        "review_grace_days",
        *("street", "town", "county", "postcode", "country", "part", "getting_here"),
        *URGENT,
    )
    return ClinicProfileForm({name: getattr(profile, name) for name in fields} | changes, instance=profile)


def test_days_with_the_same_hours_share_a_line() -> None:
    profile = hours(clinic(), *((day, 9, 17) for day in range(5)))
    assert profile.opening_lines == ["Monday to Friday, 9am to 5pm"]


def test_a_late_day_and_a_half_day_have_lines_of_their_own() -> None:
    week = [(0, 9, 17), (1, 9, 17), (2, 9, 17), (3, 9, 20), (4, 9, 17), (5, 9, 12)]
    assert hours(clinic(), *week).opening_lines == [
        "Monday to Wednesday, 9am to 5pm",
        "Thursday, 9am to 8pm",
        "Friday, 9am to 5pm",
        "Saturday, 9am to midday",
    ]


def test_a_lunch_break_and_a_day_apart() -> None:
    week = [(0, 9, 12), (0, 13, 17), (1, 9, 12), (1, 13, 17), (3, 9, 12), (3, 13, 17)]
    assert hours(clinic(), *week).opening_lines == [
        "Monday and Tuesday, 9am to midday and 1pm to 5pm",
        "Thursday, 9am to midday and 1pm to 5pm",
    ]


def test_half_hours_and_no_hours_at_all() -> None:
    assert OpeningHours(opens=time(9, 30), closes=time(12, 5)).in_words() == "9:30am to 12:05pm"
    assert OpeningHours(opens=time(0), closes=time(23, 59)).in_words() == "midnight to 11:59pm"
    assert ClinicProfile.current().opening_lines == []


def test_the_phone_number_as_a_link() -> None:
    assert ClinicProfile(phone="01632 960001").phone_href == "tel:01632960001"
    assert ClinicProfile(phone="+44 (0)1632 960-001").phone_href == "tel:+4401632960001"
    assert ClinicProfile(phone="").phone_href == ""


def test_there_is_one_clinic() -> None:
    clinic()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClinicProfile.objects.create(pk=2, name="Another")


def test_the_clinic_closes_after_it_opens() -> None:
    profile = clinic()
    with pytest.raises(IntegrityError), transaction.atomic():
        hours(profile, (0, 17, 9))
    with pytest.raises(ValidationError, match="close after it opens"):
        OpeningHours(profile=profile, weekday=0, opens=time(17), closes=time(9)).full_clean()


@pytest.mark.parametrize("zone", ["Europe/Lundon", "", "../etc/passwd", "GMT+25"])
def test_a_zone_must_be_known(zone: str) -> None:
    assert "time_zone" in change(clinic(), time_zone=zone).errors


@pytest.mark.parametrize("currency", ["gbp", "POUND", "£"])
def test_a_currency_is_three_letters(currency: str) -> None:
    assert "currency" in change(clinic(), currency=currency).errors


def test_the_zone_changes_freely_while_no_visit_lies_ahead(visits_ahead: list[int]) -> None:
    assert change(clinic(), time_zone="Asia/Tokyo").is_valid()


def test_the_zone_does_not_change_silently_under_future_visits(visits_ahead: list[int]) -> None:
    visits_ahead += [1, 2]
    form = change(clinic(), time_zone="Asia/Tokyo")
    assert not form.is_valid()
    assert form.has_error("time_zone", "visits_ahead")
    assert "2 future visits lie ahead" in str(form.errors)


def test_it_changes_when_the_person_says_that_they_know(visits_ahead: list[int]) -> None:
    visits_ahead.append(1)
    form = change(clinic(), time_zone="Asia/Tokyo", moves_visits="on")
    assert form.is_valid(), form.errors
    form.save()
    assert ClinicProfile.current().zone.key == "Asia/Tokyo"


def test_anything_else_may_change_while_visits_lie_ahead(visits_ahead: list[int]) -> None:
    visits_ahead.append(1)
    assert change(clinic(), name="Alder Row").is_valid()


def test_a_currency_with_other_minor_units_waits_until_no_amount_is_left() -> None:
    row = clinic(currency="GBP", consultation_fee=4500)
    assert change(row, currency="JPY").has_error("currency", "other_units")
    assert change(ClinicProfile.current(), currency="EUR").is_valid()
    ClinicProfile.objects.update(consultation_fee=0)
    assert change(ClinicProfile.current(), currency="JPY").is_valid()


def test_a_template_that_names_no_clinic_costs_nothing_and_one_that_does_pays_once() -> None:
    hours(clinic(), (0, 9, 17))
    values = context_processors.clinic(HttpRequest())
    with CaptureQueriesContext(connection) as queries:
        Template("nothing").render(Context(values))
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        Template("{{ clinic.name }} {{ clinic.phone_href }} {{ clinic.opening_lines.0 }}").render(
            Context(values)
        )
        Template("{{ clinic.name }} {{ clinic.opening_lines.0 }}").render(Context(values))
    assert len(queries) == 2


def test_the_check_names_a_stored_zone_that_this_machine_does_not_know() -> None:
    assert checks.clinic_zone(None, ["default"]) == []
    clinic()
    ClinicProfile.objects.update(time_zone="Europe/Atlantis")
    (error,) = checks.clinic_zone(None, ["default"])
    assert error.id == "content.E002" and error.hint
    assert checks.clinic_zone(None) == [], "the database is read only when it is asked for"


def test_the_check_notices_a_machine_without_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.zones_are_known(None) == []
    monkeypatch.setattr(checks, "available_timezones", set)
    assert [error.id for error in checks.zones_are_known(None)] == ["content.E001"]


# --- where it is, and whom to call ------------------------------------------------------------------------------------


def test_readers_see_the_address_as_it_was_until_an_editor_fills_its_parts() -> None:
    old = ClinicProfile(address="4 Alder Row\n\nLarch Quay ")
    assert old.address_shown == "4 Alder Row\n\nLarch Quay "
    old.street, old.town, old.postcode = "Flat 2\n4 Alder Row", "Larch Quay", "NW1 6XE"
    assert old.address_shown == "Flat 2\n4 Alder Row\nLarch Quay\nNW1 6XE"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"street": "4 Alder Row"}, "town"),
        ({"town": "Larch Quay"}, "street"),
        ({"postcode": "NW1 6XE"}, "street"),
        ({"street": "1", "town": "Quay", "postcode": "Quay"}, "postcode"),
        ({"street": "1", "town": "Quay", "postcode": "NW1"}, "postcode"),
        ({"country": "IE", "part": "ENG"}, "part"),
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"country": "gb"}, "country"),
        ({"part": "Cornwall"}, "part"),
        *(({name: empty}, name) for name in URGENT for empty in ("", "  ")),
        ({"emergency_number": "nine"}, "emergency_number"),
        ({"advice_number": "1"}, "advice_number"),
        ({"talk_number": "116-123"}, "talk_number"),
    ],
)
def test_half_an_address_or_an_empty_number_is_named_next_to_its_field(
    typed: dict[str, str], wrong: str
) -> None:
    form = change(clinic(), **typed)
    assert wrong in form.errors and "__all__" not in form.errors
    assert all(form[name].value() == value for name, value in typed.items()), "what was typed stays"


@pytest.mark.parametrize(
    ("typed", "kept"), [("nw16xe", "NW1 6XE"), (" W1A  1aa ", "W1A 1AA"), ("m1 1ae", "M1 1AE"), ("", "")]
)
def test_a_british_postcode_is_kept_in_its_one_form(typed: str, kept: str) -> None:
    form = change(clinic(), street="1", town="Quay", postcode=typed)
    assert form.is_valid(), form.errors
    assert form.save().postcode == kept


def test_a_postcode_elsewhere_is_left_as_it_is_written() -> None:
    form = change(clinic(), street="1", town="Wien", postcode="A-1010", country="AT")
    assert form.is_valid(), form.errors
    assert form.save().postcode == "A-1010"


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": ""},
        {"country": "IE", "part": "ENG"},
        {"street": "4 Alder Row"},
        {"postcode": "NW1 6XE"},
        *({name: ""} for name in URGENT),
    ],
)
def test_the_database_refuses_it_too(wrong: dict[str, str]) -> None:
    clinic()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClinicProfile.objects.update(**wrong)


def test_every_country_can_be_chosen_by_its_name() -> None:
    named = dict(countries())
    assert named["GB"] == "United Kingdom" and named["IE"] == "Ireland" and len(named) > 240
    assert [name for _, name in countries()] == sorted(named.values())


def test_a_clinic_that_was_there_before_gets_the_numbers_of_its_country_and_no_guess_at_its_address() -> None:
    """Each new column is added with what stands here, so that no row is without it for a moment."""
    migration = import_module("content.migrations.0013_where_the_clinic_is").Migration
    added = {step.name: step.field for step in migration.operations if isinstance(step, AddField)}
    given = {name: field.get_default() for name, field in added.items()}
    assert given["country"] == "GB"
    assert [given[f"{who}_number"] for who in ("emergency", "advice", "talk")] == ["999", "111", "116 123"]
    assert all(given[name] for name in URGENT)
    assert {given[name] for name in ("street", "town", "county", "postcode", "part", "getting_here")} == {""}
    assert all(step.reversible for step in migration.operations)
