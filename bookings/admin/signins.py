"""The log of sign-ins, to read: who came in, and whether somebody is guessing. Nobody edits it; the clock empties it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinic.foundation.admin.lists import ReadOnlyList
from clinic.foundation.models import SignIn


@admin.register(SignIn)
class SignInAdmin(ReadOnlyList):
    list_display = ("at", "name", "network", "outcome")
    list_display_links = None
    list_filter = ("outcome",)
    search_fields = ("who", "network")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Sign-ins"} | (extra_context or {}))

    @admin.display(description="Who")
    def name(self, row: SignIn) -> str:
        return row.who or "A name that is no account’s"
