"""A plan is written, kept as a draft, and sent: complete, within the rules, and never changed by what changes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from bookings import clock
from bookings.models import ConsultationRequest, ConsultationType, Message, Note, Plan
from bookings.models.plan import LineWords, total
from bookings.states import PlanOutcome, PlanStatus
from bookings.workflow import attendance, erasure, plan_answer, reply, undo
from bookings.workflow import plan as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from bookings.workflow.plan import Line, Written
from content.models import Treatment
from content.prices import Span
from tests.factories import CLIENT, CLOCK, slot, staff
from tests.plans.writing import DAY, THEN, WORDS, ana, line, not_now, seen, sent, treatment, written

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_a_draft_is_kept_and_replaced_and_nobody_is_told() -> None:
    cleo, mails = seen(), Message.objects.count()
    verbs.write_plan(cleo, Origin(ana(), THEN), written=written(words=replace(WORDS, findings="")))
    verbs.write_plan(cleo, Origin(ana(), THEN), written=written(line("Microneedling", after=1), line()))
    [draft] = Plan.objects.all()
    assert (draft.status, draft.number, draft.visit_on, draft.sent_at) == ("draft", 1, THEN.date(), None)
    assert [row.told.name for row in draft.lines.all() if row.told] == ["Punch techniques", "Microneedling"]
    leader, follower = draft.lines.all()
    assert (follower.after, leader.after) == (leader, None)
    assert Message.objects.count() == mails


@pytest.mark.once
def test_a_plan_is_sent_and_its_mail_says_nothing_of_it() -> None:
    cleo, plan = sent()
    assert (plan.status, plan.sent_at, plan.valid_until) == ("sent", THEN, THEN.date() + 90 * DAY)
    assert plan.told == WORDS
    mail = Message.objects.get(kind="plan_ready")
    assert (mail.state, mail.facts, mail.to) == ("queued", {"plan": plan.pk}, cleo.email)
    assert cleo.events.latest("version").facts == {"plan": plan.pk}


def _bare(after: int | None) -> Line:
    words = LineWords("Laser")
    return Line(None, None, words, (0, 0), 0, 0, (1, 1), (1, 1), after=after)


@pytest.mark.parametrize(
    ("follow", "wrong"),
    [([None, 0, 1], []), ([2, None, 1], []), ([0], [0]), ([1, 0, None], [0, 1]), ([1, 2, 1], [0, 1, 2]), ([7], [0])],
    ids=str,
)  # fmt: skip
def test_what_follows_another_line_has_a_beginning(follow: list[int | None], wrong: list[int]) -> None:
    found = verbs.missing(Written(PlanOutcome.SUITS, WORDS, [_bare(one) for one in follow]))
    assert [place for place, _ in found] == [f"after:{place}" for place in wrong]


@pytest.mark.once
def test_the_sum_is_a_range_and_counts_scars() -> None:
    _, plan = sent(line(), line("Laser", times=(3, 4), price=(62000, 84000)))
    rows = list(plan.lines.all())
    assert [row.span for row in rows] == [Span(70000, 95000), Span(186000, 336000)]
    assert total(rows).words(plan.currency) == "£2,560 to £4,310"


@pytest.mark.once
def test_what_changes_later_changes_no_plan() -> None:
    _, plan = sent()
    Treatment.objects.update(name="Something else", price_from=1, price_to=2, cost_basis="per visit")
    plan.refresh_from_db()
    [row] = plan.lines.all()
    assert row.told is not None
    assert (row.told.name, row.told.basis, row.span) == ("Punch techniques", "per scar", Span(70000, 95000))


@pytest.mark.once
@pytest.mark.parametrize(
    ("plan", "missing"),
    [
        (written, "findings"),
        (written, "because"),
        (written, "can"),
        (written, "cannot"),
        (written, "next_step"),
        (not_now, "back"),
        (not_now, "because"),
    ],
)
def test_what_a_client_could_not_use_is_not_sent(plan: object, missing: str) -> None:
    assert callable(plan)
    cleo, whole = seen(), plan()
    with pytest.raises(Refused) as refused:
        lacking = replace(whole, words=replace(whole.words, **{missing: ""}))
        verbs.send_plan(cleo, Origin(ana(), THEN), written=lacking)
    assert refused.value.code == "incomplete"
    assert not Plan.objects.exists()
    verbs.send_plan(cleo, Origin(ana(), THEN), written=whole)


@pytest.mark.once
def test_a_plan_without_treatments_says_so_and_one_with_them_has_some() -> None:
    cleo = seen()
    for wrong in (replace(written(), lines=()), replace(not_now(), lines=(line(),))):
        with pytest.raises(Refused, match="treatment"):
            verbs.send_plan(cleo, Origin(ana(), THEN), written=wrong)
    with pytest.raises(Refused, match="booked as"):
        verbs.send_plan(cleo, Origin(ana(), THEN), written=written(line(kind=None)))
    cream = line(kind=None, sessions=(0, 0))
    verbs.send_plan(cleo, Origin(ana(), THEN), written=written(cream))


@pytest.mark.once
@pytest.mark.parametrize(
    ("applies", "flags", "changes", "says"),
    [
        ("active_spots", {}, {}, "Active spots"),
        ("isotretinoin", {"waits_after_isotretinoin": True}, {}, "Isotretinoin"),
        ("pregnancy", {}, {}, "Pregnant"),
        ("raised_scars", {}, {}, "keloid"),
        ("bleeding", {"cuts": True}, {}, "Bleeds"),
        ("", {}, {"gap_days": 13}, "Fewer days"),
        ("", {}, {"wait_days": 6}, "days to think"),
    ],
)
def test_going_past_a_rule_needs_a_reason_that_is_kept(
    applies: str, flags: dict[str, Any], changes: dict[str, Any], says: str
) -> None:
    cleo = seen()
    treatment(**flags)
    plan = written(line(**changes), words=replace(WORDS, applies=(*WORDS.applies, applies)))
    with pytest.raises(Refused, match=says) as refused:
        verbs.send_plan(cleo, Origin(ana(), THEN), written=plan)
    assert refused.value.code == "rules"
    agreed = ["active_acne", "isotretinoin", "pregnancy", "raised_scars", "bleeding", "interval", "thinking"]
    with pytest.raises(Refused, match="Say why"):
        verbs.send_plan(cleo, Origin(ana(), THEN), written=plan, although=agreed)
    why = Origin(ana(), THEN, because="Her dermatologist agrees.")
    verbs.send_plan(cleo, why, written=plan, although=agreed)
    stored = Plan.objects.get()
    assert stored.although in agreed
    # Which rule says what she takes or has: no event and no column can be read for it.
    assert cleo.events.latest("version").facts == {"plan": stored.pk, "rules_past": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT although FROM bookings_plan")
        assert stored.although not in cursor.fetchone()[0]
    assert Note.objects.filter(request=cleo, kind="internal").latest("id").body == "Her dermatologist agrees."


@pytest.mark.once
def test_a_plan_follows_a_consultation_and_no_session_unless_somebody_says_why() -> None:
    cleo = seen()
    ConsultationType.objects.update(purpose="session")
    with pytest.raises(Refused, match="A consultation comes first") as refused:
        verbs.send_plan(cleo, Origin(ana(), THEN), written=written())
    assert refused.value.code == "rules"
    why = Origin(ana(), THEN, because="She was seen here last year.")
    verbs.send_plan(cleo, why, written=written(), although=["consultation"])


@pytest.mark.once
def test_nobody_under_18_is_treated_whatever_the_reason() -> None:
    cleo, plan = seen(), written(words=replace(WORDS, applies=()))
    with pytest.raises(Refused, match="under 18"):
        verbs.send_plan(
            cleo, Origin(ana(), THEN, because="She is tall."), written=plan, although=["under_18"]
        )


def test_a_later_plan_takes_the_place_of_the_earlier_one_and_its_mail() -> None:
    cleo, first = sent()
    cleo, second = sent(cleo=cleo, now=THEN + DAY)
    first.refresh_from_db()
    assert [(plan.number, plan.status) for plan in (first, second)] == [(1, "superseded"), (2, "sent")]


def test_what_was_sent_can_be_taken_back_and_the_earlier_one_stands_again(settings: Settings) -> None:
    settings.UNDO_MINUTES = 3
    cleo, first = sent()
    cleo, second = sent(cleo=cleo, now=THEN + DAY)
    undo.undo(cleo, Origin(ana(), THEN + DAY))
    assert dict(Plan.objects.values_list("number", "status")) == {1: "sent", 2: "draft"}
    assert Message.objects.filter(kind="plan_ready", state="dropped").count() == 1
    cleo.refresh_from_db()
    assert cleo.status == "attended"


@pytest.mark.once
def test_a_plan_whose_last_day_is_over_is_not_sent() -> None:
    cleo = verbs.write_plan(seen(), Origin(ana(), THEN), written=written(valid_until=THEN.date()))
    with pytest.raises(Refused) as refused:
        verbs.send_plan(cleo, Origin(ana(), THEN + DAY), written=written(valid_until=THEN.date()))
    assert refused.value.code == "past"
    verbs.send_plan(cleo, Origin(ana(), THEN), written=written(valid_until=THEN.date()))


def test_a_plan_that_nobody_answers_runs_out_after_its_last_day() -> None:
    cleo, plan = sent()
    over = THEN + 90 * DAY
    assert clock.tick(over)["expired"] == 0
    assert clock.tick(over + DAY)["expired"] == 1
    plan.refresh_from_db()
    assert plan.status == PlanStatus.EXPIRED
    assert clock.tick(over + DAY)["expired"] == 0
    with pytest.raises(Refused):
        verbs.expire_plan(ConsultationRequest.objects.get(pk=cleo.pk), Origin(CLOCK, over + DAY))


@pytest.mark.once
def test_whoever_was_sent_a_plan_came_and_stays_marked_as_that() -> None:
    cleo, _ = sent()
    for mark in (attendance.correct, attendance.unmark):
        with pytest.raises(Refused, match="plan"):
            mark(cleo, Origin(Actor.staff(staff()), THEN))


def test_a_plan_goes_with_its_request_and_so_do_its_sessions_without_a_time() -> None:
    cleo, plan = sent(line(sessions=(3, 3)))
    cleo = plan_answer.accept_plan(
        cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=plan.lines.values_list("pk", flat=True)
    )
    booked, *open_ones = ConsultationRequest.objects.exclude(session_number=None).order_by("pk")
    start = THEN + 18 * DAY - timedelta(hours=2)
    reply.confirm(booked, Origin(Actor.staff(staff()), THEN), slot=slot(start, minutes=60))
    erasure.erase(cleo, Origin(CLIENT, THEN))
    assert not Plan.objects.exists()
    booked.refresh_from_db()
    assert (booked.status, booked.erased_at, booked.name) == ("confirmed", None, cleo.name)
    for session in open_ones:
        session.refresh_from_db()
        assert (session.status, session.name, session.sleeps_until) == ("withdrawn", "Erased", None)


@pytest.mark.once
def test_not_suitable_and_not_now_are_plans_too() -> None:
    verbs.send_plan(seen(), Origin(ana(), THEN), written=not_now())
    assert Plan.objects.get().outcome == PlanOutcome.NOT_NOW
