"""The base of every form that a client meets, and its questions with several answers. Messages are ours, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

Choices = list[tuple[str, str]]

# How the messages begin that are the same for every field (clinic/foundation/text.py).
GENERAL = ("Use ", "This holds ")


class ClientForm(forms.Form):
    """A form without browser messages: ours show above the heading and beside the field, in the same words."""

    use_required_attribute = False
    # The field whose label is the page's heading (one question a page).
    heading = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # Where the summary leads for a field that the page draws by hand: the id of what can be focused.
        self.places: dict[str, str] = {}

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each message with the id of the place that it is about, for the summary."""
        for name, messages in self.errors.items():
            if name in self.fields:
                bound = self[name]
                place = self.places.get(name) or (
                    f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
                )
            else:
                place = "main"
            for message in messages:
                yield place, self._with_its_field(name, str(message))

    def _with_its_field(self, name: str, message: str) -> str:
        """A message about the form of an answer names its field; those about a question say themselves what is missing."""
        if name not in self.fields or not message.startswith(GENERAL):
            return message
        label = str(self.fields[name].label or "").removesuffix("(optional)").rstrip()
        return f"{label} {message}" if label.endswith("?") else f"{label}: {message[0].lower()}{message[1:]}"


def checkboxes(
    label: str, *, required: str = "", hint: str = "", choices: Any = ()
) -> forms.MultipleChoiceField:
    """Any number of answers. `required` is the message when none is ticked; without it the question is optional."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=bool(required),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": required, "invalid_choice": "Choose from the list"},
    )


def radios(label: str, *, required: str, hint: str = "", choices: Any = ()) -> forms.ChoiceField:
    """One answer; `required` is the message when none is chosen."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": required, "invalid_choice": required},
    )
