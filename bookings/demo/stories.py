"""How the requests of the demonstration came to be what they are: each story is one person, told in verbs.

A story calls the same verbs as the site, at moments that are past, so that its history, its mails and its times are real.
PROGRAMME begins with one of every state; what a larger clinic has more of is in MORE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from bookings.against import Against
from bookings.demo import plans, wishes
from bookings.demo.people import Person
from bookings.demo.stage import Stage
from bookings.demo.wishes import Wish
from bookings.models import ConsultationRequest, Message
from bookings.states import CallOutcome, CallTopic, CancelReason, DeclineReason
from bookings.workflow import (
    attendance,
    calls,
    contact,
    desk,
    displacement,
    intake,
    plan,
    plan_answer,
    reply,
    visit,
    visit_questions,
)
from bookings.workflow.core import Actor, Origin

Story: TypeAlias = Callable[[Stage, Person], ConsultationRequest]
_WINDOWS = (
    ((0, "morning"), (3, "evening")),
    ((None, "afternoon"),),
    ((1, "any"), (2, "morning"), (4, "morning")),
    ((3, "evening"),),
)

# --- new --------------------------------------------------------------------------------------------------------------


def time_held(stage: Stage, person: Person, *, hours: float = 3) -> ConsultationRequest:
    """Asked for a time, opened the link: the time is held, and the promise runs."""
    asked = stage.wish()
    return stage.submit(person, stage.ago(hours=hours), asked, slot=stage.take(3, asked))


def windows(
    stage: Stage, person: Person, *, given: Mapping[str, object] | None = None, hours: float = 20
) -> ConsultationRequest:
    """Asked for days and parts of the day."""
    chosen = stage.rng.choice(_WINDOWS)
    return stage.submit(person, stage.ago(hours=hours), stage.wish(given), windows=chosen)


def with_support(stage: Stage, person: Person) -> ConsultationRequest:
    needs = {"support": list(stage.rng.choice(wishes.SUPPORT)), "support_note": "Please speak slowly."}
    return windows(stage, person, given=needs, hours=26)


def for_a_clinician(stage: Stage, person: Person) -> ConsultationRequest:
    """An answer that a clinician has to read; one of them has taken it on."""
    made = windows(stage, person, given=stage.rng.choice(wishes.CLINICIAN), hours=28)
    if stage.rng.random() < 0.5:
        made = stage.desk(desk.assign, made, stage.at(-1, 16), user=stage.staff["imogen"])
    return made


def call_today(stage: Stage, person: Person) -> ConsultationRequest:
    return windows(stage, person, given=stage.rng.choice(wishes.CALL_TODAY), hours=2)


def urgent(stage: Stage, person: Person) -> ConsultationRequest:
    return windows(stage, person, given=stage.rng.choice(wishes.URGENT), hours=0.6)


def overdue(stage: Stage, person: Person) -> ConsultationRequest:
    """Nobody has answered for days. A clinician has said that they are looking at it."""
    made = windows(stage, person, given=stage.rng.choice(wishes.CLINICIAN), hours=24 * 6)
    return stage.clinician(reply.assess, made, stage.at(-3, 11))


def link_not_opened(stage: Stage, person: Person) -> ConsultationRequest:
    """Sent minutes ago: the time is held until they open the link."""
    asked = stage.wish()
    return stage.submit(person, stage.ago(minutes=12), asked, slot=stage.take(4, asked), proved=False)


def rival(stage: Stage, person: Person) -> ConsultationRequest:
    """One of several who want the same time. None opened the link within the half hour, so nobody holds it."""
    sent = stage.at(-2, 9, 10) + timedelta(hours=2 * stage.rivals)
    stage.rivals += 1
    wish = stage.wish({"concerns": ["rolling"]}, plain=True)
    made = stage.submit(person, sent, wish, slot=stage.contested, proved=False)
    if made.hold_until is not None:
        made = stage.clock(intake.release_time, made, made.hold_until)
    return stage.client(intake.prove, made, sent + timedelta(minutes=50))


def mail_failed(stage: Stage, person: Person) -> ConsultationRequest:
    """The first mail did not arrive: the address is not there."""
    made = stage.submit(person, stage.ago(hours=30), stage.wish(), windows=_WINDOWS[1], proved=False)
    Message.objects.filter(request=made, kind="received").update(
        state=Message.State.FAILED, attempts=1, problem="The mail server refused the address (550)."
    )
    return stage.desk(
        desk.note, made, stage.at(-1, 15), text="The mail came back. Ring and ask for the right address."
    )


def answered(stage: Stage, person: Person) -> ConsultationRequest:
    """Was asked something, and has answered: it is the clinic's turn again."""
    made = asked(stage, person, days=4)
    return stage.client(reply.answer, made, stage.ago(hours=5), text=stage.rng.choice(wishes.REPLIES))


