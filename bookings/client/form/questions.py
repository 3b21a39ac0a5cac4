"""The questions, one form a page. Forms parse and validate; none of them saves anything.

What is asked, in which order and why: domain.md section 4.1. Error texts: section 4.4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field
from django import forms
from django.utils.html import format_html

from bookings import answers, consents, limits
from bookings.fields import Email, Name, Phone, area, tick, trap
from bookings.models import ContactBy
from bookings.queries.client import Options
from clinic.foundation.forms import Choices, CrispyForm, button, checkboxes, radios


class StepForm(CrispyForm):
    """One page of the request. `options` holds what editors can change: concerns, treatments, the clinic's name."""

    def __init__(self, *args: Any, options: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.arrange()

    def arrange(self) -> None:
        """Fill in the choices that come from the database."""

    def layout(self) -> list[Any]:
        return [*self.asked(), button("Continue")]

    def asked(self) -> list[Any]:
        """Every field, with the trap where people never see it."""
        return [Field(name, template="%s/trap.html") if name == "website" else name for name in self.fields]

    def answers(self) -> dict[str, Any]:
        """What the draft keeps of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "website"}


class AgeForm(StepForm):
    heading = "adult"
    adult = radios(
        "Are you 18 or over?",
        required="Tell us whether you are 18 or over",
        choices=[("yes", "Yes"), ("no", "No")],
    )


class AboutForm(StepForm):
    concerns = checkboxes(
        "What would you like to talk about?",
        required="Select what you would like to talk about",
        hint="Choose all that fit. It does not matter if you do not know the name. Our front desk reads this too.",
    )
    areas = checkboxes(
        "Where is it?",
        required="Select where it is",
        hint="Choose all that fit.",
        choices=list(answers.AREAS.items()),
    )

    def arrange(self) -> None:
        _set_choices(
            self, "concerns", _with_tells(self.options.concerns) + list(answers.BESIDE_CONCERNS.items())
        )


class TreatmentsForm(StepForm):
    heading = "treatments"
    treatments = checkboxes(
        "Are any treatments of interest? (optional)",
        hint="You do not need to know. Choosing one does not mean you have to have it.",
    )

    def arrange(self) -> None:
        names = [(code, name) for code, name, _ in self.options.treatments]
        _set_choices(self, "treatments", names + list(answers.BESIDE_TREATMENTS.items()))


class HealthForm(StepForm):
    applies = checkboxes(
        "Do any of these apply to you?",
        required="Select what applies to you, or “None of these”",
        hint="Choose all that fit. Our clinicians and managers read this page, the front desk does not.",
        choices=list(answers.APPLIES.items()),
    )
    anything_else = area(
        "Is there anything else you would like us to know? (optional)",
        hint="500 characters at most. Please do not include names of other people, or card or bank details.",
    )

    def clean_applies(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["applies"]
        if answers.NONE_APPLY in chosen and set(chosen) - {answers.NONE_APPLY, "in_person"}:
            raise forms.ValidationError(
                "You ticked “None of these” and something else. Untick one.", code="both"
            )
        return chosen


class YouForm(StepForm):
    name = Name(
        label="Full name",
        required=True,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )
    name_to_use = Name(
        label="What should we call you? (optional)",
        help_text="If it is not your first name.",
        limit=limits.texts.NAME_TO_USE_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    email = Email(
        label="Email address", help_text="We send a link here. It opens your request without a password."
    )
    contact_by = radios(
        "How should we contact you?",
        required="Select how we should contact you",
        hint="About this request only. We always send the details by email too.",
        choices=[
            (ContactBy.EMAIL, "By email"),
            (ContactBy.PHONE, "By phone"),
            (ContactBy.TEXT, "By text message"),
        ],
    )
    website = trap()


class PhoneForm(StepForm):
    phone = Phone(
        label="What is your phone number?",
        help_text="With the country code if it is not a UK number. Any spacing is fine.",
        required=True,
        error_messages={"required": "Enter your phone number"},
    )
    texts = tick("", required="Tick the box if we can text you, or go back and choose another way")
    may_leave_message = tick(
        "You can leave a message if I do not answer",
        hint="If you share your phone or voicemail, you may want to leave this empty.",
    )

    def arrange(self) -> None:
        if self.initial.get("contact_by") == ContactBy.TEXT:
            self.fields["texts"].label = consents.text(consents.TEXTS, self.options.clinic)
            self.fields["texts"].help_text = "You chose text messages, so we need you to agree to them."
        else:
            del self.fields["texts"]


class SupportForm(StepForm):
    heading = "support"
    support = checkboxes(
        "Do you need any support for your visit? (optional)",
        hint="Tell us now and we will have it ready. Our front desk reads this too, so that it can.",
        choices=list(answers.SUPPORT.items()),
    )
    support_note = area(
        "Tell us more (optional)",
        hint="For example which language, or what helps you. Please say nothing about your skin or your health here.",
        limit=limits.texts.SUPPORT_CHARACTERS,
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "other" in given.get("support", []) and not given.get("support_note") and "support_note" in given:
            self.add_error("support_note", "Tell us what support you need")
        return given


class ConsentTick(forms.CheckboxInput):
    """Ticked only beside the words of today: a page that was opened before they changed sends another version."""

    def __init__(self, version: str) -> None:
        super().__init__(attrs={"value": version})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return bool(data.get(name) == self.attrs["value"])


class CheckForm(StepForm):
    """The last page: what the client agrees to. Nothing is ticked for them.

    We ask about texts here if we are to phone; anyone who wants to be texted has agreed on the page of the phone.
    """

    health = tick(
        "", required="Tick the box to agree that we can use this information. We cannot reply without it"
    )
    texts = tick("")
    news = tick("")
    website = trap()

    def __init__(self, *args: Any, may_text: bool, **kwargs: Any) -> None:
        self.may_text = may_text
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        for kind in consents.CURRENT:
            words = consents.text(kind, self.options.clinic)
            self.fields[kind].label = words if kind == consents.HEALTH else f"{words} (optional)"
        self.fields[consents.HEALTH].widget = ConsentTick(consents.version(consents.HEALTH))
        if not self.may_text:
            del self.fields["texts"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_tag = False  # the answers above it, each with its button "Change", are in the same form
        return helper

    def layout(self) -> list[Any]:
        send = Div(button("Send your request"), css_class="acts")
        return [*self.asked(), HTML(f"<p>{consents.STATEMENT}</p>"), send]

    def given(self) -> dict[str, bool]:
        """Each consent that was asked for, and whether it was given."""
        return {kind: bool(self.cleaned_data[kind]) for kind in consents.CURRENT if kind in self.fields}

    def ticked(self) -> dict[str, bool]:
        """What is ticked, whether or not the form is complete."""
        return {
            kind: bool(self[kind].value() not in (None, False, ""))
            for kind in consents.CURRENT
            if kind in self.fields
        }


class AddressForm(CrispyForm):
    """One address: to correct it on the sent page, or to ask for a new link."""

    email = Email(label="Email address")


def _set_choices(form: CrispyForm, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices


def _with_tells(rows: Collection[tuple[str, str, str]]) -> Choices:
    return [
        (code, format_html('{} <span class="small">{}</span>', name, tell) if tell else name)
        for code, name, tell in rows
    ]
