"""Somebody with a telephone, in the tests: the code that it shows, and how they sign in with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from clinic.foundation.signin import factor, totp

PASSWORD = "correct horse battery"  # everybody's, in tests.factories
LOGIN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/second-factor/"
ACCOUNT, CODES, HOME = "/admin/account/", "/admin/recovery-codes/", "/admin/all/"
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def with_telephone(user: User) -> list[str]:
    """`user` has set up a second step long ago; return the recovery codes."""
    return factor.set_up(user, KEY, 0, timezone.now() - timedelta(days=30))


def shown(halves: int = 0, key: str = KEY) -> str:
    """What the telephone shows now, or so many half minutes later."""
    return totp.code_at(key, timezone.now() + timedelta(seconds=30 * halves))


def password(browser: Client, name: str, going: str = HOME, **more: str) -> Any:
    return browser.post(LOGIN, {"username": name, "password": PASSWORD, "next": going} | more)


def code(browser: Client, token: str, **more: str) -> Any:
    return browser.post(CODE, {"token": token, "next": HOME} | more)


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200
