"""Limits are exact: the same for one process and for four that race, and open again with the next window."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from clinic.foundation import throttle
from clinic.foundation.models import Counter

NOW = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_the_limit_is_the_limit_until_the_window_ends() -> None:
    def ask(now: datetime, key: str = "203.0.113.0/24", scope: str = "send") -> bool:
        return throttle.allow(scope, key, limit=3, window=HOUR, now=now)

    assert [ask(NOW) for _ in range(5)] == [True, True, True, False, False]
    assert not ask(NOW + timedelta(minutes=39))
    assert ask(NOW + timedelta(minutes=40))  # eleven o'clock
    assert ask(NOW, key="198.51.100.0/24")
    assert ask(NOW, scope="sign in")


@pytest.mark.django_db
def test_a_limit_of_nothing_allows_nothing() -> None:
    assert not throttle.allow("send", "a", limit=0, window=HOUR, now=NOW)


@pytest.mark.django_db
def test_the_key_is_not_in_the_database() -> None:
    throttle.allow("send", "cleo@example.org", limit=3, window=HOUR, now=NOW)
    row = Counter.objects.values().get()
    assert "cleo" not in str(row)
    assert row["window_start"] == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert row["count"] == 1


@pytest.mark.django_db
def test_purge_removes_windows_that_are_over() -> None:
    throttle.allow("send", "a", limit=3, window=HOUR, now=NOW - HOUR)
    throttle.allow("send", "a", limit=3, window=HOUR, now=NOW)
    assert throttle.purge(NOW) == 1
    assert throttle.purge(NOW) == 0
    assert Counter.objects.count() == 1


CLAIM = """
import os, sys, django
django.setup()
from datetime import UTC, datetime, timedelta
from clinic.foundation import throttle
sys.stdin.readline()  # all start together
now = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)
print(sum(throttle.allow("send", "a", limit=40, window=timedelta(hours=1), now=now) for _ in range(25)))
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_get_exactly_the_limit_between_them(database_url: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.project.shell_settings",
    }
    claimers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM],
            cwd=Path(settings.BASE_DIR),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    answers = [claimer.communicate(timeout=120)[0] for claimer in claimers]
    assert [claimer.returncode for claimer in claimers] == [0] * 4
    assert sum(int(answer) for answer in answers) == 40  # of 100 asked
    assert Counter.objects.get().count == 40
