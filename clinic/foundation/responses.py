"""Answers that Django has no class for."""

from __future__ import annotations

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: the change is done; look at it there. The browser uses GET, so F5 there repeats nothing."""

    status_code = 303
