"""The page at which somebody makes, replaces or switches off the address of a diary for a calendar app."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import feed
from bookings.desk_site import DeskSite
from bookings.models import Practitioner
from clinic.foundation import audit
from clinic.foundation.responses import SeeOther

MANAGES = "bookings.change_practitioner"


def may_see(user: User, practitioner: Practitioner) -> bool:
    """It is their own diary, or they look after practitioners."""
    return practitioner.user_id == user.pk or user.has_perm(MANAGES)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, practitioner_id: int) -> HttpResponse:
    """Whether there is an address. A POST makes one, which its answer alone shows, or switches it off."""
    user, now = cast(User, request.user), timezone.now()
    practitioner = Practitioner.objects.filter(pk=practitioner_id).first()
    if practitioner is None or not may_see(user, practitioner):
        raise PermissionDenied if practitioner or not user.has_perm(MANAGES) else Http404
    address = ""
    match request.POST.get("do"):
        case "new":
            address = feed.address(feed.renew(practitioner, now))
            audit.seen(user, "diary", practitioner, now)
        case "off":
            if feed.switch_off(practitioner):
                messages.success(request, "Switched off. The address opens nothing any more.")
            return SeeOther(reverse("admin:diary", args=[practitioner.pk]))
    site = cast(DeskSite, admin.site)
    context = site.each_context(request) | {
        "title": "Diary in a calendar app",
        "practitioner": practitioner,
        "is_own": practitioner.user_id == user.pk,
        "found": feed.of(practitioner),
        "address": address,
        # The scheme that calendar apps open.
        "app_address": f"webcal:{address.partition(':')[2]}",
    }
    response = render(request, "admin/bookings/calendar/diary.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


cast(DeskSite, admin.site).add_page("diary/<int:practitioner_id>/", page, "diary")
