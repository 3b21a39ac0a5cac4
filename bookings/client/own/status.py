"""Where a request stands, in plain words for its client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.client.form.reached import ways
from bookings.client.own.after import IF_YOU_WANT_IT, After, Headline, called_off, cancelled, of_session
from bookings.client.own.declined import DECLINED, OTHERWISE
from bookings.client.times.words import in_zone, zone_named
from bookings.fields import tidy
from bookings.messages.visits import called
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Event
from bookings.queries import plans
from bookings.queries.client import Story
from bookings.queries.clinic import Clinic
from bookings.queries.course import OfPlan
from bookings.states import (
    ANSWERS,
    ENDS_PROPOSAL,
    GIVES_A_TIME,
    WITH_A_NOTE,
    CancelReason,
    Status,
    Who,
)
from clinic.foundation import when


@dataclass(frozen=True)
class Situation:
    """What the words are made from. `after`: what came of the visit. `around`: a visit of a plan among the others."""

    consultation: ConsultationRequest
    story: Story
    place: Clinic
    now: datetime
    after: After | None = None
    around: Sequence[OfPlan] = ()

    def moment(self, at: datetime | None) -> str:
        """In words, by the clinic's clock; empty for none."""
        return when.moment(at, self.place.zone) if at else ""

    def time_words(self, appointment: Appointment) -> str:
        """When it begins, also by the client's own clock if they gave us their zone and it differs."""
        theirs = self.theirs(appointment)
        return self.moment(appointment.starts_at) + (f" ({theirs})" if theirs else "")

    def theirs(self, appointment: Appointment) -> str:
        """When it begins by the client's own clock; empty if they gave us no zone, or one that does not differ."""
        return in_zone(appointment.starts_at, zone_named(self.consultation.time_zone), self.place.zone)

    @property
    def last(self) -> Event | None:
        return self.story.events[-1] if self.story.events else None

    def last_of(self, *verbs: str) -> Event | None:
        """The last event of these verbs."""
        return next((event for event in reversed(self.story.events) if event.verb in verbs), None)

    def came_to(self, status: Status) -> Event | None:
        """The last event that led to this status."""
        return next((event for event in reversed(self.story.events) if event.to_status == status), None)


def headline(situation: Situation) -> Headline:
    """Where the request stands now."""
    if situation.consultation.erased_at is not None:
        return Headline("Your details have been deleted", "We keep nothing about you from this request.")
    return _BY_STATUS[Status(situation.consultation.status)](situation)


def _new(situation: Situation) -> Headline:
    due = situation.consultation.promise_due_at
    if situation.consultation.session_number is not None and not situation.consultation.displaced_at:
        return of_session(situation.consultation, situation.around, situation.place.zone, situation.now)
    assessed = situation.last_of("assess")
    sent = situation.last_of("answer", "ask_other_times", "submit")
    if situation.consultation.displaced_at and (due is None or due > situation.now):
        return Headline(
            "We are looking for another time for you",
            f"{_gone(situation)} You hear from us{f' by {situation.moment(due)}' if due else ' soon'}.",
            "We offer you another time.",
        )
    if due is not None and due <= situation.now:
        return Headline(
            "We have your request, and we are late",
            f"We said that we would answer by {situation.moment(due)}. We are sorry. Your request is still with us, and you "
            "can call us at any time.",
            "A person answers you. " + (ways(situation.consultation) or "The answer comes by email."),
        )
    by = f" by {situation.moment(due)}" if due else " soon"
    if assessed and (sent is None or assessed.version > sent.version):
        return Headline(
            "A clinician is looking at your request", f"You hear from us{by}.", f"We answer you{by}."
        )
    how = ways(situation.consultation)
    hidden = sent is not None and sent.verb == "answer" and not situation.story.for_all
    reads = (
        "Our clinicians and managers read your answer" if hidden else "A person at our front desk reads it"
    )
    return Headline(
        "We have your request",
        f"{reads}, and you {'hear from us' if hidden else 'have an answer'}{by}.{f' {how}' if how else ''}",
        f"{_answers(situation.consultation)}.",
    )


def _answers(consultation: ConsultationRequest) -> str:
    """What an answer may be, for somebody who has picked a time or has not."""
    if consultation.wished_start:
        return "We confirm your time, offer you others or ask you a question"
    return "We offer you times or ask you a question"


def held_words(situation: Situation) -> str:
    """Until when the chosen time is held: 'it begins', or a moment."""
    until = situation.consultation.hold_until
    return "it begins" if until == situation.consultation.wished_start else situation.moment(until)


def _waiting(situation: Situation) -> Headline:
    due, wish = situation.moment(situation.consultation.answer_due_at), situation.consultation.wished_start
    lead, more = f"Please answer by {due}. {PAUSED}", ""
    keep_by = _keep_by(situation)
    if keep_by is not None:
        lead = f"To keep {situation.moment(wish)}, answer by {situation.moment(keep_by)}."
        more = f"After that we can still read your answer until {due}. {PAUSED}"
    then = "Then we confirm your time or offer you others." if wish else "Then we offer you times."
    return Headline("We have a question for you", lead, f"You answer below. {then}", more)


