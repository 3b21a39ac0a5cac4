"""What machines ask: is the process alive, may it get traffic, where do robots and finders of bugs look."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

_reports: dict[str, Callable[[], str]] = {}
_migrated = False


def register(name: str, report: Callable[[], str]) -> None:
    """Add a line to /readyz: `report()` returns one word, such as "ok" or "silent". It never takes the site down."""
    _reports[name] = report


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """/healthz: this process answers. Touches no database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """/readyz: 200 when the database answers and its migrations are applied, else 503; plus what was registered."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _is_migrated()
        answer = {"database": "ok", "migrations": "ok" if migrated else "pending"}
        answer.update({name: report() for name, report in _reports.items()} if migrated else {})
    except DatabaseError:
        log.exception("The database does not answer")
        return _json({"database": "down"}, 503)
    return _json(answer, 200 if migrated else 503)


def _is_migrated() -> bool:
    """Asked of the disk and the database only until it is true: this process's code does not change after that."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _json(answer: dict[str, str], status: int) -> JsonResponse:
    return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt. Private pages are not listed, since a list of them would be an index; they send noindex."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /consultations/", "Allow: /consultations/$", ""]
    lines += [f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """/.well-known/security.txt (RFC 9116): where to report a weakness. It must carry an end date."""
    expires = (timezone.now() + timedelta(days=90)).replace(microsecond=0, second=0, minute=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
