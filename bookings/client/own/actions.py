"""What clients can do on their own page: a form for each, and the verb that it calls. One table, one row a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from bookings import limits
from bookings.client.times.windows import OtherTimesForm
from bookings.fields import area
from bookings.models import ConsultationRequest
from bookings.workflow import contact, intake, reply, visit
from bookings.workflow.core import Origin
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


def _answer_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Your answer", missing="Enter your answer", **kwargs)


def _information_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(
        *args, label="What would you like to add?", missing="Enter what you would like to add", **kwargs
    )


def _reason_form(*args: Any, **kwargs: Any) -> TextForm:
    return TextForm(*args, label="Why? (optional)", missing="", needed=False, **kwargs)


@dataclass(frozen=True, slots=True)
class Action:
    """One form of the page: what is filled in, and the verb that is called with it once it is valid."""

    form: Callable[..., ClientForm]
    call: Callable[[ConsultationRequest, Origin, ClientForm], ConsultationRequest]


def _ask_other_times(
    consultation: ConsultationRequest, origin: Origin, form: ClientForm
) -> ConsultationRequest:
    assert isinstance(form, OtherTimesForm)
    return reply.ask_other_times(consultation, origin, windows=form.windows(), text=form.cleaned_data["text"])


# By the last word of its address, under /consultations/mine/.
ACTIONS: Mapping[str, Action] = {
    "accept": Action(
        AcceptForm,
        lambda consultation, origin, form: reply.accept(
            consultation, origin, appointment_id=form.cleaned_data["appointment"]
        ),
    ),
    "ask-other-times": Action(WordsForm, _ask_other_times),
    "answer": Action(
        _answer_form,
        lambda consultation, origin, form: reply.answer(consultation, origin, text=form.cleaned_data["text"]),
    ),
    "add-information": Action(
        _information_form,
        lambda consultation, origin, form: contact.add_information(
            consultation, origin, text=form.cleaned_data["text"]
        ),
    ),
    "withdraw": Action(
        _reason_form,
        lambda consultation, origin, form: intake.withdraw(
            consultation, origin, reason_text=form.cleaned_data["text"]
        ),
    ),
    "cancel": Action(
        _reason_form,
        lambda consultation, origin, form: visit.cancel(consultation, origin, text=form.cleaned_data["text"]),
    ),
}
