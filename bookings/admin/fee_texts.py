"""Fee texts: what clients are told about the fee in writing, from one day on. What somebody may have agreed to stays."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from bookings.admin.typed_fields import TypedDay
from bookings.models import FeeText
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation import when
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.generic import ModelForm

_RULE = (
    "Where the booking rules want the fee in writing, each offer and each booking carries the text of its day. Once the day "
    "of a text has come it stays as it is: write another one, from a later day."
)


def _today() -> date:
    return when.local_day(timezone.now(), clinic_zone())


class FeeTextForm(ModelForm):
    """No text begins in the past: nobody was told it then."""

    class Meta:
        error_messages = {
            "valid_from": {"required": "Type the first day on which this holds, such as today or 1 Jan."},
            "text": {"required": "Type what clients are told about the fee."},
        }

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < _today():
            raise ValidationError("Choose today or a later day.", code="past")
        return day


@admin.register(FeeText)
class FeeTextAdmin(FreshAdmin):
    form = FeeTextForm
    actions = None
    formfield_overrides = {models.DateField: {"form_class": TypedDay}}
    list_display = ("valid_from", "text_begins", "holds")
    fieldsets = ((None, {"fields": ("valid_from", "text"), "description": _RULE}),)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_fixed(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_fixed(obj)

    def _is_fixed(self, obj: Model | None) -> bool:
        """Of what is stored: a form may have put a later day into `obj`."""
        stored = FeeText.objects.filter(pk=obj.pk).first() if obj and obj.pk else None
        return stored is not None and stored.is_fixed(_today())

    @admin.display(description="Text")
    def text_begins(self, obj: FeeText) -> str:
        first: str = next(iter(obj.paragraphs), "")
        return first if len(first) <= _SHOWN else f"{first[:_SHOWN].rstrip()}…"

    @admin.display(description="Holds")
    def holds(self, obj: FeeText) -> str:
        today = _today()
        if not obj.is_fixed(today):
            return "Later"
        later = FeeText.objects.filter(valid_from__gt=obj.valid_from, valid_from__lte=today)
        return "No longer" if later.exists() else "Today"


# As much of a text as its list shows, in characters: about a line.
_SHOWN = 90
