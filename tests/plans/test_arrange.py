"""The sessions of a plan at the desk: found long before their day, typed by hand, one more of them, none too early."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings import slot_text
from bookings.models import ConsultationRequest, Message, WishWindow
from bookings.queries import plans, same_person, session_times
from bookings.queries.clinic import clinic
from bookings.ranking import part_of
from bookings.workflow import plan_answer, reply, sessions
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from bookings.workflow.plan import Line
from bookings.workflow.sessions import NotBooked
from clinic.foundation import when
from clinic.foundation.text import ordinal
from tests.factories import CLIENT, LONDON, at, practitioner, slot, staff
from tests.plans.test_client_page import browser, words
from tests.plans.test_desk_page import LATER, address, signed_in
from tests.plans.test_desk_page import later as later
from tests.plans.writing import DAY, RIGHTS, kind, line, seen, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/admin/bookings/consultationrequest/sessions/"


def accepted(*lines: Line, name: str = "Cleo", hour: int = 10, **wish: Any) -> ConsultationRequest:
    cleo, plan = sent(*lines or (line(sessions=(3, 4)),), cleo=seen(name=name, start=at(3, hour)))
    keys = plan.lines.values_list("pk", flat=True)
    return plan_answer.accept_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, lines=keys, **wish)


def dee() -> Client:
    return signed_in(staff())


def fields(cleo: ConsultationRequest, **changes: str) -> dict[str, str]:
    """Nothing chosen, and what the page showed of each session."""
    waiting = plans.unbooked(cleo)
    return {f"version-{one.pk}": str(one.version) for one in waiting} | changes


def test_times_in_the_same_place_of_all_visits_are_not_too_near_and_the_first_are_the_soonest() -> None:
    """Two treatments that are booked as one kind, and one that follows: each pair of what is suggested first is lawful."""
    cleo = accepted(
        line("Laser", sessions=(2, 2)), line(sessions=(2, 2)), line("Peel", sessions=(1, 1), after=0)
    )
    waiting = list(plans.unbooked(cleo))
    found = session_times.suggested(waiting, LATER, clinic(LATER))
    days = {key: [when.local_day(one.start, LONDON) for one in slots] for key, slots in found.items()}
    assert [len(one) for one in days.values()] == [3] * 5
    for one, other in combinations(days, 2):
        assert all(abs(a - b) >= timedelta(days=14) for a, b in zip(days[one], days[other], strict=True))
    laser, peel = waiting[1], waiting[4]
    assert all(a < b for a, b in zip(days[laser.pk], days[peel.pk], strict=True))
    first, second = (days[one.pk] for one in waiting[:2])
    assert second[0] - first[0] == timedelta(days=14)


def test_what_they_asked_for_stands_first_then_the_other_parts_of_the_day() -> None:
    cleo = accepted(line(sessions=(2, 2)))
    WishWindow.objects.create(request=cleo, weekday=None, part="afternoon")
    practitioner().working_hours.filter(weekday=2).update(ends=time(19))
    second = plans.unbooked(cleo)[1]
    gus = signed_in(staff("Gus Lane", *(f"bookings.{right}" for right in RIGHTS[:2])))
    for asked, parts in (
        ("", ["afternoon", "morning", "evening"]), ("evening", ["evening", "morning", "afternoon"])
    ):  # fmt: skip
        if asked:  # for this visit they said something else
            WishWindow.objects.create(request=second, weekday=2, part=asked)
        page = gus.get(address(cleo, "sessions"))
        shown = next(one for one in page.context["visits"] if one.session == second)
        starts = [slot_text.read(value) for value, _, _ in shown.times]
        there = [when.local(one[1], LONDON) for one in starts if one]
        assert [part_of(one) for one in there] == parts
        assert [(said.endswith("as they asked"), chosen) for _, said, chosen in shown.times] == [
            (True, True), (False, False), (False, False)
        ]  # fmt: skip
        assert len({one.date() for one in there}) == 3
    # Who may not read the plan reads no more of its price than the sum: what is counted says what is treated.
    assert "£140 to £190 (for what, their letter says)" in words(page)
    assert "per scar" not in words(page)


def test_suggested_times_respect_what_is_booked_and_are_seen_of_others_too() -> None:
    cleo, front = accepted(line(sessions=(3, 3))), dee()
    first, *_ = front.get(address(cleo, "sessions")).context["visits"]
    third = first.times[2][0]  # the latest of the three days: what follows moves with it
    fields = {f"slot-{first.session.pk}": third, f"version-{first.session.pk}": first.session.version}
    assert front.post(address(cleo, "sessions"), fields).status_code == 303
    day = ConsultationRequest.objects.get(pk=first.session.pk).appointments.booked().get().starts_at
    page = front.get(address(cleo, "sessions"))
    second, third_visit = page.context["visits"]
    # From the booked visit on, for the desk and for the client; what is not booked yet pushes what follows it.
    begins = when.local_day(day, LONDON) + 14 * DAY
    assert second.session.due_on < second.first == begins == third_visit.first - 14 * DAY
    assert f"from {begins:%a} {begins.day} {begins:%b %Y} on" in words(page)
    assert second.example == f"{begins:%a} {begins.day} {begins:%b}"
    # What is booked stands above it, with its time.
    above = words(page).split("Times with")[0]
    assert f"{when.short_with_year(day, LONDON)} with Ana Lind" in above
    assert "visit 2" not in above.split("Booked already")[1]
    for one, said in ((cleo, "Not before {}."), (second.session, "It can be on {} at the soonest.")):
        own = words(browser(one, "manage").get("/consultations/mine/"))
        assert said.format(when.date_words(begins)) in own
    # So do the lists, which have many plans at once.
    assert front.get(LIST).context["rows"][0].due == begins
    rest = words(front.get("/admin/bookings/consultationrequest/?tab=all"))
    assert f"Visit 2 of a plan from {when.date_words(begins)} on" in rest
    near = when.day_bounds(second.session.due_on, LONDON)[0] - timedelta(days=21)
    sessions.wake(second.session, Origin(Actor.clock(), near))
    assert f"from {begins:%a} {begins.day} {begins:%b} Cleo" in words(front.get("/admin/"))
    soonest = slot_text.read(second.times[0][0])
    assert soonest is not None
    assert (soonest[1] - day).days >= 13
    bo = practitioner("Bo Reed")
    bo.consultation_types.add(kind())
    for asked, name in ((bo.pk, "Bo Reed"), ("", "Ana Lind")):
        visit, *_ = front.get(address(cleo, "sessions"), {"with": asked}).context["visits"]
        assert all(words.endswith(f"with {name}") for _, words, _ in visit.times)
        assert visit.times
    for asked in ("anyone", "x", "9" * 99):
        assert front.get(address(cleo, "sessions"), {"with": asked}).status_code == 200


def test_visits_that_were_booked_in_one_press_are_taken_back_by_one(settings: Any) -> None:
    settings.UNDO_MINUTES = 3
    cleo, front = accepted(), dee()
    visits = front.get(address(cleo, "sessions")).context["visits"]
    chosen = {f"slot-{visit.session.pk}": visit.times[0][0] for visit in visits}
    chosen |= {f"version-{visit.session.pk}": visit.session.version for visit in visits}
    chosen |= {"csrfmiddlewaretoken": "one"}
    page = front.post(address(cleo, "sessions"), chosen, follow=True)
    bar = page.context["to_take_back"]
    assert len(bar) == 1
    assert f"{cleo.reference}: 3 visits booked, " in page.content.decode()
    assert "clients changed" not in page.content.decode()
    assert front.post(address(cleo, "sessions"), chosen)["Location"] == address(cleo, "change")
    back = front.post(reverse("admin:block_undo"), {"together": bar[0]["made"].pk}, follow=True)
    assert "3 of 3 are as before." in back.content.decode()
    mine = ConsultationRequest.objects.filter(session_number__gt=0)
    assert {one.status for one in mine} == {"new"}
    assert not Message.objects.filter(request__in=mine, state="queued").exists()


def test_a_time_is_typed_by_hand_and_what_is_wrong_stands_beside_it() -> None:
    cleo, client = accepted(), dee()
    first = plans.unbooked(cleo)[0]
    who, other = f"who-{first.pk}", f"other-{first.pk}"
    for typed, says in (
        ("Tue", "Add the time"), ("Sun 20 Dec 11:00", "does not work"), ("Mon 7 Dec 11:00", "from Sunday 13 December on"),
    ):  # fmt: skip
        page = client.post(
            address(cleo, "sessions"), fields(cleo, do="book", **{who: str(practitioner().pk), other: typed})
        )
        [visit] = page.context["wrong"]
        assert visit.session == first
        assert says.lower() in visit.wrong.lower(), typed
        assert f'aria-describedby="wrong-{first.pk}"' in page.content.decode()
        assert f'value="{typed}"' in page.content.decode()
    good = {who: str(practitioner().pk), other: "Tue 15 Dec 11:15"}
    page = client.post(address(cleo, "sessions"), fields(cleo, do="look", **good))
    [value] = [value for value, _, checked in page.context["visits"][0].times if checked]
    assert not page.context["wrong"]
    answer = client.post(address(cleo, "sessions"), fields(cleo, do="book", **{f"slot-{first.pk}": value}))
    assert answer.status_code == 303
    first.refresh_from_db()
    start = first.appointments.booked().get().starts_at
    assert (first.status, when.short(start, LONDON)) == ("confirmed", "Tue 15 Dec 11:15")


def test_a_typed_time_is_looked_at_beside_those_that_are_chosen_and_treatments_are_told_apart() -> None:
    cleo = accepted(line("Laser", sessions=(1, 1)), line(sessions=(1, 1), wait_days=30))
    client = signed_in(staff("Gus Lane", *(f"bookings.{right}" for right in RIGHTS[:2])))
    laser, punch = plans.unbooked(cleo)
    page = client.get(address(cleo, "sessions"))
    assert [one.name for one in page.context["visits"]] == [
        f"Session, one hour, treatment {number} of the plan, visit 1" for number in (1, 2)
    ]
    assert "Laser" not in page.content.decode()
    [value] = [value for value, _, checked in page.context["visits"][1].times if checked]
    start = slot_text.read(value)
    assert start is not None
    typed = {f"slot-{punch.pk}": value, f"who-{laser.pk}": str(practitioner().pk)}
    typed[f"other-{laser.pk}"] = f"{when.short(start[1] - timedelta(days=7), LONDON)}"
    page = client.post(address(cleo, "sessions"), fields(cleo, do="look", **typed))
    [wrong] = page.context["wrong"]
    assert "At least 14 days must lie between two of" in wrong.wrong
    assert page.context["problem"] == "Look at these times"
    answer = client.post(address(cleo, "sessions"), fields(cleo, do="book", **typed))
    assert "Nothing was booked" in answer.context["problem"]
    ana = signed_in(staff("Ana Lind", *(f"bookings.{right}" for right in RIGHTS)))
    shown = ana.get(address(cleo, "sessions")).context["visits"]
    assert [one.name for one in shown] == ["Laser, visit 1", "Punch techniques, visit 1"]


@pytest.mark.parametrize(
    ("number", "words"), [(3, "third"), (12, "twelfth"), (13, "13th"), (21, "21st"), (112, "112th")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_a_time_before_its_first_day_is_booked_by_no_post() -> None:
    cleo = accepted()
    first = plans.unbooked(cleo)[0]
    early = slot(LATER + timedelta(days=3), minutes=60)
    with pytest.raises(NotBooked, match="from Sunday 13 December on"):
        sessions.book_all([(first, early)], Origin(Actor.staff(staff()), LATER))
    forged = {f"slot-{first.pk}": slot_text.of(early)}
    assert dee().post(address(cleo, "sessions"), fields(cleo, do="book", **forged)).status_code == 409
    first.refresh_from_db()
    assert first.status == "new"


def test_all_that_is_accepted_and_not_booked_is_in_one_list_the_next_due_first() -> None:
    accepted(line(sessions=(2, 2), wait_days=200), name="Cleo Late")
    client = dee()
    with CaptureQueriesContext(connection) as one:
        assert "Cleo Late" in client.get(LIST).content.decode()
    accepted(name="Cleo Soon", hour=12)
    with CaptureQueriesContext(connection) as two:
        page = client.get(LIST)
    assert [(row.name, row.number, row.is_near) for row in page.context["rows"]] == [
        ("Cleo Soon", 3, True), ("Cleo Late", 2, False)
    ]  # fmt: skip
    assert len(one) == len(two)
    assert client.get(page.context["rows"][1].url).status_code == 200
    assert LIST in client.get("/admin/bookings/consultationrequest/").content.decode()
    reader = signed_in(staff("Bo Reed", "bookings.view_consultationrequest"))
    assert reader.get(LIST).status_code == 403


def test_one_more_session_is_added_within_what_was_accepted() -> None:
    wish: dict[str, Any] = {"windows": [(0, "afternoon")], "about_times": "I work nights."}
    cleo, client = accepted(line(sessions=(3, 4), gap_days=14), **wish), dee()
    page = client.get(address(cleo, "sessions"))
    # Dee, who may not read the plan, reads when it would suit them.
    assert words(page).count("They asked for: Monday, afternoon On their times: I work nights.") == 3
    desk = words(
        client.get(reverse("admin:bookings_consultationrequest_change", args=[plans.unbooked(cleo)[0].pk]))
    )
    assert "Monday, afternoon" in desk and "I work nights." in desk
    [more] = page.context["courses"]
    assert more.words == "3 of 3 to 4 visits are planned. The fourth is decided at the third."
    press = {"do": f"add:{more.line}", "version": cleo.version}
    assert client.post(address(cleo, "sessions"), press).status_code == 303
    made = ConsultationRequest.objects.get(session_number=4)
    assert (made.due_on, made.status, made.messages.count()) == (date(2027, 1, 24), "new", 0)
    assert ([str(one) for one in made.windows.all()], made.notes.get().words) == (
        ["Monday, afternoon"],
        "I work nights.",
    )
    page = client.get(address(cleo, "sessions"))
    assert page.context["courses"] == []
    cleo.refresh_from_db()
    for version in (cleo.version, cleo.version - 1):
        assert (
            client.post(address(cleo, "sessions"), press | {"version": version, "x": "y"}).status_code == 409
        )
    with pytest.raises(Refused):
        sessions.add_session(cleo, Origin(Actor.staff(staff()), LATER), line=more.line)
    # One that was called off may be made again.
    sessions.call_off(made, Origin(Actor.staff(staff()), LATER))
    sessions.add_session(cleo, Origin(Actor.staff(staff()), LATER), line=more.line)
    assert ConsultationRequest.objects.filter(session_number=5, due_on=date(2027, 1, 24)).exists()


def test_one_more_session_takes_the_wish_of_the_yes_that_stands() -> None:
    cleo = accepted(line(sessions=(1, 2)), windows=[(0, "afternoon")], about_times="I work nights.")
    [plan], by_dee = cleo.plans.all(), Origin(Actor.staff(staff()), LATER)
    cleo = plan_answer.take_back_plan(cleo, by_dee, plan=plan.pk)
    again, row = Origin(CLIENT, LATER + timedelta(hours=1)), plan.lines.get()
    cleo = plan_answer.accept_plan(cleo, again, plan=plan.pk, lines=[row.pk], windows=[(1, "morning")])
    sessions.add_session(cleo, Origin(Actor.staff(staff()), again.now), line=row.pk)
    made = ConsultationRequest.objects.filter(session_of=row).latest("pk")
    assert [str(one) for one in made.windows.all()] == ["Tuesday, morning"]
    assert not made.notes.exists()


def test_its_own_page_suggests_nothing_before_its_first_day_and_names_no_session_beside_it() -> None:
    cleo, client = accepted(line(sessions=(2, 2), wait_days=40)), dee()
    first, second = plans.unbooked(cleo)
    page = client.get(reverse("admin:bookings_consultationrequest_change", args=[first.pk]))
    days = [slot_text.read(value) for value in _values(page.content.decode())]
    assert days
    assert first.due_on is not None
    assert all(one is not None and when.local_day(one[1], LONDON) >= first.due_on for one in days)
    assert same_person.matches(first) == []
    assert second not in [one.consultation for one in same_person.matches(cleo)]


def test_a_yes_that_was_taken_back_says_so_and_its_cancelled_visit_is_not_called_off_again() -> None:
    cleo, client = accepted(line(sessions=(1, 1))), dee()
    session = plans.unbooked(cleo)[0]
    kind().__class__.objects.filter(pk=kind().pk).update(cutoff_hours=48)
    session.refresh_from_db()
    by_dee = Origin(Actor.staff(staff()), LATER)
    reply.confirm(session, by_dee, slot=slot(at(17, 10), minutes=60))
    # Its reminder comes a day before moving it online ends, not with the end.
    reminders = dict(session.messages.filter(kind__startswith="reminder").values_list("kind", "not_before"))
    assert reminders == {"reminder_48h": at(14, 10), "reminder_2h": at(17, 8)}
    assert "Accepted" in _chip(client, cleo)
    cleo = plan_answer.take_back_plan(cleo, by_dee, plan=cleo.plans.get().pk)
    assert "Yes taken back" in _chip(client, cleo)
    page = client.get(address(session, "change"))
    assert page.context["consultation"].status == "cancelled"
    assert "call_off" not in page.context["buttons"]


def test_a_yes_on_the_phone_is_asked_when_it_suits_as_their_own_page_asks() -> None:
    cleo, plan = sent()
    ana = signed_in(staff("Ana Lind", *(f"bookings.{right}" for right in RIGHTS)))
    assert "With a yes on the phone: when would suit them?" in words(ana.get(address(cleo)))
    press = {"do": "yes", "version": cleo.version, "said": [plan.lines.get().pk], "days": ["1"]}
    refused = ana.post(address(cleo), press | {"about_times": "x" * 999, "parts": ["morning"]})
    assert (refused.status_code, plans.unbooked(cleo).count()) == (409, 0)
    assert refused.context["phone"]["days"].value() == ["1"]  # what was ticked stays
    assert (
        ana.post(address(cleo), press | {"about_times": "After nine.", "parts": ["morning"]}).status_code
        == 303
    )
    made = plans.unbooked(cleo)[0]
    assert [str(one) for one in made.windows.all()] == ["Tuesday, morning"]
    assert made.notes.get().words == "After nine."


def _chip(client: Client, cleo: ConsultationRequest) -> str:
    card = client.get(address(cleo, "change")).content.decode().split('id="h-plan"')[1]
    return card.split("</header>")[0]


def _values(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="slot" value="')[1:]]
