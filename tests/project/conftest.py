"""What the tests of the project's shell share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

PASSWORD = "Dee's own long password"
NOW = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def dee() -> User:
    return User.objects.create_user("Dee", password=PASSWORD, is_staff=True)


@pytest.fixture
def kept_connections() -> Iterator[None]:
    """For tests that call the site as a server does: the connection, and the test's transaction with it, stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
