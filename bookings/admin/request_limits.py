"""Limits on requests: how many the site takes a day, or a pause, from one day until another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from bookings.admin.typed_fields import TypedDay, day_words
from bookings.models import RequestLimit
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.generic import ModelForm


class LimitForm(ModelForm):
    """One limit a day: two that meet would leave people guessing."""

    class Meta:
        error_messages = {
            "first_day": {"required": "Type the first day on which this holds, such as today or 7 Dec."},
            "a_day": {"required": "Type how many requests a day. 0 is a pause."},
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and not self.errors and (last is None or first <= last):
            others = RequestLimit.objects.filter(first_day__lte=last or date.max).exclude(pk=self.instance.pk)
            met = others.exclude(last_day__lt=first).first()
            if met is not None:
                words = f"Another limit holds then: {met}, {days_words(met)}. Change that one, or choose other days."
                self.add_error("first_day", ValidationError(words, code="overlap"))
        return cleaned


def days_words(limit: RequestLimit) -> str:
    """'Mon 7 Dec 2026 to Fri 11 Dec 2026', 'from Mon 7 Dec 2026'."""
    first = day_words(limit.first_day)
    return f"{first} to {day_words(limit.last_day)}" if limit.last_day else f"from {first}"


@admin.register(RequestLimit)
class RequestLimitAdmin(FreshAdmin):
    form = LimitForm
    actions = None
    formfield_overrides = {models.DateField: {"form_class": TypedDay}}
    list_display = ("a_day_words", "first_day", "last_day")
    fields = ("first_day", "last_day", "a_day", "words")

    def save_model(self, request: HttpRequest, obj: RequestLimit, form: LimitForm, change: bool) -> None:
        """Other days or another number hold from now on: drafts that are under way may still be sent."""
        if {"first_day", "last_day", "a_day"}.intersection(form.changed_data):
            obj.holds_since = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description="Requests a day", ordering="a_day")
    def a_day_words(self, obj: RequestLimit) -> str:
        return str(obj.a_day) if obj.a_day else "Paused"
