"""The kinds of mail: subject, template, and whether it is still true at the moment of sending.

A subject is fixed text and a reference; that of a mail about one time is that time. Nothing that a client or a member
of staff typed is ever part of it, and no word about health: somebody else may see the inbox (domain.md section 6).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bookings import decline_mails, limits, outbox
from bookings.messages import visits
from bookings.models import Appointment, ConsultationRequest, Message, Plan, PlanQuestion
from bookings.queries import off
from bookings.queries.clinic import zone as clinic_zone
from bookings.states import LIVE, OPEN, PlanStatus, Status

# Why a message must no longer be sent, or None while it is true. The request is fresh from the database.
Truth = Callable[[ConsultationRequest, Message, datetime], str | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail. `words` is what staff call it; `method` is its calendar file's, if it has one.

    `subject` may name what is booked ({visit}: a consultation or a visit). `dated` is the subject of a mail about one
    time ({moment}), with what became of it first, or what is to be done {by} when: an inbox on a phone shows some 35
    letters. It takes the place of `subject` once all that it names is known.

    `most_a_day` limits what anybody can set off with an address that is not theirs: the mail goes to a mailbox that has
    never opened a link only while fewer automatic mails than this went there within a day. 0: it always goes. That is
    so for the answers of staff, for what follows from them (a reminder of a question or a visit, the end of an offer),
    and for what only somebody who opened a link can do.
    """

    code: str
    words: str
    subject: str
    truth: Truth
    method: Literal["REQUEST", "CANCEL"] | None = None
    to_staff: bool = False
    most_a_day: int = 0
    dated: str = ""

    def subject_of(self, reference: str, visit: str, moment: str, by: str = "") -> str:
        """Its subject. `visit` is what the mail calls the time; `moment` when it is, or empty if it is not about one."""
        dated = self.dated and (moment or "{moment}" not in self.dated) and (by or "{by}" not in self.dated)
        words = self.dated if dated else self.subject
        return words.format(reference=reference, visit=visit, moment=moment, by=by)

    def template(self, facts: dict[str, object]) -> str:
        """The template with its words. Each reason to decline has its own, and raises ValueError if it sends no mail."""
        if self.code != "declined":
            return f"emails/{self.code}.txt"
        found = decline_mails.template(facts.get("reason"))
        if found is None:
            raise ValueError("Nobody is told of this reason.")
        return found


def untrue(message: Message, consultation: ConsultationRequest | None, now: datetime) -> str | None:
    """Why `message` must not be sent at `now`, or None. `consultation` is its request, freshly read.

    A mail to an address that is no longer the request's is never sent: it carries a link. Addresses are
    compared exactly, so that one that only looks alike gets nothing. What is told on the phone needs no address.
    """
    if consultation is None:
        return None
    kind = KINDS[message.kind]
    if consultation.erased_at is not None:
        return "The request was erased."
    if consultation.status == Status.SUSPECTED:
        return "The request is suspected."
    by_phone = message.state == Message.State.TO_CALL
    if not (kind.to_staff or by_phone) and message.to != consultation.email:
        return "The address was changed."
    return kind.truth(consultation, message, now)


def its_mail(message: Message) -> Message:
    """The mail whose words these are: of what is told as well, a copy that is of that mail's kind (not to be saved)."""
    if message.kind != outbox.TOLD_TOO:
        return message
    mail = copy.copy(message)
    mail.kind = message.facts["about"]
    return mail


# --- truth tests ------------------------------------------------------------------------------------------------------


