"""Free times in process: ten practitioners and sixty days beside the bare SQL, and how many statements a question takes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils import timezone

from benchmarks import large_clinic
from benchmarks.in_process import ask, browser, in_turns, statements
from benchmarks.load import NotMeasured
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio, row
from bookings.models import ConsultationType
from bookings.queries import slots
from bookings.queries.slots import Wanted
from tests import world


def measure(place: Place) -> list[Row]:
    """On a clinic of ten with 20,000 requests."""
    with world.connected_to(place.copy("many")):
        full = large_clinic.arrange()
        return [*_beside_sql(place.rounds), _statements(full)]


def _beside_sql(rounds: int) -> list[Row]:
    now = timezone.now()
    wanted = Wanted(kind=ConsultationType.objects.get(name="First consultation"))

    def search() -> None:
        if not slots.slots(wanted, now=now, first_day=now.date(), days=large_clinic.DAYS):
            raise NotMeasured("nobody had a free time")

    sent = statements(search)
    ours, bare = in_turns(search, lambda: ask(sent), rounds=rounds)
    return [
        ratio(
            "10 practitioners x 60 days in process: time against its bare SQL",
            ours,
            bare,
            Goal(at_most=2, aim=1.4),
        ),
        row("10 practitioners x 60 days in process", ours, "ms"),
    ]


def _statements(full: int) -> Row:
    """The most that any question took, whatever its size."""
    kind = ConsultationType.objects.get(name="First consultation").pk
    first = timezone.now().date() + timedelta(days=7)
    questions = [
        f"?type={kind}&from={first}&days=1",
        f"?type={kind}&from={first}&days=31",
        f"?type={kind}&practitioner={full}",
        f"?type={kind}&practitioner={full}&from={first}&days=1",
    ]
    counts = [len(statements(partial(_ask_for_times, question))) for question in questions]
    name = "SQL statements of a question for free times, the most of any size"
    return row(name, [max(counts)], "SQL", Goal(at_most=5, aim=3))


def _ask_for_times(question: str) -> None:
    answer = browser().get(f"/consultations/times/{question}", headers={"Accept": "application/json"})
    if answer.status_code != 200:
        raise NotMeasured(f"free times were answered with {answer.status_code}")
