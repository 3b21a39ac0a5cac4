"""A plan as its client reads it: every figure in words. Reads rows, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.client.own.after import in_order, leads_to, stands
from bookings.models import ConsultationRequest, Plan, PlanLine, PlanQuestion, VisitQuestion
from bookings.models.plan import LineWords, PlanWords, heals_before, lawful_rows, total
from bookings.queries import course, wishes
from bookings.states import LineAnswer, PlanOutcome, PlanStatus, Status
from clinic.foundation import when
from clinic.foundation.crypto import SEALED_WORDS
from clinic.foundation.text import ordinal
from content import prices


@dataclass(frozen=True)
class Asked:
    """A question about the plan, with the answer or by when it comes. `about`: the treatment, where that is not plain."""

    key: int
    body: str
    answer: str
    by: str
    about: str = ""


@dataclass(frozen=True)
class LineShown:
    """One treatment in words. `answer` is empty while the client has not said yes or no to it."""

    key: int
    name: str
    visits: str
    price: str
    sum: str
    why: str
    risk: str
    answer: str
    answered: str
    questions: tuple[Asked, ...]
    # What becomes of the visits beyond those that are arranged; empty if there are none.
    more: str = ""
    feels: str = ""
    heals: str = ""
    # When it can begin, and when the last of its visits can be, at the soonest; empty where nothing is booked.
    begins: str = ""
    # The treatment without which it is not done, how long after that, and those that are not done without it.
    after: str = ""
    after_by: str = ""
    after_key: int = 0
    followers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """One visit that came of the plan: which, where it stands, what it costs, and its key if its own page may be opened from
    here.
    """

    name: str
    stands: str
    key: int = 0
    cost: str = ""


@dataclass(frozen=True)
class PlanShown:
    """All that the page says. `ended` is why nothing can be accepted any more; empty while something can.

    `sent` and `until` are days with their year: they are read on paper, too. `sent` is empty in a draft.
    """

    plan: Plan
    words: PlanWords
    suits: bool
    heading: str
    because: str
    visit: str
    sent: str
    until: str
    first_on: str
    # The day on which the last visit of all of it can be at the soonest.
    last_on: str
    # The first day is that on which the time to think is over, and not a later one.
    thinks: bool
    ended: str
    is_open: bool
    takes_questions: bool
    lines: tuple[LineShown, ...]
    total: str
    accepted: str
    left: str
    # Until when the prices hold, and what the visits after that day cost.
    prices: str
    # What is open about the order of the treatments, and when they hear it; empty where each follows another, for one, and
    # once all are answered.
    order: str
    questions: tuple[Asked, ...]

    @property
    def accepted_count(self) -> int:
        """How many treatments they said yes to."""
        return sum(line.answer == LineAnswer.YES for line in self.lines)

    # Until when a no to some of it, or to all, can be taken back; empty if there is none, or no longer.
    no_until: str = ""

    def answered_by(self, key: int) -> str:
        """By when the question with this key is answered; empty if it is."""
        asked = [*self.questions, *(one for line in self.lines for one in line.questions)]
        return next((one.by for one in asked if one.key == key), "")

    @property
    def open_lines(self) -> list[LineShown]:
        return [line for line in self.lines if not line.answer]


_HEADINGS = {
    PlanOutcome.NOT_SUITABLE: "What we found",
    PlanOutcome.NOT_NOW: "Not now, but later",
}
_BECAUSE = {
    PlanOutcome.SUITS: "Why these",
    PlanOutcome.NOT_SUITABLE: "Why we suggest no treatment",
    PlanOutcome.NOT_NOW: "Why not now",
}


def shown(plan: Plan, today: date, zone: ZoneInfo) -> PlanShown:
    """The plan in words, as of this day of the clinic. Its lines and questions are loaded."""
    rows, outcome = lawful_rows(list(plan.lines.all())), PlanOutcome(plan.outcome)
    asked = list(plan.questions.all())
    is_open = plan.waits(today) or plan.is_draft and outcome == PlanOutcome.SUITS
    booked = [row for row in rows if row.sessions_to and not row.said]
    first = min((row.first_on(plan.visit_on, plan.think_days) for row in booked), default=None)
    last = max((_days(row, rows, plan)[1] for row in booked), default=None)
    return PlanShown(
        plan=plan,
        words=plan.told or PlanWords(findings=SEALED_WORDS),
        suits=outcome == PlanOutcome.SUITS,
        heading=_heading(plan, outcome),
        because=_BECAUSE[outcome],
        visit=when.date_words(plan.visit_on),
        sent=when.day_with_year(plan.sent_at, zone) if plan.sent_at else "",
        until=when.date_with_year(plan.valid_until),
        first_on=when.date_words(first) if first else "",
        last_on=when.date_with_year(last) if last else "",
        thinks=bool(plan.think_days) and first == plan.visit_on + timedelta(days=plan.think_days),
        ended=_ended(plan, today),
        is_open=is_open,
        takes_questions=plan.status
        in (PlanStatus.SENT, PlanStatus.PART, PlanStatus.ACCEPTED, PlanStatus.DECLINED),
        lines=tuple(_line(row, plan, rows, asked, zone, is_open=is_open) for row in rows),
        total=_sum(rows, plan.currency),
        accepted=_sum([row for row in rows if row.said == LineAnswer.YES], plan.currency),
        left=_sum([row for row in rows if not row.said], plan.currency),
        prices=_prices(plan, rows, is_open=is_open),
        order=_order(rows) if is_open else "",
        questions=tuple(_asked(one, zone) for one in asked if one.line_id is None),
        no_until=_no_until(plan, rows, today),
    )


def _no_until(plan: Plan, rows: Sequence[PlanLine], today: date) -> str:
    can = plan.status in (PlanStatus.PART, PlanStatus.DECLINED) and today <= plan.valid_until
    return (
        when.date_with_year(plan.valid_until)
        if can and any(row.said == LineAnswer.NO for row in rows)
        else ""
    )


def _prices(plan: Plan, rows: Sequence[PlanLine], *, is_open: bool) -> str:
    """The prices are those of the plan, whenever its visits are: a mail about one says "as in our letter"."""
    until = when.date_with_year(plan.valid_until)
    yes = [row for row in rows if row.said == LineAnswer.YES]
    # Any visit may come to lie after that day: its client can move it.
    late = any(row.sessions_to for row in ([*yes, *_unanswered(rows)] if is_open else yes))
    if is_open:
        after = (
            " What you say yes to by then keeps its price, also for visits after that day." if late else ""
        )
        return f"These prices hold until {until}.{after}"
    return f"What you said yes to keeps its price, also for visits after {until}." if late else ""


def _order(rows: Sequence[PlanLine]) -> str:
    """Of those that come before all others, nobody has said which is the first."""
    wanted = [row for row in rows if row.sessions_to and row.said != LineAnswer.NO]
    keys = {row.pk for row in wanted}
    firsts = [row for row in wanted if row.after_id not in keys]
    if len(firsts) < 2:
        return ""
    if len(firsts) < len(wanted):
        return "In which order the others come, we tell you when we book."
    more = "both" if len(wanted) == 2 else "more than one"
    return f"If you take {more}, we tell you the order when we book."


def _unanswered(rows: Sequence[PlanLine]) -> list[PlanLine]:
    return [row for row in rows if not row.said]


def _days(row: PlanLine, rows: Sequence[PlanLine], plan: Plan, passed: int = 0) -> tuple[date, date]:
    """The first day on which it can begin, after what it follows, and the one on which its last visit can be."""
    first = row.first_on(plan.visit_on, plan.think_days)
    leader = next((one for one in rows if one.pk == row.after_id), None)
    if leader is not None and passed < len(rows):
        before = _days(leader, rows, plan, passed + 1)[1]
        first = max(first, before + timedelta(days=leader.days_apart))
    return first, first + timedelta(days=row.gap_days * max(row.sessions_to - 1, 0))


def _begins(row: PlanLine, rows: Sequence[PlanLine], plan: Plan) -> str:
    """'It can begin on Thursday 10 December, and takes until 3 June 2027 at the soonest.'"""
    first, last = _days(row, rows, plan)
    if first == last:
        return f"It can be done on {when.date_with_year(first)} at the soonest."
    return f"It can begin on {when.date_with_year(first)}, and end on {when.date_with_year(last)} at the soonest."


def _heading(plan: Plan, outcome: PlanOutcome) -> str:
    """Nothing is agreed before somebody has said yes."""
    agreed = plan.status in (PlanStatus.ACCEPTED, PlanStatus.PART)
    return _HEADINGS.get(outcome, "What we agreed" if agreed else "What we suggest")


def _sum(rows: Sequence[PlanLine], currency: str) -> str:
    return total(list(rows)).words(currency) if rows else ""


def _ended(plan: Plan, today: date) -> str:
    if plan.status == PlanStatus.SUPERSEDED:
        return "A newer plan has taken the place of this one. Nothing here counts any more."
    if plan.outcome != PlanOutcome.SUITS:
        return ""
    if plan.status == PlanStatus.DECLINED:
        return "You said no to this plan. That is a good answer too."
    if plan.status == PlanStatus.ACCEPTED:
        return ""
    if today > plan.valid_until:
        until = when.date_with_year(plan.valid_until)
        return f"This plan was valid until {until}. Ask us for a new one if you would like it."
    return ""


def _line(
    row: PlanLine,
    plan: Plan,
    rows: Sequence[PlanLine],
    asked: Sequence[PlanQuestion],
    zone: ZoneInfo,
    *,
    is_open: bool,
) -> LineShown:
    words = row.told or LineWords(SEALED_WORDS)
    count = prices.counted(row.times_from, row.times_to, words.basis)
    return LineShown(
        key=row.pk,
        name=words.name,
        visits=visits(row),
        price=f"{count}, {row.each.words(plan.currency)} each" if row.times_to > 1 else "",
        sum=row.span.words(plan.currency),
        why=words.why,
        risk=words.risk,
        answer=row.said,
        answered=when.day(row.said_at, zone) if row.said_at else "",
        questions=tuple(_asked(one, zone) for one in asked if one.line_id == row.pk),
        more=_more(row),
        feels=words.feels,
        heals=heals_before(words.heals),
        begins=_begins(row, rows, plan) if row.sessions_to and not row.said and is_open else "",
        after=next((_named(one) for one in rows if one.pk == row.after_id), ""),
        after_by=next((days(one.days_apart) for one in rows if one.pk == row.after_id), ""),
        after_key=row.after_id or 0,
        followers=tuple(_named(one) for one in rows if one.after_id == row.pk),
    )


def _named(row: PlanLine) -> str:
    return row.told.name if row.told else "another treatment"


def _more(row: PlanLine) -> str:
    """'We arrange 3 visits. At the third we decide with you whether you need a fourth.'"""
    sure, most = row.sessions_from, row.sessions_to
    if not sure or most <= sure:
        return ""
    arranged = prices.counted(sure, sure, "per visit")
    at, next_one = ordinal(sure), ordinal(most)
    article = "an" if next_one.startswith(("e", "8", "11", "18")) else "a"
    another = f"{article} {next_one}" if most == sure + 1 else "more"
    paid = " The higher sum is with all of them." if row.times_to > row.times_from else ""
    return f"We arrange {arranged} for you. At the {at} we decide with you whether you need {another}.{paid}"


def visits(row: PlanLine) -> str:
    """'3 to 4 visits, 6 weeks apart'; 'used at home' where nothing is booked."""
    if not row.sessions_to:
        return "used at home"
    counted = prices.counted(row.sessions_from, row.sessions_to, "per visit")
    return f"{counted}, {days(row.gap_days)} apart" if row.sessions_to > 1 and row.gap_days else counted


def days(number: int) -> str:
    """'6 weeks', '10 days'."""
    if number and number % 7 == 0:
        return "1 week" if number == 7 else f"{number // 7} weeks"
    return "1 day" if number == 1 else f"{number} days"


def asked_before(rows: Sequence[PlanQuestion], zone: ZoneInfo) -> list[Asked]:
    """What they asked about earlier plans, each with the treatment that it was about. The rows come with their line."""
    told = [(row, row.line.told if row.line else None) for row in rows]
    return [replace(_asked(row, zone), about=words.name if words else "") for row, words in told]


def _asked(question: PlanQuestion, zone: ZoneInfo) -> Asked:
    by = "" if question.replied_at else when.moment(question.due_at, zone)
    return Asked(question.pk, question.words, question.answer if question.replied_at else "", by)


_BECAME = {
    VisitQuestion.State.ANSWERED: "We answered it at your visit.",
    VisitQuestion.State.PUT_OFF: "We left it for later. Ask us whenever you like.",
}


def at_the_visit(rows: Sequence[VisitQuestion]) -> list[tuple[str, str]]:
    """What they wanted to know at the visit, in their words, and what became of it. One that nobody has settled has a row
    here if it is answered in writing: the plan settles it when it is sent.
    """
    told = [(row, VisitQuestion.State.ANSWERED if row.is_open else row.state) for row in rows]
    return [
        (
            row.words,
            (state == VisitQuestion.State.ANSWERED and row.answer) or _BECAME[VisitQuestion.State(state)],
        )
        for row, state in told
        if not row.is_open or row.answer
    ]


def sessions(
    rows: Sequence[ConsultationRequest], zone: ZoneInfo, now: datetime, of: ConsultationRequest | None = None
) -> list[Session]:
    """Where each visit stands, the earliest first; none whose yes was taken back. The rows are `plans.sessions_of`.

    `of`: the consultation from whose page theirs may be opened.
    """
    gone = [row for row in rows if row.status == Status.WITHDRAWN]
    live = {(row.session_of_id, row.session_number) for row in in_order(rows)}
    off = [
        row
        for row in gone
        if row.session_of
        and row.session_of.said == LineAnswer.YES
        and (row.session_of_id, row.session_number) not in live
    ]
    firsts = course.first_days(rows, zone)
    return [
        Session(
            _name(row), stands(row, firsts.get(row.pk), zone, now), leads_to(row, of) if of else 0, _cost(row)
        )
        for row in [*in_order(rows), *off]
    ]


def asked_for(rows: Sequence[ConsultationRequest]) -> str:
    """When the visits that are not booked would suit them, as they said; empty for nothing. The rows are those of
    `plans.sessions_of`, read by `wishes.read`.
    """
    return "; ".join(dict.fromkeys(said for row in rows if row.is_open and (said := wishes.of(row).windows)))


def _name(row: ConsultationRequest) -> str:
    words = row.session_of.told if row.session_of else None
    sure, number = row.session_of.sessions_from if row.session_of else 0, row.session_number or 0
    of = f" of {sure}" if 1 < sure >= number else ""
    return f"{words.name if words else 'Visit'}, visit {row.session_number}{of}"


def _cost(row: ConsultationRequest) -> str:
    """'£140 to £190'; of what is not paid by the visit, of how much it is a part. It stands behind the plan's link alone."""
    line = row.session_of
    words = line.told if line else None
    if line is None or words is None or row.status in (Status.WITHDRAWN, Status.ATTENDED):
        return ""
    currency = line.plan.currency
    if prices.is_per_visit(words.basis) or line.sessions_to == 1:
        paid = line.each if prices.is_per_visit(words.basis) else line.span
        return f"It costs {paid.words(currency)}."
    return f"What you pay for it is a part of {line.span.words(currency)}."
