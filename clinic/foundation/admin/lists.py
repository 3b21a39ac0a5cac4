"""The admin's lists accept any address: what none of their filters asks for leads back to the plain list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import CharField, Model
from django.http import HttpRequest

from clinic.foundation.generic import ModelAdmin
from clinic.foundation.text import id_in, searchable


class ListAdmin(ModelAdmin):
    """The base of every admin here. Django's own hands any `?field__regex=(` in the address to the database."""

    @property
    def media(self) -> forms.Media:
        """None of Django's scripts: jquery, xregexp and six more, 253 KB, for fields and actions that we do not have."""
        return forms.Media()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """True for what this list's filters ask. Raises IncorrectLookupParameters for all else: back to the list."""
        if not any(self._asks(each, lookup, value) for each in self.get_list_filter(request)):
            raise IncorrectLookupParameters(lookup)
        return True

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Each word becomes conditions in one statement, and a database takes only a limited number."""
        return super().get_search_results(request, queryset, searchable(search_term))

    def _asks(self, listed: Any, lookup: str, value: str) -> bool:
        """Whether this entry of `list_filter` uses `lookup` with such a value.

        An entry is a field's name, one with its filter, or a filter of our own.
        """
        if isinstance(listed, type) and issubclass(listed, admin.SimpleListFilter):
            return lookup == listed.parameter_name
        name, shown_by = (listed, None) if isinstance(listed, str) else listed
        if shown_by is admin.EmptyFieldListFilter:
            return lookup == f"{name}__isempty"
        if lookup == f"{name}__isnull":
            return True
        field = self.opts.get_field(name)
        if field.is_relation:
            return lookup == f"{name}__id__exact" and id_in(value) > 0
        # Django's filter for text without fixed choices (AllValuesFieldListFilter) uses the bare name.
        is_text = isinstance(field, CharField) and not field.choices
        return lookup == (name if is_text else f"{name}__exact")


class ReadOnlyList(ListAdmin):
    """A list to look at: nothing in it is added, changed or deleted by Django's own forms, or sorted by hand."""

    actions = None
    show_full_result_count = False
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
