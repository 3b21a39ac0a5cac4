"""What every test rests on: the database, and a Chromium if this machine has one.

SQLite in a file of its own unless DATABASE_URL names PostgreSQL. A file and not `:memory:`, because other processes (races,
the worker, the browser's server) must be able to open the same database.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from clinic.foundation.written_once import histories, lifted
from content.files import load
from tests import forks, world

SERVER = os.environ.get("DATABASE_URL", "")
# Folders under tests/ in which `make test` looks for no test with a database.
PURE = ("pure", "docs")

# The machine may be busy: a slow example is not a failure. Examples come from a fixed seed, so a red run stays red.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--asks",
        choices=("nothing", "database"),
        help="only the tests that ask for no database, or only those that do",
    )
    parser.addoption(
        "--crew", choices=("sqlite", "postgresql"), help="only the races on this database (tests/races)"
    )


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until everything is collected: see pytest_collection_finish
    config.addinivalue_line(
        "markers", "once: cannot differ between databases, so `make test` runs it on PostgreSQL alone"
    )
    config.addinivalue_line("markers", "only(vendor): about one kind of database, sqlite or postgresql")


# A file that says of all its tests that they run once.
_ONCE = re.compile(r"^pytestmark = .*\bpytest\.mark\.once\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """SQLite's part need not load the files of which it would run nothing: more than half of them."""
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    skipped = is_test and config.option.markexpr == "not once" and _ONCE.search(collection_path.read_text())
    return True if skipped else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is about this database, and what --asks names: a test says so itself, by its fixtures and marks."""
    wanted = config.getoption("asks")
    kept = [item for item in items if about(item) in (None, connection.vendor)]
    strays = [item.nodeid for item in items if item.path.parent.name in PURE and asks_database(item)]
    if strays and wanted == "nothing":
        raise pytest.UsageError(f"these ask for a database, so their place is another folder: {strays}")
    if wanted is not None:
        kept = [item for item in kept if asks_database(item) == (wanted == "database")]
    held = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in held])
    items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays till the end: looking through it for garbage again and again took a fifth of the time."""
    gc.collect()
    forks.sweep_seldom()


def about(item: pytest.Item) -> str | None:
    """The one database that this test is about, by its mark `only`; None for all others."""
    mark = item.get_closest_marker("only")
    return str(mark.args[0]) if mark else None


def asks_database(item: pytest.Item) -> bool:
    """Whether this test, or any fixture that it rests on, opens the test database."""
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "django_db_setup" in fixtures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test has to tell even though it passed: record_property("tell", "..."). Works with parallel runs too."""
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


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A copy of the empty database that was built for this run; without one, pytest-django migrates a new one."""
    _histories_are_flushed_too()
    given = world.given()
    if given is None:
        request.getfixturevalue("django_db_setup")
        yield
        return
    request.getfixturevalue("django_test_environment")
    folder = tmp_path_factory.mktemp("database")
    with world.fresh(SERVER, folder, "test", given.empty) as url, world.connected_to(url):
        yield


def _histories_are_flushed_too() -> None:
    """A test with real transactions ends in a flush, which on SQLite deletes rows, and these its triggers would keep."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL truncates
    flush = connection.ops.execute_sql_flush

    def lifted_flush(statements: Iterable[str]) -> None:
        with lifted(*histories()):
            flush(statements)

    vars(connection.ops)["execute_sql_flush"] = lifted_flush


@pytest.fixture(scope="session")
def shipped_url(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A second database of this process, with the shipped content: see `shipped_clinic`."""
    given = world.given()
    connection.close()  # nobody may look at what is copied
    template = given.shipped if given else _test_database()
    with world.fresh(SERVER, tmp_path_factory.mktemp("shipped"), "shipped", template) as url:
        if not given:
            with django_db_blocker.unblock(), world.connected_to(url):
                load.load()
        yield url


@pytest.fixture(scope="module")
def shipped_clinic(shipped_url: str) -> Iterator[None]:
    """The shipped content for all tests of one file. Each test still runs in a transaction of its own."""
    with world.connected_to(shipped_url):
        yield


@pytest.fixture(scope="module")
def own_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DjangoDbBlocker]:
    """An empty database of one file's own, for an arrangement that takes long: make it in a fixture of the module,
    `with own_database.unblock():`. Each test still runs in a transaction of its own.
    """
    given = world.given()
    connection.close()  # nobody may look at what is copied
    template = given.empty if given else _test_database()
    with world.fresh(SERVER, tmp_path_factory.mktemp("own"), "own", template) as url, world.connected_to(url):
        yield django_db_blocker


@pytest.fixture(scope="module")
def own_demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DjangoDbBlocker]:
    """The same with the demonstration clinic in it, as `manage.py demo` loads it."""
    given = world.given()
    connection.close()  # nobody may look at what is copied
    template = given.clinic if given else _test_database()
    with world.fresh(SERVER, tmp_path_factory.mktemp("own"), "own", template) as url, world.connected_to(url):
        if not given:
            with django_db_blocker.unblock():
                call_command("demo", verbosity=0)
        yield django_db_blocker


@pytest.fixture
def database_url(db: None) -> str:
    """The test database as DATABASE_URL, for tests that start processes. Those tests need transaction=True."""
    return _test_database()


def _test_database() -> str:
    name = connection.settings_dict["NAME"]
    return world.url_of(SERVER, name) if world.is_postgresql(SERVER) else f"sqlite:///{name}"


def chromium_path() -> str | None:
    """The real Chromium of this machine: $CHROMIUM, or the first of the usual names.

    The one without windows comes first. It is the same engine, and takes a quarter less processor time.
    """
    names = (
        os.environ.get("CHROMIUM"),
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright starts the system's Chromium, which refuses its sandbox to root."""
    path = chromium_path()
    if not path:
        pytest.skip(
            "no Chromium on this machine (install chromium-headless-shell or chromium, or set CHROMIUM)"
        )
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}
