"""What people type into the search, and what our pages call it. A change counts from the next search on."""

from __future__ import annotations

from django.contrib import admin

from clinic.foundation.admin.fresh import FreshAdmin
from content.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(FreshAdmin):
    fields = ("phrase", "means")
    list_display = ("phrase", "means", "updated_at")
    search_fields = ("phrase", "means")
