"""/metrics: how the clinic's queues are, in the text that Prometheus reads, for whoever holds METRICS_TOKEN.

All of it is read from the database at that moment, so every process of every host says the same. There are counts and
seconds, and nothing about anybody. The figures of bookings are in bookings/gauges.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

Source = Callable[[datetime], Iterable[Metric]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Add figures. `source(now)` reads the database and may raise what it raises."""
    _sources.append(source)


def gauge(name: str, help: str, value: float) -> Metric:
    """One figure without labels, called clinic_`name`."""
    return GaugeMetricFamily(f"clinic_{name}", help, value=value)


def gauges(name: str, help: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    """One figure for each value of a label."""
    family = GaugeMetricFamily(f"clinic_{name}", help, labels=[label])
    for of_label, value in values:
        family.add_metric([of_label], value)
    return family


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without METRICS_TOKEN; 401 for who does not send it as a bearer token."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(
        token.encode(), settings.METRICS_TOKEN.encode()
    ):
        return HttpResponse("Unauthorized\n", status=401, headers={"WWW-Authenticate": "Bearer", **_NOT_KEPT})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers=_NOT_KEPT)


_NOT_KEPT = {"Cache-Control": "no-store"}


class _Now(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        for source in _sources:
            yield from source(self._now)
