"""The client's own page: every state, everything they can do, twice, too late, and never anybody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from bookings.models import Appointment, ClientSession, ConsultationRequest, Draft, Event, Message, Note
from bookings.states import DeclineReason, Status
from bookings.workflow import desk, reply, visit
from bookings.workflow.core import Actor, Origin
from tests import factories as make
from tests.client import walk

pytestmark = pytest.mark.once

MINE = "/consultations/mine/"


def at_desk(consultation: ConsultationRequest) -> Actor:
    return Actor.staff(make.staff())


def say(browser: Client, consultation: ConsultationRequest, verb: str, **given: Any) -> Any:
    """Press a button on a page that showed the request as `consultation` is."""
    return browser.post(f"{MINE}{verb}/", {"version": consultation.version} | given)


def opened(status: str, **changes: Any) -> tuple[Client, ConsultationRequest]:
    consultation = make.in_state(status, **changes)
    browser = walk.signed_in(consultation)
    consultation.refresh_from_db()
    return browser, consultation


HEADINGS = {
    "new": "We have your request",
    "waiting": "We have a question for you",
    "offered": "Cleo, we have two times for you",
    "confirmed": "Your consultation is booked",
    "attended": "Thank you for coming",
    "no_show": "We missed you",
    "declined": "Something else first",
    "withdrawn": "You withdrew your request",
    "lapsed": "The times we offered have run out",
    "cancelled": "Your consultation is cancelled",
    "suspected": "We have your request",
}


@pytest.mark.parametrize("status", [status.value for status in Status])
def test_the_page_works_in_every_state(status: str) -> None:
    answers = make.submission().answers | {"anything_else": "canary sentence", "applies": ["bleeding"]}
    browser, consultation = opened(status, answers=answers)
    response = browser.get(MINE)
    page = walk.check_page(response)
    words = walk.main(response)
    assert HEADINGS[status] in words
    assert consultation.reference in words
    assert "You sent your request." in words
    for secret in ("canary", "bleeding", "rolling", "Rolling"):
        assert secret not in words
    assert page.findtext(".//title").split()[2] == consultation.reference


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_every_reason_to_decline_has_its_words_and_the_personal_note(reason: str) -> None:
    consultation = make.submitted()
    reply.decline(
        consultation,
        Origin(at_desk(consultation), make.NOW),
        reason=reason,
        note="See a pharmacist.\n<b>Soon</b>",
    )
    response = walk.signed_in(consultation).get(MINE)
    walk.check_page(response)
    assert "See a pharmacist." in walk.text(response)
    assert "<b>Soon</b>" not in response.content.decode()
    again = [form for form in walk.tree(response).iter("form") if "ask-again" in (form.get("action") or "")]
    assert bool(again) == (reason not in (DeclineReason.UNDER_18, DeclineReason.SPAM))


def test_the_note_of_an_offer_goes_with_the_offer(monday_morning: Any) -> None:
    consultation = make.submitted()
    consultation = reply.offer(
        consultation,
        Origin(at_desk(consultation), make.NOW),
        slots=[make.slot(make.at(8, 10))],
        note="Ask for Ana.",
    )
    browser = walk.signed_in(consultation)
    assert "Ask for Ana." in walk.text(browser.get(MINE))
    later = make.NOW + timedelta(minutes=5)
    monday_morning.move_to(later)
    consultation.refresh_from_db()
    consultation = reply.offer(
        consultation, Origin(at_desk(consultation), later), slots=[make.slot(make.at(9, 10))]
    )
    assert "Ask for Ana." not in walk.text(browser.get(MINE))


def test_the_note_of_an_offer_goes_when_a_time_is_accepted(monday_morning: Any) -> None:
    consultation = make.submitted()
    consultation = reply.offer(
        consultation,
        Origin(at_desk(consultation), make.NOW),
        slots=[make.slot(make.at(8, 10))],
        note="Ask for Ana.",
    )
    browser = walk.signed_in(consultation)
    monday_morning.shift(60)
    assert say(browser, consultation, "accept", appointment=offered_id(consultation)).status_code == 303
    assert "Ask for Ana." not in walk.text(browser.get(MINE))


def test_the_note_of_a_visit_stays_when_something_is_added(monday_morning: Any) -> None:
    consultation = make.submitted()
    consultation = reply.confirm(
        consultation, Origin(at_desk(consultation), make.NOW), note="Use the side door."
    )
    browser = walk.signed_in(consultation)
    consultation.refresh_from_db()
    monday_morning.shift(60)
    say(browser, consultation, "add-information", text="Thank you")
    assert "Use the side door." in walk.text(browser.get(MINE))


def test_an_offer_without_the_asked_time_says_so() -> None:
    consultation = make.submitted()
    consultation = reply.offer(
        consultation,
        Origin(at_desk(consultation), make.NOW),
        slots=[make.slot(make.at(8, 10)), make.slot(make.at(9, 10))],
    )
    instead = "We offer you these times instead of Thursday 3 December at 10am. Choose one"
    assert instead in walk.text(walk.signed_in(consultation).get(MINE))


def test_an_offer_with_the_asked_time_does_not() -> None:
    consultation = make.submitted()
    consultation = reply.offer(
        consultation,
        Origin(at_desk(consultation), make.NOW),
        slots=[make.slot(make.at(3, 10)), make.slot(make.at(9, 10))],
    )
    assert "instead of" not in walk.text(walk.signed_in(consultation).get(MINE))


def test_the_new_link_banner_makes_way_for_what_happened_since(monday_morning: Any) -> None:
    browser, consultation = opened("new")
    browser.post(f"{MINE}new-link/")
    assert "A new link is on its way" in walk.text(browser.get(MINE))
    monday_morning.shift(20)
    reply.offer(
        consultation,
        Origin(at_desk(consultation), make.NOW + timedelta(seconds=20)),
        slots=[make.slot(make.at(8, 10))],
    )
    assert "A new link is on its way" not in walk.text(browser.get(MINE))


def test_an_overdue_promise_is_admitted(monday_morning: Any) -> None:
    consultation = make.submitted()
    monday_morning.shift(3 * 24 * 3600)
    words = walk.text(walk.signed_in(consultation, now=make.NOW + timedelta(days=3)).get(MINE))
    assert "we are late" in words


def test_looking_changes_nothing() -> None:
    browser, consultation = opened("offered")
    before = (ConsultationRequest.objects.values().get(), Event.objects.count(), Message.objects.count())
    for path in (MINE, MINE + "reschedule/", MINE + "appointment.ics"):
        browser.get(path)
    assert (
        ConsultationRequest.objects.values().get(),
        Event.objects.count(),
        Message.objects.count(),
    ) == before


def test_the_page_needs_few_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser, _ = opened("offered")
    with django_assert_max_num_queries(14):
        browser.get(MINE)


# --- everything a client can do: done, done again, and too late ---------------------------------------------------------


def offered_id(consultation: ConsultationRequest) -> int:
    return (
        Appointment.objects.filter(request=consultation, is_offer=True)
        .order_by("starts_at")
        .values_list("pk", flat=True)[0]
    )


def what_to_say(verb: str, consultation: ConsultationRequest) -> dict[str, Any]:
    if verb == "accept":
        return {"appointment": offered_id(consultation)}
    return {
        "ask-other-times": {"days": "2", "parts": "morning", "text": "Not before ten"},
        "answer": {"text": "No, not since May"},
        "add-information": {"text": "I will come with my sister"},
        "withdraw": {"text": "I have changed my mind"},
        "cancel": {"text": "I am ill"},
        "reschedule": {"slot": "any@2026-12-07T11:00Z"},
    }[verb]


CAN = [
    ("accept", "offered", "confirmed", "Your consultation is booked"),
    ("ask-other-times", "offered", "new", "We look for other times"),
    ("answer", "waiting", "new", "We have your answer"),
    ("add-information", "new", "new", "We have what you told us"),
    ("add-information", "confirmed", "confirmed", "We have what you told us"),
    ("withdraw", "new", "withdrawn", "You withdrew your request"),
    ("withdraw", "waiting", "withdrawn", "You withdrew your request"),
    ("withdraw", "offered", "withdrawn", "You withdrew your request"),
    ("cancel", "confirmed", "cancelled", "It was on Thursday 3 December at 10am. You can"),
    ("reschedule", "confirmed", "confirmed", "Monday 7 December at 11am"),
]


@pytest.mark.parametrize(("verb", "before", "after", "words"), CAN)
def test_saying_it_once_and_twice(verb: str, before: str, after: str, words: str) -> None:
    browser, consultation = opened(before)
    given = what_to_say(verb, consultation)
    response = say(browser, consultation, verb, **given)
    assert (response.status_code, response["Location"]) == (303, MINE)
    page = browser.get(MINE)
    walk.check_page(page)
    assert words in walk.text(page)
    fresh = ConsultationRequest.objects.get()
    assert (fresh.status, fresh.version) == (after, consultation.version + 1)
    event = Event.objects.get(version=fresh.version)
    assert (event.verb, event.actor_kind) == (verb.replace("-", "_"), "client")
    if "text" in given:
        assert Note.objects.order_by("-id")[0].body == given["text"]
    # A double click, or Back and again: nothing more happens, and nobody is frightened.
    again = say(browser, consultation, verb, **given)
    assert (again.status_code, again["Location"]) == (303, MINE)
    assert ConsultationRequest.objects.get().version == fresh.version


@pytest.mark.parametrize(("verb", "before", "after", "words"), CAN)
def test_a_page_that_is_out_of_date_says_who_was_first_and_keeps_the_words(
    verb: str, before: str, after: str, words: str
) -> None:
    browser, consultation = opened(before)
    given = what_to_say(verb, consultation)
    if before == "confirmed":
        visit.cancel(consultation, Origin(at_desk(consultation), make.NOW), reason="practitioner_away")
        text = "The clinic cancelled the consultation just now."
    else:
        reply.decline(consultation, Origin(at_desk(consultation), make.NOW), reason="other")
        text = "The clinic answered your request just now."
    events = Event.objects.count()
    response = say(browser, consultation, verb, **given)
    walk.check_page(response, 409)
    shown = walk.text(response)
    assert "This changed while you were reading" in shown
    assert text in shown
    if "text" in given:
        assert given["text"] in shown
    assert Event.objects.count() == events


def test_a_form_without_its_version_changes_nothing() -> None:
    browser, consultation = opened("new")
    for version in ("", "x", "-1", "99999999999999999999", "²"):
        assert browser.post(f"{MINE}withdraw/", {"version": version}).status_code == 409
    assert ConsultationRequest.objects.get().status == "new"


@pytest.mark.parametrize(
    ("verb", "status", "given", "message"),
    [
        ("accept", "offered", {}, "Choose one of the times"),
        ("ask-other-times", "offered", {"text": "x"}, "Tick at least one day or part of the day"),
        ("answer", "waiting", {"text": "  "}, "Enter your answer"),
        ("answer", "waiting", {"text": "x" * 1001}, "Your answer: use 1000 characters or fewer"),
        ("add-information", "new", {"text": ""}, "Enter what you would like to add"),
        ("reschedule", "confirmed", {}, "Choose a time"),
    ],
)
def test_what_is_missing_is_said_above_the_heading(
    verb: str, status: str, given: dict[str, str], message: str
) -> None:
    browser, consultation = opened(status)
    page = walk.check_page(walk.shown(browser, say(browser, consultation, verb, **given)))
    assert page.findtext(".//title").startswith("Error: ")
    link = page.find(".//*[@role='alert']//a")
    assert message in link.text
    assert page.findall(f".//*[@id='{link.get('href')[1:]}']"), link.get("href")
    assert ConsultationRequest.objects.get().version == consultation.version


def test_an_offer_that_ran_out_cannot_be_accepted(monday_morning: Any) -> None:
    consultation = make.in_state("offered")
    assert consultation.offer_expires_at is not None
    monday_morning.move_to(consultation.offer_expires_at + timedelta(seconds=1))
    browser = walk.signed_in(consultation, now=consultation.offer_expires_at)
    assert "These times are no longer held" in walk.text(browser.get(MINE))
    response = say(browser, consultation, "accept", appointment=offered_id(consultation))
    walk.check_page(response, 409)
    assert "no longer held for you" in (text := walk.text(response)) and "What you wrote" not in text
    assert say(browser, consultation, "ask-other-times", parts="morning").status_code == 303


def test_an_older_offer_leads_to_the_newer_times() -> None:
    browser, consultation = opened("offered")
    old = offered_id(consultation)
    reply.offer(consultation, Origin(at_desk(consultation), make.NOW), slots=[make.slot(make.at(9, 15))])
    response = say(browser, consultation, "accept", appointment=old)
    walk.check_page(response, 409)
    assert "The clinic offered you other times just now." in walk.text(response)
    assert "Wednesday 9 December at 3pm" in walk.text(response)


def test_somebody_elses_offer_cannot_be_accepted() -> None:
    browser, consultation = opened("offered")
    for value in ("0", "999999", "abc", "²"):
        assert say(browser, consultation, "accept", appointment=value).status_code == 409
    assert ConsultationRequest.objects.get().status == "offered"


def test_after_the_cutoff_the_page_gives_the_phone_number(monday_morning: Any) -> None:
    consultation = make.in_state("confirmed")
    monday_morning.move_to(make.at(2, 10, 1))
    browser = walk.signed_in(consultation, now=make.at(2, 10, 1))
    page = browser.get(MINE)
    assert "please call us on 01632 960001 to move or cancel it" in walk.text(page)
    assert browser.get(MINE + "reschedule/").status_code == 303
    for verb, given in (("cancel", {}), ("reschedule", {"slot": "any@2026-12-07T11:00Z"})):
        response = say(browser, consultation, verb, **given)
        walk.check_page(response, 409)
        assert "Please call us" in walk.text(response)
    assert ConsultationRequest.objects.get().status == "confirmed"


def test_moving_to_a_taken_time_leaves_the_visit_where_it_was() -> None:
    ana = make.practitioner()
    browser, consultation = opened("confirmed", practitioner_id=ana.pk)
    make.submitted(practitioner_id=ana.pk, start=make.at(7, 11))
    response = say(browser, consultation, "reschedule", slot=f"{ana.pk}@2026-12-07T11:00Z")
    walk.check_page(response, 409)
    assert "That time has just been taken" in walk.text(response)
    assert "30 minutes later" in walk.text(response)
    assert Appointment.objects.booked().get(request=consultation).starts_at == make.at(3, 10)


def test_a_visit_moves_to_nobody_who_does_not_see_what_it_is_about() -> None:
    bo = make.practitioner("Bo Reyes")
    bo.concerns.set([make.concern("keloid")])
    consultation = make.in_state("confirmed")
    browser = walk.signed_in(consultation)
    assert "Bo Reyes" not in walk.text(browser.get("/consultations/mine/reschedule/"))
    data = {"slot": f"{bo.pk}@2026-12-07T10:00Z", "version": consultation.version}
    assert browser.post("/consultations/mine/reschedule/", data).status_code == 409
    assert consultation.appointments.booked().get().starts_at == make.at(3, 10)


def test_the_client_may_stay_with_anyone_whom_staff_have_booked() -> None:
    consultation = make.submitted(start=None)
    make.practitioner().concerns.set([make.concern("keloid")])
    consultation = reply.confirm(
        consultation, Origin(Actor.staff(make.staff()), make.NOW), slot=make.slot(make.at(3, 10))
    )
    browser = walk.signed_in(consultation)
    data = {"slot": f"{make.practitioner().pk}@2026-12-07T10:00Z", "version": consultation.version}
    assert browser.post("/consultations/mine/reschedule/", data).status_code == 303


def test_the_page_to_move_a_visit() -> None:
    browser, _ = opened("confirmed")
    response = browser.get(MINE + "reschedule/")
    walk.check_page(response)
    assert "Now it is Thursday 3 December at 10am" in walk.text(response)
    for query in ("from=nonsense", "day=9", "practitioner=999", "days=0", "from=2027-06-01", "take=x"):
        walk.check_page(browser.get(f"{MINE}reschedule/?{query}"))


def test_the_visit_for_a_calendar() -> None:
    browser, consultation = opened("confirmed")
    response = browser.get(MINE + "appointment.ics")
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    assert calendar["method"] == "PUBLISH"
    event = calendar.walk("VEVENT")[0]
    assert str(event["summary"]).startswith("Appointment, ")
    assert event.decoded("dtstart") == make.at(3, 10)


def test_nothing_booked_means_no_calendar_file() -> None:
    browser, _ = opened("new")
    assert browser.get(MINE + "appointment.ics").status_code == 404


def test_a_new_link_by_mail() -> None:
    browser, consultation = opened("new")
    assert browser.post(f"{MINE}new-link/").status_code == 303
    says = "A new link is on its way to you"
    assert says in walk.text(browser.get(MINE)) and consultation.messages.filter(kind="new_link").count() == 1
    assert [(last := browser.post(f"{MINE}new-link/")).status_code for _ in range(5)] == [303] * 4 + [429]
    walk.check_page(last, 429)
    ClientSession.objects.update(opened_at=make.NOW + timedelta(seconds=40))
    assert says not in walk.text(browser.get(MINE)), "it came, and was opened"
    assert "as many new links as we send for one request in a day" in walk.main(last)
    assert last["Retry-After"] == str(15 * 3600), "days begin at midnight UTC"


def test_closing_the_page_closes_it() -> None:
    browser, _ = opened("new")
    stolen = browser.cookies["client"].value
    response = browser.post(f"{MINE}close/")
    assert (response.status_code, response["Location"]) == (303, MINE)
    assert browser.get(MINE).status_code == 403
    other = Client()
    other.cookies["client"] = stolen
    assert other.get(MINE).status_code == 403


@pytest.mark.parametrize("status", ["lapsed", "withdrawn", "cancelled", "no_show", "declined"])
def test_asking_again_keeps_the_contact_and_no_health_answer(status: str) -> None:
    browser, consultation = opened(status, phone="+447700900982", contact_by="phone")
    response = browser.post(f"{MINE}ask-again/")
    assert response.status_code == 303
    draft = Draft.objects.get()
    assert response["Location"] == f"/consultations/request/about/?d={draft.pk}"
    assert draft.data["email"] == consultation.email
    assert not {"concerns", "areas", "treatments", "applies", "anything_else", "support"} & draft.data.keys()
    for step in ("about", "before", "times"):
        last = walk.answer(
            browser, str(draft.pk), step, **({"slot": "any@2026-12-08T10:00Z"} if step == "times" else {})
        )
    assert last["Location"] == f"/consultations/request/check/?d={draft.pk}"
    walk.age(str(draft.pk))
    assert walk.send(browser, str(draft.pk)).status_code == 303
    new = ConsultationRequest.objects.exclude(pk=consultation.pk).get()
    assert (new.follows, new.email, new.phone) == (consultation, consultation.email, consultation.phone)
    assert "sent" in walk.send(browser, str(draft.pk))["Location"]
    assert ConsultationRequest.objects.count() == 2


def test_asking_again_with_an_old_number_without_its_area_code_asks_for_the_phone() -> None:
    browser, _ = opened("withdrawn", phone="+44960001", contact_by="phone")
    browser.post(f"{MINE}ask-again/")
    draft = str(Draft.objects.get().pk)
    for step in ("about", "before", "times"):
        last = walk.answer(browser, draft, step)
    assert last["Location"] == f"/consultations/request/you/?d={draft}"


@pytest.mark.parametrize("status", ["new", "confirmed", "attended"])
def test_asking_again_needs_a_closed_request(status: str) -> None:
    browser, _ = opened(status)
    assert browser.post(f"{MINE}ask-again/").status_code == 409
    assert not Draft.objects.exists()


# --- whose page it is ---------------------------------------------------------------------------------------------------


def test_a_session_shows_and_changes_its_own_request_only() -> None:
    mine = make.in_state("offered")
    theirs = make.submitted(start=make.at(8, 10), name="Theodora Secret")
    theirs = reply.offer(theirs, Origin(at_desk(theirs), make.NOW), slots=[make.slot(make.at(9, 10))])
    browser = walk.signed_in(mine)
    assert "Secret" not in walk.text(browser.get(MINE))
    assert theirs.reference not in walk.text(browser.get(MINE))
    before = ConsultationRequest.objects.filter(pk=theirs.pk).values().get()
    tried = {
        "version": theirs.version,
        "appointment": offered_id(theirs),
        "request": theirs.pk,
        "id": theirs.pk,
    }
    for verb in (
        "accept",
        "withdraw",
        "cancel",
        "answer",
        "add-information",
        "ask-other-times",
        "reschedule",
    ):
        browser.post(
            f"{MINE}{verb}/?request={theirs.pk}", tried | {"text": "x", "slot": "any@2026-12-07T11:00Z"}
        )
    assert ConsultationRequest.objects.filter(pk=theirs.pk).values().get() == before
    assert Appointment.objects.get(request=theirs, is_offer=True).state == "held"


VERBS = [
    "accept",
    "ask-other-times",
    "answer",
    "add-information",
    "withdraw",
    "cancel",
    "new-link",
    "ask-again",
    "close",
]


@pytest.mark.parametrize("verb", VERBS)
def test_only_a_post_does_anything(verb: str) -> None:
    browser, consultation = opened("new")
    for method in (browser.put, browser.delete):
        assert method(f"{MINE}{verb}/").status_code == 405
    # Where a page of a conflict leaves the browser. Looking there shows the request.
    for look in (browser.get, browser.head):
        assert look(f"{MINE}{verb}/")["Location"] == MINE
    row_now = ConsultationRequest.objects.get()
    assert row_now.version == consultation.version


@pytest.mark.parametrize("verb", [*VERBS, "reschedule"])
def test_without_a_session_nothing_happens_and_the_words_come_back(verb: str) -> None:
    consultation = make.in_state("offered")
    response = Client().post(
        f"{MINE}{verb}/", {"version": consultation.version, "text": "Half an hour of typing"}
    )
    walk.check_page(response, 403)
    assert "Half an hour of typing" in walk.text(response)
    assert ConsultationRequest.objects.get().version == consultation.version


def test_an_unknown_verb_is_not_found() -> None:
    browser, _ = opened("new")
    assert browser.post(f"{MINE}confirm/").status_code == 404
    assert browser.get(f"{MINE}confirm/").status_code == 404


def test_posts_need_their_csrf_token() -> None:
    consultation = make.submitted()
    browser = Client(enforce_csrf_checks=True)
    signed = walk.signed_in(consultation)
    browser.cookies = signed.cookies
    consultation.refresh_from_db()
    assert say(browser, consultation, "withdraw").status_code == 403
    assert ConsultationRequest.objects.get().status == "new"


def test_what_staff_do_among_themselves_stays_there() -> None:
    consultation = make.submitted()
    request_events = Event.objects.count()
    make_note(consultation)
    assert Event.objects.count() == request_events + 1
    words = walk.text(walk.signed_in(consultation).get(MINE))
    assert "canary" not in words
    assert "note" not in words.lower().replace("noted", "")


def make_note(consultation: ConsultationRequest) -> None:

    desk.note(consultation, Origin(at_desk(consultation), make.NOW), text="canary: call after six")


def test_the_page_of_an_erased_request_is_closed() -> None:
    browser, consultation = opened("withdrawn")
    ConsultationRequest.objects.update(erased_at=make.NOW)
    assert browser.get(MINE).status_code == 403


def test_asking_again_after_the_desk_opened_the_old_request_is_a_request_of_its_own() -> None:
    browser, consultation = opened("withdrawn")
    browser.post(f"{MINE}ask-again/")
    draft = str(Draft.objects.get().pk)
    walk.to_check(browser, draft)
    desk.reopen(consultation, Origin(at_desk(consultation), make.NOW))
    assert walk.send(browser, draft).status_code == 303
    assert ConsultationRequest.objects.exclude(pk=consultation.pk).get().follows is None
