"""The databases that tests begin with, built once a run: `scripts/test.py` builds them, every pytest process copies them.

Three on each server: empty (migrated, no rows), shipped (with the shipped content), clinic (the demonstration clinic).
Without them, as when one file is run by hand, each pytest process migrates a database of its own.

`python -m tests.world build FOLDER` builds them where DATABASE_URL points (SQLite: in the folder) and prints their URLs in
one line; `python -m tests.world drop` removes those of TEST_WORLD from their server.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg2
from django.core.management import call_command
from django.db import connection

from clinic.postgresql.base import LIMITS

VARIABLE = "TEST_WORLD"  # in the environment of pytest: the three URLs, with spaces between them


@dataclass(frozen=True)
class World:
    """Three databases as DATABASE_URL would name them. Nobody stays connected to one, and nobody changes one."""

    empty: str
    shipped: str
    clinic: str


def given() -> World | None:
    """The world that was built for this run, if one was."""
    urls = os.environ.get(VARIABLE, "").split()
    return World(*urls) if urls else None


def is_postgresql(url: str) -> bool:
    return url.startswith(("postgres:", "postgresql:"))


def name_in(url: str) -> str:
    """What Django calls the NAME of the database at this URL: a file, or the name on its server."""
    return urlsplit(url).path[1:]


def url_of(server: str, name: str) -> str:
    """The URL of the database of that name on the PostgreSQL server of another."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def create(server: str, folder: Path, kind: str, template: str = "") -> str:
    """Make a database and return its URL: an empty one, or a copy of the one at `template`.

    Made on the server of the URL `server`, or as a file in `folder` if that is not PostgreSQL. `kind` begins its name.
    """
    name = f"{kind}_{secrets.token_hex(6)}"
    if is_postgresql(server):
        tell(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {name_in(template)}" if template else ""))
        for limit, span in (
            LIMITS.items() if template else ()
        ):  # a copy has the tables, but not what the role may do
            tell(server, f"ALTER ROLE CURRENT_USER IN DATABASE {name} SET {limit} = '{span.seconds}s'")
        return url_of(server, name)
    file = folder / f"{name}.sqlite3"
    if template:
        # Whoever closes a database last writes its journal into the file, so the file is all of it.
        shutil.copyfile(name_in(template), file)
    return f"sqlite:///{file}"


def drop(server: str, url: str) -> None:
    """Remove a database from its server. A file goes with its folder."""
    if is_postgresql(url):
        tell(server, f"DROP DATABASE {name_in(url)} WITH (FORCE)")


@contextmanager
def fresh(server: str, folder: Path, kind: str, template: str = "") -> Iterator[str]:
    """A database for as long as this lasts: see `create`."""
    url = create(server, folder, kind, template)
    try:
        yield url
    finally:
        drop(server, url)


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Let Django use the database at this URL, on the server that it uses anyway."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name_in(url)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def tell(server: str, statement: str) -> None:
    """Say this to the PostgreSQL server, outside any transaction."""
    told = psycopg2.connect(server)
    try:
        told.autocommit = True
        told.cursor().execute(statement)
    finally:
        told.close()


def build(server: str, folder: Path) -> World:
    """Migrate once, load once."""
    made: list[str] = []
    for command in ("migrate", "loadcontent", "demo"):
        made.append(create(server, folder, "world", made[-1] if made else ""))
        with connected_to(made[-1]), open(os.devnull, "w") as nowhere:
            call_command(command, verbosity=0, stdout=nowhere)
    return World(*made)


def main(order: str, *folder: str) -> None:
    server = os.environ["DATABASE_URL"]
    if order == "build":
        django.setup()
        sys.stdout.write(" ".join(astuple(build(server, Path(*folder)))) + "\n")
    else:
        for url in os.environ[VARIABLE].split():
            drop(server, url)


if __name__ == "__main__":
    main(*sys.argv[1:])
