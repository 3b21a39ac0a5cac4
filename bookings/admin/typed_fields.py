"""Days, times and moments that staff type as words, never in a browser's own box (bookings/typed_time.py reads them)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from bookings import limits, typed_time
from bookings.queries.clinic import zone as clinic_zone
from bookings.typed_time import NotATime
from clinic.foundation import when


class _Typed(forms.CharField):
    """What was typed stays as it was typed when the form comes back."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        # The admin would hand over its own pair of boxes.
        super().__init__(**kwargs | {"widget": forms.TextInput()})
        self.widget.attrs |= {
            "autocomplete": "off", "spellcheck": "false", "maxlength": limits.texts.TYPED_TIME_CHARACTERS
        }  # fmt: skip

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            return self.read(typed)
        except NotATime as error:
            raise ValidationError(str(error), code="not_a_time") from error

    def read(self, typed: str) -> Any:
        """What the words mean. Raises NotATime."""
        raise NotImplementedError


class TypedClock(_Typed):
    """A time of day: "13:00", "9", "9.30", "0900"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "vClock", "inputmode": "text"}

    def read(self, typed: str) -> time:
        return typed_time.clock(typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class TypedDay(_Typed):
    """A day: "Mon 7 Dec", "7/12", "tomorrow"; without a year the next one of that name, never one that has been."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "vDay"}

    def read(self, typed: str) -> date:
        return typed_time.day(typed, when.local_day(timezone.now(), clinic_zone()))

    def prepare_value(self, value: Any) -> Any:
        return day_words(value) if isinstance(value, date) else value


class TypedMoment(_Typed):
    """A day and a time in the clinic's zone: "Tue 24 Nov 13:00". A day alone means its start, and is shown so."""

    bound = 0  # of the two bounds of a day alone

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "vMoment"}

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        """The example in the box is a day to come. The desk runs in the clinic's zone: no SQL for it."""
        self.widget.attrs["placeholder"] = f"{typed_time.example(timezone.localdate())} 13:00"
        return super().get_bound_field(form, field_name)

    def read(self, typed: str) -> datetime:
        zone, now = clinic_zone(), timezone.now()
        try:
            return typed_time.read(typed, zone, now)
        except NotATime as error:
            try:
                day = typed_time.day(typed, when.local_day(now, zone))
            except NotATime:
                raise error from None
            return when.day_bounds(day, zone)[self.bound]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        zone = clinic_zone()
        day = when.local_day(value - timedelta(minutes=self.bound), zone)
        is_whole = value == when.day_bounds(day, zone)[self.bound]
        return day_words(day) if is_whole else when.short_with_year(value, zone)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """To the minute, as it is shown: seconds that nobody sees are no change."""
        shown = self.prepare_value(initial)
        if (data or "").strip() == (shown or ""):
            return False
        try:
            typed = self.to_python(data)
        except ValidationError:
            return True
        return bool(typed != (initial.replace(second=0, microsecond=0) if initial else None))


class TypedEnd(TypedMoment):
    """The end of a stretch: a day alone means that it counts, to its end."""

    bound = 1


def day_words(day: date) -> str:
    """'Mon 7 Dec 2026', as `TypedDay` reads it."""
    return f"{when.WEEKDAYS[day.weekday()][:3]} {day.day} {when.MONTHS[day.month - 1][:3]} {day.year}"
