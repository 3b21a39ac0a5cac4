"""What a client says to a plan: yes to all or a part, no, later, a question. Yes makes visits to arrange."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings import clock, limits
from bookings.admin.plan import beside
from bookings.client.plan.words import asked_before
from bookings.messages.kinds import untrue
from bookings.models import ConsultationRequest, Message, Plan, PlanQuestion
from bookings.queries import plans, same_person, session_times
from bookings.queries.clinic import clinic
from bookings.queries.plan_standing import standing_of
from bookings.states import Status
from bookings.workflow import duplicates, reply, sessions
from bookings.workflow import plan as writing
from bookings.workflow import plan_answer as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused
from bookings.workflow.undo import undo
from clinic.foundation import when
from tests.factories import CLIENT, CLOCK, LONDON, practitioner, slot, staff
from tests.plans.writing import DAY, THEN, ana, kind, line, not_now, seen, sent, written

pytestmark = pytest.mark.django_db

LATER = THEN + 2 * DAY
YES = Origin(CLIENT, LATER)


def lines(plan: Plan) -> list[int]:
    return list(plan.lines.values_list("pk", flat=True))


def status(plan: Plan) -> str:
    return Plan.objects.values_list("status", flat=True).get(pk=plan.pk)


def planned() -> list[ConsultationRequest]:
    return list(ConsultationRequest.objects.exclude(session_number=None).order_by("pk"))


def test_yes_to_all_makes_a_visit_to_arrange_for_each_session_at_lawful_days() -> None:
    cleo, plan = sent(line(sessions=(3, 4), gap_days=14, wait_days=10))
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    assert status(plan) == "accepted"
    made = planned()
    assert [one.due_on for one in made] == [date(2026, 12, 13), date(2026, 12, 27), date(2027, 1, 10)]
    assert [one.session_number for one in made] == [1, 2, 3]
    assert {(one.status, one.name, one.email, one.follows_id) for one in made} == {
        ("new", cleo.name, cleo.email, cleo.pk)
    }
    assert {one.consultation_type for one in made} == {kind()}
    # The first is near enough to be arranged now; the others sleep, and no promise runs.
    assert [bool(one.promise_due_at) for one in made] == [True, False, False]
    assert [event.verb for event in made[0].events.all()] == ["plan_session"]
    assert not Message.objects.filter(request__in=made).exists()


def test_what_follows_another_treatment_begins_after_its_last_session() -> None:
    laser = line("Laser", sessions=(1, 1), wait_days=30, after=1)
    cleo, plan = sent(laser, line(sessions=(2, 2), gap_days=28, wait_days=10))
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    assert [(one.due_on, one.session_number) for one in planned()] == [
        (date(2026, 12, 13), 1), (date(2027, 1, 10), 2), (date(2027, 2, 7), 1)
    ]  # fmt: skip


@pytest.mark.once
def test_yes_to_a_part_leaves_the_rest_open() -> None:
    cleo, plan = sent(line(), line("Laser", sessions=(2, 2), wait_days=60))
    first, second = lines(plan)
    cleo = verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[first])
    assert (status(plan), len(planned())) == ("part", 3)
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[first, second])
    assert (status(plan), len(planned())) == ("accepted", 5)


@pytest.mark.once
def test_a_second_yes_makes_nothing_more() -> None:
    cleo, plan = sent()
    stale = Origin(CLIENT, LATER, version=cleo.version)
    verbs.accept_plan(cleo, stale, plan=plan.pk, lines=lines(plan))
    with pytest.raises(Conflict):
        verbs.accept_plan(cleo, stale, plan=plan.pk, lines=lines(plan))
    with pytest.raises(Refused) as refused:
        verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    assert (refused.value.code, len(planned())) == ("answered", 3)


@pytest.mark.once
def test_what_cannot_be_accepted() -> None:
    cleo, plan = sent()
    for key, ticked, code in (
        (plan.pk, [], "nothing"),
        (plan.pk, [0], "nothing"),
        (0, lines(plan), "replaced"),
    ):
        with pytest.raises(Refused) as refused:
            verbs.accept_plan(cleo, YES, plan=key, lines=ticked)
        assert refused.value.code == code
    late = Origin(CLIENT, THEN + 91 * DAY)
    with pytest.raises(Refused, match="valid until"):
        verbs.accept_plan(cleo, late, plan=plan.pk, lines=lines(plan))
    verbs.accept_plan(cleo, Origin(CLIENT, THEN + 90 * DAY), plan=plan.pk, lines=lines(plan))


@pytest.mark.once
def test_no_and_later() -> None:
    cleo, plan = sent(line(), line("Laser"))
    cleo = verbs.consider_plan(cleo, YES, plan=plan.pk)
    assert status(plan) == "sent"
    cleo = verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan)[:1])
    cleo = verbs.decline_plan(cleo, YES, plan=plan.pk)
    assert status(plan) == "part"
    assert list(plan.lines.values_list("said", flat=True)) == ["yes", "no"]
    with pytest.raises(Refused):
        verbs.decline_plan(cleo, YES, plan=plan.pk)
    cleo, second = sent(cleo=cleo, now=LATER)
    verbs.decline_plan(cleo, YES, plan=second.pk)
    assert status(second) == "declined"
    with pytest.raises(Refused):
        verbs.accept_plan(cleo, YES, plan=second.pk, lines=lines(second))


@pytest.mark.once
def test_a_yes_to_a_replaced_plan_counts_for_nothing_and_one_to_the_new_one_calls_off_what_was_not_booked() -> (
    None
):
    cleo, old = sent(line(sessions=(2, 2)))
    cleo = verbs.accept_plan(cleo, YES, plan=old.pk, lines=lines(old))
    booked, open_one = planned()
    reply.confirm(
        booked,
        Origin(Actor.staff(staff()), LATER),
        slot=slot(LATER + 16 * DAY - timedelta(hours=2), minutes=60),
    )
    cleo, new = sent(line(sessions=(1, 1)), cleo=cleo, now=LATER)
    with pytest.raises(Refused) as refused:
        verbs.accept_plan(cleo, YES, plan=old.pk, lines=lines(old))
    assert refused.value.code == "replaced"
    verbs.accept_plan(cleo, YES, plan=new.pk, lines=lines(new))
    assert [one.status for one in planned()] == ["confirmed", "withdrawn", "new"]
    assert not Message.objects.filter(request=open_one, state="queued").exists()


def test_a_session_sleeps_until_its_day_comes_near_and_is_not_forgotten_meanwhile() -> None:
    cleo, plan = sent(line(sessions=(1, 1), wait_days=300), valid_until=(THEN + 300 * DAY).date())
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    [session] = planned()
    assert session.sleeps_until is not None
    near = when.day_bounds(session.due_on or THEN.date(), LONDON)[0] - limits.deadlines.SESSION_NEAR
    assert session.sleeps_until == near
    done = clock.tick(near - DAY)
    assert (done["woken"], done["erased"]) == (0, 0)
    assert clock.tick(near)["woken"] == 1
    session.refresh_from_db()
    assert session.promise_due_at is not None
    assert session.promise_due_at > near
    with pytest.raises(Refused):
        sessions.wake(session, Origin(CLOCK, near))


@pytest.mark.once
def test_only_a_session_is_called_off() -> None:
    cleo, plan = sent()
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    first, *_ = planned()
    sessions.call_off(first, Origin(Actor.staff(staff()), LATER))
    assert ConsultationRequest.objects.get(pk=first.pk).status == Status.WITHDRAWN
    ConsultationRequest.objects.filter(pk=first.pk).update(status="new", session_number=None)
    first.refresh_from_db()
    with pytest.raises(Refused):
        sessions.call_off(first, Origin(Actor.staff(staff()), LATER))


@pytest.mark.once
def test_a_question_about_a_line_has_a_promise_and_an_answer_that_no_mail_tells() -> None:
    cleo, plan = sent()
    [key] = lines(plan)
    cleo = verbs.ask_about_plan(cleo, YES, plan=plan.pk, line=key, text="Does it hurt?")
    [asked] = PlanQuestion.objects.all()
    assert (asked.body, asked.line_id) == ("Does it hurt?", key)
    assert asked.due_at > LATER
    with pytest.raises(Refused):
        verbs.ask_about_plan(cleo, YES, plan=plan.pk, line=0, text="And this?")
    dee = Origin(Actor.staff(staff()), LATER)
    cleo = verbs.answer_about_plan(cleo, dee, question=asked.pk, text="A little.")
    asked.refresh_from_db()
    assert (asked.reply, asked.replied_by) == ("A little.", "Dee Hart")
    assert Message.objects.get(kind="plan_answered").facts == {"plan": plan.pk, "question": asked.pk}
    with pytest.raises(Refused):
        verbs.answer_about_plan(cleo, dee, question=asked.pk, text="Not at all.")


def test_an_answer_can_be_taken_back_while_its_mail_waits_and_its_words_stay(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3
    cleo, plan = sent()
    cleo = verbs.ask_about_plan(cleo, YES, plan=plan.pk, text="Does it hurt?")
    asked, by_ana = PlanQuestion.objects.get(), Origin(ana(), LATER)
    cleo = verbs.answer_about_plan(cleo, by_ana, question=asked.pk, text="A litle.")
    mail = Message.objects.get(kind="plan_answered")
    assert mail.not_before == LATER + timedelta(minutes=3)
    cleo = undo(cleo, by_ana)
    mail.refresh_from_db()
    asked.refresh_from_db()
    assert (mail.state, asked.replied_at, asked.replied_by) == ("dropped", None, "")
    assert [one.words for one in plans.asked(cleo)] == ["Does it hurt?"]
    # Its words stand in the box at the desk again, and nowhere else.
    typed = beside.typed(QueryDict(), [asked], beside.of(cleo, None), conflicted=False)
    assert typed["asked"] == [(asked, "A litle.")]
    assert [one.answer for one in asked_before([asked], LONDON)] == [""]
    cleo = verbs.answer_about_plan(cleo, by_ana, question=asked.pk, text="A little.")
    asked.refresh_from_db()
    assert [one.answer for one in asked_before([asked], LONDON)] == ["A little."]


@pytest.mark.once
def test_a_question_stays_to_be_answered_when_a_later_plan_comes_and_its_answer_is_told() -> None:
    cleo, plan = sent()
    cleo = verbs.ask_about_plan(cleo, YES, plan=plan.pk, text="Does it hurt?")
    cleo, _ = sent(cleo=cleo, now=LATER)
    [asked] = plans.asked(cleo)
    assert standing_of(cleo).questions == 1
    cleo = verbs.answer_about_plan(cleo, Origin(ana(), LATER), question=asked.pk, text="A little.")
    assert untrue(Message.objects.get(kind="plan_answered"), cleo, LATER) is None
    assert not plans.asked(cleo)


@pytest.mark.once
def test_there_is_no_yes_and_no_no_to_a_plan_without_treatments() -> None:
    cleo = writing.send_plan(seen(), Origin(ana(), THEN), written=not_now())
    plan = Plan.objects.get()
    calls: list[Callable[[], object]] = [
        lambda: verbs.decline_plan(cleo, YES, plan=plan.pk),
        lambda: verbs.consider_plan(cleo, YES, plan=plan.pk),
        lambda: verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[]),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code == "nothing"
    assert status(plan) == "sent"


@pytest.mark.once
def test_a_yes_to_many_sessions_asks_for_the_visit_once() -> None:
    cleo, plan = sent(line(sessions=(6, 6)))
    with CaptureQueriesContext(connection) as statements:
        verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    visits = [
        one
        for one in statements
        if 'FROM "bookings_appointment"' in one["sql"] and "practitioner" in one["sql"]
    ]
    assert len(visits) == 1


def test_sessions_are_neither_merged_nor_taken_for_duplicates() -> None:
    cleo, plan = sent()
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    first, second, *_ = planned()
    # The request that the plan was made for stands on its page already.
    assert same_person.matches(first) == []
    with pytest.raises(Refused) as refused:
        duplicates.merge(first, Origin(Actor.staff(staff()), LATER), other=second)
    assert refused.value.code == "session"


@pytest.mark.once
def test_whoever_they_saw_is_asked_for_again_only_if_they_give_the_session() -> None:
    cleo, plan = sent(line(kind=kind("With Ana")), line("Laser", kind=kind("With Bo")))
    ana_lind, bo = practitioner(), practitioner("Bo Berg")
    ana_lind.consultation_types.remove(kind("With Bo"))
    bo.consultation_types.add(kind("With Bo"))
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=lines(plan))
    asked_for = {one.consultation_type.name: one.wished_practitioner for one in planned()}
    assert asked_for == {"With Ana": ana_lind, "With Bo": None}
    times = session_times.suggested(list(plans.unbooked(cleo)), LATER, clinic(LATER))
    assert all(times.values())


@pytest.mark.once
def test_staff_may_note_a_yes_that_was_said_on_the_phone() -> None:
    cleo, plan = sent()
    verbs.accept_plan(cleo, Origin(ana(), LATER), plan=plan.pk, lines=lines(plan))
    assert status(plan) == "accepted"


@pytest.mark.once
def test_a_plan_of_somebody_else_is_nobodys() -> None:
    _, plan = sent()
    other = ConsultationRequest.objects.create(
        reference="OTHER", status="attended", created_at=THEN, consultation_type=kind(), name="Eve", email="e@example.org",
    )  # fmt: skip
    with pytest.raises(Refused):
        verbs.accept_plan(other, YES, plan=plan.pk, lines=lines(plan))
    with pytest.raises(Refused):
        verbs.decline_plan(other, YES, plan=plan.pk)
    assert status(plan) == "sent"
    assert writing.write_plan(other, Origin(ana(), THEN), written=written()).plans.count() == 1
