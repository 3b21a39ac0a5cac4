"""The demonstration clinic: loaded into an empty database, and never over somebody's work."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from bookings.models import BookingRules, Closure, ConsultationType, Practitioner
from bookings.queries import slots
from bookings.queries.slots import Wanted
from content.models import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def refusals(own_database: DjangoDbBlocker) -> list[str]:
    """What production said before it was told `--yes`. Then the demonstration was loaded, once for all tests here."""
    said = []
    with own_database.unblock(), override_settings(PRODUCTION=True):
        for options in ({}, {"if_empty": True}):
            with pytest.raises(CommandError) as refusal:
                call_command("demo", **options)
            said.append(str(refusal.value))
        assert not Page.objects.exists()
        call_command("demo", yes=True)
    return said


def test_production_asks_whether_an_invented_clinic_is_meant(refusals: list[str]) -> None:
    assert ["--yes" in said for said in refusals] == [True, True]
    assert Page.objects.exists()


@pytest.mark.usefixtures("refusals")
def test_after_loading_there_are_free_times() -> None:
    kind = ConsultationType.objects.get(name="First consultation")
    today = timezone.localdate()
    assert slots.slots(Wanted(kind=kind), now=timezone.now(), first_day=today, days=8)
    assert Closure.objects.filter(first_day__gt=today).exists(), "public holidays"


@pytest.mark.usefixtures("refusals")
def test_a_second_load_changes_nothing_that_people_changed() -> None:
    Page.objects.filter(slug="ice-pick").update(title="Ours now")
    Practitioner.objects.filter(name="Tomas Adeyemi").delete()
    BookingRules.objects.update(horizon_days=5)
    Group.objects.filter(name="Reviewers").delete()  # a role, which `migrate` made
    call_command("demo")
    assert Page.objects.get(slug="ice-pick").title == "Ours now"
    assert not Practitioner.objects.filter(name="Tomas Adeyemi").exists()
    assert BookingRules.objects.get().horizon_days == 5
    assert not Group.objects.filter(name="Reviewers").exists()


@pytest.mark.usefixtures("refusals")
def test_what_was_deleted_does_not_come_back_by_itself() -> None:
    Page.objects.get(slug="milia").delete()
    call_command("demo", if_empty=True)
    assert not Page.objects.filter(slug="milia").exists()
