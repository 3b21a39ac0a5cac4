"""Where a press leads back to, when its button stands on several pages: the form names its page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page of the desk that the posted form names in `page`; else `otherwise`."""
    named = request.POST.get("page", "")
    is_ours = named.startswith(reverse("admin:index")) and url_has_allowed_host_and_scheme(named, None)
    return named if is_ours else otherwise
