"""How a client is reached and by whom: a call and its topic, the day to come back, the way they want, who has it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.text import capfirst

from bookings import wording
from bookings.admin.forms import VerbForm
from bookings.fields import Day
from bookings.models import ContactBy
from bookings.states import CallTopic


class CallForm(VerbForm):
    """One press for what came of a call. What it was about may be chosen before."""

    begins = "phone"  # the buttons share it

    topic = forms.ChoiceField(
        label="About (optional)",
        required=False,
        choices=[("", "Not said"), *((topic.value, capfirst(wording.TOPICS[topic])) for topic in CallTopic)],
    )

    def clean_topic(self) -> CallTopic | None:
        chosen = self.cleaned_data["topic"]
        return CallTopic(chosen) if chosen else None


class FollowUpForm(VerbForm):
    on = Day(
        label="Come back to this on",
        required=True,
        error_messages={"required": "Choose the day.", "invalid": "Enter a day, like 23/11/2026"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.choices.consultation.follow_up_on


class ReachForm(VerbForm):
    contact_by = forms.ChoiceField(label="Reach them first by", choices=ContactBy.choices)
    may_leave_message = forms.BooleanField(label="We may leave a message", required=False)
    phone_only = forms.BooleanField(
        label="By phone only: send no e-mail",
        required=False,
        help_text="What we owe them then becomes a call to make, with the words to say.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = self.choices.consultation
        for name in self.fields:
            self.fields[name].initial = getattr(consultation, name)

    def clean_contact_by(self) -> ContactBy:
        return ContactBy(self.cleaned_data["contact_by"])


class HandOverForm(VerbForm):
    """To a clinician, who is trained to ring."""

    user = forms.ChoiceField(label="Clinician", error_messages={"required": "Choose a clinician."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["user"]
        assert isinstance(people, forms.ChoiceField)
        people.choices = lambda: [
            ("", "Choose"),
            *(
                (key, user.get_full_name() or user.get_username())
                for key, user in self.choices.clinicians.items()
            ),
        ]

    def clean_user(self) -> User:
        return self.choices.clinicians[self.cleaned_data["user"]]


class AssignForm(VerbForm):
    user = forms.ChoiceField(label="Assigned to", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["user"]
        assert isinstance(people, forms.ChoiceField)
        people.choices = self._people
        people.initial = str(self.choices.consultation.assigned_to_id or "")

    def _people(self) -> list[tuple[str, str]]:
        reads, found = self.choices.readers, [("", "Nobody")]
        for key, user in self.choices.staff.items():
            name = user.get_full_name() or user.get_username()
            found.append((key, f"{name}, reads health answers" if key in reads else name))
        return found

    def clean_user(self) -> User | None:
        return self.choices.staff.get(self.cleaned_data["user"])


class TakeForm(VerbForm):
    """Whoever presses it takes the request."""

    def clean(self) -> dict[str, Any] | None:
        self.cleaned_data["user"] = self.choices.reader
        return self.cleaned_data
