"""What the client said to a line of a plan that they have not answered, or no longer: a yes taken back, a question, time
to think.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bookings.models import Event
from clinic.foundation import when


def in_words(
    events: Iterable[Event], line: int, zone: ZoneInfo, *, is_open: bool, asked: datetime | None = None
) -> str:
    """'Yes taken back on Monday 30 November. Wants time to think, Tuesday 1 December'; empty if they said nothing of it.

    `events`: what they said to the plan, in order (`said_to` in bookings/queries/plans.py); `line`: one without an answer,
    by key. `is_open`: the plan can still be answered. `asked`: when they last asked about it.
    """
    back = think = ""
    for event in events:
        day = when.day(event.at, zone)
        if (
            "lines" not in event.facts
        ):  # what is taken back names its lines; who thinks, thinks about all that is open
            think = f"{'Wants' if is_open else 'Wanted'} time to think, {day}"
        elif line in event.facts["lines"]:
            back, think = f"{'No' if event.facts.get('no') else 'Yes'} taken back on {day}", ""
    question = f"Asked about it, {when.day(asked, zone)}" if asked else ""
    return ". ".join(words for words in (back, question, think) if words)
