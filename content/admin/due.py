"""What is due: corrections to make by hand, checks, publications ahead and kept back, drafts that wait for a reviewer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.foundation.generic import ModelAdmin
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in
from content.admin import desk
from content.models import ClinicProfile, Correction, Version
from content.publishing import corrections, due


def page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The lists, the most pressing first."""
    desk.require(request, desk.VIEW, desk.CHANGE, desk.REVIEW)
    clinic = ClinicProfile.current()
    found = due.due(timezone.now(), clinic.zone)
    context = {
        "due": found,
        "kept_back": _linked(found.kept_back),
        "waiting": _linked(found.waiting),
        "sent_back": _linked(found.sent_back),
        "late_facts": _linked(found.late_facts),
        "planned": _linked(found.planned),
        "grace": clinic.review_grace_days,
        "may_settle": desk.user_of(request).has_perm(desk.CHANGE),
    }
    return desk.shown(admin, request, "admin/content/page/due.html", "Due for review", context)


def _linked(versions: list[Version]) -> list[tuple[Version, str, str]]:
    """Each with the addresses of its document's editor and history."""
    return [(version, _url(version, "change"), _url(version, "history")) for version in versions]


def _url(version: Version, page: str) -> str:
    document = version.document
    return reverse(f"admin:content_{document._meta.model_name}_{page}", args=[document.pk])


@require_POST
def settle(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The button "Done" of a correction, for anyone who may change pages."""
    desk.require(request, desk.CHANGE)
    correction = get_object_or_404(Correction, pk=id_in(str(correction_id)))
    user = desk.user_of(request)
    if corrections.settle(correction, by=user, now=timezone.now()) or _by(user, correction):
        messages.success(request, f"Done: {correction}.")
    else:
        messages.info(request, f"Somebody had marked it as done before you: {correction}.")
    return SeeOther(reverse("admin:content_page_due"))


def _by(user: User, correction: Correction) -> bool:
    """Has the same person pressed twice?"""
    return Correction.objects.filter(pk=correction.pk, settled_by=user).exists()
