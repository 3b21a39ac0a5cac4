"""admin:index: what wants the person who is signed in, most pressing first. What their role may not see is not read."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.admin.start import machine, panel, requests, website
from bookings.desk_site import VIEW, DeskSite, clinic_of
from clinic.foundation import when


def page(request: HttpRequest) -> HttpResponse:
    """The start page; for somebody with nothing that could wait for them, the list of pages."""
    site, user, now = cast(DeskSite, admin.site), cast(User, request.user), timezone.now()
    parts: dict[str, Any] = {}
    if user.has_perm(VIEW):
        parts |= requests.part(request, user, now)
        if user.has_perm(panel.SEE_FIGURES):
            parts |= panel.part(user.pk, now, clinic_of(request).zone)
    else:  # who has requests before them finds the rest in the rail
        if website.is_for(user):
            parts |= website.part(request, user, now)
        if machine.is_for(user):
            parts |= machine.part(request, now)
    if not parts:
        return site.all_pages(request)
    zone = clinic_of(request).zone
    context = site.each_context(request) | parts
    context["title"] = f"{when.day(now, zone)}, {when.digits(now, zone)}"
    return render(request, "admin/bookings/start/page.html", context)
