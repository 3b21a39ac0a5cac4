"""What a client will be told, for the desk to read: the mail of an action before it is sent, and what to say on the phone.

Both are made by the renderer that makes the mails.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bookings.admin.choices import Choices
from bookings.admin.history import is_open, kind_words
from bookings.admin.slot_calls import Data
from bookings.availability import Slot
from bookings.desk_site import READS_HEALTH
from bookings.messages import render
from bookings.messages.kinds import its_mail, untrue
from bookings.messages.render import LINK, Mail, compose
from bookings.models import ConsultationRequest, Message, Terms
from bookings.queries import fee_texts
from bookings.queries.clinic import Clinic
from bookings.workflow import times, visit_mail, wait
from content.models import ClinicProfile


def preview(
    kind: str,
    consultation: ConsultationRequest,
    data: Data,
    note: str,
    place: Clinic,
    now: datetime,
    *,
    aloud: bool = False,
) -> Mail | None:
    """The mail of this kind that a verb would queue now, made by the renderer that will make it. None if it owes none.
    `aloud`: as it is said on the phone (`said` takes its link out).

    `data` holds what the form has ("slots", "until" in open minutes, "reason"), and "people": practitioners' names by key.
    """
    owed = _owed(kind, consultation, data, note, place, now) if kind else None
    if owed is None:
        return None
    about = _with_promise(consultation, place, now) if kind == "received" else consultation
    facts = owed[1] | {"people": data.get("people", {})}
    return render.preview(about, owed[0], facts, note, now, place.profile, aloud=aloud)


def _owed(
    kind: str, consultation: ConsultationRequest, data: Data, note: str, place: Clinic, now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """The kind of the mail that this would owe after all, and its facts."""
    facts = dict[str, Any]()
    slots = sorted(data.get("slots", ()))
    match kind:
        case "offered":
            kind, known = visit_mail.of_offer(consultation)
            until = _end(data, place, now, slots[-1].start)
            terms = _in_writing(consultation, times.agreed_before(consultation), place, now)
            facts = known | {"slots": slots, "until": until, "terms": terms}
        case "displaced":
            kind, facts = _of_displacement(consultation, data, slots, place, now)
            if not slots and kind != "displaced":
                return None
        case "confirmed":
            kind, known = visit_mail.of_confirmation(consultation, slots[0].start)
            terms = _in_writing(consultation, _held_terms(consultation, slots[0], now), place, now)
            facts = known | {"slots": slots[:1], "terms": terms}
        case "changed":
            return _of_move(consultation, slots[0], note)
        case "move_proposed":
            facts = _of_proposal(consultation, data, slots[0], place, now)
        case "question":
            facts = visit_mail.of_question(consultation, place, now)
        case "cancelled":
            booked = consultation.appointments.booked().get()
            facts = visit_mail.of_cancellation(wait.untold(consultation), booked)
            facts |= {"reason": data.get("reason"), "by": "staff"}
        case "declined":
            facts = {"reason": data.get("reason")}
    return kind, facts


def _of_move(consultation: ConsultationRequest, slot: Slot, note: str) -> tuple[str, dict[str, Any]] | None:
    """The kind and the facts of the mail about a visit that moves; None where it goes back to what they know."""
    booked, untold = consultation.appointments.booked().get(), wait.untold(consultation)
    if visit_mail.is_back(untold, slot.start) and not note.strip():
        return None
    kind, known = visit_mail.of_move(untold, booked)
    return kind, known | {"slots": [slot], "terms": booked.terms}


def _with_promise(consultation: ConsultationRequest, place: Clinic, now: datetime) -> ConsultationRequest:
    """The promise starts with the rescue."""
    rescued = copy.copy(consultation)
    rescued.promise_due_at = place.promise_from(now)
    return rescued


def _of_proposal(
    consultation: ConsultationRequest, data: Data, slot: Slot, place: Clinic, now: datetime
) -> dict[str, Any]:
    """The facts of the mail that proposes another time."""
    booked = consultation.appointments.booked().get()
    until = _end(data, place, now, slot.start, booked.starts_at)
    return {
        "slots": [slot],
        "old_start": booked.starts_at.isoformat(),
        "terms": booked.terms,
        "until": until,
    }


def _of_displacement(
    consultation: ConsultationRequest, data: Data, slots: list[Slot], place: Clinic, now: datetime
) -> tuple[str, dict[str, Any]]:
    """The kind and the facts of the mail about a visit that cannot be kept."""
    booked = consultation.appointments.booked().get()
    kind, known = visit_mail.of_displacement(wait.untold(consultation), booked)
    until = _end(data, place, now, slots[-1].start) if slots else None
    return kind, known | {"slots": slots, "terms": booked.terms, "until": until}


def _end(data: Data, place: Clinic, now: datetime, *at_the_latest: datetime) -> str:
    """Until when what is offered would be held, as an ISO text: the chosen end, or one of these moments if it is sooner."""
    minutes = int(data["until"]) if data.get("until") else None
    return min(place.offer_end(now, minutes), *at_the_latest).isoformat()


def _held_terms(consultation: ConsultationRequest, slot: Slot, now: datetime) -> Terms | None:
    """The terms of this time if the request holds it already: confirming turns the hold into the visit."""
    held = consultation.appointments.held().filter(held_until__gt=now)
    mine = held.filter(starts_at=slot.start, practitioner=slot.practitioner_id).first()
    return mine.terms if mine else times.agreed_before(consultation)


def _in_writing(
    consultation: ConsultationRequest, terms: Terms | None, place: Clinic, now: datetime
) -> Terms:
    """On what staff would offer or book now."""
    agreed = terms or consultation.consultation_type.terms(place.profile.currency)
    return fee_texts.in_writing(agreed, place, now)


# What to do while they are on the phone, in place of what they would do behind the link.
_THEN = {
    "offered": "Ask which time suits them, and confirm it here.",
    "question": "Ask them, and keep the answer under “Add what they told you”.",
    "answer_reminder": "Ask them, and keep the answer under “Add what they told you”.",
    "displaced": "Ask which time suits them, and confirm it here. Their old time is gone.",
    "move_proposed": "Ask which of the two times suits them: move the visit here, or withdraw the proposal.",
}


def spoken(message: Message, now: datetime, profile: ClinicProfile) -> str:
    """A mail as somebody says it on the phone: without the link, and without what its template keeps for readers."""
    mail = compose(message, now=now, has_note=message.note_id is not None, profile=profile, aloud=True)
    return said(mail)


def said(mail: Mail) -> str:
    """What a mail says, without the link, for a call that has not been owed yet."""
    return "\n\n".join(part for part in mail.text.split("\n\n") if LINK not in part).strip()


def to_tell(choices: Choices, messages: Iterable[Message]) -> list[dict[str, str]]:
    """The calls to make, the oldest first: what each mail would say, to read out, and the note for them if the reader may
    read it (else it is `hidden`). What is no longer true is left out.
    """
    consultation, now, reader = choices.consultation, choices.now, choices.reader
    reads_health = reader.has_perm(READS_HEALTH)
    due = [m for m in messages if m.state == Message.State.TO_CALL and m.not_before <= now]
    found = []
    for message in sorted(due, key=lambda m: (m.not_before, m.pk)):
        if untrue(message, consultation, now):
            continue
        message.request = consultation
        kind = its_mail(message).kind
        then = _THEN.get(kind, "")
        told = {"what": kind_words(kind), "text": spoken(message, now, choices.profile), "then": then}
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
