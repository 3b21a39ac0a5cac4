"""A number of days as practitioners say it: "6 weeks", "10 days"."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bookings import limits
from bookings.client.plan import words
from clinic.foundation.forms import CleanText

_TYPED = re.compile(r"(\d{1,3})\s*(d|day|days|w|week|weeks)?", re.IGNORECASE)


class DaysField(CleanText):
    """Whole days, typed and shown in weeks or days; None for nothing. A number without its unit could be either."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "placeholder": "6 weeks"}))
        super().__init__(limit=12, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return words.days(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for what is no number of days."""
        typed = super().to_python(value).strip()
        if not typed:
            return None
        found = _TYPED.fullmatch(typed)
        if found is None:
            raise ValidationError("Enter it like 6 weeks or 10 days.", code="invalid")
        number, unit = int(found[1]), (found[2] or "").lower()
        if number and not unit:
            raise ValidationError(f"Say {number} weeks or {number} days.", code="no_unit")
        days = number * 7 if unit.startswith("w") else number
        if days > limits.plans.MOST_DAYS:
            raise ValidationError(f"Enter {limits.plans.MOST_DAYS} days at most.", code="too_long")
        return days
