"""All content as one download, for editors who want their own copy or move to another machine."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.foundation import audit
from content.files import export
from content.files.shape import SHAPES
from content.models import ClinicProfile


def may_take_all(user: User | AnonymousUser) -> bool:
    """Whoever may see each of the lists that the download is made of."""
    lists = [each.model._meta for each in SHAPES if admin.site.is_registered(each.model)]
    return user.is_active and all(user.has_perm(f"content.view_{each.model_name}") for each in lists)


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """All content as a zip, unpublished pages included. Leaves one line in the audit: who took it, and when."""
    user = request.user
    if not isinstance(user, User) or not may_take_all(user):
        raise PermissionDenied
    audit.seen(user, "export", ClinicProfile.current(), timezone.now())
    name = f"content-{timezone.localdate():%Y-%m-%d}.zip"
    return HttpResponse(
        export.archive(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
