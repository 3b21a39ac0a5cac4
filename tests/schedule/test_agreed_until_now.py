"""The migration that gives older times the terms of their type, on rows that exist."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from bookings.models import Appointment
from bookings.states import Status
from tests.factories import at, consultation_type, in_state, profile

pytestmark = pytest.mark.django_db


def test_each_row_takes_the_terms_of_its_own_type_and_the_clinics_currency() -> None:
    booked, offered = in_state(Status.CONFIRMED), in_state(Status.OFFERED, start=at(3, 14))
    call = consultation_type(name="Call", minutes=20, fee=0, mode="phone", cutoff_hours=2)
    offered.appointments.update(consultation_type=call)
    profile(currency="EUR")
    # As the first migration left them: with the columns' own defaults.
    Appointment.objects.update(fee=0, currency="GBP", mode="in_person", cutoff_hours=24, stands_although="")
    import_module("bookings.migrations.0003_agreed_until_now").take_the_terms_of_today(apps, None)
    columns = ("fee", "currency", "mode", "cutoff_hours", "stands_although")
    assert set(booked.appointments.values_list(*columns)) == {(4000, "EUR", "in_person", 24, "concern")}
    assert set(offered.appointments.values_list(*columns)) == {(0, "EUR", "phone", 2, "concern")}


def test_without_rows_and_without_a_clinic_nothing_happens() -> None:
    import_module("bookings.migrations.0003_agreed_until_now").take_the_terms_of_today(apps, None)
    assert not Appointment.objects.exists()
