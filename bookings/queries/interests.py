"""Who is interested in a treatment: that is a health answer, encrypted, so each has to be opened to know it.

Only for those who may read health answers, and only among the newest open requests. Whoever asks writes it into the audit.
"""

from __future__ import annotations

from bookings import limits
from bookings.models import Answers
from bookings.states import OPEN
from clinic.foundation.crypto import opened


def interested(treatment: str) -> tuple[list[int], int]:
    """The keys of requests whose client is interested in the treatment with this code, and how many were opened for it.

    One statement. Answers that no key opens are left out.
    """
    newest = Answers.objects.filter(request__status__in=OPEN).order_by("-request__created_at", "-request")
    looked = list(newest[: limits.lists.ANSWERS_OPENED])
    found = [
        row.request_id for row in looked if treatment in ((opened(row, "data") or {}).get("treatments") or ())
    ]
    return found, len(looked)
