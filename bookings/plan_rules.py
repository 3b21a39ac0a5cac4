"""What speaks against sending a plan as it is: rules of the clinic, each with a sentence for the practitioner. Pure.

Sources: domain.md section 2.4 (what waits, and for whom) and section 4.3 (triage). The flags of a treatment are those of the
content, which the guide obeys as well. A practitioner may go past a rule and says why, which is kept; nobody may go past
UNDER_18.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Ticked by the practitioner among what applies: the client is 18 or over.
ADULT = "adult"


class PlanRule(StrEnum):
    """A rule by its code, as it is kept with the plan."""

    CONSULTATION = "consultation"
    UNDER_18 = "under_18"
    ACTIVE_ACNE = "active_acne"
    ISOTRETINOIN = "isotretinoin"
    PREGNANCY = "pregnancy"
    RAISED_SCARS = "raised_scars"
    BLEEDING = "bleeding"
    INTERVAL = "interval"
    THINKING = "thinking"


# Not even with a reason.
NEVER = frozenset({PlanRule.UNDER_18})


@dataclass(frozen=True, slots=True)
class Proposed:
    """A treatment of a plan, as far as rules ask: its flags in the content, and the days that were chosen.

    `least_gap`: days between two sessions that their kind asks for; `wait_days`: from the visit to the first.
    """

    name: str
    at_home: bool
    is_medical_procedure: bool
    waits_after_isotretinoin: bool
    waits_in_pregnancy: bool
    allowed_with_keloids: bool
    cuts: bool
    sessions: int
    gap_days: int
    least_gap: int
    wait_days: int


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that a plan goes past, and the sentence that says so."""

    rule: PlanRule
    words: str


def against(
    lines: Sequence[Proposed], *, applies: Iterable[str], after_consultation: bool, think_days: int
) -> list[Found]:
    """What the rules have against these treatments, in the order of PlanRule; empty if nothing.

    `applies`: codes of APPLIES (bookings/answers.py), and ADULT, that hold at the visit. `after_consultation`: the visit was
    a consultation, no treatment session. `think_days`: between the visit and the first session at least.
    """
    codes = set(applies)
    done_here = [line for line in lines if not line.at_home]
    procedures = [line for line in done_here if line.is_medical_procedure]
    checks: list[tuple[PlanRule, bool, Sequence[Proposed], str]] = [
        (
            PlanRule.CONSULTATION,
            not after_consultation,
            done_here,
            "A consultation comes first, and this was another kind of visit",
        ),
        (
            PlanRule.ACTIVE_ACNE,
            "active_spots" in codes,
            procedures,
            "Active spots are treated first, and these wait",
        ),
        (
            PlanRule.ISOTRETINOIN,
            "isotretinoin" in codes,
            [line for line in lines if line.waits_after_isotretinoin],
            "Isotretinoin in the last 12 months, and these wait after it",
        ),
        (
            PlanRule.PREGNANCY,
            "pregnancy" in codes,
            [line for line in lines if line.waits_in_pregnancy],
            "Pregnant, trying or breastfeeding, and these wait",
        ),
        (
            PlanRule.RAISED_SCARS,
            "raised_scars" in codes,
            [line for line in done_here if not line.allowed_with_keloids],
            "Gets raised or keloid scars, and these wound the skin",
        ),
        (
            PlanRule.BLEEDING,
            "bleeding" in codes,
            [line for line in lines if line.cuts],
            "Bleeds easily or takes blood thinners, and these cut the skin",
        ),
        (
            PlanRule.INTERVAL,
            True,
            [line for line in lines if line.sessions > 1 and line.gap_days < line.least_gap],
            "Fewer days between two sessions than their kind asks for",
        ),
        (
            PlanRule.THINKING,
            True,
            [line for line in done_here if line.sessions and line.wait_days < think_days],
            f"The first session comes sooner than the {think_days} days to think",
        ),
    ]
    under_18 = (
        []
        if ADULT in codes or not done_here
        else [Found(PlanRule.UNDER_18, "Nobody under 18 is treated here. Tick that they are 18 or over.")]
    )
    found = [
        Found(rule, f"{words}: {_names(who)}.")
        for rule, applies_now, who, words in checks
        if applies_now and who
    ]
    return sorted(under_18 + found, key=lambda one: list(PlanRule).index(one.rule))


def _names(lines: Sequence[Proposed]) -> str:
    return ", ".join(line.name for line in lines)
