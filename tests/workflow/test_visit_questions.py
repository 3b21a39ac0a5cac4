"""What a client wants to ask at the visit: sent until it begins, settled once they came, and in no event, mail or log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection

from bookings.models import Message, VisitQuestion
from bookings.queries.visit_questions import open_questions
from bookings.states import Status
from bookings.workflow import attendance, displacement, duplicates, erasure, intake, reply, visit_questions
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests import factories as make
from tests.factories import CLIENT, CLOCK, NOW

pytestmark = pytest.mark.django_db

ASKED = ["Will it Quinsy?", "What will it cost altogether?"]
LATER = make.at(3, 11)


def words(cleo: Any) -> list[str]:
    return [one.words for one in open_questions(cleo)]


def sent(questions: list[str] = ASKED, **changes: Any) -> Any:
    cleo = make.in_state(Status.CONFIRMED, **changes)
    return visit_questions.choose_questions(cleo, Origin(CLIENT, NOW), questions=questions)


def dee() -> Origin:
    return Origin(Actor.staff(make.staff()), LATER)


def test_they_are_kept_in_order_and_replaced_until_the_visit_begins() -> None:
    cleo = sent()
    assert words(cleo) == ASKED
    cleo = visit_questions.choose_questions(cleo, Origin(CLIENT, make.at(3, 9, 59)), questions=["Other?"])
    assert words(cleo) == ["Other?"]
    with pytest.raises(Refused, match="has begun") as refused:
        visit_questions.choose_questions(cleo, Origin(CLIENT, make.at(3, 10)), questions=["Too late?"])
    assert refused.value.code == "started" and words(cleo) == ["Other?"]


@pytest.mark.once
@pytest.mark.parametrize("questions", [[], ["a", "b", "c", "d"]], ids=len)
def test_one_to_three_can_be_sent(questions: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        sent(questions)
    assert refused.value.code == "count" and not VisitQuestion.objects.exists()


def test_they_can_all_be_taken_away_until_the_visit_begins() -> None:
    cleo = visit_questions.remove_questions(sent(), Origin(CLIENT, NOW))
    assert not VisitQuestion.objects.exists()
    for when, code in ((NOW, "nothing"), (make.at(3, 10), "started")):
        with pytest.raises(Refused) as refused:
            visit_questions.remove_questions(cleo, Origin(CLIENT, when))
        assert refused.value.code == code


@pytest.mark.once
def test_one_is_answered_in_writing_and_no_event_has_a_word_of_it() -> None:
    cleo = attendance.attend(sent(), dee())
    first, _ = open_questions(cleo)
    cleo = visit_questions.answer_question(cleo, dee(), question_id=first.pk, text="A little, quinsy.")
    assert VisitQuestion.objects.get(pk=first.pk).answer == "A little, quinsy."
    assert cleo.events.latest("version").facts == {"question": first.pk, "in_writing": True}


def test_each_is_answered_or_put_off_once_they_came() -> None:
    cleo = attendance.attend(sent(), dee())
    first, second = open_questions(cleo)
    cleo = visit_questions.answer_question(cleo, dee(), question_id=first.pk)
    assert words(cleo) == ASKED[1:]
    with pytest.raises(Refused, match="answered already"):
        visit_questions.answer_question(cleo, dee(), question_id=first.pk)
    cleo = visit_questions.put_off_question(cleo, dee(), question_id=second.pk)
    assert words(cleo) == []
    cleo = visit_questions.answer_question(cleo, dee(), question_id=second.pk)  # later that day, after all
    other = sent(start=make.at(4, 10))
    with pytest.raises(Refused) as refused:
        visit_questions.answer_question(cleo, dee(), question_id=open_questions(other)[0].pk)
    assert refused.value.code == "no_question" and words(other) == ASKED
    # Marked by mistake, and sent anew: what was answered stays.
    cleo = attendance.unmark(cleo, dee())
    VisitQuestion.objects.filter(request=cleo).update(state="open", settled_at=None)
    VisitQuestion.objects.filter(pk=first.pk).update(state="answered", settled_at=LATER)
    visit_questions.choose_questions(cleo, Origin(CLIENT, NOW), questions=["New?"])
    assert [(one.words, one.state) for one in cleo.visit_questions.all()] == [
        (ASKED[0], "answered"),
        ("New?", "open"),
    ]


def test_no_word_of_them_leaves_the_row(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cleo = attendance.attend(sent(), dee())
    visit_questions.answer_question(cleo, dee(), question_id=open_questions(cleo)[0].pk)
    assert "uinsy" not in caplog.text
    assert not any("uinsy" in f"{one.facts}{one.reason}" for one in cleo.events.all())
    assert not any("uinsy" in f"{one.facts}{one.body}" for one in Message.objects.all())
    assert not cleo.notes.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM bookings_visitquestion")
        assert not any("uinsy" in body for (body,) in cursor.fetchall())


def test_erasure_takes_them_and_a_merge_hands_them_over() -> None:
    cleo = sent()
    erasure.erase(cleo, Origin(CLOCK, NOW))
    assert not VisitQuestion.objects.exists()

    moved = displacement.displace(
        sent(start=make.at(4, 10), email="cleo@example.org"), Origin(dee().actor, NOW)
    )
    moved = intake.prove(moved, Origin(CLIENT, NOW))
    kept = make.submitted(start=None, email="cleo@example.org")
    kept = intake.prove(kept, Origin(CLIENT, NOW))
    kept = reply.offer(kept, Origin(dee().actor, NOW), slots=[make.slot(make.at(7, 10))])
    duplicates.merge(kept, Origin(dee().actor, NOW), other=moved)
    assert words(kept) == ASKED
