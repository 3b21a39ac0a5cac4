"""What stands between a version and its readers, and the one function that puts it before them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, Resolver404, resolve

from clinic.foundation import when
from content.models import Page, Version
from content.models.page import MEDICAL_KINDS, OWN_ADDRESSES
from content.publishing import addresses, check, core
from content.publishing.check import Problem
from content.publishing.core import Actor, Opened
from content.publishing.errors import Blocked, NeedsReviewer, Refused
from content.publishing.snapshot import Snapshot

# Kinds with one address for all of them: a second page of the kind would hide the first.
ONE_OF_A_KIND = (Page.Kind.HOME, Page.Kind.HUB)
# "x" is no reason.
SHORTEST_REASON = 10  # letters


@dataclass(frozen=True)
class Overrides:
    """Which problems somebody lets pass, by `key`, and why."""

    keys: frozenset[str] = frozenset()
    reason: str = ""


NOTHING_OVERRIDDEN = Overrides()


def key(problem: Problem) -> str:
    """A short name for one problem of one page: the same words in the same field have the same key."""
    return key_of(problem.code, problem.field, problem.excerpt)


def key_of(code: str, field: str, excerpt: str) -> str:
    """The key of a problem of which only these are known, as events keep them."""
    return hashlib.sha256("\n".join((code, field, excerpt)).encode()).hexdigest()[:16]


def is_medical(said: Snapshot) -> bool:
    """Whether a reviewer must approve it: it is a page about a concern or a treatment, or it covers one."""
    return said.kind in MEDICAL_KINDS or bool(said.treatments or said.concerns)


def needs_reviewer(said: Snapshot) -> bool:
    """Whether it may not go live for want of a reviewer's name, whatever reason somebody gives."""
    return is_medical(said) and not said.checked_by


def problems(said: Snapshot, today: date) -> list[Problem]:
    """What the check finds, blocking problems first. A missing reviewer is left to `needs_reviewer` where that applies.

    `today` is the clinic's day.
    """
    found = check.problems(said, check.site(today))
    if needs_reviewer(said):
        found = [problem for problem in found if problem.field != "checked_by"]
    return sorted(found, key=lambda problem: not problem.blocks)


def obstacles(at: Opened, said: Snapshot, overrides: Overrides) -> list[Problem]:
    """Raise what keeps `said` from going live; return the problems that are overridden.

    NeedsReviewer, Blocked, or Refused with "no_reason", "second_of_a_kind" or "address_taken".
    """
    if needs_reviewer(said):
        raise NeedsReviewer
    found = problems(said, when.local_day(at.now, at.zone))
    blocking = [problem for problem in found if problem.blocks and key(problem) not in overrides.keys]
    if blocking:
        raise Blocked(blocking)
    overridden = [problem for problem in found if key(problem) in overrides.keys]
    if overridden and len(overrides.reason.strip()) < SHORTEST_REASON:
        raise Refused(
            "no_reason",
            "Say in a few words why these problems may stay. The reason is kept in the page's history.",
        )
    _address_is_free(at.page, said)
    return overridden


def leads_elsewhere(kind: str, slug: str) -> bool:
    """Whether the page's address would open something else of the site: /admin/, /preview/, /articles/feed/."""
    if kind == Page.Kind.DUTY and slug in OWN_ADDRESSES:
        return False
    try:
        match = resolve(Page(kind=kind, slug=slug).get_absolute_url())
    except (NoReverseMatch, Resolver404):
        return True
    return kind not in ONE_OF_A_KIND and match.view_name != f"content:{kind}"


def _address_is_free(page: Page, said: Snapshot) -> None:
    others = Page.objects.exclude(pk=page.pk).filter(kind=said.kind)
    if said.kind in ONE_OF_A_KIND and others.published().exists():
        raise Refused("second_of_a_kind", "There is such a page already. Unpublish it first.")
    if leads_elsewhere(said.kind, said.slug):
        raise Refused("address_taken", "This address belongs to another part of the site.")
    if others.filter(slug=said.slug).exists():
        raise Refused("address_taken", "Another page of this kind has this address.")


def put_live(
    at: Opened, version: Version, actor: Actor, *, overridden: Sequence[Problem], reason: str
) -> None:
    """Readers see `version` from now on. What was planned for it, or for an older one, is done with."""
    page, known = at.page, at.page.live_id is not None
    old_kind, old_slug = page.kind, page.slug
    core.apply(core.as_readers_get_it(version, at.zone), page)
    page.live = version
    page.is_published = True
    page.save(update_fields=["live", "is_published"])
    if known:
        addresses.moved(page, old_kind, old_slug)
    else:
        addresses.took(page)
    page.versions.filter(number__lte=version.number).update(publish_at=None, kept_back_at=None)
    version.publish_at = version.kept_back_at = None
    version.published_at = at.now
    version.save(update_fields=["published_at"])
    core.record(at, "publish", version, actor, problems=overridden, reason=reason if overridden else "")
