"""Buttons of the day of a visit: where the client is, whether they came, and taking back what was marked by mistake.

On the day sheet each is one press (bookings/admin/day/); here they stand on the request's own page.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django import forms

from bookings import limits
from bookings.admin.action import Action
from bookings.admin.forms import VerbForm
from bookings.fields import area
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import marks
from bookings.workflow import attendance
from bookings.workflow.core import Origin
from clinic.foundation.text import id_in

# What a press says on the day sheet, in the order of its buttons. After a colon: by how many minutes, or what it takes back.
_PRESSES = {
    "arrive": "Arrived",
    "attend": "Attended",
    "miss": "Did not come",
    "late": "Running late",
    **{f"late:{minutes}": f"{minutes} min late" for minutes in limits.times.LATE_BY},
    "expect": "Undo",
    "unmark": "Undo",
}

# Drawn only when nothing stands against them (bookings/queries/marks.py).
ONLY_WHEN_POSSIBLE = ("arrive", "late", "expect", "correct", "unmark")


class LateForm(VerbForm):
    minutes = forms.IntegerField(
        label="By how many minutes, if they said so (optional)",
        required=False,
        min_value=1,
        max_value=limits.deadlines.LATE_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    word = area("What they said (optional)", hint="All of the desk reads it.", rows=1, required=False)


MARKS = (
    Action(
        "arrive",
        "They are here",
        "Mark as here",
        lambda consultation, origin, data: attendance.arrive(consultation, origin),
        hint="nobody is mailed",
    ),
    Action(
        "late",
        "They are running late",
        "Keep that {name} is late",
        lambda consultation, origin, data: attendance.late(
            consultation, origin, minutes=data["minutes"], word=data["word"]
        ),
        LateForm,
        hint="nobody is mailed",
    ),
    Action(
        "expect",
        "Not here, or not late, after all",
        "Take that back",
        lambda consultation, origin, data: attendance.expect(consultation, origin),
        hint="what was marked last",
    ),
    Action(
        "attend",
        "They came",
        "Mark as attended",
        lambda consultation, origin, data: attendance.attend(consultation, origin),
        hint="from 15 minutes before the start",
    ),
    Action(
        "miss",
        "They did not come",
        "Mark as did not attend",
        lambda consultation, origin, data: attendance.miss(consultation, origin),
        hint="from 15 minutes before the start",
    ),
    Action(
        "correct",
        "Correct the attendance",
        "Correct it to “{other}”",
        lambda consultation, origin, data: attendance.correct(consultation, origin),
        hint="on the day of the visit",
    ),
    Action(
        "unmark",
        "Marked by mistake",
        "Take back how it was marked",
        lambda consultation, origin, data: attendance.unmark(consultation, origin),
        hint="the visit is booked again, and nobody has marked it",
    ),
)


TAKES_BACK = "unmark"


def presses(visit: Appointment, possible: Collection[str]) -> list[tuple[str, str]]:
    """What the line of a visit on the day sheet offers of the `possible` marks: what is sent, and its words.

    Nobody who is here did not come; and by how much somebody is late is asked once they are known to be. What takes a mark
    back says which: a page that is old, or a second press, takes back nothing else.
    """
    known_late = visit.late_at is not None
    hidden = {"miss"} if visit.arrived_at is not None else {"late"} if known_late else set()
    said = not known_late or visit.late_minutes is not None
    last = marks.last(visit)
    takes_back = {"expect": last.isoformat() if last else "", "unmark": visit.request.status}
    return [
        (f"{name}:{takes_back[name]}" if name in takes_back else name, words)
        for name, words in _PRESSES.items()
        if name.partition(":")[0] in possible and name not in hidden and not (":" in name and said)
    ]


def press(consultation: ConsultationRequest, origin: Origin, do: str) -> ConsultationRequest:
    """Do what a press of the day sheet says. Raises KeyError for one that there is not, and what its verb raises."""
    name, _, said = do.partition(":")
    match name:
        case "late":
            return attendance.late(consultation, origin, minutes=id_in(said) or None)
        case "expect":
            return attendance.expect(consultation, origin, marked=_moment(said))
        case "unmark":
            return attendance.unmark(consultation, origin, marked=said)
    return _BY_VERB[name].call(consultation, origin, {})


def _moment(text: str) -> datetime:
    """Raises KeyError for what no button says."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise KeyError(text) from None


_BY_VERB = {action.verb: action for action in MARKS if action.verb in _PRESSES}
