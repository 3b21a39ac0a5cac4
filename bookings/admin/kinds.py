"""Kinds of consultation: length, minutes kept free, fee, and whether clients can ask for them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from bookings.admin.hours import ahead, counted, named
from bookings.admin.kept import KeptAdmin, StaysForm
from bookings.desk_site import clinic_of
from bookings.models import Appointment, ConsultationRequest, ConsultationType
from bookings.models.appointment import AppointmentQuerySet
from clinic.foundation import money
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.generic import ModelForm
from content.forms.fields import MoneyField
from content.models import ClinicProfile


class TypeForm(StaysForm):
    fee = MoneyField(initial=0, help_text="For example 45 or 45.50. 0 is free.")

    class Meta:
        widgets = {"treatments": Ticks}

    def clean(self) -> dict[str, Any] | None:
        """Treatments are done in sessions: at a consultation nothing is treated."""
        cleaned = super().clean()
        is_session = self.cleaned_data.get("purpose") == ConsultationType.Purpose.SESSION
        if self.cleaned_data.get("treatments") and not is_session:
            words = "At a consultation nobody is treated. Untick these, or make it a treatment session."
            self.add_error("treatments", ValidationError(words, code="no_session"))
        return cleaned

    def hit(self, rows: AppointmentQuerySet) -> AppointmentQuerySet:
        return rows.filter(consultation_type=self.instance) if self.switched_off else rows.none()

    def asking(self) -> int:
        open_ones = ConsultationRequest.objects.open()
        return open_ones.filter(consultation_type=self.instance).count() if self.switched_off else 0


def _tell_what_stays(request: HttpRequest, kind: ConsultationType) -> None:
    """After an edit: how many visits and held times stay on what was agreed before."""
    old = [
        row
        for row in ahead(timezone.now()).filter(consultation_type=kind)
        if row.terms != kind.terms(row.currency) or row.minutes != kind.minutes
    ]
    if old:
        words = (
            "What was agreed stays for {} still to come, with the old terms: {}. New times get the new ones."
        )
        rows = named(old, clinic_of(request).zone)
        messages.warning(request, format_html(words, counted(old), rows))


@admin.register(ConsultationType)
class ConsultationTypeAdmin(KeptAdmin):
    form = TypeForm
    list_display = ("name", "purpose", "mode", "minutes", "fee_words", "is_active")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name", "purpose", "mode", "minutes", "buffer_before", "buffer_after", "fee", "how_paid",
                    "cutoff_hours", "is_active", "visits_stay", "order",
                )
            },
        ),
        (
            "Rules of a treatment session",
            {
                "fields": ("consultation_within_days", "cooling_off_days", "interval_days", "treatments"),
                "description": "The desk is told when a time breaks one. Going past it takes a reason, which is kept.",
            },
        ),
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ConsultationType, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"fee", "mode", "cutoff_hours", "minutes"} & set(form.changed_data):
            _tell_what_stays(request, obj)

    def in_use(self, obj: ConsultationType) -> bool:
        return obj.requests.exists() or Appointment.objects.filter(consultation_type=obj).exists()

    @admin.display(description="Fee", ordering="fee")
    def fee_words(self, obj: ConsultationType) -> str:
        return money.words(obj.fee, ClinicProfile.current().currency) if obj.fee else "Free"
