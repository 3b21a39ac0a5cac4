"""Fields whose messages are ours, in plain words. What several apps need is in clinic/foundation/forms.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from bookings import limits
from clinic.foundation import addresses, text
from clinic.foundation.forms import CleanText

# A number without a country code is read as one from here.
HOME_REGION = "GB"

PHONE_FORMAT = "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"
AREA_CODE = "Include the area code, like 01632 960 001"
ONE_PHONE = "Enter one phone number, without an extension"
# Numbers within a town have up to this many digits (0121 496 0123 is 496 0123 there).
_LOCAL_DIGITS = 7


class Name(CleanText):
    """What somebody is called: it holds a visible letter, in any script."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, *, limit: int = limits.texts.NAME_CHARACTERS, **kwargs: Any) -> None:
        super().__init__(limit=limit, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not text.has_letter(value):
            message = self.error_messages["required"] if self.required else "Use letters, or leave this empty"
            raise ValidationError(message, code="no_letters")


def area(
    label: str, *, hint: str = "", limit: int = limits.texts.AREA_CHARACTERS, rows: int = 4, **kwargs: Any
) -> CleanText:
    """A box for a few sentences."""
    return CleanText(
        label=label,
        help_text=hint,
        limit=limit,
        lines=True,
        widget=forms.Textarea(attrs={"rows": rows, **kwargs.pop("attrs", {})}),
        **kwargs,
    )


class DayInput(forms.DateInput):
    """The browser's own field for a day; a plain one for what is no day, which that field would not show again."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["type"] = "date" if _is_day(context["widget"]["value"]) else "text"
        return context


def _is_day(value: str | None) -> bool:
    """Whether a browser can show it as a day; an empty one it can."""
    try:
        return not value or bool(date.fromisoformat(value))
    except ValueError:
        return False


class Day(forms.DateField):
    """A day, as browsers send it or as people type it: 2026-11-23, 23/11/2026, 23 Nov 2026. Of this century alone."""

    widget = DayInput(format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("error_messages", {"invalid": "Enter a day, like 23/11/2026"})
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"],
            validators=[
                MinValueValidator(date(2000, 1, 1), "Enter a day from the year 2000 on"),
                MaxValueValidator(date(2099, 12, 31), "Enter a day before the year 2100"),
            ],
            **kwargs,
        )


class Email(CleanText):
    """An address that mail can reach, in the one form in which it is kept (clinic/foundation/addresses.py)."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": "Enter your email address"})
        super().__init__(limit=limits.texts.EMAIL_TYPED_CHARACTERS, **({"required": True} | kwargs))

    def to_python(self, value: Any) -> str:
        address = super().to_python(value)
        return addresses.kept(address) if address else ""


class Phone(CleanText):
    """One phone number in digits, with any spacing and signs between them. Kept as `tidy` writes it; `e164` reads it."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=limits.texts.PHONE_CHARACTERS, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        _parse(typed)
        return tidy(typed)


def tidy(number: str) -> str:
    """'01632 960001' for a number from here, '+33 1 23 45 67 89' for another; an empty text when it is not a number."""
    parsed = _known(number)
    if parsed is None:
        return ""
    here = parsed.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if here else style.INTERNATIONAL)


def e164(typed: str) -> str:
    """'+441632960001' for a number in any spacing; an empty text when nobody could be reached on it."""
    number = _known(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


def _known(typed: str) -> phonenumbers.PhoneNumber | None:
    """The number, or None when nobody could be reached on it."""
    try:
        return _parse(typed)
    except ValidationError:
        return None


def _parse(typed: str) -> phonenumbers.PhoneNumber:
    """The one number that was typed, all of it. Raises ValidationError, which says what is missing or surplus."""
    # Letters would be read as the keys they are on, and a slip of the finger as another number.
    if any(letter.isalpha() for letter in typed):
        raise ValidationError(PHONE_FORMAT, code="invalid")
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise ValidationError(PHONE_FORMAT, code="invalid") from None
    digits = phonenumbers.national_significant_number(number)
    reason = phonenumbers.is_possible_number_with_reason(number)
    # It would be dropped silently: nothing of ours keeps it.
    if number.extension:
        raise ValidationError(ONE_PHONE, code="several")
    # Some numbers are complete with this few digits, but those are known. Any other can be dialled only in its own town.
    short = len(digits) <= _LOCAL_DIGITS and not phonenumbers.is_valid_number(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY or (
        short and reason == phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        raise ValidationError(AREA_CODE, code="local")
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValidationError(PHONE_FORMAT, code="invalid")
    return number


def tick(label: str, *, required: str = "", hint: str = "") -> forms.BooleanField:
    """One box. `required` is the message when it must be ticked and is not."""
    return forms.BooleanField(
        label=label, help_text=hint, required=bool(required), error_messages={"required": required}
    )


def trap() -> forms.CharField:
    """A field that people never see. Whatever fills it in is a program; nothing else about it is checked."""
    return forms.CharField(
        required=False,
        label="Leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
