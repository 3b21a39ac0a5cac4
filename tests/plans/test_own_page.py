"""The client's first page after the visit: where the plan and its visits stand, and nothing about their skin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from bookings.client.own.after import IF_YOU_WANT_IT
from bookings.messages import calendar_file, render
from bookings.models import ConsultationRequest, Message, Plan
from bookings.queries import plans, plans_due
from bookings.queries.client import recent_of
from bookings.queries.plan_standing import standing_of
from bookings.workflow import desk, plan_answer, reply, sessions, visit
from bookings.workflow import plan as writing
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from content.models import ClinicProfile
from tests.factories import CLIENT, CLOCK, at, in_state, slot, staff, undone
from tests.plans.test_client_page import browser, words
from tests.plans.test_desk_page import signed_in
from tests.plans.writing import DAY, THEN, ana, kind, line, not_now, seen, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Every word that a plan may say about skin, and every amount.
ABOUT_SKIN = re.compile(r"scar|punch|laser|£7|cheek|peel|\bspots?\b|skin you|darken|deep|narrow", re.I)


@pytest.fixture(autouse=True)
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THEN + DAY, tick=False) as clock:
        yield clock


def own(consultation: ConsultationRequest) -> str:
    page = words(browser(consultation, "manage").get("/consultations/mine/"))
    assert not ABOUT_SKIN.search(page), ABOUT_SKIN.search(page)
    return page


def with_plan(
    act: Callable[[ConsultationRequest, Origin, Plan], object] | None = None,
) -> ConsultationRequest:
    cleo, plan = sent(line(sessions=(2, 3)), line("Laser"))
    if act:
        act(cleo, Origin(CLIENT, THEN + DAY), plan)
    cleo.refresh_from_db()
    return cleo


def test_a_plan_that_waits_is_the_first_thing_to_read() -> None:
    page = own(with_plan())
    assert (
        "We have written to you Read it when it suits you. There is no hurry, and nobody will chase you."
        in page
    )
    assert "What we wrote to you" in page
    assert "Next: You read it, and ask us what is not clear." in page


def test_a_yes_to_some_leaves_the_rest_and_shows_the_visits() -> None:
    page = own(
        with_plan(
            lambda cleo, origin, plan: plan_answer.accept_plan(
                cleo, origin, plan=plan.pk, lines=[plan.lines.all()[0].pk]
            )
        )
    )
    assert (
        "Thank you for your answer You said yes to some of it on Friday 4 December. Nothing is booked yet. "
        "The rest waits for you until Wednesday 3 March 2027." in page
    )
    assert "Next: We arrange your visits with you." in page
    assert "What happens next We look for a time for your first visit. You hear from us by " in page
    assert "Not before Sunday 13 December. You hear from us about a time by " in page
    assert (
        "Not before Sunday 27 December. You hear from us in the three weeks before that day, or sooner."
        in page
    )
    assert "Read it again" not in page


def test_a_yes_to_all_and_a_no() -> None:
    page = own(
        with_plan(
            lambda cleo, origin, plan: plan_answer.accept_plan(
                cleo, origin, plan=plan.pk, lines=[one.pk for one in plan.lines.all()]
            )
        )
    )
    assert (
        "Thank you for your answer You said yes to all of it on Friday 4 December. Nothing is booked" in page
    )
    assert "Read it again" in page


def test_the_yes_is_taken_back_on_this_page_and_a_second_press_says_what_is_so() -> None:
    cleo = with_plan(
        lambda cleo, origin, plan: plan_answer.accept_plan(
            cleo, origin, plan=plan.pk, lines=[one.pk for one in plan.lines.all()]
        )
    )
    assert (
        "You can take your yes back until Wednesday 9 December, and after that as long as no visit is booked."
        in own(cleo)
    )
    client, address = browser(cleo, "manage"), "/consultations/mine/take-back-plan/"
    assert client.post(address, {"version": cleo.version}).status_code == 303
    other = words(browser(cleo, "manage").get("/consultations/mine/"))
    page = words(client.get("/consultations/mine/"))
    assert "You have taken back your yes. Any visit that came of it is called off." in page
    # Once, and to whoever did it.
    stays = "You took back your yes. Nothing is booked. What we wrote stays open for you until Wednesday 3 March 2027"
    assert stays in page and "Next: You read it" not in page
    assert "You have taken back your yes." not in other + words(client.get("/consultations/mine/"))
    assert "Take back my yes" not in page
    assert client.post(address, {"version": cleo.version}).status_code == 303  # a double click
    cleo.refresh_from_db()
    late = client.post(address, {"version": cleo.version})
    assert late.status_code == 409
    assert "you have taken it back already" in words(late)


def test_a_part_that_was_taken_back_in_another_tab_is_not_the_whole() -> None:
    cleo = with_plan(
        lambda cleo, origin, plan: plan_answer.accept_plan(
            cleo, origin, plan=plan.pk, lines=[one.pk for one in plan.lines.all()]
        )
    )
    plan, shown = Plan.objects.get(), cleo.version
    plan_answer.take_back_plan(cleo, Origin(CLIENT, THEN + DAY), plan=plan.pk, lines=[plan.lines.all()[0].pk])
    late = browser(cleo, "manage").post("/consultations/mine/take-back-plan/", {"version": shown})
    assert late.status_code == 409
    assert "took back an answer to the plan" in words(late)


def test_a_no_is_a_good_answer() -> None:
    page = own(with_plan(lambda cleo, origin, plan: plan_answer.decline_plan(cleo, origin, plan=plan.pk)))
    assert (
        "You said no, and that is a good answer too. You can still read it. You can take your no back there"
        in page
    )
    assert "Ask for a visit" in page
    assert "Your visits" not in page


def test_a_plan_that_ran_out_says_so_before_the_clock_has_ended_it(later: time_machine.Traveller) -> None:
    cleo = with_plan()
    later.move_to(THEN + 91 * DAY)
    said = "It was valid until Wednesday 3 March 2027. You can still read it."
    assert said in own(cleo)
    writing.expire_plan(cleo, Origin(CLOCK, THEN + 91 * DAY))
    cleo.refresh_from_db()
    assert said in own(cleo)


def test_what_is_no_plan_asks_for_no_answer() -> None:
    page = own(writing.send_plan(seen(), Origin(ana(), THEN), written=not_now()))
    assert "Read it when it suits you. If something is not clear, call us." in page
    assert "Not now" not in page
    assert "Read it again" not in page
    assert "each part" not in page
    client = browser(ConsultationRequest.objects.get(), "manage")
    asked = client.post("/consultations/mine/ask-again/")
    assert asked["Location"].startswith("/consultations/request/")


def test_a_visit_of_its_own_says_when_it_can_be_and_who_acts_next(later: time_machine.Traveller) -> None:
    cleo = with_plan(
        lambda cleo, origin, plan: plan_answer.accept_plan(
            cleo, origin, plan=plan.pk, lines=[plan.lines.all()[0].pk]
        )
    )
    first, second = plans.sessions_of(cleo)
    page = own(first)
    assert "Your visit 1 of 2, " in page
    assert (
        "We arrange this visit with you You said yes to it. It can be on Sunday 13 December at the soonest."
        in page
    )
    assert "You hear from us by" in page
    assert "You said yes to this visit." in page
    assert second.sleeps_until is not None
    assert "You hear from us in time, and need to do nothing now." in own(second)
    later.move_to(THEN + timedelta(days=12))
    assert "and we are late" in own(first)
    sessions.call_off(second, Origin(ana(), THEN + DAY))
    second.refresh_from_db()
    assert "This visit was called off" in own(second)


def test_the_mail_the_file_and_the_page_of_a_session_name_no_amount() -> None:
    """The plan says what it costs, behind its own link. What the kind would cost somebody else is nobody's answer."""
    cleo, plan = sent(line(sessions=(1, 1), kind=kind(fee=18000)))
    plan_answer.accept_plan(
        cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=plan.lines.values_list("pk", flat=True)
    )
    session = ConsultationRequest.objects.get(session_number=1)
    ClinicProfile.objects.update(to_bring="Notes of what you tried", what_happens="We ask what bothers you")
    dee = Origin(Actor.staff(staff()), THEN)
    session = reply.confirm(session, dee, slot=slot(THEN + 12 * DAY - timedelta(hours=2), minutes=60))
    mail = render.render(session.messages.get(kind="confirmed"), now=THEN)
    assert "Cost: as in our letter" in mail.text
    assert (
        "How to prepare stands in what we wrote to you after your consultation. Your page leads there."
        in (" ".join(mail.text.split()))
    )
    assert "£" not in mail.text + mail.html
    file = calendar_file.download(session, ClinicProfile.current(), now=THEN)
    assert file is not None
    assert b"as in our letter" in file.replace(b"\r\n ", b"")
    client = browser(session, "manage")
    page = client.get("/consultations/mine/").content.decode()
    assert "It costs what stands in our letter. See the cost" in words(client.get("/consultations/mine/"))
    ways = {
        client.post("/consultations/mine/other/", {"to": cleo.pk, "plan": to})["Location"]
        for to in ("prepare", "cost")
        if client.post("/consultations/mine/other/", {"to": session.pk})
    }
    assert ways == {"/consultations/mine/plan/#prepare", "/consultations/mine/plan/"}
    client.post("/consultations/mine/other/", {"to": session.pk})
    # What the first visit is like, and what to bring to it, is not what happens here.
    assert "What will happen" not in page + mail.text
    assert "What to bring" not in page + mail.text
    assert "More about a consultation" not in page
    move = client.get("/consultations/mine/reschedule/")
    assert "Your consultation" not in words(move)
    assert "Your visit" in words(move)
    taken = move.context["table"].soon[0].value
    check = client.get("/consultations/mine/reschedule/", {"take": taken})
    assert "Move your visit?" in words(check)
    desk = signed_in(staff()).get(f"/admin/bookings/consultationrequest/{session.pk}/change/")
    assert "as agreed: in person, 60 minutes, the sum in the plan" in words(desk)
    assert "£" not in page + move.content.decode() + check.content.decode()
    assert "£180" not in desk.content.decode()
    assert "£140 to £190 per scar as in the plan" in words(desk)


