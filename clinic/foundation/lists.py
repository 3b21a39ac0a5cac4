"""Lists of the admin that take any address: what none of their filters asks leads back to the plain list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

from clinic.foundation.generic import ModelAdmin
from clinic.foundation.text import id_in, searchable


class ListAdmin(ModelAdmin):
    """The base of every admin here. Django's own hands any `?field__regex=(` of the address to the database."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """True for what a filter of this list asks. Raises IncorrectLookupParameters for all else: back to the list."""
        if not any(self._asks(each, lookup, value) for each in self.get_list_filter(request)):
            raise IncorrectLookupParameters(lookup)
        return True

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Each word becomes conditions in one statement, and a database takes only so many."""
        return super().get_search_results(request, queryset, searchable(search_term))

    def _asks(self, listed: Any, lookup: str, value: str) -> bool:
        """Whether this entry of `list_filter`, a field's name or a filter of our own, asks `lookup` with such a value."""
        if isinstance(listed, type) and issubclass(listed, admin.SimpleListFilter):
            return lookup == listed.parameter_name
        if lookup == f"{listed}__isnull":
            return True
        if self.opts.get_field(listed).is_relation:
            return lookup == f"{listed}__id__exact" and id_in(value) > 0
        return lookup == f"{listed}__exact"