# --- waiting, offered -------------------------------------------------------------------------------------------------


def asked(stage: Stage, person: Person, *, days: int = 2) -> ConsultationRequest:
    made = stage.submit(person, stage.at(-days - 1, 19, 40), stage.wish(), windows=stage.rng.choice(_WINDOWS))
    return stage.clinician(
        reply.ask, made, stage.at(-days, 10, 25), question=stage.rng.choice(wishes.QUESTIONS)
    )


def offered(stage: Stage, person: Person, *, count: int = 2, note: str = "") -> ConsultationRequest:
    wish = stage.wish()
    made = stage.submit(person, stage.at(-2, 20, 15), wish, windows=stage.rng.choice(_WINDOWS))
    times = [stage.take(3 + number, wish) for number in range(count)]
    return stage.desk(reply.offer, made, stage.at(-1, 14, 5), slots=times, note=note)


# --- visits -----------------------------------------------------------------------------------------------------------


def today(stage: Stage, person: Person) -> ConsultationRequest:
    """A visit at a full hour around now. One that is over has been marked, mostly; one that has just begun has not."""
    wish = stage.wish({"support": list(stage.rng.choice((*wishes.SUPPORT, (), ())))}, plain=True)
    slot = next((found for hours in _AROUND if (found := stage.take_today(hours, wish))), None)
    if slot is None:
        return upcoming(stage, person)
    made = stage.submit(person, stage.at(-6, 12, 10), wish, windows=stage.rng.choice(_WINDOWS))
    made = stage.desk(reply.confirm, made, stage.at(-5, 9, 30), slot=slot)
    made = stage.client(visit_questions.choose_questions, made, stage.at(-4, 19, 20), questions=wishes.TO_ASK)
    return _mark(stage, made, slot.end, left=0.15)


_AROUND = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, 7, 8)


def upcoming(stage: Stage, person: Person) -> ConsultationRequest:
    wish = stage.wish()
    made = stage.submit(person, stage.at(-4, 8, 50), wish, slot=stage.take(2, wish))
    return stage.desk(
        reply.confirm,
        made,
        stage.at(-3, 9, 40),
        note=stage.rng.choice(("", "", "Please come without make-up.")),
    )


def accepted(stage: Stage, person: Person) -> ConsultationRequest:
    """Took one of three times that were offered."""
    wish = stage.wish()
    made = stage.submit(person, stage.at(-4, 21), wish, windows=stage.rng.choice(_WINDOWS))
    made = stage.desk(
        reply.offer, made, stage.at(-3, 10), slots=[stage.take(4 + number, wish) for number in range(3)]
    )
    chosen = made.appointments.held().order_by("starts_at")[1]
    return stage.client(reply.accept, made, stage.at(-2, 8, 30), appointment_id=chosen.pk)


def moved(stage: Stage, person: Person) -> ConsultationRequest:
    """Booked, then moved by the client."""
    made = accepted(stage, person)
    wish = Wish(made.consultation_type, {"concerns": [concern.code for concern in made.concerns.all()]})
    return stage.client(visit.reschedule, made, stage.at(-1, 20, 5), slot=stage.take(7, wish))


def displaced(stage: Stage, person: Person) -> ConsultationRequest:
    """Booked; then the practitioner could not come, and two other times are offered. The desk rings as well, today."""
    made = upcoming(stage, person)
    wish = Wish(made.consultation_type, {"concerns": [concern.code for concern in made.concerns.all()]})
    times = [stage.take(3 + number, wish) for number in range(2)]
    note = "We are sorry: your practitioner cannot come that day."
    made = stage.desk(displacement.displace, made, stage.at(-1, 15, 20), slots=times, note=note)
    return stage.desk(calls.follow_up, made, stage.ago(minutes=20), on=stage.today)


def session(stage: Stage, person: Person) -> ConsultationRequest:
    """A treatment session, booked on the phone. Their consultation was before this clinic kept its diary here."""
    asked = stage.wish({"concerns": ["rolling"], "support": ["chaperone"]}, of=stage.session)
    submission = stage.submission(person, asked, slot=stage.take(1, asked, beside=True))
    why = "Their consultation was in spring: the notes are in the cabinet."
    ruth = Origin(Actor.staff(stage.staff["ruth"]), stage.at(-1, 12, 5), because=why)
    return intake.book(submission, ruth, although=[Against.CONSULTATION])


