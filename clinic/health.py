"""What machines ask: is the process alive, may it get traffic, where should robots and finders of bugs look."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.middleware.common import CommonMiddleware
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.foundation import limits

log = logging.getLogger(__name__)

# Asked from inside the network, by an address or by HTTP/1.0, and over plain http (SECURE_REDIRECT_EXEMPT).
PROBES = ("/healthz", "/readyz", "/metrics")

Value = str | int | None

_reports: dict[str, Callable[[], Value]] = {}
_migrated = False


def register(name: str, report: Callable[[], Value]) -> None:
    """Add a line to /readyz: `report()` returns a word, such as "ok" or "silent", or a number. It never takes the site down.

    Everybody can read the answer, because those who watch a site have no account. So: words of ours and counts, and
    nothing about anybody.
    """
    _reports[name] = report


class HostMiddleware(CommonMiddleware):
    """Django's CommonMiddleware, which refuses every host but ours. The probes answer to any: they print no address."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in PROBES else super().process_request(request)


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """/healthz: this process answers. Touches no database."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """/readyz: 200 when the database answers, takes what is written and is migrated, else 503; plus what was registered."""
    try:
        if not _can_write():
            return _json({"database": "read-only"}, 503)
        migrated = _is_migrated()
        answer: dict[str, Value] = {"database": "ok", "migrations": "ok" if migrated else "pending"}
        answer.update({name: _value_of(report) for name, report in _reports.items()} if migrated else {})
    except DatabaseError:
        log.exception("The database does not answer")
        return _json({"database": "down"}, 503)
    return _json(answer, 200 if migrated else 503)


def _can_write() -> bool:
    """Whether it is more than a copy to read from, as the old server is after a failover. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only" if connection.vendor == "postgresql" else "SELECT 'off'")
        return bool(cursor.fetchone()[0] == "off")


def _value_of(report: Callable[[], Value]) -> Value:
    """What it reports; "unknown" if it fails, since the site can serve all the same. Raises what the database raises."""
    try:
        return report()
    except DatabaseError:
        raise
    except Exception:  # whatever is wrong with a report, clients can still send requests
        log.exception("A line of /readyz could not be made")
        return "unknown"


def _is_migrated() -> bool:
    """Looked up on disk and in the database only until it is true: this process's code does not change after that."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _json(answer: Mapping[str, Value], status: int) -> JsonResponse:
    return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt. Private pages are not listed, since a list of them would be an index; they send noindex."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /consultations/", "Allow: /consultations/$", ""]
    lines += [f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """/.well-known/security.txt (RFC 9116): where to report a weakness. It must have an expiry date."""
    expires = (timezone.now() + timedelta(days=limits.waits.SECURITY_TXT_DAYS)).replace(
        microsecond=0, second=0, minute=0
    )
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
