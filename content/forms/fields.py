"""What editors type in their own way: pairs, amounts of money and the treatments of a plan, as lines of text."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from clinic.foundation import money
from clinic.foundation.forms import CleanText
from clinic.foundation.limits.texts import EDITOR_TEXT_CHARACTERS
from content import limits
from content.models import ClinicProfile, ExamplePlanLine, Treatment

SEPARATOR = "|"


class PairsField(CleanText):
    """A list of pairs, one on each line: "Visits | 3 to 6". Gives [["Visits", "3 to 6"]]."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}))
        super().__init__(limit=EDITOR_TEXT_CHARACTERS, lines=True, pasted=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored list as lines; what somebody typed stays as it is."""
        if isinstance(value, list):
            return "\n".join(f" {SEPARATOR} ".join(pair) for pair in value)
        return value

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError, naming the line, for one that is not two texts."""
        pairs = []
        for number, line in enumerate(super().to_python(value).splitlines(), 1):
            if not line.strip():
                continue
            label, separator, text = (part.strip() for part in line.partition(SEPARATOR))
            if not (separator and label and text):
                raise forms.ValidationError(
                    f"Line {number} should be two texts with {SEPARATOR} between them, like: Visits {SEPARATOR} 3 to 6.",
                    code="not_pairs",
                )
            pairs.append([label, text])
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(CleanText):
    """An amount as people write it, "45" or "45.50" (the clinic's currency); kept in minor units: 4550."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "vMoney"}))
        # What ModelForm passes for a whole number.
        for name in ("min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(limit=limits.AMOUNT_CHARACTERS, **{"required": True, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """The stored amount as it is written; what somebody typed stays as it is."""
        return money.written(value, ClinicProfile.current().currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Whole minor units, or None for nothing. Raises ValidationError for what is no amount."""
        typed = super().to_python(value)
        if not typed:
            return None
        currency = ClinicProfile.current().currency
        amount = money.read(typed, currency)
        if amount is None:
            raise forms.ValidationError(money.how(currency), code="invalid")
        return amount


class Called:
    """What treatments are called: by their code before all, else by their name or the few words for lists. One statement."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # by code
        self._codes: dict[str, list[str]] = {}  # by what is written for it
        rows = list(Treatment.objects.order_by("code").values_list("code", "name", "short"))
        for code, name, short in rows:
            self._names[code] = name
            for word in {_folded(name), _folded(short)} - {""}:
                self._codes.setdefault(word, []).append(code)
        # Last, so that a code means its treatment whatever others are called.
        by_code: dict[str, list[str]] = {}
        for code in self._names:
            by_code.setdefault(_folded(code), []).append(code)
        self._codes |= by_code

    def meant(self, word: str) -> list[str]:
        """The codes of the treatments that are called so, in whatever case: one, unless two share the word, or none."""
        return [word] if word in self._names else self._codes.get(_folded(word), [])

    def best(self, code: str) -> str:
        """The name of the treatment, if it is read back as this very one; else its code."""
        name = self._names.get(code, code)
        return name if SEPARATOR not in name and self.meant(name) == [code] else code


def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


class LinesField(CleanText):
    """The treatments of a plan, one on each line: "Microneedling | 3 to 6 | Weekly". Gives [code, from, to, note] each."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}))
        super().__init__(limit=EDITOR_TEXT_CHARACTERS, lines=True, pasted=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The stored lines as they are typed, each treatment by its name, or by its code where the name says too little.

        What somebody typed stays as it is.
        """
        if not isinstance(value, list):
            return value
        called = Called()
        return "\n".join(_as_line(called.best(code), *rest) for code, *rest in value)

    def to_python(self, value: Any) -> Any:
        """Raise ValidationError, naming the line, for one that is no treatment with how many times."""
        called = Called()
        lines = []
        for number, line in enumerate(super().to_python(value).splitlines(), 1):
            if line.strip():
                lines.append(self._line(number, line, called))
        return lines

    def _line(self, number: int, line: str, called: Called) -> list[Any]:
        name, times, note = [*(part.strip() for part in line.split(SEPARATOR, 2)), "", ""][:3]
        codes = called.meant(name)
        if not codes:
            text = f"Line {number}: there is no treatment called “{name}”. Take its name or its code from the list of them."
            raise forms.ValidationError(text, code="no_treatment")
        if len(codes) > 1:
            text = f"Line {number}: “{name}” means more than one treatment. Write its code: {' or '.join(codes)}."
            raise forms.ValidationError(text, code="two_treatments")
        found = re.fullmatch(r"(\d{1,4})(?:\s*(?:to|-|–)\s*(\d{1,4}))?", times)
        low = int(found[1]) if found else 0
        high = int(found[2] or found[1]) if found else 0
        if not 1 <= low <= high:
            text = f"Line {number}: say how many times, like: {name} {SEPARATOR} 3 to 6."
            raise forms.ValidationError(text, code="no_times")
        longest = ExamplePlanLine._meta.get_field("note").max_length or 0
        if len(note) > longest:
            text = f"Line {number}: the note has {len(note)} letters. {longest} are the most."
            raise forms.ValidationError(text, code="long_note")
        return [codes[0], low, high, note]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _as_line(name: str, low: int, high: int, note: str) -> str:
    times = str(low) if low == high else f"{low} to {high}"
    return f" {SEPARATOR} ".join(filter(None, (name, times, note)))
