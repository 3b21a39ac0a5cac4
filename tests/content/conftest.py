"""The shipped clinic, as `demo_content` loads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from content import demo
from content.models import FAQ, ClinicProfile, Concern, Page, Person, Source, Suitability, Synonym, Treatment


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped clinic for all tests of one file: loading it takes half a second, and few tests change it.

    Each test still runs in a transaction of its own; the rows go when the file is done.
    """
    with django_db_blocker.unblock():
        demo.load()
    yield
    with django_db_blocker.unblock():
        for model in (Synonym, Suitability, FAQ, Page, Treatment, Concern, Person, Source, ClinicProfile):
            model._default_manager.all().delete()


@pytest.fixture
def shipped(site: None, db: None) -> None:
    """The shipped clinic, with the database open to the test."""
