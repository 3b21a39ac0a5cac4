"""Where a row is used, under its form: what somebody should know before they change or delete it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clinic.foundation.admin.fresh import FreshAdmin
from content.queries.usage import Use


class UsedAdmin(FreshAdmin):
    """Say in `uses` where a row is used; the form lists it under "Used by", with a link where the person may follow it."""

    change_form_template = "admin/content/used_form.html"

    def uses(self, obj: Any) -> list[Use]:
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            context["used"] = linked(request, self.uses(obj))
        return super().render_change_form(request, context, *args, **kwargs)


def linked(request: HttpRequest, uses: list[Use]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each use in words, with its rows as (name, address); no address for whom it would not open."""
    return [(use.words, [(str(row), _url(request, row)) for row in use.rows]) for use in uses]


def _url(request: HttpRequest, row: models.Model) -> str:
    """The row's own form, or nothing for whom it would not open."""
    if not admin.site.is_registered(type(row)):
        return ""
    if not admin.site.get_model_admin(type(row)).has_view_or_change_permission(request, row):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
