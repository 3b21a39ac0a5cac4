"""The list of tags that the desk may put on requests. One in use is switched off; only one that nobody uses is deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from bookings.admin.kept import KeptAdmin
from bookings.models import Tag


@admin.register(Tag)
class TagAdmin(KeptAdmin):
    list_display = ("name", "is_active", "used")
    fields = ("name", "is_active")
    sortable_by = ()
    kept_because = "requests have it. Untick “in use” instead; then nobody can add it any more."

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(number=Count("requests"))

    def in_use(self, obj: Tag) -> bool:
        return obj.requests.exists()

    @admin.display(description="Requests with it")
    def used(self, obj: Any) -> int:
        return int(obj.number)