def by_phone(stage: Stage, person: Person) -> ConsultationRequest:
    """Rang, and was booked by the front desk."""
    wish = stage.wish()
    submission = stage.submission(person, wish, slot=stage.take(3, wish))
    ruth = Actor.staff(stage.staff["ruth"])
    made = intake.book(submission, Origin(ruth, stage.at(-1, 11, 20)))
    return stage.desk(desk.note, made, stage.at(-1, 11, 25), text=stage.rng.choice(wishes.NOTES))


def attended(stage: Stage, person: Person, *, days: int = 3) -> ConsultationRequest:
    made, ended = _visited(stage, person, days)
    return stage.desk(attendance.attend, made, ended)


def with_a_plan(stage: Stage, person: Person, *, asks: bool = False) -> ConsultationRequest:
    """Came two days ago, and was sent a plan yesterday. `asks`: and has a question about it."""
    made = attended(stage, person, days=2)
    made = stage.clinician(plan.send_plan, made, stage.at(-1, 17), written=plans.written(stage.session))
    if asks:
        sent = made.plans.get()
        made = stage.client(
            plan_answer.ask_about_plan,
            made,
            stage.ago(hours=5),
            plan=sent.pk,
            line=sent.lines.values_list("pk", flat=True).first(),
            text="How long do the stitches show? I work in a shop.",
        )
    return made


def missed(stage: Stage, person: Person, *, days: int = 2) -> ConsultationRequest:
    made, ended = _visited(stage, person, days)
    return stage.desk(attendance.miss, made, ended)


def corrected(stage: Stage, person: Person, *, days: int = 5) -> ConsultationRequest:
    """First marked as missed, by mistake."""
    made, ended = _visited(stage, person, days)
    made = stage.desk(attendance.miss, made, ended)
    return stage.desk(attendance.correct, made, ended + timedelta(minutes=5))


def not_marked(stage: Stage, person: Person) -> ConsultationRequest:
    """A visit of an earlier day that nobody has marked."""
    return _visited(stage, person, 1)[0]


def _visited(stage: Stage, person: Person, days: int) -> tuple[ConsultationRequest, datetime]:
    """A visit about that many days of work ago, not marked yet, and when it ended."""
    wish = stage.wish()
    slot = stage.take(-days, wish)
    booked = slot.start - timedelta(days=stage.rng.choice((7, 14)), minutes=35)
    made = stage.submit(person, booked - timedelta(hours=20), wish, windows=stage.rng.choice(_WINDOWS))
    made = stage.desk(reply.confirm, made, booked, slot=slot)
    return made, slot.end


def _mark(stage: Stage, made: ConsultationRequest, ended: datetime, *, left: float) -> ConsultationRequest:
    """Mark a visit that is over; every so often (`left`, 0 to 1) nobody has done it yet."""
    at = ended + timedelta(minutes=5)
    if at > stage.now or stage.rng.random() < left:
        return made
    return stage.desk(attendance.miss if stage.rng.random() < 0.15 else attendance.attend, made, at)


# --- closed -----------------------------------------------------------------------------------------------------------


def declined(stage: Stage, person: Person, *, reason: DeclineReason, days: int = 3) -> ConsultationRequest:
    made = stage.submit(person, stage.at(-days - 1, 17, 45), stage.wish(), windows=stage.rng.choice(_WINDOWS))
    return stage.clinician(
        reply.decline, made, stage.at(-days, 10, 10), reason=reason, note=wishes.ADVICE.get(reason, "")
    )


def withdrawn(stage: Stage, person: Person, *, days: int = 4) -> ConsultationRequest:
    made = stage.submit(person, stage.at(-days - 1, 13, 5), stage.wish(), windows=stage.rng.choice(_WINDOWS))
    return stage.client(intake.withdraw, made, stage.at(-days, 8, 15), text="I have found somebody nearer.")


def lapsed(stage: Stage, person: Person, *, days: int = 7) -> ConsultationRequest:
    """Did not choose one of the offered times."""
    wish = stage.wish()
    made = stage.submit(person, stage.at(-days - 1, 22, 10), wish, windows=stage.rng.choice(_WINDOWS))
    made = stage.desk(
        reply.offer, made, stage.at(-days, 9, 20), slots=[stage.take(1, wish), stage.take(2, wish)]
    )
    assert made.offer_expires_at is not None
    made = stage.clock(reply.lapse, made, made.offer_expires_at)
    stage.lapsed.append(made)
    return made


