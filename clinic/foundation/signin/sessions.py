"""Where staff sessions are kept: Django's table, with a digest in place of the key.

The key itself is in the browser's cookie and nowhere else, so a dump, a backup or a look at the table opens no session.
A key has 160 random bits, so a plain digest cannot be reversed by guessing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from clinic.foundation.prepared import Prepared


def digest(key: str) -> str:
    """What the table holds for the session whose cookie says `key`: as long as the column allows."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def live(given: tuple[str, datetime], _: None) -> QuerySet[Any]:
    """The session that the table holds under a digest, if it has not ended by a moment."""
    return Session.objects.filter(session_key=given[0], expire_date__gt=given[1])


LIVE = Prepared(live)  # whoever is signed in asks it for every page


class SessionStore(db.SessionStore):
    """As Django's, but every lookup in the table is by the digest.

    A session ends settings.SESSION_COOKIE_AGE after it was last saved: in the table and in the browser.
    """

    _saved_at: datetime | None = None

    @property
    def saved_at(self) -> datetime | None:
        """When the table was last told of this session (aware, UTC); None if it never was."""
        self.keys()  # reads it from the table, unless it was read already
        return self._saved_at

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = next(LIVE.models((digest(self.session_key or ""), timezone.now())), None)
        if row is None:
            self._session_key = None
        else:
            self._saved_at = row.expire_date - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return row

    async def _aget_session_from_db(self) -> Session | None:
        row: Session | None = await self._live().afirst()
        if row is None:
            self._session_key = None
        return row

    def _live(self) -> Any:
        return self.model.objects.filter(
            session_key=digest(self.session_key or ""), expire_date__gt=timezone.now()
        )

    def exists(self, session_key: str) -> bool:
        return super().exists(digest(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(digest(session_key))

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    async def acreate_model_instance(self, data: Any) -> Any:
        row = await super().acreate_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(digest(key))

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            await super().adelete(digest(key))
