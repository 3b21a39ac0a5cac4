"""How every verb works on a document: one transaction, its row locked, the version that the person saw still the newest.

A document is a page, a treatment, a cell of the matrix or an example plan: content.publishing.kinds says what is different.

with core.opened(document, edit) as at:
    version = core.append(at, snapshot, note="...")
    core.record(at, "save", version)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from clinic.foundation import press, when
from content.models import ClinicProfile, Document, Page, PageEvent, Version
from content.publishing import kinds, reviewer
from content.publishing.check import Problem
from content.publishing.edit import Edit
from content.publishing.errors import EditConflict, EditRefused
from content.publishing.kinds import DocumentSnapshot


@dataclass
class Opened:
    """A document that this transaction alone may change. `tip` is its newest kept version."""

    document: Document
    tip: Version
    edit: Edit

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clinic's. Two statements, when somebody asks for it first."""
        return ClinicProfile.current().zone

    @property
    def now(self) -> datetime:
        return self.edit.now

    @property
    def today(self) -> date:
        """The clinic's day."""
        return when.local_day(self.now, self.zone)

    @property
    def noun(self) -> str:
        """What people call such a document: "page"."""
        return kinds.kind(self.document).noun

    @property
    def is_live(self) -> bool:
        """Whether readers have exactly the newest version."""
        return self.document.is_published and self.tip.pk == self.document.live_id


@contextmanager
def opened(document: Document, edit: Edit, *, compare: bool = True) -> Iterator[Opened]:
    """Lock the row; `compare` its newest version and last event with those that the person saw.

    Raises EditConflict if somebody did something meanwhile, EditRefused with code "gone" if the row is no longer there. On
    SQLite the transaction holds the write lock from its first statement on; on PostgreSQL the row's lock is waited for.
    """
    with transaction.atomic():
        # Without the order of lists: it names other rows, which would be locked as well.
        rows = type(document)._default_manager.select_for_update().order_by("pk")
        fresh: Document | None = rows.filter(pk=document.pk).first()
        if fresh is None:
            raise EditRefused("gone", f"This {kinds.kind(document).noun} has been deleted.")
        tip = newest(fresh) or first_version(fresh, now=edit.now)
        last = newest_event(fresh)
        seen = (None, tip.number), (None, last.pk if last else 0)
        if compare and not (edit.number in seen[0] and edit.event in seen[1]):
            raise EditConflict(tip, last, edit.now, ClinicProfile.current().zone)
        yield Opened(fresh, tip, edit)


def newest(document: Document) -> Version | None:
    """The newest kept version. None only for a row that was made without the verbs."""
    return document.versions.kept().order_by("-number").first()


def newest_event(document: Document) -> PageEvent | None:
    """The last thing that somebody did to it. Sharing a preview is left out: it changes nothing for anybody."""
    return document.events.exclude(verb="share").select_related("version").order_by("-pk").first()


def append(at: Opened, snapshot: DocumentSnapshot, *, note: str) -> Version:
    """Keep `snapshot` as the next version. Nobody has checked it yet, even if somebody checked the one before.

    While readers have never had the document, its row follows its draft, so that lists call it by its newest name.
    """
    last = at.document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = new_version(at.document, last + 1, snapshot, at.edit, note=note)
    if at.document.live_id is None and not at.document.is_published:
        apply(snapshot.unchecked(), at.document)
    return version


def new_version(
    document: Document, number: int, snapshot: DocumentSnapshot, edit: Edit, *, note: str
) -> Version:
    """Keep `snapshot`, without a check, as the document's version of this number."""
    kinds.must_fit(snapshot, document)
    return document.versions.create(
        number=number,
        data=snapshot.unchecked().data(),
        note=note,
        saved_by=edit.editor.user,
        saved_by_name=edit.editor.name,
        saved_at=edit.now,
    )


def apply(snapshot: DocumentSnapshot, document: Document) -> None:
    """Make the document's row say it. Raises EditRefused when another row has its address, title or place."""
    of = kinds.kind(document)
    try:
        with transaction.atomic():
            of.apply(snapshot, document)
    except IntegrityError as error:
        raise EditRefused(*of.taken) from error


def save(document: Document, *names: str) -> None:
    """Save these columns of the row alone. A page's `updated_at` goes with them."""
    moved = ("updated_at",) if isinstance(document, Page) else ()
    document.save(update_fields=[*names, *moved])


def record(
    at: Opened,
    verb: str,
    version: Version,
    *,
    planned_for: datetime | None = None,
    problems: Sequence[Problem] = (),
    reason: str = "",
) -> PageEvent:
    """Append the event of this verb, and note whose press it was."""
    editor = at.edit.editor
    press.keep(editor.press, at.now, str(at.document.pk))
    return at.document.events.create(
        version=version,
        verb=verb,
        by=editor.user,
        by_name=editor.name,
        at=at.now,
        planned_for=planned_for,
        problems=[[problem.code, problem.field, problem.excerpt] for problem in problems],
        reason=reason,
    )


def first_version(document: Document, *, now: datetime, by: str = "The site") -> Version:
    """Take what the row says as version 1, live if readers see it. For documents made without the verbs.

    The row's own check becomes the version's approval. The caller holds the transaction.
    """
    version = as_made(document)
    version.note = f"The {kinds.kind(document).noun} as it came"
    version.saved_by_name, version.saved_at = by, now
    version.published_at = now if document.is_published else None
    version.save()
    if document.is_published:
        document.live = version
        # Not save(): a page's `updated_at` says when its words changed.
        type(document)._default_manager.filter(pk=document.pk).update(live=version)
    return version


def as_made(document: Document) -> Version:
    """What will be version 1 of a row that was made without the verbs, not saved: what the row says, with its check."""
    person, day = reviewer.check_of(document)
    checked = person is not None and day is not None
    version = Version(
        number=1,
        data=kinds.of(document).unchecked().data(),
        saved_by_name="The site",
        approved_by=person if checked else None,
        # Midday is the same day in most zones.
        approved_at=datetime.combine(day, time(12), UTC) if day and checked else None,
    )
    kinds.give(version, document)
    return version
