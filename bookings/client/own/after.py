"""What the client's first page says after the visit: that something was written, what they answered, and their visits.

Whoever has the first link reads this: it says nothing about their skin, names no treatment and no amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bookings.models import ConsultationRequest, Event, Plan
from bookings.models.plan import STANDING
from bookings.queries import course, plans, taking_back
from bookings.queries.clinic import Clinic
from bookings.queries.course import OfPlan
from bookings.states import OPEN, LineAnswer, PlanOutcome, PlanStatus, Status, Who
from clinic.foundation import when


@dataclass(frozen=True)
class Headline:
    """The heading, what it means, what comes next (empty: nothing), and what there is to add under what it means."""

    heading: str
    lead: str
    next: str = ""
    more: str = ""


@dataclass(frozen=True)
class Changing:
    """How a yes is taken back: whether it can be here, and until when, or why not."""

    can: bool
    words: str


@dataclass(frozen=True)
class Agreed:
    """What follows a yes. `said`: to how much of it and when. `steps`: who does what next, and by when."""

    said: str
    steps: list[str]
    changing: Changing


@dataclass(frozen=True)
class After:
    """`waits`: it can still be answered, so reading it is the first thing to do. `may_come_again`: nothing of it is left to
    answer or to come to, so that they may ask for a visit as whoever was seen. `visits`: where each visit stands, and its
    key if its own page may be opened from here.

    `agreed` is None while they have said yes to nothing. `is_of_earlier`: the visits came of a plan that was replaced.
    """

    headline: Headline
    waits: bool
    visits: list[tuple[str, int]]
    agreed: Agreed | None = None
    is_of_earlier: bool = False
    # They said yes or no to it, so they have read it.
    answered: bool = False
    may_ask_about_it: bool = False
    may_come_again: bool = False


def after(consultation: ConsultationRequest, place: Clinic, now: datetime) -> After | None:
    """What came of the visit; None while nothing was sent. Four SQL statements."""
    plan = plans.plan_of(consultation) if consultation.status == Status.ATTENDED else None
    if plan is None:
        return None
    rows = list(plans.sessions_of(consultation))
    told = agreed(plan, rows, place, now)
    live = in_order(rows)
    today = when.local_day(now, place.zone)
    waits = plan.waits(today)
    firsts = course.first_days(rows, place.zone)
    visits = [(stands(row, firsts.get(row.pk), place.zone, now), leads_to(row, consultation)) for row in live]
    earlier = any(row.session_of and row.session_of.plan_id != plan.pk for row in live if row.is_open)
    return After(
        _headline(plan, today, rows, told, place.zone),
        waits,
        visits,
        told,
        earlier,
        answered=any(line.said for line in plan.lines.all()) and not waits,
        may_ask_about_it=plan.status in (*STANDING, PlanStatus.DECLINED),
        may_come_again=may_come_again(plan, today),
    )


def may_come_again(plan: Plan, today: date) -> bool:
    """Whether its client may ask for another visit: it suggested none, they said no to all of it, or it is over."""
    if plan.outcome != PlanOutcome.SUITS:
        return True
    is_over = plan.status == PlanStatus.SENT and today > plan.valid_until
    return is_over or plan.status in (PlanStatus.DECLINED, PlanStatus.EXPIRED)


def leads_to(visit: ConsultationRequest, consultation: ConsultationRequest) -> int:
    """The key of a visit whose page may be opened from that of the consultation: it is the same mailbox's. Else 0."""
    same = visit.mailbox == consultation.mailbox != "" and visit.erased_at is None
    return visit.pk if same else 0


def in_order(rows: Sequence[ConsultationRequest]) -> list[ConsultationRequest]:
    """The visits that were not called off, the earliest first. One that was cancelled goes with the yes that it came of."""
    live = [
        row
        for row in rows
        if row.status != Status.WITHDRAWN
        and not (row.status == Status.CANCELLED and not plans.may_be_had_again(row))
    ]
    return sorted(live, key=lambda row: (_moment(row), row.pk))


