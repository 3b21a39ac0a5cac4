"""A page as readers would get it, before they do: through the same address, view and templates, so that nothing can differ.

The draft is put into the page's row, the page's own view is asked, and the transaction is rolled back: nobody else ever sees
that row. It costs a short write lock, and spares a second renderer that every new kind of page would have to know.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve

from content.models import Page
from content.models.matrix import new_public_id
from content.publishing import going_live
from content.publishing import snapshot as snapshots
from content.publishing.snapshot import Snapshot


@dataclass(frozen=True)
class Preview:
    """What templates know of it, as `request.preview`. `framed`: beside the editor's form, so links open elsewhere."""

    framed: bool = False
    words: str = ""
    wrong: tuple[str, ...] = ()


def document(request: HttpRequest, page: Page | None, said: Snapshot, preview: Preview) -> HttpResponseBase:
    """The answer that readers would get if `said` were live. `page` is None for one that is not saved yet."""
    with transaction.atomic():
        row = (Page.objects.filter(pk=page.pk).first() if page else None) or Page()
        row.is_published = True
        snapshots.apply(_addressable(said, row), row)
        url = row.get_absolute_url()
        view, args, kwargs = resolve(url)
        response: HttpResponseBase = view(_as_a_reader(request, url, preview), *args, **kwargs)
        transaction.set_rollback(True)
    return response


def _addressable(said: Snapshot, row: Page) -> Snapshot:
    """With an address that can be opened: while somebody types it, it may be empty, wrong or another page's."""
    kind = said.kind if said.kind in Page.Kind.values else Page.Kind.ARTICLE.value
    try:
        validate_slug(said.slug)
        others = Page.objects.exclude(pk=row.pk).filter(kind=kind, slug=said.slug)
        taken = others.exists() or going_live.leads_elsewhere(kind, said.slug)
    except ValidationError:
        taken = True
    return replace(said, kind=kind, slug=new_public_id() if taken else said.slug)


def _as_a_reader(request: HttpRequest, url: str, preview: Preview) -> HttpRequest:
    """The request that a reader's browser would send: the view must not see a form's POST."""
    asked = copy(request)
    asked.method = "GET"
    asked.GET = QueryDict()
    asked.path = asked.path_info = url
    asked.preview = preview  # type: ignore[attr-defined]  # where every template finds it
    return asked
