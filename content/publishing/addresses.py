"""Where a page has been: a renamed page answers at its old addresses by sending readers on, for good."""

from __future__ import annotations

from content.models import FormerSlug, Page

# One page each, at an address that no slug is part of. Renaming them moves nothing.
_WITHOUT_SLUG = (Page.Kind.HOME, Page.Kind.HUB)


def moved(page: Page, old_kind: str, old_slug: str) -> None:
    """Send readers of the page's old address to the saved page. Does nothing when the address is still the same.

    Old addresses lead to the page and not to its next address, so they never form a chain. An address that the page
    takes (one of its own of earlier times, or another page's) stops sending on. The caller holds the transaction.
    """
    took(page)
    if old_kind in _WITHOUT_SLUG or (old_kind, old_slug) == (page.kind, page.slug):
        return
    FormerSlug.objects.update_or_create(kind=old_kind, slug=old_slug, defaults={"page": page})


def took(page: Page) -> None:
    """The saved page stands at its address. From now on nobody is redirected from there, even if it is unpublished later."""
    FormerSlug.objects.filter(kind=page.kind, slug=page.slug).delete()


def present(kind: str, slug: str) -> str | None:
    """Where the published page is now that once had this address, or None. One statement."""
    former = FormerSlug.objects.filter(kind=kind, slug=slug, page__is_published=True).select_related("page")
    found = former.first()
    return found.page.get_absolute_url() if found else None
