"""What a client sends: the values of one submission, and how we know that the same was sent twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from clinic.foundation.addresses import mailbox
from clinic.foundation.text import name_key

Window = tuple[int | None, str]


@dataclass(frozen=True)
class Submission:
    """Everything a client sends, validated by the forms. Times are UTC; the phone number is E.164 or empty."""

    draft_id: uuid.UUID
    consultation_type_id: int
    name: str
    email: str
    answers: dict[str, Any]
    practitioner_id: int | None = None  # None: any
    start: datetime | None = None
    windows: tuple[Window, ...] = ()  # (weekday or None for any, part of the day)
    name_to_use: str = ""
    phone: str = ""
    contact_by: str = "email"
    may_leave_message: bool = False
    time_zone: str = ""
    consents: tuple[tuple[str, str, bool], ...] = ()  # (kind, version, given)
    source_page_id: int | None = None
    follows_id: int | None = None
    concerns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "concerns", tuple(sorted(self.answers.get("concerns", ()))))

    def digest(self) -> str:
        """A keyed digest of the content: tells "sent again" from "something else", and says nothing about the answers."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def search_columns(name: str, email: str, phone: str) -> dict[str, str]:
    """The normalised copies by which rows are found. For the desk's search every word of the name's key follows a space.

    An address is put into lower case but not case-folded, or straße.example would be found as strasse.example.
    """
    return {
        "name_search": name_key(name),
        "email_search": email.lower(),
        "phone_search": phone,
        "mailbox": mailbox(email),
    }
