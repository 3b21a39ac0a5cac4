"""Whose names stand under what a page prints from the tables beside its own words. Pure: rows in, names out.

A page's check is of its text. Cells of the matrix and facts of treatments have reviewers of their own, and prices have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content.models import Page, Person, Suitability, Treatment

Row = Suitability | Treatment
# What prints cells, in a text.
CELLS = frozenset({"may-help", "does-not-help", "matrix"})


@dataclass(frozen=True)
class Signed:
    """`everything`: a clinician has signed each of the rows. `people`: who did, each once. `prices`: prices are printed."""

    everything: bool = True
    people: tuple[Person, ...] = ()
    prices: bool = False

    def others(self, page: Page | None) -> tuple[Person, ...]:
        """Those who signed rows, except the person who checked the page itself."""
        own = page.checked_by_id if page else None
        return tuple(person for person in self.people if person.pk != own)


def under(rows: Iterable[Row], *, prices: bool = False) -> Signed:
    """The names under these rows, which come with `reviewed_by` loaded."""
    found = list(rows)
    people = {row.reviewed_by.pk: row.reviewed_by for row in found if row.reviewed_by}
    return Signed(
        everything=all(row.reviewed_by_id is not None for row in found),
        people=tuple(sorted(people.values(), key=lambda person: (person.order, person.name))),
        prices=prices,
    )


def printed(
    page: Page, slots: Iterable[str], cells: Iterable[Suitability], treatments: Iterable[Treatment]
) -> list[Row]:
    """Which of a page's rows it prints: cells where its text says so, treatments in the panel or the strip of recovery."""
    named = set(slots)
    facts = not page.at_a_glance or "recovery" in named
    return [
        *(cells if named & CELLS else ()),
        *(row for row in treatments if row.offered and facts),
    ]
