"""What people do to a document: one function each, called by the editors' pages.

A document is a page, a treatment, a cell of the matrix or an example plan; what it says is a value of its own kind
(content.publishing.kinds). Besides these, content.publishing.clock puts live what was planned or keeps it back, and the
loader takes a first version of each page, and of whatever else comes unpublished (core.first_version). A row made without
the verbs gets its first one with the first verb: what the row says.

Each verb takes an `Edit`: by whom, when, and which version and event they saw (content.publishing.edit). If somebody did
something meanwhile, it raises EditConflict and does nothing. Each verb is one transaction and appends one event; `remove`
takes the events with the document, and saving what is there already appends none. What else it may raise is in
content.publishing.errors.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError, Q

from content import limits
from content.models import (
    Concern,
    Document,
    ExamplePlan,
    Page,
    PageEvent,
    Suitability,
    Treatment,
    Version,
)
from content.publishing import core, kinds, obstacles, release, review_dates, reviewer, snapshots
from content.publishing.core import Opened
from content.publishing.edit import Edit
from content.publishing.errors import EditRefused
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.publishing.obstacles import NOTHING_OVERRIDDEN, Overrides
from content.publishing.snapshots import PageSnapshot


def add_page(edit: Edit, snapshot: PageSnapshot, *, note: str = "") -> Page:
    """A new page that nobody can open yet, with `snapshot` as version 1, its draft."""
    page = Page(is_published=False)
    _add(page, edit, snapshot, note)
    return page


def add_treatment(edit: Edit, code: str, snapshot: TreatmentSnapshot, *, note: str = "") -> Treatment:
    """A new treatment that readers are not told of yet. EditRefused with "code_taken" if there is one of this code."""
    treatment = Treatment(code=code, is_published=False)
    _add(treatment, edit, snapshot, note)
    return treatment


def add_cell(
    edit: Edit, concern: Concern, treatment: Treatment, snapshot: CellSnapshot, *, note: str = ""
) -> Suitability:
    """A new cell of the matrix that readers do not see yet. EditRefused with "cell_taken" if the two have one."""
    cell = Suitability(concern=concern, treatment=treatment, is_published=False)
    _add(cell, edit, snapshot, note)
    return cell


def add_plan(edit: Edit, snapshot: PlanSnapshot, *, note: str = "") -> ExamplePlan:
    """A new example plan that readers do not see yet. EditRefused with "title_taken" if there is one of this title."""
    plan = ExamplePlan(is_published=False)
    _add(plan, edit, snapshot, note)
    return plan


@transaction.atomic
def _add(document: Document, edit: Edit, snapshot: DocumentSnapshot, note: str) -> None:
    core.apply(snapshot.unchecked(), document)
    version = core.new_version(document, 1, snapshot, edit, note=note)
    core.record(Opened(document, version, edit), "add", version)


def save_draft(document: Document, edit: Edit, snapshot: DocumentSnapshot, *, note: str = "") -> Version:
    """Keep `snapshot` beside what readers see. If it says nothing new, nothing is written: the newest version comes back."""
    kinds.must_fit(snapshot, document)
    with core.opened(document, edit) as at:
        # As readers would get it, without the name: an approval may have set the date of the next check.
        before = kinds.snapshot_of(at.tip).with_check("", None, at.tip.next_review)
        if not snapshots.changed(before.tidy(), snapshot.unchecked().tidy()):
            return at.tip
        version = core.append(at, snapshot, note=note)
        core.record(at, "save", version)
        return version


def restore(document: Document, edit: Edit, old: int) -> Version:
    """What version `old` said becomes a new draft; `old` itself and its approval stay where they are."""
    with core.opened(document, edit) as at:
        found = at.document.versions.filter(number=old).first()
        if found is None:
            raise EditRefused("no_such_version", f"This {at.noun} has no version {old}.")
        if found.pk == at.tip.pk:
            raise EditRefused("nothing_new", f"Version {old} is the newest already.")
        version = core.append(at, kinds.snapshot_of(found), note=f"Version {old} again")
        core.record(at, "restore", version)
        return version


def discard(document: Document, edit: Edit) -> None:
    """Discard the draft: the editor opens the live (or the scheduled) version again. The draft stays in the history."""
    with core.opened(document, edit) as at:
        floor = max(
            at.document.versions.filter(Q(pk=at.document.live_id) | Q(publish_at__isnull=False)).values_list(
                "number", flat=True
            ),
            default=0,
        )
        if at.document.live_id is None:
            raise EditRefused("no_other", f"Readers have never had this {at.noun}. Delete it instead.")
        if at.tip.number <= floor:
            raise EditRefused("no_draft", "There is no draft to discard.")
        at.document.versions.kept().filter(number__gt=floor).update(discarded_at=edit.now, kept_back_at=None)
        core.record(at, "discard", at.tip)


def approve(document: Document, edit: Edit, *, next_review: date | None = None) -> Version:
    """A reviewer puts their name to the newest version, and to no other. If readers have it, they see the check at once.

    EditRefused with code "not_a_reviewer" unless they hold `content.review_page` and are linked to a person, and with
    "no_reviewer" for an example plan, under which no name stands.
    """
    with core.opened(document, edit) as at:
        if not kinds.kind(document).has_reviewer:
            raise EditRefused("no_reviewer", f"No reviewer's name stands under a {at.noun}.")
        person = reviewer.person_of(edit.editor)
        if person is None:
            raise EditRefused(
                "not_a_reviewer",
                "Approving needs a reviewer whose account is linked to a person of the team.",
            )
        if fault := review_dates.fault(next_review, at.today):
            raise EditRefused(*fault)
        version = at.tip
        version.approved_by, version.approved_at, version.next_review = person, edit.now, next_review
        version.sent_back_at = None
        version.save(update_fields=["approved_by", "approved_at", "next_review", "sent_back_at"])
        if version.pk == at.document.live_id:
            changed_at = at.document.updated_at if isinstance(at.document, Page) else None
            core.apply(reviewer.as_readers_get_it(version, at.zone), at.document)
            # Its words are the same: a feed or a sitemap that called them new would raise a false alarm.
            if changed_at is not None:
                Page.objects.filter(pk=at.document.pk).update(updated_at=changed_at)
        core.record(at, "approve", version)
        return version


def send_back(document: Document, edit: Edit, *, note: str) -> Version:
    """A reviewer gives the newest draft back to be mended, with a word (at most SEND_BACK_CHARACTERS) that the editor reads.

    Its approval and its publication ahead go. It does not go live as it is: somebody saves a newer version, or a reviewer
    approves it after all. EditRefused with "not_a_reviewer", "no_word", "no_draft" or "sent_back_already".
    """
    with core.opened(document, edit) as at:
        if not reviewer.may_review(edit.editor):
            raise EditRefused("not_a_reviewer", "Only a reviewer sends a draft back.")
        if not note.strip():
            raise EditRefused("no_word", "Say in a few words what should be different.")
        if at.is_live:
            raise EditRefused(
                "no_draft", f"Readers have this version already. Unpublish the {at.noun} instead."
            )
        if at.tip.pk == at.document.live_id:
            raise EditRefused("no_draft", "Readers had this version. There is no newer draft to send back.")
        version = at.tip
        if version.sent_back_at is not None:
            raise EditRefused("sent_back_already", f"Version {version.number} has been sent back already.")
        version.approved_by = version.approved_at = version.next_review = version.publish_at = None
        version.sent_back_at = edit.now
        version.save(
            update_fields=["approved_by", "approved_at", "next_review", "publish_at", "sent_back_at"]
        )
        core.record(at, "send_back", version, reason=note.strip()[: limits.SEND_BACK_CHARACTERS])
        return version


def publish(document: Document, edit: Edit, *, overrides: Overrides = NOTHING_OVERRIDDEN) -> Version:
    """Readers see the newest version from now on."""
    with core.opened(document, edit) as at:
        if at.is_live:
            raise EditRefused("live_already", f"Version {at.tip.number} is live already.")
        overridden = obstacles.overcome(at, at.tip, overrides)
        reviewer.guard_promises(at.tip, overridden, edit.editor)
        release.put_live(at, at.tip, overridden=overridden, reason=overrides.reason)
        return at.tip


def schedule(
    document: Document, edit: Edit, *, publish_at: datetime, overrides: Overrides = NOTHING_OVERRIDDEN
) -> Version:
    """The newest version goes live at `publish_at` (UTC), in place of any other that was planned.

    It must be fit to go live now, and is checked again when its time comes.
    """
    with core.opened(document, edit) as at:
        if publish_at <= edit.now:
            raise EditRefused("not_ahead", "Choose a time that lies ahead.")
        if at.is_live:
            raise EditRefused("live_already", f"Version {at.tip.number} is live already.")
        overridden = obstacles.overcome(at, at.tip, overrides)
        reviewer.guard_promises(at.tip, overridden, edit.editor)
        at.document.versions.update(publish_at=None)
        at.tip.publish_at, at.tip.kept_back_at = publish_at, None
        at.tip.save(update_fields=["publish_at", "kept_back_at"])
        core.record(
            at,
            "schedule",
            at.tip,
            planned_for=publish_at,
            problems=overridden,
            reason=overrides.reason if overridden else "",
        )
        return at.tip


def unschedule(document: Document, edit: Edit) -> PageEvent:
    """Cancel what was planned: the version stays as it is. It compares nothing, because it may be urgent."""
    with core.opened(document, edit, compare=False) as at:
        planned = at.document.versions.to_publish().first()
        if planned is None:
            raise EditRefused("nothing_planned", f"Nothing is planned for this {at.noun}.")
        planned.publish_at = None
        planned.save(update_fields=["publish_at"])
        return core.record(at, "unschedule", planned)


def unpublish(document: Document, edit: Edit) -> PageEvent:
    """Readers do not see it any more. A publication ahead goes too: it would bring the document back unasked.

    It compares nothing: whatever a colleague has saved meanwhile, what readers see must come off at once.
    """
    with core.opened(document, edit, compare=False) as at:
        live = at.document.live
        if live is None or not at.document.is_published:
            raise EditRefused("not_live", f"Readers do not see this {at.noun} as it is.")
        at.document.is_published = False
        core.save(at.document, "is_published")
        at.document.versions.update(publish_at=None)
        return core.record(at, "unpublish", live)


def remove(document: Document, edit: Edit) -> None:
    """Delete a document that readers have never had, with its drafts. Any other is unpublished instead, and kept.

    An `edit` without a number is from a caller who has compared what the person saw. The caller logs who it was.
    """
    with core.opened(document, edit) as at:
        if at.document.is_published or at.document.versions.filter(published_at__isnull=False).exists():
            raise EditRefused("was_live", f"Readers have had this {at.noun}. Unpublish it instead.")
        try:
            at.document.delete()
        except ProtectedError as error:
            raise EditRefused(
                "in_use", f"A plan needs this {at.noun}. Take it out of the plan first."
            ) from error


def share(document: Document, edit: Edit) -> Version:
    """Note that somebody shared the newest version by a link. The link is content.publishing.shared_previews's."""
    with core.opened(document, edit) as at:
        core.record(at, "share", at.tip)
        return at.tip
