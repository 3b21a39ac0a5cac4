"""Requests that may come from one person: by address, phone or name. And what stands in the way of making two of them one.

Only a proved address says who somebody is. A phone may be a household's, and a name is many people's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from bookings import limits
from bookings.models import ConsultationRequest
from bookings.states import LIVE, OPEN


class Same(StrEnum):
    """What two requests share."""

    PROVED = "proved"
    ADDRESS = "address"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Match:
    """Another request, and what it shares with the one that was asked about."""

    consultation: ConsultationRequest
    shared: tuple[Same, ...]
    obstacle: Obstacle | None
    is_merged: bool  # into the one that was asked about

    @property
    def proved(self) -> bool:
        """Whether it certainly is the same person's."""
        return Same.PROVED in self.shared

    @property
    def is_live(self) -> bool:
        """Still to be answered, or with a visit to come."""
        return self.consultation.status in LIVE

    @property
    def may_be_duplicate(self) -> bool:
        """Whether it could stay in the place of the one that was asked about, although the two cannot be merged."""
        return self.is_live and self.obstacle not in (None, Obstacle.SESSION)

    @property
    def words(self) -> str:
        """'Same phone, other name'."""
        return _WORDS[self.shared]


class Obstacle(StrEnum):
    """Why another request cannot be merged into this one."""

    ITSELF = "itself"
    ENDED = "ended"
    SESSION = "session"
    ADDRESS = "address"
    VISITS = "visits"
    FURTHER = "further"

    @property
    def words(self) -> str:
        return _OBSTACLES[self]


_OBSTACLES = {
    Obstacle.ITSELF: "This is the same request.",
    Obstacle.ENDED: "Only requests that are still open can be merged.",
    Obstacle.SESSION: "A visit of a plan stays by itself. One that is not to be is called off.",
    Obstacle.ADDRESS: "Only requests of the same proved address can be merged. A duplicate keeps its link.",
    Obstacle.VISITS: "Both have a booked visit. Cancel one of them first.",
    Obstacle.FURTHER: "The other one is further along. Open it there, and merge this one into it.",
}
_WORDS = {
    (Same.PROVED, Same.PHONE, Same.NAME): "Same proved address, phone and name",
    (Same.PROVED, Same.PHONE): "Same proved address and phone, other name",
    (Same.PROVED, Same.NAME): "Same proved address and name",
    (Same.PROVED,): "Same proved address, other name",
    (Same.ADDRESS, Same.PHONE, Same.NAME): "Same address, phone and name; not both proved",
    (Same.ADDRESS, Same.PHONE): "Same address and phone, other name; not both proved",
    (Same.ADDRESS, Same.NAME): "Same address and name; not both proved",
    (Same.ADDRESS,): "Same address, other name; not both proved",
    (Same.PHONE, Same.NAME): "Same phone and name, other address",
    (Same.PHONE,): "Same phone, other name",
    (Same.NAME,): "Same name, other address",
}


def matches(consultation: ConsultationRequest) -> list[Match]:
    """The requests that may be the same person's, newest first: one SQL statement. None for an erased one."""
    alike = _like(consultation)
    if not alike or consultation.erased_at is not None:
        return []
    # The visits of one plan, and the request that it was made for, are one person's: they stand on the page already.
    first = consultation.follows_id if consultation.session_number else consultation.pk
    found = ConsultationRequest.objects.real().filter(alike, erased_at=None)
    found = found.exclude(pk__in=[consultation.pk, first])
    found = found.exclude(session_number__isnull=False, follows=first)
    return [
        Match(
            other,
            _shared(consultation, other),
            obstacle(consultation, other),
            other.merged_into_id == consultation.pk,
        )
        for other in found.order_by("-created_at", "-pk")[: limits.lists.SAME_PERSON_ROWS]
    ]


def obstacle(kept: ConsultationRequest, other: ConsultationRequest) -> Obstacle | None:
    """What stands in the way of merging `other` into `kept`; None if nothing does."""
    if kept.pk == other.pk:
        return Obstacle.ITSELF
    if kept.status not in LIVE or other.status not in LIVE:
        return Obstacle.ENDED
    if kept.session_number or other.session_number:
        return Obstacle.SESSION
    if Same.PROVED not in _shared(kept, other):
        return Obstacle.ADDRESS
    far, further = LIVE.index(kept.state), LIVE.index(other.state)
    if further > far:
        return Obstacle.FURTHER
    return None if other.status in OPEN else Obstacle.VISITS


def _like(consultation: ConsultationRequest) -> Q:
    """Requests that share an address, a phone or a name with this one. Each has an index."""
    alike = Q()
    for column in ("mailbox", "phone_search", "name_search"):
        if value := getattr(consultation, column):
            alike |= Q(**{column: value})
    return alike


def _shared(one: ConsultationRequest, other: ConsultationRequest) -> tuple[Same, ...]:
    proved = one.email_proved_at is not None and other.email_proved_at is not None
    address = Same.PROVED if proved else Same.ADDRESS
    pairs = (
        (address, one.mailbox, other.mailbox),
        (Same.PHONE, one.phone_search, other.phone_search),
        (Same.NAME, one.name_search, other.name_search),
    )
    return tuple(code for code, mine, theirs in pairs if mine and mine == theirs)
