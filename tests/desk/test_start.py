"""The start page: what wants the person who is signed in, each number with a list of just what it counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.messages import send
from bookings.models import ConsultationRequest, Message, Practitioner, TalliedUntil, Tally, TimeOff
from bookings.roles import grants
from bookings.states import CallOutcome, Status
from bookings.workflow import calls, desk
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import GivenRole
from content.models import Version
from tests import factories as make
from tests.desk.pages import ANSWERS, html, names, words
from tests.desk.test_sql import asked, listed

pytestmark = pytest.mark.once
START = "/admin/"


def in_role(code: str, name: str) -> Client:
    grants.give(make.NOW)
    user = make.staff(name, "bookings.view_tag")
    user.user_permissions.clear()
    group = GivenRole.objects.get(code=code).group
    assert group is not None
    user.groups.add(group)
    browser = Client()
    browser.force_login(user)
    return browser


def section(page: str, title: str) -> str:
    """The card whose heading contains `title`."""
    found = [part for part in re.findall(r"<section.*?</section>", page, re.DOTALL) if title in part]
    assert found, f"no card “{title}”"
    return str(found[0])


def steps(page: str) -> list[str]:
    """What the buttons of the waiting say, in order."""
    cells = re.findall(r'<td class="do"><a class="btn" href="([^"]+)">(?:<svg.*?</svg>)?([^<]+)', page)
    return [f"{step} {url.partition('#')[2]}" for url, step in cells]


def test_who_waits_stands_in_order_of_the_promise_with_the_next_step(dee: Client) -> None:
    make.submitted(name="Bea Anytime", start=None, now=make.NOW - timedelta(days=4))
    make.submitted(name="Cleo Marsh", now=make.NOW - timedelta(days=3), start=make.at(4, 12))
    ConsultationRequest.objects.filter(name="Cleo Marsh").update(hold_until=make.NOW + timedelta(days=2))
    cleo = ConsultationRequest.objects.get(name="Cleo Marsh")
    cleo.appointments.update(held_until=make.NOW + timedelta(days=2))
    make.submitted(name="Abe Sameday", start=None, now=make.NOW - timedelta(days=6), phone="+441632960174")
    ConsultationRequest.objects.filter(name="Abe Sameday").update(same_day_call=True)
    make.submitted(name="Gwen Urgent", start=None, phone="+441632960173")
    ConsultationRequest.objects.filter(name="Gwen Urgent").update(urgent=True)
    page = html(dee.get(START))
    order = [page.index(name) for name in ("Gwen Urgent", "Abe Sameday", "Bea Anytime", "Cleo Marsh")]
    assert order == sorted(order)
    assert steps(page)[1:] == ["Call h-call", "Offer times answer", "Confirm 12:00 answer"][0:]
    assert "3 overdue, 2 to call" in words(dee.get(START))
    calls = section(page, "Calls and texts to make")
    assert "urgent: ring now" in calls and calls.index("Gwen Urgent") < calls.index("Abe Sameday")
    assert "Calls and texts 2 clients to ring or text" in words(dee.get(START)), (
        "the menu counts as this page does"
    )
    # Somebody else wants that time as well: that is a decision.
    ConsultationRequest.objects.filter(name="Bea Anytime").update(wished_start=make.at(4, 12))
    assert "Confirm 12:00 answer" not in steps(html(dee.get(START)))
    assert steps(html(dee.get(START)))[2:] == ["Decide answer", "Decide answer"]


def test_the_front_desk_hands_over_who_must_be_rung_today_and_reads_no_health_word() -> None:
    desk_of_dee = in_role("reception", "Dee Front")
    tom = make.submitted(name="Tom Bradley", start=None, answers=ANSWERS)
    ConsultationRequest.objects.filter(pk=tom.pk).update(same_day_call=True)
    page = html(desk_of_dee.get(START))
    assert steps(page) == ["Hand over answer"]
    assert "tablets" not in page and "sotretinoin" not in page
    assert "How the queue is doing" not in page


def test_every_number_leads_to_a_list_of_just_that_many(dee: Client) -> None:
    """Ends soon, to call, come back, in doubt, not marked: the list behind the link holds the same names."""
    actor = Actor.staff(make.staff())
    offered = make.in_state(Status.OFFERED, name="Bo Lindqvist", start=None)
    offered.appointments.held().update(held_until=make.NOW + timedelta(hours=3))
    ring = make.submitted(name="Marta Kowal", start=None, phone="+441632960118")
    ConsultationRequest.objects.filter(pk=ring.pk).update(urgent=True)
    calls.call(
        ConsultationRequest.objects.get(pk=ring.pk), Origin(actor, make.NOW), outcome=CallOutcome.NO_ANSWER
    )
    back = make.submitted(name="Nikos Papa", start=None)
    desk_day = make.NOW.date()
    calls.follow_up(back, Origin(actor, make.NOW), on=desk_day)
    make.in_state(Status.CONFIRMED, name="Beth Lang", start=make.at(8, 14))
    TimeOff.objects.create(practitioner=make.practitioner(), starts_at=make.at(8, 13), ends_at=make.at(8, 17))
    make.in_state(Status.CONFIRMED, name="Yusuf Kaya", start=make.at(1, 10), now=make.NOW)
    page = html(dee.get(START))
    for title, name in (
        ("About to end", "Bo Lindqvist"),
        ("Calls and texts to make", "Marta Kowal"),
        ("Come back today", "Nikos Papa"),
        ("in doubt", "Beth Lang"),
    ):
        card = section(page, title)
        assert name in card, title
        link = re.search(r'<header>.*?<a href="([^"]+)">All 1', card, re.DOTALL)
        assert link, title
        assert names(dee.get(link[1].replace("&amp;", "&"))) == [name], title
    assert "Ana Lind is away on Tuesday 8 December." in section(page, "in doubt")
    assert "The next is on Tuesday 1 December." in section(page, "Visits today")


def test_mails_that_failed_are_named_with_a_number_to_ring_and_so_is_a_silent_worker(dee: Client) -> None:
    cleo = make.submitted(name="Hannah Lowe", phone="+441632960241")
    Message.objects.filter(request=cleo).update(state="failed", problem="mailbox does not exist")
    card = section(html(dee.get(START)), "did not arrive")
    assert "Hannah Lowe" in card and "mailbox does not exist" in card and "tel:+441632960241" in card
    looks = Client()
    looks.force_login(make.staff("Lee Looks", "bookings.view_consultationrequest"))
    assert "did not arrive" not in html(looks.get(START))
    assert "has not been heard of" not in words(dee.get(START))
    send.beat("worker", make.NOW - timedelta(minutes=6))
    assert "The worker has not been heard of for more than five minutes." in words(dee.get(START))


def test_a_practitioner_starts_with_their_own_day() -> None:
    browser = in_role("clinicians", "Ana Signs")
    Practitioner.objects.filter(pk=make.practitioner().pk).update(user=make.staff("Ana Signs"))
    bo = make.practitioner("Bo Reyes")
    for name, hour, who in (("Grace Mine", 11, make.practitioner()), ("Leo Others", 12, bo)):
        at = {"start": make.at(30, hour, month=11), "practitioner_id": who.pk}
        make.in_state(Status.CONFIRMED, name=name, now=make.NOW - timedelta(days=5), **at)
    make.submitted(name="Cleo Others", start=make.at(4, 12), practitioner_id=bo.pk)
    other = ConsultationRequest.objects.get(name="Cleo Others")
    desk.assign(other, Origin(Actor.staff(make.staff()), make.NOW), user=make.staff())
    with CaptureQueriesContext(connection) as context:
        page = html(browser.get(START))
    assert len(asked(context)) <= 12, listed(asked(context))
    assert page.index("Your day: 1 visit") < page.index("Needs an answer")
    mine = section(page, "Your day")
    for words_of_it in (
        '<b class="mark">Next</b>',
        "no phone",
        "Rolling scars",
        "That you read them is recorded",
    ):
        assert words_of_it in mine, words_of_it
    visit = re.search(r'name="visit" value="(\d+)"', mine)
    assert visit
    marked = browser.post("/admin/day/", {"visit": visit[1], "do": "arrive", "page": START})
    assert marked["Location"] == f"{START}#v{visit[1]}"
    assert (
        browser.post("/admin/day/", {"visit": visit[1], "do": "x", "page": "//evil.example"}).status_code
        == 404
    )
    assert "Here since" in section(html(browser.get(START)), "Your day")
    assert "Grace Mine" in page and "Leo Others" not in page
    assert "Cleo Others" not in section(page, "Needs an answer"), (
        "what somebody else does is not this practitioner's to answer"
    )


def test_it_is_calm_when_nothing_waits(dee: Client) -> None:
    page = words(dee.get(START))
    assert "Nobody waits for an answer." in page
    assert "Nothing is late." in page
    assert "The clinic is closed" not in page
    ana, till = make.practitioner(), make.at(7, 0)
    TimeOff.objects.create(practitioner=ana, starts_at=make.at(4, 0), ends_at=till, label="Ill")
    TimeOff.objects.create(
        practitioner=make.practitioner("Bo Berg"), starts_at=make.at(5, 13), ends_at=make.at(5, 15)
    )
    with time_machine.travel(make.at(5, 10), tick=False):
        dee.force_login(make.staff())
        page = words(dee.get(START))
    assert "Ana Lind: away to the end of Sun 6 Dec; Bo Berg: away from 13:00 to 15:00. Day sheet" in page
    assert "The clinic is closed. It opens on Monday 7 December at 9am." in page
    for absent in ("did not arrive", "in doubt", "Calls and texts to make", "About to end", "not marked"):
        assert absent not in page


def test_editors_reviewers_and_operators_land_on_what_waits_for_them(shipped_clinic: None) -> None:
    ed = in_role("editors", "Ed Writes")
    with CaptureQueriesContext(connection) as context:
        page = words(ed.get(START))
    assert len(asked(context)) <= 12, listed(asked(context))
    assert "Pages to check" in page and "nobody has checked it" in page and "things want somebody" in page
    version = Version.objects.filter(page__kind="concern").latest("pk")
    Version.objects.create(
        page=version.page, number=version.number + 1, data=version.data, saved_by_name="Ed", saved_at=make.NOW
    )
    rae = words(in_role("reviewers", "Rae Checks").get(START))
    assert "Waits for your approval" in rae and "saved Mon 30 Nov 09:00 by Ed" in rae
    assert "Needs an answer" not in rae
    assert "Waits for a reviewer" in words(ed.get(START))
    page = words(in_role("operators", "Olu Keeps").get(START))
    assert "Every mail has arrived" in page and "No worker was ever started here." in page


def test_whoever_may_see_nothing_gets_the_list_of_pages(eve: Client) -> None:
    make.submitted(name="Cleo Secret")
    page = eve.get(START)
    assert "Cleo Secret" not in html(page)
    assert "permission to view or edit anything" in words(page)


def test_it_asks_for_little_with_all_its_figures() -> None:
    """tests/desk/test_sql.py asks again among thousands."""
    maya = in_role("managers", "Maya Holt")
    make.submitted(answers=ANSWERS)
    tallied()
    with CaptureQueriesContext(connection) as context:
        assert maya.get(START).status_code == 200
    assert len(asked(context)) <= 12, listed(asked(context))


def tallied() -> None:
    """Ten weeks of which something can be said, and one of which nothing can."""
    TalliedUntil.objects.create(pk=1, day=make.NOW.date() - timedelta(days=1))
    monday = make.NOW.date()
    rows = []
    for n in range(1, 12):
        day = monday - timedelta(weeks=n)
        asked_for = 3 if n == 4 else 10 + n
        for what, key, number in (
            ("asked", "site", asked_for),
            ("outcome", "confirmed", asked_for // 2),
            ("reply", "90", asked_for),
            ("visit", "attended", asked_for),
            ("visit", "no_show", 1),
            ("concern", "rolling", asked_for),
            ("source", "gone-by-now", 6),
            ("unmet", "", 2),
            ("unmet", "3-evening", 1),
        ):
            rows.append(Tally(day=day, what=what, key=key, number=number))
    Tally.objects.bulk_create(rows)


def test_managers_see_the_figures_below_the_work_each_with_a_table() -> None:
    tallied()
    maya = in_role("managers", "Maya Holt")
    late = make.submitted(name="Cleo Marsh")
    ConsultationRequest.objects.filter(pk=late.pk).update(promise_due_at=make.NOW - timedelta(hours=1))
    page = html(maya.get(START))
    said = words(maya.get(START))
    assert page.index("Needs an answer") < page.index("How the queue is doing")
    assert "11 last week." in said
    assert "Counted up to Sunday 29 November." in said
    assert "Half within 1.5 opening hours, nine in ten within 1.5: inside the promise of 8." in said
    assert "That is of those answered: 1 is unanswered past the promise right now." in said
    assert "A dash is a week with fewer than 5" in said
    assert "under 5 replies" in section(page, "Time to the first reply")
    assert "leads with 60." in section(page, "Where requests begin"), "ten weeks of six, as in all of them"
    assert "Rolling scars leads with" in said
    assert "Thursday evening would have met 10 of 20." in said
    assert "under 5" in section(page, "Requests and outcomes"), "a week of three requests is not told"
    assert page.count("<summary>As a table") == page.count('<svg class="chart"') >= 7
    assert "style=" not in page
    assert "How the queue is doing" not in html(in_role("reception", "Dee Front").get(START))


def test_without_five_requests_a_week_the_figures_say_why_there_are_none() -> None:
    page = words(in_role("managers", "Maya Holt").get(START))
    assert "Figures begin with a week of 5 requests: a smaller number could point at a person." in page
    assert "left this week" in page
