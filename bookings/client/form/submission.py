"""From a draft to what is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bookings import consents
from bookings.client.form import guide_answers
from bookings.client.form.drafts import OpenDraft
from bookings.fields import e164
from bookings.models import ContactBy
from bookings.workflow.submission import Submission


def submission(draft: OpenDraft, given: dict[str, bool]) -> Submission:
    """What is sent: the draft's answers and the consents; `given` are those of the check page."""
    data = draft.data
    assert data.type is not None, "nothing is sent before the page of times is answered"
    chosen, phone = data.chosen, e164(data.phone)
    practitioner_id = chosen[0] if chosen else data.practitioner
    return Submission(
        draft_id=draft.row.pk,
        consultation_type_id=data.type,
        practitioner_id=practitioner_id,
        start=chosen[1] if chosen else None,
        # With a chosen time, these would suit as well if it cannot be kept.
        windows=tuple(data.windows),
        name=data.name,
        name_to_use=data.name_to_use,
        email=data.email,
        phone=phone,
        contact_by=data.contact_by,
        may_leave_message=bool(phone) and data.may_leave_message,
        time_zone=data.time_zone,
        answers={
            "concerns": data.concerns,
            "areas": data.areas,
            "treatments": data.treatments,
            "applies": data.applies,
            "anything_else": data.anything_else,
            "support": data.support,
            "support_note": data.support_note,
            **guide_answers.sent(data),
        },
        consents=tuple(_agreed(data.contact_by, given)),
        source_page_id=data.source_page,
        follows_id=data.follows,
    )


def _agreed(contact_by: str, given: Mapping[str, bool]) -> Iterator[tuple[str, str, bool]]:
    """Each consent with the version of its words: what was asked on the check page, and what the way to be reached says."""
    for kind, yes in given.items():
        yield kind, consents.version(kind), yes
    if contact_by == ContactBy.TEXT:
        yield consents.TEXTS, consents.TEXT_ME.version, True
