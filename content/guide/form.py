"""The guide's answers as a form, of which each page shows one step. It parses and validates; nothing is saved.

Each answer has a name of its own (`content.guide.answers.Answers`), and goes from page to page under it. The page that asks
about health asks all of it in one list: `answered` turns its ticks into those answers. Error texts: domain.md 4.4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict

from clinic.foundation.forms import CrispyForm, checkboxes, radios
from content.guide import answers as words
from content.guide.answers import (
    HEALTH,
    IN_PERSON,
    LEFT_ALONE,
    NO,
    NOT_ASKED,
    NOT_SURE,
    NOT_TICKED,
    UNSAID,
    YES,
    Answers,
    from_data,
)
from content.guide.rules import matters
from content.guide.steps import HEALTH_STEP, MORE, SEE, Step
from content.guide.values import Concern

# The list of what applies, and which of it somebody is not sure about. `asked`: what stood in the list, in hidden fields.
TICKS, UNSURE, ASKED = "applies", "unsure", "asked"


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


@dataclass(frozen=True)
class Line:
    """One line of the list of what applies."""

    box: BoundWidget
    hint: str


class GuideForm(CrispyForm):
    """All that the guide asks. `concerns`: every row that can be chosen, with its tell-tale (content/guide/rows.py).

    The questions about health come from `answers.HEALTH`; those that can change nothing need no answer. Somebody who stops
    the guide (under 18, or something urgent) need not answer the rest either: those errors are dropped.
    """

    concerns = checkboxes(
        "What do you see or feel?", required="Select what you see or feel, or “I’m not sure”"
    )
    skin = radios(
        "Which is most like your skin?",
        required="Select what is most like your skin, or “I’m not sure”",
        choices=list(words.SKIN.items()),
    )
    signs = _Signs(choices=list(words.SIGNS.items()))
    where = checkboxes(
        "Where is it?",
        required="Select where it is, or “I’m not sure”",
        choices=list(words.PLACES.items()),
    )
    adult = radios(
        "Are you 18 or over?",
        required="Tell us whether you are 18 or over",
        choices=list(words.ADULT.items()),
    )
    applies = checkboxes(HEALTH_STEP.heading)
    unsure = checkboxes("Which of these are you not sure about?")

    asks_more = False
    """Whether what was ticked leads to more questions, so that nothing is wrong with what was answered."""

    def __init__(self, *args: Any, concerns: Iterable[tuple[Concern, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._concerns = {concern.code: concern for concern, _ in concerns}
        for name, asked in HEALTH.items():
            self.fields[name] = radios(
                asked.which or asked.asks, required="", choices=[*asked.choices.items(), *LEFT_ALONE.items()]
            )
            self.fields[name].required = False
        self._looks = {
            **{concern.code: (concern.drawing, tell) for concern, tell in concerns},
            words.MIX: ("mix", ""),
            NOT_SURE: ("unsure", ""),
        }
        names = words.BESIDE_CONCERNS | {code: concern.name for code, concern in self._concerns.items()}
        self._choose("concerns", [(code, names[code]) for code in self._looks])
        lines = [(name, question.tick) for name, question in HEALTH.items()]
        self._choose(TICKS, [*lines, *words.BESIDE_HEALTH.items(), (words.NONE, "None of these")])
        self._choose(UNSURE, lines)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    # --- what was answered --------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("adult") == NO or given.get("signs"):
            self.errors.clear()
            return given
        for name in HEALTH.keys() & self.errors.keys():
            del self.errors[name]  # no answer of ours is like none
        known = self.matters(given)
        for name in HEALTH:
            given[name] = given.get(name) or known.get(name, NOT_ASKED)
        self._say_what_is_missing([name for name in HEALTH if not given[name]], given.get(TICKS) or ())
        return given

    def _say_what_is_missing(self, missing: list[str], ticks: Collection[str]) -> None:
        kinds = [name for name in missing if name in ticks and HEALTH[name].kinds]
        rest = {*missing} - {*kinds}
        self.asks_more = bool(ticks) and rest.isdisjoint(_several(self.data, ASKED))
        for name in kinds:
            self.add_error(name, HEALTH[name].missing)
        if rest and words.NONE in ticks:
            self.add_error(
                TICKS, "You ticked something and chose “None of these”. Untick it, or press “Continue”"
            )
        elif rest and NOT_SURE in ticks and not self.asks_more:
            self.add_error(UNSURE, "Select what you are not sure about")
        elif rest:
            self.add_error(TICKS, "Select what applies to you, or “None of these”")

    def matters(self, given: Mapping[str, Any]) -> dict[str, str]:
        """The questions about health that these answers lead to, and what is known of them (`rules.matters`)."""
        chosen = [self._concerns[code] for code in given.get("concerns") or () if code in self._concerns]
        return matters(chosen, spots=given.get(words.ACTIVE_SPOTS) == YES)

    def answers(self) -> Answers:
        """What a valid form says. Somebody who did not say that they are 18 counts as an adult only for urgent help."""
        given = self.cleaned_data
        if "adult" not in given:
            given = {**given, "adult": YES}
        return from_data(given)

    # --- its pages ----------------------------------------------------------------------------------------------------

    def step(self) -> Step:
        """The first step in which something is wrong or missing."""
        if not self.errors.keys().isdisjoint(SEE.names):
            return SEE
        return HEALTH_STEP if TICKS in self.errors else MORE

    def show_errors_of(self, step: Step) -> None:
        """Forget what is wrong elsewhere: nobody has been asked about it yet."""
        here = {SEE: {*SEE.names}, HEALTH_STEP: {TICKS}, MORE: {*HEALTH, UNSURE}}[step]
        for name in {*self.errors} - here:
            del self.errors[name]

    def tiles(self) -> Iterator[Tile]:
        """The concerns as pictures to tick."""
        for box in self["concerns"]:
            yield Tile(box, *self._looks[box.data["value"]])

    def lines(self, given: Mapping[str, Any]) -> list[Line]:
        """The list of what applies, as far as it can matter to these answers, with their ticks."""
        said = {name: given.get(name) for name, known in self.matters(given).items() if not known}
        self._show(TICKS, {name: HEALTH[name].tick for name in said} | words.BESIDE_HEALTH)
        ticked = [name for name, answer in said.items() if answer not in (None, "", NO, NOT_TICKED, *UNSAID)]
        beside = [code for code in UNSAID if code in said.values()]
        self.initial[TICKS] = [*(given.get(TICKS) or ()), *ticked, *beside]
        return [Line(box, getattr(HEALTH.get(box.data["value"]), "hint", "")) for box in self[TICKS]]

    def kinds(self, given: Mapping[str, Any]) -> list[BoundField]:
        """The questions that a tick left open."""
        ticks = given.get(TICKS) or ()
        found = [name for name, question in HEALTH.items() if name in ticks and question.kinds]
        for name in found:
            self._show(name, HEALTH[name].kinds)
        return [self[name] for name in found]

    def not_sure_about(self, given: Mapping[str, Any]) -> BoundField | None:
        """What somebody may not be sure about, if they said that they are not: whatever they did not tick."""
        ticks = given.get(TICKS) or ()
        if NOT_SURE not in ticks or IN_PERSON in ticks:
            return None
        asked = [name for name in HEALTH if name in given[ASKED] and name not in ticks]
        self._show(UNSURE, {name: HEALTH[name].tick for name in asked})
        return self[UNSURE]

    def _show(self, name: str, choices: Mapping[str, str]) -> None:
        """Offer these answers alone. What the field takes stays as it is."""
        widget = self.fields[name].widget
        assert isinstance(widget, forms.widgets.ChoiceWidget)
        widget.choices = list(choices.items())

    def carried(self, given: Mapping[str, Any], shown: Collection[str]) -> Iterator[tuple[str, str]]:
        """Name and value of what is not shown here, for hidden fields. What is no answer is not carried on."""
        for name in (*words.NAMES, TICKS):
            if name in shown:
                continue
            choices = dict(
                cast(Iterable[tuple[str, str]], cast(forms.ChoiceField, self.fields[name]).choices)
            )
            value = given.get(name) or ()
            for one in dict.fromkeys([value] if isinstance(value, str) else value):
                if one in choices:
                    yield name, one


def sent(post: QueryDict) -> dict[str, Any]:
    """The answers in a form that was sent, unchecked, to fill the questions in again."""
    several = (*words.SEVERAL, TICKS, UNSURE, ASKED)
    one = {name: post.get(name, "") for name in words.NAMES if name not in several}
    return one | {name: post.getlist(name) for name in several}


def answered(post: QueryDict) -> QueryDict:
    """The same, with the ticks of the list as answers to what it asked.

    What a tick leaves open stays without one, and so does what somebody is not sure about until they have said which. Only
    "None of these" says no to a line; a line that was left alone beside others is not ticked, and that is all.
    """
    ticks, unsure = post.getlist(TICKS), post.getlist(UNSURE)
    if not ticks or (words.NONE in ticks and len({*ticks}) > 1):
        return post
    said = post.copy()
    for name in post.getlist(ASKED):
        if name in HEALTH:
            said[name] = _answer(name, post.get(name, ""), ticks, unsure)
    return said


def _answer(name: str, before: str, ticks: Collection[str], unsure: Collection[str]) -> str:
    if name in ticks:
        kinds = HEALTH[name].kinds
        return (before if before in kinds else "") if kinds else YES
    if IN_PERSON in ticks:
        return IN_PERSON
    if words.NONE in ticks:
        return NO
    if NOT_SURE in ticks and not unsure:
        return ""
    return NOT_SURE if name in unsure else NOT_TICKED


def _several(data: Any, name: str) -> list[str]:
    return data.getlist(name) if isinstance(data, QueryDict) else list(data.get(name) or ())
