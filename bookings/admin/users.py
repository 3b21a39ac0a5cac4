"""Staff and roles. Only a superuser edits them: nobody else can give rights, least of all to themselves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model, Q
from django.http import HttpRequest

from clinic.foundation.generic import ModelAdmin, UserAdmin
from clinic.foundation.plain import Ticks, without_links


class SuperuserOnly(ModelAdmin):
    """Django's own rule would let whoever holds "change user" make themselves a superuser."""

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allowed(request)


# What cannot be done by hand has no right worth giving: requests and messages change by verbs only.
_USEFUL = Q(content_type__app_label="content") | Q(
    content_type__app_label="bookings",
    content_type__model__in=(
        "practitioner", "workinghours", "timeoff", "consultationtype", "closure", "bookingrules",
    ),
) | Q(
    content_type__app_label="bookings",
    codename__in=(
        "view_consultationrequest", "decide_request", "read_health", "correct_late", "view_message", "send_again",
    ),
)  # fmt: skip


def _rights(formfield: Any) -> Any:
    """The rights that mean something here, each with its own words alone."""
    formfield.queryset = Permission.objects.filter(_USEFUL).select_related("content_type")
    formfield.label_from_instance = lambda right: right.name
    return formfield


class DeskUserAdmin(SuperuserOnly, UserAdmin):
    actions = None
    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = Ticks
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))


class DeskGroupAdmin(SuperuserOnly, GroupAdmin):
    actions = None
    filter_horizontal = ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        kwargs["widget"] = Ticks
        return _rights(super().formfield_for_manytomany(db_field, request, **kwargs))


# Importing Django's own admin of them, above, has registered it.
admin.site.unregister([User, Group])
admin.site.register(User, DeskUserAdmin)
admin.site.register(Group, DeskGroupAdmin)