def test_a_visit_that_its_client_cancelled_can_be_asked_for_and_made_again() -> None:
    cleo, plan = sent(line(sessions=(1, 1)))
    plan_answer.accept_plan(
        cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=plan.lines.values_list("pk", flat=True)
    )
    [session] = plans.sessions_of(cleo)
    assert "until Wednesday 9 December, and after that as long as no visit is booked." in render.render(
        cleo.messages.get(kind="plan_said"), now=THEN
    ).text.replace("\n", " ")
    dee = Origin(Actor.staff(staff()), THEN)
    session = reply.confirm(session, dee, slot=slot(THEN + 12 * DAY - timedelta(hours=2), minutes=60))
    visit.cancel(session, Origin(CLIENT, THEN + DAY))
    cleo.refresh_from_db()
    page = own(cleo)
    assert f"your yes to it stands. {IF_YOU_WANT_IT}" in page
    assert "Next: If you would like another time, you ask for it." in page
    mail = render.render(Message.objects.get(kind="cancelled"), now=THEN + DAY).text
    assert f"Your yes to it stands. {IF_YOU_WANT_IT}" in mail.replace("\n", " ")
    assert plans.courses_of(cleo) == []
    # The desk has it in its list before anybody has asked.
    assert [(row["number"], row["again"]) for row in plans_due.unbooked()] == [(0, 1)]
    assert (known := standing_of(cleo)).waits == 0 and known.to_arrange == 1
    assert list(plans_due.to_have_again()) == list(plans.unbooked(cleo)) == [session]
    assert not plans_due.to_arrange()
    # From one page to the other, and back; the plan stays behind its link.
    client = browser(cleo, "manage")
    assert client.post("/consultations/mine/other/", {"to": session.pk})["Location"] == "/consultations/mine/"
    page = words(client.get("/consultations/mine/"))
    assert "You cancelled your visit" in page and page.count("It was on ") == 1
    assert f"Your yes to it stands. {IF_YOU_WANT_IT}" in page
    assert "Ask again" not in page
    session.refresh_from_db()
    with undone():
        again = sessions.book_all([(session, slot(THEN + 12 * DAY, minutes=60))], dee)
        assert [one.status for one in again] == ["confirmed"]
    session.refresh_from_db()
    assert client.post("/consultations/mine/reopen/", {"version": session.version}).status_code == 303
    assert "You hear from us" in words(client.get("/consultations/mine/"))
    assert plans.unbooked(cleo).get().status == "new"
    assert client.post("/consultations/mine/other/", {"to": cleo.pk, "plan": 1})["Location"].endswith(
        "/plan/"
    )
    assert "Send me the link" in words(client.get("/consultations/mine/plan/"))


def test_a_client_turns_to_no_page_of_somebody_else_and_opens_nothing_but_a_visit_of_a_plan() -> None:
    cleo, client = (one := with_plan()), browser(one, "manage")
    someone = seen(name="Bea", email="bea@example.org", start=at(3, 14))
    client.post("/consultations/mine/other/", {"to": someone.pk})
    assert cleo.reference in words(client.get("/consultations/mine/"))
    with pytest.raises(Refused):
        desk.reopen(
            withdrawn := in_state("withdrawn", email="bo@example.org", start=None),
            Origin(CLIENT, THEN, withdrawn.version),
        )


def test_a_new_link_is_sent_for_the_next_visit_and_the_plan_however_many_requests_are_newer() -> None:
    cleo, plan = sent(line(sessions=(3, 3)))
    plan_answer.accept_plan(
        cleo, Origin(CLIENT, THEN), plan=plan.pk, lines=plan.lines.values_list("pk", flat=True)
    )
    first, _, last = plans.sessions_of(cleo)
    dee = Origin(Actor.staff(staff()), THEN)
    reply.confirm(first, dee, slot=slot(THEN + 12 * DAY - timedelta(hours=2), minutes=60))
    assert recent_of(cleo.email, 3, THEN) == [first, cleo, last]
