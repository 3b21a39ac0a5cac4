"""The admin's fields without JavaScript: a time as "09:30", a moment in one labelled box, words as they may be typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest

from clinic.foundation import addresses
from clinic.foundation.forms import EditorsLines, EditorsText

CLOCK_FORMATS = ["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"]


class ClockField(forms.TimeField):
    """A time of day as text: "09:30". A native time field would follow the browser's AM and PM and is slower to type."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(
            format="%H:%M", attrs={"class": "vClock", "inputmode": "numeric", "placeholder": "09:00"}
        )
        kwargs |= {"widget": widget, "input_formats": CLOCK_FORMATS}
        kwargs.setdefault("error_messages", {})["invalid"] = "Enter a time like 09:30."
        super().__init__(**kwargs)


class MomentField(forms.DateTimeField):
    """A day and time in the clinic's zone, in one box with one label."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "vMoment"}
        )
        kwargs |= {
            "widget": widget,
            "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        }
        kwargs.setdefault("error_messages", {})["invalid"] = "Enter a day and a time."
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As Django's, in the zone that the desk has switched to, without seconds."""
        shown = super().prepare_value(value)
        return shown.replace(second=0, microsecond=0) if isinstance(shown, datetime) else shown


class AddressField(forms.EmailField):
    """An e-mail address of the clinic's own, kept in the same form as a client's."""

    default_validators = []

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return addresses.kept(typed) if typed else typed


class Ticks(forms.CheckboxSelectMultiple):
    """Tick boxes in columns: a list in which a click without Ctrl forgets the rest is a trap."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "choices"} | (attrs or {}), choices)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)  # the class is the box's, not each tick's
        return option


class DayInput(forms.DateInput):
    """The browser's own day picker: it works without our scripts."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


# For ModelAdmin.formfield_overrides: a whole admin without split date-times and script-driven pickers.
PLAIN: dict[Any, dict[str, Any]] = {
    models.TimeField: {"form_class": ClockField},
    models.DateTimeField: {"form_class": MomentField},
    models.DateField: {"widget": DayInput},
}


def without_links(field: Any) -> Any:
    """The same field without the "add another" and "change" icons beside it: they open pop-up windows by script."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


_WORDS: dict[type[models.Field[Any, Any]], type[EditorsText]] = {
    models.CharField: EditorsText,
    models.TextField: EditorsLines,
}


class CleanWords:
    """For an admin or its inline rows: what is typed into a text column is taken as words from outside."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Columns of their own kind (e-mail, address, choice) have fields that already refuse anything else.
        if type(db_field) in _WORDS and not db_field.choices:
            kwargs.setdefault("form_class", _WORDS[type(db_field)])
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin
