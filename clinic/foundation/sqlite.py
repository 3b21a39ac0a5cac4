"""What a database in a file needs and a server does by itself: a file for its owner alone, and a log that forgets.

SQLite writes every change into the `-wal` file first, and leaves it there until it is overwritten: erased people
could be read there for weeks. `truncate_log` brings the changes into the database, where erased bytes are overwritten
(secure_delete), and empties that file.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from clinic.foundation import limits

# What SQLite puts beside the database; these have the mode of the database's own file.
_BESIDE = ("", "-wal", "-shm", "-journal")


class PrivateConnection(sqlite3.Connection):
    """A connection whose file, if it is created now, only its owner can read and write."""

    def __init__(self, database: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(database, (str, os.PathLike)) and is_file(str(database)):
            # SQLite itself says what is wrong with the location.
            with suppress(OSError):
                os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        super().__init__(database, *args, **kwargs)


def is_file(database: str) -> bool:
    """Whether this database name is the name of a file: not in memory, not a URI."""
    return bool(database) and not database.startswith((":", "file:"))


def truncate_log() -> bool:
    """Bring the log into the database's file and empty it. True if nothing is left in it, or there is none.

    Call it outside of a transaction. It waits for nobody: while others read or write, it changes nothing that matters.
    """
    path = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not is_file(path) or not os.path.exists(path):
        return True
    try:
        with closing(sqlite3.connect(path, timeout=limits.waits.SQLITE_LOG_WAIT_SECONDS)) as own:
            [busy, _, _] = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


def too_open(files: Iterable[str]) -> list[Path]:
    """Those of these files (and of those beside a database) that exist and that others than the owner can read or write."""
    found = (Path(f"{file}{more}") for file in files for more in _BESIDE)
    return [path for path in found if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077]
