"""What every template may name without its view passing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.views import shown


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic`: the profile; `menu`: the links of the foot. Each is read at its first use (content/views/shown.py)."""
    return {
        "clinic": SimpleLazyObject(lambda: shown.of(request).clinic),
        "menu": SimpleLazyObject(lambda: shown.of(request).menu),
    }
