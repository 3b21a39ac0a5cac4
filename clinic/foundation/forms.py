"""What forms are made of: fields for words from outside, and the base of every form that our template pack draws.

Messages are ours, in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, LayoutObject
from django import forms
from django.core.exceptions import ValidationError

from clinic.foundation import limits, text
from clinic.foundation.layout import Button, Fold
from clinic.foundation.outlines import Outlined

Choices = list[tuple[str, str]]

# How the messages begin that are the same for every field (clinic/foundation/text.py).
GENERAL = ("Use ", "This holds ")


class CleanText(forms.CharField):
    """Words from outside: measured, then cleaned, before anything reads them (`clinic.foundation.text.clean`).

    `limit` is in characters. An editor's text (`pasted`) loses control characters, which come from other programs.
    """

    def __init__(
        self, *, limit: int, lines: bool = False, layout: bool = False, pasted: bool = False, **kwargs: Any
    ) -> None:
        self.limit, self.lines, self.layout, self.pasted = limit, lines, layout, pasted
        kwargs.setdefault("required", False)
        super().__init__(strip=False, **kwargs)
        # CharField refuses NUL and long texts in its own words; `clean` says it in ours.
        self.validators = []

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        return text.clean(
            typed, limit=self.limit, lines=self.lines, layout=self.layout, drop_control=self.pasted
        )


class EditorsText(CleanText):
    """A text column in the admin: a line, or lines in a text area. A required one must say something."""

    def __init__(self, *, max_length: int | None = None, layout: bool = False, **kwargs: Any) -> None:
        limit = max_length or limits.texts.EDITOR_TEXT_CHARACTERS
        super().__init__(limit=limit, layout=layout, pasted=True, max_length=max_length, **kwargs)

    def validate(self, value: Any) -> None:
        """Raises ValidationError for a title, name or label that nobody could see."""
        super().validate(value)
        if self.required and not text.shows(value):
            raise ValidationError("Use letters or digits that people can see.", code="shows_nothing")


class EditorsLines(EditorsText):
    """The same for several lines, which may be Markdown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(layout=True, **kwargs)


class CrispyForm(forms.Form):
    """A form that `{% crispy form %}` draws with our pack (templates/clinic/), in an order that it sets itself.

    Without browser messages: ours show above the heading and beside the field, in the same words.
    """

    use_required_attribute = False
    # The field whose label is the page's heading (one question a page).
    heading = ""
    # Where the summary leads for what is wrong with the form as a whole.
    whole = "main"
    # Whether the outlines of its fields are kept: for choices that seldom change (clinic/foundation/outlines.py).
    outlined = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # Where the summary leads for a field that the page draws by hand: the id of what can be focused.
        self.places: dict[str, str] = {}

    @cached_property
    def helper(self) -> FormHelper:
        """How it is drawn, as the form is when this is first asked for.

        Its page has the summary of what is wrong: `{{ form|as_crispy_errors }}`.
        """
        helper = FormHelper()
        helper.attrs = {"novalidate": True}
        helper.form_class = "form"
        helper.form_show_errors = False
        helper.layout = Layout(*self.layout())
        if self.outlined:
            _outline(helper.layout)
        return helper

    def layout(self) -> list[Any]:
        """What the form is made of, from top to bottom: what is asked, and then its buttons, if it has any of its own."""
        return self.asked()

    def asked(self) -> list[Any]:
        """The names of the fields in their order, with the boxes around them."""
        return list(self.fields)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each message with the id of the place that it is about, for the summary."""
        for name, messages in self.errors.items():
            if name in self.fields and not self[name].is_hidden:
                bound = self[name]
                place = self.places.get(name) or (
                    f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
                )
            else:
                place = self.whole
            for message in messages:
                yield place, self._with_its_field(name, str(message))

    def _with_its_field(self, name: str, message: str) -> str:
        """A message about the form of an answer names its field; those about a question say what is missing themselves."""
        if name not in self.fields or not message.startswith(GENERAL):
            return message
        label = str(self.fields[name].label or "").removesuffix("(optional)").rstrip()
        return f"{label} {message}" if label.endswith("?") else f"{label}: {message[0].lower()}{message[1:]}"


def _outline(layout: LayoutObject) -> None:
    """Let every field of it be one whose outline is kept."""
    for place, part in enumerate(layout.fields):
        if isinstance(part, str):
            layout.fields[place] = Outlined(part)
        elif isinstance(part, LayoutObject) and not isinstance(part, Field):
            _outline(part)


def button(words: str, **attributes: str) -> Button:
    """A button that sends the form."""
    return Button(words, type="submit", **attributes)


def unseen(words: str) -> str:
    """A legend for screen readers, where the eye sees from its place what belongs together."""
    return f'<span class="vh">{words}</span>'


def folded(summary: str, *inside: Any, is_open: bool, css_class: str = "more") -> Fold:
    """A part of a form that stays folded until somebody wants it."""
    attributes = {"open": True} if is_open else {}
    return Fold(summary, *inside, css_class=css_class, template="%s/layout/folded.html", **attributes)


class Several(forms.MultipleChoiceField):
    """Any number of the choices, each once. More than there are come from a program, and are refused unread."""

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, (list, tuple)) and len(value) > len(list(cast(Iterable[object], self.choices))):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return list(dict.fromkeys(super().to_python(value)))


class _Boxed(forms.widgets.ChoiceWidget):
    """Its class is that of the box around the answers (templates/clinic/field.html), and not of each of them."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)
        return option


class Checkboxes(_Boxed, forms.CheckboxSelectMultiple):
    pass


class Radios(_Boxed, forms.RadioSelect):
    pass


def checkboxes(
    label: str, *, required: str = "", hint: str = "", choices: Any = (), box: str = ""
) -> Several:
    """Any number of answers. `required` is the message when none is ticked; without it the question is optional.

    `box`: how they stand, "chips" or "tiles"; each on a line of its own without it.
    """
    return Several(
        label=label,
        help_text=hint,
        choices=choices,
        required=bool(required),
        widget=Checkboxes({"class": box} if box else None),
        error_messages={"required": required, "invalid_choice": "Choose from the list"},
    )


def radios(
    label: str, *, required: str, hint: str = "", choices: Any = (), box: str = ""
) -> forms.ChoiceField:
    """One answer; `required` is the message when none is chosen."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=Radios({"class": box} if box else None),
        error_messages={"required": required, "invalid_choice": required},
    )
