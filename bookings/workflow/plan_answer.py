"""What becomes of a plan that was sent: accepted in whole or in part, declined, thought about, asked about, answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bookings import outbox
from bookings.models import ConsultationRequest, Plan, PlanLine, PlanQuestion
from bookings.queries import plans
from bookings.states import PLAN_TABLE, LineAnswer, PlanOutcome, PlanStatus
from bookings.workflow import core, plan_mail, sessions
from bookings.workflow.core import Change, Origin, verb
from bookings.workflow.errors import Refused
from bookings.workflow.plan import move
from bookings.workflow.submission import Window
from clinic.foundation import when


@verb
def accept_plan(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    plan: int,
    lines: Collection[int],
    windows: Sequence[Window] = (),
    about_times: str = "",
) -> ConsultationRequest:
    """Yes to these lines (by key) of this plan: for each session that they take at least, a visit to arrange is made.

    `windows`: when these visits would suit them. `about_times`: a line on that, which all of the desk reads. Each visit
    keeps both. It is no consent to be treated. Staff may call it for somebody on the phone. Raises Refused: "replaced",
    "expired", "answered" (there is nothing left to accept), "nothing" (none of the lines can be accepted, or the plan has
    none), or "follows" (one is not done without another that they have not said yes to).
    """
    with core.change(consultation, "accept_plan", origin) as change:
        row = _plan(change, plan)
        _refuse_over(change, row)
        left = _open_lines(row)
        chosen = [line for line in left if line.pk in lines]
        if not left:
            raise Refused("answered", "There is nothing left to answer in this plan.")
        if not chosen:
            raise Refused("nothing", "Tick at least one treatment.")
        _refuse_alone(row, chosen)
        _answer(change, chosen, LineAnswer.YES)
        _answered(change, row)
        sessions.replace(change, row)
        made = sessions.plan_sessions(change, row, chosen)
        sessions.wish(change, made, windows, about_times)
        change.fact(lines=[line.pk for line in chosen], sessions=[session.pk for session in made])
        plan_mail.tell_yes(change, row, made)
    return change.consultation


@verb
def decline_plan(consultation: ConsultationRequest, origin: Origin, *, plan: int) -> ConsultationRequest:
    """No to whatever of this plan is not accepted. Raises Refused: "replaced", "nothing", "expired" or "answered"."""
    with core.change(consultation, "decline_plan", origin) as change:
        row = _plan(change, plan)
        _refuse_over(change, row)
        left = _open_lines(row)
        if row.status == PlanStatus.PART and not left:
            raise Refused("answered", "There is nothing left to answer in this plan.")
        _answer(change, left, LineAnswer.NO)
        _answered(change, row)
        plan_mail.tell_no(change, row)
    return change.consultation


@verb
def take_back_plan(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    plan: int,
    lines: Collection[int] | None = None,
    answer: LineAnswer = LineAnswer.YES,
) -> ConsultationRequest:
    """The yes to these lines (by key), or to all of them, is taken back: they are open again, and their visits called off.

    What is not done without one of them goes with it. With a no as `answer` that is taken back, until the plan's last day.

    Until a visit of theirs is booked; in the time to think after that, too, as long as the client may still cancel it
    online. The mail about a visit that was booked is that of `cancel`. Raises Refused: "replaced", "nothing" (there is no
    yes to take back, or no longer), "booked", "near" or "took_place" (bookings/queries/taking_back.py); of a no also
    "expired".
    """
    with core.change(consultation, "take_back_plan", origin) as change:
        row = _plan(change, plan)
        chosen = [line for line in row.lines.filter(said=answer) if lines is None or line.pk in lines]
        if not chosen:
            raise Refused(
                "nothing", f"There is no {answer.value} to take back: you have taken it back already."
            )
        if answer == LineAnswer.NO:
            _refuse_late(change, row)
        else:
            chosen = _with_followers(row, chosen)
        off, cancelled = sessions.take_back(change, row, chosen) if answer == LineAnswer.YES else ([], [])
        PlanLine.objects.filter(pk__in=[line.pk for line in chosen]).update(said="", said_at=None)
        _answered(change, row)
        is_whole = not row.lines.filter(said=answer).exists()
        change.fact(lines=[line.pk for line in chosen], whole=is_whole, sessions=off)
        if answer == LineAnswer.NO:
            change.fact(no=True)
        plan_mail.tell_taken_back(change, row, answer, cancelled)
    return change.consultation


@verb
def consider_plan(consultation: ConsultationRequest, origin: Origin, *, plan: int) -> ConsultationRequest:
    """They want time to think: the desk sees that, and nobody chases them. Raises Refused as `decline_plan`."""
    with core.change(consultation, "consider_plan", origin) as change:
        row = _plan(change, plan)
        _refuse_over(change, row)
        move(row, "consider_plan", row.state)
        change.fact(plan=row.pk)
    return change.consultation


@verb
def ask_about_plan(
    consultation: ConsultationRequest, origin: Origin, *, plan: int, text: str, line: int | None = None
) -> ConsultationRequest:
    """A question about the plan, or about one line of it (by key). The reply promise counts from now.

    Raises Refused: "replaced", "over" for a plan that takes no more questions, or "line" for one that is not the plan's.
    """
    with core.change(consultation, "ask_about_plan", origin) as change:
        row = _plan(change, plan)
        if row.state not in PLAN_TABLE["ask_about_plan"]:
            raise Refused("over", "This plan has ended. Please call us, or write to us.")
        about = row.lines.filter(pk=line).first() if line is not None else None
        if line is not None and about is None:
            raise Refused("line", "That is not part of this plan any more.")
        asked = PlanQuestion.objects.create(
            plan=row,
            line=about,
            body=text,
            asked_at=change.now,
            due_at=change.clinic.promise_from(change.now),
        )
        change.fact(plan=row.pk, question=asked.pk)
        plan_mail.tell_asked(change, asked)
    return change.consultation


@verb
def answer_about_plan(
    consultation: ConsultationRequest, origin: Origin, *, question: int, text: str
) -> ConsultationRequest:
    """The desk's answer to one question (by key). The client is told that there is one, and reads it with the plan.

    Raises Refused("answered") for one that has its answer, or that is not about a plan of this request.
    """
    with core.change(consultation, "answer_about_plan", origin) as change:
        open_one = PlanQuestion.objects.filter(
            pk=question, plan__request=change.consultation, replied_at=None
        ).first()
        if open_one is None:
            raise Refused("answered", "Somebody has answered this question already.")
        open_one.reply, open_one.replied_at = text, change.now
        open_one.replied_by = change.actor.label
        open_one.save(update_fields=["reply", "replied_at", "replied_by"])
        change.was.replies.append(open_one.pk)
        change.fact(plan=open_one.plan_id, question=open_one.pk)
        outbox.queue(
            change.consultation,
            "plan_answered",
            now=change.now,
            not_before=change.mails_go,
            facts={"plan": open_one.plan_id, "question": open_one.pk},
            by_staff=True,
        )
    return change.consultation


def _plan(change: Change, key: int) -> Plan:
    """The plan with this key, if it is the request's and nothing has replaced it. Raises Refused("replaced")."""
    row = Plan.objects.told().filter(pk=key, request=change.consultation).first()
    if row is None or row.status == PlanStatus.SUPERSEDED:
        raise Refused("replaced", "There is a newer plan. Please read that one.")
    return row


