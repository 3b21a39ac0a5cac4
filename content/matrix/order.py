"""In which order the treatments for a concern are named. One rule for a concern's page and for the guide. Pure.

Rule 7 of corrections.md 8.2. A lasting change of colour is hard to take back, and how likely it is depends on the skin. So
for skin that tans easily, is brown or black, or is not known, whatever has a higher risk of it comes after everything that
has a lower one, however well it fits. A page never knows who reads it; the guide does once it was told that the skin burns.

Inside each part the best fit comes first. What fits equally well stands by its burden: the lower risk of a change of colour,
then the shorter recovery, then what goes less far into the skin. What nobody has rated comes after what is rated. Last, the
editors' own order separates what shares all of that. Never the alphabet, which says nothing, and never a price.
"""

from __future__ import annotations

from content.models import Suitability
from content.models import Treatment as Row

_NAMED = Suitability.Score.OFTEN_DISCUSSED
_HIGHER = Row.PigmentRisk.MODERATE_HIGH.rank()


def marks(pigment_risk: int | None) -> bool:
    """Whether the risk of a lasting change of colour is moderate to high, or high, or nobody knows it.

    `pigment_risk` is the place in the scale, 0 for none; None if nobody has rated it.
    """
    return pigment_risk is None or pigment_risk >= _HIGHER


def in_words(pigment_risk: int | None) -> str:
    """The risk of a lasting change of colour as readers are told it: "Low to moderate"; "Not rated" if nobody knows it."""
    known = {risk.rank(): str(risk.label) for risk in Row.PigmentRisk}
    return "Not rated" if pigment_risk is None else known[pigment_risk]


def burden(pigment_risk: int | None, recovery_days: int | None, invasiveness: int) -> tuple[int, ...]:
    """What to sort by among treatments that fit equally well, the lightest first."""
    return (*_known_first(pigment_risk), *_known_first(recovery_days), invasiveness)


def place(cell: Suitability) -> tuple[int, ...]:
    """What to sort the cells of one concern by, for a reader whose skin nobody knows."""
    one = cell.treatment
    return (
        is_last(cell),
        -cell.score,
        *burden(one.pigment_rank, one.downtime_days, one.invasiveness),
        one.order,
    )


def is_last(cell: Suitability) -> bool:
    """Whether it may help, and stands in the second part for its risk. What does not help has no second part."""
    return cell.score > 0 and marks(cell.treatment.pigment_rank)


def is_named(score: int, *, offered: bool) -> bool:
    """Whether a treatment stands open at its rank: all that we do, and what others do if it is often discussed."""
    return offered or score >= _NAMED


def _known_first(value: int | None) -> tuple[int, int]:
    return (1, 0) if value is None else (0, value)
