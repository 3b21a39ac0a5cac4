"""What would suit somebody: up to three windows, each a day and a part of the day."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from bookings import answers
from bookings.models import Weekday
from bookings.slot_text import ANY
from clinic.foundation.forms import CrispyForm, folded, unseen

ROWS = (1, 2, 3)
Window = tuple[int | None, str]

_DAYS = [("", "Choose a day"), (ANY, "Any day"), *((str(day.value), day.label) for day in Weekday)]
_PARTS = [("", "Choose a part of the day"), *answers.PARTS.items()]


class WindowsForm(CrispyForm):
    """Up to three windows. A row counts once its day or its part is chosen; the other half then means "any"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in ROWS:
            self.fields[f"day_{row}"] = _select("Day", _DAYS)
            self.fields[f"part_{row}"] = _select("Part of the day", _PARTS)

    def asked(self) -> list[Any]:
        """The first row, and one fold for each other; a fold with something in it is open."""
        first, *others = [(f"day_{row}", f"part_{row}") for row in ROWS]
        return [
            Fieldset(unseen("What would suit you"), *first),
            *(
                folded(
                    f"Add a {which} choice",
                    Fieldset(unseen(f"{which.capitalize()} choice"), *row),
                    is_open=any(self[name].value() for name in row),
                )
                for which, row in zip(("second", "third"), others, strict=True)
            ),
        ]

    def windows(self) -> list[Window]:
        """The windows of a valid form, each once."""
        found: list[Window] = []
        for row in ROWS:
            day, part = self.cleaned_data[f"day_{row}"], self.cleaned_data[f"part_{row}"]
            window = (int(day) if day not in ("", ANY) else None, part or "any")
            if (day or part) and window not in found:
                found.append(window)
        return found


class OtherTimesForm(WindowsForm):
    """Asking for other times than those offered: at least one window."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.windows():
            self.add_error("day_1", NEED_A_WINDOW)
        return given


NEED_A_WINDOW = "Choose at least one day or part of the day that would suit you"


def initial(windows: list[Window]) -> dict[str, str]:
    """The form's first values for windows that were given before."""
    values: dict[str, str] = {}
    for row, (day, part) in zip(ROWS, windows, strict=False):
        values |= {f"day_{row}": ANY if day is None else str(day), f"part_{row}": part}
    return values


def in_words(windows: list[Window]) -> list[str]:
    """'Thursday, evening'."""
    return [
        f"{Weekday(day).label if day is not None else 'Any day'}, {answers.PARTS.get(part, part).lower()}"
        for day, part in windows
    ]


def _select(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
