"""The audit trail says who did what to what and when, holds no content, and cannot be changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User

from clinic.foundation import audit
from clinic.foundation.models import AppendOnly, AuditEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)


@pytest.fixture
def entry() -> AuditEntry:
    dee = User.objects.create_user("Dee")
    return audit.seen(dee, "view", Group.objects.create(name="Guests"), NOW)


def test_an_entry_names_who_what_and_when(entry: AuditEntry) -> None:
    kept = AuditEntry.objects.get()
    assert (kept.who, kept.action, kept.at) == ("Dee", "view", NOW)
    assert kept.object_label == "auth.group"
    assert kept.object_id == str(Group.objects.get(name="Guests").pk)


def test_an_entry_outlives_the_person_and_the_thing(entry: AuditEntry) -> None:
    User.objects.all().delete()
    Group.objects.all().delete()
    assert AuditEntry.objects.get().who == "Dee"


def test_an_entry_can_be_neither_changed_nor_removed(entry: AuditEntry) -> None:
    entry.who = "Eve"
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(AppendOnly):
        entry.delete()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(who="Eve")
    with pytest.raises(AppendOnly):
        AuditEntry.objects.filter(who="Dee").delete()
    assert AuditEntry.objects.get().who == "Dee"
