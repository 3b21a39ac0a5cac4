"""What is asked on the phone. The form says nothing about times that have gone: the verb looks, under a lock."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.core.exceptions import ValidationError

from bookings import answers as words_of
from bookings import consents, limits
from bookings.admin.forms import because
from bookings.admin.slot_forms import read_slot
from bookings.availability import Slot
from bookings.fields import Email, Name, Phone, area, e164
from bookings.models import ConsultationType, ContactBy, Practitioner, Weekday, WishWindow
from bookings.queries import session_rules
from bookings.workflow.submission import Submission
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.forms import CleanText, CrispyForm, Several, button, folded
from clinic.foundation.text import id_in
from content.models import Concern

_ALL_READ = "All of the desk reads this."
_FEW_READ = "Once it is kept, only practitioners and managers read this."


def _card(key: str, title: str, *inside: Any, css_class: str = "card") -> Fieldset:
    return Fieldset(title, *inside, css_id=f"h-{key}", css_class=css_class, template="admin/card.html")


def _note(words: str) -> HTML:
    return HTML(f'<p class="note">{words}</p>')


def _part(name: str) -> HTML:
    return HTML(f'{{% include "admin/bookings/consultationrequest/phone_{name}.html" %}}')


class PhoneForm(CrispyForm):
    """Somebody's call: who they are, what applies to them, what it is about, and when."""

    # What is wrong with the form as a whole is about the chosen time.
    whole = "times"

    draft = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Please open this page again: part of it is missing."
        ),
    )
    phone = Phone(label="Phone", widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
    name = Name(label="Name", required=True, error_messages={"required": "Enter the name."})
    email = Email(
        label="E-mail",
        required=False,
        help_text="Empty: they have none, and we ring them.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact_by = forms.ChoiceField(label="Reach them by", choices=ContactBy.choices, initial=ContactBy.EMAIL)
    may_leave_message = forms.BooleanField(label="We may leave a message", required=False)
    adult = forms.BooleanField(
        label="They say that they are 18 or over",
        error_messages={"required": "Ask first: we cannot see anybody under 18."},
    )
    agreed = forms.BooleanField(
        label="They agree that we use what they say about their skin and health to reply and plan a consultation",
        error_messages={"required": "Ask first: without it nothing may be kept."},
    )
    applies = Several(
        label="Do any of these apply?",
        choices=list(words_of.APPLIES_ON_THE_PHONE.items()),
        widget=Ticks,
        error_messages={"required": "Ask, and tick what applies, or “None of these”."},
    )
    anything_else = area(
        "What they say (optional)", hint="In their words.", rows=2, limit=limits.texts.QUESTION_CHARACTERS
    )
    concerns = Several(label="About", required=False, widget=Ticks)
    support = Several(
        label="Support for the visit",
        required=False,
        choices=list(words_of.SUPPORT_IN_SHORT.items()),
        widget=Ticks,
    )
    support_note = CleanText(label="More about the support (optional)", limit=limits.texts.SUPPORT_CHARACTERS)
    kind = forms.ModelChoiceField(
        label="Kind of consultation",
        queryset=ConsultationType.objects.filter(is_active=True),
        empty_label=None,
    )
    because = because()
    day = forms.TypedChoiceField(
        label="Day that suits",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any day"), *((str(value), name) for value, name in Weekday.choices)],
    )
    part = forms.ChoiceField(
        label="Part of the day", required=False, choices=WishWindow.Part.choices, initial="any"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practitioners = dict(Practitioner.objects.bookable().values_list("pk", "name"))
        concerns = self.fields["concerns"]
        assert isinstance(concerns, forms.MultipleChoiceField)
        self.about = dict(Concern.objects.values_list("code", "name"))
        concerns.choices = [*self.about.items(), *words_of.BESIDE_CONCERNS.items()]
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ModelChoiceField)
        first = ConsultationType.objects.filter(is_active=True).first()
        kinds.initial = first.pk if first else None

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_class = "decide by-phone"
        return helper

    def layout(self) -> list[Any]:
        # The first button is the one that Enter presses: it only looks.
        look_up = button("Look up", name="look_up", value="1", formaction="#h-who", css_class="little")
        about = ("concerns", "support", "support_note", _note(_ALL_READ))
        known = (
            _card(
                "who",
                "Who is calling",
                Div("phone", Div(look_up, css_class="btns"), "name", css_class="caller"),
                _part("known"),
                Div("email", "contact_by", css_class="ways"),
                "may_leave_message",
                _note(_ALL_READ),
            ),
            _card("applies", "Health", "applies", _part("flags"), "anything_else", _note(_FEW_READ)),
            _card("what", "What it is about", *about),
        )
        answer = (_card("first", "Ask first", "adult", "agreed"), self._when())
        return ["draft", Div(*known, css_class="known pile"), Div(*answer, css_class="act pile")]

    def _when(self) -> Fieldset:
        windows = self["day"].value() or self["part"].value() not in (None, "", "any")
        return _card(
            "when",
            "When",
            "kind",
            _part("times"),
            *(["because"] if self._has_rules else []),
            _part("make"),
            folded("If no time suits: what would", "day", "part", is_open=bool(windows)),
            css_class="card main",
        )

    @property
    def _has_rules(self) -> bool:
        """Whether the chosen kind is a treatment session with rules."""
        key = id_in(str(self["kind"].value() or ""))
        kind = ConsultationType.objects.filter(pk=key, purpose=ConsultationType.Purpose.SESSION).first()
        return kind is not None and bool(session_rules.rules_of(kind))

    @property
    def chosen(self) -> str:
        """The value of the chosen time, as posted; empty for none. Also of a form that is only looked through."""
        return str(self.data.get("slot", "") if self.is_bound else self.initial.get("slot", ""))

    def clean_applies(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["applies"]
        if words_of.NONE_APPLY in chosen and set(chosen) - {words_of.NONE_APPLY, "in_person"}:
            raise ValidationError("“None of these” and something else are ticked. Untick one.", code="both")
        return chosen

    def clean(self) -> dict[str, Any] | None:
        self._read_reach()
        self._read_time()
        return self.cleaned_data

    def _read_reach(self) -> None:
        """There is a way to reach them, and it is the one that was chosen. Without an address it can only be the phone."""
        wanted = self.cleaned_data.get("contact_by")
        phone, email = (str(self.data.get(name, "")).strip() for name in ("phone", "email"))
        if not email and wanted == ContactBy.EMAIL:
            wanted = self.cleaned_data["contact_by"] = ContactBy.PHONE
        if wanted in (ContactBy.PHONE, ContactBy.TEXT) and not phone:
            self.add_error("phone", ValidationError("Enter the number to reach them by.", code="required"))
        if not email and wanted != ContactBy.PHONE:
            words = "Enter the e-mail address, or choose “Phone” for somebody who has none."
            self.add_error("email", ValidationError(words, code="required"))

    def _read_time(self) -> None:
        """The pressed button and the chosen time must agree: nobody is booked, or left without a time, by a slip."""
        kind, books = self.cleaned_data.get("kind"), self.data.get("make") != "keep"
        if not books and self.chosen:
            words = "A time is chosen. Book it, or choose “No time now” first."
            self.add_error(None, ValidationError(words, code="time_chosen"))
        elif books and not self.chosen:
            words = "Choose a time, or keep the request without one."
            self.add_error(None, ValidationError(words, code="no_time"))
        elif books and kind is not None:
            try:
                self.cleaned_data["slot"] = read_slot(self.chosen, self.practitioners, kind.minutes)
            except ValidationError as error:
                self.add_error(None, error)

    def submission(self) -> Submission:
        """What is handed to the verb. Call it on a valid form only."""
        data = self.cleaned_data
        slot: Slot | None = data.get("slot")
        return Submission(
            draft_id=data["draft"],
            consultation_type_id=data["kind"].pk,
            practitioner_id=slot.practitioner_id if slot else None,
            start=slot.start if slot else None,
            windows=() if slot else ((data["day"], data["part"] or "any"),),
            name=data["name"],
            email=data["email"],
            phone=e164(data["phone"]),
            contact_by=data["contact_by"],
            may_leave_message=data["may_leave_message"],
            answers={
                "concerns": data["concerns"],
                "areas": [],
                "treatments": [],
                "applies": data["applies"],
                "anything_else": data["anything_else"],
                "support": data["support"],
                "support_note": data["support_note"],
            },
            consents=((consents.HEALTH, consents.version(consents.HEALTH), True),),
        )
