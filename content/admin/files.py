"""All content as one download, for editors who want their own copy or move to another machine."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.foundation import audit
from content.files import export
from content.files.shape import SHAPES
from content.models import ClinicProfile


def may_take_all(user: User | AnonymousUser) -> bool:
    """Anyone who may see each of the lists that make up the download."""
    lists = [each.model._meta for each in SHAPES if admin.site.is_registered(each.model)]
    return user.is_active and all(user.has_perm(f"content.view_{each.model_name}") for each in lists)


@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """All content as a zip, unpublished pages included. Leaves one line in the audit: who took it, and when."""
    user = request.user
    if not isinstance(user, User) or not may_take_all(user):
        raise PermissionDenied
    packed = TemporaryFile()  # noqa: SIM115  (the answer closes it when it is sent)
    try:
        export.archive(packed)
    except export.ExportRefused as refusal:
        packed.close()
        messages.error(request, str(refusal))
        return redirect("admin:content_page_changelist")
    audit.seen(user, "export", ClinicProfile.current(), timezone.now())
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"content-{timezone.localdate():%Y-%m-%d}.zip")
