"""The questions, one form a page. Forms parse and validate; none of them saves anything.

What is asked and why: domain.md section 4.1. Error texts: section 4.4. What is optional is folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms
from django.utils.html import format_html

from bookings import answers, consents, limits
from bookings.client.form.asked_before import asked_by
from bookings.client.form.draft_data import WANT_A_CALL
from bookings.fields import Email, Name, Phone, area, tick, trap
from bookings.models import ContactBy
from bookings.queries.client import Options
from clinic.foundation.forms import Choices, CrispyForm, button, checkboxes, folded, radios
from clinic.foundation.layout import Box, Fold, OurWords
from clinic.foundation.outlines import Outlined
from content.pictures import drawings

# What the Enter key presses where a button answers a question: nothing is chosen that nobody looked at.
_ENTER = OurWords('{% include "bookings/client/enter.html" with words="Continue" %}')


class StepForm(CrispyForm):
    """One page of the request. `options` holds what editors can change: concerns, treatments, the clinic's name."""

    outlined = True

    def __init__(self, *args: Any, options: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.arrange()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_class = ""  # as wide as the page around it
        return helper

    def arrange(self) -> None:
        """Fill in what comes from the database, and what is chosen before anybody has."""

    def fold(self, summary: str, *names: str, is_open: bool = False) -> Fold:
        """Optional questions: folded until one holds an answer or an error, unless they are to be seen at once."""
        is_open = is_open or any(self[name].value() or self[name].errors for name in names)
        return folded(summary, *names, is_open=is_open, css_class="fold")

    def answers(self) -> dict[str, Any]:
        """What the draft keeps of a valid form."""
        return {name: given for name, given in self.cleaned_data.items() if name != "website"}


class AboutForm(StepForm):
    """What it is about, and whether somebody is an adult: the answer to that is the button that goes on."""

    adult = radios(
        "Are you 18 or over?",
        required="Tell us whether you are 18 or over",
        choices=[("yes", "Yes"), ("no", "No")],
    )
    concerns = checkboxes(
        "What is it about?",
        required="Select what you would like to talk about",
        hint="Our front desk reads this.",
        box="tiles",
    )
    areas = checkboxes(
        "Where is it?", required="Select where it is", choices=list(answers.AREAS.items()), box="chips"
    )
    treatments = checkboxes(
        "Treatments of interest (optional)",
        hint="Choosing one does not mean you have to have it.",
    )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = self.sent_to
        return helper

    def __init__(self, *args: Any, sent_to: str = "", **kwargs: Any) -> None:
        self.sent_to = sent_to  # where there is no draft yet, the name of the view that begins one
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        tiles = _tiles(self.options.concerns)
        _set_choices(self, "concerns", [(code, name) for code, name, _ in tiles])
        # The drawings are in the labels alone: what was chosen is told in words elsewhere.
        self.fields["concerns"].widget.choices = [(code, label) for code, _, label in tiles]
        names = [(code, name) for code, name, _ in self.options.treatments]
        _set_choices(self, "treatments", names + list(answers.BESIDE_TREATMENTS.items()))
        if self["adult"].value() == "yes":
            self.fields["adult"].widget = forms.HiddenInput()

    def layout(self) -> list[Any]:
        asked = ["concerns", "areas", self.fold("A treatment in mind?", "treatments")]
        along = OurWords('{% include "bookings/client/form/along.html" %}')
        if self["adult"].is_hidden:
            return [along, *asked, "adult", button("Continue")]
        return [along, _ENTER, *asked, Outlined("adult", template="bookings/client/form/adult.html")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("adult") == "no":
            self.errors.clear()  # the rest is not ours to know
        return given


class BeforeForm(StepForm):
    """What applies, anything else, and support. The codes and their words: bookings/answers.py."""

    heading = "applies"
    applies = checkboxes(
        "Do any of these apply to you?",
        required="Select what applies to you, or “None of these”",
        hint="Only our clinicians and managers read this.",
        choices=list(answers.APPLIES.items()),
    )
    anything_else = area(
        "Anything else we should know? (optional)",
        hint="500 characters at most. Please do not include names of other people, or card or bank details.",
    )
    support = checkboxes(
        "Support for your visit (optional)",
        hint="We will have it ready. Our front desk reads this too, so that it can.",
        choices=list(answers.SUPPORT.items()),
    )
    support_note = area(
        "Tell us more (optional)",
        hint="For example which language, or what helps you. Please say nothing about your skin or your health here.",
        limit=limits.texts.SUPPORT_CHARACTERS,
        rows=3,
    )

    def arrange(self) -> None:
        """“None of these” is a button. Whoever has chosen it finds it in the list as well, to take it back.

        What the guide has asked in the same words is not asked again: it stands folded with what was said.
        """
        self.from_guide = asked_by(self.initial.get("guide"), self.initial.get("applies") or [])
        if self.from_guide:
            self.fields["applies"].label = "Does this apply to you too?"
        if self._is_unnamed():
            self.fields["anything_else"].label = "What is it, or where is it? (optional)"
        chosen = self["applies"].value() or []
        # The explanations are in the labels alone: what was chosen is told in its own words elsewhere.
        self.fields["applies"].widget.choices = [
            (code, _explained(code, words))
            for code, words in answers.APPLIES.items()
            if code != answers.NONE_APPLY or code in chosen
        ]

    @property
    def said_to_guide(self) -> list[str]:
        """What of it is ticked, in words."""
        chosen = self["applies"].value() or []
        return answers.words([code for code in self.from_guide if code in chosen], answers.APPLIES)

    def layout(self) -> list[Any]:
        none = button("None of these", name="applies", value=answers.NONE_APPLY)
        buttons = Box(none, button("Continue", css_class="quiet"), css_class="acts")
        names = ("anything_else", "support", "support_note")
        more = self.fold("Anything to add, or support?", *names, is_open=self._is_unnamed())
        applies = (
            Field("applies", template="bookings/client/form/applies.html") if self.from_guide else "applies"
        )
        return [_ENTER, applies, more, buttons]

    def _is_unnamed(self) -> bool:
        """Whether the page before knows only that it is something else, or somewhere else: here it can be said."""
        about = [*(self.initial.get("concerns") or []), *(self.initial.get("areas") or [])]
        return answers.SOMETHING_ELSE in about or answers.ELSEWHERE in about

    def clean_applies(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["applies"]
        if answers.NONE_APPLY in chosen and self.from_guide.intersection(chosen):
            chosen.remove(answers.NONE_APPLY)  # it was said of what the guide had not asked
            if not self.from_guide.issuperset(chosen):
                raise self._both()
        elif answers.NONE_APPLY in chosen and set(chosen) - {answers.NONE_APPLY, "in_person"}:
            raise self._both()
        return chosen

    def _both(self) -> forms.ValidationError:
        return forms.ValidationError(
            "You ticked something and pressed “None of these”. Untick what is not true, then press “Continue”.",
            code="both",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "other" in given.get("support", []) and not given.get("support_note") and "support_note" in given:
            self.add_error("support_note", "Tell us what support you need")
        return given


class YouForm(StepForm):
    name = Name(
        label="Full name",
        required=True,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )
    email = Email(label="Email address", help_text="Your link goes here.")
    contact_by = radios(
        "How should we contact you about this request?",
        required="Select how we should contact you",
        choices=[(ContactBy.EMAIL, "Email me"), (ContactBy.PHONE, "Call me"), (ContactBy.TEXT, "Text me")],
        box="chips",
    )
    phone = Phone(
        label="Phone number (needed if we call or text)",
    )
    may_leave_message = tick(
        "You can leave a message if I do not answer",
        hint="If you share your phone or voicemail, you may want to leave this empty.",
    )
    name_to_use = Name(
        label="What should we call you? (optional)",
        help_text="If it is not your first name.",
        limit=limits.texts.NAME_TO_USE_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    website = trap()

    def arrange(self) -> None:
        self.fields["contact_by"].initial = ContactBy.EMAIL  # we write there in any case

    def layout(self) -> list[Any]:
        more = self.fold("Voicemail, and what we call you", "may_leave_message", "name_to_use")
        asked = ["name", "email", "contact_by", "phone", more, Outlined("website", template="%s/trap.html")]
        return [*asked, button("Continue")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("contact_by") in WANT_A_CALL and given.get("phone") == "":
            self.add_error("phone", "Enter your phone number, or choose “Email me”")
        return given


class ConsentTick(forms.CheckboxInput):
    """Ticked only beside the words of today: a page that was opened before they changed sends another version."""

    def __init__(self, version: str) -> None:
        super().__init__(attrs={"value": version})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return bool(data.get(name) == self.attrs["value"])


class CheckForm(StepForm):
    """The last page: what the client agrees to. Nothing is ticked for them.

    We ask about texts if we are to call. Whoever chose “Text me” has agreed to them by that (`consents.TEXT_ME`).
    """

    health = tick(
        "", required="Tick the box to agree that we can use this information. We cannot reply without it"
    )
    texts = tick("")
    news = tick("")
    website = trap()

    def __init__(self, *args: Any, contact_by: str, **kwargs: Any) -> None:
        self.contact_by = contact_by
        super().__init__(*args, **kwargs)

    def arrange(self) -> None:
        if self.contact_by != ContactBy.PHONE:
            del self.fields["texts"]
        for kind in consents.CURRENT.keys() & self.fields.keys():
            field, words = self.fields[kind], consents.text(kind, self.options.clinic)
            field.label = words if field.required else f"{words} (optional)"
        self.fields[consents.HEALTH].widget = ConsentTick(consents.version(consents.HEALTH))

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_tag = False  # the answers above it, each with its button "Change", are in the same form
        return helper

    def layout(self) -> list[Any]:
        agree = Box(
            *(part for kind in consents.CURRENT if kind in self.fields for part in _agreed(kind)),
            css_class="agree",
        )
        statement = OurWords(f'<p class="small">{consents.STATEMENT}</p>')
        send = Box(button("Send your request"), css_class="acts")
        then = OurWords('{% include "bookings/client/form/then.html" %}')
        return [agree, Outlined("website", template="%s/trap.html"), statement, then, send]

    @property
    def agreed_details(self) -> str:
        """What stands in the fold under the tick about health, and is agreed to with it."""
        return consents.CURRENT[consents.HEALTH].details

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


def _agreed(kind: str) -> list[Any]:
    """A tick, and what belongs to its words in a fold under it."""
    fold = OurWords('{% include "bookings/client/form/agreed.html" %}')
    return [kind, fold] if consents.CURRENT[kind].details else [kind]


def _explained(code: str, words: str) -> str:
    """The label of what may apply, with its line of explanation if it has one."""
    line = answers.APPLIES_EXPLAINED.get(code)
    return format_html('{} <span class="small">{}</span>', words, line) if line else words


def _set_choices(form: CrispyForm, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = choices


@lru_cache(maxsize=4)  # the same until an editor changes a concern
def _tiles(concerns: tuple[tuple[str, str, str, str], ...]) -> list[tuple[str, str, str]]:
    """The concerns (code, name, label with a drawing), all on one tone of skin: only what is drawn differs."""
    beside = answers.BESIDE_CONCERNS
    not_sure = (answers.NOT_SURE, beside[answers.NOT_SURE], "", "unsure")
    else_ = (answers.SOMETHING_ELSE, beside[answers.SOMETHING_ELSE], "", "")
    return [
        (code, name, _tile(name, tell, drawings.of_concern(code, of_page), drawings.USUAL))
        for code, name, tell, of_page in (*concerns, not_sure, else_)
    ]


def _tile(name: str, tell: str, drawing: str, tone: str) -> str:
    """The label of a tile. Its drawing says nothing that the words do not."""
    src = drawings.url("skin", drawing, tone) or drawings.url("skin", "flat", tone)
    words = format_html('{} <span class="small">{}</span>', name, tell) if tell else name
    return format_html('<img src="{}" width="320" height="200" alt=""><span>{}</span>', src, words)
