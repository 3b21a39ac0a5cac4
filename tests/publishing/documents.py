"""Rows for the tests of this folder: Ed edits, Rhea reviews, Eve may see nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User

from content.models import Page, PageEvent, Person, Treatment, Version
from content.publishing import verbs
from content.publishing.check import Problem
from content.publishing.edit import Edit, Editor
from content.publishing.snapshots import PageSnapshot
from tests import factories as make

NOW = make.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WRITES = tuple(f"content.{do}_page" for do in ("view", "add", "change", "delete"))
EDITOR = (*WRITES, "content.publish_page")
REVIEWER = ("content.view_page", "content.review_page")


def ed() -> User:
    return make.staff("Ed Moss", *EDITOR)


def rhea() -> User:
    """A reviewer whose account is linked to a person of the team."""
    user = make.staff("Rhea Lund", *REVIEWER)
    Person.objects.update_or_create(
        slug="rhea-lund",
        defaults={"name": "Dr Rhea Lund", "role": "Dermatologist", "account": user},
    )
    return user


def as_ed() -> Editor:
    return Editor.staff(ed())


def as_rhea() -> Editor:
    # Read again: a user remembers the rights that they had when they were asked first.
    return Editor.staff(User.objects.get(pk=rhea().pk))


def treatment(code: str = "peel") -> Treatment:
    found, _ = Treatment.objects.get_or_create(
        code=code, defaults={"name": "Peels", "short": "Peels", "how": "It lifts skin.", "evidence": "B"}
    )
    return found


def page_snapshot(**changes: Any) -> PageSnapshot:
    """An article with everything it needs."""
    whole = PageSnapshot(
        kind="article",
        slug="sun",
        title="Sun and scars",
        menu_title="Sun",
        summary="How to keep the sun off.",
        body="Wear a hat.\n",
    )
    return replace(whole, **changes)


def draft(**changes: Any) -> Page:
    """A new page of Ed's that readers have never had."""
    return verbs.add_page(Edit(as_ed(), NOW), page_snapshot(**changes))


def live(**changes: Any) -> Page:
    """A page that readers can open: version 1, approved by Rhea if it is about a treatment."""
    page = draft(**changes)
    if page.kind == "treatment" or page.treatments.exists():
        verbs.approve(page, Edit(as_rhea(), NOW, 1))
    verbs.publish(page, Edit(as_ed(), NOW, 1))
    page.refresh_from_db()
    return page


def saved(page: Page, *, number: int, **changes: Any) -> Version:
    """Ed saves the page with these changes to its newest version."""
    newest = page.versions.kept().order_by("-number")[0]
    return verbs.save_draft(
        page, Edit(as_ed(), NOW + HOUR, number), replace(PageSnapshot.from_data(newest.data), **changes)
    )


def two_rules(snapshot: PageSnapshot, site: object) -> list[Problem]:
    """A check for these tests: what is really checked has tests of its own, and may grow."""
    found = []
    if not snapshot.summary:
        found.append(Problem("no_summary", True, "Write a summary: one sentence.", "summary"))
    if snapshot.kind == "treatment" and not snapshot.checked_by:
        found.append(Problem("no_reviewer", True, "Nobody is named who checked it.", "checked_by"))
    return found


def told(page: Page) -> list[str]:
    """The verbs of the page's history, oldest first."""
    return list(PageEvent.objects.filter(page=page).order_by("pk").values_list("verb", flat=True))


def fresh(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


TODAY, NEXT_YEAR = date(2026, 11, 30), date(2027, 11, 30)
