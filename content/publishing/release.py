"""How a version reaches its readers, or is kept back when its time has come."""

from __future__ import annotations

from collections.abc import Sequence

from content.models import Page, Version
from content.publishing import addresses, core, reviewer
from content.publishing.check import Problem
from content.publishing.core import Opened
from content.publishing.errors import Blocked, EditRefused, PublishingError


def put_live(at: Opened, version: Version, *, overridden: Sequence[Problem], reason: str) -> None:
    """Readers see `version` from now on. What was planned for it, or for an older one, is done with."""
    document, known = at.document, at.document.live_id is not None
    was = (document.kind, document.slug) if isinstance(document, Page) else None
    core.apply(reviewer.as_readers_get_it(version, at.zone), document)
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
    core.record(at, "publish", version, problems=overridden, reason=reason if overridden else "")


def keep_back(at: Opened, version: Version, error: PublishingError) -> None:
    """The time of a planned version has come, and `error` says why it does not go live. Within the caller's transaction."""
    problems = error.problems if isinstance(error, Blocked) else []
    if isinstance(error, EditRefused):
        problems = [Problem(error.code, True, error.message, "")]
    planned, version.publish_at = version.publish_at, None
    version.kept_back_at = at.now
    version.save(update_fields=["publish_at", "kept_back_at"])
    core.record(at, "keep_back", version, planned_for=planned, problems=problems)
