"""Fields whose messages are ours, in plain words. What several apps need is in clinic/foundation/forms.py."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError

from clinic.foundation import addresses, text

# A number without a country code is read as one from here.
HOME_REGION = "GB"


class CleanText(forms.CharField):
    """Free words from outside: cleaned before they are kept. `limit` is in characters."""

    def __init__(self, *, limit: int, lines: bool = False, **kwargs: Any) -> None:
        self.limit, self.lines = limit, lines
        kwargs.setdefault("required", False)
        super().__init__(strip=False, **kwargs)
        # CharField refuses NUL in words of its own; `clean` says it in ours.
        self.validators = []

    def to_python(self, value: Any) -> str:
        return text.clean(super().to_python(value) or "", limit=self.limit, lines=self.lines)


def area(label: str, *, hint: str = "", limit: int = 500, rows: int = 4, **kwargs: Any) -> CleanText:
    """A box for a few sentences."""
    return CleanText(
        label=label,
        help_text=hint,
        limit=limit,
        lines=True,
        widget=forms.Textarea(attrs={"rows": rows, **kwargs.pop("attrs", {})}),
        **kwargs,
    )


class Email(CleanText):
    """An address that mail can reach, in the one form that it is kept in (clinic/foundation/addresses.py)."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Enter your email address"})
        super().__init__(limit=1000, required=True, **kwargs)

    def to_python(self, value: Any) -> str:
        address = super().to_python(value)
        return addresses.kept(address) if address else ""


class Phone(CleanText):
    """A phone number in digits, with any spacing and signs between them. Kept as `tidy` writes it; `e164` reads it."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=40, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        # Letters would be read as the keys that they are on, and a slip of the finger as another number.
        if typed and (any(letter.isalpha() for letter in typed) or not e164(typed)):
            raise ValidationError(
                "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192", code="invalid"
            )
        return tidy(typed)


def tidy(number: str) -> str:
    """'01632 960001' for a number from here, '+33 1 23 45 67 89' for another; an empty text when it is no number."""
    known = e164(number)
    if not known:
        return ""
    parsed = phonenumbers.parse(known, HOME_REGION)
    here = parsed.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if here else style.INTERNATIONAL)


def e164(typed: str) -> str:
    """'+441632960001' for a number in any spacing; an empty text when it cannot be a phone number."""
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def tick(label: str, *, required: str = "", hint: str = "") -> forms.BooleanField:
    """One box. `required` is the message when it must be ticked and is not."""
    return forms.BooleanField(
        label=label, help_text=hint, required=bool(required), error_messages={"required": required}
    )


def trap() -> forms.CharField:
    """A field that people never see. What fills it in is a program; nothing else about it is checked."""
    return forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
