"""The outbox: what went, what did not and why, and what each mail says, exactly."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings import in_hand
from bookings.messages import send
from bookings.models import Message
from bookings.states import Status
from tests import factories as make
from tests.desk.pages import OUTBOX, html, message_page, page_of, tabs, words


def _failed() -> Message:
    """A mail that the server refused."""
    make.submitted(name="Cleo Marsh", phone="+441632960001")
    [message] = in_hand.claim(now=make.NOW, worker="w")
    in_hand.fail(message, now=make.NOW, problem="The mail server refused the address (550).")
    message.refresh_from_db()
    return message


def _may_send_again() -> Client:
    client = Client()
    client.force_login(make.staff("Mo Sender", *make.DEE, "bookings.send_again"))
    return client


def test_messages_stand_on_their_tabs_with_failed_ones_first(dee: Client) -> None:
    failed = _failed()
    make.in_state(Status.CONFIRMED, start=make.at(4, 10))
    page = dee.get(OUTBOX)
    counted = tabs(page)
    assert counted["All"] == Message.objects.count()
    assert counted["Needs you"] == 1
    assert counted["Dropped"] == Message.objects.filter(state="dropped").count() > 0
    rows = html(page).split("<tbody>")[1]
    assert rows.index(message_page(failed)) < rows.index("chip queued")
    assert "Request received" in words(page)
    assert "refused the address (550)" in words(page)
    only_failed = html(dee.get(f"{OUTBOX}?tab=failed")).split("<tbody>")[1]
    assert "chip failed" in only_failed
    assert "chip queued" not in only_failed


@pytest.mark.once
def test_a_kept_mail_can_be_read_with_its_link_while_trying_out(dee: Client) -> None:
    make.submitted()
    send.send_due(lambda: make.NOW, "w", 1)
    message = Message.objects.get(kind="received")
    assert message.state == "kept"
    shown = send.readable(message)
    page = dee.get(message_page(message))
    assert shown.subject in words(page)
    assert shown.link
    assert f'href="{shown.link}"' in html(page)
    for line in shown.text.splitlines():
        assert " ".join(line.split()) in words(page)


@pytest.mark.once
def test_the_link_of_a_sent_mail_is_nobody_elses_business(dee: Client) -> None:
    make.submitted()
    send.send_due(lambda: make.NOW, "w", 1)
    message = Message.objects.get(kind="received")
    link = send.readable(message).link
    Message.objects.update(state="sent")
    page = html(dee.get(message_page(message)))
    assert link not in page
    assert "/consultations/open/" not in page
    # Nor is it where the mail is seen as its reader sees it, with its own styles, and nothing that could run or be sent.
    mailed = dee.get(message_page(message).replace("change/", "as-mailed/"))
    assert "Keep my time" in html(mailed) and "/consultations/open/" not in html(mailed)
    policy = mailed["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';") and "script" not in policy


@pytest.mark.once
def test_a_failed_mail_says_why_and_can_be_sent_again() -> None:
    failed = _failed()
    client = _may_send_again()
    page = words(client.get(message_page(failed)))
    assert "The mail server refused the address (550)." in page
    assert "Ring first: 01632 960001" in page
    assert failed.request is not None
    told = words(client.get(page_of(failed.request)))
    assert "A mail did not go, so they do not know Request received: The mail server refused" in told
    response = client.post(message_page(failed))
    assert response.status_code == 303
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    assert "Queued again" in words(client.get(response.headers["Location"]))


def _withheld() -> Message:
    """The fourth automatic mail of a day to an address that has opened no link."""
    for _ in range(4):
        make.submitted(email="cleo@example.org", phone="+441632960001", start=None, windows=((None, "any"),))
    send.send_due(lambda: make.NOW, "w")
    return Message.objects.get(state="withheld")


@pytest.mark.once
def test_a_mail_that_was_held_back_says_why_and_staff_may_send_it() -> None:
    held = _withheld()
    client = _may_send_again()
    assert tabs(client.get(OUTBOX))["Held back"] == 1
    listed = words(client.get(f"{OUTBOX}?tab=withheld"))
    assert "nobody has opened a link in one yet" in listed
    page = words(client.get(message_page(held)))
    assert "Why it was not sent" in page
    assert "nobody has opened a link in one yet" in page
    assert "Ring first: 01632 960001" in page
    assert "Send it to cleo@example.org" in page
    assert client.post(message_page(held)).status_code == 303
    send.send_due(lambda: make.NOW, "w")
    held.refresh_from_db()
    assert held.state == "kept"


@pytest.mark.once
def test_a_mail_that_was_held_back_stands_in_the_requests_history(dee: Client) -> None:
    held = _withheld()
    assert held.request is not None
    assert "Held back: Enough automatic mails went to this address" in words(dee.get(page_of(held.request)))


def test_sending_again_twice_is_said_and_does_nothing() -> None:
    failed = _failed()
    client = _may_send_again()
    client.post(message_page(failed))
    response = client.post(message_page(failed))
    assert "has not failed" in words(client.get(response.headers["Location"]))


@pytest.mark.once
def test_sending_again_needs_its_own_permission(dee: Client) -> None:
    failed = _failed()
    assert "Send again" not in words(dee.get(message_page(failed)))
    assert dee.post(message_page(failed)).status_code == 403
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_a_message_is_found_by_address_and_reference(dee: Client) -> None:
    consultation = make.submitted(email="zoe@example.org")
    make.submitted(email="other@example.org", start=make.at(4, 10))
    for term in ("zoe@", consultation.reference.lower()):
        page = words(dee.get(OUTBOX, {"q": term}))
        assert "zoe@example.org" in page
        assert "other@example.org" not in page


@pytest.mark.once
@pytest.mark.parametrize("path", ["add/", "{}/delete/", "{}/history/"])
def test_no_message_is_made_changed_or_removed_by_hand(dee: Client, path: str) -> None:
    failed = _failed()
    url = OUTBOX + path.format(failed.pk)
    assert dee.get(url).status_code in (403, 404)
    assert dee.post(url, {"post": "yes", "to": "x@example.org"}).status_code in (403, 404)
    assert Message.objects.filter(pk=failed.pk, to=failed.to, state="failed").exists()


def test_one_statement_more_or_less_does_not_depend_on_the_number_of_messages(
    dee: Client, django_assert_max_num_queries: object
) -> None:
    for hour in range(9, 15):
        make.rules(holds_per_address=50)
        make.submitted(start=make.at(3, hour))
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # a fixture of pytest-django
        dee.get(OUTBOX)
