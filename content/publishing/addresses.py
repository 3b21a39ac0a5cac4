"""What happens to a page's old address when it goes live under a new one."""

from __future__ import annotations

from content.models import Page


def moved(page: Page, old_kind: str, old_slug: str) -> None:
    """The one hook for a page that readers knew at `old_kind` and `old_slug` and that is now live elsewhere.

    Called by content.publishing.going_live inside the transaction that puts the page live, after the row has its new
    address. It is the place to keep the old one, so that it can lead to the new one. It must not raise.
    """
