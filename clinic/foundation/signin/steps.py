"""Between the password and the desk: who is half signed in, guesses at the second step, and the moment of being in.

Half signed in is nobody yet: the session names an account whose password was right, and opens nothing but the next step.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.contrib.auth import get_backends, login, logout
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from clinic.foundation import limits, throttle
from clinic.foundation.models import SignIn
from clinic.foundation.signin import factor, guard
from clinic.foundation.signin.guard import Closed

_HALF = "half_signed_in"
# The id of the second step that this session was signed in by.
_BY = "factor"
# The moment of its last full sign-in, in seconds since 1970.
_AT = "signed_in"


class Key(Enum):
    """What somebody showed in the second step."""

    TELEPHONE = "telephone"
    RECOVERY = "recovery"


def begin(request: HttpRequest, user: User, now: datetime) -> None:
    """The password was right, and the second step is to come. Whoever was signed in in this browser no longer is."""
    logout(request)
    request.session[_HALF] = [user.pk, user.get_session_auth_hash(), int(now.timestamp())]
    guard.note(request, user, SignIn.Outcome.PASSWORD, now)


def half(request: HttpRequest, now: datetime) -> User | None:
    """Who is half signed in: for limits.sign_in.HALF_SIGN_IN, and while the account and its password are as they were."""
    pk, password, at = request.session.get(_HALF) or (0, "", 0)
    if now.timestamp() - at > limits.sign_in.HALF_SIGN_IN.total_seconds():
        return None
    [backend] = get_backends()
    user: User | None = backend.get_user(pk)
    same = user is not None and constant_time_compare(password, user.get_session_auth_hash())
    return user if same else None


def enter(request: HttpRequest, user: User, now: datetime) -> None:
    """`user` is fully signed in from now on."""
    request.session.pop(_HALF, None)
    login(request, user, "clinic.foundation.signin.backend.GuardedBackend")
    stamp(request, user, now)
    guard.note(request, user, SignIn.Outcome.IN, now)


def stamp(request: HttpRequest, user: User, now: datetime) -> None:
    """This session goes by the second step that `user` has now: it was just shown, set up or taken away here."""
    found = factor.of(user)
    request.session[_BY] = found.pk if found else None
    note_shown(request, now)


def note_shown(request: HttpRequest, now: datetime) -> None:
    """Somebody has just shown all that it takes to sign in."""
    request.session[_AT] = int(now.timestamp())


def is_recent(request: HttpRequest, now: datetime) -> bool:
    """Whether that was within limits.sign_in.RECENT. A session of an older version, which cannot say, counts from now on."""
    at: int = request.session.setdefault(_AT, int(now.timestamp()))
    return now.timestamp() - at <= limits.sign_in.RECENT.total_seconds()


def is_too_long(request: HttpRequest, now: datetime) -> bool:
    """Whether the password was last shown more than limits.sign_in.LONGEST_SESSION ago."""
    at: int = request.session.get(_AT, int(now.timestamp()))
    return now.timestamp() - at > limits.sign_in.LONGEST_SESSION.total_seconds()


def is_done(request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this session was signed in by the second step that the account has, or has none as the account."""
    found = factor.of(user)
    return request.session.get(_BY) == (found.pk if found else None)


def show(request: HttpRequest, user: User, typed: str, keys: tuple[Key, ...], now: datetime) -> Key | None:
    """Try what was typed as each of `keys`; return which it was, or None. Raises Closed after too many wrong ones.

    Counted before it is looked at, for the account alone: only somebody who knows the password comes this far. A browser
    that the account has signed in with has a limit of its own, as with passwords, and each network after `unlock`.
    """
    place = ("second-step", guard.own_place(request, user, now))
    window = limits.sign_in.SIGN_IN_WINDOW
    if not throttle.allow(*place, limit=limits.sign_in.WRONG_CODES, window=window, now=now):
        guard.note_refused(request, user, now)
        raise Closed(throttle.opens(window, now))
    right = next((key for key in keys if _USE[key](user, typed, now)), None)
    if right is not None:
        throttle.give_back(*place, window=window, now=now)
        if right is Key.RECOVERY:
            guard.note(request, user, SignIn.Outcome.RECOVERY, now)
        return right
    guard.note(request, user, SignIn.Outcome.CODE, now)
    if throttle.is_used_up(*place, limit=limits.sign_in.WRONG_CODES, window=window, now=now):
        raise Closed(throttle.opens(window, now))
    return None


def tries_left(request: HttpRequest, user: User, now: datetime) -> int:
    """How many wrong codes are left before the door closes."""
    place = ("second-step", guard.own_place(request, user, now))
    used = throttle.used(*place, window=limits.sign_in.SIGN_IN_WINDOW, now=now)
    return max(0, limits.sign_in.WRONG_CODES - used)


_USE = {Key.TELEPHONE: factor.use_code, Key.RECOVERY: factor.use_recovery_code}
