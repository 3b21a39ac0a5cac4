"""The admin without JavaScript: a time as "09:30", a moment in one labelled box, a name for every cell of a table.

And without lost work: FreshAdmin refuses to save over what somebody else has saved since the form was opened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import capfirst

from clinic.foundation import addresses, when
from clinic.foundation.forms import EditorsLines, EditorsText
from clinic.foundation.generic import BaseInlineFormSet, TabularInline
from clinic.foundation.lists import ListAdmin

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

    option_inherits_attrs = False  # the class is the box's, not each tick's

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "choices"} | (attrs or {}), choices)


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


class LabelledFormSet(BaseInlineFormSet):
    """Rows of a table whose cells have no label of their own: each says its column and row ("Starts, row 2")."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = "new row" if index is None else f"row {index + 1}"
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                label = "Delete" if name == "DELETE" else field.label or name
                # The box with "add another" shares its attributes with its copies; what it wraps does not.
                widget: Any = getattr(field.widget, "widget", field.widget)
                widget.attrs["aria-label"] = f"{str(label).capitalize()}, {row}"


_WORDS: dict[type[models.Field[Any, Any]], type[EditorsText]] = {
    models.CharField: EditorsText,
    models.TextField: EditorsLines,
}


class CleanWords:
    """For an admin or its inline rows: what is typed into a text column is taken as words from outside."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Columns of their own kind (e-mail, address, choice) have fields that already refuse what is none.
        if type(db_field) in _WORDS and not db_field.choices:
            kwargs.setdefault("form_class", _WORDS[type(db_field)])
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # a mixin


# Rows of one table in a form. Django would draw two thousand for whoever says so: seven seconds of work.
MOST_ROWS = 300


class FewRows(TabularInline):
    """Inline rows that never become more than MOST_ROWS, whatever the form claims to have."""

    max_num = MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **kwargs})


class PlainInline(CleanWords, FewRows):
    """A table of rows that works without JavaScript: spare rows, plain fields, a label for every cell."""

    formset = LabelledFormSet
    formfield_overrides = PLAIN
    extra = 2


class FreshAdmin(CleanWords, ListAdmin):
    """Two people at one form: the second save is refused in words, and loses nothing that was typed.

    The form carries a keyed digest of the row and its inline rows as they were when it was opened. Also a list is called by
    what it lists ("Practitioners"), not "Select practitioner to change".
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def as_stored(self, obj: models.Model, *, lock: bool = False) -> str:
        """The digest of what the database holds now. `lock`: nobody else changes the row until this transaction ends."""
        row = type(obj)._base_manager.filter(pk=obj.pk)
        parts = [list((row.select_for_update() if lock else row).values_list())]
        for field in obj._meta.many_to_many:
            parts.append(sorted(other.pk for other in field.value_from_object(obj)))
        for inline in self.inlines:
            parent = _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
            rows = inline.model._base_manager.filter(**{parent.name: obj.pk})
            parts.append(list(rows.order_by("pk").values_list()))
        return salted_hmac("clinic.foundation.plain.FreshAdmin", repr(parts)).hexdigest()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or not change or request.method != "POST":
            return form
        now = self.as_stored(obj, lock=True)
        stale = not constant_time_compare(request.POST.get("seen", ""), now)

        class Fresh(form):  # type: ignore[valid-type, misc]  # the class is made by Django
            def clean(self) -> dict[str, Any] | None:
                """Raise a validation error when somebody else has saved since the form was opened."""
                cleaned: dict[str, Any] | None = super().clean()
                if stale:
                    self.add_error(None, ValidationError(_saved_by(obj), code="stale"))
                return cleaned

        return Fresh

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What the form shows (or, after a refusal, what the person has been told of) is what it may replace."""
        obj = kwargs.get("obj")
        context["seen"] = self.as_stored(obj) if obj is not None and obj.pk else ""
        return super().render_change_form(request, context, *args, **kwargs)


def _saved_by(obj: models.Model) -> str:
    """Who saved it last and when, if the admin knows."""
    kind = ContentType.objects.get_for_model(obj)
    last = LogEntry.objects.filter(content_type=kind, object_id=str(obj.pk)).select_related("user").first()
    who = (
        f" ({last.user.get_full_name() or last.user.get_username()}, {when.ago(last.action_time, timezone.now())})"
        if last
        else ""
    )
    return (
        f"Somebody changed this while you were editing{who}. Nothing of yours is saved yet, and what you typed is still "
        "here. Open this page in another tab to see what it says now. Saving again replaces it with what stands here."
    )