PAUSED = "Our reply time is paused until you answer."


def _keep_by(situation: Situation) -> datetime | None:
    """By when to answer to keep the held time, as the question or their new choice has said it; None once that is over."""
    held, events = situation.story.held, reversed(situation.story.events)
    told = next((event.facts["keep_by"] for event in events if "keep_by" in event.facts), None)
    if held is None or told is None or held.pk in situation.story.off:
        return None
    return by if (by := datetime.fromisoformat(told)) > situation.now else None


def _gone(situation: Situation) -> str:
    """What has become of the visit that they had, in general words: who is ill or away is nobody's business."""
    event = situation.last_of("displace")
    start = situation.moment(datetime.fromisoformat(event.facts["start"])) if event else ""
    on = f" on {start}" if start else ""
    return f"Something has changed at the clinic, and we cannot see you{on}. We are sorry."


NUMBERS = {1: "a time", 2: "two times", 3: "three times"}


def _offered(situation: Situation) -> Headline:
    count = len(situation.story.offers)
    name = situation.consultation.called
    if situation.consultation.displaced_at:
        return _displaced(situation, count)
    if not count and situation.story.offers_off:
        return Headline(
            "These times can no longer be booked",
            "Something has changed at the clinic since we offered them. We are sorry. Tell us what would suit you, and we "
            "offer you others.",
            "You ask for other times.",
        )
    if not count:
        return Headline(
            "These times are no longer held",
            "The time to choose has run out. Tell us what would suit you, and we offer you others.",
            "You ask for other times.",
        )
    until = situation.moment(situation.consultation.offer_expires_at)
    wish = situation.consultation.wished_start
    missed = wish is not None and all(offer.starts_at != wish for offer in situation.story.offers)
    instead = (
        f"We offer you {'this time' if count == 1 else 'these times'} instead of {situation.moment(wish)}. "
    )
    times = NUMBERS.get(count, f"{count} times")
    heading = f"{name}, we have {times} for you" if name else f"We have {times} for you"
    return Headline(
        heading,
        (instead if missed else "")
        + f"Choose {'it' if count == 1 else 'one'} and it is yours. {_kept(situation, until)}",
        "You choose a time. We send you the details.",
    )


def _displaced(situation: Situation, count: int) -> Headline:
    """Their visit is gone, and these times are held instead."""
    if not count:
        return Headline(
            f"We have to move your {_called(situation)}",
            f"{_gone(situation)} The times that we offered instead are no longer held. Tell us what would suit you; "
            "otherwise we come back to you.",
            "You ask for other times, or we come back to you.",
        )
    choose = "Choose it and it is yours." if count == 1 else "Choose one and it is yours."
    until = situation.moment(situation.consultation.offer_expires_at)
    return Headline(
        f"We have to move your {_called(situation)}",
        f"{_gone(situation)} We have {NUMBERS.get(count, f'{count} times')} for you instead. {choose} "
        f"{_kept(situation, until)}",
        "You choose a time. We send you the details.",
    )


def _kept(situation: Situation, until: str) -> str:
    """Until when the offered times are kept: a time that begins before the offer ends is kept until it begins."""
    times = situation.story.offers
    what = {1: "it", 2: "both"}.get(len(times), "all of them")
    end = situation.consultation.offer_expires_at
    if end is None or all(time.starts_at >= end for time in times):
        return f"We keep {what} for you until {until}."
    if len(times) == 1:
        return "We keep it for you until it begins."
    return f"We keep each for you until it begins, and until {until} at the latest."


def _confirmed(situation: Situation) -> Headline:
    visit = situation.story.visit
    name = _called(situation)
    if visit is not None and visit.starts_at <= situation.now:
        return Headline(f"Your {name}", "If something came up, please call us.")
    proposal = situation.story.proposal
    if visit is not None and proposal is not None and proposal.pk not in situation.story.off:
        return Headline(
            "Would another time suit you?",
            f"Your {name} is booked for {situation.moment(visit.starts_at)}. We would like to see you at another time "
            f"instead, and keep it for you until {situation.moment(proposal.held_until)}. If you do not choose, nothing "
            "changes.",
            "You choose one of the two times.",
        )
    before = _moved_from(situation)
    if visit is not None and before:
        return Headline(
            f"Your {name} has moved",
            f"It was {before}. We moved it to the time below.",
        )
    by_phone = visit is not None and visit.terms.mode == ConsultationType.Mode.PHONE
    if visit is not None and visit.consultation_type.is_session and visit.terms.is_in_person:
        return Headline("Your visit is booked", "We look forward to seeing you.")
    return Headline(
        "Your consultation is booked",
        _ring_words(situation.consultation) if by_phone else "We look forward to meeting you.",
    )


def _called(situation: Situation) -> str:
    return called(situation.consultation.consultation_type)


