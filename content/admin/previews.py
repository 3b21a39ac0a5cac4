"""The documents in the frame beside the editor: our own page, in its own styles, under a policy of its own.

Nothing in them runs, sends or loads from elsewhere, and only the desk may frame them.
"""

from __future__ import annotations

from functools import partial

from csp.constants import NONE, SELF
from django.forms import modelform_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from clinic.foundation.text import id_in
from content.admin import desk, form_values
from content.admin.options import EditedAdmin
from content.models import ClinicProfile
from content.publishing import preview, reviewer, states
from content.publishing.preview import Preview

# allow-same-origin: or the style sheet would be a stranger's. Without allow-scripts nothing can make use of it. A link
# opens in a tab of its own, because no page of ours lets itself be framed.
POLICY = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"],
}

_NO_PAGE = "No page that readers can open shows this yet, so there is nothing to preview."


def typed_now(admin: EditedAdmin, request: HttpRequest) -> HttpResponseBase:
    """The editor's form as a page. POST, because it is long; nothing is kept. GET: what the frame says before that."""
    options = admin.editor_options
    desk.require(request, options.right("view"), options.right("change"), desk.REVIEW)
    if request.method == "GET":
        return _framed(_nothing(request, "Press “Show preview” to see it as readers would."))
    if request.method != "POST":
        raise Http404
    rows = options.model._default_manager
    row = rows.filter(pk=id_in(request.POST.get("page", ""))).first()
    before = states.newest_snapshot(row, ClinicProfile.current().zone) if row else options.blank
    # The editor's own fields, even for somebody who may only look: an admin gives them a form without any.
    fields = partial(admin.formfield_for_dbfield, request=request)
    left_out = (*(admin.form._meta.exclude or ()), *admin.get_readonly_fields(request, row))
    maker = modelform_factory(options.model, form=admin.form, exclude=left_out, formfield_callback=fields)
    form = maker(
        request.POST,
        instance=rows.get(pk=row.pk) if row else options.model(),
        prefix=options.prefix or None,
    )
    form.is_valid()
    snapshot = form_values.read_loosely(form, before)
    shown = preview.document(
        request, row or form.instance, snapshot, Preview(framed=True, wrong=form_values.wrong(form))
    )
    return _framed(shown or _nothing(request, _NO_PAGE))


def stored(admin: EditedAdmin, request: HttpRequest, page_id: int, number: int) -> HttpResponseBase:
    """A version of the document as it was saved."""
    options = admin.editor_options
    desk.require(request, options.right("view"), options.right("change"), desk.REVIEW)
    page, zone = options.found(page_id), ClinicProfile.current().zone
    version = page.versions.select_related("approved_by").filter(number=number).first()
    if version is None and number == 1 and not page.versions.exists():
        version = states.of(page, zone).tip
    if version is None or request.method not in ("GET", "HEAD"):
        raise Http404
    snapshot = reviewer.as_readers_get_it(version, zone)
    shown = preview.document(request, page, snapshot, Preview(framed=True))
    return _framed(shown or _nothing(request, _NO_PAGE))


def _nothing(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "admin/content/page/no_preview.html", {"why": why})


def _framed(response: HttpResponseBase) -> HttpResponseBase:
    response._csp_config = POLICY  # type: ignore[attr-defined]  # what django-csp's decorator sets
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
