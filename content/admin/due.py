"""What is due: checks, publications ahead and kept back, drafts that wait for a reviewer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.foundation.generic import ModelAdmin
from content.admin import desk
from content.models import ClinicProfile
from content.publishing import due


def page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The lists, the most pressing first."""
    desk.require(request, desk.VIEW, desk.CHANGE)
    clinic = ClinicProfile.current()
    context = {"due": due.due(timezone.now(), clinic.zone), "grace": clinic.review_grace_days}
    return desk.shown(admin, request, "admin/content/page/due.html", "Due for review", context)
