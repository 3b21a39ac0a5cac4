"""What every view here answers with."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.views.decorators.http import require_http_methods

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def redirect(address: str) -> HttpResponseRedirect:
    """303: the browser fetches the next page with GET, and F5 there repeats nothing."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
