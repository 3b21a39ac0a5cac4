"""What clients can do on their own page: the form of each thing, and the verb that it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Hidden
from django import forms
from django.urls import reverse
from django.utils.html import format_html

from bookings import limits
from bookings.client.times.windows import OtherTimesForm
from bookings.fields import area
from bookings.models import ConsultationRequest
from bookings.queries import plans
from bookings.workflow import contact, desk, intake, plan_answer, proposal, reply, visit, visit_questions
from bookings.workflow.core import Origin
from clinic.foundation.forms import CleanText, CrispyForm, button, checkboxes
from clinic.foundation.text import id_in


def _words(label: str, *, missing: str = "", hint: str = "") -> CleanText:
    """Some words for the clinic. `missing` is the message when there are none; without it they are optional."""
    return area(
        label,
        hint=hint,
        required=bool(missing),
        limit=limits.texts.CLIENT_WORDS_CHARACTERS,
        error_messages={"required": missing},
    )


class OwnForm(CrispyForm):
    """One thing that the client can do. Nothing needs to be filled in, unless the form has fields."""

    # As it is in the address.
    verb = ""
    # Of the button, which is filled where it is what we hope for.
    words = ""
    primary = False
    # A link in its looks, where the button is seldom wanted.
    slight = False
    # The version of the request that the page shows.
    version = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{self.verb}_%s")
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = reverse("client:verb", args=[self.verb])
        return helper

    def layout(self) -> list[Any]:
        press = button(self.words, css_class="" if self.primary else "slight" if self.slight else "quiet")
        return [Hidden("version", str(self.version)), *self.asked(), press]


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """A time to accept. `theirs`: the same moment by the client's own clock, if that differs. `more`: what else to say."""

    key: int
    day: str
    hour: str
    theirs: str
    more: str

    @property
    def label(self) -> str:
        """'Thursday 3 December at 10am', the day and the hour each on a line of its own."""
        theirs = format_html(" <span>({})</span>", self.theirs) if self.theirs else ""
        moment = format_html(
            '{}<span class="vh"> at </span><span class="hour">{}</span>', self.day, self.hour
        )
        return format_html("<b>{}{}</b>{}", moment, theirs, self.more)


class AcceptForm(OwnForm):
    verb, words, primary = "accept", "Accept the chosen time", True
    appointment = forms.CharField(
        widget=forms.RadioSelect, error_messages={"required": "Choose one of the times"}
    )

    def offer(self, times: Iterable[OfferedTime], *, chosen: int | None) -> None:
        """Show these times, with the one of this key chosen."""
        field = self.fields["appointment"]
        shown = [(str(time.key), time.label) for time in times]
        field.widget.choices = shown
        field.initial = str(chosen) if chosen else None
        field.label = "The time we have for you" if len(shown) == 1 else "Choose a time"

    def asked(self) -> list[Any]:
        # What is agreed about the fee stands between the times and the button that agrees to it.
        return [Div("appointment", css_class="pick"), HTML('{% include "bookings/client/own/fee.html" %}')]

    def clean_appointment(self) -> int:
        # A made-up value is the same as one that is no longer offered: the verb says so.
        return id_in(self.cleaned_data["appointment"])


class WishForm(OwnForm, OtherTimesForm):
    verb, words = "ask-other-times", "Ask for other times"
    text = area("Anything we should know? (optional)", limit=limits.texts.AREA_CHARACTERS, rows=3)


class AnswerForm(OwnForm):
    verb, words, primary = "answer", "Send your answer", True
    text = _words("Your answer", missing="Enter your answer")


class InformationForm(OwnForm):
    verb, words = "add-information", "Send this"
    text = _words(
        "What would you like to add?",
        missing="Enter what you would like to add",
        hint="Our clinicians and managers read it, the front desk does not.",
    )


class WithdrawForm(OwnForm):
    verb, words = "withdraw", "Withdraw your request"
    text = _words("Why? (optional)")


class CancelForm(OwnForm):
    verb, words = "cancel", "Cancel your consultation"
    text = _words("Why? (optional)")


# What many would like to know, in our words.
SUGGESTED = (
    ("realistic", "What can I realistically expect?"),
    ("risks", "What are the risks for my skin?"),
    ("cost", "What will it cost altogether?"),
)


