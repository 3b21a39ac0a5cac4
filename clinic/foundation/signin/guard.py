"""The limits on guessing. A guess takes its places before the password is looked at; a right one gives them back.

A stranger's guess takes two places: its network's and the account's, whether or not there is such an account. A
browser that has signed in to the account before (known.py) takes one of its own instead, so that strangers never keep its
owner out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.http import HttpRequest

from clinic.foundation import limits, throttle, when
from clinic.foundation.models import SignIn
from clinic.foundation.network import UNKNOWN, client_address, network_of
from clinic.foundation.signin import known

NAME_LENGTH: int = User._meta.get_field("username").max_length or 150


class Closed(Exception):
    """Too many wrong passwords: this one was not checked. `until` is when the next one will be (aware, UTC)."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"closed until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until

    def clock(self, zone: ZoneInfo) -> str:
        """`until` on the clocks of `zone`: "11am". It is never more than an hour ahead, so it needs no day."""
        return when.clock(self.until, zone)


@dataclass(frozen=True)
class Guess:
    """One attempt to sign in, and the places that it takes."""

    who: str
    network: str
    places: tuple[tuple[str, str], ...]
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest | None, name: str, user: User | None, now: datetime) -> Guess:
        """`user` is the account called `name`, or None. With no request there is no network, and the account counts."""
        network = _network(request)
        account, entry = _account(name), known.entry(request, user)
        unlocked = throttle.marked("signin-unlocked", account, now)
        places: tuple[tuple[str, str], ...]
        if entry:
            places = (("signin-known", entry),)
        elif unlocked:
            places = (("signin-unlocked-network", f"{unlocked.isoformat()} {network} {account}"),)
        elif request is None:
            places = (("signin-account", account),)
        else:
            places = (("signin-network", network), ("signin-account", account))
        return cls(user.get_username() if user else "", network, places, now)

    def take(self) -> bool:
        """Take all places, or none and return False."""
        for number, (scope, key) in enumerate(self.places):
            if not throttle.allow(
                scope,
                key,
                limit=limits.sign_in.WRONG_PASSWORDS,
                window=limits.sign_in.SIGN_IN_WINDOW,
                now=self.now,
            ):
                self._give_back(self.places[:number])
                return False
        return True

    def was_right(self) -> None:
        """Give the places back. Nobody is in yet: a second step may follow."""
        self._give_back(self.places)

    def was_wrong(self) -> bool:
        """Note it; return whether the door is closed now."""
        _note(self.who, self.network, SignIn.Outcome.WRONG, self.now)
        return any(
            throttle.is_used_up(
                scope,
                key,
                limit=limits.sign_in.WRONG_PASSWORDS,
                window=limits.sign_in.SIGN_IN_WINDOW,
                now=self.now,
            )
            for scope, key in self.places
        )

    def was_refused(self) -> None:
        """Note that the password was not checked, as long as that does not flood the log."""
        _note_refused(self.who, self.network, self.now)

    def closed(self) -> Closed:
        """The exception to raise."""
        return Closed(throttle.opens(limits.sign_in.SIGN_IN_WINDOW, self.now))

    def _give_back(self, places: tuple[tuple[str, str], ...]) -> None:
        for scope, key in places:
            throttle.give_back(scope, key, window=limits.sign_in.SIGN_IN_WINDOW, now=self.now)


def note(request: HttpRequest | None, user: User, outcome: SignIn.Outcome, now: datetime) -> None:
    """Write into the log what `user` did. Without a request it was done on the server itself."""
    _note(user.get_username(), _network(request) if request else "this server", outcome, now)


def note_refused(request: HttpRequest, user: User, now: datetime) -> None:
    """Note that a code was not looked at, as long as that does not flood the log."""
    _note_refused(user.get_username(), _network(request), now)


def own_place(request: HttpRequest, user: User, now: datetime) -> str:
    """Whose guesses count together once the password was right: this browser's if `user` has signed in with it before.

    Else the account's, or after `unlock` each network's by itself.
    """
    unlocked = throttle.marked("signin-unlocked", _account(user.get_username()), now)
    apart = f"{unlocked.isoformat()} {_network(request)} {user.pk}" if unlocked else str(user.pk)
    return known.entry(request, user) or apart


def _network(request: HttpRequest | None) -> str:
    return network_of(client_address(request) if request else UNKNOWN)


def _note(who: str, network: str, outcome: SignIn.Outcome, now: datetime) -> None:
    SignIn.objects.create(at=now, who=who, network=network, outcome=outcome)


def _note_refused(who: str, network: str, now: datetime) -> None:
    if throttle.allow(
        "signin-refused-log",
        network,
        limit=limits.sign_in.REFUSED_SIGN_INS_LOGGED,
        window=limits.sign_in.SIGN_IN_WINDOW,
        now=now,
    ):
        _note(who, network, SignIn.Outcome.CLOSED, now)


def is_name(name: object) -> bool:
    """Whether an account could be called this: text that fits its column, without NUL or half a surrogate pair."""
    return (
        isinstance(name, str)
        and 0 < len(name) <= NAME_LENGTH
        and not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
    )


def unlock(name: str, now: datetime) -> datetime:
    """Count wrong passwords for the account called `name` by network alone, from zero, for a while; return until when.

    Emptying its counter would not help while somebody goes on guessing: the ten places would be gone in a second.
    """
    throttle.mark("signin-unlocked", _account(name), now=now, until=now + limits.sign_in.UNLOCKED_FOR)
    return now + limits.sign_in.UNLOCKED_FOR


def _account(name: str) -> str:
    """One spelling for all spellings of a name."""
    return unicodedata.normalize("NFKC", name).casefold()


def purge(now: datetime, *, most: int = 10_000) -> int:
    """Remove what is older than limits.sign_in.SIGN_IN_LOG_DAYS from the log, at most `most`; return how many."""
    old = (
        SignIn.objects.filter(at__lte=now - timedelta(days=limits.sign_in.SIGN_IN_LOG_DAYS))
        .order_by("at")
        .values_list("pk", flat=True)
    )
    return SignIn.objects.filter(pk__in=list(old[:most])).delete()[0]
