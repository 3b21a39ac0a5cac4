"""What people do to a page: one function each, called by the editors' pages. `keep_back` is the clock's.

Besides these, content.publishing.clock puts live what was planned, and the loader takes a page's first version
(core.first_version).

`number` is the newest version that the person saw, `event` the id of the page's last event (0: none yet; left out, it is not
compared): if somebody did something meanwhile, the verb raises Conflict and does nothing.
`now` is the moment. Each verb is one transaction and appends one event; `remove` takes the events with the page, and saving
what is there already appends none. What else it may raise is in content.publishing.errors.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from clinic.foundation import when
from content.models import ClinicProfile, Page, PageEvent, Person, Version
from content.publishing import core, going_live, review
from content.publishing import snapshot as snapshots
from content.publishing.check import Problem
from content.publishing.core import Actor, Opened
from content.publishing.errors import Blocked, PublishingError, Refused
from content.publishing.going_live import NOTHING_OVERRIDDEN, Overrides
from content.publishing.snapshot import Snapshot

REVIEW = "content.review_page"


@transaction.atomic
def add_page(said: Snapshot, *, note: str = "", actor: Actor, now: datetime) -> Page:
    """A new page that nobody can open yet, with `said` as version 1, its draft."""
    page = Page(is_published=False)
    core.apply(core.unchecked(said), page)
    version = core.new_version(page, 1, said, note=note, actor=actor, now=now)
    core.record(Opened(page, version, now, ClinicProfile.current().zone), "add", version, actor)
    return page


def save_draft(
    page: Page,
    said: Snapshot,
    *,
    number: int,
    event: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Version:
    """Keep `said` beside what readers see. If it says nothing new, nothing is written: the newest version comes back."""
    with core.opened(page, number, now, event=event) as at:
        before = core.unchecked(core.as_readers_get_it(at.tip, at.zone))
        if not snapshots.changed(core.tidy(before), core.tidy(core.unchecked(said))):
            return at.tip
        version = core.append(at, said, note=note, actor=actor)
        core.record(at, "save", version, actor)
        return version


def restore(
    page: Page, old: int, *, number: int, event: int | None = None, actor: Actor, now: datetime
) -> Version:
    """What version `old` said becomes a new draft; `old` itself and its approval stay where they are."""
    with core.opened(page, number, now, event=event) as at:
        found = at.page.versions.filter(number=old).first()
        if found is None:
            raise Refused("no_such_version", f"This page has no version {old}.")
        if found.pk == at.tip.pk:
            raise Refused("nothing_new", f"Version {old} is the newest already.")
        said = snapshots.from_data(found.data)
        version = core.append(at, said, note=f"Version {old} again", actor=actor)
        core.record(at, "restore", version, actor)
        return version


def discard(page: Page, *, number: int, event: int | None = None, actor: Actor, now: datetime) -> None:
    """Put the draft away: the editor opens the live (or the scheduled) version again. It stays in the history."""
    with core.opened(page, number, now, event=event) as at:
        floor = max(
            at.page.versions.filter(Q(pk=at.page.live_id) | Q(publish_at__isnull=False)).values_list(
                "number", flat=True
            ),
            default=0,
        )
        if at.page.live_id is None:
            raise Refused("no_other", "Readers have never had this page. Delete it instead.")
        if at.tip.number <= floor:
            raise Refused("no_draft", "There is no draft to discard.")
        at.page.versions.kept().filter(number__gt=floor).update(discarded_at=now, kept_back_at=None)
        core.record(at, "discard", at.tip, actor)


def approve(
    page: Page,
    *,
    number: int,
    event: int | None = None,
    next_review: date | None = None,
    actor: Actor,
    now: datetime,
) -> Version:
    """A reviewer puts their name to the newest version, and to no other. If readers have it, they see the check at once.

    Refused with code "not_a_reviewer" unless the actor holds `content.review_page` and is linked to a person.
    """
    with core.opened(page, number, now, event=event) as at:
        reviewer = reviewer_of(actor)
        if reviewer is None:
            raise Refused(
                "not_a_reviewer",
                "Approving needs a reviewer whose account is linked to a person of the team.",
            )
        if next_review is not None and next_review <= when.local_day(now, at.zone):
            raise Refused("review_not_ahead", "The next check must lie ahead.")
        if next_review is not None and next_review > when.local_day(now, at.zone) + review.LONGEST:
            raise Refused("review_too_far", "The next check must be within two years.")
        version = at.tip
        version.approved_by, version.approved_at, version.next_review = reviewer, now, next_review
        version.save(update_fields=["approved_by", "approved_at", "next_review"])
        if version.pk == at.page.live_id:
            changed_at = at.page.updated_at
            core.apply(core.as_readers_get_it(version, at.zone), at.page)
            # Its words are the same: a feed or a sitemap that called them new would cry wolf.
            Page.objects.filter(pk=at.page.pk).update(updated_at=changed_at)
        core.record(at, "approve", version, actor)
        return version


def reviewer_of(actor: Actor) -> Person | None:
    """The person under whose name the actor may approve, or None."""
    if actor.user is None or not actor.user.has_perm(REVIEW):
        return None
    return Person.objects.filter(account=actor.user).first()


def publish(
    page: Page,
    *,
    number: int,
    event: int | None = None,
    overrides: Overrides = NOTHING_OVERRIDDEN,
    actor: Actor,
    now: datetime,
) -> Version:
    """Readers see the newest version from now on."""
    with core.opened(page, number, now, event=event) as at:
        if at.page.is_published and at.tip.pk == at.page.live_id:
            raise Refused("live_already", f"Version {at.tip.number} is live already.")
        said = core.as_readers_get_it(at.tip, at.zone)
        overridden = going_live.obstacles(at, said, overrides)
        going_live.put_live(at, at.tip, actor, overridden=overridden, reason=overrides.reason)
        return at.tip


def schedule(
    page: Page,
    *,
    number: int,
    event: int | None = None,
    publish_at: datetime,
    overrides: Overrides = NOTHING_OVERRIDDEN,
    actor: Actor,
    now: datetime,
) -> Version:
    """The newest version goes live at `publish_at` (UTC), in place of any other that was planned.

    It must be fit to go live now, and is checked again when its time comes.
    """
    with core.opened(page, number, now, event=event) as at:
        if publish_at <= now:
            raise Refused("not_ahead", "Choose a time that lies ahead.")
        if at.page.is_published and at.tip.pk == at.page.live_id:
            raise Refused("live_already", f"Version {at.tip.number} is live already.")
        overridden = going_live.obstacles(at, core.as_readers_get_it(at.tip, at.zone), overrides)
        at.page.versions.update(publish_at=None)
        at.tip.publish_at, at.tip.kept_back_at = publish_at, None
        at.tip.save(update_fields=["publish_at", "kept_back_at"])
        core.record(
            at,
            "schedule",
            at.tip,
            actor,
            planned_for=publish_at,
            problems=overridden,
            reason=overrides.reason if overridden else "",
        )
        return at.tip


def unschedule(page: Page, *, actor: Actor, now: datetime) -> PageEvent:
    """What was planned is not: the version stays as it is. It compares nothing, because it may be urgent."""
    with core.opened(page, None, now) as at:
        planned = at.page.versions.to_publish().first()
        if planned is None:
            raise Refused("nothing_planned", "Nothing is planned for this page.")
        planned.publish_at = None
        planned.save(update_fields=["publish_at"])
        return core.record(at, "unschedule", planned, actor)


def unpublish(page: Page, *, actor: Actor, now: datetime) -> PageEvent:
    """Nobody can open the page any more. A publication ahead goes too: it would bring the page back unasked.

    It compares nothing: whatever a colleague has saved meanwhile, what readers see must come off at once.
    """
    with core.opened(page, None, now) as at:
        live = at.page.live
        if live is None or not at.page.is_published:
            raise Refused("not_live", "Readers cannot open this page as it is.")
        at.page.is_published = False
        at.page.save(update_fields=["is_published", "updated_at"])
        at.page.versions.update(publish_at=None)
        return core.record(at, "unpublish", live, actor)


def keep_back(at: Opened, version: Version, error: PublishingError) -> None:
    """The time of a planned version has come, and `error` says why it does not go live. Within the caller's transaction."""
    problems = error.problems if isinstance(error, Blocked) else []
    if isinstance(error, Refused):
        problems = [Problem(error.code, True, error.message, "")]
    planned, version.publish_at = version.publish_at, None
    version.kept_back_at = at.now
    version.save(update_fields=["publish_at", "kept_back_at"])
    core.record(at, "keep_back", version, Actor.clock(), planned_for=planned, problems=problems)


def remove(page: Page, *, now: datetime) -> None:
    """Delete a page that readers have never had, with its drafts. Any other is unpublished instead, and kept."""
    with core.opened(page, None, now) as at:
        if at.page.is_published or at.page.versions.filter(published_at__isnull=False).exists():
            raise Refused("was_live", "Readers have had this page. Unpublish it instead.")
        at.page.delete()


def share(page: Page, *, number: int, event: int | None = None, actor: Actor, now: datetime) -> Version:
    """Note that somebody let others see the newest version by a link. The link itself is content.publishing.shared's."""
    with core.opened(page, number, now, event=event) as at:
        core.record(at, "share", at.tip, actor)
        return at.tip
