"""A sign-in account for a new practitioner, made on the same page. Only a superuser makes accounts (users.py), so only they
are asked; nobody signs in with it before its password is set, on the page that the message leads to.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from clinic.foundation.forms import CleanText
from clinic.foundation.models import GivenRole

FIELDS = ("account", "account_email")
_ROLE = "clinicians"


class AccountForm(forms.Form):
    """The two fields; both may stay empty."""

    account = CleanText(
        label="New sign-in: user name",
        limit=150,  # as the column takes
        help_text="Empty: no new account. They get the role of practitioners; you set the password afterwards.",
    )
    account_email = forms.EmailField(label="New sign-in: e-mail address", required=False)

    def clean_account(self) -> str:
        name: str = self.cleaned_data["account"]
        if name:
            User.username_validator(name)
        if name and User.objects.filter(username__iexact=name).exists():
            raise ValidationError("Somebody has this user name already. Type another.", code="taken")
        return name

    def check_account(self, data: dict[str, Any]) -> None:
        """Say what does not go together."""
        if data.get("account_email") and not data.get("account") and "account" not in self.errors:
            self.add_error("account", ValidationError("Type a user name too.", code="required"))
        if data.get("account") and data.get("user"):
            words = "Either choose an account above or make a new one, not both."
            self.add_error("account", ValidationError(words, code="both"))


def make(data: dict[str, Any], name: str) -> User | None:
    """The account that the form asks for, with the role of practitioners and no password yet; None if it asks for none."""
    if not data.get("account"):
        return None
    first, _, last = name.removeprefix("Dr ").partition(" ")
    user = User(username=data["account"], email=data["account_email"], is_staff=True)
    user.first_name, user.last_name = first[:150], last[:150]
    user.set_unusable_password()
    user.save()
    given = GivenRole.objects.filter(code=_ROLE).select_related("group").first()
    if given is not None and given.group is not None:
        user.groups.add(given.group)
    return user
