"""What speaks against sending a plan as it is: rules of the clinic, each with a sentence for the practitioner. Pure.

Sources: domain.md section 2.4 (what waits, and for whom) and section 4.3 (triage). The flags of a treatment are those of the
content, which the guide obeys as well. A practitioner may go past a rule and says why, which is kept; nobody may go past
UNDER_18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


# What the history says of a plan that went past it. Some of these are about health.
PASSED = {
    PlanRule.CONSULTATION: "without a consultation first",
    PlanRule.ACTIVE_ACNE: "though spots are active",
    PlanRule.ISOTRETINOIN: "though isotretinoin was taken in the last 12 months",
    PlanRule.PREGNANCY: "though pregnant, trying or breastfeeding",
    PlanRule.RAISED_SCARS: "though scars get raised",
    PlanRule.BLEEDING: "though they bleed easily or take blood thinners",
    PlanRule.INTERVAL: "with fewer days between two sessions than their kind asks for",
    PlanRule.THINKING: "with fewer days to think",
}

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
    """A rule that a plan goes past, and the sentence that says so. `about`: which lines, by place from 0; none: all."""

    rule: PlanRule
    words: str
    about: tuple[int, ...] = ()


# Each rule: the code that must apply (or none), which treatments it is about, and what it says before their names.
_RULES: tuple[tuple[PlanRule, str, Callable[[Proposed], bool], str], ...] = (
    (
        PlanRule.ACTIVE_ACNE,
        "active_spots",
        lambda line: not line.at_home and line.is_medical_procedure,
        "Active spots are treated first, and these wait",
    ),
    (
        PlanRule.ISOTRETINOIN,
        "isotretinoin",
        lambda line: line.waits_after_isotretinoin,
        "Isotretinoin in the last 12 months, and these wait after it",
    ),
    (
        PlanRule.PREGNANCY,
        "pregnancy",
        lambda line: line.waits_in_pregnancy,
        "Pregnant, trying or breastfeeding, and these wait",
    ),
    (
        PlanRule.RAISED_SCARS,
        "raised_scars",
        lambda line: not line.at_home and not line.allowed_with_keloids,
        "Gets raised or keloid scars, and these wound the skin",
    ),
    (
        PlanRule.BLEEDING,
        "bleeding",
        lambda line: line.cuts,
        "Bleeds easily or takes blood thinners, and these cut the skin",
    ),
    (
        PlanRule.INTERVAL,
        "",
        lambda line: line.sessions > 1 and line.gap_days < line.least_gap,
        "Fewer days between two sessions than their kind asks for",
    ),
)


def against(
    lines: Sequence[Proposed], *, applies: Iterable[str], after_consultation: bool, think_days: int
) -> list[Found]:
    """What the rules have against these treatments; empty if nothing.

    `applies`: codes of APPLIES (bookings/answers.py), and ADULT, that hold at the visit. `after_consultation`: the visit was
    a consultation, no treatment session. `think_days`: between the visit and the first session at least.
    """
    codes, done_here = set(applies), _where(lines, lambda line: not line.at_home)
    found = []
    if done_here and not after_consultation:
        words = "A consultation comes first, and this was none"
        found.append(_found(PlanRule.CONSULTATION, words, lines, done_here))
    if done_here and ADULT not in codes:
        words = "Nobody under 18 is treated here. Tick that they are 18 or over."
        found.append(Found(PlanRule.UNDER_18, words))
    for rule, code, is_about, words in _RULES:
        waits = _where(lines, is_about)
        if waits and (not code or code in codes):
            found.append(_found(rule, words, lines, waits))
    hurried = _where(
        lines, lambda line: not line.at_home and line.sessions > 0 and line.wait_days < think_days
    )
    if hurried:
        words = f"The first session comes sooner than the {think_days} days to think"
        found.append(_found(PlanRule.THINKING, words, lines, hurried))
    return found


def _where(lines: Sequence[Proposed], is_about: Callable[[Proposed], bool]) -> tuple[int, ...]:
    """The places of the lines that it is about."""
    return tuple(place for place, line in enumerate(lines) if is_about(line))


def _found(rule: PlanRule, words: str, lines: Sequence[Proposed], about: tuple[int, ...]) -> Found:
    return Found(rule, f"{words}: {', '.join(lines[place].name for place in about)}.", about)
