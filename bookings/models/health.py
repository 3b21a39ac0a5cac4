"""What a client told us about their skin and what they need, encrypted: in rows of their own beside the request."""

from __future__ import annotations

from django.db import models

from bookings.models.request import ConsultationRequest
from clinic.foundation.crypto import EncryptedJSONField


class Answers(models.Model):
    """The health answers of one request, in a row of their own, encrypted as a whole.

    Keys of `data`: concerns, areas, treatments (codes), applies (codes), anything_else; of requests from before
    SupportNeeds also support (codes) and support_note, which stay as hidden as the rest; guide, if the client sent it
    along: the guide's `answers` (codes), what it `suggested` ([code, score, later] each) and the list as it was `shown`;
    from before that, the codes of what is done `elsewhere` and has a `higher_risk` for their skin (content/guide/kept.py).
    """

    request = models.OneToOneField(ConsultationRequest, on_delete=models.CASCADE, related_name="answers")
    data = EncryptedJSONField()

    class Meta:
        verbose_name_plural = "answers"

    def __str__(self) -> str:
        return f"Answers of {self.request_id}"


class SupportNeeds(models.Model):
    """What a client needs for the visit, encrypted. All of the desk reads it. There is a row only where there is a need.

    Keys of `data`: support (codes of bookings/answers.py), support_note.
    """

    request = models.OneToOneField(
        ConsultationRequest, on_delete=models.CASCADE, related_name="support_needs"
    )
    data = EncryptedJSONField()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "support needs"

    def __str__(self) -> str:
        return f"Support needs of {self.request_id}"
