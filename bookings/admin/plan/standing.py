"""How a plan stands while it is written: its sums, what the rules have against it, and all that keeps it from being sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bookings.admin.plan import courses, forms
from bookings.admin.plan.forms import PlanForms
from bookings.models import ConsultationRequest
from bookings.plan_rules import NEVER, Found
from bookings.queries.clinic import clinic
from bookings.states import PlanOutcome
from bookings.workflow import plan as verbs

# Where the summary leads for what is not beside one treatment.
_APPLIES, _BECAUSE, _QUESTIONS = "id_applies_0", "id_because_of_rules", "h-questions"


@dataclass(frozen=True)
class LineShown:
    """A treatment on the page: its form, what it comes to, and the rules against it, each with whether its tick is here."""

    form: forms.LineForm
    sum: str
    decided: str  # what is decided later, where it may take more sessions than a yes makes
    rules: list[tuple[Found, bool]]


def shown(plan_forms: PlanForms, rules: list[Found], currency: str) -> dict[str, Any]:
    """What the plan comes to, line by line, and what the rules have against it: for the page."""
    passable = any(one.rule not in NEVER for one in rules)
    lines, total = _lines(plan_forms, rules, currency), plan_forms.total(currency)
    return {"rules": rules, "lines": lines, "total": total, "never": NEVER, "passable": passable}


def figures(
    plan_forms: PlanForms, rules: list[Found], although: Collection[str], questions: int, currency: str
) -> dict[str, Any]:
    """For the script, which shows them while somebody types: what each line comes to, all of it, the rules that speak
    against it (`stands`; in `rules` those that are not gone past yet), and what is left before it can be sent.

    Says beside each field of `plan_forms` what is missing in it.
    """
    told = shown(plan_forms, rules, currency)
    if plan_forms.is_valid():
        plan_forms.say_missing()
    return {
        "sums": [one.sum for one in told["lines"]],
        "total": told["total"],
        "rules": [one.words for one in rules if one.rule not in although],
        "stands": [one.words for one in rules],
        "left": [*plan_forms.problems, *still_open(plan_forms, rules, although, questions)],
    }


def _lines(plan_forms: PlanForms, rules: list[Found], currency: str) -> list[LineShown]:
    found = []
    for place, (form, checked) in enumerate(zip(plan_forms.lines, plan_forms.checked.lines, strict=True)):
        mine = [(one, one.about[0] == place) for one in rules if place in one.about]
        span = checked.span
        later = courses.decided(*checked.line({}).sessions) if span else ""
        found.append(LineShown(form, span.words(currency) if span else "", later, mine))
    return found


def rules_of(plan_forms: PlanForms, consultation: ConsultationRequest, now: datetime) -> list[Found]:
    """What the rules have against what can be read so far, each about lines by their place on the page."""
    if not plan_forms.counting:
        return []
    written, places = plan_forms.so_far()
    found = verbs.against(written, consultation, clinic(now))
    return [replace(one, about=tuple(places[number] for number in one.about)) for one in found]


def still_open(
    plan_forms: PlanForms, rules: Collection[Found], although: Collection[str], questions: int
) -> list[tuple[str, str]]:
    """What keeps it from being sent beside what is missing in its fields: each with the id of its place.

    `although`: the codes of the rules that were ticked; `questions`: how many of the client's are not settled.
    """
    found = []
    for one in rules:
        if one.rule in NEVER:
            found.append((_APPLIES, one.words))
        elif one.rule not in although:
            place = f"line-{one.about[0]}" if one.about else _APPLIES
            found.append((place, f"{one.words} Take it out, or tick that you go past this rule."))
    agreed = [one for one in rules if one.rule in although and one.rule not in NEVER]
    if agreed and not str(plan_forms.words["because_of_rules"].value() or "").strip():
        found.append((_BECAUSE, "Say why the rule does not hold this time."))
    if questions:
        found.append((_QUESTIONS, "Answer what they wanted to ask first, or put it off."))
    return found


def is_complete(plan_forms: PlanForms) -> bool:
    """Whether nothing is missing that a client could not do without, as far as it was typed. No statement without lines."""
    checked = plan_forms.checked
    if not checked.is_valid():
        return False
    outcome = checked.words.cleaned_data["outcome"]
    written = verbs.Written(
        PlanOutcome(outcome), checked.words.words, [one.line({}) for one in checked.counting]
    )
    return not verbs.missing(written)
