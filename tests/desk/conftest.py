"""Every test here happens on Monday 30 November 2026 at 9:00. Dee is at the desk, Eve may sign in and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests import factories as make


@pytest.fixture(autouse=True)
def monday_morning(db: None) -> Iterator[None]:
    make.profile()
    make.concern()
    make.practitioner()
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def dee() -> Client:
    """Dee's browser: she may answer requests and read health answers."""
    client = Client()
    client.force_login(make.staff())
    return client


@pytest.fixture
def eve() -> Client:
    """Eve's browser: she is staff, and has no permissions."""
    client = Client()
    client.force_login(make.staff("Eve Nobody"))
    return client
