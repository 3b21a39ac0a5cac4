"""A visit of a plan is moved: as far ahead as it is, and no nearer to the others than the plan has them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bookings import slot_text
from bookings.models import ConsultationRequest, Note, SupportNeeds, WishWindow
from bookings.queries import plans
from bookings.workflow import desk, plan_answer, reply, sessions, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from bookings.workflow.sessions import NotBooked
from clinic.foundation import when
from tests.factories import CLIENT, LONDON, at, slot, staff, undone
from tests.plans.test_client_page import browser, words
from tests.plans.test_desk_page import LATER, address, signed_in
from tests.plans.test_desk_page import later as later
from tests.plans.writing import DAY, RIGHTS, kind, line, seen, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOVE = "/consultations/mine/reschedule/"


def dee(because: str = "") -> Origin:
    return Origin(Actor.staff(staff()), LATER, because=because)


def booked() -> list[ConsultationRequest]:
    """Three visits, six weeks apart at least: on 15 December, 26 January and 13 April."""
    cleo, plan = sent(line(sessions=(3, 3), gap_days=42))
    keys = plan.lines.values_list("pk", flat=True)
    plan_answer.accept_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, lines=keys)
    days = (at(15, 11), at(15, 11) + 42 * DAY, at(15, 10) + 119 * DAY)
    chosen = zip(plans.sessions_of(cleo), days, strict=True)
    return sessions.book_all([(one, slot(day, minutes=60)) for one, day in chosen], dee())


def test_a_client_moves_a_visit_far_ahead_and_keeps_the_days_between() -> None:
    _, second, third = booked()
    SupportNeeds.objects.create(request=third, data={"support": ["step_free"]})
    client = browser(third, "manage")
    assert "As you asked: we know that you need a step-free way in." in words(
        client.get("/consultations/mine/")
    )
    page = client.get(MOVE)
    assert "So we show times at least 42 days after your visit on Tuesday 26 January." in words(page)
    days = {when.local_day(one.start, LONDON) for one in page.context["table"].found}
    assert min(days) == date(2027, 3, 9) and max(days) > date(2027, 5, 1)
    assert not page.context["table"].is_late
    # A time that nobody was shown.
    forged = slot_text.of(slot(at(15, 11) + 83 * DAY, minutes=60))
    old_link = words(client.get(MOVE, {"take": forged}))
    assert "That time is not free for this visit" in old_link and "just been taken" not in old_link
    assert "This leaves 41 days. Your visit stays where it was" in old_link
    late = client.post(MOVE, {"slot": forged, "version": third.version})
    assert late.status_code == 409
    assert "at least 42 days between this visit and the one on Tuesday 26 January" in words(late)
    assert "This leaves 41 days. Please choose another time, or call us." in words(late)
    taken = page.context["table"].soon[0].value
    assert client.post(MOVE, {"slot": taken, "version": third.version}).status_code == 303
    third.refresh_from_db()
    assert when.local_day(third.appointments.booked().get().starts_at, LONDON) == date(2027, 3, 9)
    # Between two others there may be other hours of the same day alone.
    page = browser(second, "manage").get(MOVE)
    assert {when.local_day(one.start, LONDON) for one in page.context["table"].found} == {date(2027, 1, 26)}
    assert "and at least 42 days before your visit on Tuesday 9 March." in words(page)
    table = browser(second, "manage").get(MOVE, {"day": "2027-01-27"}).context["table"]
    why = {one.date.day: (one.why_short, one.times_words) for week in table.weeks for one in week}
    assert why[25] == ("too near", "too near to your visit on Tuesday 15 December")
    assert why[27] == ("too near", table.day.why) == ("too near", "too near to your visit on Tuesday 9 March")
    # No visit jumps over the one after it.
    beyond = slot_text.of(slot(at(15, 11) + 135 * DAY, minutes=60))
    late = browser(second, "manage").post(MOVE, {"slot": beyond, "version": second.version})
    assert "The plan has this visit 42 days or more before the one on Tuesday 9 March." in words(late)


def test_the_desk_goes_past_a_plan_with_a_reason_that_is_kept() -> None:
    _, _, third = booked()
    near = slot(at(15, 11) + 83 * DAY, minutes=60)
    with pytest.raises(Refused, match="at least 42 days .* This leaves 41 days"):
        visit.reschedule(third, dee(), slot=near)
    with pytest.raises(Refused, match="Type why"):
        visit.reschedule(third, dee(), slot=near, although=["gap"])
    visit.reschedule(third, dee("Ana agrees."), slot=near, although=["gap"])
    assert third.appointments.booked().get().stands_although == "gap"
    assert third.notes.get(kind=Note.Kind.INTERNAL).words == "Ana agrees."
    # The desk reads it beside all visits, on each page; the client in words.
    cleo, front, client = third.follows, signed_in(staff()), browser(third, "manage")
    assert cleo is not None
    said = "41 days after Punch techniques, visit 2; the plan has at least 42"
    assert f"Visit 3, {third.reference}: " in words(front.get(address(cleo, "change")))
    for one in (cleo, third):
        page = words(front.get(address(one, "change")))
        assert (
            f"Mon 8 Mar 2027 11:00 with Ana Lind Nearer, with a reason {said}. The reason stands in the notes."
            in page
        )
        assert "Tue 15 Dec 2026 11:00 with Ana Lind" in page
    mine = words(client.get("/consultations/mine/"))
    assert (
        "the one on Tuesday 26 January are 41 days. Our plan for you has at least 42. We booked it so" in mine
    )
    third.appointments.update(stands_although="")
    assert f"Too near {said}. Move one of them." in words(front.get(address(third, "change")))
    assert "We look at it, and call you" in words(client.get("/consultations/mine/"))


def test_an_offered_time_that_another_visit_has_come_near_to_is_taken_and_the_desk_comes_back_to_it() -> None:
    _, second, third = booked()
    third = visit.cancel(third, dee())
    third = reply.offer(desk.reopen(third, dee()), dee(), slots=[slot(at(15, 11) + 84 * DAY, minutes=60)])
    held = third.appointments.get(is_offer=True, state="held")
    with undone():
        taken = reply.accept(third, Origin(CLIENT, LATER), appointment_id=held.pk)
        assert taken.follow_up_on is None
    visit.reschedule(second, Origin(CLIENT, LATER), slot=slot(at(15, 11) + 48 * DAY, minutes=60))
    taken = reply.accept(third, Origin(CLIENT, LATER), appointment_id=held.pk)
    assert (taken.status, taken.follow_up_on) == ("confirmed", LATER.date())


def test_a_visit_of_a_plan_says_at_the_desk_what_it_is_and_what_they_need() -> None:
    cleo = seen()
    SupportNeeds.objects.create(request=cleo, data={"support": ["step_free"], "support_note": "A ramp."})
    WishWindow.objects.create(request=cleo, weekday=None, part="afternoon")
    cleo, plan = sent(line(sessions=(2, 3)), cleo=cleo)
    keys = plan.lines.values_list("pk", flat=True)
    plan_answer.accept_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, lines=keys)
    first, second = plans.sessions_of(cleo)
    gus = signed_in(staff("Gus Lane", *(f"bookings.{right}" for right in RIGHTS[:2])))
    page = words(gus.get(address(second, "change")))
    for said in (
        "A ramp.",
        "visit 2 of 2 to 3",
        "Not booked yet",
        "with their yes to the plan",
        cleo.reference,
    ):
        assert said in page
    # And where its time is found, with when they could come.
    arranging = words(gus.get(address(cleo, "sessions")))
    assert arranging.count("A ramp.") == 2
    assert "Any day, afternoon" in arranging
    for wrong in ("Not sure", "Nothing recorded", "Punch", "£"):
        assert wrong not in page
    reader = signed_in(staff("Ana Lind", *(f"bookings.{right}" for right in RIGHTS)))
    page = words(reader.get(address(second, "change")))
    assert "Punch techniques, visit 2" in page and "£140 to £190 per scar" in page
    assert words(reader.get(address(cleo, "plan"))).count("not booked yet, from") == 2
    assert first.needs("step_free")


def test_no_page_books_past_a_plan_without_a_reason() -> None:
    cleo, plan = sent(
        line(sessions=(2, 2), gap_days=42),
        line("Peel", sessions=(1, 1), after=0, kind=kind("Peel, one hour", interval_days=0)),
    )
    keys = plan.lines.values_list("pk", flat=True)
    plan_answer.accept_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, lines=keys)
    first, second, peel = plans.sessions_of(cleo)
    with pytest.raises(Refused, match="from Sunday 13 December on"):
        reply.confirm(first, dee(), slot=slot(at(11, 11), minutes=60))
    pair = [
        (first, slot(at(15, 11) + 20 * DAY, minutes=60)),
        (second, slot(at(15, 11) + 48 * DAY, minutes=60)),
    ]
    with pytest.raises(NotBooked, match="at least 42 days"):
        sessions.book_all(pair, dee())
    with undone():
        sessions.book_all([pair[1]], dee())
        with pytest.raises(Refused, match="42 days or more after the one on Monday 1 February"):
            reply.confirm(peel, dee(), slot=slot(at(15, 15) + 41 * DAY, minutes=60), although=["early"])
    assert first.due_on is not None and first.due_on + timedelta(days=42) == second.due_on
