"""The history of what readers had stays, whoever asks the database; that of what they never had goes with it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from content.models import Page, PageEvent
from tests.publishing import documents

pytestmark = pytest.mark.django_db


def test_what_readers_never_had_goes_with_its_history() -> None:
    page = documents.draft()
    assert page.events.exists()
    page.delete()
    assert not Page.objects.exists() and not PageEvent.objects.exists()


def test_what_readers_had_keeps_its_history() -> None:
    page = documents.live()
    with pytest.raises(IntegrityError, match="page_events_are_written_once"), transaction.atomic():
        page.delete()
    with pytest.raises(IntegrityError, match="page_events_are_written_once"), transaction.atomic():
        page.events.update(by_name="Eve")
    assert set(page.events.values_list("by_name", flat=True)) == {"Ed Moss"}


def test_whoever_is_in_it_is_not_deleted_from_under_it() -> None:
    documents.live()
    with pytest.raises(ProtectedError):
        documents.ed().delete()
