"""A client takes their yes back: until a visit is booked, and in the time to think after that, too. The desk is told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from email import message_from_bytes
from functools import partial

import pytest

from bookings import wording
from bookings.client.own.after import cancelled
from bookings.messages import render
from bookings.messages.kinds import untrue
from bookings.models import ConsultationRequest, Message, Plan, PlanQuestion
from bookings.states import LineAnswer
from bookings.workflow import plan_answer as verbs
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, Refused
from tests.factories import CLIENT, LONDON, slot, staff
from tests.plans.writing import DAY, THEN, line, sent

pytestmark = pytest.mark.django_db

LATER = THEN + 2 * DAY
YES = Origin(CLIENT, LATER)


def accepted(most: int | None = None) -> tuple[ConsultationRequest, Plan, list[int]]:
    cleo, plan = sent(line(sessions=(2, 3)), line("Laser", sessions=(1, 1)))
    keys = list(plan.lines.values_list("pk", flat=True))
    return verbs.accept_plan(cleo, YES, plan=plan.pk, lines=keys[:most]), plan, keys


def back(cleo: ConsultationRequest, plan: Plan, lines: Collection[int] | None = None) -> ConsultationRequest:
    return verbs.take_back_plan(cleo, YES, plan=plan.pk, lines=lines)


def stands(plan: Plan) -> tuple[str, list[str], list[str]]:
    """The plan's state, what was said to its lines, and where its visits stand."""
    said = list(plan.lines.values_list("said", flat=True))
    visits = ConsultationRequest.objects.filter(session_of__plan=plan).order_by("pk")
    return Plan.objects.get(pk=plan.pk).status, said, list(visits.values_list("status", flat=True))


def book(visit: ConsultationRequest) -> ConsultationRequest:
    when = THEN + 12 * DAY - timedelta(hours=2)
    return reply.confirm(visit, Origin(Actor.staff(staff()), LATER), slot=slot(when, minutes=60))


def test_the_whole_yes_is_taken_back_and_a_second_press_says_what_is_so() -> None:
    cleo, plan, keys = accepted()
    page = cleo.version
    cleo = verbs.take_back_plan(cleo, Origin(CLIENT, LATER, page), plan=plan.pk)
    assert stands(plan) == ("sent", ["", ""], ["withdrawn"] * 3)
    with pytest.raises(Conflict):
        verbs.take_back_plan(cleo, Origin(CLIENT, LATER, page), plan=plan.pk)
    with pytest.raises(Refused, match="taken it back already"):
        back(cleo, plan)
    # It is as open as it was: another yes makes other visits.
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=keys)
    assert stands(plan) == ("accepted", ["yes", "yes"], ["withdrawn"] * 3 + ["new"] * 3)


def test_a_part_is_taken_back_and_the_rest_stays() -> None:
    cleo, plan, keys = accepted()
    cleo = back(cleo, plan, keys[1:])
    assert stands(plan) == ("part", ["yes", ""], ["new", "new", "withdrawn"])
    cleo = verbs.decline_plan(cleo, YES, plan=plan.pk)
    cleo = back(cleo, plan)
    assert stands(plan) == ("sent", ["", "no"], ["withdrawn"] * 3)
    # A no stays a no: a yes to what is left is a yes to a part.
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=keys)
    assert stands(plan)[:2] == ("part", ["yes", "no"])


def test_in_the_time_to_think_a_booked_visit_is_cancelled_and_afterwards_it_stands() -> None:
    cleo, plan, keys = accepted()
    first = book(ConsultationRequest.objects.filter(session_of__plan=plan).earliest("pk"))
    late = Origin(CLIENT, THEN + 7 * DAY)
    with pytest.raises(Refused) as refused:
        verbs.take_back_plan(cleo, late, plan=plan.pk)
    assert (refused.value.code, stands(plan)[2]) == ("booked", ["confirmed", "new", "new"])
    cleo = verbs.take_back_plan(cleo, late, plan=plan.pk, lines=keys[1:])  # nothing of that one is booked
    back(cleo, plan)
    assert stands(plan) == ("sent", ["", ""], ["cancelled", "withdrawn", "withdrawn"])
    # One mail tells of all, with the file that takes what was booked out of their calendar, whatever they say next.
    assert not first.messages.filter(kind="cancelled", state="queued").exists()
    mail = Message.objects.get(kind="plan_taken_back", state="queued")
    told = render.render(mail, now=LATER)
    assert "This visit was booked, and is cancelled:\n" in told.text and "cancelled: *" not in told.html
    first.refresh_from_db()
    assert cancelled(first, first.events.latest("version"), LONDON).endswith("you took back your yes.")
    file = next(
        part for part in message_from_bytes(told.raw).walk() if part.get_content_type() == "text/calendar"
    )
    written = str(file.get_payload(decode=True))
    assert all(
        words in written for words in (f"UID:{first.calendar_uid}", "METHOD:CANCEL", "STATUS:CANCELLED")
    )
    cleo.refresh_from_db()
    verbs.accept_plan(cleo, YES, plan=plan.pk, lines=keys)
    assert Message.objects.get(pk=mail.pk).state == "queued"
    assert untrue(mail, cleo, LATER) is None


