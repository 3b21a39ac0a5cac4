"""What a client wants to ask at their visit: sent beforehand, and answered or put off by whoever sees them.

Nobody is mailed. No event has a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bookings import limits
from bookings.models import ConsultationRequest, Plan, VisitQuestion
from bookings.queries.visit_questions import open_questions
from bookings.workflow import core
from bookings.workflow.core import Change, Origin, verb
from bookings.workflow.errors import Refused
from bookings.workflow.visit import visit_of
from clinic.foundation.crypto import opened

_State = VisitQuestion.State


@verb
def choose_questions(
    consultation: ConsultationRequest, origin: Origin, *, questions: Sequence[str]
) -> ConsultationRequest:
    """Keep up to three questions in the client's words, in place of those that are not answered yet.

    Until the visit begins. Raises Refused("count" or "started").
    """
    with core.change(consultation, "choose_questions", origin) as change:
        fresh = change.consultation
        if not 1 <= len(questions) <= limits.texts.VISIT_QUESTIONS:
            raise Refused("count", "Choose one, two or three questions.")
        _refuse_started(change)
        VisitQuestion.objects.filter(request=fresh).exclude(state=_State.ANSWERED).delete()
        VisitQuestion.objects.bulk_create(
            VisitQuestion(request=fresh, body=words, asked_at=change.now) for words in questions
        )
        change.fact(questions=len(questions))
    return change.consultation


def _refuse_started(change: Change) -> None:
    if visit_of(change).starts_at <= change.now:
        raise Refused("started", "Your consultation has begun. Please ask when you are with us.")


@verb
def remove_questions(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """Take away every question that is not answered yet. Until the visit begins. Raises Refused("started" or "nothing")."""
    with core.change(consultation, "remove_questions", origin) as change:
        _refuse_started(change)
        gone, _ = VisitQuestion.objects.filter(request=change.consultation, state=_State.OPEN).delete()
        if not gone:
            raise Refused("nothing", "There is no question to remove.")
    return change.consultation


@verb
def answer_question(
    consultation: ConsultationRequest, origin: Origin, *, question_id: int, text: str = ""
) -> ConsultationRequest:
    """It was answered at the visit, or is answered now by this text, which the client reads with the plan.

    Another text may take its place until a plan is sent. Raises Refused: "no_question", or "settled" if somebody has marked
    it so.
    """
    with core.change(consultation, "answer_question", origin) as change:
        _settle(change, question_id, _State.ANSWERED, text)
        change.fact(in_writing=bool(text))
    return change.consultation


@verb
def put_off_question(
    consultation: ConsultationRequest, origin: Origin, *, question_id: int
) -> ConsultationRequest:
    """It is answered another time, and the client knows that. What was written so far is kept, and they do not read it.

    Raises Refused as `answer_question` does.
    """
    with core.change(consultation, "put_off_question", origin) as change:
        _settle(change, question_id, _State.PUT_OFF)
    return change.consultation


def keep_typed(change: Change, answers: Mapping[int, str]) -> None:
    """Inside the caller's change: keep what was typed to these questions (by key). What the client has read stays."""
    mine = VisitQuestion.objects.filter(request=change.consultation, pk__in=answers)
    was_read = bool(answers) and Plan.objects.told().filter(request=change.consultation).exists()
    for one in mine.exclude(state=_State.ANSWERED) if was_read else mine:
        if one.answer != answers[one.pk]:
            VisitQuestion.objects.filter(pk=one.pk).update(reply=answers[one.pk])


def settle_written(change: Change) -> None:
    """Inside the change that sends a plan: what is answered in writing and nobody has settled is answered by it."""
    written = [one for one in open_questions(change.consultation) if opened(one, "reply")]
    VisitQuestion.objects.filter(pk__in=[one.pk for one in written]).update(
        state=_State.ANSWERED, settled_at=change.now
    )
    change.was.questions = [one.pk for one in written]


def _settle(change: Change, question_id: int, state: str, reply: str | None = None) -> None:
    one = VisitQuestion.objects.filter(pk=question_id, request=change.consultation).first()
    if one is None:
        raise Refused("no_question", "This question is not there any more.")
    text = one.answer if reply is None else reply
    was_read = Plan.objects.told().filter(request=change.consultation).exists()
    if one.state == state and (text == one.answer or was_read):
        raise Refused("settled", f"This question is marked as {_State(state).label.lower()} already.")
    values: dict[str, Any] = {"state": state, "settled_at": change.now}
    VisitQuestion.objects.filter(pk=one.pk).update(**values, **({} if reply is None else {"reply": reply}))
    change.fact(question=question_id)