def _moment(row: ConsultationRequest) -> datetime:
    """By what it stands among the others: its time, if it has one, or else the middle of the day when it is due."""
    booked = next((one for one in row.appointments.all() if one.state == "booked"), None)
    if booked is not None:
        return booked.starts_at
    return datetime.combine(row.due_on or date.max, time(12), UTC)


def number(session: ConsultationRequest, rows: Sequence[OfPlan]) -> str:
    """'2 of 3': the place of a visit among all that came of the plan, in the order in which they stand on the page of the
    consultation. Empty for the only one, and for one that is not to be.
    """
    live = [row.pk for row in in_order([one.session for one in rows])]
    return f"{live.index(session.pk) + 1} of {len(live)}" if len(live) > 1 and session.pk in live else ""


def agreed(plan: Plan, rows: Sequence[ConsultationRequest], place: Clinic, now: datetime) -> Agreed | None:
    """What follows the yes to this plan; None without one. The plan comes with its lines, the visits as `sessions_of`."""
    yes = [line for line in plan.lines.all() if line.said == LineAnswer.YES]
    if not yes or plan.status not in (PlanStatus.ACCEPTED, PlanStatus.PART):
        return None
    zone, live = place.zone, in_order(rows)
    last = max((line.said_at for line in yes if line.said_at), default=None)
    on = f" on {when.day(last, zone)}" if last else ""
    what = "all of it" if plan.status == PlanStatus.ACCEPTED else "some of it"
    is_over = plan.status == PlanStatus.PART and all(line.said for line in plan.lines.all())
    rest = ", and no to the rest" if is_over else ""
    mine = [row for row in rows if row.session_of and row.session_of.plan_id == plan.pk]
    return Agreed(
        f"You said yes to {what}{on}{rest}.",
        steps(live, course.first_days(rows, zone), zone, now),
        changing(plan, mine, place, now),
    )


def steps(
    visits: Sequence[ConsultationRequest], firsts: Mapping[int, date], zone: ZoneInfo, now: datetime
) -> list[str]:
    """Who does what next and by when, of the visits in order. Nothing for visits that are all over. `firsts`: their
    `course.first_days`.
    """
    said = []
    offered = [row for row in visits if row.status == Status.OFFERED]
    booked = [row for row in visits if row.status == Status.CONFIRMED and _to_come(row, now)]
    ours = [row for row in visits if row.status in (Status.NEW, Status.WAITING)]
    if booked and (moment := _booked(booked[0], zone)):
        said.append(f"You come to your visit on {moment}. The mail about it has a link to move or cancel it.")
    if offered:
        said.append("You choose one of the times that we sent you by mail.")
    near = [row for row in ours if row.promise_due_at and row.promise_due_at > now]
    if ours:
        which = "next" if booked or offered else "first"
        many = len(near) > 1
        about = f"times for your {which} {len(near)} visits" if many else f"a time for your {which} visit"
        said.append(_we_write(ours[0], firsts.get(ours[0].pk), about, zone, now))
        said.append("We book it and write to you. If it does not suit you, you can move it yourself.")
    if len(ours) > max(len(near), 1):
        said.append("You hear from us about each later visit in the three weeks before its day, or sooner.")
    if any(row.status == Status.CANCELLED for row in visits):
        said.append(f"A visit was cancelled, and your yes to it stands. {IF_YOU_WANT_IT}")
    if booked or offered or ours:
        said.append(
            "Before anything is done, the person who treats you asks you once more. You can still say no."
        )
    return said


def _we_write(row: ConsultationRequest, first: date | None, about: str, zone: ZoneInfo, now: datetime) -> str:
    due = row.promise_due_at
    if due is None:
        day = f" the three weeks before {when.date_words(first)}" if first else " time"
        return f"You need to do nothing now. We look for {about} in{day}, and you hear from us then."
    if due <= now:
        said = f"We look for {about}. We said that you would hear from us by {when.moment(due, zone)}."
        return f"{said} We are late, and sorry. Please call us."
    return f"We look for {about}. You hear from us by {when.moment(due, zone)}. If not, please call us."