def test_what_is_not_done_without_another_is_not_accepted_alone_and_goes_with_it() -> None:
    cleo, plan = sent(line(sessions=(1, 1)), line("Laser", sessions=(1, 1), after=0))
    first, second = plan.lines.values_list("pk", flat=True)
    with pytest.raises(Refused) as refused:
        verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[second])
    assert (refused.value.code, stands(plan)) == ("follows", ("sent", ["", ""], []))
    cleo = verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[first])
    cleo = verbs.accept_plan(cleo, YES, plan=plan.pk, lines=[second])
    cleo = back(cleo, plan, [first])
    assert stands(plan) == ("sent", ["", ""], ["withdrawn", "withdrawn"])


def test_a_no_is_taken_back_until_the_last_day_of_the_plan_and_not_once_another_has_come() -> None:
    cleo, plan, keys = accepted(1)
    cleo = verbs.decline_plan(cleo, YES, plan=plan.pk)
    back_no = partial(verbs.take_back_plan, plan=plan.pk, answer=LineAnswer.NO)
    cleo = back_no(cleo, YES)
    assert stands(plan)[:2] == ("part", ["yes", ""])
    cleo = verbs.decline_plan(back(cleo, plan), YES, plan=plan.pk)
    assert stands(plan)[:2] == ("declined", ["no", "no"])
    with pytest.raises(Refused, match="was valid until"):
        back_no(cleo, Origin(CLIENT, THEN + 200 * DAY))
    cleo = back_no(cleo, YES)
    assert stands(plan)[:2] == ("sent", ["", ""])
    assert (
        "You have taken back your no."
        in render.render(Message.objects.get(kind="plan_taken_back", state="queued"), now=LATER).text
    )
    cleo = verbs.decline_plan(cleo, YES, plan=plan.pk)
    cleo, _ = sent(cleo=cleo, now=LATER)
    with pytest.raises(Refused, match="There is a newer plan"):
        back_no(cleo, YES)
    assert keys


@pytest.mark.once
def test_a_visit_that_is_near_or_began_is_a_matter_for_a_call() -> None:
    cleo, plan, _ = accepted()
    Plan.objects.update(think_days=90)
    first = book(ConsultationRequest.objects.filter(session_of__plan=plan).earliest("pk"))
    start = first.appointments.get().starts_at
    for now, code in ((start - timedelta(hours=1), "near"), (start, "took_place")):
        with pytest.raises(Refused) as refused:
            verbs.take_back_plan(cleo, Origin(CLIENT, now), plan=plan.pk)
        assert refused.value.code == code
    assert stands(plan)[0] == "accepted"


@pytest.mark.once
def test_each_answer_is_confirmed_by_one_mail_that_says_what_follows_and_the_desk_sees_it() -> None:
    cleo, plan, keys = accepted(1)
    yes = Message.objects.get(kind="plan_said")
    told = render.render(yes, now=LATER).text
    assert "You said yes to some of what we wrote to you after your visit." in told
    assert "The rest waits for you until Wednesday 3 March 2027." in told
    assert "We look for a time for your first visit. You hear from us by " in told
    assert "Your first visit can be on Sunday 13 December at the soonest." in told
    assert (
        "One more visit follows. You hear from us about it in the three weeks before its day, or sooner."
        in told
    )
    cleo = verbs.decline_plan(cleo, YES, plan=plan.pk)
    assert Message.objects.get(pk=yes.pk).state == "dropped"
    no = Message.objects.get(kind="plan_said", state="queued")
    assert "You said no to the rest" in render.render(no, now=LATER).text
    cleo = verbs.take_back_plan(cleo, Origin(CLIENT, LATER + DAY), plan=plan.pk)
    assert untrue(no, cleo, LATER) == "They have said something else since."
    taken = render.render(Message.objects.get(kind="plan_taken_back"), now=LATER)
    assert "We have called off the visits that came of it." in taken.text
    assert taken.subject == f"Your answer has changed ({cleo.reference})"
    assert wording.of(cleo.events.latest("version").verb).news == "Took back an answer"


@pytest.mark.once
def test_a_question_is_confirmed_until_it_is_answered_and_time_to_think_is_not() -> None:
    cleo, plan = sent()
    cleo = verbs.consider_plan(cleo, YES, plan=plan.pk)
    assert not Message.objects.exclude(kind="plan_ready").filter(kind__startswith="plan").exists()
    cleo = verbs.ask_about_plan(cleo, YES, plan=plan.pk, text="Does it hurt?")
    mail = Message.objects.get(kind="plan_asked")
    text = render.render(mail, now=LATER).text
    assert "We answer by " in text
    assert "hurt" not in text
    dee = Origin(Actor.staff(staff()), LATER)
    cleo = verbs.answer_about_plan(cleo, dee, question=PlanQuestion.objects.get().pk, text="A little.")
    assert untrue(mail, cleo, LATER) == "It has been answered."
