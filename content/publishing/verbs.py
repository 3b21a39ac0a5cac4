"""What people do to a document: one function each, called by the editors' pages. `keep_back` is the clock's.

A document is a page, a treatment, a cell of the matrix or an example plan; what it says is a value of its own kind
(content.publishing.kinds). Besides these, content.publishing.clock puts live what was planned, and the loader takes a first
version of each page, and of whatever else comes unpublished (core.first_version). A row made past the verbs gets its first
one with the first verb: what the row says.

`number` is the newest version that the person saw, `event` the id of the document's last event (0: none yet; left out, it is
not compared): if somebody did something meanwhile, the verb raises Conflict and does nothing.
`now` is the moment. Each verb is one transaction and appends one event; `remove` takes the events with the document, and
saving what is there already appends none. What else it may raise is in content.publishing.errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError, Q

from clinic.foundation import when
from content.models import (
    ClinicProfile,
    Concern,
    Document,
    ExamplePlan,
    Page,
    PageEvent,
    Person,
    Suitability,
    Treatment,
    Version,
)
from content.publishing import core, kinds, obstacles, review, snapshots
from content.publishing.check import Problem
from content.publishing.core import Actor, Opened
from content.publishing.errors import Blocked, PublishingError, Refused
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.publishing.obstacles import NOTHING_OVERRIDDEN, Overrides
from content.publishing.snapshots import PageSnapshot

REVIEW = "content.review_page"
# Of what a reviewer says who sends a draft back, in letters.
LONGEST_WORD = 1000


def add_page(snapshot: PageSnapshot, *, note: str = "", actor: Actor, now: datetime) -> Page:
    """A new page that nobody can open yet, with `snapshot` as version 1, its draft."""
    page = Page(is_published=False)
    _add(page, snapshot, note=note, actor=actor, now=now)
    return page


def add_treatment(
    code: str, snapshot: TreatmentSnapshot, *, note: str = "", actor: Actor, now: datetime
) -> Treatment:
    """A new treatment that readers are not told of yet. Refused with code "code_taken" if there is one of this code."""
    treatment = Treatment(code=code, is_published=False)
    _add(treatment, snapshot, note=note, actor=actor, now=now)
    return treatment


def add_cell(
    concern: Concern,
    treatment: Treatment,
    snapshot: CellSnapshot,
    *,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Suitability:
    """A new cell of the matrix that readers do not see yet. Refused with code "cell_taken" if the two have one."""
    cell = Suitability(concern=concern, treatment=treatment, is_published=False)
    _add(cell, snapshot, note=note, actor=actor, now=now)
    return cell


def add_plan(snapshot: PlanSnapshot, *, note: str = "", actor: Actor, now: datetime) -> ExamplePlan:
    """A new example plan that readers do not see yet. Refused with code "title_taken" if there is one of this title."""
    plan = ExamplePlan(is_published=False)
    _add(plan, snapshot, note=note, actor=actor, now=now)
    return plan


@transaction.atomic
def _add(document: Document, snapshot: DocumentSnapshot, *, note: str, actor: Actor, now: datetime) -> None:
    core.apply(snapshot.unchecked(), document)
    version = core.new_version(document, 1, snapshot, note=note, actor=actor, now=now)
    core.record(Opened(document, version, now, ClinicProfile.current().zone), "add", version, actor)


def save_draft(
    document: Document,
    snapshot: DocumentSnapshot,
    *,
    number: int,
    event: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Version:
    """Keep `snapshot` beside what readers see. If it says nothing new, nothing is written: the newest version comes back."""
    kinds.must_fit(snapshot, document)
    with core.opened(document, number, now, event=event) as at:
        before = core.as_readers_get_it(at.tip, at.zone).unchecked()
        if not snapshots.changed(before.tidy(), snapshot.unchecked().tidy()):
            return at.tip
        version = core.append(at, snapshot, note=note, actor=actor)
        core.record(at, "save", version, actor)
        return version


def restore(
    document: Document, old: int, *, number: int, event: int | None = None, actor: Actor, now: datetime
) -> Version:
    """What version `old` said becomes a new draft; `old` itself and its approval stay where they are."""
    with core.opened(document, number, now, event=event) as at:
        found = at.document.versions.filter(number=old).first()
        if found is None:
            raise Refused("no_such_version", f"This {at.noun} has no version {old}.")
        if found.pk == at.tip.pk:
            raise Refused("nothing_new", f"Version {old} is the newest already.")
        version = core.append(at, kinds.snapshot_of(found), note=f"Version {old} again", actor=actor)
        core.record(at, "restore", version, actor)
        return version


def discard(
    document: Document, *, number: int, event: int | None = None, actor: Actor, now: datetime
) -> None:
    """Put the draft away: the editor opens the live (or the scheduled) version again. It stays in the history."""
    with core.opened(document, number, now, event=event) as at:
        floor = max(
            at.document.versions.filter(Q(pk=at.document.live_id) | Q(publish_at__isnull=False)).values_list(
                "number", flat=True
            ),
            default=0,
        )
        if at.document.live_id is None:
            raise Refused("no_other", f"Readers have never had this {at.noun}. Delete it instead.")
        if at.tip.number <= floor:
            raise Refused("no_draft", "There is no draft to discard.")
        at.document.versions.kept().filter(number__gt=floor).update(discarded_at=now, kept_back_at=None)
        core.record(at, "discard", at.tip, actor)


def approve(
    document: Document,
    *,
    number: int,
    event: int | None = None,
    next_review: date | None = None,
    actor: Actor,
    now: datetime,
) -> Version:
    """A reviewer puts their name to the newest version, and to no other. If readers have it, they see the check at once.

    Refused with code "not_a_reviewer" unless the actor holds `content.review_page` and is linked to a person, and with
    "no_reviewer" for an example plan, under which no name stands.
    """
    with core.opened(document, number, now, event=event) as at:
        if not kinds.kind(document).has_reviewer:
            raise Refused("no_reviewer", f"No reviewer's name stands under a {at.noun}.")
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
        version.sent_back_at = None
        version.save(update_fields=["approved_by", "approved_at", "next_review", "sent_back_at"])
        if version.pk == at.document.live_id:
            changed_at = at.document.updated_at if isinstance(at.document, Page) else None
            core.apply(core.as_readers_get_it(version, at.zone), at.document)
            # Its words are the same: a feed or a sitemap that called them new would cry wolf.
            if changed_at is not None:
                Page.objects.filter(pk=at.document.pk).update(updated_at=changed_at)
        core.record(at, "approve", version, actor)
        return version


def send_back(
    document: Document,
    *,
    number: int,
    event: int | None = None,
    note: str,
    actor: Actor,
    now: datetime,
) -> Version:
    """A reviewer gives the newest draft back to be mended, with a word (at most LONGEST_WORD letters) that the editor reads.

    Its approval and its publication ahead go. It does not go live as it is: somebody saves a newer version, or a reviewer
    approves it after all. Refused with "not_a_reviewer", "no_word", "no_draft" or "sent_back_already".
    """
    with core.opened(document, number, now, event=event) as at:
        if actor.user is None or not actor.user.has_perm(REVIEW):
            raise Refused("not_a_reviewer", "Only a reviewer sends a draft back.")
        if not note.strip():
            raise Refused("no_word", "Say in a few words what should be different.")
        if at.is_live:
            raise Refused("no_draft", f"Readers have this version already. Unpublish the {at.noun} instead.")
        if at.tip.pk == at.document.live_id:
            raise Refused("no_draft", "Readers had this version. There is no newer draft to send back.")
        version = at.tip
        if version.sent_back_at is not None:
            raise Refused("sent_back_already", f"Version {version.number} has been sent back already.")
        version.approved_by = version.approved_at = version.next_review = version.publish_at = None
        version.sent_back_at = now
        version.save(
            update_fields=["approved_by", "approved_at", "next_review", "publish_at", "sent_back_at"]
        )
        core.record(at, "send_back", version, actor, reason=note.strip()[:LONGEST_WORD])
        return version


def reviewer_of(actor: Actor) -> Person | None:
    """The person under whose name the actor may approve, or None."""
    if actor.user is None or not actor.user.has_perm(REVIEW):
        return None
    return Person.objects.filter(account=actor.user).first()


def _promises_are_theirs(at: Opened, overridden: Sequence[Problem], actor: Actor) -> None:
    """Refused with code "promise" where somebody lets a promise pass under a name that is not for them to give."""
    promises = any(problem.blocks and problem.code.startswith("claim_") for problem in overridden)
    if promises and at.tip.approved_by_id is not None and reviewer_of(actor) is None:
        raise Refused(
            "promise",
            "It promises something under a reviewer’s name, so only a reviewer can let that pass. Mend it, or ask them.",
        )


def publish(
    document: Document,
    *,
    number: int,
    event: int | None = None,
    overrides: Overrides = NOTHING_OVERRIDDEN,
    actor: Actor,
    now: datetime,
) -> Version:
    """Readers see the newest version from now on."""
    with core.opened(document, number, now, event=event) as at:
        if at.is_live:
            raise Refused("live_already", f"Version {at.tip.number} is live already.")
        overridden = obstacles.obstacles(at, at.tip, overrides)
        _promises_are_theirs(at, overridden, actor)
        obstacles.put_live(at, at.tip, actor, overridden=overridden, reason=overrides.reason)
        return at.tip


def schedule(
    document: Document,
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
    with core.opened(document, number, now, event=event) as at:
        if publish_at <= now:
            raise Refused("not_ahead", "Choose a time that lies ahead.")
        if at.is_live:
            raise Refused("live_already", f"Version {at.tip.number} is live already.")
        overridden = obstacles.obstacles(at, at.tip, overrides)
        _promises_are_theirs(at, overridden, actor)
        at.document.versions.update(publish_at=None)
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


def unschedule(document: Document, *, actor: Actor, now: datetime) -> PageEvent:
    """What was planned is not: the version stays as it is. It compares nothing, because it may be urgent."""
    with core.opened(document, None, now) as at:
        planned = at.document.versions.to_publish().first()
        if planned is None:
            raise Refused("nothing_planned", f"Nothing is planned for this {at.noun}.")
        planned.publish_at = None
        planned.save(update_fields=["publish_at"])
        return core.record(at, "unschedule", planned, actor)


def unpublish(document: Document, *, actor: Actor, now: datetime) -> PageEvent:
    """Readers do not see it any more. A publication ahead goes too: it would bring the document back unasked.

    It compares nothing: whatever a colleague has saved meanwhile, what readers see must come off at once.
    """
    with core.opened(document, None, now) as at:
        live = at.document.live
        if live is None or not at.document.is_published:
            raise Refused("not_live", f"Readers do not see this {at.noun} as it is.")
        at.document.is_published = False
        core.save(at.document, "is_published")
        at.document.versions.update(publish_at=None)
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


def remove(document: Document, *, number: int | None = None, event: int | None = None, now: datetime) -> None:
    """Delete a document that readers have never had, with its drafts. Any other is unpublished instead, and kept.

    `number` is left out by whoever has compared by themselves what the person saw. The caller logs who it was.
    """
    with core.opened(document, number, now, event=event) as at:
        if at.document.is_published or at.document.versions.filter(published_at__isnull=False).exists():
            raise Refused("was_live", f"Readers have had this {at.noun}. Unpublish it instead.")
        try:
            at.document.delete()
        except ProtectedError as error:
            raise Refused("in_use", f"A plan needs this {at.noun}. Take it out of the plan first.") from error


def share(
    document: Document, *, number: int, event: int | None = None, actor: Actor, now: datetime
) -> Version:
    """Note that somebody let others see the newest version by a link. The link is content.publishing.shared_previews's."""
    with core.opened(document, number, now, event=event) as at:
        core.record(at, "share", at.tip, actor)
        return at.tip