def cancelled(stage: Stage, person: Person, *, by_clinic: bool = False) -> ConsultationRequest:
    made = accepted(stage, person)
    if by_clinic:
        why = CancelReason.PRACTITIONER_AWAY
        return stage.desk(
            visit.cancel, made, stage.at(-1, 9, 5), reason=why, text="We are sorry. Please ask again."
        )
    return stage.client(visit.cancel, made, stage.at(-1, 7, 30))


def reopened(stage: Stage, person: Person) -> ConsultationRequest:
    """Withdrew, rang the next day, and is looked at again."""
    return stage.desk(desk.reopen, withdrawn(stage, person, days=2), stage.at(-1, 9, 55))


def second_try(stage: Stage, person: Person) -> ConsultationRequest:
    """Let an offer lapse, and asks again: the new one follows the old one."""
    old = stage.lapsed.pop() if stage.lapsed else None
    if old is not None:
        person = replace(person, name=old.name, name_to_use=old.name_to_use, email=old.email, phone=old.phone)
    return stage.submit(person, stage.ago(hours=7), stage.wish(), windows=_WINDOWS[0], follows=old)


def twice(stage: Stage, person: Person) -> ConsultationRequest:
    """Whoever came on last has sent the form again, an hour later and with a time: two requests to make one of."""
    asked = stage.wish({"anything_else": "I was not sure whether my first one had reached you."}, plain=True)
    return stage.submit(stage.people[-1], stage.ago(hours=16), asked, slot=stage.take(5, asked))


def rang(stage: Stage, person: Person) -> ConsultationRequest:
    """Rang last week about laser; we have not reached them since."""
    made = windows(stage, person, hours=24 * 8)
    made = stage.desk(calls.call, made, stage.at(-5, 11), outcome=CallOutcome.RANG_US, topic=CallTopic.LASER)
    for days in (-2, -1):
        made = stage.desk(calls.call, made, stage.at(days, 12, 30), outcome=CallOutcome.NO_ANSWER)
    return stage.desk(calls.follow_up, made, stage.at(-1, 12, 40), on=stage.weekday(1))


def same_phone(stage: Stage, person: Person) -> ConsultationRequest:
    """A mother who writes for herself, from the number that her daughter gave."""
    number = next((other.phone for other in stage.people if other.phone), "")
    return windows(stage, replace(person, phone=number, contact_by="phone"), hours=6)


def suspected(stage: Stage, person: Person) -> ConsultationRequest:
    spam = Person(name=person.name, email=person.email)
    given = {"anything_else": "Rank your clinic first! Visit our offer today."}
    return stage.submit(
        spam, stage.ago(hours=stage.rng.randint(2, 60)), stage.wish(given), suspicion="honeypot"
    )


def discarded(stage: Stage, person: Person) -> ConsultationRequest:
    return stage.desk(intake.discard, suspected(stage, person), stage.ago(hours=1))


def told_more(stage: Stage, person: Person) -> ConsultationRequest:
    made = asked(stage, person, days=1)
    made = stage.client(
        contact.add_information, made, stage.ago(hours=4), text="I forgot: I am away until Friday."
    )
    return stage.desk(desk.tag, made, stage.ago(hours=3), tags=[stage.rng.choice(list(stage.tags.values()))])


# --- the programme ----------------------------------------------------------------------------------------------------

_ADVICE = partial(declined, reason=DeclineReason.ADVICE_FIRST)
_GP = partial(declined, reason=DeclineReason.REFER_GP)
_ELSEWHERE = partial(declined, reason=DeclineReason.NOT_OFFERED_HERE)

PROGRAMME: tuple[Story, ...] = (
    # One of every state.
    time_held, today, offered, asked, upcoming, attended, _ADVICE, missed, withdrawn, lapsed, cancelled, suspected,
    # What makes a desk busy.
    call_today, urgent, today, today, rival, rival, for_a_clinician, mail_failed, overdue, today, with_support, answered,
    rang, rival, link_not_opened, today, by_phone, told_more, partial(time_held, hours=17), twice, displaced, not_marked,
    moved, session, second_try, partial(offered, count=3, note="Dr Farrow would be the right person."), same_phone,
    discarded, with_a_plan, partial(with_a_plan, asks=True),
)  # fmt: skip

# (how many of a hundred, story) for everybody after them: most of what a clinic has is over.
MORE: tuple[tuple[int, Story], ...] = (
    (40, attended), (6, missed), (4, corrected), (8, _ADVICE), (4, _GP), (3, _ELSEWHERE), (8, withdrawn), (7, lapsed),
    (4, cancelled), (2, partial(cancelled, by_clinic=True)), (5, upcoming), (3, windows), (2, offered), (2, asked),
    (1, reopened), (1, suspected),
)  # fmt: skip
