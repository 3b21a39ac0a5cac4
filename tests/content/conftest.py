"""The shipped clinic, as `loadcontent` loads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from content.files import load
from content.models import (
    FAQ,
    ClinicProfile,
    Concern,
    ExamplePlan,
    Page,
    Person,
    Source,
    Suitability,
    Synonym,
    Treatment,
)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped clinic for all tests of one file: loading it takes half a second, and few tests change it.

    Each test still runs in a transaction of its own; the rows go when the file is done.
    """
    with django_db_blocker.unblock():
        load.load()
    yield
    with django_db_blocker.unblock():
        for model in (
            *(ExamplePlan, Synonym, Suitability, FAQ, Page),
            *(Treatment, Concern, Person, Source, ClinicProfile),
        ):
            model._default_manager.all().delete()


@pytest.fixture
def shipped(site: None, db: None) -> None:
    """The shipped clinic, with the database open to the test."""