def changing(plan: Plan, visits: Sequence[ConsultationRequest], place: Clinic, now: datetime) -> Changing:
    """How the yes that led to these visits is taken back."""
    today = when.local_day(now, place.zone)
    if why := taking_back.against(plan, visits, today, now):
        return Changing(False, taking_back.WORDS[why])
    last = taking_back.think_until(plan)
    until = (
        f"until {when.date_words(last)}, and after that as long as no visit is booked"
        if last and today <= last
        else "until a visit is booked"
    )
    after = (
        f"What we wrote stays open for you until {when.date_with_year(plan.valid_until)}: you can say yes again until then."
        if plan.valid_until >= today
        else "Its last day is over: to say yes again you would need a new one from us."
    )
    return Changing(
        True,
        f"You can take your yes back {until}. You do not need to give a reason. "
        f"We call off the visits that came of it{_falls(visits, place.zone)}. {after}",
    )


def _falls(visits: Sequence[ConsultationRequest], zone: ZoneInfo) -> str:
    """', also the one on Thursday 14 January at 9am': those that are booked, the earliest first; empty for none."""
    booked = [words for row in in_order(visits) if (words := _booked(row, zone))]
    return f", also the one{'s' if booked[1:] else ''} on {' and on '.join(booked)}" if booked else ""


def _follows(visits: Sequence[ConsultationRequest]) -> str:
    """What comes next for somebody who has said yes."""
    states = {Status(visit.status) for visit in visits}
    if states.intersection(OPEN):
        return "We arrange your visits with you."
    if Status.CONFIRMED in states:
        return "You come to your visit."
    return "If you would like another time, you ask for it." if Status.CANCELLED in states else ""


def taken_back(plan: Plan, rows: Sequence[ConsultationRequest]) -> str:
    """What is said to somebody who took back their yes to this plan and has not answered it again; else empty. The visits
    as `sessions_of`: a yes that no visit came of leaves no trace here.
    """
    gone = [row for row in rows if row.session_of and row.session_of.plan_id == plan.pk]
    if plan.status != PlanStatus.SENT or not any(plans.yes_is_gone(row) for row in gone):
        return ""
    booked = any(row.status == Status.CONFIRMED for row in rows)
    return f"You took back your yes.{'' if booked else ' Nothing is booked.'}"


def _headline(
    plan: Plan, today: date, rows: Sequence[ConsultationRequest], told: Agreed | None, zone: ZoneInfo
) -> Headline:
    """`rows`: the visits as `sessions_of`."""
    waits, is_in_time, visits = plan.waits(today), today <= plan.valid_until, in_order(rows)
    until = when.date_with_year(plan.valid_until)
    if told is not None:
        booked = next(
            (words for row in visits if row.status == Status.CONFIRMED and (words := _booked(row, zone))), ""
        )
        came = any(row.status == Status.ATTENDED for row in visits)
        now = (
            f" Your next visit is booked for {booked}."
            if booked
            else ""
            if came
            else " Nothing is booked yet."
        )
        rest = f" The rest waits for you until {until}." if waits else ""
        return Headline("Thank you for your answer", f"{told.said}{now}{rest}", _follows(visits))
    if plan.outcome != PlanOutcome.SUITS:
        return Headline(
            "We have written to you", "Read it when it suits you. If something is not clear, call us."
        )
    if plan.status == PlanStatus.DECLINED:
        back = f" You can take your no back there until {until}." if is_in_time else ""
        return Headline(
            "Thank you for your answer",
            f"You said no, and that is a good answer too. You can still read it.{back}",
        )
    if not waits:
        return Headline(
            "We have written to you",
            f"It was valid until {until}. You can still read it. For a new one, ask for another visit, or call us.",
        )
    return _waits(taken_back(plan, rows), until)


def _waits(back: str, until: str) -> Headline:
    """It can be answered until then. `back`: what is said of a yes that was taken back."""
    if back:
        return Headline(
            "Thank you for telling us",
            f"{back} What we wrote stays open for you until {until}: you can say yes again until then.",
        )
    return Headline(
        "We have written to you",
        "Read it when it suits you. There is no hurry, and nobody will chase you.",
        "You read it, and ask us what is not clear.",
    )


