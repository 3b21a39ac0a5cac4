"""What a practitioner types into a plan. These forms parse and validate; the verbs write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from bookings import answers as words_of
from bookings import limits
from bookings.admin.plan.days import DaysField
from bookings.fields import Day, area
from bookings.models import ConsultationType
from bookings.models.plan import Against, LineWords, PlanWords
from bookings.plan_rules import ADULT
from bookings.states import PlanOutcome
from bookings.workflow.plan import Line, Written, missing
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.forms import CleanText, CrispyForm, Several
from content import prices
from content.forms.fields import MoneyField
from content.models import Treatment
from content.prices import Span

WORDS = ("findings", "because", "first", "can", "cannot", "next_step", "back")
APPLIES = {
    ADULT: "18 or over",
    **{
        code: words
        for code, words in words_of.APPLIES_ON_THE_PHONE.items()
        if code not in (words_of.NOT_SURE, words_of.NONE_APPLY, "in_person")
    },
}


# What a new plan begins with, true of every treatment of scars; changed freely.
CANNOT = "It cannot make your skin as it was before. Some of each scar will stay."
NEXT_STEP = "Read it at home, and ask us what is not clear. Then tell us what you would like of it."
# What it is where another decision is chosen and nobody has typed one: static/desk-plan.js puts it in, else the server does.
NEXT_STEPS = {
    PlanOutcome.SUITS.value: NEXT_STEP,
    PlanOutcome.NOT_SUITABLE.value: "There is nothing that you have to do. You can ask us about this at any time.",
    PlanOutcome.NOT_NOW.value: "We do nothing until then. When it is so, ask us for a visit.",
}


def _words(label: str, hint: str, rows: int = 2) -> CleanText:
    return area(label, hint=hint, rows=rows, limit=limits.texts.ADVICE_CHARACTERS)


class WordsForm(CrispyForm):
    """Everything of a plan but its treatments."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=[(one.value, one.words) for one in PlanOutcome],
        widget=forms.RadioSelect,
        initial=PlanOutcome.SUITS.value,
        error_messages={"required": "Say what the visit decided.", "invalid_choice": "Choose from the list."},
    )
    applies = Several(
        label="What applies to them today", choices=list(APPLIES.items()), required=False, widget=Ticks
    )
    findings = _words("What you saw", "In plain words: the client reads it.", 3)
    because = _words("Why", "Why these, or why none, or why not now.", 3)
    first = _words("What has to happen first (optional)", "Like: no new spots for three months.")
    can = _words("What it can do", "What they can hope for.")
    cannot = _words("What it cannot do", "What will still be there.")
    next_step = _words("The next step", "What happens now, and who does it.")
    back = _words("Come back when", "What has to be true by then.")
    valid_until = Day(label="Valid until (optional)", help_text="Left empty: as long as the rules say.")
    because_of_rules = area(
        "If a rule says no: why it is right all the same",
        hint="Needed only then. Kept as an internal note.",
        rows=1,
        limit=limits.texts.NOTE_CHARACTERS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_%s", **kwargs)
        for number in range(limits.plans.MOST_AGAINST):
            self.fields[f"against_{number}"] = CleanText(
                label="Advised against" if not number else "Also advised against",
                limit=limits.plans.LINE_NAME_CHARACTERS,
            )
            self.fields[f"against_why_{number}"] = CleanText(
                label="Because", limit=limits.texts.AREA_CHARACTERS
            )

    # Where the summary leads for what is wrong with the treatments as a whole.
    whole = "lines"

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        suits = given.get("outcome") == PlanOutcome.SUITS
        if not suits:
            # The page hides these then.
            given |= {"can": "", "cannot": ""}
        if given.get("next_step") in NEXT_STEPS.values() and given.get("outcome"):
            given["next_step"] = NEXT_STEPS[given["outcome"]]
        if given.get("outcome") != PlanOutcome.NOT_NOW:
            given["back"] = ""
        for number in range(limits.plans.MOST_AGAINST):
            name, why = (self.cleaned_data.get(f"against{part}_{number}", "") for part in ("", "_why"))
            if why and not name:
                self.add_error(f"against_{number}", ValidationError("Say what you advised against."))
            if name and not why:
                self.add_error(f"against_why_{number}", ValidationError("Say why."))
        return self.cleaned_data

    # What the next step begins with, by decision, for the script.
    next_steps = json.dumps(NEXT_STEPS)

    @property
    def has_against(self) -> bool:
        """Whether something stands in the boxes for what was advised against, or is wrong with them."""
        return any(field.value() or field.errors for pair in self.against for field in pair)

    @property
    def against(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The boxes for what was advised against, each with that for why."""
        return [
            (self[f"against_{number}"], self[f"against_why_{number}"])
            for number in range(limits.plans.MOST_AGAINST)
        ]

    @property
    def while_typing(self) -> set[str]:
        """The fields that may be wrong because somebody has not come to the end of them yet."""
        pairs = range(limits.plans.MOST_AGAINST)
        return {f"against{part}_{number}" for part in ("", "_why") for number in pairs}

    @property
    def words(self) -> PlanWords:
        """What was typed, once it was looked at; of what is wrong, nothing."""
        given = self.cleaned_data
        pairs = [
            (given.get(f"against_{n}", ""), given.get(f"against_why_{n}", ""))
            for n in range(limits.plans.MOST_AGAINST)
        ]
        return PlanWords(
            **{name: given.get(name, "") for name in WORDS},
            applies=tuple(given.get("applies", ())),
            against=tuple(Against(name, why) for name, why in pairs if name or why),
        )


def _number(label: str, most: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}),
        error_messages={
            "invalid": "Enter a whole number.",
            "min_value": "Enter 0 or more.",
            "max_value": f"Enter {most} at most.",
        },
        **kwargs,
    )


class LineForm(CrispyForm):
    """One treatment. Its numbers start from the content and are changed freely."""

    treatment = forms.IntegerField(required=False, max_value=10**9, widget=forms.HiddenInput)
    name = CleanText(
        label="Treatment", limit=limits.plans.LINE_NAME_CHARACTERS, error_messages={"required": "Name it."}
    )
    sessions_from = _number("Sessions from", limits.plans.MOST_TIMES)
    sessions_to = _number("Sessions to", limits.plans.MOST_TIMES)
    gap_days = DaysField(label="Between two")
    wait_days = DaysField(label="From the visit to the first")
    kind = forms.ModelChoiceField(
        label="Booked as",
        queryset=ConsultationType.objects.none(),
        required=False,
        empty_label="Nothing to book",
        error_messages={"invalid_choice": "Choose from the list."},
    )
    price_from = MoneyField(label="Price from", required=False)
    price_to = MoneyField(label="Price to", required=False)
    basis = CleanText(
        label="The price is for",
        limit=limits.plans.LINE_BASIS_CHARACTERS,
        help_text="Like: per visit, per scar, per syringe",
    )
    times_from = _number("Times paid from", limits.plans.MOST_TIMES)
    times_to = _number("Times paid to", limits.plans.MOST_TIMES)
    after = forms.TypedChoiceField(
        label="Only after",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose another treatment of this plan."},
    )
    why = area("Why this one", rows=2, limit=limits.texts.AREA_CHARACTERS)
    risk = CleanText(label="Main risk", limit=limits.plans.LINE_RISK_CHARACTERS)

    def __init__(self, *args: Any, kinds: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        field = self.fields["kind"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = kinds if kinds is not None else session_kinds()
        self.fields["times_from"].label = f"How many {self.counts}?" if self.counts else "Times paid from"
        self.fields["times_to"].label = (
            f"{self.counts.capitalize()} at most" if self.counts else "Times paid to"
        )

    @property
    def counts(self) -> str:
        """What its price is counted in, if not in visits: "scars", "syringes"."""
        basis = str(self["basis"].value() or "")
        return "" if prices.is_per_visit(basis) else f"{prices.unit(basis)}s"

    @property
    def repeats(self) -> bool:
        """Whether there may be two visits, so that days lie between them."""
        return str(self["sessions_to"].value() or self["sessions_from"].value()) not in ("0", "1")

    @property
    def is_open(self) -> bool:
        """Whether what is folded away has to be seen: something there is wrong."""
        folded = ["name", "wait_days", "kind", "basis", "why", "risk"]
        return any(self[name].errors for name in folded + ([] if self.counts else ["times_from", "times_to"]))

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        for low, high, words in (
            ("sessions_from", "sessions_to", "sessions"),
            ("price_from", "price_to", "price"),
            ("times_from", "times_to", "number"),
        ):
            if given.get(high) is None:
                given[high] = given.get(low)
            if given.get(low) is None:
                given[low] = given.get(high)
            if given.get(low) is not None and given[high] < given[low]:
                self.add_error(high, ValidationError(f"The higher {words} must not be below the lower one."))
        if given.get("sessions_from") is None:
            self.add_error("sessions_from", ValidationError("Enter how many sessions; 0 for a cream."))
        if given.get("price_from") is None:
            self.add_error("price_from", ValidationError("Enter a price; 0 if it is free."))
        if (given.get("price_to") or 0) > limits.plans.MOST_PRICE:
            self.add_error("price_to", ValidationError("Enter a lower price."))
        if given.get("times_from") is None:
            each = ("sessions_from", "sessions_to")  # paid once a session; a number of scars is asked for
            given["times_from"], given["times_to"] = (0, 0) if self.counts else map(given.get, each)
        return given

    def line(self, treatments: Mapping[int, Treatment]) -> Line:
        """The line, once the form is valid."""
        given = self.cleaned_data
        return Line(
            treatment=treatments.get(given["treatment"] or 0),
            kind=given["kind"] if given["sessions_to"] else None,
            words=LineWords(given["name"], given["basis"], given["why"], given["risk"]),
            sessions=(given["sessions_from"], given["sessions_to"]),
            gap_days=given["gap_days"] or 0,
            wait_days=given["wait_days"] or 0,
            price=(given["price_from"], given["price_to"]),
            times=(given["times_from"], given["times_to"]),
            after=given["after"],
        )

    def follow(self, others: Sequence[tuple[str, str]]) -> None:
        """These other lines are those that it may follow: their places and names."""
        self.others = dict(others)
        field = self.fields["after"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Nothing: it can be had alone"), *others]

    @property
    def follows(self) -> str:
        """What the treatment that it follows is called; empty if it can be had alone."""
        return self.others.get(str(self["after"].value()), "")

    @property
    def span(self) -> Span | None:
        """What it comes to, as far as it can be worked out."""
        if not self.is_bound or not self.is_valid():
            return None
        line = self.line({})
        return None if line.is_uncounted else Span(*line.price).times(*line.times)


def session_kinds() -> Any:
    """The kinds of session that can be booked."""
    return ConsultationType.objects.filter(purpose=ConsultationType.Purpose.SESSION, is_active=True)


class PlanForms:
    """All forms of the page. `checked` are the same with what they begin with taken as typed: a sum and the rules need it,
    while the page itself says of nothing that it is missing.
    """

    def __init__(self, words: WordsForm, lines: Sequence[LineForm], checked: PlanForms | None = None) -> None:
        self.words, self.lines = words, lines
        self.checked = checked or self
        names = [str(line["name"].value() or "") or f"Treatment {n}" for n, line in enumerate(lines, 1)]
        for place, line in enumerate(lines):
            others = [(str(other), name) for other, name in enumerate(names) if other != place]
            line.follow(others)

    @classmethod
    def started(cls, words: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> PlanForms:
        """As they begin, from these values."""
        kinds = session_kinds()
        prefixed = [(f"line-{n}", dict(one)) for n, one in enumerate(lines)]
        begun = [LineForm(initial=one, prefix=prefix, kinds=kinds) for prefix, one in prefixed]
        as_typed = {
            f"{prefix}-{name}": form[name].value()
            for form, (prefix, _) in zip(begun, prefixed, strict=True)
            for name in form.fields
        }
        taken = [LineForm(as_typed, prefix=prefix, kinds=kinds) for prefix, _ in prefixed]
        return cls(WordsForm(initial=dict(words)), begun, cls(WordsForm(dict(words)), taken))

    @classmethod
    def sent(cls, data: QueryDict) -> PlanForms:
        """As they were sent."""
        kinds = session_kinds()
        return cls(
            WordsForm(data),
            [LineForm(data, prefix=f"line-{n}", kinds=kinds) for n in range(line_count(data))],
        )

    @property
    def counting(self) -> Sequence[LineForm]:
        """The lines, where the visit decided on treatments: otherwise the page hides them, and they are in no plan."""
        return self.lines if self.words["outcome"].value() == PlanOutcome.SUITS else []

    def is_valid(self) -> bool:
        return all([self.words.is_valid(), *(line.is_valid() for line in self.counting)])

    def written(self) -> Written:
        """The plan, once all of it is valid. One statement."""
        return Written(
            outcome=PlanOutcome(self.words.cleaned_data["outcome"]),
            words=self.words.words,
            lines=self.written_lines(),
            valid_until=self.words.cleaned_data["valid_until"],
        )

    def written_lines(self) -> list[Line]:
        """The treatments, once all of them are valid. One statement."""
        keys = [line.cleaned_data["treatment"] for line in self.counting]
        treatments = Treatment.objects.in_bulk([key for key in keys if key])
        return [line.line(treatments) for line in self.counting]

    def total(self, currency: str) -> str:
        """The sum of the lines that can be worked out; empty if none can."""
        spans = [span for line in self.checked.lines if (span := line.span) is not None]
        return prices.total(spans).words(currency) if spans else ""

    @property
    def treatments(self) -> set[str]:
        """The keys of the treatments that are in it, as the page has them."""
        return {str(line["treatment"].value()) for line in self.lines}

    def so_far(self) -> tuple[Written, list[int]]:
        """What the rules can be asked about already, and the place of each of its lines on the page. One statement."""
        words, lines = self.checked.words, self.checked.lines
        words.is_valid()
        places = [place for place, line in enumerate(lines) if line.is_valid()]
        treatments = Treatment.objects.in_bulk(
            [key for place in places if (key := lines[place].cleaned_data["treatment"])]
        )
        told = PlanWords(applies=tuple(words.cleaned_data.get("applies") or ()))
        return (
            Written(PlanOutcome.SUITS, told, [lines[place].line(treatments) for place in places]),
            places,
        )

    def say_missing(self, only: str = "") -> bool:
        """Say beside each field (whose name begins with `only`) what it cannot be sent without. Whether that is anything."""
        found = [one for one in missing(self.written()) if one[0].startswith(only)]
        for place, sentence in found:
            name, _, number = place.partition(":")
            form = self.lines[int(number)] if number else self.words
            form.add_error(None if name == "lines" else name, ValidationError(sentence))
        return bool(found)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each message with the id of its place, for the summary."""
        return [problem for form in (self.words, *self.counting) for problem in form.problems()]


def line_count(data: QueryDict) -> int:
    """How many lines the page had: never more than a plan may have."""
    typed = data.get("lines", "")
    return min(int(typed), limits.plans.MOST_LINES) if typed.isdecimal() and len(typed) < 4 else 0
