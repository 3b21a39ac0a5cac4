"""Forms that ask for a password that exists, and how they explain that the guard is closed."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.utils import timezone

from clinic.foundation import limits, throttle
from clinic.foundation.signin.guard import NAME_LENGTH, Closed, is_name

R = TypeVar("R", bound=HttpResponseBase)

_SCOPE = "old-password"
_SIGN_IN = "Too many wrong passwords, for this account or from this connection. Signing in"
_OLD = "Too many wrong passwords. Changing yours"


class SignInForm(AdminAuthenticationForm):
    """`closed` is set when too many passwords were wrong. Times are in the current zone."""

    closed: datetime | None = None

    def clean_username(self) -> str:
        """Refuse what cannot be an account's name, before anything is asked about it."""
        name: str = self.cleaned_data["username"]
        if not is_name(name):
            raise ValidationError(
                f"That is no user name: it has {NAME_LENGTH} characters or fewer, all of which can be seen.",
                code="no_name",
            )
        return name

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except Closed as closed:
            self.closed = closed.until
            raise refusal(_SIGN_IN, closed) from None


class OldPasswordForm(AdminPasswordChangeForm):
    """Changing one's password asks for the old one: anyone who finds a session open has ten guesses an hour at it."""

    closed: datetime | None = None

    def clean_old_password(self) -> str:
        place, now = (_SCOPE, str(self.user.pk)), timezone.now()
        closed = Closed(throttle.opens(limits.sign_in.SIGN_IN_WINDOW, now))
        if not throttle.allow(
            *place, limit=limits.sign_in.WRONG_PASSWORDS, window=limits.sign_in.SIGN_IN_WINDOW, now=now
        ):
            self.closed = closed.until
            raise refusal(_OLD, closed)
        try:
            old: str = super().clean_old_password()
        except ValidationError:
            if throttle.is_used_up(
                *place,
                limit=limits.sign_in.WRONG_PASSWORDS,
                window=limits.sign_in.SIGN_IN_WINDOW,
                now=now,
            ):
                self.closed = closed.until
                raise refusal(_OLD, closed) from None
            raise
        throttle.give_back(*place, window=limits.sign_in.SIGN_IN_WINDOW, now=now)
        return old


def answer_closed(response: R, closed: datetime | None) -> R:
    """Make it 429 if the guard is closed until a moment (`closed` of a form), and say when to come back."""
    if closed is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(ceil((closed - timezone.now()).total_seconds()))
    return response


def refusal(what: str, closed: Closed) -> ValidationError:
    """What a form says that met a closed guard. `what` is the reason and what is shut; times are in the current zone."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    words = (
        f"{what} is closed until {closed.clock(zone)}, even with the right password. Please try again then."
    )
    return ValidationError(words, code="closed")
