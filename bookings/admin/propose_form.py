"""Another time for a booked visit, which the client may take or leave: its form and its call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bookings.admin.slot_forms import EndField, MoveForm
from bookings.models import ConsultationRequest
from bookings.workflow import proposal
from bookings.workflow.core import Origin


class ProposeForm(MoveForm):
    """The time to propose, until when they can choose, and a note about it."""

    legend = "The time to propose"
    until = EndField(label="They can choose until", required=False)
    field_order = ("until", "note")


def propose(
    consultation: ConsultationRequest, origin: Origin, data: Mapping[str, Any]
) -> ConsultationRequest:
    """Say the verb with what the form has. What its page said was against the time is agreed to."""
    return proposal.propose_move(
        consultation,
        origin,
        slot=data["slots"][0],
        note=data["note"],
        open_minutes=int(data["until"]) if data.get("until") else None,
        although=frozenset().union(*data["agreed"].values()),
    )
