"""The draft that somebody else kept meanwhile, beside what was typed here: nobody's words are written over unseen."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from bookings import limits
from bookings.admin.plan.forms import APPLIES, WORDS, PlanForms
from bookings.client.plan import words
from bookings.models import Plan, PlanLine
from bookings.models.plan import PlanWords, lawful_rows
from bookings.states import PlanOutcome

WHOSE = "A draft that you did not write here is kept. Say which of the two it is to be."


@dataclass(frozen=True)
class Theirs:
    """One part of the plan that differs: its label, and what the kept draft says there."""

    label: str
    words: str


def is_unseen(data: QueryDict) -> bool:
    """The page asked which of two drafts is kept, and nobody has said."""
    return "asked_whose" in data and "mine" not in data


def differing(draft: Plan | None, typed: PlanForms) -> list[Theirs]:
    """Where the kept draft says other than what was typed; never empty where there is one. Its lines are loaded."""
    if draft is None:
        return []
    told = draft.told or PlanWords()
    found = [
        Theirs(str(typed.words[name].label), str(getattr(told, name)))
        for name in WORDS
        if str(getattr(told, name)).split() != str(typed.words[name].value() or "").split()
    ]
    pairs = [
        (str(what.value() or ""), str(why.value() or "")) for what, why in typed.words.against if what.value()
    ]
    theirs = [(one.name, one.why) for one in told.against[: limits.plans.MOST_AGAINST]]
    if theirs != pairs:
        found.append(Theirs("Advised against", "; ".join(f"{name}: {why}" for name, why in theirs)))
    if draft.outcome != typed.words["outcome"].value():
        found.append(Theirs("Decision", PlanOutcome(draft.outcome).words))
    if set(told.applies) != set(typed.words["applies"].value() or ()):
        labels = dict(APPLIES)
        found.append(
            Theirs("What applies to them today", ", ".join(labels.get(one, one) for one in told.applies))
        )
    rows = lawful_rows(list(draft.lines.all()))
    if [_figures(row) for row in rows] != _typed_figures(typed):
        sums = [f"{_figures(row)[0]}, {words.visits(row)}, {row.span.words(draft.currency)}" for row in rows]
        found.append(Theirs("Treatments", "\n".join(sums)))
    return found or [Theirs("All that stands here", "The same as yours, but perhaps for a day or a reason.")]


Figures = tuple[object, ...]


def _figures(row: PlanLine) -> Figures:
    spans = (
        (row.sessions_from, row.sessions_to),
        (row.price_from, row.price_to),
        (row.times_from, row.times_to),
    )
    return (row.told.name if row.told else "", row.gap_days, row.wait_days, *spans)


def _typed_figures(typed: PlanForms) -> list[Figures]:
    """The same of what was typed; of a line that cannot be read, its name."""
    found: list[Figures] = []
    for form in typed.checked.lines:
        if not form.is_valid():
            found.append((str(form["name"].value() or ""),))
            continue
        line = form.line({})
        spans = line.sessions, line.price, line.times
        found.append((line.words.name, line.gap_days, line.wait_days, *spans))
    return found
