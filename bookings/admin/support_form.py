"""What staff note of the support that a client needs for the visit."""

from __future__ import annotations

from typing import Any

from bookings import answers, limits
from bookings.admin.forms import VerbForm
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.crypto import opened
from clinic.foundation.forms import CleanText, Several


class SupportForm(VerbForm):
    """What they need for the visit. Everybody who sees the request reads it."""

    needs = Several(
        label="Support for the visit", required=False, choices=list(answers.SUPPORT.items()), widget=Ticks
    )
    more = CleanText(
        label="More about it (optional)",
        limit=limits.texts.SUPPORT_CHARACTERS,
        help_text="Everybody at the desk reads this: nothing about health.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = self.choices.consultation
        kept = opened(consultation.support_needs, "data") if hasattr(consultation, "support_needs") else None
        self.initial = {"needs": (kept or {}).get("support"), "more": (kept or {}).get("support_note")}
