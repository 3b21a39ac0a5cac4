"""The fee in writing: which text holds, and with which a time is offered or booked now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bookings.models import FeeText, Terms
from bookings.queries.clinic import Clinic
from clinic.foundation import when

MISSING = (
    "The booking rules want the fee in writing, and no fee text holds today, so nothing can be offered, confirmed or "
    "booked. A manager adds one under \u201cFee texts\u201d."
)


def current(place: Clinic, now: datetime) -> FeeText | None:
    """The text that holds today, by the clinic's own day."""
    return FeeText.objects.filter(valid_from__lte=when.local_day(now, place.zone)).first()


def is_missing(place: Clinic, now: datetime) -> bool:
    """Whether staff can offer and book nothing now. No statement while the clinic does not want it in writing."""
    return place.rules.fee_in_writing and current(place, now) is None


def in_writing(terms: Terms, place: Clinic, now: datetime) -> Terms:
    """`terms` with the text that holds now, where the clinic wants it in writing and none was agreed before."""
    if terms.fee_text_id is not None or not place.rules.fee_in_writing:
        return terms
    text = current(place, now)
    return replace(terms, fee_text_id=text.pk if text else None)


def paragraphs(terms: Terms) -> list[str]:
    """What the client was told about the fee in writing; empty for nothing. One statement if there is a text."""
    text = FeeText.objects.filter(pk=terms.fee_text_id).first() if terms.fee_text_id else None
    return text.paragraphs if text else []
