"""Whom a browser's cookie lets in, and what they typed that is still to be put right."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bookings import links
from bookings.client import typed
from bookings.client.own.actions import ACTIONS
from bookings.models import ClientSession
from clinic.foundation.crypto import opened
from clinic.foundation.forms import CrispyForm
from clinic.foundation.responses import SeeOther


def session_of(request: HttpRequest, now: datetime) -> ClientSession | None:
    """Whoever this browser's cookie lets in. Every page here begins with it, and shows only its request."""
    cookie = request.COOKIES.get(settings.CLIENT_COOKIE_NAME, "")
    return links.session_for(cookie, now) if cookie else None


def closed(request: HttpRequest, verb: str = "") -> HttpResponse:
    """No session, or an ended one. What was typed comes back, so that nobody has to write it twice."""
    typed_lines = typed.words(ACTIONS[verb].form(request.POST)) if verb in ACTIONS else []
    text = request.POST.get("text", "")
    if text.strip() and not any(label == _label_of_text(verb) for label, _ in typed_lines):
        typed_lines.append(("What you wrote", text.splitlines()))
    return render(request, "bookings/client/own/closed.html", {"typed_lines": typed_lines}, status=403)


def _label_of_text(verb: str) -> str:
    fields = ACTIONS[verb].form().fields if verb in ACTIONS else {}
    return typed.label(str(fields["text"].label)) if "text" in fields else ""


def wrong(
    request: HttpRequest, session: ClientSession, verb: str, form: CrispyForm, address: str
) -> HttpResponse | None:
    """The answer to a form that cannot be taken: a redirect to the page at `address`, which shows it as it was typed.

    None if that is too much to keep; then the page is to be shown at once.
    """
    given = typed.fields(request.POST, form)
    if given is None:
        return None
    links.keep_typed(session, {"verb": verb, "version": session.request.version, "fields": given})
    return SeeOther(address)


def waiting(session: ClientSession, verb: str) -> QueryDict | None:
    """What was typed into the form of this verb and is still to be put right."""
    kept = opened(session, "typed") or {}
    return typed.post(kept["fields"]) if kept.get("verb") == verb else None
