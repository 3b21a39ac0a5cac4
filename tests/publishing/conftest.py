"""Browsers of the people in this folder, on Monday 30 November 2026 at 9:00."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from content.publishing import check
from tests import factories as make
from tests.publishing import documents

# What two rules replace in the tests of this folder.
REAL = (check.site, check.problems)


@pytest.fixture(autouse=True)
def two_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the check may know elsewhere, here it knows two things."""
    monkeypatch.setattr(check, "site", lambda today: None)
    monkeypatch.setattr(check, "problems", documents.two_rules)


@pytest.fixture
def monday(db: None) -> Iterator[None]:
    """The clinic on that morning."""
    make.profile()
    with time_machine.travel(documents.NOW, tick=False):
        yield


@pytest.fixture
def ed(monday: None) -> Client:
    """Ed's browser: he writes and publishes."""
    client = Client()
    client.force_login(documents.ed())
    return client


@pytest.fixture
def rhea(monday: None) -> Client:
    """Rhea's browser: she reads pages and approves them."""
    client = Client()
    client.force_login(documents.rhea())
    return client
