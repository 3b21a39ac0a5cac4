"""What is counted of finished days equals a plain recount, whatever was taken back, corrected or erased meanwhile."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bookings.figures import figures
from bookings.limits.figures import FEW, WEEKS
from bookings.models import ConsultationRequest, TalliedUntil, Tally
from bookings.queries.figures import sums
from bookings.workflow import erasure, reply, tallies, undo
from bookings.workflow.core import Actor, Origin
from content.models import Page
from tests import factories as make
from tests.figures import histories

pytestmark = pytest.mark.django_db
END = datetime(2027, 3, 1, 12, tzinfo=histories.UTC)


def stored() -> Counter[tuple[date, str, str]]:
    return Counter({(row.day, row.what, row.key): row.number for row in Tally.objects.all() if row.number})


def count_all(now: datetime) -> None:
    while tallies.count_days(now, most=1000):
        pass


@pytest.fixture
def clinic() -> None:
    make.profile()
    make.practitioner()
    for code in ("rolling", "ice-pick", "keloid"):
        make.concern(code)
    for slug in ("acne-scars", "costs"):
        Page.objects.get_or_create(slug=slug, defaults={"title": slug, "kind": "article"})


@pytest.mark.usefixtures("clinic")
def test_two_thousand_random_histories_count_as_a_plain_recount_says() -> None:
    made = histories.make(2000, seed=12)
    keys = histories.store(made, make.consultation_type())
    # Half of the time goes by; then some whose end has come are erased, and their concerns, windows and names are gone.
    half = histories.FIRST + timedelta(days=histories.DAYS // 2)
    count_all(half)
    over = [
        one
        for one in made
        if one.events[-1]["at"] < half - timedelta(days=2) and one.known.status in histories.ENDED
    ]
    gone = ConsultationRequest.objects.filter(pk__in=[keys[one.number] for one in over[:300]])
    assert erasure.erase_past(dict(gone.values_list("pk", "version")), now=half) == len(over[:300]) > 100
    count_all(END)
    plain = histories.recount(made)
    assert stored() == plain
    _figures_say_the_same(plain)
    # Once more, and by a worker that comes second: nothing is counted twice.
    assert tallies.count_days(END) == 0
    assert not tallies._count(date(2026, 9, 6), date(2026, 9, 7), tallies._Clinic(END))
    assert stored() == plain


def _figures_say_the_same(plain: Counter[tuple[date, str, str]]) -> None:
    """Week by week, the night of 25 October with its two hours among them."""
    last = date(2026, 11, 23)
    found = figures(
        (row[1:] for row in sums(last - timedelta(weeks=WEEKS - 1), last + timedelta(days=6))), last
    )
    for week in found.weeks:
        days = {week.monday + timedelta(days=n) for n in range(7)}
        here = [(what, key, n) for (day, what, key), n in plain.items() if day in days]
        asked = sum(n for what, _, n in here if what == "asked")
        replies = sorted(int(key) for what, key, n in here if what == "reply" for _ in range(n))
        assert week.asked == asked >= FEW
        assert sum(week.outcomes.values()) == sum(n for what, _, n in here if what == "outcome")
        assert week.median == replies[(len(replies) + 1) // 2 - 1]
        assert week.missed == sum(n for what, key, n in here if (what, key) == ("visit", "no_show"))
    monday = found.weeks[0].monday
    rolling = sum(
        n
        for (day, what, key), n in plain.items()
        if (what, key) == ("concern", "rolling") and monday <= day <= last + timedelta(days=6)
    )
    assert {one.code: one.number for one in found.concerns}["rolling"] == rolling
    assert found.unmet is not None and found.unmet.number >= found.unmet.windows[0].number


@pytest.mark.usefixtures("clinic")
def test_what_is_taken_back_after_midnight_never_was(settings: Any) -> None:
    settings.UNDO_MINUTES = 3
    late = make.at(1, 23, 59)
    dee = Actor.staff(make.staff())
    cleo = make.submitted(start=None, now=make.NOW)
    reply.decline(cleo, Origin(dee, late), reason="refer_gp", note="")
    cleo.refresh_from_db()
    undo.undo(cleo, Origin(dee, late + timedelta(minutes=2)))
    count_all(make.at(2, 12))  # the day of the decline alone
    assert Tally.objects.get(what="outcome").number == 1
    count_all(make.at(3, 12))
    assert {
        (row.what, row.number) for row in Tally.objects.filter(what__in=("outcome", "declined", "reply"))
    } <= {
        ("outcome", 0),
        ("declined", 0),
        ("reply", 0),
    }


@pytest.mark.usefixtures("clinic")
def test_a_day_is_counted_once_it_is_over_and_a_backlog_in_steps() -> None:
    make.submitted(start=None, now=make.at(1, 10))
    make.submitted(start=None, now=make.at(20, 10))
    assert tallies.count_days(make.at(1, 23, 59)) == 0
    assert tallies.count_days(make.at(2, 0, 10)) == 0, "what began before midnight may still be written"
    assert tallies.count_days(make.at(2, 0, 20)) == 1
    assert TalliedUntil.objects.get().day == date(2026, 12, 1)
    assert tallies.count_days(make.at(31, 12), most=1) == 1
    assert TalliedUntil.objects.get().day == date(2026, 12, 20), "days without a line are skipped"
    assert tallies.count_days(make.at(31, 12)) == 1
    assert TalliedUntil.objects.get().day == date(2026, 12, 30)
