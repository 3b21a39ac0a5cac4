"""The key of a telephone that is being set up: in the session, encrypted, until its first code was right."""

from __future__ import annotations

import json
from datetime import datetime

from django.contrib.auth.models import User
from django.http import HttpRequest

from clinic.foundation import crypto, limits
from clinic.foundation.signin import totp

_NAME = "new_key"


def begin(request: HttpRequest, user: User, now: datetime) -> str:
    """Make a key for `user`, and return it."""
    key = totp.new_key()
    request.session[_NAME] = crypto.encrypt(json.dumps([user.pk, int(now.timestamp()), key]))
    return key


def of(request: HttpRequest, user: User, now: datetime) -> str | None:
    """The key that was made for `user` in this session; None after limits.sign_in.HALF_SIGN_IN."""
    try:
        pk, at, key = json.loads(crypto.decrypt(request.session.get(_NAME, "")))
    except crypto.Unreadable:
        return None
    fresh = now.timestamp() - at <= limits.sign_in.HALF_SIGN_IN.total_seconds()
    return str(key) if pk == user.pk and fresh else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_NAME, None)
