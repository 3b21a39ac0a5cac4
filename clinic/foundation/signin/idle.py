"""Who sits at a desk is signed out after a while in which they neither opened a page nor sent a form.

A session ends by itself, a while after it was last saved (sessions.py). What a person does saves it again, at most once a
minute. Images, scripts and whatever asks by itself do not: a page that is left open never keeps its session alive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from clinic.foundation import limits
from clinic.foundation.signin.sessions import SessionStore


class IdleMiddleware:
    """Keep a session of the desk for another while when its person does something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.DESK_PATH) and is_by_a_person(request):
            session = cast(SessionStore, request.session)
            saved = session.saved_at
            if (
                saved is not None
                and SESSION_KEY in session
                and timezone.now() - saved >= limits.sign_in.RENEWED_EVERY
            ):
                session.modified = True
        return self.get_response(request)


def is_by_a_person(request: HttpRequest) -> bool:
    """Whether somebody opened a page or sent a form: the browser says what it wants the answer for.

    One that is too old to say so is believed. A form may be sent into a frame (the preview beside an editor's form).
    """
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    wanted_for = request.headers.get("Sec-Fetch-Dest", "document")
    return wanted_for == "document" or (wanted_for == "iframe" and request.method == "POST")