class QuestionsForm(OwnForm):
    verb, words = "choose-questions", "Send your questions"
    suggested = checkboxes("Would you like to ask any of these?", choices=SUGGESTED)
    own = area(
        "Your own questions (optional)",
        hint="Each on a line of its own. Three in all, with those you ticked.",
        limit=limits.texts.VISIT_QUESTIONS * limits.texts.VISIT_QUESTION_CHARACTERS,
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        """All of them in order, as `questions`. Raises a validation error for none, too many, or one that is too long."""
        ticked, most = self.cleaned_data.get("suggested", []), limits.texts.VISIT_QUESTIONS
        own = [line.strip() for line in self.cleaned_data.get("own", "").splitlines() if line.strip()]
        found = [words for code, words in SUGGESTED if code in ticked] + list(dict.fromkeys(own))
        if not self.errors and not found:
            self.add_error("suggested", "Tick a question, or write one of your own")
        elif len(found) > most:
            self.add_error(
                "own", f"These are {len(found)} questions. Choose three: leave out a line or a tick"
            )
        elif any(len(line) > limits.texts.VISIT_QUESTION_CHARACTERS for line in own):
            self.add_error(
                "own", f"Keep each question to {limits.texts.VISIT_QUESTION_CHARACTERS} characters"
            )
        return {**self.cleaned_data, "questions": found}


class RemoveQuestionsForm(OwnForm):
    verb, words = "remove-questions", "Take my questions away"


class TakeBackForm(OwnForm):
    verb, words = "take-back-plan", "Take back my yes"


class AcceptMoveForm(OwnForm):
    verb, words, primary = "accept-move", "Take the new time", True


class KeepForm(OwnForm):
    verb, words = "keep", "Keep the time you have"


class NewLinkForm(OwnForm):
    verb, words, slight = "new-link", "Email me a new link", True


class AskAgainForm(OwnForm):
    verb, words, primary = "ask-again", "Ask again", True


class ReopenForm(OwnForm):
    verb, words, primary = "reopen", "Ask for this visit again", True


class CloseForm(OwnForm):
    verb, words, slight = "close", "Close this page", True


@dataclass(frozen=True, slots=True)
class Action:
    """One button of the page: its form, and the verb that is called with it once it is valid.

    Without a call nothing of the request changes, and it does not matter which version their page showed.
    """

    form: type[OwnForm]
    call: Callable[[ConsultationRequest, Origin, OwnForm], ConsultationRequest] | None = None


def _ask_other_times(consultation: ConsultationRequest, origin: Origin, form: OwnForm) -> ConsultationRequest:
    assert isinstance(form, WishForm)
    return reply.ask_other_times(consultation, origin, windows=form.windows(), text=form.cleaned_data["text"])


_ALL = (
    Action(
        AcceptForm,
        lambda consultation, origin, form: reply.accept(
            consultation, origin, appointment_id=form.cleaned_data["appointment"]
        ),
    ),
    Action(WishForm, _ask_other_times),
    Action(
        AnswerForm,
        lambda consultation, origin, form: reply.answer(consultation, origin, text=form.cleaned_data["text"]),
    ),
    Action(
        InformationForm,
        lambda consultation, origin, form: contact.add_information(
            consultation, origin, text=form.cleaned_data["text"]
        ),
    ),
    Action(
        WithdrawForm,
        lambda consultation, origin, form: intake.withdraw(
            consultation, origin, text=form.cleaned_data["text"]
        ),
    ),
    Action(
        CancelForm,
        lambda consultation, origin, form: visit.cancel(consultation, origin, text=form.cleaned_data["text"]),
    ),
    Action(
        QuestionsForm,
        lambda consultation, origin, form: visit_questions.choose_questions(
            consultation, origin, questions=form.cleaned_data["questions"]
        ),
    ),
    Action(
        RemoveQuestionsForm,
        lambda consultation, origin, form: visit_questions.remove_questions(consultation, origin),
    ),
    Action(
        TakeBackForm,
        lambda consultation, origin, form: plan_answer.take_back_plan(
            consultation, origin, plan=plans.newest(consultation)
        ),
    ),
    Action(AcceptMoveForm, lambda consultation, origin, form: proposal.accept_move(consultation, origin)),
    Action(KeepForm, lambda consultation, origin, form: proposal.keep(consultation, origin)),
    Action(ReopenForm, lambda consultation, origin, form: desk.reopen(consultation, origin)),
    Action(NewLinkForm),
    Action(AskAgainForm),
    Action(CloseForm),
)
ACTIONS: Mapping[str, Action] = {action.form.verb: action for action in _ALL}
