"""One request's page: what it shows to whom, and a button for every verb that is allowed now."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings import slot_text
from bookings.admin.actions import ACTIONS, IN_QUESTIONS
from bookings.admin.mark_actions import ONLY_WHEN_POSSIBLE
from bookings.messages import render
from bookings.messages.kinds import KINDS
from bookings.models import ConsultationRequest, Event, Message, Note
from bookings.queries import marks
from bookings.states import PLAN_TABLE, Status, Who, allowed_verbs
from bookings.workflow import intake, reply
from bookings.workflow.core import Actor, Origin
from clinic.foundation.models import AuditEntry
from tests import factories as make
from tests.desk.pages import ANSWERS, TYPED, buttons, html, page_of, say, typed, words

pytestmark = pytest.mark.once

# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_everything_that_is_known(dee: Client) -> None:
    earlier = make.in_state(Status.DECLINED, email="cleo@example.org")
    new = make.submitted(email="cleo@example.org", phone="+441632960001", answers=ANSWERS, name_to_use="Clee")
    shown = words(dee.get(page_of(new)))
    for expected in (
        "Cleo Marsh",
        new.reference,
        "New",
        "Rolling scars",
        "Face",
        "Isotretinoin in the last 12 months",
        "I finished my tablets in June.",
        "A step-free way in",
        "Thu 3 Dec 10:00",
        "Ana Lind, held until today 09:30",
        "cleo@example.org",
        "not proved yet",
        "01632 960001",
        "Clee",
        earlier.reference,
        "Because of: isotretinoin",
        "Opening it was recorded",
        "Request arrived",
        "Mail: Request received",
    ):
        assert expected in shown, expected


def test_opening_health_answers_is_recorded_once_for_each_look(dee: Client) -> None:
    consultation = make.submitted(answers=ANSWERS)
    dee.get(page_of(consultation))
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.action, entry.object_id) == ("dee", "view", str(consultation.pk))
    dee.get(page_of(consultation))
    assert AuditEntry.objects.count() == 2


def test_reception_without_that_right_sees_flags_and_no_health_answer() -> None:
    consultation = make.submitted(answers=ANSWERS)
    client = _reception()
    reply.ask(consultation, Origin(Actor.staff(make.staff()), make.NOW), question="Is it the tablets?")
    page = client.get(page_of(consultation))
    assert "Clinician review" in words(page)
    assert "isotretinoin" not in html(page) and "tablets" not in html(page)
    assert "A step-free way in" in words(page)
    assert "For practitioners and managers" in words(page)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["open"]


def test_staff_read_their_own_notes() -> None:
    consultation = make.submitted()
    client = _reception()
    say(client, consultation, "note", text="Rang, no answer.")
    assert "Rang, no answer." in words(client.get(page_of(consultation)))


def _reception() -> Client:
    client = Client()
    client.force_login(
        make.staff("Fay Front", "bookings.view_consultationrequest", "bookings.decide_request")
    )
    return client


def test_rivals_for_the_same_time_are_shown(dee: Client) -> None:
    cleo = make.submitted(name="Cleo Marsh")
    rival = make.submitted(name="Rita Rival", start=None)
    rival.wished_start, rival.wished_practitioner = cleo.wished_start, cleo.wished_practitioner
    rival.save()
    make.submitted(name="Other Day", start=make.at(4, 10))
    shown = words(dee.get(page_of(cleo)))
    assert "1 other wants Thu 3 Dec 10:00" in shown
    assert "Rita Rival" in shown
    assert "Other Day" not in shown.split("History")[0].split("1 other wants")[1]


def test_the_history_tells_events_messages_and_notes_in_order(dee: Client) -> None:
    cleo = make.submitted()
    with time_machine.travel(make.NOW + timedelta(hours=1), tick=False):
        say(dee, cleo, "ask", question="Do you still get spots?")
    with time_machine.travel(make.NOW + timedelta(hours=2), tick=False):
        cleo.refresh_from_db()
        reply.answer(cleo, Origin(make.CLIENT, make.NOW + timedelta(hours=2)), text="No, not since May.")
        shown = words(dee.get(page_of(cleo)))
    told = shown[shown.index("History") :]
    places = [
        told.index(line) for line in ("No, not since May.", "Do you still get spots?", "Request arrived")
    ]
    assert places == sorted(places)


def test_a_page_that_does_not_exist_is_not_found(dee: Client) -> None:
    for key in ("999999", "abc", "9" * 30, "-1"):
        assert dee.get(f"/admin/bookings/consultationrequest/{key}/change/").status_code == 404


# --- buttons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_there_is_a_button_for_every_verb_allowed_now_and_for_no_other(dee: Client, status: Status) -> None:
    consultation = make.in_state(status)
    page = dee.get(page_of(consultation))
    assert page.status_code == 200
    verbs = {ACTIONS[name].verb for name in buttons(page)}
    rest = ["let_stand", "keep", "merge", "undo", "displace", "release_time", "call_off", "add_session"]
    more = {*rest, *PLAN_TABLE, *ONLY_WHEN_POSSIBLE, *IN_QUESTIONS}  # in tests of their own
    assert verbs == set(allowed_verbs(status, Who.STAFF)) - more


def test_anyone_who_may_only_look_has_no_button() -> None:
    client = Client()
    client.force_login(make.staff("Lou Looker", "bookings.view_consultationrequest"))
    consultation = make.submitted()
    page = client.get(page_of(consultation))
    assert page.status_code == 200
    assert buttons(page) == set()
    assert say(client, consultation, "note", text="x").status_code == 403
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("do", "start", "end"),
    [
        ("confirm_wish", Status.NEW, "confirmed"),
        ("offer", Status.NEW, "offered"),
        ("confirm", Status.NEW, "confirmed"),
        ("ask", Status.NEW, "waiting"),
        ("assess", Status.NEW, "new"),
        ("advise", Status.NEW, "declined"),
        ("decline", Status.WAITING, "declined"),
        ("rescue", Status.SUSPECTED, "new"),
        ("discard", Status.SUSPECTED, "declined"),
        ("reschedule", Status.CONFIRMED, "confirmed"),
        ("cancel", Status.CONFIRMED, "cancelled"),
        ("reopen", Status.CANCELLED, "new"),
        ("assign", Status.NEW, "new"),
        ("take", Status.NEW, "new"),
        ("tag", Status.NEW, "new"),
        ("note", Status.OFFERED, "offered"),
        ("add_information", Status.WAITING, "waiting"),
        ("correct_contact", Status.CONFIRMED, "confirmed"),
        ("spoke", Status.NO_SHOW, "no_show"),
        ("no_answer", Status.NEW, "new"),
        ("left_message", Status.CONFIRMED, "confirmed"),
        ("rang_us", Status.DECLINED, "declined"),
        ("follow_up", Status.DECLINED, "declined"),
        ("reach", Status.OFFERED, "offered"),
        ("erase", Status.DECLINED, "declined"),
    ],
)
def test_every_button_says_its_verb_once(dee: Client, do: str, start: Status, end: str) -> None:
    consultation = make.in_state(start, phone="+441632960001", may_leave_message=True)
    before = consultation.events.count()
    response = say(dee, consultation, do, **typed(do))
    assert response.status_code == 303
    assert response.headers["Location"].partition("#")[0] == page_of(consultation)
    consultation.refresh_from_db()
    event = Event.objects.filter(request=consultation).latest("version")
    assert (consultation.status, consultation.events.count()) == (end, before + 1)
    assert (event.verb, event.actor_label, event.actor_kind) == (ACTIONS[do].verb, "Dee Hart", "staff")
    assert dee.get(page_of(consultation)).status_code == 200


def test_every_action_has_a_test_above() -> None:
    covered = {
        "confirm_wish",
        "take",
        "assess",
        "rescue",
        "discard",
        "reopen",
        *marks.MARKS,  # in test_marks.py
        *("let_stand", "texted"),  # in test_switched_off.py, test_texts.py
        *("merge", "no_follow_up", "hand_over"),  # in test_same_person.py, test_calls.py, test_fitting.py
        *(*IN_QUESTIONS, *TYPED),  # IN_QUESTIONS: tests/client/test_visit_questions.py
    }
    assert set(ACTIONS) - {"undo", "keep", "call_off"} == covered  # test_undo_bar, test_proposed, plans


def test_one_press_takes_a_request_and_then_the_button_is_gone(dee: Client) -> None:
    consultation = make.submitted()
    assert "take" in buttons(dee.get(page_of(consultation)))
    say(dee, consultation, "take")
    consultation.refresh_from_db()
    assert consultation.assigned_to == make.staff() and consultation.events.get(verb="assign").facts["to"]
    page = dee.get(page_of(consultation))
    assert "Assigned to Dee Hart" in words(page)
    assert "take" not in buttons(page)
    assert '<option value="">Nobody</option>' in html(page)


def test_an_unknown_button_is_not_found(dee: Client) -> None:
    consultation = make.submitted()
    assert say(dee, consultation, "approve").status_code == 404


def test_what_is_missing_is_said_beside_the_field_and_nothing_changes(dee: Client) -> None:
    consultation = make.submitted()
    for do, expected in (
        ("ask", "Write the question."),
        ("note", "Write the note."),
        ("offer", "Tick a time first."),
        ("erase", "Tick the box if you are sure."),
    ):
        page = say(dee, consultation, do)
        assert page.status_code == 200
        assert words(page).count(expected) == 2  # beside the field, and on top of the page
    many = [slot_text.of(make.slot(make.at(4, hour))) for hour in (10, 11, 12, 13)]
    assert "Tick 3 times at most." in words(say(dee, consultation, "offer", slot=many))
    assert "Tick one time only." in words(say(dee, consultation, "confirm", slot=many[:2]))
    for odd in ("x", "1@", "99@2026-12-04T10:00:00+00:00", "1@2026-12-04T10:00:00", "1@9999999-01-01"):
        assert "Choose one of the times shown." in words(say(dee, consultation, "offer", slot=odd))
    assert Event.objects.filter(request=consultation).count() == 1


# --- someone was first ------------------------------------------------------------------------------------------------


def test_a_stale_page_says_who_was_first_and_keeps_what_was_typed(dee: Client) -> None:
    consultation = make.submitted()
    seen = consultation.version
    gus = make.staff("Gus Early", *make.DEE)
    reply.assess(consultation, Origin(Actor.staff(gus), make.NOW - timedelta(minutes=2)))
    page = say(dee, consultation, "ask", version=seen, question="Do you still get spots?")
    assert page.status_code == 409
    assert "Gus Early said that it is being assessed 2 minutes ago." in words(page)
    assert "Do you still get spots?</textarea>" in html(page)
    assert not Note.objects.exists()
    consultation.refresh_from_db()
    assert f'name="version" value="{consultation.version}"' in html(page)
    assert say(dee, consultation, "ask", question="Do you still get spots?").status_code == 303


def test_words_for_a_verb_that_is_no_longer_allowed_can_be_copied(dee: Client) -> None:
    consultation = make.submitted()
    seen = consultation.version
    reply.confirm(consultation, Origin(Actor.staff(make.staff()), make.NOW))
    page = say(dee, consultation, "ask", version=seen, question="Do you still get spots?")
    assert page.status_code == 409
    assert "Dee Hart confirmed this just now." in words(page)
    assert "Do you still get spots?" in words(page)
    assert "ask" not in buttons(page)


def test_a_stale_page_shows_what_somebody_typed_and_ticked_and_nothing_of_the_form(dee: Client) -> None:
    consultation = make.submitted()
    seen = consultation.version
    reply.decline(consultation, Origin(Actor.staff(make.staff()), make.NOW), reason="other", note="")
    page = say(dee, consultation, "offer", version=seen, **typed("offer") | {"note": "Ring us."})
    assert page.status_code == 409
    problem = words(page).split("What they asked")[0]
    assert "The times you ticked" in problem and "Fri 4 Dec 10:00, Fri 4 Dec 14:00" in problem
    assert "Ring us." in problem
    assert "960" not in problem and "choose until" not in problem
    page = say(dee, consultation, "decline", version=seen, reason="refer_gp", note="Your GP can help.")
    problem = words(page).split("What they asked")[0]
    assert "Your GP can help." in problem
    assert "refer_gp" not in problem


def test_a_time_that_has_just_gone_shows_the_nearest(dee: Client) -> None:
    consultation = make.submitted(start=make.at(3, 10))
    make.submitted(start=make.at(4, 10))
    page = say(dee, consultation, "confirm", slot=slot_text.of(make.slot(make.at(4, 10))), note="My note")
    assert page.status_code == 409
    assert "That time has just been taken." in words(page)
    assert "Near the time that has gone" in words(page)
    assert "My note</textarea>" in html(page)
    consultation.refresh_from_db()
    assert consultation.status == "new"


def test_a_mangled_version_changes_nothing(dee: Client) -> None:
    consultation = make.submitted()
    for version in ("", "0", "x", "999", "-1"):
        assert say(dee, consultation, "assess", version=version).status_code == 409, version
        consultation.refresh_from_db()
        assert consultation.version == 1, version


# --- forged -----------------------------------------------------------------------------------------------------------


def test_fields_that_no_form_has_are_never_read(dee: Client) -> None:
    consultation = make.submitted()
    forged = {
        "status": "confirmed",
        "is_staff": "1",
        "is_superuser": "1",
        "actor": "clock",
        "reference": "HACKED",
        "promise_due_at": "2030-01-01",
        "urgent": "1",
        "assigned_to": "1",
        "request": "999",
        "id": "999",
    }
    assert say(dee, consultation, "note", text="x", **forged).status_code == 303
    assert say(dee, consultation, "_save", **forged).status_code == 404
    fresh = type(consultation).objects.get(pk=consultation.pk)
    assert (fresh.status, fresh.reference, fresh.urgent, fresh.assigned_to) == (
        "new",
        consultation.reference,
        False,
        None,
    )
    assert not make.staff().is_superuser


def test_a_look_changes_nothing(dee: Client) -> None:
    consultation = make.submitted()
    before = (consultation.version, Message.objects.count(), Event.objects.count())
    dee.get(f"{page_of(consultation)}?do=decline&reason=spam&version={consultation.version}")
    dee.head(page_of(consultation))
    consultation.refresh_from_db()
    assert (consultation.version, Message.objects.count(), Event.objects.count()) == before


def test_a_post_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.staff())
    consultation = make.submitted()
    assert say(client, consultation, "assess").status_code == 403


# --- previews ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "status"),
    [
        ("confirm_wish", Status.NEW),
        ("confirm", Status.NEW),
        ("offer", Status.NEW),
        ("ask", Status.NEW),
        ("assess", Status.NEW),
        ("decline", Status.NEW),
        ("cancel", Status.CONFIRMED),
        ("reschedule", Status.CONFIRMED),
        ("rescue", Status.SUSPECTED),
    ],
)
def test_the_preview_is_the_mail_that_goes(dee: Client, do: str, status: Status) -> None:
    consultation = make.in_state(status)
    intake.prove(consultation, Origin(make.CLIENT, make.NOW)) if status == Status.NEW else None
    shown = html(say(dee, consultation, do, preview=do, **typed(do)))
    assert consultation.events.count() == type(consultation).objects.get(pk=consultation.pk).version
    assert say(dee, consultation, do, **typed(do)).status_code == 303
    message = Message.objects.filter(request=consultation, kind=ACTIONS[do].mail).latest("pk")
    mail = render.compose(message, now=make.NOW, has_note=message.note_id is not None)
    seen = mail.text.replace(render.LINK, "(the client’s own link)")
    assert _as_html(seen) in shown
    assert mail.subject in shown


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("'", "&#x27;").replace('"', "&quot;")


def test_a_preview_sends_and_changes_nothing_and_keeps_what_was_typed(dee: Client) -> None:
    consultation = make.submitted()
    page = say(dee, consultation, "ask", preview="ask", question="Do you still get spots?")
    assert page.status_code == 200
    assert "Exactly what goes to them" in words(page)
    assert "Do you still get spots?</textarea>" in html(page)
    consultation.refresh_from_db()
    assert consultation.status == "new"
    assert not Message.objects.filter(kind="question").exists()


def test_without_a_tick_the_confirmation_of_the_asked_time_is_previewed(dee: Client) -> None:
    consultation = make.submitted()
    page = words(say(dee, consultation, "confirm", preview="confirm", wish=typed("confirm_wish")["wish"]))
    assert "Exactly what goes to them" in page
    assert "Tick a time first." not in page
    assert "Thursday 3 December" in page.split("Exactly what goes to them")[1]
    consultation = make.submitted(start=None)
    page = words(say(dee, consultation, "confirm", preview="confirm"))
    assert "The mail that confirms a time, for example this one" in page
    assert "Exactly" not in page
    assert "Tick a time first." not in page


def test_every_mail_can_be_previewed_whatever_was_pressed_before(dee: Client) -> None:
    cleo = make.submitted()
    many = [slot_text.of(make.slot(make.at(4, hour))) for hour in (10, 11, 12, 13)]
    mails = {name for name in buttons(dee.get(page_of(cleo))) if ACTIONS[name].mail} - {"confirm_wish"}
    for fields in ({}, {"preview": "confirm"}, {"preview": "offer"}, {"slot": many}, {"preview": "ask"}):
        page = html(say(dee, cleo, "offer", wish=typed("confirm_wish")["wish"], **fields))
        # It leads to the mail, not to the top of a long page.
        offered = re.findall(r'name="preview" value="([a-z_]+)" formaction="#mail"', page)
        assert sorted(offered) == sorted(mails), fields
        assert page.count('id="mail"') == ("preview" in fields), fields


def test_a_mail_is_made_only_when_somebody_asks_to_see_it(
    dee: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(consultation: ConsultationRequest, kind: str, *args: Any, **more: Any) -> render.Mail | None:
        made.append(kind)
        return compose(consultation, kind, *args, **more)

    compose = render.preview
    monkeypatch.setattr(render, "preview", counted)
    consultation = make.submitted()
    assert dee.get(page_of(consultation)).status_code == 200
    assert say(dee, consultation, "ask", question="").status_code == 200
    assert made == []
    say(dee, consultation, "decline", preview="decline", **typed("decline"))
    assert made == ["declined"]


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("offer", {"note": "Ring the bell twice."}),
        ("ask", {"question": "Ring the bell twice."}),
        ("decline", {"reason": "advice_first", "note": "Ring the bell twice."}),
    ],
)
def test_the_preview_shows_what_stands_on_their_page(dee: Client, do: str, fields: dict[str, str]) -> None:
    consultation = make.submitted()
    assert "On their page" not in words(dee.get(page_of(consultation)))
    page = words(say(dee, consultation, do, preview=do, **typed(do) | fields))
    assert "On their page Ring the bell twice." in page


def test_advice_needs_words(dee: Client) -> None:
    consultation = make.submitted()
    for reason in ("advice_first", "refer_gp"):
        page = say(dee, consultation, "decline", reason=reason, note=" ")
        assert page.status_code == 200, reason
        assert "Write what you advise." in words(page), reason
        consultation.refresh_from_db()
        assert consultation.status == "new", reason
    assert say(dee, consultation, "decline", reason="duplicate", note="").status_code == 303


def test_who_is_told_is_said_as_it_is(dee: Client) -> None:
    told = dee.get(say(dee, make.submitted(), "decline", reason="other", note="x").headers["Location"])
    assert "Declined. Cleo is told by e-mail." in words(told)
    told = dee.get(say(dee, make.submitted(), "decline", reason="spam", note="").headers["Location"])
    assert "Declined as spam. Nobody is told." in words(told)


def test_a_gp_is_written_as_one(dee: Client) -> None:
    page = words(dee.get(page_of(make.submitted())))
    assert "Better seen by a GP or dermatologist" in page


# --- after it ---------------------------------------------------------------------------------------------------------


def test_after_an_answer_the_next_one_of_the_list_is_one_press_away(dee: Client) -> None:
    first = make.submitted(name="First Person", start=None)
    second = make.submitted(name="Second Person", start=None)
    page = dee.get(say(dee, first, "ask", question="Since when?").headers["Location"])
    assert "Next new request: Second Person" in words(page)
    assert f'<a href="{page_of(second)}">Second Person</a>' in html(page)
    page = dee.get(say(dee, second, "ask", question="Since when?").headers["Location"])
    assert "All answered." in words(page)


def test_nothing_is_said_of_the_next_one_while_this_one_still_waits(dee: Client) -> None:
    consultation = make.submitted()
    for do in ("note", "assess"):
        page = dee.get(say(dee, consultation, do, **typed(do)).headers["Location"])
        assert "All answered" not in words(page)


def test_the_two_large_buttons_keep_their_order(dee: Client) -> None:
    """Which of them is filled: see test_fitting.py."""
    page = html(dee.get(page_of(make.submitted())))
    assert page.index('name="do" value="confirm_wish"') < page.index('name="do" value="offer"')


def test_mails_that_are_still_to_come_stand_apart(dee: Client) -> None:
    consultation = make.in_state(Status.CONFIRMED)
    page = words(dee.get(page_of(consultation)))
    coming = page[page.index("Still to come") : page.index("So far")]
    reminder = f"Mail: {KINDS['reminder_48h'].words}"
    assert reminder in coming
    assert "Confirmed" not in coming
    assert reminder not in page[page.index("So far") :]


def test_a_mail_stands_where_it_went(dee: Client) -> None:
    consultation = make.submitted()
    Message.objects.filter(request=consultation).update(state="sent", sent_at=make.NOW + timedelta(hours=2))
    page = html(dee.get(page_of(consultation)))
    assert 'datetime="2026-11-30T11:00:00+00:00">Mon 30 Nov 11:00</time>' in page


def test_what_nobody_did_happened_by_itself(dee: Client) -> None:
    consultation = make.in_state(Status.LAPSED)
    page = words(dee.get(page_of(consultation)))
    assert "by itself, because nobody answered in time" in page
    assert "The clock" not in page


def test_a_made_up_time_is_refused_in_words(dee: Client) -> None:
    consultation, ana = make.submitted(), make.practitioner()
    for moment in ("9999-12-31T23:59:00+00:00", "0001-01-01T00:00:00+00:00", "2026-12-03T10:00", ""):
        page = say(dee, consultation, "offer", slot=f"{ana.pk}@{moment}", until="960")
        assert "Choose one of the times shown." in words(page), moment
        assert page.status_code == 200, moment


def test_what_was_done_is_said_once_and_kept_in_no_cookie(dee: Client) -> None:
    consultation = make.submitted()
    answer = say(dee, consultation, "assess")
    assert "messages" not in answer.cookies
    assert "is told that we are looking at it" in words(dee.get(page_of(consultation)))
    assert "is told that we are looking at it" not in words(dee.get(page_of(consultation)))


def test_a_made_up_version_is_a_stale_page(dee: Client) -> None:
    consultation = make.submitted()
    answer = dee.post(page_of(consultation), {"do": "assess", "version": "9" * 5000})
    assert answer.status_code == 409


def test_markup_from_a_client_is_shown_and_not_obeyed(dee: Client) -> None:
    answers = ANSWERS | {"anything_else": "<script>alert(1)</script>"}
    consultation = make.submitted(name="<b>Cleo</b>", answers=answers, start=None)
    for url in (page_of(consultation), "/admin/bookings/consultationrequest/", "/admin/bookings/message/"):
        page = html(dee.get(url))
        assert "<b>Cleo" not in page
        assert "<script>alert" not in page


def test_erasing_needs_a_right_of_its_own() -> None:
    consultation = make.in_state(Status.DECLINED)
    browser = Client()
    browser.force_login(
        make.staff("Rae Front", "bookings.view_consultationrequest", "bookings.decide_request")
    )
    assert "Erase everything personal" not in words(browser.get(page_of(consultation)))
    assert say(browser, consultation, "erase", sure="on").status_code == 403
    consultation.refresh_from_db()
    assert consultation.erased_at is None
