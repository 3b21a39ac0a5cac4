"""What machines ask: /healthz, /readyz, /robots.txt, /.well-known/security.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from pytest_django import Settings

from clinic import health

pytestmark = pytest.mark.urls("tests.project.urls")

PROBES = [path for path in health.PROBES if path != "/metrics"]  # which tests/messages/test_metrics.py tries


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


# --- a balancer inside the network knows no name of ours ------------------------------------------------------------------


@pytest.fixture
def strict(settings: Settings) -> None:
    """The site as production has it: one host, https only."""
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("host", ["10.0.3.7:8000", "[fd00::7]:8000", "pod_1.internal", "clinic-7f9", "???"])
def test_a_probe_may_ask_by_any_name(strict: None, host: str, path: str, method: str) -> None:
    response = Client().generic(method, path, HTTP_HOST=host)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROBES)
def test_a_probe_may_name_no_host_at_all(strict: None, kept_connections: None, path: str) -> None:
    """HTTP/1.0: gunicorn then names the address that it listens at."""
    environ = RequestFactory().get(path, SERVER_PROTOCOL="HTTP/1.0", SERVER_NAME="10.0.3.7").environ
    environ.pop("HTTP_HOST", None)
    statuses: list[str] = []
    WSGIHandler()(environ, lambda status, headers: statuses.append(status))  # type: ignore[arg-type]  # it writes nothing
    assert statuses == ["200 OK"]


@pytest.mark.parametrize("path", ["/page/", "/healthz/", "//healthz", "/robots.txt", "/page/?next=/healthz"])
def test_pages_stay_strict(strict: None, path: str) -> None:
    response = Client().get(path, HTTP_HOST="10.0.3.7:8000", secure=True)
    assert response.status_code == 400


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
