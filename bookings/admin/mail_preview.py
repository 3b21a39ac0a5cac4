"""What a client will be told, for the desk to read: the mail of an action before it is sent, and what to say on the phone.

Both are made by the renderer that makes the mails.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bookings.admin.action import Action
from bookings.admin.choices import Choices
from bookings.admin.history import is_open, kind_words
from bookings.admin.slot_calls import Data
from bookings.availability import Slot
from bookings.messages import render
from bookings.messages.kinds import untrue
from bookings.messages.render import LINK, Mail, compose
from bookings.models import ConsultationRequest, Message, Terms
from bookings.queries.clinic import Clinic
from bookings.workflow import visit_mail, wait
from content.models import ClinicProfile


def preview(
    action: Action, consultation: ConsultationRequest, data: Data, note: str, place: Clinic, now: datetime
) -> Mail | None:
    """The mail that `action` would queue now, made by the renderer that will make it. None if it owes none (spam).

    `data` holds what the form has: "slots", "until" (open minutes), "reason".
    """
    kind, facts = action.mail, dict[str, Any]()
    slots = sorted(data.get("slots", ()))
    match kind:
        case "":
            return None
        case "offered":
            facts = {"slots": slots, "until": _end(data, place, now, slots[-1].start)}
        case "confirmed":
            facts = {"slots": slots[:1], "terms": _held_terms(consultation, slots[0], now)}
        case "changed":
            booked, untold = consultation.appointments.booked().get(), wait.untold(consultation)
            if visit_mail.is_back(untold, slots[0].start) and not note.strip():
                return None
            kind, facts = visit_mail.of_move(untold, booked)
            facts |= {"slots": slots[:1], "terms": booked.terms}
        case "move_proposed":
            booked = consultation.appointments.booked().get()
            facts = {"slots": slots[:1], "old_start": booked.starts_at.isoformat(), "terms": booked.terms}
            facts["until"] = _end(data, place, now, slots[0].start, booked.starts_at)
        case "question":
            facts = {"answer_by": place.answer_end(now).isoformat()}
        case "cancelled":
            booked, untold = consultation.appointments.booked().get(), wait.untold(consultation)
            facts = {"reason": data.get("reason"), "by": "staff"}
            facts |= visit_mail.of_cancellation(untold, booked)
        case "declined":
            facts = {"reason": data.get("reason")}
        case "received":
            # The promise starts with the rescue.
            consultation = copy.copy(consultation)
            consultation.promise_due_at = place.promise_from(now)
    return render.preview(consultation, kind, facts, note, now, place.profile)


def _end(data: Data, place: Clinic, now: datetime, *at_the_latest: datetime) -> str:
    """Until when what is offered would be held, as an ISO text: the chosen end, or one of these moments if it is sooner."""
    minutes = int(data["until"]) if data.get("until") else None
    return min(place.offer_end(now, minutes), *at_the_latest).isoformat()


def _held_terms(consultation: ConsultationRequest, slot: Slot, now: datetime) -> Terms | None:
    """The terms of this time if the request holds it already: confirming turns the hold into the visit."""
    held = consultation.appointments.held().filter(held_until__gt=now)
    mine = held.filter(starts_at=slot.start, practitioner=slot.practitioner_id).first()
    return mine.terms if mine else None


# What to do while they are on the phone, in place of what they would do behind the link.
_THEN = {
    "offered": "Ask which time suits them, and confirm it here.",
    "question": "Ask them, and keep the answer under “Add what they told you”.",
    "answer_reminder": "Ask them, and keep the answer under “Add what they told you”.",
    "move_proposed": "Ask which of the two times suits them: move the visit here, or withdraw the proposal.",
}


def spoken(message: Message, now: datetime, profile: ClinicProfile) -> str:
    """A mail as somebody says it on the phone: without the link, and without what its template keeps for readers."""
    mail = compose(message, now=now, has_note=message.note_id is not None, profile=profile, aloud=True)
    return "\n\n".join(part for part in mail.text.split("\n\n") if LINK not in part).strip()


def to_tell(choices: Choices, messages: Iterable[Message]) -> list[dict[str, str]]:
    """The calls to make, the oldest first: what each mail would say, to read out, and the note for them if the reader may
    read it (else it is `hidden`). What is no longer true is left out.
    """
    consultation, now, reader = choices.consultation, choices.now, choices.reader
    reads_health = reader.has_perm("bookings.read_health")
    due = [m for m in messages if m.state == Message.State.TO_CALL and m.not_before <= now]
    found = []
    for message in sorted(due, key=lambda m: (m.not_before, m.pk)):
        if untrue(message, consultation, now):
            continue
        message.request = consultation
        then = _THEN.get(message.kind, "")
        told = {"what": kind_words(message.kind), "text": spoken(message, now, choices.profile), "then": then}
        if message.note is not None:
            told |= (
                {"words_for_them": message.note.words}
                if is_open(message.note, reader.pk, reads_health)
                else {"hidden": "yes"}
            )
        found.append(told)
    return found


def readable(mail: Mail) -> dict[str, str]:
    """A mail for people to read: the client's own link is nobody else's business."""
    return {
        "subject": mail.subject,
        "to": mail.to,
        "text": mail.text.replace(LINK, "(the client’s own link)"),
    }
