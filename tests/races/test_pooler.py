"""Two clients take turns on one connection of a pooler: each keeps its own limits, and none meets the other's."""

from __future__ import annotations

import os
import runpy
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg2
import pytest
from django.conf import settings
from django.core.checks.registry import registry
from django.db import OperationalError, connections, migrations, models
from django.db.migrations.state import ProjectState
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from clinic.foundation.limits.waits import LOCK_WAIT, STATEMENT_TIME
from clinic.postgresql import checks
from clinic.postgresql.base import LIMITS, DatabaseWrapper
from clinic.postgresql.operations import AddIndexBeside
from tests import world
from tests.pooler import pooler

# Short enough to wait for, long enough for a busy machine to answer whatever does not sleep.
SHORT = {"lock_timeout": timedelta(milliseconds=150), "statement_timeout": timedelta(milliseconds=500)}
TOO_LONG, CUT, GIVEN_UP = "SELECT pg_sleep(0.6)", "statement timeout", "lock timeout"

Two = tuple[DatabaseWrapper, DatabaseWrapper]


@contextmanager
def client(url: str) -> Iterator[DatabaseWrapper]:
    """A connection as the site makes it when DATABASE_URL is this. Transactions find it by its name."""
    with patch.dict(os.environ, {"DATABASE_URL": url}):
        site = runpy.run_path(str(Path(settings.BASE_DIR) / "clinic" / "settings.py"))["DATABASES"]["default"]
    name = f"client-{secrets.token_hex(4)}"
    made: Any = ConnectionHandler({"default": site, name: site})[name]
    assert isinstance(made, DatabaseWrapper)
    connections[name] = made
    try:
        yield made
    finally:
        made.close()
        del connections[name]


@pytest.fixture(scope="module", autouse=True)
def connecting(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The connections of this file are made by hand, and none is the test database's."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def database(postgresql: str, connecting: None) -> Iterator[str]:
    """A database whose limits are short, so that a test need not wait for the real ones."""
    with world.fresh(postgresql, Path(), "limited") as url:
        with client(url) as direct:
            direct.write_down(SHORT)
        yield url


@pytest.fixture(scope="module", params=["direct", "pooler"])
def address(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """Where clients connect to: the database itself, or a pooler in front of it."""
    if request.param == "direct":
        yield database
        return
    with tempfile.TemporaryDirectory(prefix="clinic-pooler-") as folder:
        os.chmod(folder, 0o755)
        with pooler(database, Path(folder), connections=1) as url:
            yield url


@pytest.fixture
def clients(address: str) -> Iterator[Two]:
    with client(address) as one, client(address) as another:
        yield one, another


def run(connection: DatabaseWrapper, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def wait_for_a_lock(connection: DatabaseWrapper, database: str) -> None:
    """Ask for what somebody else holds, on a connection of their own."""
    holder = psycopg2.connect(database)
    try:
        holder.cursor().execute("SELECT pg_advisory_lock(1)")
        run(connection, "SELECT pg_advisory_xact_lock(1)")
    finally:
        holder.close()


def test_a_statement_is_cut_for_each_of_two_clients_and_never_in_a_migration(clients: Two) -> None:
    site, migrate = clients
    with pytest.raises(OperationalError, match=CUT):  # as most pages read: outside a transaction
        run(site, TOO_LONG)
    with migrate.schema_editor(atomic=True):
        run(migrate, TOO_LONG)
        assert run(migrate, "SHOW lock_timeout") == ("150ms",)  # the role's, which is less than a migration's
    assert run(migrate, "SHOW statement_timeout") == run(site, "SHOW statement_timeout") == ("500ms",)
    with pytest.raises(OperationalError, match=CUT):
        run(site, TOO_LONG)


def test_a_lock_is_waited_for_no_longer_than_agreed(clients: Two, database: str) -> None:
    site, migrate = clients
    with pytest.raises(OperationalError, match=GIVEN_UP):
        wait_for_a_lock(site, database)
    assert run(site, "SELECT 1") == run(migrate, "SELECT 1")
    # A migration too: while it waits for a table, every page that reads it waits behind.
    with pytest.raises(OperationalError, match=GIVEN_UP), migrate.schema_editor(atomic=True):
        wait_for_a_lock(migrate, database)


def test_clients_take_turns_between_transactions_and_keep_their_zone(clients: Two) -> None:
    """What else a session has set: Django asks for UTC when it connects."""
    for one in (*clients, *clients):
        assert run(one, "SHOW timezone") == ("UTC",)
        # Kept on the server, a cursor would live on a connection that is lent to others.
        assert one.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_migrate_writes_the_limits_down_once_and_leaves_what_the_clinic_chose(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.fresh(postgresql, Path(), "unlimited") as url:
        with client(url) as first:
            monkeypatch.setattr(checks, "connections", {"default": first})
            missing = checks.limits(None, databases=["default"])
            assert [message.id for message in missing] == ["clinic.W020"]
            assert "lock_timeout, statement_timeout" in missing[0].msg
            assert checks.limits(None) == []  # nobody asked for the database
            with first.schema_editor(atomic=True):
                assert run(first, "SHOW lock_timeout") == ("3s",)
            first.write_down({"lock_timeout": timedelta(seconds=3)})
        with client(url) as later:
            later.prepare_database()
        with client(url) as last:
            monkeypatch.setattr(checks, "connections", {"default": last})
            assert checks.limits(None, databases=["default"]) == []
            assert run(last, "SHOW lock_timeout") == ("3s",)
            assert run(last, "SHOW statement_timeout") == ("30s",)
    # `migrate` runs the other checks before it begins, and would warn of what it is about to write down.
    assert "limits" in names(registry.get_checks(include_deployment_checks=True))
    assert "limits" not in names(registry.get_checks())
    assert LIMITS == {"lock_timeout": LOCK_WAIT, "statement_timeout": STATEMENT_TIME}


def test_an_index_is_built_beside_the_writers_and_again_if_it_was_left_half_built(
    database: str, connecting: None
) -> None:
    state, later = ProjectState(), ProjectState()
    create = migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True))])
    index = AddIndexBeside("line", models.Index(fields=["-id"], name="lines_backwards"))
    create.state_forwards("clinic", later)
    with client(database) as site:
        with site.schema_editor() as editor:
            create.database_forwards("clinic", editor, state, later)
        after = later.clone()
        index.state_forwards("clinic", after)
        for _ in ("at first", "once more"):
            with site.schema_editor(atomic=False) as editor:
                index.database_forwards("clinic", editor, later, after)
        assert run(
            site, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'lines_backwards'::regclass"
        ) == (True,)
        assert run(site, "SHOW statement_timeout") == ("500ms",)
        with site.schema_editor(atomic=False) as editor:
            index.database_backwards("clinic", editor, after, later)
        assert run(site, "SELECT to_regclass('lines_backwards')") == (None,)


def names(found: Iterable[Any]) -> set[str]:
    return {check.__name__ for check in found}
