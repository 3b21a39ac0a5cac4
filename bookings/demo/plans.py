"""The plan that a client of the demonstration was sent: invented words about invented skin."""

from __future__ import annotations

from bookings.models import ConsultationType
from bookings.models.plan import Against, LineWords, PlanWords
from bookings.plan_rules import ADULT
from bookings.states import PlanOutcome
from bookings.workflow.plan import Line, Written
from content.models import Treatment

_WORDS = PlanWords(
    findings="Five deep, narrow scars on the left cheek, and shallow dips around them. No active spots.",
    because="Narrow scars change least with laser alone, so they come first. The dips around them can wait.",
    first="Use sun protection every day, from now on. No spot may be active on the day.",
    can="It can make the narrow scars shallower, and their edges softer.",
    cannot="It cannot give you the skin you had before. Some of each scar will stay.",
    next_step="Read it at home, and ask us what is not clear. Then tell us what you would like of it.",
    applies=(ADULT,),
    against=(
        Against(
            "A strong peel",
            "It carries more risk of lasting colour change on skin like yours than it is worth for these scars.",
        ),
    ),
)
# Code of the treatment, why, how many times its price is paid, sessions, days between them, days from the visit.
_LINES = (
    (
        "punch",
        "For the five narrow scars. Each is cut out and closed with a stitch.",
        5,
        (1, 1),
        0,
        14,
    ),
    ("microneedling", "For the shallow dips, once the cuts have healed.", None, (3, 4), 28, 70),
)


def written(kind: ConsultationType) -> Written:
    """The plan, of those of its treatments that this clinic has with a price; booked as sessions of this kind."""
    found = {one.code: one for one in Treatment.objects.offered().exclude(price_from=None)}
    lines = [_line(found[code], kind, *rest) for code, *rest in _LINES if code in found]
    if not lines:
        lines = [
            _line(one, kind, "For the shallow dips.", None, (3, 4), 28, 14)
            for one in list(found.values())[:1]
        ]
    return Written(PlanOutcome.SUITS if lines else PlanOutcome.NOT_SUITABLE, _WORDS, lines)


def _line(
    treatment: Treatment,
    kind: ConsultationType,
    why: str,
    times: int | None,
    sessions: tuple[int, int],
    gap: int,
    wait: int,
) -> Line:
    least = treatment.price_from or 0
    return Line(
        treatment=treatment,
        kind=kind,
        words=LineWords(treatment.name, treatment.cost_basis, why, treatment.main_risk),
        sessions=sessions,
        gap_days=max(gap, kind.interval_days),
        wait_days=max(wait, kind.cooling_off_days),
        price=(least, least if treatment.price_to is None else treatment.price_to),
        times=(times, times) if times else sessions,
    )
