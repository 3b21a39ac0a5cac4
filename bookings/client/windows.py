"""When suits you: a free time, or up to three windows (a day and a part of the day)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from bookings import answers
from bookings.client import times
from bookings.models import Weekday
from clinic.foundation.forms import ClientForm

NO_TIME = "none"
ROWS = (1, 2, 3)
Window = tuple[int | None, str]

_DAYS = [("", "Choose a day"), (times.ANY, "Any day"), *((str(day.value), day.label) for day in Weekday)]
_PARTS = [("", "Choose a part of the day"), *answers.PARTS.items()]


class WindowsForm(ClientForm):
    """Up to three windows. A row counts once its day or its part is chosen; the other half then means "any"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in ROWS:
            self.fields[f"day_{row}"] = _select("Day", _DAYS)
            self.fields[f"part_{row}"] = _select("Part of the day", _PARTS)

    def rows(self) -> list[tuple[int, BoundField, BoundField]]:
        """Each row with its two fields, for the page."""
        return [(row, self[f"day_{row}"], self[f"part_{row}"]) for row in ROWS]

    def windows(self) -> list[Window]:
        """The windows of a valid form, each once."""
        found: list[Window] = []
        for row in ROWS:
            day, part = self.cleaned_data[f"day_{row}"], self.cleaned_data[f"part_{row}"]
            window = (int(day) if day not in ("", times.ANY) else None, part or "any")
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


class TimesForm(WindowsForm):
    """One of the free times, or "no time suits me" with a window. `is_free` says whether a time is still offered."""

    slot = forms.CharField(required=False)

    def __init__(self, *args: Any, is_free: Callable[[int | None, datetime], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_free = is_free

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = given.get("slot", "")
        if self.errors:
            return given
        if chosen and chosen != NO_TIME:
            read = times.read(chosen)
            if read is None or not self.is_free(*read):
                self.add_error("slot", GONE)
        elif not self.windows():
            if chosen == NO_TIME:
                self.add_error("day_1", NEED_A_WINDOW)
            else:
                self.add_error("slot", "Choose a time, or tell us which days and times would suit you")
        return given

    def chosen(self) -> str:
        """The chosen time's value, or an empty text for "no time suits me"."""
        value: str = self.cleaned_data["slot"]
        return "" if value == NO_TIME else value


NEED_A_WINDOW = "Choose at least one day or part of the day that would suit you"
GONE = "That time is not free. Choose another one."


def initial(windows: list[list[Any]]) -> dict[str, str]:
    """The form's first values for windows that were given before."""
    values: dict[str, str] = {}
    for row, (day, part) in zip(ROWS, windows, strict=False):
        values |= {f"day_{row}": times.ANY if day is None else str(day), f"part_{row}": part}
    return values


def in_words(windows: list[list[Any]]) -> list[str]:
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
