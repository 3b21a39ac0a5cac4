"""The demonstration clinic: loaded into an empty database, and never over somebody's work."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from bookings.models import BookingRules, Closure, ConsultationType, Practitioner
from bookings.queries import slots
from bookings.queries.slots import Wanted
from content.models import Page

pytestmark = pytest.mark.django_db


def test_after_loading_there_are_free_times() -> None:
    call_command("demo")
    kind = ConsultationType.objects.get(name="First consultation")
    today = timezone.localdate()
    assert slots.slots(Wanted(kind=kind), now=timezone.now(), first_day=today, days=8)
    assert Closure.objects.filter(first_day__gt=today).exists(), "public holidays"


def test_a_second_load_changes_nothing_that_people_changed() -> None:
    call_command("demo")
    Page.objects.filter(slug="ice-pick").update(title="Ours now")
    Practitioner.objects.filter(name="Tomas Adeyemi").delete()
    BookingRules.objects.update(horizon_days=5)
    Group.objects.filter(name="Reviewers").delete()  # a role, which `migrate` made
    call_command("demo")
    assert Page.objects.get(slug="ice-pick").title == "Ours now"
    assert not Practitioner.objects.filter(name="Tomas Adeyemi").exists()
    assert BookingRules.objects.get().horizon_days == 5
    assert not Group.objects.filter(name="Reviewers").exists()


def test_production_asks_whether_an_invented_clinic_is_meant(settings: Settings) -> None:
    settings.PRODUCTION = True
    for options in ({}, {"if_empty": True}):
        with pytest.raises(CommandError, match="--yes"):
            call_command("demo", **options)
    assert not Page.objects.exists()
    call_command("demo", yes=True)
    assert Page.objects.exists()


def test_what_was_deleted_does_not_come_back_by_itself() -> None:
    call_command("demo")
    Page.objects.get(slug="milia").delete()
    call_command("demo", if_empty=True)
    assert not Page.objects.filter(slug="milia").exists()
