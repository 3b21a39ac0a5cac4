"""Where the plan of a request stands, for the pages of whoever works at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings.models import ConsultationRequest, Plan, PlanQuestion
from bookings.queries import plans
from bookings.states import AGAIN_FROM, PlanStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the plan of a request stands, without a word of it: for whoever works at the desk.

    `state` is empty while none was sent. `due`: by when the open question that is promised first is to be answered;
    `asked_at` and `question`: when it was asked, and its key. `again`: how many of those `to_arrange` lost their time,
    and are booked once more if the client wants them.
    """

    state: str = ""
    has_draft: bool = False
    questions: int = 0
    due: datetime | None = None
    asked_at: datetime | None = None
    question: int = 0
    to_arrange: int = 0
    again: int = 0

    @property
    def waits(self) -> int:
        """How many visits nobody has to be asked about before they are booked."""
        return self.to_arrange - self.again

    @property
    def is_missing(self) -> bool:
        """Nobody has sent one yet."""
        return not self.state


def standing_of(consultation: ConsultationRequest) -> Standing:
    """Where the plan of this request stands: three statements."""
    rows = list(
        Plan.objects.filter(request=consultation).order_by("-number").values_list("status", flat=True)
    )
    told = [PlanStatus(status).words for status in rows if status != PlanStatus.DRAFT]
    asked = list(
        PlanQuestion.objects.filter(plan__request=consultation, replied_at=None)
        .order_by("due_at", "pk")
        .values_list("due_at", "asked_at", "pk")
    )
    due, asked_at, question = asked[0] if asked else (None, None, 0)
    waiting = plans.unbooked(consultation).order_by().values_list("status", flat=True)
    return Standing(
        state=told[0] if told else "",
        has_draft=PlanStatus.DRAFT in rows,
        questions=len(asked),
        due=due,
        asked_at=asked_at,
        question=question,
        to_arrange=len(waiting),
        again=sum(status in AGAIN_FROM for status in waiting),
    )
