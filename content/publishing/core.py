"""How every verb works on a document: one transaction, its row locked, the version that the person saw still the newest.

A document is a page, a treatment, a cell of the matrix or an example plan: content.publishing.kinds says what is different.

with core.opened(document, number, now) as at:
    version = core.append(at, snapshot, ...)
    core.record(at, "save", version, actor)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from clinic.foundation import press, when
from content.models import ClinicProfile, Document, Page, PageEvent, Person, Suitability, Treatment, Version
from content.publishing import kinds
from content.publishing.check import Problem
from content.publishing.errors import Conflict, Refused
from content.publishing.facts import TreatmentSnapshot, of_treatment
from content.publishing.kinds import DocumentSnapshot


@dataclass(frozen=True)
class Actor:
    """Who says a verb: a member of staff, or nobody but the clock."""

    name: str
    user: User | None = None
    press: str = ""  # of which button: clinic.foundation.press knows it when it is pressed again

    @classmethod
    def staff(cls, user: User, press: str = "") -> Actor:
        """A signed-in member of staff."""
        return cls(user.get_full_name() or user.get_username(), user, press)

    @classmethod
    def clock(cls) -> Actor:
        """The worker, when a publication is due."""
        return cls("The clock")


@dataclass
class Opened:
    """A document that this transaction alone may change. `tip` is its newest kept version, `zone` the clinic's."""

    document: Document
    tip: Version
    now: datetime
    zone: ZoneInfo

    @property
    def noun(self) -> str:
        """What people call such a document: "page"."""
        return kinds.kind(self.document).noun

    @property
    def is_live(self) -> bool:
        """Whether readers have exactly the newest version."""
        return self.document.is_published and self.tip.pk == self.document.live_id


@contextmanager
def opened(
    document: Document, number: int | None, now: datetime, *, event: int | None = None
) -> Iterator[Opened]:
    """Lock the row; compare its newest version and last event with those that the person saw (None: whatever they are).

    Raises Conflict if somebody did something meanwhile, Refused with code "gone" if the row is no longer there. On SQLite
    the transaction holds the write lock from its first statement on; on PostgreSQL the row's lock is waited for.
    """
    with transaction.atomic():
        # Without the order of lists: it names other rows, which would be locked as well.
        rows = type(document)._default_manager.select_for_update().order_by("pk")
        fresh: Document | None = rows.filter(pk=document.pk).first()
        if fresh is None:
            raise Refused("gone", f"This {kinds.kind(document).noun} has been deleted.")
        tip = newest(fresh) or first_version(fresh, now=now)
        zone, last = ClinicProfile.current().zone, last_event(fresh)
        if number not in (None, tip.number) or event not in (None, last.pk if last else 0):
            raise Conflict(tip, last, now, zone)
        yield Opened(fresh, tip, now, zone)


def newest(document: Document) -> Version | None:
    """The newest kept version. None only for a row that was made past the verbs."""
    return document.versions.kept().order_by("-number").first()


def last_event(document: Document) -> PageEvent | None:
    """The last thing that somebody did to it. Sharing a preview is left out: it changes nothing for anybody."""
    return document.events.exclude(verb="share").select_related("version").order_by("-pk").first()


def append(at: Opened, snapshot: DocumentSnapshot, *, note: str, actor: Actor) -> Version:
    """Keep `snapshot` as the next version. Nobody has checked it yet, whoever checked the one before.

    While readers have never had the document, its row follows its draft, so that lists call it by its newest name.
    """
    last = at.document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = new_version(at.document, last + 1, snapshot, note=note, actor=actor, now=at.now)
    if at.document.live_id is None and not at.document.is_published:
        apply(snapshot.unchecked(), at.document)
    return version


def new_version(
    document: Document, number: int, snapshot: DocumentSnapshot, *, note: str, actor: Actor, now: datetime
) -> Version:
    """Keep `snapshot`, without a check, as the document's version of this number."""
    kinds.must_fit(snapshot, document)
    return document.versions.create(
        number=number,
        data=snapshot.unchecked().data(),
        note=note,
        saved_by=actor.user,
        saved_by_name=actor.name,
        saved_at=now,
    )


def as_readers_get_it(version: Version, zone: ZoneInfo) -> DocumentSnapshot:
    """What the version says, with the name that stands under it once readers have it.

    That is its own approval. A version of a treatment without one keeps the name under the medical facts that readers have,
    or had last, if these are the same to the letter. Three statements more for that, one if the approval is not read yet.
    """
    snapshot = kinds.snapshot_of(version)
    if version.approved_by is not None and version.approved_at is not None:
        day = when.local_day(version.approved_at, zone)
        return snapshot.with_check(version.approved_by.slug, day, version.next_review)
    document = version.document
    if isinstance(document, Treatment) and isinstance(snapshot, TreatmentSnapshot):
        told = told_last(document)
        if told is not None and told.medical() == snapshot.medical():
            return snapshot.with_check(told.checked_by, told.checked_on, None)
    return snapshot


def told_last(treatment: Treatment) -> TreatmentSnapshot | None:
    """What readers are told of the treatment, or were before it was unpublished; None if they have never had it."""
    had = treatment.is_published or treatment.live_id is not None
    return of_treatment(treatment) if had else None


def apply(snapshot: DocumentSnapshot, document: Document) -> None:
    """Make the document's row say it. Raises Refused when another row has its address, title or place."""
    of = kinds.kind(document)
    try:
        with transaction.atomic():
            of.apply(snapshot, document)
    except IntegrityError as error:
        raise Refused(*of.taken) from error


def save(document: Document, *names: str) -> None:
    """Save these columns of the row alone. A page's `updated_at` goes with them."""
    moved = ("updated_at",) if isinstance(document, Page) else ()
    document.save(update_fields=[*names, *moved])


def record(
    at: Opened,
    verb: str,
    version: Version,
    actor: Actor,
    *,
    planned_for: datetime | None = None,
    problems: Sequence[Problem] = (),
    reason: str = "",
) -> PageEvent:
    """Append the event of this verb, and note whose press it was."""
    press.keep(actor.press, at.now, str(at.document.pk))
    return at.document.events.create(
        version=version,
        verb=verb,
        by=actor.user,
        by_name=actor.name,
        at=at.now,
        planned_for=planned_for,
        problems=[[problem.code, problem.field, problem.excerpt] for problem in problems],
        reason=reason,
    )


def first_version(document: Document, *, now: datetime, by: str = "The site") -> Version:
    """Take what the row says as version 1, live if readers see it. For documents made past the verbs.

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
    """What will be version 1 of a row that was made past the verbs, not saved: what the row says, with the row's check."""
    person, day = check_of(document)
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


def check_of(document: Document) -> tuple[Person | None, date | None]:
    """Who has checked what the row says, and when, as the row itself tells it."""
    if isinstance(document, Page):
        return document.checked_by, document.checked_on
    if isinstance(document, Treatment | Suitability):
        return document.reviewed_by, document.reviewed_on
    return None, None
