"""A backup is a folder: the database, the uploaded pictures, and a list of what is in it and which keys open it.

It holds no key. It is made beside the running site, and put back into an empty database; docs/operations.md says what else
is to be done. `manage.py backup` and `manage.py restore` are the two doors.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg2.extensions import make_dsn

LIST = "backup.json"
PICTURES = "media"
_DATABASE = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
_NAME = "clinic-%Y%m%dT%H%M%SZ"
_UNFINISHED = ".*.partial"


class BackupRefused(Exception):
    """It cannot be made, or not be put back here. The text says why, and what to do."""


@dataclass(frozen=True)
class Contents:
    """What `backup.json` says of the folder that it lies in."""

    made_at: str
    """UTC, in ISO 8601."""
    database: str
    """Which kind: "postgresql" or "sqlite"."""
    migrations: list[str]
    """Those that had run, as "app.name"."""
    field_keys: list[str]
    """Fingerprints of FIELD_KEYS, which tell keys apart and open nothing."""
    files: dict[str, str]
    """Each file's path in the folder, with its SHA-256."""


# --- making one -----------------------------------------------------------------------------------------------------------


def make(folder: Path, *, now: datetime) -> Path:
    """Make a backup in a new folder inside `folder` and return that. Until all of it is there, it has a name with a dot.

    What an earlier one left that was killed goes first: half a database is nobody's backup, and lies there for ever.
    """
    name = now.astimezone(UTC).strftime(_NAME)
    place, whole = folder / _UNFINISHED.replace("*", name), folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        place.mkdir(mode=0o700)
        held = _hold(place)
    except OSError as error:
        raise BackupRefused(f"{folder} cannot be written: {error.strerror}.") from None
    try:
        had_run = _migrations_that_ran()
        _dump(place)
        # After the database: each row's files are there by then.
        _copy(Path(settings.MEDIA_ROOT), place / PICTURES)
        files = {
            str(file.relative_to(place)): _digest(file) for file in _files(place) if file != place / LIST
        }
        keys = [fingerprint(key) for key in settings.FIELD_KEYS]
        listed = Contents(now.astimezone(UTC).isoformat(), connection.vendor, had_run, keys, files)
        held.write(json.dumps(asdict(listed), indent=1))
        held.flush()
        place.rename(whole)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    finally:
        held.close()
    return whole


def _sweep(folder: Path) -> None:
    """Delete what was not finished, and whose maker is gone: the system lets go of a lock when its process ends."""
    for place in folder.glob(_UNFINISHED):
        with suppress(BlockingIOError):  # it is being made just now
            _hold(place).close()
            shutil.rmtree(place, ignore_errors=True)


def _hold(place: Path) -> TextIO:
    """The list of this folder, empty, locked until it is closed. Raises BlockingIOError if somebody else has it."""
    held = (place / LIST).open("a", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        held.close()
        raise
    return held


def let_run_out(folder: Path, *, kept: timedelta, now: datetime) -> list[Path]:
    """Delete the backups in `folder` that are older than `kept`, and return which.

    Nothing else in it is touched, nor a backup whose list is damaged.
    """
    old = [place for made, place in _in_order(folder) if made < now - kept]
    for place in old:
        shutil.rmtree(place)
    return old


def newest(folder: Path) -> datetime | None:
    """When the newest backup in `folder` was made (UTC); None if none there can be read."""
    try:
        return max((made for made, _ in _in_order(folder)), default=None)
    except OSError:
        return None


def _in_order(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in `folder` that can be read, the oldest first, each with when it was made (UTC)."""
    found = []
    for place in folder.glob("clinic-*Z"):
        with suppress(BackupRefused):
            found.append((datetime.fromisoformat(read(place).made_at), place))
    return sorted(found)


def fingerprint(key: str) -> str:
    """The same for the same key, and nothing that leads back to it: a key is 32 random bytes."""
    return hashlib.sha256(b"clinic backup " + key.encode()).hexdigest()[:12]


def _dump(place: Path) -> None:
    file = place / _DATABASE[connection.vendor]
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", f"--file={file}")
        return
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as lives,
        closing(sqlite3.connect(file)) as copy,
    ):
        lives.backup(copy)  # as of one moment, with what is in the -wal file


def _migrations_that_ran() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


# --- putting one back -----------------------------------------------------------------------------------------------------


def read(place: Path) -> Contents:
    """What is in this backup. Raises BackupRefused if it is none."""
    try:
        return Contents(**json.loads((place / LIST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BackupRefused(f"{place} is no backup: there is no {LIST} in it that can be read.") from None


def check(place: Path, *, keys_are_lost: bool = False) -> Contents:
    """What is in this backup, once it is sure that it can be put back here. Raises BackupRefused."""
    contents = read(place)
    damaged = [
        name
        for name, digest in contents.files.items()
        if not (place / name).is_file() or _digest(place / name) != digest
    ]
    if damaged:
        raise BackupRefused(f"Files of this backup are missing or damaged: {_shown(damaged)}.")
    if contents.database != connection.vendor:
        raise BackupRefused(
            f"This is a backup of {contents.database}, and DATABASE_URL is {connection.vendor}."
        )
    known = {".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    newer = [name for name in contents.migrations if _is_ours(name) and name not in known]
    if newer:
        raise BackupRefused(f"It is of a newer version than this code, which does not know {_shown(newer)}.")
    missing = set(contents.field_keys) - {fingerprint(key) for key in settings.FIELD_KEYS}
    if missing and not keys_are_lost:
        raise BackupRefused(
            f"FIELD_KEYS lacks keys that were in use when it was made (fingerprints {_shown(sorted(missing))}). Add them "
            "behind today's. If they are lost for good, --keys-are-lost puts back what opens without them."
        )
    if connection.introspection.table_names():
        raise BackupRefused("The database is not empty. Put it aside first: docs/operations.md says how.")
    return contents


def put_back(place: Path, contents: Contents) -> int:
    """Fill the database and the folder of pictures; return how many pictures' files came. Those that are there stay."""
    file = place / _DATABASE[contents.database]
    if contents.database == "postgresql":
        connection.close()
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            str(file),
        )
    else:
        connection.ensure_connection()  # makes the file, for its owner alone
        with closing(sqlite3.connect(file)) as copy:
            copy.backup(connection.connection)
        connection.close()
    return _copy(place / PICTURES, Path(settings.MEDIA_ROOT))


def _is_ours(migration: str) -> bool:
    return migration.partition(".")[0] in ("bookings", "content", "foundation")


def _shown(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


# --- files and programs ---------------------------------------------------------------------------------------------------


def _copy(source: Path, target: Path) -> int:
    """Copy what `target` lacks, and return how many files came. One that is swept away meanwhile belonged to no row."""
    copied = 0
    for file in _files(source):
        there = target / file.relative_to(source)
        if there.exists():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(file, there)
        except FileNotFoundError:
            there.unlink(missing_ok=True)
        else:
            copied += 1
    return copied


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database. The password goes by its environment, which others cannot read."""
    path = shutil.which(program)
    if path is None:
        raise BackupRefused(
            f"{program} is not installed here. On Debian it is in the package postgresql-client."
        )
    known: dict[str, Any] = connection.get_connection_params()
    password = str(known.pop("password", ""))
    where = make_dsn(**{name: value for name, value in known.items() if isinstance(value, str | int)})
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    command = [path, *arguments, f"--dbname={where}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{program} ended with {done.returncode}: {done.stderr.strip()}")
