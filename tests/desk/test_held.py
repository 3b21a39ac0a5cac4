"""The mail is held: every page of the desk says so, and whoever may send messages again decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings import mail_hold, outbox
from bookings.mail_hold import Why
from bookings.models import Message
from clinic.foundation.models import AuditEntry
from tests import factories as make
from tests.desk.pages import OUTBOX, html, message_page, words

pytestmark = pytest.mark.once
HELD = f"{OUTBOX}held/"
NOTICE = "The mail is held."
HOUR = timedelta(hours=1)


@pytest.fixture
def mo() -> Client:
    """Mo's browser: he may send messages again."""
    client = Client()
    client.force_login(make.staff("Mo Sender", *make.DEE, "bookings.send_again"))
    return client


@pytest.fixture
def old() -> Message:
    """A mail that fell due two hours ago; another is made after the hold, which began an hour ago, and one is for later."""
    consultation = make.submitted(now=make.NOW - 5 * HOUR)
    consultation.messages.all().delete()
    found = outbox.queue(consultation, "assessing", now=make.NOW - 3 * HOUR, not_before=make.NOW - 2 * HOUR)
    mail_hold.begin(Why.RESTORED, now=make.NOW - HOUR)
    outbox.queue(consultation, "offered", now=make.NOW)
    outbox.queue(consultation, "question", now=make.NOW, not_before=make.NOW + HOUR)
    return found


def test_everybody_is_told_on_every_page(dee: Client, eve: Client, old: Message) -> None:
    for client, address in ((dee, OUTBOX), (dee, "/admin/all/"), (eve, "/admin/all/")):
        assert NOTICE in words(client.get(address))
    assert HELD in html(dee.get("/admin/all/"))
    assert HELD not in html(eve.get("/admin/all/"))
    assert NOTICE not in words(Client().get("/admin/login/"))
    assert Client().get("/readyz").json()["mail"] == "held"
    mail_hold.release()
    assert Client().get("/readyz").json()["mail"] == "ok"
    assert NOTICE not in words(dee.get(OUTBOX))


def test_the_outbox_says_why_a_mail_waits(dee: Client, old: Message) -> None:
    link = outbox.queue(old.request, "new_link", now=make.NOW)
    page = words(dee.get(OUTBOX))
    assert page.count("Waits: the mail is held") == 2
    assert page.count("Goes with the next run") == 1  # the link that somebody has just asked for
    assert "Once the mail is released" in words(dee.get(message_page(old)))
    assert "Once the mail is released" not in words(dee.get(message_page(link)))


def test_the_page_says_what_waits_by_kind(mo: Client, old: Message) -> None:
    response = mo.get(HELD)
    page, source = words(response), html(response)
    assert '<th scope="row">Being looked at</th><td>1</td><td>0</td>' in source
    assert '<th scope="row">Times offered</th><td>0</td><td>1</td>' in source
    assert "It knows what happened until" in page
    assert "1 more is not due yet. It goes in its time" in page
    assert "Hold back the 1, send the other 1" in page and "Send all 2" in page


@pytest.mark.parametrize(("do", "state"), [("set-aside", "withheld"), ("release", "queued")])
def test_one_press_releases_it(mo: Client, old: Message, do: str, state: str) -> None:
    response = mo.post(HELD, {"do": do})
    assert (response.status_code, response["Location"]) == (303, OUTBOX)
    assert "The mail is released" in words(mo.get(OUTBOX))
    old.refresh_from_db()
    assert old.state == state
    assert mail_hold.current() is None
    assert AuditEntry.objects.filter(action="release mail", who="mo").count() == 1
    again = mo.post(HELD, {"do": do}, follow=True)
    assert "The mail is not held." in words(again)
    assert AuditEntry.objects.filter(action="release mail").count() == 1


def test_anyone_who_may_not_send_again_may_look_and_no_more(dee: Client, eve: Client, old: Message) -> None:
    page = dee.get(HELD)
    assert (
        "Tell somebody who may send messages again." in words(page)
        and "<button" not in html(page).split('id="h-do"')[1]
    )
    assert dee.post(HELD, {"do": "release"}).status_code == 403
    assert eve.get(HELD).status_code == 403
    assert eve.post(HELD, {"do": "release"}).status_code == 403
    assert mail_hold.current() is not None


def test_a_server_that_was_switched_off_is_told_to_send_all(mo: Client) -> None:
    consultation = make.submitted(now=make.NOW - 60 * HOUR, start=make.at(3, 10))
    consultation.messages.exclude(kind="received").delete()
    mail_hold.begin(Why.SILENT, now=make.NOW)
    page = mo.get(HELD)
    assert "If the server was only switched off, nothing was sent meanwhile: send all of it." in words(page)
    assert 'primary" name="do" value="release"' in html(page)
