"""When the visits of a plan would suit their client, as they said with their yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from bookings.models import ConsultationRequest, Note, windows_in_words


@dataclass(frozen=True, slots=True)
class Wish:
    """Days and parts of the day, in words, and what they wrote about their times; each empty for nothing."""

    windows: str
    line: str


def read(sessions: Sequence[ConsultationRequest]) -> None:
    """Have at hand what `of` reads: two statements for all of them."""
    told = Note.objects.filter(kind=Note.Kind.INFORMATION, about_health=False, taken_back_at=None)
    prefetch_related_objects(sessions, "windows", Prefetch("notes", told, to_attr="told_to_all"))


def of(session: ConsultationRequest) -> Wish:
    """Of one that `read` has read. What was added since to a visit, and is not about health, is beside their line."""
    windows = windows_in_words((row.weekday, row.part) for row in session.windows.all())
    notes: list[Note] = getattr(session, "told_to_all", [])
    return Wish("; ".join(windows), "; ".join(note.words for note in notes))
