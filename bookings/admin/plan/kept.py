"""What the forms of a plan begin with again: what was typed so far, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from bookings import limits
from bookings.admin.plan.forms import WORDS, LineForm, PlanForms, WordsForm, line_count
from bookings.models import Plan, PlanLine
from bookings.models.plan import LineWords, PlanWords, lawful, lawful_rows
from bookings.states import PlanOutcome
from bookings.workflow.plan import Line, Written
from clinic.foundation import money
from content import prices


def typed(data: QueryDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was typed, to begin again from: the words, and each line that was not taken out. One may have moved up."""
    words: dict[str, Any] = {name: data.get(name, "") for name in WordsForm().fields}
    words["applies"] = data.getlist("applies")
    kept = [n for n in range(line_count(data)) if data.get("do") != f"out:{n}"]
    moved = data.get("do", "")
    for place in range(1, len(kept)):
        if moved == f"up:{kept[place]}":
            kept[place - 1], kept[place] = kept[place], kept[place - 1]
            break
    there = {str(n): place for place, n in enumerate(kept)}
    # As they are kept, so that the page has them in the same order before and after.
    kept = [kept[one] for one in lawful([there.get(data.get(f"line-{n}-after", "")) for n in kept])]
    lines: list[dict[str, Any]] = [
        {name: data.get(f"line-{n}-{name}", "") for name in LineForm.base_fields} for n in kept
    ]
    places = {str(n): place for place, n in enumerate(kept)}
    for line in lines:
        line["after"] = places.get(line["after"], "")  # what it followed may be out, or stand elsewhere now
    return words, lines


def so_far(forms: PlanForms, draft: Plan | None) -> tuple[Written | None, str]:
    """What can be kept of a plan that is still being typed, and what is wrong with the rest.

    Where a treatment's figures cannot be read yet, the treatments stay as they were kept last. None if the words cannot be
    read: then nothing can be kept.
    """
    words = forms.words
    if forms.is_valid():
        return forms.written(), ""
    unread = [messages[0] for name, messages in words.errors.items() if name not in words.while_typing]
    if unread:
        return None, str(unread[0])
    outcome = words.cleaned_data.get("outcome") or PlanOutcome.SUITS
    valid_until = words.cleaned_data.get("valid_until")
    wrong = [line for line in forms.counting if not line.is_valid()]
    lines = _kept(draft) if wrong else forms.written_lines()
    problem = ""
    if wrong:
        name = wrong[0]["name"].value() or "A treatment"
        problem = f"{name}: {next(iter(wrong[0].errors.values()))[0]}"
    return Written(PlanOutcome(outcome), words.words, lines, valid_until), problem


def written(draft: Plan) -> Written:
    """A draft as it is kept, for the verb that sends it. Its lines are loaded."""
    words = draft.told or PlanWords()
    return Written(PlanOutcome(draft.outcome), words, _kept(draft), draft.valid_until)


def _kept(draft: Plan | None) -> Sequence[Line]:
    """The treatments of a draft, as they are kept. Its lines are loaded."""
    rows = list(draft.lines.all()) if draft else []
    places = {row.pk: place for place, row in enumerate(rows)}
    return [
        Line(
            treatment=row.treatment,
            kind=row.kind,
            words=row.told or LineWords(""),
            sessions=(row.sessions_from, row.sessions_to),
            gap_days=row.gap_days,
            wait_days=row.wait_days,
            price=(row.price_from, row.price_to),
            times=(row.times_from, row.times_to),
            after=places.get(row.after_id or 0),
        )
        for row in rows
    ]


def stored(plan: Plan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A plan as the forms begin with it: its words, and each line."""
    told = plan.told or PlanWords()
    words: dict[str, Any] = {name: getattr(told, name) for name in WORDS}
    words |= {"outcome": plan.outcome, "applies": list(told.applies), "valid_until": plan.valid_until}
    for number, one in enumerate(told.against[: limits.plans.MOST_AGAINST]):
        words |= {f"against_{number}": one.name, f"against_why_{number}": one.why}
    rows = lawful_rows(list(plan.lines.all()))
    places = {row.pk: place for place, row in enumerate(rows)}
    return words, [_stored(row, plan.currency) | {"after": places.get(row.after_id or 0, "")} for row in rows]


def _stored(row: PlanLine, currency: str) -> dict[str, Any]:
    told = row.told or LineWords("")
    times = (row.times_from, row.times_to)
    # Nothing is typed there, so that it follows the sessions, or is still asked for.
    per_visit = prices.is_per_visit(told.basis)
    is_untyped = times == (row.sessions_from, row.sessions_to) if per_visit else times == (0, 0)
    return {
        "treatment": row.treatment_id,
        "name": told.name,
        "basis": told.basis,
        "why": told.why,
        "risk": told.risk,
        "kind": row.kind_id,
        "sessions_from": row.sessions_from,
        "sessions_to": row.sessions_to,
        "gap_days": row.gap_days,
        "wait_days": row.wait_days,
        "price_from": money.written(row.price_from, currency),
        "price_to": money.written(row.price_to, currency),
        "times_from": "" if is_untyped else row.times_from,
        "times_to": "" if is_untyped else row.times_to,
    }
