"""On PostgreSQL the site's role may work with the tables that another role owns, and cannot rewrite who did what."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client

from bookings import clock
from bookings.models import Event
from bookings.states import Status
from bookings.workflow import desk, erasure
from bookings.workflow.core import Actor, Origin
from clinic.foundation import audit
from clinic.foundation.models import AuditEntry
from clinic.postgresql import checks, rights
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.only("postgresql")]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def site() -> Iterator[str]:
    """The site's role: made in this test's transaction, and gone with it. What follows runs as that role."""
    name = f"site_{secrets.token_hex(4)}"
    run(f"CREATE ROLE {name}")
    make.staff()
    make.submitted(name="Cleo Marsh")
    assert rights.give(connection, name)
    run(f"SET ROLE {name}")
    yield name
    run("RESET ROLE")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as error:
        assert "permission denied" in str(error) or "must be owner" in str(error), error
        return True
    return False


def test_the_site_works_with_these_rights(site: str) -> None:
    dee = Client()
    dee.force_login(make.staff())
    cleo = make.in_state(Status.CONFIRMED, start=make.at(4, 10))
    assert dee.get("/admin/bookings/consultationrequest/").status_code == 200
    desk.note(cleo, Origin(Actor.staff(make.staff()), make.NOW), text="Rang back.")
    audit.seen(make.staff(), "view", cleo, make.NOW)
    erasure.erase(cleo, Origin(make.CLOCK, make.NOW))
    make.in_state(Status.SUSPECTED).delete()
    clock.tick(make.NOW)


@pytest.mark.parametrize("table", ["foundation_auditentry", "bookings_event", "content_pageevent"])
def test_it_can_neither_change_nor_empty_a_history_nor_take_its_triggers_away(site: str, table: str) -> None:
    names = {
        "foundation_auditentry": "audit_entries_are_written_once",
        "bookings_event": "events_are_written_once",
        "content_pageevent": "page_events_are_written_once",
    }
    for statement in (
        f"UPDATE {table} SET at = now()",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER {names[table]}",
        f"DROP TRIGGER {names[table]} ON {table}",
        f"DROP FUNCTION {names[table]}() CASCADE",
        f"CREATE OR REPLACE FUNCTION {names[table]}() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    ):
        assert refused(statement), statement


def test_a_function_of_its_own_does_not_stand_in_for_the_databases_clock(site: str) -> None:
    run(
        "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2100-01-01'::timestamptz $$"
    )
    run("SET LOCAL search_path = pg_temp, pg_catalog, public")
    with pytest.raises(DatabaseError, match="events_are_written_once"), transaction.atomic():
        QuerySet(Event).update(actor_label="Eve")


def test_the_names_of_old_lines_are_the_only_ones_it_can_take_out(site: str) -> None:
    cleo = make.submitted(start=None)
    Event.objects.create(
        request=cleo,
        verb="x",
        to_status="new",
        version=99,
        actor_kind="staff",
        actor_label="Dee",
        at="2010-01-01T00:00Z",
    )
    assert QuerySet(Event).filter(version=99).update(actor_label="Staff", actor_id=None) == 1
    assert refused("UPDATE bookings_event SET verb = 'y' WHERE version = 99")


def test_check_warns_of_a_role_that_owns_them(site: str) -> None:
    assert checks.ownership(None, databases=["default"]) == []
    assert checks.ownership(None) == []  # nobody asked for the database
    run("RESET ROLE")
    [warning] = checks.ownership(None, databases=["default"])
    assert warning.id == "clinic.W021" and AuditEntry._meta.db_table in warning.msg


def test_a_role_that_was_not_made_is_named() -> None:
    with pytest.raises(CommandError, match="no such role"):
        rights.give(connection, "nobody_here")


def test_the_sites_own_role_gives_itself_nothing(site: str) -> None:
    assert not rights.give(connection, site)
