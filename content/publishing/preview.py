"""A document as readers would get it, before they do: by the same address, view and templates, so nothing can differ.

The draft is put into its row, the view of the page that shows it is asked, and the transaction is rolled back: nobody else
ever sees that row. It costs a short write lock, and spares a second renderer that every new kind of page would have to know.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse

from content.models import Document, ExamplePlan, Page, Suitability
from content.models.matrix import new_public_id
from content.publishing import core, obstacles
from content.publishing.errors import EditRefused
from content.publishing.kinds import DocumentSnapshot
from content.publishing.snapshots import PageSnapshot


@dataclass(frozen=True)
class Preview:
    """What templates know of it, as `request.preview`. `framed`: beside the editor's form, so links open elsewhere."""

    framed: bool = False
    words: str = ""
    wrong: tuple[str, ...] = ()


def document(
    request: HttpRequest, row: Document, snapshot: DocumentSnapshot, preview: Preview
) -> HttpResponseBase | None:
    """The answer that readers would get if `snapshot` were live, at the address of `row`, which may not be saved yet.

    None if no page that readers can open shows it, or no row can say it (a plan with another plan's title).
    """
    with transaction.atomic():
        fresh: Document = type(row)._default_manager.filter(pk=row.pk).first() or row
        fresh.is_published = True
        if isinstance(fresh, Page) and isinstance(snapshot, PageSnapshot):
            snapshot = _addressable(snapshot, fresh)
        try:
            core.apply(snapshot, fresh)
            url = address(fresh)
        except EditRefused:
            url = ""
        response = _asked(request, url, preview) if url else None
        transaction.set_rollback(True)
    return response


def _asked(request: HttpRequest, url: str, preview: Preview) -> HttpResponseBase:
    view, args, kwargs = resolve(url)
    response: HttpResponseBase = view(_as_a_reader(request, url, preview), *args, **kwargs)
    return response


def address(row: Document) -> str:
    """Where readers find it: a page's own address, the first page about a treatment or a cell's concern, the price list.

    "" if no published page shows it. One statement at most.
    """
    if isinstance(row, Page):
        return row.get_absolute_url()
    if isinstance(row, ExamplePlan):
        return reverse("content:costs")
    about = row.concern if isinstance(row, Suitability) else row
    kind = Page.Kind.CONCERN if isinstance(row, Suitability) else Page.Kind.TREATMENT
    page = about.pages.published().filter(kind=kind).order_by("order", "pk").first()
    return page.get_absolute_url() if page else ""


def _addressable(snapshot: PageSnapshot, row: Page) -> PageSnapshot:
    """With an address that can be opened: while somebody types it, it may be empty, wrong or another page's."""
    kind = snapshot.kind if snapshot.kind in Page.Kind.values else Page.Kind.ARTICLE.value
    try:
        validate_slug(snapshot.slug)
        others = Page.objects.exclude(pk=row.pk).filter(kind=kind, slug=snapshot.slug)
        taken = others.exists() or obstacles.leads_elsewhere(kind, snapshot.slug)
    except ValidationError:
        taken = True
    return replace(snapshot, kind=kind, slug=new_public_id() if taken else snapshot.slug)


def _as_a_reader(request: HttpRequest, url: str, preview: Preview) -> HttpRequest:
    """The request that a reader's browser would send: the view must not see a form's POST."""
    asked = copy(request)
    asked.method = "GET"
    asked.GET = QueryDict()
    asked.path = asked.path_info = url
    asked.preview = preview  # type: ignore[attr-defined]  # where every template finds it
    return asked
