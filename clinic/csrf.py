"""The answer to a form whose token is not the one of this browser."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from clinic import errors
from clinic.foundation.signin.site import GuardedSite


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with our page, or on the desk with what was typed, not lost with a cookie. The reason stays in the log."""
    on_the_desk = request.path_info.startswith(settings.DESK_PATH)
    answer = cast(GuardedSite, admin.site).csrf_failed(request) if on_the_desk else None
    return answer or errors.not_sure(request)
