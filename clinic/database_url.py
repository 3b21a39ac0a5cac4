"""DATABASE_URL: the address of a database in one line, as Django wants it taken apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import psycopg2
from psycopg2.extensions import make_dsn

_MEMORY = "sqlite://:memory:"
_POSTGRESQL = ("postgresql", "postgres", "pgsql")
_FORM = "must be like postgresql://user:password@host/name or sqlite:////folder/file"
_ESCAPES = "In a user or a password write %23 for #, %2F for /, %3F for ?, %40 for @, %5B for [, %25 for %."
_OF_DJANGO = {"assume_role"}  # understood by Django and not passed on
_SQLITE_OPTIONS = {"timeout", "transaction_mode", "init_command"}


def parse(url: str, root: Path) -> dict[str, Any]:
    """Django's dictionary for `url`; a relative SQLite file lies under `root`, wherever a process was started.

    Raises ValueError without quoting the address, which holds a password. What the address asks for after its `?` is in
    OPTIONS; `beside` puts it beside ours.
    """
    if url == _MEMORY:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    try:
        parts = urlsplit(url)
        if parts.scheme not in (*_POSTGRESQL, "sqlite"):
            raise ValueError
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError:
        raise ValueError(f"{_FORM}. {_ESCAPES}") from None
    found.setdefault("OPTIONS", {})
    # With a character unescaped, part of a password becomes the name of the database, an option, or nothing at all.
    if parts.fragment or "@" in parts.path + parts.query:
        raise ValueError(f"{_FORM}. {_ESCAPES}")
    if several := [name for name, value in found["OPTIONS"].items() if isinstance(value, list)]:
        raise ValueError(f"gives {several[0]} more than once.")
    if parts.scheme == "sqlite":
        return _sqlite(found, parts.netloc, root)
    _check_postgresql(found)
    return found


def _sqlite(found: dict[str, Any], netloc: str, root: Path) -> dict[str, Any]:
    if netloc:
        raise ValueError(
            "needs three slashes before a SQLite file in the project's folder, four before a whole path."
        )
    if unknown := set(found["OPTIONS"]) - _SQLITE_OPTIONS:
        raise ValueError(
            f"has an option that SQLite does not take here: {min(unknown)}. It takes {', '.join(sorted(_SQLITE_OPTIONS))}."
        )
    if found["NAME"] != ":memory:":
        found["NAME"] = str(root / found["NAME"])
    return found


def _check_postgresql(found: dict[str, Any]) -> None:
    named = found["NAME"] or "service" in found["OPTIONS"]  # which names it in one of PostgreSQL's own files
    if not named or "/" in found["NAME"]:
        raise ValueError(f"{_FORM}; the name of the database is missing or has a / in it. {_ESCAPES}")
    try:
        make_dsn(**{name: value for name, value in found["OPTIONS"].items() if name not in _OF_DJANGO})
    except psycopg2.ProgrammingError:
        raise ValueError("has an option behind its ? that PostgreSQL does not know.") from None


def beside(ours: dict[str, Any], of_the_address: dict[str, Any], *, joined: dict[str, str]) -> dict[str, Any]:
    """Both sets of options; where they clash, the address has the last word.

    `joined` names options that hold several values in one text, and what separates them: there both are kept.
    """
    both = ours | of_the_address
    for name, between in joined.items():
        if name in ours and name in of_the_address:
            both[name] = f"{ours[name]}{between}{of_the_address[name]}"
    return both