def _refuse_over(change: Change, plan: Plan) -> None:
    if plan.outcome != PlanOutcome.SUITS:
        raise Refused("nothing", "There is nothing to say yes or no to in this plan.")
    today = when.local_day(change.now, change.clinic.zone)
    if plan.status == PlanStatus.EXPIRED or today > plan.valid_until:
        day = when.date_words(plan.valid_until)
        raise Refused("expired", f"This plan was valid until {day}. Please ask us for a new one.")
    if plan.status not in (PlanStatus.SENT, PlanStatus.PART):
        raise Refused("answered", "You have answered this plan already.")


def _refuse_late(change: Change, plan: Plan) -> None:
    if plan.pk != plans.newest(change.consultation):
        raise Refused("replaced", "There is a newer plan. Please read that one.")
    if when.local_day(change.now, change.clinic.zone) > plan.valid_until:
        day = when.date_words(plan.valid_until)
        raise Refused("expired", f"This plan was valid until {day}. Please ask us for a new one.")


def _open_lines(plan: Plan) -> list[PlanLine]:
    return list(plan.lines.select_related("kind").filter(said=""))


def _refuse_alone(plan: Plan, chosen: Collection[PlanLine]) -> None:
    yes = {line.pk for line in plan.lines.filter(said=LineAnswer.YES)} | {line.pk for line in chosen}
    alone = next((line for line in chosen if line.after_id and line.after_id not in yes), None)
    if alone is not None:
        raise Refused("follows", "One of them is only done after another. Say yes to both, or leave it out.")


def _with_followers(plan: Plan, chosen: Collection[PlanLine]) -> list[PlanLine]:
    """These lines, and every other with a yes that follows one of them."""
    found, yes = list(chosen), list(plan.lines.filter(said=LineAnswer.YES))
    while more := [line for line in yes if line not in found and line.after_id in {one.pk for one in found}]:
        found += more
    return found


def _answer(change: Change, lines: Collection[PlanLine], answer: LineAnswer) -> None:
    PlanLine.objects.filter(pk__in=[line.pk for line in lines]).update(said=answer, said_at=change.now)


def _answered(change: Change, plan: Plan) -> None:
    """The plan's state follows from what was said to its lines."""
    said = set(plan.lines.values_list("said", flat=True))
    if said == {LineAnswer.YES}:
        to = PlanStatus.ACCEPTED
    elif LineAnswer.YES in said:
        to = PlanStatus.PART
    else:
        to = PlanStatus.DECLINED if said <= {LineAnswer.NO} else PlanStatus.SENT
    move(plan, change.verb, to)
    plan.answered_at = change.now
    plan.save(update_fields=["answered_at"])
    change.fact(plan=plan.pk)
