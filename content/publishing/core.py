"""How every verb works on a page: one transaction, the page locked, the version that the person saw still the newest.

with core.opened(page, number, now) as at:
    version = core.append(at, snapshot, ...)
    core.record(at, "save", version, actor)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from clinic.foundation import press, when
from content.models import ClinicProfile, Page, PageEvent, Version
from content.publishing import snapshot as snapshots
from content.publishing.check import Problem
from content.publishing.errors import Conflict, Refused
from content.publishing.snapshot import Snapshot


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
    """A page that this transaction alone may change. `tip` is its newest kept version, `zone` the clinic's."""

    page: Page
    tip: Version
    now: datetime
    zone: ZoneInfo


@contextmanager
def opened(page: Page, number: int | None, now: datetime, *, event: int | None = None) -> Iterator[Opened]:
    """Lock the page; compare its newest version and last event with those that the person saw (None: whatever they are).

    Raises Conflict if somebody did something meanwhile, Refused with code "gone" if the page is no longer there. On SQLite
    the transaction holds the write lock from its first statement on; on PostgreSQL the row's lock is waited for.
    """
    with transaction.atomic():
        fresh = Page.objects.select_for_update().filter(pk=page.pk).first()
        if fresh is None:
            raise Refused("gone", "This page has been deleted.")
        tip = newest(fresh) or first_version(fresh, now=now)
        zone, last = ClinicProfile.current().zone, last_event(fresh)
        if number not in (None, tip.number) or event not in (None, last.pk if last else 0):
            raise Conflict(tip, last, now, zone)
        yield Opened(fresh, tip, now, zone)


def newest(page: Page) -> Version | None:
    """The newest kept version. None only for a page that was made past the verbs."""
    return page.versions.kept().order_by("-number").first()


def last_event(page: Page) -> PageEvent | None:
    """The last thing that somebody did to the page. Sharing a preview is left out: it changes nothing for anybody."""
    return page.events.exclude(verb="share").select_related("version").order_by("-pk").first()


def append(at: Opened, said: Snapshot, *, note: str, actor: Actor) -> Version:
    """Keep `said` as the page's next version. Nobody has checked it yet, whoever checked the one before.

    While readers have never had the page, its row follows its draft, so that lists call it by its newest name.
    """
    last = at.page.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = new_version(at.page, last + 1, said, note=note, actor=actor, now=at.now)
    if at.page.live_id is None and not at.page.is_published:
        apply(unchecked(said), at.page)
    return version


def new_version(
    page: Page, number: int, said: Snapshot, *, note: str, actor: Actor, now: datetime
) -> Version:
    """Keep `said`, without a check, as the page's version of this number."""
    return Version.objects.create(
        page=page,
        number=number,
        data=unchecked(said).data(),
        note=note,
        saved_by=actor.user,
        saved_by_name=actor.name,
        saved_at=now,
    )


def unchecked(said: Snapshot) -> Snapshot:
    """Without who checked it: a check is of one version, and is kept beside it."""
    return replace(said, checked_by="", checked_on=None)


def tidy(said: Snapshot) -> Snapshot:
    """Without blanks around its texts: a form takes them away, and that alone is no change."""
    texts: dict[str, Any] = {name: text.strip() for name, text in vars(said).items() if isinstance(text, str)}
    return replace(said, **texts)


def as_readers_get_it(version: Version, zone: ZoneInfo) -> Snapshot:
    """What the version says, with the approval that it has itself. One statement more if that is not read yet."""
    said = unchecked(snapshots.from_data(version.data))
    if version.approved_by is None or version.approved_at is None:
        return said
    return replace(
        said,
        checked_by=version.approved_by.slug,
        checked_on=when.local_day(version.approved_at, zone),
        review_due=version.next_review or said.review_due,
    )


def apply(said: Snapshot, page: Page) -> None:
    """Make the page's row say it. Raises Refused with code "address_taken" when another page has its address."""
    try:
        with transaction.atomic():
            snapshots.apply(said, page)
    except IntegrityError as error:
        raise Refused("address_taken", "Another page of this kind has this address.") from error


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
    press.keep(actor.press, at.now, str(at.page.pk))
    return PageEvent.objects.create(
        page=at.page,
        version=version,
        verb=verb,
        by=actor.user,
        by_name=actor.name,
        at=at.now,
        planned_for=planned_for,
        problems=[[problem.code, problem.field, problem.excerpt] for problem in problems],
        reason=reason,
    )


def first_version(page: Page, *, now: datetime, by: str = "The site") -> Version:
    """Take what the page's row says as its version 1, live if readers can open it. For pages made past the verbs.

    The row's own check becomes the version's approval. The caller holds the transaction.
    """
    checked = page.checked_by is not None and page.checked_on is not None
    said = snapshots.of(page)
    version = Version.objects.create(
        page=page,
        number=1,
        data=unchecked(said).data(),
        note="The page as it came",
        saved_by_name=by,
        saved_at=now,
        approved_by=page.checked_by if checked else None,
        approved_at=datetime.combine(page.checked_on, time(12), UTC) if page.checked_on and checked else None,
        published_at=now if page.is_published else None,
    )
    if page.is_published:
        page.live = version
        # Not save(): a page's `updated_at` says when its words changed.
        Page.objects.filter(pk=page.pk).update(live=version)
    return version
