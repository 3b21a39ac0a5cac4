"""What machines ask: /healthz, /readyz, /robots.txt, /.well-known/security.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from clinic import health

pytestmark = pytest.mark.urls("tests.project.urls")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health, "_reports", {})


def test_alive_needs_no_database() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_with_a_database_that_is_up_to_date() -> None:
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_silent_worker_is_reported_and_takes_nothing_down() -> None:
    health.register("worker", lambda: "silent")
    response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.json()["worker"] == "silent"


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_pending() -> None:
    MigrationRecorder.Migration.objects.filter(app="foundation").delete()
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "pending"}


@pytest.mark.django_db
def test_migrations_are_looked_for_only_until_they_are_there() -> None:
    Client().get("/readyz")
    MigrationRecorder.Migration.objects.filter(app="foundation").delete()
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("no route to cleo@example.org")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "down"}


def test_robots_keep_out_of_private_pages() -> None:
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    assert "Disallow: /consultations/" in lines


def test_security_txt_names_a_contact_and_ends(settings: Settings) -> None:
    settings.SECURITY_CONTACT = "mailto:safe@example.org"  # a URI, whatever was typed: see test_settings.py
    lines = Client().get("/.well-known/security.txt").content.decode().splitlines()
    assert "Contact: mailto:safe@example.org" in lines
    expires = next(entry.removeprefix("Expires: ") for entry in lines if entry.startswith("Expires: "))
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=80) < left < timedelta(days=366)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt", "/.well-known/security.txt"])
def test_machines_only_read(path: str) -> None:
    assert Client().post(path).status_code == 405