# As the mail about it says (templates/emails/cancelled.txt). The desk has it in its list, and asks before it books.
IF_YOU_WANT_IT = (
    "If you would like another time, ask for it, or call us. If not, you need to do nothing: we book no other time before "
    "you have said that you want one."
)
_ENDS = {
    Status.ATTENDED: "You came.",
    Status.NO_SHOW: "We missed you. You can ask for it again on its own page.",
    Status.LAPSED: "The times that we sent you ran out. You can ask for it again on its own page.",
    Status.CANCELLED: "It was cancelled. You can ask for it again on its own page.",
    Status.OFFERED: "We have sent you times to choose from.",
}


def stands(row: ConsultationRequest, first: date | None, zone: ZoneInfo, now: datetime) -> str:
    """Where one visit that came of a plan stands, in a sentence: with its appointments and its `first` day."""
    booked = _booked(row, zone, now)
    if row.status == Status.CONFIRMED and booked:
        return f"Booked for {booked}."
    if row.status in _ENDS:
        return _ENDS[Status(row.status)]
    if row.status not in (Status.NEW, Status.WAITING):
        return "It was called off."
    due = f"Not before {when.date_words(first)}." if first else "Not booked yet."
    if row.promise_due_at is None:
        return f"{due} You hear from us in the three weeks before that day, or sooner." if first else due
    if row.promise_due_at <= now:
        return f"{due} We are late with a time for it, and sorry. Please call us."
    return f"{due} You hear from us about a time by {when.moment(row.promise_due_at, zone)}."


def _to_come(row: ConsultationRequest, now: datetime) -> bool:
    return any(one.state == "booked" and one.starts_at > now for one in row.appointments.all())


def _booked(row: ConsultationRequest, zone: ZoneInfo, now: datetime | None = None) -> str:
    """When its booked visit is, with `now` also in which year if it is another; empty for none."""
    found = next((one for one in row.appointments.all() if one.state == "booked"), None)
    return when.moment_from(found.starts_at, now or found.starts_at, zone) if found else ""


def of_session(
    session: ConsultationRequest, rows: Sequence[OfPlan], zone: ZoneInfo, now: datetime
) -> Headline:
    """A visit that they said yes to, before a time is booked. `rows`: it and the others (`course.around`)."""
    due, mine = session.promise_due_at, next((one for one in rows if one.session.pk == session.pk), None)
    first = mine.first if mine else session.due_on
    day = f" It can be on {when.date_words(first)} at the soonest." if first else ""
    follows = "We find a time with you."
    if due is None:
        return Headline(
            "We arrange this visit with you",
            f"You said yes to it.{day} You hear from us in time, and need to do nothing now.",
            follows,
        )
    if due <= now:
        return Headline(
            "We arrange this visit with you, and we are late",
            f"We said that you would hear from us by {when.moment(due, zone)}. We are sorry. You can call us at any time.",
            follows,
        )
    return Headline(
        "We arrange this visit with you",
        f"You said yes to it.{day} You hear from us by {when.moment(due, zone)}.",
        follows,
    )


def part_taken_back(event: Event) -> str:
    """What a client is told who has just taken back a no, or a yes to some of it; empty for all else. It names no treatment.

    Only events of a yes that was taken back say whether that was the whole of it.
    """
    if event.facts.get("no"):
        return "You have taken back your no. What we wrote to you is open again."
    if event.facts.get("whole", True):
        return ""
    return "You have taken back a part of your yes. The plan shows which part is open again. The rest stays as it is."


def cancelled(consultation: ConsultationRequest, event: Event | None, zone: ZoneInfo) -> str:
    """How it came to be cancelled, as the event says, where no reason is on record. Who did it themselves reads when."""
    if plans.went_with_its_yes(consultation, event):
        return "It was cancelled because you took back your yes."
    if event is None or event.actor_kind != Who.CLIENT:
        return "It was cancelled."
    start = event.facts.get("start")
    return f"It was on {when.moment(datetime.fromisoformat(start), zone)}." if start else "You cancelled it."


def called_off() -> Headline:
    """A visit that is not to be."""
    return Headline(
        "This visit was called off",
        "Nothing is booked, and we hold no time for you. If you would still like to come, call us.",
    )
