"""Where a page has been: a renamed page answers at its old addresses by sending readers on, for good.

And where somebody is meant who types the name of a concern or a treatment as an address.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import slugify

from content.models import Concern, FormerSlug, Page, Treatment

# One page each, at an address that no slug is part of. Renaming them moves nothing.
_WITHOUT_SLUG = (Page.Kind.HOME, Page.Kind.HUB)
# What people call by a name of the matrix.
_NAMED = (Page.Kind.CONCERN, Page.Kind.TREATMENT)


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


def named(kind: str, slug: str) -> str | None:
    """Where the concern or treatment of this name is explained, or None: /treatments/subcision/, /concerns/rolling-scars/.

    A name in full, in short or by its code, then the words of one page alone: /treatments/peels/. What is not done here is
    explained in the list of treatments. At most three statements.
    """
    if kind not in _NAMED or not (asked := _words(slug)):
        return None
    pages = list(Page.objects.filter(kind=kind).only("kind", "slug", "menu_title", "is_published"))
    if any(one.slug == slug for one in pages):
        return None  # that page itself was asked for, and nobody may see it now
    if kind == Page.Kind.TREATMENT:
        treatments = Treatment.objects.published().only("code", "name", "short", "offered")
        treatment = next((one for one in treatments if asked in _names(one.code, one.name, one.short)), None)
        if treatment and not treatment.offered:
            return f"{reverse('content:treatments')}#not-offered-{treatment.code}"
        about = Page.objects.filter(treatments=treatment) if treatment else None
    else:
        concerns = Concern.objects.only("code", "name")
        concern = next((one for one in concerns if asked in _names(one.code, one.name)), None)
        about = Page.objects.filter(concerns=concern) if concern else None
    found = list(about.filter(kind=kind, is_published=True)[:1]) if about is not None else []
    if not found:
        found = [one for one in pages if one.is_published and asked <= _words(f"{one.slug} {one.menu_title}")]
    return found[0].get_absolute_url() if len(found) == 1 else None


def _names(*written: str) -> Iterable[frozenset[str]]:
    """Each name as words, with what stands in brackets and without it, and that alone."""
    for name in written:
        before, _, inside = name.partition("(")
        yield from (_words(name), _words(before), _words(inside))


def _words(written: str) -> frozenset[str]:
    """The words of a name or an address, in any order, one or several of a thing."""
    return frozenset(word.removesuffix("s") for word in slugify(written).split("-") if word)
