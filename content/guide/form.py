"""The guide's questions on one page. It parses and validates; nothing is saved. Error texts: domain.md 4.4.

One page, and not one question at a time: the guide stores nothing and needs no script, so a page for each question would
have to carry all answers before it through fifteen forms, and Back would ask to send each of them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.http import QueryDict
from django.utils.html import format_html

from clinic.foundation.forms import CrispyForm, button, checkboxes, radios
from content.guide import answers as words
from content.guide.answers import Answers, from_data
from content.guide.values import Concern
from content.pictures import drawings

BOTH = "You ticked “None of these” and something else. Untick one."


class GuideForm(CrispyForm):
    """`concerns`: every row that can be chosen, with its tell-tale (content/guide/rows.py).

    The questions about health come from `answers.HEALTH`, between `where` and `skin`.

    Somebody who stops the guide (under 18, or something urgent) need not answer the rest: those errors are dropped.
    """

    adult = radios(
        "Are you 18 or over?",
        required="Tell us whether you are 18 or over",
        choices=list(words.ADULT.items()),
    )
    signs = checkboxes(
        "Is any of this happening now?",
        required="Select what is happening now, or “None of these”",
        hint="These need help sooner than we can give it.",
        choices=list((words.SIGNS | words.BESIDE_SIGNS).items()),
    )
    concerns = checkboxes(
        "What do you see or feel?",
        required="Select what you see or feel, or “I’m not sure”",
        hint="Choose all that fit. It does not matter if you do not know the name.",
    )
    where = checkboxes(
        "Where is it?",
        required="Select where it is, or “I’m not sure”",
        hint="Choose all that fit.",
        choices=list(words.PLACES.items()),
    )
    skin = radios(
        "How does your skin react to the sun?",
        required="Select how your skin reacts to the sun, or “I’m not sure”",
        hint="Some treatments can change the colour of skin that tans easily, and of brown and black skin.",
        choices=list(words.SKIN.items()),
    )

    def __init__(self, *args: Any, concerns: Iterable[tuple[Concern, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, asked in words.HEALTH.items():
            self.fields[name] = radios(
                asked.asks, required=asked.missing, hint=asked.hint, choices=list(asked.choices.items())
            )
        self.order_fields(words.NAMES)
        field = self.fields["concerns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            *((concern.code, _tile(concern.name, tell, concern)) for concern, tell in concerns),
            (words.MIX, _tile(words.BESIDE_CONCERNS[words.MIX], "Most people have a mix")),
            (words.NOT_SURE, _tile(words.BESIDE_CONCERNS[words.NOT_SURE], "A clinician can tell")),
        ]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = "content:guide"
        helper.form_class = ""  # as wide as the page around it
        helper.disable_csrf = True  # its view says why
        return helper

    def layout(self) -> list[Any]:
        return [*self.fields, Div(button("See what to ask about"), css_class="acts")]

    def clean_signs(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["signs"]
        # A sign counts even beside "None of these": a needless look at the help costs a minute.
        if words.NONE in chosen and not set(chosen) & words.SIGNS.keys() and len(set(chosen)) > 1:
            raise forms.ValidationError(BOTH, code="both")
        return chosen

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("adult") == "no" or set(given.get("signs", ())) & words.SIGNS.keys():
            self.errors.clear()
        return given

    def answers(self) -> Answers:
        """What a valid form says. Somebody who did not say that they are 18 counts as an adult only for urgent help."""
        given = self.cleaned_data
        if "adult" not in given:
            given = {**given, "adult": "yes"}
        return from_data(given)


def sent(post: QueryDict) -> Mapping[str, Any]:
    """The answers in a form that was sent, unchecked, to fill the questions in again."""
    return {name: post.getlist(name) if name in words.SEVERAL else post.get(name, "") for name in words.NAMES}


def _tile(name: str, tell: str, concern: Concern | None = None) -> str:
    """The label of a concern: its drawing (which says nothing that the words do not), its name, its tell-tale."""
    own = drawings.url("skin", concern.drawing) if concern else ""
    return format_html(
        '<img src="{}" width="320" height="200" alt=""><span>{} <span class="small">{}</span></span>',
        own or drawings.url("skin", "flat"),
        name,
        tell,
    )
