"""The fee in writing: staff offer and book on terms that carry the text of the day, where the clinic wants that."""

from __future__ import annotations

from bookings.models import Terms
from bookings.queries import fee_texts
from bookings.workflow.core import Change
from bookings.workflow.errors import Refused


def agreed(change: Change, terms: Terms | None = None) -> Terms:
    """`terms`, or those of the kind as it is now, with the fee text that belongs to them.

    A text that was agreed before stays. Raises Refused("no_fee_text") when the clinic wants one and none holds.
    """
    kind, place = change.consultation.consultation_type, change.clinic
    written = fee_texts.in_writing(terms or kind.terms(place.profile.currency), place, change.now)
    if written.fee_text_id is None and place.rules.fee_in_writing:
        raise Refused("no_fee_text", fee_texts.MISSING)
    return written
