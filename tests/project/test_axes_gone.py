"""A database that django-axes has used keeps its log of sign-ins, and nothing else of it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from clinic.foundation.models import SignIn

pytestmark = pytest.mark.django_db
goes = import_module("clinic.foundation.migrations.0003_axes_goes")
MOMENT = "timestamptz" if connection.vendor == "postgresql" else "datetime"
INET = "inet" if connection.vendor == "postgresql" else "char(39)"
AS_IT_WAS = (
    "CREATE TABLE axes_accessattempt (id integer PRIMARY KEY, username varchar(255), failures_since_start integer)",
    f"""CREATE TABLE axes_accessattemptexpiration
        (access_attempt_id integer PRIMARY KEY REFERENCES axes_accessattempt (id), expires_at {MOMENT})""",
    f"""CREATE TABLE axes_accesslog (id integer PRIMARY KEY, username varchar(255), ip_address {INET},
        attempt_time {MOMENT} NOT NULL)""",
    "INSERT INTO axes_accessattempt VALUES (1, 'Dee', 10)",
    "INSERT INTO axes_accessattemptexpiration VALUES (1, '2026-12-01 11:20:00+00:00')",
    "INSERT INTO axes_accesslog VALUES (1, 'Dee', '203.0.113.9', '2026-12-01 10:20:00.123456+00:00')",
    "INSERT INTO axes_accesslog VALUES (2, 'Ana', '2001:db8:1:2::3', '2026-12-01 10:21:00+00:00')",
    "INSERT INTO axes_accesslog VALUES (3, NULL, NULL, '2026-12-01 10:22:00+00:00')",
)


def _migrate() -> None:
    editor = connection.schema_editor()  # not entered: the test's own transaction is round it
    goes.keep_the_log(apps, editor)
    goes.drop(apps, editor)


def _tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name.startswith("axes")]


def _used_by_axes() -> None:
    with connection.cursor() as cursor:
        for statement in AS_IT_WAS:
            cursor.execute(statement)
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0001_initial', '2026-01-01 00:00+00:00')"
        )


def test_the_log_moves_and_the_tables_go(monkeypatch: pytest.MonkeyPatch) -> None:
    _used_by_axes()
    monkeypatch.setattr(goes, "AT_A_TIME", 2)
    _migrate()
    assert _tables() == []
    assert list(SignIn.objects.order_by("at").values_list("at", "who", "network", "outcome")) == [
        (datetime(2026, 12, 1, 10, 20, 0, 123456, tzinfo=UTC), "Dee", "203.0.113.0/24", "in"),
        (datetime(2026, 12, 1, 10, 21, tzinfo=UTC), "Ana", "2001:db8:1::/48", "in"),
        (datetime(2026, 12, 1, 10, 22, tzinfo=UTC), "", "0.0.0.0/24", "in"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'axes'")
        assert cursor.fetchone() == (0,)


def test_its_rights_go_and_the_history_of_the_admin_stays() -> None:
    _used_by_axes()
    kind = ContentType.objects.create(app_label="axes", model="accessattempt")
    Permission.objects.create(
        content_type=kind, codename="view_accessattempt", name="Can view access attempt"
    )
    dee = User.objects.create_user("Dee")
    LogEntry.objects.create(user=dee, content_type=kind, object_id="1", object_repr="1", action_flag=CHANGE)
    _migrate()
    assert not Permission.objects.filter(codename="view_accessattempt").exists()
    assert LogEntry.objects.get().content_type is None


def test_a_new_database_has_nothing_to_give_up() -> None:
    _migrate()
    _migrate()
    assert not SignIn.objects.exists()
