"""What would suit somebody: days and parts of the day, as ticks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bookings import answers
from bookings.models import Weekday
from clinic.foundation.forms import CrispyForm, Several, checkboxes

# A weekday (0 is Monday) and a part of the day; a day of None is any.
Window = tuple[int | None, str]

_PARTS = [(code, name) for code, name in answers.PARTS.items() if code != "any"]
NEED_A_WINDOW = "Tick at least one day or part of the day that would suit you"


class WindowsForm(CrispyForm):
    """Days and parts of the day. With none of the days ticked, or all, any day suits; so with the parts."""

    days = checkboxes("Days", choices=[(str(day.value), day.label[:3]) for day in Weekday])
    parts = checkboxes("Time of day", choices=_PARTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("days", "parts"):
            self.fields[name].widget.attrs["class"] = "chips"

    def offer_days(self, open_days: Collection[int]) -> None:
        """Ask only about weekdays on which the clinic is open."""
        field = self.fields["days"]
        assert isinstance(field, Several)
        field.choices = [(str(day.value), day.label[:3]) for day in Weekday if day in open_days]

    def windows(self) -> list[Window]:
        """The windows of a valid form: each ticked day with each ticked part. Empty when nothing is ticked."""
        days, parts = self.cleaned_data["days"], self.cleaned_data["parts"]
        if not days and not parts:
            return []
        any_day = len(days) in (0, len(self["days"].subwidgets))
        any_part = len(parts) in (0, len(_PARTS))
        return [
            (day, part)
            for day in ([None] if any_day else [int(one) for one in days])
            for part in (["any"] if any_part else parts)
        ]


class OtherTimesForm(WindowsForm):
    """Asking for other times than those offered: at least one tick."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.windows():
            self.add_error("days", NEED_A_WINDOW)
        return given


def initial(windows: list[Window]) -> dict[str, list[str]]:
    """The form's first values for windows that were given before."""
    days = {str(day) for day, _ in windows if day is not None}
    parts = {part for _, part in windows if part != "any"}
    if windows and not days and not parts:
        parts = {code for code, _ in _PARTS}
    return {"days": sorted(days), "parts": sorted(parts)}
