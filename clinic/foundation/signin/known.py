"""The browsers that have signed in before: one cookie, which tells its reader nothing.

It holds a random number and, for each account that signed in here, a digest under SECRET_KEY of that number, the account
and its password's hash. So nobody can make one, two browsers of one account have nothing in common, and a new password
makes every one of them worthless, as it does with sessions. It opens nothing: it only has a limit of its own.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.foundation import limits

_FORM = re.compile(rf"[\w-]{{22}}(\.[\w-]{{43}}){{1,{limits.sign_in.ACCOUNTS_PER_BROWSER}}}", re.ASCII)


def entry(request: HttpRequest | None, user: User | None) -> str:
    """This browser's digest for `user`, or "" if it has not signed in there since the password was set.

    The work is the same without a user, so that nobody can tell from timing which accounts there are.
    """
    number, entries = _read(request)
    wanted = _digest(number, user)
    found = [constant_time_compare(wanted, each) for each in entries]
    return wanted if user is not None and any(found) else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Set the cookie: `user` has just shown their password in this browser."""
    number, entries = _read(request)
    number = number or secrets.token_urlsafe(16)
    mine = _digest(number, user)
    kept = [mine, *(each for each in entries if each != mine)][: limits.sign_in.ACCOUNTS_PER_BROWSER]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        ".".join([number, *kept]),
        max_age=limits.sign_in.BROWSER_KNOWN_DAYS * 24 * 60 * 60,
        path="/",
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )


def _read(request: HttpRequest | None) -> tuple[str, list[str]]:
    """The number and the digests; nothing if there is no cookie or we did not make it."""
    value = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "") if request else ""
    if not _FORM.fullmatch(value):
        return "", []
    number, *entries = value.split(".")
    return number, entries


def _digest(number: str, user: User | None) -> str:
    account = f"{user.pk}:{user.password}" if user else ""
    digest = salted_hmac("clinic.signin.known", f"{number}:{account}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