def _moved_from(situation: Situation) -> str:
    """When the visit was before staff moved it; empty if it has the time that its client knows, or took."""
    starts = [event for event in situation.story.events if event.verb in GIVES_A_TIME]
    if len(starts) < 2 or starts[-1].from_status != Status.CONFIRMED or starts[-1].actor_kind != Who.STAFF:
        return ""
    start = starts[-2].facts.get("start")
    return situation.moment(datetime.fromisoformat(start)) if start else "at another time"


def _ring_words(consultation: ConsultationRequest) -> str:
    """How a visit by phone begins."""
    number = tidy(consultation.phone) or consultation.phone
    if number:
        return f"We call you on {number} when it begins. To give us another number, please call us before."
    return (
        "We call you when it begins, and have no number of yours yet: please call us before and give us one."
    )


def _attended(situation: Situation) -> Headline:
    if situation.after is not None:
        return _with_an_answer(situation, situation.after.headline)
    return Headline(
        "Thank you for coming",
        "Take your time with what you heard. If you have a question, call us.",
    )


def _with_an_answer(situation: Situation, found: Headline) -> Headline:
    """After a question about what we wrote, whose turn it is."""
    asked, answered = situation.last_of("ask_about_plan"), situation.last_of("answer_about_plan")
    if asked is None:
        return found
    if answered is None or answered.version < asked.version:
        return Headline(found.heading, f"We have your question, and answer it. {found.lead}", found.next)
    if situation.last == answered:
        return Headline(
            "We have answered your question", "The answer stands beside it.", "You read it, under “Read it”."
        )
    return found


def _no_show(situation: Situation) -> Headline:
    return Headline(
        "We missed you",
        "We had a time for you and did not see you. These things happen. If you would still like to come, ask again.",
    )


def _declined(situation: Situation) -> Headline:
    heading, lead = DECLINED.get(situation.consultation.decline_reason, OTHERWISE)
    return Headline(heading, lead.format(call=situation.place.profile.call_words))


def _withdrawn(situation: Situation) -> Headline:
    if situation.last_of("call_off"):
        return called_off()
    return Headline(
        "You withdrew your request", "Nothing is booked, and we hold no time for you. You can ask again."
    )


def _lapsed(situation: Situation) -> Headline:
    event = situation.came_to(Status.LAPSED)
    if event is not None and event.reason == "no_answer":
        return Headline(
            "We closed this request",
            "We asked you something and did not hear from you. You are welcome to ask again.",
        )
    return Headline(
        "The times we offered have run out",
        "Nobody chose one in time, so we let them go and closed the request. You are welcome to ask again.",
    )


_CANCELLED: dict[str, str] = {
    CancelReason.PRACTITIONER_AWAY: "We had to cancel it, because the person you were to see is away. We are sorry.",
    CancelReason.CLINIC_CLOSED: "We had to cancel it, because the clinic is closed that day. We are sorry.",
    CancelReason.CLINICAL: "We cancelled it for a reason to do with your care.",
}


def _cancelled(situation: Situation) -> Headline:
    event, reason = situation.came_to(Status.CANCELLED), situation.consultation.cancel_reason
    why = _CANCELLED.get(reason) or cancelled(situation.consultation, event, situation.place.zone)
    again = "You can ask for another time."
    if situation.consultation.session_number:
        stands = plans.may_be_had_again(situation.consultation)
        again = f"Your yes to it stands. {IF_YOU_WANT_IT}" if stands else ""
    return Headline(f"Your {_called(situation)} is cancelled", f"{why} {again}".strip())


_BY_STATUS: dict[Status, Callable[[Situation], Headline]] = {
    Status.NEW: _new,
    Status.SUSPECTED: _new,
    Status.WAITING: _waiting,
    Status.OFFERED: _offered,
    Status.CONFIRMED: _confirmed,
    Status.ATTENDED: _attended,
    Status.NO_SHOW: _no_show,
    Status.DECLINED: _declined,
    Status.WITHDRAWN: _withdrawn,
    Status.LAPSED: _lapsed,
    Status.CANCELLED: _cancelled,
}


def advice(situation: Situation) -> str:
    """The newest personal note whose occasion still stands."""
    events = situation.story.events
    for note in reversed(situation.story.advice):
        came_with = [event for event in events if event.at == note.at and event.verb in WITH_A_NOTE]
        since = {event.verb for event in events if came_with and event.version > came_with[-1].version}
        if not came_with or since.intersection(ANSWERS):
            return ""
        if came_with[-1].verb == "propose_move" and since.intersection(ENDS_PROPOSAL):
            continue
        gone = situation.consultation.status == Status.OFFERED and not situation.story.offers
        return "" if gone else note.words
    return ""


def visit_words(visit: Appointment, *, with_name: bool = True, with_length: bool = True) -> str:
    """'With Ana Lind, in person, 30 minutes': as agreed, whatever the type says now. Without the name, 'in person, ...'."""
    how = visit.terms.mode_words.lower() + (f", {when.length(visit.minutes)}" if with_length else "")
    return f"With {visit.practitioner.name}, {how}" if with_name else how
