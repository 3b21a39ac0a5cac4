"""What every template may name without its view passing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.models import ClinicProfile


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic`: the profile. Read at its first use and once a request, so that a page without it costs nothing."""
    return {"clinic": SimpleLazyObject(ClinicProfile.current)}
