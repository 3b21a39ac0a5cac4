"""The guide's answers as a form, of which each page shows one step. It parses and validates; nothing is saved.

Error texts: domain.md 4.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundWidget
from django.http import QueryDict

from clinic.foundation.forms import CrispyForm, checkboxes, radios
from content.guide import answers as words
from content.guide.answers import Answers, from_data
from content.guide.steps import STEPS, Step
from content.guide.values import Concern


class _Signs(forms.MultipleChoiceField):
    """Urgent signs, which no step asks about. Whatever is none of them says nothing."""

    def clean(self, value: Any) -> list[str]:
        """The codes of signs in `value`; never an error."""
        return [code for code in words.SIGNS if code in (value or ())]


@dataclass(frozen=True)
class Tile:
    """A concern as a picture to tick: its box, the name of its drawing, and the few words by which people know it."""

    box: BoundWidget
    drawing: str
    tell: str


class GuideForm(CrispyForm):
    """All that the guide asks. `concerns`: every row that can be chosen, with its tell-tale (content/guide/rows.py).

    The questions about health come from `answers.HEALTH`. Somebody who stops the guide (under 18, or something urgent)
    need not answer the rest: those errors are dropped.
    """

    adult = radios(
        "Are you 18 or over?",
        required="Tell us whether you are 18 or over",
        choices=list(words.ADULT.items()),
    )
    signs = _Signs(choices=list(words.SIGNS.items()))
    concerns = checkboxes(
        "What do you see or feel?", required="Select what you see or feel, or “I’m not sure”"
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
        choices=list(words.SKIN.items()),
    )

    def __init__(self, *args: Any, concerns: Iterable[tuple[Concern, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, asked in words.HEALTH.items():
            self.fields[name] = radios(
                asked.asks, required=asked.missing, hint=asked.hint, choices=list(asked.choices.items())
            )
        self.order_fields([name for step in STEPS for name in step.names])
        self._looks = {
            words.NOT_SURE: ("look", "A clinician can tell"),
            **{concern.code: (concern.drawing, tell) for concern, tell in concerns},
            words.MIX: ("mix", "Most people have a mix"),
        }
        names = words.BESIDE_CONCERNS | {concern.code: concern.name for concern, _ in concerns}
        field = self.fields["concerns"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, names[code]) for code in self._looks]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("adult") == "no" or given.get("signs"):
            self.errors.clear()
        return given

    def answers(self) -> Answers:
        """What a valid form says. Somebody who did not say that they are 18 counts as an adult only for urgent help."""
        given = self.cleaned_data
        if "adult" not in given:
            given = {**given, "adult": "yes"}
        return from_data(given)

    def show_errors_of(self, step: Step) -> None:
        """Forget what is wrong elsewhere: nobody has been asked about it yet."""
        for name in {*self.errors} - {*step.names}:
            del self.errors[name]

    def tiles(self) -> Iterator[Tile]:
        """The concerns as pictures to tick."""
        for box in self["concerns"]:
            yield Tile(box, *self._looks[box.data["value"]])

    def carried(self, post: QueryDict, step: Step) -> Iterator[tuple[str, str]]:
        """Name and value of what the other steps were told, for hidden fields. What is no answer is not carried on."""
        for name in words.NAMES:
            if name in step.names:
                continue
            choices = dict(
                cast(Iterable[tuple[str, str]], cast(forms.ChoiceField, self.fields[name]).choices)
            )
            given = post.getlist(name) if name in words.SEVERAL else post.getlist(name)[-1:]
            yield from ((name, value) for value in dict.fromkeys(given) if value in choices)


def sent(post: QueryDict) -> Mapping[str, Any]:
    """The answers in a form that was sent, unchecked, to fill the questions in again."""
    return {name: post.getlist(name) if name in words.SEVERAL else post.get(name, "") for name in words.NAMES}


def rest_in_person(post: QueryDict, step: Step) -> QueryDict:
    """The same, with what the step asks about health and nobody answered as "I would rather say it in person"."""
    said = post.copy()
    for name in step.names:
        if not said.get(name) and name in words.HEALTH:
            said[name] = words.IN_PERSON
        elif not said.get(name) and name == words.WHERE:
            said[name] = words.NOT_SURE
    return said
