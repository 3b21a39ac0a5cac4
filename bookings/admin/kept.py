"""What practitioners and kinds of consultation share in the admin: visits may rest on them, so nothing goes silently."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings.admin.hours import STAYS_HELP, ahead, ask_first, named
from bookings.desk_site import clinic_of
from bookings.models import Appointment
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation.admin.fields import PLAIN, without_links
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.generic import ModelForm


class StaysForm(ModelForm):
    """Switching off something that visits and held times rest on takes a second press, which names what it hits."""

    visits_stay = forms.BooleanField(
        required=False, label="Booked visits stay as they are", help_text=STAYS_HELP
    )

    def clean(self) -> dict[str, Any] | None:
        """Raise a validation error on the tick box when it hits something and nobody has said that visits stay."""
        cleaned = super().clean()
        if self.instance.pk and not self.errors and not self.cleaned_data.get("visits_stay"):
            hit = list(self.hit(ahead(timezone.now())))
            if hit:
                self.add_error("visits_stay", ValidationError(ask_first(hit, clinic_zone()), code="in_use"))
            elif number := self.asking():
                words = f"{_requests(number)} for it and would have no time to choose. Tick the box to switch it off."
                self.add_error("visits_stay", ValidationError(words, code="in_use"))
        return cleaned

    @property
    def switched_off(self) -> bool:
        return "is_active" in self.changed_data and not self.cleaned_data.get("is_active")

    def hit(self, rows: AppointmentQuerySet) -> AppointmentQuerySet:
        """The booked visits and live holds that this change takes something away from."""
        raise NotImplementedError

    def asking(self) -> int:
        """How many open requests that hold no time ask for what is switched off."""
        return 0


def _requests(number: int) -> str:
    return "1 open request asks" if number == 1 else f"{number} open requests ask"


class KeptAdmin(FreshAdmin):
    """A model that visits may rest on: no bulk deletion, and deleting what is in use says what to do instead."""

    actions = None
    formfield_overrides = PLAIN
    kept_because = (
        "visits or requests are on record with it. Untick “active” instead; clients then no longer see it."
    )

    def in_use(self, obj: Any) -> bool:
        """Does any request or visit, past or to come, point to it?"""
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is not None and self.has_delete_permission(request, obj) and self.in_use(obj):
            self.message_user(
                request,
                f"{obj} cannot be deleted: {self.kept_because}",
                messages.ERROR,
            )
            opts = self.model._meta
            return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk]))
        return super().delete_view(request, object_id, extra_context)


def warn_about(request: HttpRequest, met: list[Appointment]) -> None:
    if met:
        words = "Booked visits or held times fall into it and are not moved by themselves: {}."
        messages.warning(request, format_html(words, named(met, clinic_of(request).zone)))
