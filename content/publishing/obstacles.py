"""What stands between a version and its readers, and the one function that puts it before them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, Resolver404, resolve

from clinic.foundation import when
from content.models import Document, Page, Treatment, Version
from content.models.page import MEDICAL_KINDS, OWN_ADDRESSES
from content.publishing import addresses, check, check_facts, core
from content.publishing.check import Problem
from content.publishing.core import Actor, Opened
from content.publishing.errors import Blocked, NeedsReviewer, Refused
from content.publishing.facts import CellSnapshot, PlanSnapshot, TreatmentSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.publishing.snapshots import PageSnapshot

# Kinds with one address for all of them: a second page of the kind would hide the first.
ONE_OF_A_KIND = (Page.Kind.HOME, Page.Kind.HUB)
# "x" is no reason.
SHORTEST_REASON = 10  # letters
WHY_PAGE = "This page is about a concern or a treatment."
WHY_CELL = "A cell of the matrix is medical."
WHY_TREATMENT = (
    "What is said of this treatment is medical, and differs from what a reviewer let readers have."
)


@dataclass(frozen=True)
class Overrides:
    """Which problems somebody lets pass, by `key`, and why."""

    keys: frozenset[str] = frozenset()
    reason: str = ""


NOTHING_OVERRIDDEN = Overrides()


def key(problem: Problem) -> str:
    """A short name for one problem of one document: the same words in the same field have the same key."""
    return key_of(problem.code, problem.field, problem.excerpt)


def key_of(code: str, field: str, excerpt: str) -> str:
    """The key of a problem of which only these are known, as events keep them."""
    return hashlib.sha256("\n".join((code, field, excerpt)).encode()).hexdigest()[:16]


def needs_reviewer(snapshot: DocumentSnapshot, document: Document | None = None) -> str:
    """Why it may not go live for want of a reviewer's name, in a sentence; "" if it may. No reason overrides that.

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
    told = core.told_last(document)
    return told is None or told.medical() != snapshot.medical()


def problems(snapshot: DocumentSnapshot, today: date) -> list[Problem]:
    """What the check finds, blocking problems first. A missing reviewer is left to `needs_reviewer` where that applies.

    `today` is the clinic's day.
    """
    if not isinstance(snapshot, PageSnapshot):
        return check_facts.problems(snapshot, check_facts.site())
    found = check.problems(snapshot, check.site(today))
    if needs_reviewer(snapshot):
        found = [problem for problem in found if problem.field != "checked_by"]
    return sorted(found, key=lambda problem: not problem.blocks)


def obstacles(at: Opened, version: Version, overrides: Overrides) -> list[Problem]:
    """Raise what keeps the version from going live; return the problems that are overridden.

    NeedsReviewer, Blocked, or Refused with "sent_back", "no_reason", "second_of_a_kind", "address_taken", "treatment_gone".
    """
    if version.sent_back_at is not None:
        raise Refused(
            "sent_back",
            f"A reviewer has sent version {version.number} back. Mend it and save it, then publish it.",
        )
    snapshot = core.as_readers_get_it(version, at.zone)
    if why := needs_reviewer(snapshot, at.document):
        raise NeedsReviewer(why)
    found = problems(snapshot, when.local_day(at.now, at.zone))
    blocking = [problem for problem in found if problem.blocks and key(problem) not in overrides.keys]
    if blocking:
        raise Blocked(blocking)
    overridden = [problem for problem in found if key(problem) in overrides.keys]
    if overridden and len(overrides.reason.strip()) < SHORTEST_REASON:
        raise Refused(
            "no_reason",
            "Say in a few words why these problems may stay. The reason is kept in the history.",
        )
    _rows_allow_it(at.document, snapshot)
    return overridden


def _rows_allow_it(document: Document, snapshot: DocumentSnapshot) -> None:
    """What other rows forbid, and no reason mends."""
    if isinstance(document, Page) and isinstance(snapshot, PageSnapshot):
        _address_is_free(document, snapshot)
    if isinstance(snapshot, PlanSnapshot):
        codes = {line[0] for line in snapshot.lines}
        there = set(Treatment.objects.filter(code__in=codes).values_list("code", flat=True))
        if codes - there:
            # Without its line the plan would cost less than it does.
            raise Refused("treatment_gone", f"There is no treatment {min(codes - there)} any more.")


def leads_elsewhere(kind: str, slug: str) -> bool:
    """Whether the page's address would open something else of the site: /admin/, /preview/, /articles/feed/."""
    if kind == Page.Kind.DUTY and slug in OWN_ADDRESSES:
        return False
    try:
        match = resolve(Page(kind=kind, slug=slug).get_absolute_url())
    except (NoReverseMatch, Resolver404):
        return True
    return kind not in ONE_OF_A_KIND and match.view_name != f"content:{kind}"


def _address_is_free(page: Page, snapshot: PageSnapshot) -> None:
    others = Page.objects.exclude(pk=page.pk).filter(kind=snapshot.kind)
    if snapshot.kind in ONE_OF_A_KIND and others.published().exists():
        raise Refused("second_of_a_kind", "There is such a page already. Unpublish it first.")
    if leads_elsewhere(snapshot.kind, snapshot.slug):
        raise Refused("address_taken", "This address belongs to another part of the site.")
    if others.filter(slug=snapshot.slug).exists():
        raise Refused("address_taken", "Another page of this kind has this address.")


def put_live(
    at: Opened, version: Version, actor: Actor, *, overridden: Sequence[Problem], reason: str
) -> None:
    """Readers see `version` from now on. What was planned for it, or for an older one, is done with."""
    document, known = at.document, at.document.live_id is not None
    was = (document.kind, document.slug) if isinstance(document, Page) else None
    core.apply(core.as_readers_get_it(version, at.zone), document)
    document.live = version
    document.is_published = True
    document.save(update_fields=["live", "is_published"])
    if isinstance(document, Page) and was:
        if known:
            addresses.moved(document, *was)
        else:
            addresses.took(document)
    document.versions.filter(number__lte=version.number).update(publish_at=None, kept_back_at=None)
    version.publish_at = version.kept_back_at = None
    version.published_at = at.now
    version.save(update_fields=["published_at"])
    core.record(at, "publish", version, actor, problems=overridden, reason=reason if overridden else "")
