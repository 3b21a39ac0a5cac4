"""Forms that ask for a password that exists, and how they explain that the guard is closed."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from crispy_forms.layout import HTML, Div
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from clinic.foundation import limits, throttle
from clinic.foundation.forms import CrispyForm, button
from clinic.foundation.signin import factor, steps
from clinic.foundation.signin.guard import NAME_LENGTH, Closed, is_name
from clinic.foundation.signin.steps import Key

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
    clock = closed.clock(current_zone())
    words = f"{what} is closed until {clock}, even with the right password. Please try again then."
    return ValidationError(words, code="closed")


def current_zone() -> ZoneInfo:
    """The zone of the times on this page."""
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    return zone


# --- ours, drawn by our pack --------------------------------------------------------------------------------------------


def code_field(label: str) -> forms.CharField:
    """Six digits, with or without blanks, which a phone or a password manager may fill in."""
    attrs = {
        "class": "code",
        "autocomplete": "one-time-code",
        "autocapitalize": "characters",
        "spellcheck": "false",
    }
    return forms.CharField(
        label=label,
        max_length=limits.sign_in.CODE_CHARACTERS,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": "Type the code"},
    )


class OwnPasswordForm(CrispyForm):
    """The password of whoever is signed in. Counted and logged by the guard, as at the sign-in."""

    closed: datetime | None = None

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type your password"},
    )

    def __init__(self, request: HttpRequest, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user = cast(User, self.request.user)
        try:
            right = authenticate(self.request, username=user.get_username(), password=password)
        except Closed as closed:
            self.closed = closed.until
            raise refusal("Too many wrong passwords. This page", closed) from None
        if right is None:
            raise ValidationError("This is not your password", code="wrong")
        return password

    def ask_for_code(self) -> None:
        """A code as well, if the account has a second step."""
        if factor.of(self.request.user):
            self.fields["code"] = code_field("Code from your app, or a recovery code")

    def clean(self) -> None:
        """A code is looked at only once the password was right: it works once."""
        if "code" in self.fields and not self.errors:
            try_code(self, "code", self.request, cast(User, self.request.user), tuple(Key))


class AccountForm(OwnPasswordForm):
    """One's own password, and what to do with the second step. On a screen that was left open a password is not enough."""

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data)
        if not steps.is_recent(request, timezone.now()):
            self.ask_for_code()

    def layout(self) -> list[Any]:
        return [*self.asked(), HTML("{% include 'admin/sign_in/account_buttons.html' %}")]


class OnwardForm(CrispyForm):
    """A step of the sign-in. It carries where its person was going, and what they had typed there."""

    closed: datetime | None = None

    def layout(self) -> list[Any]:
        return [HTML("{% include 'admin/sign_in/onward.html' %}"), *self.asked()]


class CodeForm(OnwardForm):
    """The code from the telephone, to sign in with."""

    token = code_field("Six digits")
    trust = forms.BooleanField(required=False)

    def __init__(self, data: Any, until: str, *, first: bool = True) -> None:
        super().__init__(data)
        self.fields["token"].widget.attrs |= {"inputmode": "numeric", "autofocus": first}
        self.fields[
            "trust"
        ].label = f"Do not ask in this browser until {until}. Only behind the desk, never at home."

    def layout(self) -> list[Any]:
        return [*super().layout(), Div(button("Sign in", css_class="btn primary"), css_class="btns")]


class RecoveryForm(OnwardForm):
    """One of the recovery codes, for whoever has not got the telephone."""

    recovery = code_field("Recovery code")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["recovery"].widget.attrs |= {
            "autocomplete": "off",
            "placeholder": "XXXX-XXXX",
            "autofocus": data is not None,
        }

    def layout(self) -> list[Any]:
        return [*super().layout(), Div(button("Sign in with it", css_class="btn"), css_class="btns")]


class FirstCodeForm(OnwardForm):
    """The first code of a new key: the telephone has it."""

    token = code_field("Six digits")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["token"].widget.attrs |= {"inputmode": "numeric"}

    def layout(self) -> list[Any]:
        go_on = button("Go on to the recovery codes", css_class="btn primary big")
        return [*super().layout(), Div(go_on, css_class="btns")]


def try_code(
    form: OwnPasswordForm | OnwardForm, field: str, request: HttpRequest, user: User, keys: tuple[Key, ...]
) -> Key | None:
    """Use what was typed into `field`; return as what, or None: then the form says why it is not right."""
    now = timezone.now()
    try:
        found = steps.show(request, user, form.cleaned_data[field], keys, now)
    except Closed as closed:
        form.closed = closed.until
        form.add_error(field, refusal("Too many wrong codes. This step", closed))
        return None
    if found is None:
        left = steps.tries_left(request, user, now)
        form.add_error(field, f"{_NOT_RIGHT[keys[0]]} {left} {'try' if left == 1 else 'tries'} left.")
    return found


_NOT_RIGHT = {
    Key.TELEPHONE: "This code is not right, was used already, or is more than a minute old. Wait for the next one.",
    Key.RECOVERY: "This is none of your recovery codes, or it was used already.",
}
