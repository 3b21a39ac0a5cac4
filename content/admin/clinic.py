"""The clinic itself: one row, its opening hours beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.admin.inlines import FewRows, LabelledFormSet
from content.admin.fields import EDITING
from content.forms.clinic import ClinicProfileForm
from content.models import (
    ClinicProfile,
    OpeningHours,
)
from content.models.clinic import FILLERS


class OpeningHoursInline(FewRows):
    model = OpeningHours
    formset = LabelledFormSet
    extra = 1
    formfield_overrides = EDITING


@admin.register(ClinicProfile)
class ClinicProfileAdmin(FreshAdmin):
    """One row: the list leads straight to its form."""

    form = ClinicProfileForm
    inlines = (OpeningHoursInline,)
    fieldsets = (
        ("Who we are", {"fields": ("name", "short_name", "trade", "mail_name", "demo")}),
        ("New requests", {"fields": ("requests_closed", "closed_words")}),
        ("How to reach us", {"fields": ("phone", "email", "address")}),
        (
            "Address in parts",
            {
                "fields": (*("street", "town", "county", "postcode", "country", "part"), "getting_here"),
                "description": "For maps and search engines. Once they are filled, readers, mails and calendars show "
                "them in place of the address above.",
            },
        ),
        ("A visit", {"fields": ("video_call", "to_bring", "what_happens")}),
        (
            "When it cannot wait",
            {
                "fields": (
                    *(("emergency_label", "emergency_number"), "emergency_when"),
                    *(("advice_label", "advice_number"), "advice_when"),
                    *(("talk_label", "talk_number"), "talk_when"),
                ),
                "description": "Large buttons on the page of urgent help, and wherever the site says to get help now. "
                "Each is a name, the number as people dial it, and when to call it. None may be empty.",
            },
        ),
        (
            "Fillers",
            {
                "fields": FILLERS,
                "description": "Print on the page of fillers where its text says {{ kept-ready }}. Until all three are "
                "filled, that page says that they are missing, and the guide and the lists of what may help suggest no "
                "fillers.",
            },
        ),
        ("Clock", {"fields": ("time_zone", "moves_visits")}),
        ("Money", {"fields": ("currency", "consultation_fee")}),
        ("Pages", {"fields": ("review_grace_days",)}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        if ClinicProfile.objects.exists():
            return redirect("admin:content_clinicprofile_change", 1)
        return redirect("admin:content_clinicprofile_add")

    def save_model(
        self, request: HttpRequest, obj: ClinicProfile, form: forms.ModelForm[ClinicProfile], change: bool
    ) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ClinicProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
