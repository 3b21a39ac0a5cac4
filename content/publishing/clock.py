"""What happens by time alone: versions whose publication is due."""

from __future__ import annotations

import logging
from datetime import datetime

from content import limits
from content.models import PageEvent, Version
from content.publishing import core, kinds, obstacles, release
from content.publishing.core import Opened
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditRefused, PublishingError
from content.publishing.obstacles import Overrides

log = logging.getLogger(__name__)


def publish_due(now: datetime) -> int:
    """Put live what is due at `now`; return how many went live.

    Idempotent, and safe with several workers: the second to lock the page finds nothing planned any more. What is
    not fit for readers at that moment is kept back, with an event that says why, and shows in the list of what is due.
    """
    due = (
        Version.objects.to_publish()
        .filter(publish_at__lte=now)
        .with_documents()[: limits.PUBLICATIONS_AT_ONCE]
    )
    return sum(_publish(version, now) for version in due)


def _publish(version: Version, now: datetime) -> bool:
    try:
        with core.opened(version.document, Edit(Editor.clock(), now)) as at:
            fresh = at.document.versions.to_publish().filter(pk=version.pk, publish_at__lte=now).first()
            if fresh is None:
                return False  # somebody was first, or took it off the plan
            return _go(at, fresh)
    except EditRefused as error:
        log.info("The clock left %s alone: %s", _named(version), error.code)
    except Exception:  # one broken document must not hold up all the others
        log.exception("The clock failed at %s", _named(version))
    return False


def _named(version: Version) -> str:
    """For the log: "page 12". Its words do not belong in a log."""
    return f"{kinds.kind_of(version).noun} {version.document.pk}"


def _go(at: Opened, version: Version) -> bool:
    overrides = _given(version)
    try:
        overridden = obstacles.overcome(at, version, overrides)
        # It may be refused as well: another plan has the title by now.
        release.put_live(at, version, overridden=overridden, reason=overrides.reason)
    except PublishingError as error:
        release.keep_back(at, version, error)
        return False
    return True


def _given(version: Version) -> Overrides:
    """What was overridden when the publication was planned. Anything new is not."""
    planned = PageEvent.objects.filter(version=version, verb="schedule").first()
    if planned is None:
        return obstacles.NOTHING_OVERRIDDEN
    return Overrides(frozenset(obstacles.key_of(*problem) for problem in planned.problems), planned.reason)
