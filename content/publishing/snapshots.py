"""Everything an editor decides about a page, as one value: what a version keeps, what a check reads, what a file holds.

Rows of other tables are named by their codes, so that a snapshot can be kept as JSON, written to a file and read on another
machine. `Snapshot` is what every kind of document has; treatments, cells and plans are in content.publishing.facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Self, cast

from content.models import Concern, Page, Person, Source, Treatment


@dataclass(frozen=True)
class Snapshot:
    """What snapshots of every kind can do. A kind names its fields that JSON cannot keep as they are."""

    CODES: ClassVar[tuple[str, ...]] = ()  # rows of other tables
    DATES: ClassVar[tuple[str, ...]] = ()
    ROWS: ClassVar[tuple[str, ...]] = ()  # lists of lists

    def data(self) -> dict[str, Any]:
        """As JSON keeps it: dates in ISO, codes and rows as lists."""
        values = asdict(self)
        for name in self.CODES:
            values[name] = list(values[name])
        for name in self.ROWS:
            values[name] = [list(row) for row in values[name]]
        for name in self.DATES:
            values[name] = values[name].isoformat() if values[name] else None
        return values

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `data` gave. Versions outlive fields: a missing key takes its default, an unknown one is left out."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name in cls.CODES:
            values[name] = tuple(values.get(name) or ())
        for name in cls.ROWS:
            values[name] = tuple(tuple(row) for row in values.get(name) or ())
        for name in cls.DATES:
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)

    def with_check(self, by: str, on: date | None, next_review: date | None) -> Self:
        """As it is with a reviewer's name (a person's slug) under it. "" takes the name away."""
        values: dict[str, Any] = {"checked_by": by, "checked_on": on}
        return replace(self, **values)

    def unchecked(self) -> Self:
        """Without the name of whoever checked it: a check is of one version, and is kept beside it."""
        return self.with_check("", None, None)

    def tidy(self) -> Self:
        """As two are compared: without blanks around texts, which a form takes away, and with codes in one order.

        Databases sort letters in different ways, and neither that nor a blank is a change.
        """
        values: dict[str, Any] = {
            name: text.strip() for name, text in vars(self).items() if isinstance(text, str)
        }
        values |= {name: tuple(sorted(getattr(self, name))) for name in self.CODES}
        return replace(self, **values)


@dataclass(frozen=True)
class PageSnapshot(Snapshot):
    """A page without its identity in the database. Codes are sorted as they print."""

    CODES = ("concerns", "treatments", "sources")
    DATES = ("checked_on", "review_due")
    ROWS = ("at_a_glance",)

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

    def with_check(self, by: str, on: date | None, next_review: date | None) -> PageSnapshot:
        """The same; readers of a page are also told by when it must be checked again."""
        checked = super().with_check(by, on, next_review)
        return replace(checked, review_due=next_review or self.review_due)


# What a page's row holds under the same name.
_PLAIN = tuple(
    field.name
    for field in fields(PageSnapshot)
    if field.name not in (*PageSnapshot.CODES, *PageSnapshot.ROWS, "checked_by")
)


def of(page: Page) -> PageSnapshot:
    """What the page's row and its links say now. Four statements."""
    return PageSnapshot(
        **{name: getattr(page, name) for name in _PLAIN},
        at_a_glance=tuple((label, text) for label, text in page.at_a_glance),
        concerns=tuple(row.code for row in page.concerns.all()),
        treatments=tuple(row.code for row in page.treatments.all()),
        sources=tuple(row.code for row in page.sources.all()),
        checked_by=page.checked_by.slug if page.checked_by else "",
    )


def apply(snapshot: PageSnapshot, page: Page) -> None:
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
    page.checked_by = person(snapshot.checked_by)
    page.save()
    page.concerns.set(Concern.objects.filter(code__in=snapshot.concerns))
    page.treatments.set(Treatment.objects.filter(code__in=snapshot.treatments))
    page.sources.set(Source.objects.filter(code__in=snapshot.sources))


def person(slug: str) -> Person | None:
    """Whose name it is, or None for nobody."""
    return Person.objects.filter(slug=slug).first() if slug else None


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The names of the fields that differ, in the order of the form. Both are of one kind."""
    return [
        field.name
        for field in fields(cast(Any, before))
        if getattr(before, field.name) != getattr(after, field.name)
    ]
