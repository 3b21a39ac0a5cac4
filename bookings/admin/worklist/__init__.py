"""Requests at the desk: the worklist (page.py, address.py, filters.py) and what opens from it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from bookings.admin import decide, exports
from bookings.admin.phone import page as phone
from bookings.admin.plan import arrange, waiting
from bookings.admin.plan import page as plan
from bookings.admin.worklist import page, views
from bookings.desk_site import DECIDE, VIEW
from bookings.models import ConsultationRequest
from clinic.foundation.admin.lists import ReadOnlyList


@admin.register(ConsultationRequest)
class RequestAdmin(ReadOnlyList):
    """Where Django expects the pages of requests. None is added, changed or deleted by a form of its own: verbs do that."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm(DECIDE)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return cast(User, request.user).has_perm(VIEW)

    def get_urls(self) -> list[URLPattern]:
        exported = self.admin_site.admin_view(self.exports_view)
        return [
            path(
                "views/",
                self.admin_site.admin_view(self.views_view),
                name="bookings_consultationrequest_views",
            ),
            path(
                "<int:object_id>/plan/",
                self.admin_site.admin_view(self.plan_view),
                name="bookings_consultationrequest_plan",
            ),
            path(
                "<int:object_id>/plan/preview/",
                self.admin_site.admin_view(self.plan_preview_view),
                name="bookings_consultationrequest_plan_preview",
            ),
            path(
                "<int:object_id>/sessions/",
                self.admin_site.admin_view(self.sessions_view),
                name="bookings_consultationrequest_sessions",
            ),
            path(
                "sessions/",
                self.admin_site.admin_view(self.waiting_view),
                name="bookings_consultationrequest_waiting",
            ),
            path("exports/", exported, name="bookings_consultationrequest_exports"),
            *super().get_urls(),
        ]

    def exports_view(self, request: HttpRequest) -> HttpResponseBase:
        return exports.page(request, self.admin_site)

    def views_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return views.page(request, self.admin_site)

    def plan_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return plan.page(request, object_id, self.admin_site)

    def plan_preview_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return plan.preview(request, object_id, self.admin_site)

    def sessions_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return arrange.page(request, object_id, self.admin_site)

    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        return waiting.page(request, self.admin_site)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return page.page(request, self.admin_site)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        return decide.page(request, object_id, self.admin_site)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        return phone.page(request, self.admin_site)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The request's own page shows its history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(reverse("admin:bookings_consultationrequest_change", args=[object_id]))
