"""A mail server that tests can talk to, and settings that use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.messages.sink import Sink, listening


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A real SMTP server; the settings name it, without encryption, as the clinic's mail server."""
    with listening() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 10
        settings.EMAIL_RATE = 0  # tests send many at once; those about the rate set it
        yield server
