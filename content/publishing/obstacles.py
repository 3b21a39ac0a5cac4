"""What stands between a version and its readers: no reviewer's name, what the check finds, another row in its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, Resolver404, resolve

from content import limits
from content.models import Document, Page, Treatment, Version
from content.models.page import OWN_ADDRESSES
from content.publishing import check, check_facts, reviewer
from content.publishing.check import Problem
from content.publishing.core import Opened
from content.publishing.errors import Blocked, EditRefused, NeedsReviewer
from content.publishing.facts import PlanSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.publishing.snapshots import PageSnapshot

# Kinds with one address for all of them: a second page of the kind would hide the first.
ONE_OF_A_KIND = (Page.Kind.HOME, Page.Kind.HUB)


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


def problems(snapshot: DocumentSnapshot, today: date) -> list[Problem]:
    """What the check finds, blocking problems first. A missing reviewer is left to the reviewer rule where that applies.

    `today` is the clinic's day.
    """
    if not isinstance(snapshot, PageSnapshot):
        return check_facts.problems(snapshot, check_facts.site())
    found = check.problems(snapshot, check.site(today))
    if reviewer.needs_reviewer(snapshot):
        found = [problem for problem in found if problem.field != "checked_by"]
    return sorted(found, key=lambda problem: not problem.blocks)


def overcome(at: Opened, version: Version, overrides: Overrides) -> list[Problem]:
    """Raise what keeps the version from going live; return the problems that are overridden.

    NeedsReviewer, Blocked, or EditRefused: "sent_back", "no_reason", "second_of_a_kind", "address_taken", "treatment_gone".
    """
    if version.sent_back_at is not None:
        raise EditRefused(
            "sent_back",
            f"A reviewer has sent version {version.number} back. Mend it and save it, then publish it.",
        )
    snapshot = reviewer.as_readers_get_it(version, at.zone)
    if why := reviewer.needs_reviewer(snapshot, at.document):
        raise NeedsReviewer(why)
    found = problems(snapshot, at.today)
    blocking = [problem for problem in found if problem.blocks and key(problem) not in overrides.keys]
    if blocking:
        raise Blocked(blocking)
    overridden = [problem for problem in found if key(problem) in overrides.keys]
    if overridden and len(overrides.reason.strip()) < limits.OVERRIDE_REASON_LEAST_CHARACTERS:
        raise EditRefused(
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
            raise EditRefused("treatment_gone", f"There is no treatment {min(codes - there)} any more.")


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
        raise EditRefused("second_of_a_kind", "There is already a page of this kind. Unpublish it first.")
    if leads_elsewhere(snapshot.kind, snapshot.slug):
        raise EditRefused("address_taken", "This address belongs to another part of the site.")
    if others.filter(slug=snapshot.slug).exists():
        raise EditRefused("address_taken", "Another page of this kind has this address.")
