"""The panel "At a glance" of a treatment, built from its rows when the page gives none. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format

from clinic.foundation import money
from content.models import ClinicProfile, Page, Treatment


@dataclass(frozen=True)
class Fact:
    label: str
    lines: tuple[str, ...]
    note: str = ""  # what stands once below the panel: what the prices are worth


def facts(page: Page, treatments: Sequence[Treatment], clinic: ClinicProfile) -> list[Fact]:
    """What the panel says: the page's own facts, or the treatments'. The cost comes from the rows, so it is never stale."""
    offered = [row for row in treatments if row.offered]
    own = [Fact(label, (text,)) for label, text in page.at_a_glance] or _from_rows(offered)
    cost = _cost(offered, clinic)
    return [*(fact for fact in own if fact.label != "Cost"), cost] if cost else own


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
    return replace(cost, note=". ".join(sorted(notes - {""}))) if cost else None


def _price(row: Treatment, clinic: ClinicProfile) -> str:
    """'£165 to £195 per visit', or nothing without a price."""
    if row.price_from is None:
        return ""
    return f"{money.span(row.price_from, row.price_to, clinic.currency)} {row.cost_basis}".strip()


def _worth(row: Treatment, clinic: ClinicProfile) -> str:
    """'Demonstration price, reviewed 2 November 2026', or what of it there is to say; nothing is an empty text."""
    reviewed = row.price_reviewed_on and date_format(row.price_reviewed_on, "j F Y")
    if clinic.demo:
        return f"Demonstration price, reviewed {reviewed}" if reviewed else "Demonstration price"
    return f"Price reviewed {reviewed}" if reviewed else ""
