"""The grid: seven days with up to three stretches each, and from when until when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField

from bookings.admin.typed_fields import TypedClock, TypedDay
from bookings.weekly_hours import Span, Week
from clinic.foundation import when
from clinic.foundation.forms import CrispyForm

STRETCHES = 3
_WEEK = range(7)


def _name(day: int, stretch: int, end: str) -> str:
    return f"day{day}-{stretch}-{end}"


@dataclass(frozen=True)
class Boxes:
    """Two boxes of the grid."""

    starts: BoundField
    ends: BoundField


@dataclass(frozen=True)
class Row:
    """A day of the grid."""

    name: str
    stretches: list[Boxes]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each message with the id of its box."""
        boxes = [box for stretch in self.stretches for box in (stretch.starts, stretch.ends)]
        return [(str(box.auto_id), str(message)) for box in boxes for message in box.errors]


class WeekForm(CrispyForm):
    """Hours as somebody types them; `week` is what they mean once the form is valid."""

    since = TypedDay(
        label="From", required=True, error_messages={"required": "Type the day from which they hold."}
    )
    last = TypedDay(label="Until", help_text="This day counts. Empty: open.")
    week: Week

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for day in _WEEK:
            for number in range(STRETCHES):
                for end, word in (("starts", "from"), ("ends", "until")):
                    field = TypedClock()
                    # What is empty can be told by the style sheet: phones show the next stretch once one is filled.
                    field.widget.attrs["placeholder"] = " "
                    field.widget.attrs["aria-label"] = f"{when.WEEKDAYS[day]}, stretch {number + 1}, {word}"
                    self.fields[_name(day, number, end)] = field

    def rows(self) -> list[Row]:
        return [
            Row(
                when.WEEKDAYS[day],
                [
                    Boxes(self[_name(day, number, "starts")], self[_name(day, number, "ends")])
                    for number in range(STRETCHES)
                ],
            )
            for day in _WEEK
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.week = tuple(self._spans(day, data) for day in _WEEK)
        since, last = data.get("since"), data.get("last")
        if since and since < self.today:
            words = "Hours that are over stay as they were. Type today or a later day."
            self.add_error("since", ValidationError(words, code="past"))
        if since and last and last < since:
            self.add_error("last", ValidationError("This day is before the first.", code="order"))
        return data

    def _spans(self, day: int, data: Mapping[str, Any]) -> tuple[Span, ...]:
        """The stretches of one day in order. Those that touch are one; what cannot be is said beside its box."""
        found: list[Span] = []
        for number in range(STRETCHES):
            names = _name(day, number, "starts"), _name(day, number, "ends")
            if any(name in self.errors for name in names):
                continue
            starts, ends = (data.get(name) for name in names)
            if starts is None and ends is None:
                continue
            if starts is None or ends is None:
                missing = names[0] if starts is None else names[1]
                self.add_error(missing, ValidationError("Type both times, or neither.", code="half"))
            elif ends != time.min and ends <= starts:
                words = f"This ends at {ends:%H:%M}, which is not after {starts:%H:%M}."
                self.add_error(names[1], ValidationError(words, code="order"))
            elif met := next((one for one in found if _meet(one, (starts, ends))), None):
                words = f"This overlaps {met[0]:%H:%M} to {met[1]:%H:%M}."
                self.add_error(names[0], ValidationError(words, code="overlap"))
            else:
                found.append((starts, ends))
        return _touching_joined(sorted(found))


def _meet(one: Span, other: Span) -> bool:
    return (other[1] == time.min or one[0] < other[1]) and (one[1] == time.min or other[0] < one[1])


def _touching_joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for starts, ends in spans:
        if joined and joined[-1][1] == starts:
            joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((starts, ends))
    return tuple(joined)


def typed(week: Week) -> dict[str, str]:
    """What the boxes of the grid show of a week. A day of more stretches than there are boxes shows the first."""
    return {
        _name(day, number, end): f"{at:%H:%M}"
        for day, spans in enumerate(week)
        for number, span in enumerate(spans[:STRETCHES])
        for end, at in zip(("starts", "ends"), span, strict=True)
    }


def like_monday(data: Mapping[str, Any], days: range) -> dict[str, Any]:
    """What was typed, with Monday's boxes in those of `days`."""
    copied = dict(data)
    for day in days:
        for number in range(STRETCHES):
            for end in ("starts", "ends"):
                copied[_name(day, number, end)] = data.get(_name(0, number, end), "")
    return copied


def without_times(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed beside the grid."""
    return {name: value for name, value in data.items() if not name.startswith("day")}
