"""The documents in the frame beside the editor: our own page, in its own styles, under a policy of its own.

Nothing in them runs, sends or loads from elsewhere, and only the desk may frame them.
"""

from __future__ import annotations

from functools import partial

from csp.constants import NONE, SELF
from django.forms import modelform_factory
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from clinic.foundation.generic import ModelAdmin
from clinic.foundation.text import id_in
from content.admin import desk, typed
from content.models import ClinicProfile, Page
from content.publishing import core, preview, standing
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


def typed_now(admin: ModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """The editor's form as a page. POST, because it is long; nothing is kept. GET: what the frame says before that."""
    desk.require(request, desk.VIEW, desk.CHANGE)
    if request.method == "GET":
        return _framed(render(request, "admin/content/page/no_preview.html"))
    if request.method != "POST":
        raise Http404
    page = Page.objects.filter(pk=id_in(request.POST.get("page", ""))).first()
    before = standing.of(page, ClinicProfile.current().zone).said if page else typed.BLANK
    # The editor's own fields, also for somebody who may only look: an admin gives them a form without any.
    fields = partial(admin.formfield_for_dbfield, request=request)
    maker = modelform_factory(Page, form=admin.form, formfield_callback=fields)
    form = maker(request.POST, instance=Page.objects.get(pk=page.pk) if page else Page())
    form.is_valid()
    said = typed.read_loosely(form, before)
    return _framed(preview.document(request, page, said, Preview(framed=True, wrong=typed.wrong(form))))


def stored(admin: ModelAdmin, request: HttpRequest, page_id: int, number: int) -> HttpResponseBase:
    """A version of the page as it was saved."""
    desk.require(request, desk.VIEW, desk.CHANGE)
    page, zone = desk.found(page_id), ClinicProfile.current().zone
    version = page.versions.select_related("approved_by").filter(number=number).first()
    if version is None and number == 1 and not page.versions.exists():
        version = standing.of(page, zone).tip
    if version is None or request.method not in ("GET", "HEAD"):
        raise Http404
    said = core.as_readers_get_it(version, zone)
    return _framed(preview.document(request, page, said, Preview(framed=True)))


def _framed(response: HttpResponseBase) -> HttpResponseBase:
    response._csp_config = POLICY  # type: ignore[attr-defined]  # what django-csp's decorator sets
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
