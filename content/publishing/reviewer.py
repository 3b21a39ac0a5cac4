"""The reviewer rule: what needs a reviewer's name before readers see it, whose name that is, and how long it stays.

A page about a concern or a treatment, a cell of the matrix and the medical facts of a treatment do not go live without a
reviewer's name. The name is the approval of that one version. It goes with the next change, with one exception: the facts of
a treatment keep it while they say the same to the letter, whatever its prices do (content.publishing.facts.NOT_MEDICAL).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic.foundation import when
from content.models import Document, Page, Person, Suitability, Treatment, Version
from content.models.page import MEDICAL_KINDS
from content.models.version import VersionQuerySet
from content.publishing import kinds
from content.publishing.check import Problem
from content.publishing.edit import Editor
from content.publishing.errors import EditRefused
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot, of_treatment
from content.publishing.kinds import DocumentSnapshot
from content.publishing.snapshots import PageSnapshot

# Anyone who holds it may approve and send back. To approve, their account must be linked to a person of the team.
REVIEW = "content.review_page"

WHY_PAGE = "This page is about a concern or a treatment."
WHY_CELL = "A cell of the matrix is medical."
WHY_TREATMENT = (
    "What is said of this treatment is medical, and differs from what a reviewer let readers have."
)


def needs_reviewer(snapshot: DocumentSnapshot, document: Document | None = None) -> str:
    """Why it may not go live without a reviewer's name, in a sentence; "" if it may. No reason overrides that.

    `snapshot` is what readers would get, with its name. `document` is needed for a treatment: what differs from what readers
    have only in fields that are not medical (content.publishing.facts.NOT_MEDICAL) needs nobody.
    """
    if snapshot.checked_by or isinstance(snapshot, PlanSnapshot):
        return ""
    if isinstance(snapshot, PageSnapshot):
        medical = snapshot.kind in MEDICAL_KINDS or bool(snapshot.treatments or snapshot.concerns)
        return WHY_PAGE if medical else ""
    if isinstance(snapshot, CellSnapshot):
        return WHY_CELL
    return WHY_TREATMENT if _says_something_new(snapshot, document) else ""


def _says_something_new(snapshot: TreatmentSnapshot, document: Document | None) -> bool:
    """Whether its medical facts are others than readers have at this moment, or they have none."""
    if not isinstance(document, Treatment) or not document.is_published:
        return True
    return not same_facts(told_last(document), snapshot)


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
        if told is not None and same_facts(told, snapshot):
            return snapshot.with_check(told.checked_by, told.checked_on, None)
    return snapshot


def same_facts(before: TreatmentSnapshot | None, after: TreatmentSnapshot) -> bool:
    """Whether two say the same of what is medical about a treatment. Readers who were told nothing were told other facts."""
    return before is not None and before.medical() == after.medical()


def told_last(treatment: Treatment) -> TreatmentSnapshot | None:
    """What readers are told of the treatment, or were before it was unpublished; None if they have never had it."""
    had = treatment.is_published or treatment.live_id is not None
    return of_treatment(treatment) if had else None


def may_review(editor: Editor) -> bool:
    """Whether they may send drafts back, and approve under a name that is theirs."""
    return editor.user is not None and editor.user.has_perm(REVIEW)


def person_of(editor: Editor) -> Person | None:
    """The person under whose name they may approve, or None."""
    return Person.objects.filter(account=editor.user).first() if may_review(editor) else None


def guard_promises(version: Version, overridden: Sequence[Problem], editor: Editor) -> None:
    """Raise EditRefused ("promise") where a promise is let pass under a reviewer's name by somebody who is no reviewer."""
    promises = any(problem.blocks and problem.code.startswith("claim_") for problem in overridden)
    if promises and version.approved_by_id is not None and person_of(editor) is None:
        raise EditRefused(
            "promise",
            "It promises something under a reviewer’s name, so only a reviewer can let that pass. Mend it, or ask them.",
        )


def waiting() -> VersionQuerySet:
    """Drafts that may not go live before a reviewer approves them, oldest first: `needs_reviewer`, in SQL.

    Two statements: the facts of treatments are compared here.
    """
    medical = [pk for pk, *facts in facts_waiting().values_list("pk", *FACTS) if says_something_new(*facts)]
    return _waits().filter(_medical_by_itself() | Q(pk__in=medical)).order_by("saved_at")


# Of `facts_waiting`: what says_something_new compares.
FACTS = ("data", "treatment__live__data", "treatment__is_published", "treatment__reviewed_by")


def facts_waiting() -> VersionQuerySet:
    """Drafts of treatments that nobody has approved: those that say something new wait for a reviewer."""
    return _waits().filter(treatment__isnull=False)


def says_something_new(draft: Any, live: Any, shown: bool, signed: int | None) -> bool:
    """Whether a draft's data differ from the live ones (None if there are none) in what is medical.

    With the same facts the name under them stays, even while the treatment is unpublished.
    """
    read = TreatmentSnapshot.from_data
    return not ((shown or signed) and same_facts(read(live) if live is not None else None, read(draft)))


def others_waiting() -> VersionQuerySet:
    """Drafts of pages and cells that wait for a reviewer."""
    return _waits().filter(_medical_by_itself())


def _waits() -> VersionQuerySet:
    return Version.objects.drafts().filter(approved_by=None, sent_back_at=None)


def _medical_by_itself() -> Q:
    covers = Q(data__treatments__0__isnull=False) | Q(data__concerns__0__isnull=False)
    medical_kinds = [str(kind) for kind in MEDICAL_KINDS]
    page = Q(page__isnull=False) & (Q(data__kind__in=medical_kinds) | covers)
    return page | Q(cell__isnull=False)


def check_of(document: Document) -> tuple[Person | None, date | None]:
    """Who has checked what the row says, and when, as the row itself tells it."""
    if isinstance(document, Page):
        return document.checked_by, document.checked_on
    if isinstance(document, Treatment | Suitability):
        return document.reviewed_by, document.reviewed_on
    return None, None
