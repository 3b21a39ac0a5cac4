"""The panel "At a glance" of a treatment, built from its rows when the page gives none. Pure.

What a reader wants to know first stands first, on every treatment in the same order and under the same plain words, whoever
wrote the facts: how long it takes to heal, what it costs, how many visits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format

from clinic.foundation import money
from content.display import costs, visits
from content.models import ClinicProfile, Page, Treatment

# The short word for each fact that has a place of its own, as editors type it, and what readers are told: in this order.
_LABELS = {
    "Recovery": "Healing time",
    "Cost": "What it costs",
    "Visits": "How many visits",
    "Each visit": "Each visit takes",
    "Comfort": "Pain and numbing",
    "Main risk": "Main risks",
    "Colour change, brown and black skin": "Risk of colour change in brown or black skin",
    "Evidence": "How good the studies are",
}
_PLACES = {label: place for place, label in enumerate(_LABELS.values())}
# A line that begins with the kind it is about: "Ablative: 3 to 4".
_OF_A_KIND = re.compile(r"([A-Z][\w -]{1,24}): (.+)")
# So many facts that tell two kinds apart are worth two columns.
_WORTH_COLUMNS = 3
_NEXT_KIND = re.compile(r"(?<=\.) (?=[A-Z][\w -]{1,24}: )")
# What has no place of its own stands before all that does: "Two kinds here" says what the rest is about.
_FIRST = -1


@dataclass(frozen=True)
class Fact:
    label: str
    lines: tuple[str, ...]
    note: str = ""  # what stands once below the panel: what the prices are worth
    is_price: bool = False
    kinds: tuple[tuple[str, str], ...] = ()
    """The lines cut into a kind and what is said of it, where the panel sets two kinds beside each other."""


def facts(page: Page, treatments: Sequence[Treatment], clinic: ClinicProfile) -> list[Fact]:
    """What the panel says: the page's own facts, or the treatments'. The cost comes from the rows, so it is never stale."""
    offered = [row for row in treatments if row.offered]
    own = [Fact(label, _lines(text), is_price=label == "Cost") for label, text in page.at_a_glance]
    told = own or _from_rows(offered)
    cost = _cost(offered, clinic)
    if cost:
        told = [*(fact for fact in told if not fact.is_price), cost]
    return _beside(in_order(told)) if treatments else told


def in_order(told: Iterable[Fact]) -> list[Fact]:
    """The facts of a treatment in plain words, each in its place."""
    plain = (replace(fact, label=_LABELS.get(fact.label, fact.label)) for fact in told)
    return sorted(plain, key=lambda fact: _PLACES.get(fact.label, _FIRST))


def _beside(told: Sequence[Fact]) -> list[Fact]:
    """The same facts, with two kinds cut apart where most of the panel tells them apart."""
    cut = [replace(fact, kinds=_kinds(fact)) for fact in told]
    return cut if sum(bool(fact.kinds) for fact in cut) >= _WORTH_COLUMNS else list(told)


def _kinds(fact: Fact) -> tuple[tuple[str, str], ...]:
    found = [match.groups() for match in map(_OF_A_KIND.fullmatch, fact.lines) if match]
    if len(fact.lines) != 2 or len(found) != 2:
        return ()
    return tuple((kind, (said[:1].upper() + said[1:]).removesuffix(".")) for kind, said in found)


def _lines(text: str) -> tuple[str, ...]:
    """What is said of each kind on a line of its own: "Light: a course. Deep: usually once"."""
    return tuple(_NEXT_KIND.split(text))


def _from_rows(rows: Sequence[Treatment]) -> list[Fact]:
    built = [
        _fact("Visits", rows, [row.sessions for row in rows]),
        _fact("Each visit", rows, [row.session_length for row in rows]),
        _fact("Comfort", rows, [row.comfort for row in rows]),
        _fact("Recovery", rows, [row.downtime for row in rows]),
        _fact("Main risk", rows, [row.main_risk for row in rows]),
        _fact(
            "Colour change, brown and black skin",
            rows,
            [_risk(row) for row in rows],
        ),
        _fact("Evidence", rows, [row.evidence_words for row in rows]),
    ]
    return [fact for fact in built if fact]


def _fact(label: str, rows: Sequence[Treatment], texts: Sequence[str]) -> Fact | None:
    """One line if the rows agree, else one line for each row, with its name before it."""
    if not any(texts):
        return None
    if len(set(texts)) == 1:
        return Fact(label, (texts[0],))
    return Fact(label, tuple(f"{row.short}: {text}" for row, text in zip(rows, texts, strict=True) if text))


def _risk(row: Treatment) -> str:
    """'Low risk'; 'None' for what has none; nothing where nobody has rated it."""
    if row.pigment_risk in ("", Treatment.PigmentRisk.NONE):
        return str(row.get_pigment_risk_display())
    return f"{row.get_pigment_risk_display()} risk"


def _cost(rows: Sequence[Treatment], clinic: ClinicProfile) -> Fact | None:
    """The prices, with a note of what they are worth: made up, and reviewed when."""
    cost = _fact("Cost", rows, [_price(row, clinic) for row in rows])
    notes = {_worth(row, clinic) for row in rows if row.price_from is not None}
    return replace(cost, note=". ".join(sorted(notes - {""})), is_price=True) if cost else None


def _price(row: Treatment, clinic: ClinicProfile) -> str:
    """'£165 to £195 per visit, about £495 to £1,170 in all', or nothing without a price."""
    if row.price_from is None:
        return ""
    each = f"{money.span(row.price_from, row.price_to, clinic.currency)} {row.cost_basis}".strip()
    course = costs.span_of_course(row)
    if course is None:
        return each
    more = " or more" if visits.may_be_more(row.sessions) else ""
    return f"{each}, about {course.words(clinic.currency)}{more} in all"


def _worth(row: Treatment, clinic: ClinicProfile) -> str:
    """'Demonstration price, reviewed 2 November 2026', or what of it there is to say; nothing is an empty text."""
    reviewed = row.price_reviewed_on and date_format(row.price_reviewed_on, "j F Y")
    if clinic.demo:
        return f"Demonstration price, reviewed {reviewed}" if reviewed else "Demonstration price"
    return f"Price reviewed {reviewed}" if reviewed else ""
