"""Browsers that are not asked for a code until Sunday, because somebody who had just shown one said so.

One cookie with, for each account that said so here, until when and a digest under SECRET_KEY of that, the account, its
password's hash and its second step. So nobody can make one, and a new password, another telephone or a reset makes it
worthless. It never stands for the password.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.foundation import limits, when
from clinic.foundation.signin import factor

_FORM = re.compile(
    rf"\d{{10}}-[\w-]{{43}}(\.\d{{10}}-[\w-]{{43}}){{0,{limits.sign_in.ACCOUNTS_PER_BROWSER - 1}}}", re.ASCII
)


def sunday(now: datetime) -> datetime:
    """When the next Sunday begins in the current zone (aware, UTC): on a Sunday, the one in a week."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    today = when.local_day(now, zone)
    return when.day_bounds(today + timedelta(days=6 - today.weekday() or 7), zone)[0]


def is_trusted(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether this browser need not show a code for `user`."""
    return any(_is_of(entry, user) and _until(entry) > now.timestamp() for entry in _entries(request))


def trust(request: HttpRequest, response: HttpResponseBase, user: User, now: datetime) -> None:
    """Set the cookie: `user` has just shown a code here, and asked for it."""
    until = sunday(now)
    mine = _entry(int(until.timestamp()), user)
    others = [each for each in _entries(request) if not _is_of(each, user) and _until(each) > now.timestamp()]
    entries = [mine, *others][: limits.sign_in.ACCOUNTS_PER_BROWSER]
    response.set_cookie(
        settings.TRUSTED_COOKIE_NAME,
        ".".join(entries),
        max_age=until - now,
        path="/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )


def _entries(request: HttpRequest) -> list[str]:
    value = request.COOKIES.get(settings.TRUSTED_COOKIE_NAME, "")
    return value.split(".") if _FORM.fullmatch(value) else []


def _until(entry: str) -> int:
    return int(entry.partition("-")[0])


def _is_of(entry: str, user: User) -> bool:
    return constant_time_compare(entry, _entry(_until(entry), user))


def _entry(until: int, user: User) -> str:
    found = factor.of(user)
    said = f"{until}:{user.pk}:{user.password}:{found.pk if found else 0}"
    digest = salted_hmac("clinic.signin.trusted", said, algorithm="sha256").digest()
    return f"{until}-{urlsafe_b64encode(digest).decode().rstrip('=')}"
