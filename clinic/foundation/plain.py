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
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.text import capfirst

from clinic.foundation import addresses, limits, press, when
from clinic.foundation.confirmed import ConfirmedAdmin
from clinic.foundation.forms import EditorsLines, EditorsText
from clinic.foundation.generic import BaseInlineFormSet, TabularInline

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


class Deleted:
    """Stands where a stored row would: Django draws the box "Delete" only beside one."""

    pk = 0

    def __str__(self) -> str:
        return "Deleted"


DELETED = Deleted()


class LabelledFormSet(BaseInlineFormSet):
    """Rows of a table whose cells have no label of their own: each says its column and row ("Starts, row 2").

    A form may have been opened a while ago. A row of it that the table no longer lists is changed as it was meant. One that
    somebody has deleted since is said, with all that was typed into it; sent again after that, it becomes a new row.
    """

    model: Any
    data: Any  # the admin hands over a copy of what was sent

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.deleted_meanwhile: list[Any] = []
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = "new row" if index is None else f"row {index + 1}"
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                label = "Delete" if name == "DELETE" else field.label or name
                # The box with "add another" shares its attributes with its copies; what it wraps does not.
                widget: Any = getattr(field.widget, "widget", field.widget)
                widget.attrs["aria-label"] = f"{str(label).capitalize()}, {row}"

    def get_queryset(self) -> Any:
        """The stored row beside each row that is shown: of a form that was sent, those that it names."""
        listed = super().get_queryset()
        if not self.is_bound:
            return listed
        pairs = zip(self.initial_forms, [*listed, *[None] * len(self.initial_forms)], strict=False)
        return [self._beside(form, other) for form, other in pairs]

    def _beside(self, form: Any, other: Any) -> Any:
        if form.instance.pk is not None:
            return form.instance
        # Rows that may only be read send nothing.
        return DELETED if self._names_a_row(form) else other

    def _names_a_row(self, form: Any) -> bool:
        return form.add_prefix(self.model._meta.pk.name) in self.data

    def _existing_object(self, pk: Any) -> Any:
        """Any row of this parent, listed or not; None for one that is gone, or somebody else's."""
        if not hasattr(self, "_known"):
            self._known = {row.pk: row for row in super().get_queryset()}
        if pk not in self._known and self.instance.pk is not None:
            theirs = self.model._base_manager.filter(**{self.fk.name: self.instance.pk})
            self._known[pk] = theirs.filter(pk=pk).first()
        return self._known.get(pk)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # the stubs leave it out
        key = form.add_prefix(self.model._meta.pk.name)
        if self.is_bound and i < self.initial_form_count() and form.instance.pk is None and key in self.data:
            form.fields[self.model._meta.pk.name].required = False
            if self.data[key]:
                # Shown again it names no row any more, so sent again it is a new one.
                self.data[key] = ""
                self.deleted_meanwhile.append(form)
        return form

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_meanwhile:
            if not form.cleaned_data.get("DELETE"):
                words = (
                    "Somebody deleted this row while you were editing. Saving again puts it back as it stands here. "
                    "Tick Delete to leave it out."
                )
                form.add_error(None, ValidationError(words, code="gone"))

    def save_new_objects(self, commit: bool = True) -> Any:
        """Rows that were added, and those that had been deleted and were sent again."""
        super().save_new_objects(commit)
        for form in self.initial_forms:
            again = form.instance.pk is None and self._names_a_row(form) and form.has_changed()
            if again and not form.cleaned_data.get("DELETE"):
                self.new_objects.append(self.save_new(form, commit=commit))
                if not commit:
                    self.saved_forms.append(form)
        return self.new_objects


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


class FewRows(TabularInline):
    """Inline rows that never become more than limits.FORM_ROWS, whatever the form claims to have."""

    max_num = limits.FORM_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": limits.FORM_ROWS, **kwargs})


class PlainInline(CleanWords, FewRows):
    """A table of rows that works without JavaScript: spare rows, plain fields, a label for every cell."""

    formset = LabelledFormSet
    formfield_overrides = PLAIN
    extra = 2


class FreshAdmin(CleanWords, ConfirmedAdmin):
    """Two people at one form: the second save is refused in words, and loses nothing that was typed.

    The form carries a keyed digest of the row and its inline rows as they were when it was opened. Also a list is called by
    what it lists ("Practitioners"), not "Select practitioner to change".
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. Sent twice from the same page, it is saved once, and both answers are the same."""
        key = press.of(request, request.user) if request.method == "POST" else ""
        first = press.done(key)
        if first is None:
            try:
                response = super().changeform_view(request, object_id, form_url, extra_context)
            except press.Twice:
                first = press.done(key)
            else:
                # Refused, because another press of the same page was first?
                first = press.done(key) if response.status_code == 200 else None
                if first is None:
                    return response
        row = self.get_object(request, first.result) if first else None
        if row is None:
            return self.tell_gone(request, first.result if first else "")
        return self.response_change(request, row) if object_id else self.response_add(request, row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not press.keep_first(press.of(request, request.user), timezone.now(), str(form.instance.pk)):
            raise press.Twice

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or obj.pk is None or not change or request.method != "POST":
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
