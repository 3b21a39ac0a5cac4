"""A backup is put back where one role owns the tables and the site is another: each has its rights again, and no more."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from bookings.models import ConsultationRequest, Event
from bookings.workflow import desk
from bookings.workflow.core import Actor, Origin
from clinic import backups
from clinic.postgresql import checks
from tests import factories as make
from tests import world
from tests.messages.test_restored import empty, say, with_programs_of_the_server

PASSWORD = "of this test alone"


@pytest.fixture
def roles(database_url: str) -> Iterator[tuple[str, str]]:
    """The owner's and the site's, as docs/operations.md makes them, for one test."""
    names = f"owner_{secrets.token_hex(4)}", f"site_{secrets.token_hex(4)}"
    for name in names:
        world.tell(database_url, f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
    yield names
    for name in names:
        world.tell(database_url, f"DROP ROLE {name}")


@contextmanager
def as_role(name: str) -> Iterator[None]:
    """Let Django be connected as this role."""
    before = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=name, PASSWORD=PASSWORD)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def is_refused(statement: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


@pytest.mark.only("postgresql")
@pytest.mark.django_db(transaction=True)
def test_the_site_works_with_its_own_rights_alone_after_a_restore(
    roles: tuple[str, str],
    settings: Settings,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_programs_of_the_server(monkeypatch)
    settings.MEDIA_ROOT, (owner, site) = tmp_path / "media", roles
    cleo, dee = make.submitted(name="Cleo Marsh"), make.staff()
    say("backup", str(tmp_path))
    [backup] = tmp_path.glob("clinic-*")
    settings.DATABASE_APP_ROLE = site
    with empty(tmp_path, database_url):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} OWNER TO {owner}")
        with as_role(owner):
            assert f"migrate` once as {site}" in say("restore", str(backup))
        with as_role(site):
            assert [found.id for found in checks.limits(None, databases=["default"])] == ["clinic.W020"]
            say("migrate", "--verbosity", "0")
        with as_role(site):  # limits hold for whoever connects from now on
            assert checks.limits(None, databases=["default"]) == []
            assert checks.ownership(None, databases=["default"]) == []
            again = ConsultationRequest.objects.get(reference=cleo.reference)
            desk.note(again, Origin(Actor.staff(dee), make.NOW), text="Rang back.")
            assert Client().get("/").status_code == 200
            for statement in (
                f"TRUNCATE {Event._meta.db_table}",
                f"UPDATE {Event._meta.db_table} SET verb = 'x'",
                "DROP FUNCTION another_edition() CASCADE",
                "CREATE TABLE mine (id int)",
            ):
                assert is_refused(statement), statement
            # The next backup is made by the site as well.
            made = backups.make(tmp_path / "next", now=make.NOW)
            assert backups.read(made).migrations == backups.read(backup).migrations
