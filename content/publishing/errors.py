"""Why a verb did nothing. Each of these is raised before anything was written, or after it was rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.foundation import when
from content.models import PageEvent, Version
from content.publishing import history
from content.publishing.check import Problem


class PublishingError(Exception):
    """Base of all of them. `str()` is a sentence for people."""


class EditConflict(PublishingError):
    """Somebody did something meanwhile. `version` is the newest now; the words tell the last event, who and when."""

    def __init__(self, version: Version, last: PageEvent | None, now: datetime, zone: ZoneInfo) -> None:
        self.version = version
        if last is None:  # a row that was made without the verbs
            text, at = f"{version.saved_by_name} saved version {version.number}", version.saved_at
        else:
            text, at = history.told(last, zone).words, last.at
        super().__init__(f"{text} {when.ago(at, now)}.")


class EditRefused(PublishingError):
    """A rule says no. `code` is for programs, `message` for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class NeedsReviewer(EditRefused):
    """What is medical has no reviewer's name: `why` says in a sentence what it is. No reason overrides this."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "needs_reviewer", f"{why} A reviewer must approve this version before readers see it."
        )


class Blocked(PublishingError):
    """The check found what must be mended, or overridden with a reason. `problems` are those not overridden."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        things = "1 problem stands" if count == 1 else f"{count} problems stand"
        super().__init__(f"{things} in the way. Mend them, or tick them and give a reason.")
