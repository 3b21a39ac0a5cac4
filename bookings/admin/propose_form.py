"""Another time for a booked visit, which the client may take or leave."""

from __future__ import annotations

from bookings.admin.slot_forms import EndField, MoveForm


class ProposeForm(MoveForm):
    """The time to propose, until when they can choose, and a note about it."""

    legend = "The time to propose"
    until = EndField(label="They can choose until", required=False)
    field_order = ("until", "note")
