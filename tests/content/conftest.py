"""The shipped clinic, as `loadcontent` loads it."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def site(shipped_clinic: None) -> None:
    """The shipped clinic for all tests of one file."""


@pytest.fixture
def shipped(site: None, db: None) -> None:
    """The shipped clinic, with the database open to the test."""
