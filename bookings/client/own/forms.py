"""What the client fills in on their own page: one form for each thing that they can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from bookings import limits
from bookings.client.times.windows import OtherTimesForm
from bookings.fields import area
from clinic.foundation.forms import ClientForm
from clinic.foundation.text import id_in


class TextForm(ClientForm):
    """Some words for the clinic, on the client's own page."""

    text = area("", required=True, limit=limits.CLIENT_WORDS_CHARACTERS)

    def __init__(self, *args: Any, label: str, missing: str, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label, field.required = label, needed
        field.error_messages["required"] = missing


class AcceptForm(ClientForm):
    appointment = forms.CharField(error_messages={"required": "Choose one of the times"})

    def clean_appointment(self) -> int:
        # A made-up value is the same as one that is no longer offered: the verb says so.
        return id_in(self.cleaned_data["appointment"])


class WordsForm(OtherTimesForm):
    text = area("Anything we should know? (optional)", limit=limits.AREA_CHARACTERS, rows=3)


class NoForm(ClientForm):
    """Nothing to fill in."""


def _answer_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Your answer", missing="Enter your answer", **kwargs)


def _information_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(
        *args, label="What would you like to add?", missing="Enter what you would like to add", **kwargs
    )


def _reason_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Why? (optional)", missing="", needed=False, **kwargs)


FORMS: dict[str, Callable[..., ClientForm]] = {
    "accept": AcceptForm,
    "ask-other-times": WordsForm,
    "answer": _answer_form,
    "add-information": _information_form,
    "withdraw": _reason_form,
    "cancel": _reason_form,
    "new-link": NoForm,
    "ask-again": NoForm,
    "close": NoForm,
}
