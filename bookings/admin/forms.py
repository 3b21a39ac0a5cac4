"""What staff type beside a button. These forms parse and validate; the verbs write.

Every form is made with `Choices`: what the page offers to choose from. Nothing that is not a field here reaches a verb,
so a forged `status` in a POST is never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from bookings import limits
from bookings.admin.choices import Choices
from bookings.desk_site import READS_HEALTH
from bookings.fields import Email, Name, Phone, area, e164
from bookings.models import Tag
from bookings.reach import Barrier
from bookings.states import CancelReason, DeclineReason
from bookings.wording import REASONS
from clinic.foundation.forms import CleanText, CrispyForm, Several

# The one form of a request's page, by its id: every field and button of a verb belongs to it, wherever it stands. So
# whatever is typed comes with each press, and none of it is lost.
DESK_FORM = "desk"
# The field, and its label, for why somebody is mailed who is not to be.
DESPITE = ("despite", "Mail it all the same, because")
# And why a rule of a treatment session does not hold this time.
BECAUSE = "because"


class VerbForm(CrispyForm):
    """The base, and the whole form of a verb that needs no words."""

    # The field whose words the client will read behind the link.
    note_field = ""
    # What the names of its fields begin with on the page, if not with the name of the button; None: with nothing.
    begins: str | None = ""
    # The field that a button of a list fills: such a button says after a colon what it is about ("merge:12").
    row = ""

    def __init__(
        self, data: Any = None, *, choices: Choices, verb: str, mail: str = "", **kwargs: Any
    ) -> None:
        begins = verb if self.begins == "" else self.begins
        # A program that presses a button sends the fields of that one, by their plain names.
        if begins and data is not None and not any(name.startswith(f"{begins}-") for name in data):
            begins = None
        super().__init__(data, auto_id="%s" if begins else f"{verb}-%s", prefix=begins, **kwargs)
        self.choices, self.verb = choices, verb
        barriers = choices.consultation.barriers_to(mail) if mail else []
        if barriers and Barrier.NO_ADDRESS not in barriers:
            self.fields[DESPITE[0]] = _despite(barriers)
        for each in self.fields.values():
            each.widget.attrs["form"] = DESK_FORM

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_tag = (
            False  # around it, with the buttons and the mail that they send, the page draws the form
        )
        helper.disable_csrf = True  # the page's form has the token, and the version that the page shows
        helper.form_show_errors = True  # there are many forms on the page: each says for itself what is wrong
        return helper

    @property
    def typed_note(self) -> str:
        """The words for the client as they stand, valid or not."""
        typed = self.data.get(self.add_prefix(self.note_field), "") if self.note_field else ""
        return str(typed) if self.is_bound else ""

    @property
    def written(self) -> Iterator[str]:
        """The names, as the page sends them, of the fields that people write sentences into."""
        for name, each in self.fields.items():
            if isinstance(each.widget, forms.Textarea):
                yield self.add_prefix(name)

    def write_again(self, typed: Mapping[str, str]) -> bool:
        """Put back what was typed here when another button was pressed, by the names of `written`. False if nothing was."""
        back = {name: typed[sent] for name in self.fields if (sent := self.add_prefix(name)) in typed}
        self.initial = {**self.initial, **back}
        return bool(back)


def because() -> CleanText:
    """For times of a treatment session with rules."""
    return area(
        "If a rule of this session says no: why it is right all the same",
        hint="Needed only then. Kept as an internal note.",
        rows=1,
        limit=limits.texts.NOTE_CHARACTERS,
    )


def _despite(barriers: Sequence[Barrier]) -> CleanText:
    """For what would be a mail to somebody who is not to be mailed."""
    return area(
        DESPITE[1],
        hint=f"{' '.join(barrier.words for barrier in barriers)} Left empty, this is not mailed: it becomes a call to "
        "make. A reason is kept as an internal note.",
        rows=1,
        limit=limits.texts.NOTE_CHARACTERS,
    )


def _not_health(label: str) -> forms.BooleanField:
    """Unticked, as a browser sends it that knows no such box, the words stay hidden from the front desk."""
    hint = "Without the tick the front desk cannot: only practitioners, managers and whoever wrote it."
    return forms.BooleanField(label=label, help_text=hint, required=False)


class AskForm(VerbForm):
    note_field = "question"
    question = area(
        "Your question",
        hint="The client reads it on their page, not in the mail.",
        limit=limits.texts.QUESTION_CHARACTERS,
        error_messages={"required": "Write the question."},
    )
    not_health = _not_health("Not about health: all of the desk may read the question and the answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].required = True


_NOTHING_CHOSEN = ("", "Choose a reason")
_WHY = {"required": "Choose why: what the client reads depends on it."}
_ADVICE = (DeclineReason.ADVICE_FIRST, DeclineReason.REFER_GP)
# Told apart by what the client will read.
DECLINE_CHOICES = (
    ("Advice", [(r.value, capfirst(REASONS[r])) for r in _ADVICE]),
    (
        "Not for us",
        [
            (DeclineReason.URGENT_SIGNPOST.value, "Urgent help first"),
            (DeclineReason.NOT_OFFERED_HERE.value, "Not offered here"),
            (DeclineReason.UNDER_18.value, "Under 18"),
        ],
    ),
    (
        "Closing",
        [
            (DeclineReason.UNREACHABLE.value, "Could not be reached"),
            (DeclineReason.DUPLICATE.value, "A duplicate"),
            (DeclineReason.SPAM.value, "Spam (nobody is told)"),
            (DeclineReason.OTHER.value, "Another reason"),
        ],
    ),
)


class DeclineForm(VerbForm):
    note_field = "note"
    row = "reason"
    reason = forms.ChoiceField(label="Why", choices=(_NOTHING_CHOSEN, *DECLINE_CHOICES), error_messages=_WHY)
    note = area(
        "A personal note",
        hint="The client reads it on their page, not in the mail. With the reason “advice” it is the advice, and required.",
        limit=limits.texts.ADVICE_CHARACTERS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = self.choices.consultation
        if consultation.calls_tried >= limits.reminders.CALLS_TRIED and not consultation.is_pressing:
            self.fields["reason"].initial = DeclineReason.UNREACHABLE.value

    def clean_reason(self) -> str:
        """Raise a validation error where somebody must be reached today, and a clinician decides what follows."""
        reason = str(self.cleaned_data["reason"])
        clinician = self.choices.reader.has_perm(READS_HEALTH)
        if reason == DeclineReason.UNREACHABLE and self.choices.consultation.is_pressing and not clinician:
            words = "They must be reached today: a clinician decides what follows."
            raise ValidationError(words, code="pressing")
        return reason

    def clean(self) -> dict[str, Any] | None:
        """Raise a validation error for advice without a word of it."""
        if self.cleaned_data.get("reason") in _ADVICE and not self.cleaned_data.get("note"):
            words = "Write what you advise. It is all that they get to read."
            self.add_error("note", ValidationError(words, code="required"))
        return self.cleaned_data


class AdviceForm(VerbForm):
    """To decline because something else comes first: the button says the reason, so only the words are typed."""

    note_field = "note"
    note = area(
        "What you advise",
        hint="The client reads it on their page, not in the mail.",
        limit=limits.texts.ADVICE_CHARACTERS,
        error_messages={"required": "Write what you advise. It is all that they get to read."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "reason": DeclineReason.ADVICE_FIRST.value}


class CancelForm(VerbForm):
    note_field = "text"
    reason = forms.ChoiceField(
        label="Why",
        choices=[_NOTHING_CHOSEN, *((r.value, capfirst(REASONS[r])) for r in CancelReason)],
        error_messages=_WHY,
    )
    text = area(
        "A personal note (optional)",
        hint="The client reads it on their page, not in the mail.",
        limit=limits.texts.PERSONAL_NOTE_CHARACTERS,
    )


class NoteForm(VerbForm):
    text = area(
        "Internal note, never sent",
        rows=2,
        limit=limits.texts.NOTE_CHARACTERS,
        error_messages={"required": "Write the note."},
    )
    not_health = _not_health("Not about health: all of the desk may read it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class InformationForm(NoteForm):
    text = area(
        "What they told you",
        hint="For example on the phone. Kept with the request; nobody is mailed.",
        rows=2,
        limit=limits.texts.NOTE_CHARACTERS,
        error_messages={"required": "Write what they told you."},
    )


class TagForm(VerbForm):
    tags = Several(
        label="Tags",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="From the list that your managers keep. Anybody at the desk reads them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks = self.fields["tags"]
        assert isinstance(ticks, Several)
        ticks.choices = lambda: [(str(each.pk), each.name) for each in self.choices.tags]
        ticks.initial = lambda: [str(each.pk) for each in self.choices.worn]

    def clean_tags(self) -> list[Tag]:
        chosen = set(self.cleaned_data["tags"])
        return [each for each in self.choices.tags if str(each.pk) in chosen]


class ContactForm(VerbForm):
    """An address that we have can be changed, not emptied; and nobody is left without a way to be reached."""

    name = Name(label="Name", required=True, error_messages={"required": "Enter the name."})
    email = Email(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the e-mail address."},
    )
    phone = Phone(
        label="Phone (optional)",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"required": "There is no other way to reach them: keep a number."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = self.choices.consultation
        self.initial = {"name": consultation.name, "email": consultation.email, "phone": consultation.phone}
        if Barrier.NO_ADDRESS in consultation.barriers:
            self.fields["email"].required, self.fields["email"].label = False, "E-mail (optional)"
        if consultation.barriers and consultation.phone:
            self.fields["phone"].required, self.fields["phone"].label = True, "Phone"

    def clean_phone(self) -> str:
        return e164(self.cleaned_data["phone"])


class SureForm(VerbForm):
    """For what cannot be taken back."""

    sure = forms.BooleanField(
        label="Yes, remove it for good", error_messages={"required": "Tick the box if you are sure."}
    )
