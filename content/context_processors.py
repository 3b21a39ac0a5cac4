"""What every template may name without its view passing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.display import footer
from content.models import ClinicProfile


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic`: the profile; `menu`: the links of the foot. Each is read at its first use and once a request."""
    return {"clinic": SimpleLazyObject(ClinicProfile.current), "menu": SimpleLazyObject(footer.links)}
