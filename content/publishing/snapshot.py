"""Everything an editor decides about a page, as one value: what a version keeps, what a check reads, what a file holds.

Rows of other tables are named by their codes, so that a snapshot can be kept as JSON, written to a file and read on another
machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from content.models import Concern, Page, Person, Source, Treatment


@dataclass(frozen=True)
class Snapshot:
    """A page without its identity in the database. Codes are sorted as they print."""

    kind: str
    slug: str
    title: str
    menu_title: str = ""
    tell: str = ""
    summary: str = ""
    body: str = ""
    at_a_glance: tuple[tuple[str, str], ...] = ()
    drawing: str = ""
    drawing_alt: str = ""
    caption: str = ""
    concerns: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    written_by: str = ""
    checked_by: str = ""  # a person's slug
    checked_on: date | None = None
    review_due: date | None = None
    order: int = 0

    def data(self) -> dict[str, Any]:
        """As JSON keeps it: dates in ISO, pairs and codes as lists."""
        values = asdict(self)
        values["at_a_glance"] = [list(pair) for pair in self.at_a_glance]
        for name in _LINKS:
            values[name] = list(values[name])
        for name in _DATES:
            values[name] = values[name].isoformat() if values[name] else None
        return values


_LINKS = ("concerns", "treatments", "sources")
_DATES = ("checked_on", "review_due")
# What a page's row holds under the same name.
_PLAIN = tuple(
    field.name for field in fields(Snapshot) if field.name not in (*_LINKS, "checked_by", "at_a_glance")
)


def from_data(data: Mapping[str, Any]) -> Snapshot:
    """What `Snapshot.data` gave. Versions outlive fields: a missing key takes its default, an unknown one is left out."""
    known = {field.name for field in fields(Snapshot)}
    values = {name: value for name, value in data.items() if name in known}
    for name in _LINKS:
        values[name] = tuple(values.get(name) or ())
    values["at_a_glance"] = tuple((label, text) for label, text in values.get("at_a_glance") or ())
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return Snapshot(**values)


def of(page: Page) -> Snapshot:
    """What the page's row and its links say now. Four statements."""
    return Snapshot(
        **{name: getattr(page, name) for name in _PLAIN},
        at_a_glance=tuple((label, text) for label, text in page.at_a_glance),
        concerns=tuple(row.code for row in page.concerns.all()),
        treatments=tuple(row.code for row in page.treatments.all()),
        sources=tuple(row.code for row in page.sources.all()),
        checked_by=page.checked_by.slug if page.checked_by else "",
    )


def apply(snapshot: Snapshot, page: Page) -> None:
    """Make the page's row say it, and save. Codes whose row is gone are left out. The caller holds the transaction."""
    page.kind = snapshot.kind
    page.slug = snapshot.slug
    page.title = snapshot.title
    page.menu_title = snapshot.menu_title
    page.tell = snapshot.tell
    page.summary = snapshot.summary
    page.body = snapshot.body
    page.drawing = snapshot.drawing
    page.drawing_alt = snapshot.drawing_alt
    page.caption = snapshot.caption
    page.written_by = snapshot.written_by
    page.checked_on = snapshot.checked_on
    page.review_due = snapshot.review_due
    page.order = snapshot.order
    page.at_a_glance = [list(pair) for pair in snapshot.at_a_glance]
    page.checked_by = Person.objects.filter(slug=snapshot.checked_by).first() if snapshot.checked_by else None
    page.save()
    page.concerns.set(Concern.objects.filter(code__in=snapshot.concerns))
    page.treatments.set(Treatment.objects.filter(code__in=snapshot.treatments))
    page.sources.set(Source.objects.filter(code__in=snapshot.sources))


def changed(before: Snapshot, after: Snapshot) -> Iterable[str]:
    """The names of the fields that differ, in the order of the form."""
    return [
        field.name for field in fields(Snapshot) if getattr(before, field.name) != getattr(after, field.name)
    ]
