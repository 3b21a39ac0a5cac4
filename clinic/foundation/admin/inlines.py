"""The admin's tables of rows: a name for every cell, no more rows than a form may have, and none lost meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clinic.foundation import limits
from clinic.foundation.admin.fields import PLAIN, CleanWords
from clinic.foundation.generic import BaseInlineFormSet, TabularInline


class Deleted:
    """Takes the place of a stored row: Django draws the "Delete" box only beside one."""

    pk = 0

    def __str__(self) -> str:
        return "Deleted"


DELETED = Deleted()


class LabelledFormSet(BaseInlineFormSet):
    """Rows of a table whose cells have no label of their own: each says its column and row ("Starts, row 2").

    A form may have been opened a while ago. A row in it that the table no longer lists is changed as intended. One that
    somebody has since deleted is reported, with all that was typed into it; if sent again, it becomes a new row.
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
        """The stored row beside each row that is shown: for a form that was sent, those that it names."""
        listed = super().get_queryset()
        if not self.is_bound:
            return listed
        pairs = zip(self.initial_forms, [*listed, *[None] * len(self.initial_forms)], strict=False)
        return [self._beside(form, other) for form, other in pairs]

    def _beside(self, form: Any, other: Any) -> Any:
        if form.instance.pk is not None:
            return form.instance
        # Read-only rows send nothing.
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
                # When shown again it no longer names a row, so if sent again it is a new one.
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


class FewRows(TabularInline):
    """Inline rows that never become more than limits.rows.FORM_ROWS, whatever the form claims to have."""

    max_num = limits.rows.FORM_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": limits.rows.FORM_ROWS, **kwargs})


class PlainInline(CleanWords, FewRows):
    """A table of rows that works without JavaScript: spare rows, plain fields, a label for every cell."""

    formset = LabelledFormSet
    formfield_overrides = PLAIN
    extra = 2
