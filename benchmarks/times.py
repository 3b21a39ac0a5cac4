"""Free times as JSON, over HTTP: a day, a month, the next free date; with much history and with little."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from benchmarks import large_clinic
from benchmarks.load import Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from bookings.models import ConsultationType, Practitioner
from tests import world

MONTH = 31  # days, the most that one request may ask for


def measure(place: Place) -> list[Row]:
    """One day of one practitioner against `page`; the same beside a clinic with the same future and hardly any past."""
    many, few = place.site("many"), place.site("few")
    with world.connected_to(many.database):
        busiest = Practitioner.objects.get(person__slug="tomas-adeyemi")
        kind = ConsultationType.objects.get(name="First consultation")
    large = place.copy("many")
    with world.connected_to(large):
        full = large_clinic.arrange()
    crowded = place.serve(large)
    tuesday = timezone.now().date() + timedelta(days=7)
    while tuesday.weekday() != 1:
        tuesday += timedelta(days=1)
    day = _times(kind, f"&practitioner={busiest.pk}&from={tuesday}&days=1")
    page = place.floor("page")
    found = place.measure(
        page,
        Target("day", many, [day]),
        Target("day, few", few, [day]),
        Target("month", many, [_times(kind, f"&practitioner={busiest.pk}&from={tuesday}&days={MONTH}")]),
        Target("next", crowded, [_times(kind, f"&practitioner={full}")]),
    )
    floor = found["page"]
    return [
        ratio(
            "day JSON: answers a second against page",
            found["day"].rates,
            floor.rates,
            Goal(at_least=0.8, aim=1.2),
        ),
        ratio("day JSON: CPU against page", found["day"].processor, floor.processor),
        row("day JSON: CPU an answer", found["day"].processor, "ms"),
        ratio(
            "day JSON at 20,000 requests: answers a second against 300 with the same future",
            found["day"].rates,
            found["day, few"].rates,
            Goal(at_least=0.9, aim=0.97),
        ),
        ratio(
            "day JSON at 20,000 requests: CPU of 300 against it",
            found["day, few"].processor,
            found["day"].processor,
        ),
        ratio(
            "month JSON in one request: CPU against page",
            found["month"].processor,
            floor.processor,
            Goal(at_most=1, aim=0.6),
        ),
        ratio(
            "next free date after 60 full days: CPU against page",
            found["next"].processor,
            floor.processor,
            Goal(at_most=2, aim=1),
        ),
    ]


def _times(kind: ConsultationType, more: str) -> str:
    return get(f"/consultations/times/?type={kind.pk}{more}", Accept="application/json")
