"""Answers that have not been sent yet: one row a browser tab, opened by its id and the browser's own secret together.

The id travels in the address (?d=...), so that two tabs never get mixed up. The secret is a cookie: an id from a history, a
log or a glance over a shoulder opens nothing without it. The answers are encrypted as a whole and deleted an hour after the
last one. Of a sent draft, the id and the browser's digest stay for a day, so that whoever comes back to it is told that we
have the request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from bookings import limits
from bookings.client import typed
from bookings.client.form.draft_data import DraftData
from bookings.models import ConsultationRequest, Draft
from bookings.queries import client as queries
from clinic.foundation.prepared import Prepared
from clinic.foundation.responses import SeeOther

_SECRET_LENGTH = 43


class OpenDraft:
    """A draft in hand: its row, and what it holds as a value. Set another `data`, then `save`."""

    def __init__(self, row: Draft, *, is_over: bool = False) -> None:
        self.row, self._is_over = row, is_over
        self._data: DraftData | None = None

    @property
    def data(self) -> DraftData:
        """What it holds; nothing once it is over. Raises Unreadable if no key of ours opens it."""
        if self._data is None:
            self._data = DraftData() if self._is_over else DraftData.from_data(self.row.data)
        return self._data

    @data.setter
    def data(self, data: DraftData) -> None:
        self._data = data

    @property
    def sent_as(self) -> ConsultationRequest | None:
        return self.row.sent_as

    @property
    def is_trace(self) -> bool:
        """Whether the answers of a sent draft are gone, and only its request is known."""
        return self.sent_as is not None and self.data == DraftData()


def start(secret: str, data: DraftData, now: datetime) -> OpenDraft:
    """A new draft that belongs to the browser with this secret."""
    row = Draft.objects.create(
        owner=_digest(secret),
        data=data.data(),
        started_at=now,
        expires_at=now + timedelta(minutes=limits.sessions.DRAFT_MINUTES),
    )
    return OpenDraft(row)


def secret_of(request: HttpRequest) -> str:
    """The browser's secret; a new one if it has none yet (then `keep_secret` on the answer)."""
    secret = request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")
    return secret if len(secret) == _SECRET_LENGTH else secrets.token_urlsafe(32)


def keep_secret(response: HttpResponseBase, secret: str) -> None:
    """Set the cookie: for this browser session, unreadable to scripts."""
    response.set_cookie(
        settings.DRAFT_COOKIE_NAME,
        secret,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path="/",
    )


def find(request: HttpRequest, now: datetime) -> OpenDraft | None:
    """The draft that `?d=` names, if it is this browser's and not over; None for anything else, whatever the reason.

    `sent_as` is what it has become, even if an earlier version of this program was interrupted before noting that. Of a sent
    draft that is over, nothing but that is left (`is_trace`), for a day.
    """
    try:
        key = uuid.UUID(request.GET.get("d", ""))
    except ValueError:
        return None
    row = next(DRAFT.models((key,)), None)
    secret = request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")
    if row is None or not hmac.compare_digest(row.owner, _digest(secret)):
        return None
    if row.became:
        row.sent_as = queries.sent_with(key)
    if now < row.expires_at:
        return OpenDraft(row)
    consultation = row.sent_as
    if consultation is not None and now < consultation.created_at + timedelta(
        days=limits.sessions.SENT_DRAFT_DAYS
    ):
        return OpenDraft(row, is_over=True)
    return None


def with_key(given: tuple[uuid.UUID], _: None) -> QuerySet[Any]:
    """A draft, and which request it `became`, by the request's own word: None while it is not sent."""
    request = ConsultationRequest.objects.filter(draft_id=OuterRef("pk")).order_by()
    return Draft.objects.filter(pk=given[0]).annotate(became=Subquery(request.values("pk")[:1]))


DRAFT = Prepared(with_key)  # every page of a request begins with it


def wrong(
    request: HttpRequest,
    draft: OpenDraft,
    page: str,
    form: forms.Form,
    now: datetime,
    given: QueryDict | None = None,
) -> HttpResponse | None:
    """The answer to a POST on `page` that cannot be taken: a redirect to the page, which then shows `form` as it was typed.

    `given`: what `form` was filled in with, if that is not the POST alone. None if it is too much to keep; then the page
    is to be shown at once.
    """
    kept = typed.fields(request.POST if given is None else given, form)
    if kept is None:
        return None
    draft.data = draft.data.with_typed(page, kept)
    save(draft, now)
    return SeeOther(request.get_full_path())


def save(draft: OpenDraft, now: datetime, *, minutes: int | None = None) -> None:
    """Keep the answers for another hour, or for `minutes`."""
    row = draft.row
    row.data, row.expires_at = (
        draft.data.data(),
        now + timedelta(minutes=minutes or limits.sessions.DRAFT_MINUTES),
    )
    row.save(update_fields=["data", "expires_at"])


def remember(draft: OpenDraft) -> None:
    """Keep what has changed, but no longer than before."""
    draft.row.data = draft.data.data()
    draft.row.save(update_fields=["data"])


def address(path: str, draft: OpenDraft, **more: str) -> str:
    """`path` with the draft's id."""
    return f"{path}?{urlencode({'d': str(draft.row.pk), **more})}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
