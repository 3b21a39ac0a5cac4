"""What every test stands on: the database, and a Chromium if this machine has one.

SQLite in a file of its own unless DATABASE_URL names PostgreSQL. A file and not `:memory:`, because other processes (races,
the worker, the browser's server) must be able to open the same database.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings

# The machine may be busy: a slow example is no failure. Examples come from a fixed seed, so that a red run stays red.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test has to tell although it passed: record_property("tell", "..."). Works with parallel runs too."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "tell":
                terminalreporter.write_line(str(text))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """PostgreSQL gets one test database per pytest process, SQLite one file per process."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def database_url(db: None) -> str:
    """The test database as DATABASE_URL, for tests that start processes. Those tests need transaction=True."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{database['NAME']}"
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{database['NAME']}" + (f"?{query}" if query else "")


def chromium_path() -> str | None:
    """The real Chromium of this machine: $CHROMIUM, or the first of the usual names."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright starts the system's Chromium, which refuses its sandbox to root."""
    path = chromium_path()
    if not path:
        pytest.skip("no Chromium on this machine (install the package chromium, or set CHROMIUM)")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}
