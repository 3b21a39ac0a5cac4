"""What must be right before a page goes live. Pure but for `site`, which reads what the rules need to know.

`problems(snapshot, site())` says what is wrong with one page, blocking problems first.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.models import Page
from content.publishing.snapshot import Snapshot


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `field` is the form's field to mend it in; `excerpt` the words in question."""

    code: str
    blocks: bool
    message: str
    field: str
    excerpt: str = ""


@dataclass(frozen=True)
class Site:
    """What the rules must know beside the page itself."""


def site() -> Site:
    """Read it. No statement yet."""
    return Site()


def problems(snapshot: Snapshot, site: Site) -> list[Problem]:
    """What is wrong with the page, blocking problems first."""
    found = []
    if not snapshot.summary.strip():
        found.append(Problem("no_summary", True, "Write a summary: one sentence.", "summary"))
    if snapshot.kind == Page.Kind.TREATMENT and not snapshot.checked_by:
        found.append(Problem("no_reviewer", True, "Nobody is named who checked it.", "checked_by"))
    return found