def _while(*statuses: Status) -> Truth:
    def truth(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
        return (
            None
            if consultation.status in statuses
            else f"The request is {consultation.state.words.lower()} now."
        )

    return truth


def _always(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    return None


def _unproved(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    if consultation.email_proved_at is not None:
        return "The address is proved."
    return _while(Status.NEW)(consultation, message, now)


def _held(consultation: ConsultationRequest, message: Message, now: datetime) -> list[int]:
    """Those of a message's times (keys) that are still held."""
    ids = message.facts.get("appointments", [])
    held = Appointment.objects.held().filter(request=consultation, pk__in=ids, held_until__gt=now)
    return list(held.values_list("pk", flat=True))


def _offer_stands(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """True while one of its times is still held: a late mail offers those that remain."""
    held = _held(consultation, message, now) if consultation.status == Status.OFFERED else []
    if not held:
        return "The offer no longer stands."
    if len(off.against(held, clinic_zone())) == len(held):
        return "What was offered was switched off or closed."
    return None


def _visit_stands(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    mine = [row for row in _booked(consultation) if row.pk == message.facts.get("appointment")]
    if consultation.status != Status.CONFIRMED or not mine:
        return "The appointment was moved or cancelled."
    return "The appointment has begun." if mine[0].starts_at <= now else None


def _proposal_stands(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """True while both times are the client's to choose from."""
    held = _held(consultation, message, now) if consultation.status == Status.CONFIRMED else []
    if not held:
        return "The other time is no longer proposed."
    return "What was proposed was switched off or closed." if off.against(held, clinic_zone()) else None


def _visit_gone(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """True until another visit is booked, even if the request has been opened again: somebody may still mean to come."""
    return "Another visit was booked." if _booked(consultation) else None


def _booked(consultation: ConsultationRequest) -> list[Appointment]:
    return [row for row in visits.appointments(consultation) if row.state == Appointment.State.BOOKED]


def _like_its_mail(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    about = KINDS.get(message.facts.get("about", ""))
    return about.truth(consultation, message, now) if about else "What it was about is not known."


def _declined(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    if not decline_mails.template(message.facts.get("reason")):
        return "Spam gets no answer."
    return _while(Status.DECLINED)(consultation, message, now)


def _plan_stands(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """True until a later plan takes its place."""
    there = Plan.objects.told().filter(request=consultation, pk=message.facts.get("plan"))
    found = there.exclude(status=PlanStatus.SUPERSEDED).exists()
    return None if found else "There is a later plan."


def _was_told(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """Of an answer: true even if a later plan has come, for they can still read what they asked about."""
    there = Plan.objects.told().filter(request=consultation, pk=message.facts.get("plan"))
    return None if there.exists() else "There is no plan to read."


def _answer_stands(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    """Of what a client said to a plan: true until they say something else to it, or a later plan comes. That it cancelled
    booked visits stays true.
    """
    if message.facts.get("cancelled"):
        return None
    told = Plan.objects.told().exclude(status=PlanStatus.SUPERSEDED)
    plan = told.filter(request=consultation, pk=message.facts.get("plan")).first()
    if plan is None or plan.answered_at is None:
        return "There is a later plan."
    same = plan.answered_at.isoformat() == message.facts.get("at")
    return None if same else "They have said something else since."


def _question_is_open(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    waits = PlanQuestion.objects.filter(
        plan__request=consultation, pk=message.facts.get("question"), replied_at=None
    )
    return None if waits.exists() else "It has been answered."


def _has_a_plan(consultation: ConsultationRequest, message: Message, now: datetime) -> str | None:
    return None if consultation.plans.told().exists() else "There is no plan to read."


# --- the kinds --------------------------------------------------------------------------------------------------------

_ALL = (
    # A client who has already been answered gets that answer, with its own link, instead of "we have received it".
    Kind(
        "received",
        "Request received",
        "We have received your request ({reference})",
        _while(Status.NEW),
        most_a_day=limits.floods.AUTOMATIC_MAILS_PER_MAILBOX_DAY,
        dated="Open by {by} to keep {moment} ({reference})",
    ),
    # Nobody asked for this one, so it leaves the last place to what somebody did ask for: another request, or a new link.
    Kind(
        "prove_reminder",
        "Reminder to open the link",
        "Please open your link ({reference})",
        _unproved,
        most_a_day=limits.floods.AUTOMATIC_MAILS_PER_MAILBOX_DAY - 1,
        dated="Still to open by {by}, to keep {moment} ({reference})",
    ),
    Kind("assessing", "Being looked at", "We are looking at your request ({reference})", _while(*OPEN)),
    Kind(
        "question",
        "Question asked",
        "We have a question for you ({reference})",
        _while(Status.WAITING),
        dated="Our question: answer by {by} ({reference})",
    ),
    Kind(
        "answer_reminder",
        "Reminder of our question",
        "Our question is still open ({reference})",
        _while(Status.WAITING),
        dated="Still open: answer by {by} ({reference})",
    ),
    Kind(
        "offered",
        "Times offered",
        "Times to choose from ({reference})",
        _offer_stands,
        dated="Choose a time by {by} ({reference})",
    ),
    Kind(
        "confirmed",
        "Appointment confirmed",
        "Your {visit} is booked ({reference})",
        _visit_stands,
        "REQUEST",
        dated="Booked: {moment} ({reference})",
    ),
    Kind(
        "changed",
        "Appointment moved",
        "Your {visit} has moved ({reference})",
        _visit_stands,
        "REQUEST",
        dated="Moved to {moment} ({reference})",
    ),
    Kind(
        "move_proposed",
        "Another time proposed",
        "Would another time suit you? ({reference})",
        _proposal_stands,
    ),
    Kind(
        "cancelled",
        "Appointment cancelled",
        "Your {visit} is cancelled ({reference})",
        _visit_gone,
        "CANCEL",
        dated="Cancelled: {moment} ({reference})",
    ),
    # True even when its times are gone: whoever does not hear it comes for nothing.
    Kind(
        "displaced",
        "Visit cannot be kept",
        "We have to move your {visit} ({reference})",
        _visit_gone,
        "CANCEL",
        dated="We must move {moment} ({reference})",
    ),
    Kind("declined", "Declined", "About your request ({reference})", _declined),
    Kind("lapsed", "Closed without an answer", "Your request is closed ({reference})", _while(Status.LAPSED)),
    Kind("withdrawn", "Withdrawn", "You have withdrawn your request ({reference})", _while(Status.WITHDRAWN)),
    Kind(
        "new_link",
        "New link",
        "Your new link ({reference})",
        _always,
        most_a_day=limits.floods.AUTOMATIC_MAILS_PER_MAILBOX_DAY,
    ),
    Kind(
        "reminder_48h",
        "Reminder, days before",
        "Your {visit} is coming up ({reference})",
        _visit_stands,
        dated="Reminder: {moment} ({reference})",
    ),
    Kind(
        "reminder_2h",
        "Reminder, two hours before",
        "Your {visit} is soon ({reference})",
        _visit_stands,
        dated="Soon: {moment} ({reference})",
    ),
    Kind("plan_ready", "Plan sent", "We have written to you after your visit ({reference})", _plan_stands),
    Kind("plan_link", "Link to the plan", "The link that you asked for ({reference})", _has_a_plan),
    Kind(
        "plan_answered",
        "Question about the plan answered",
        "We have answered you ({reference})",
        _was_told,
    ),
    Kind("plan_said", "Answer to the plan", "We have your answer ({reference})", _answer_stands),
    Kind(
        "plan_taken_back",
        "Answer to the plan taken back",
        "Your answer has changed ({reference})",
        _answer_stands,
    ),
    Kind("plan_asked", "Question about the plan", "We have your question ({reference})", _question_is_open),
    # Never a mail: what one tells is said by text or on the phone as well. It has that mail's words (mail_preview.spoken).
    Kind("told_too", "Tell them as well", "About your request ({reference})", _like_its_mail),
    Kind("staff_alert", "Alert to staff", "At the desk: request {reference}", _while(*LIVE), to_staff=True),
)
KINDS = {kind.code: kind for kind in _ALL}
