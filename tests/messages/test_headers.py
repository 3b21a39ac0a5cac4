"""Whatever is typed anywhere, a mail has one recipient, one subject of ours, and no header that we did not write."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from pytest_django import Settings

from bookings import outbox
from bookings.messages import envelope, mime, render
from bookings.messages.kinds import KINDS
from bookings.models import ConsultationRequest, ConsultationType, Message
from tests.factories import NOW, at, profile, slot, submitted
from tests.messages.examples import deliver, only, queued
from tests.messages.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENDS = [
    "\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x01", "\r\n ", "\n\t",
    "%0d%0a", "\\r\\n", "=0D=0A", "=?utf-8?q?=0A?=",
]  # fmt: skip
HEADERS = [
    "Bcc: eve@example.org", "Cc: eve@example.org", "To: eve@example.org", "Subject: won", "Reply-To: eve@example.org",
    "From: eve@example.org", "Content-Type: text/html", "X-Evil: 1", "\r\nMoved body", "Resent-To: eve@example.org",
]  # fmt: skip
PAYLOADS = [f"Cleo{end}{header}" for end in ENDS for header in HEADERS]
OURS = [
    "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
]  # fmt: skip


@pytest.fixture
def message() -> Message:
    return only(queued("confirmed", proved=True))


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_an_ordinary_mail_has_our_headers_and_no_others(message: Message) -> None:
    mail = _parsed(render.render(message, now=NOW).raw)
    assert mail.keys() == OURS
    assert mail["From"] == "Alder Row <appointments@example.org>"
    assert mail["Reply-To"] == "desk@example.org"
    assert mail["To"] == message.to
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"] == "Mon, 30 Nov 2026 09:00:00 +0000"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_150_payloads_in_every_field_that_anybody_fills_in(message: Message) -> None:
    for payload in PAYLOADS:
        ConsultationRequest.objects.filter(messages=message).update(
            name=payload[:120], name_to_use=payload[:60], phone=payload[:40], time_zone=payload[:64]
        )
        profile(mail_name=payload[:60], short_name=payload[:60], address=payload, phone=payload[:30])
        _check(Message.objects.get(pk=message.pk))


def _check(message: Message) -> None:
    raw = render.with_link(
        render.render(message, now=NOW).raw, "https://clinic.example/consultations/open/token/"
    )
    mail = _parsed(raw)
    assert mail.keys() == OURS
    assert mail.get_all("To") == [message.to]
    assert mail["To"].addresses[0].addr_spec == message.to
    assert mail["Subject"] == f"Booked: Thursday 3 December, 10am ({message.request.reference})"  # type: ignore[union-attr]  # it has one
    assert [one.addr_spec for one in mail["From"].addresses] == ["appointments@example.org"]
    assert [part.get_content_type() for part in mail.walk()][1:] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert not any(header.lower() in ("bcc", "cc", "resent-to", "x-evil") for header in mail)


@pytest.mark.parametrize(
    "address",
    [
        "cleo@example.org\r\nBcc: eve@example.org",
        "cleo@example.org\n",
        "cleo@example.org, eve@example.org",
        "cleo@example.org eve@example.org",
        "Eve <eve@example.org>",
        "<eve@example.org>",
        "cleo@example.org\x01",
        "cleo@example.org;eve@example.org",
        "cleo@exam\u2028ple.org",
        "cleo",
        "@example.org",
        "",
    ],
)
def test_anything_but_one_plain_address_is_refused_and_the_worker_goes_on(
    sink: Sink, message: Message, address: str
) -> None:
    with pytest.raises(envelope.Unsendable):
        envelope.recipient(address)
    # Even if such an address were in the request itself.
    ConsultationRequest.objects.filter(messages=message).update(email=address)
    Message.objects.filter(pk=message.pk).update(to=address)
    good = queued("received", start=None, windows=((None, "morning"),))
    deliver(NOW)
    message.refresh_from_db()
    good.refresh_from_db()
    assert (message.state, message.problem) == ("failed", "The address cannot be used.")
    assert good.state == "sent"
    assert "eve@example.org" not in [to for taken in sink.taken for to in taken.to]


def test_a_nul_is_refused_too() -> None:
    """PostgreSQL cannot keep one, so no row ever holds one; SQLite could."""
    with pytest.raises(envelope.Unsendable):
        envelope.recipient("cleo@example.org\x00")


def test_a_domain_in_another_script_is_written_in_ascii() -> None:
    assert envelope.recipient("cleo@bücher.example") == "cleo@xn--bcher-kva.example"


def test_our_own_domain_may_be_in_another_script_too(message: Message, settings: Settings) -> None:
    """mcp-email-server#192: such a sender went out as it was written, which most servers refuse."""
    settings.DEFAULT_FROM_EMAIL = "Praxis <termine@müller.example>"
    profile(email="desk@straße.example")
    head = render.render(message, now=NOW).raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert "<termine@xn--mller-kva.example>" in head
    assert "Reply-To: desk@xn--strae-oqa.example" in head
    assert envelope.sender() == "termine@xn--mller-kva.example"


@pytest.mark.parametrize("what", ["confirmed", "received", "staff_alert"])
def test_automatic_answers_are_not_invited(what: str) -> None:
    """By RFC 3834, and for Exchange, which heeds a header of its own (freescout#2488, Ghost#25493)."""
    mail = _parsed(render.render(queued(what), now=NOW).raw)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


DATED = {"confirmed", "changed", "cancelled", "displaced", "reminder_48h", "reminder_2h"}
# These say first what is to be done, and by when, to keep a time.
TO_OPEN = {"received", "prove_reminder"}
# These say by when to answer a question, or to choose of what is offered; they are about no time.
TO_ANSWER = {"question", "answer_reminder", "offered"}


def test_subjects_are_fixed_texts_with_a_reference_and_the_time_of_one_visit() -> None:
    """A day and a time are not health. What is booked is called by one of two words, and never by what is done then."""
    longest = "Wednesday 30 September 2026, 10:30am"
    for kind in KINDS.values():
        assert set(re.findall("{.*?}", kind.subject)) <= {"{reference}", "{visit}"}
        of_time = {"{reference}", "{moment}"} if kind.code in DATED | TO_OPEN else set()
        if kind.code in TO_ANSWER:
            of_time = {"{reference}"}
        by = {"{by}"} if kind.code in TO_OPEN | TO_ANSWER else set()
        assert set(re.findall("{.*?}", kind.dated)) == of_time | by
        for moment in ("", longest):
            subject = kind.subject_of("7K2P7K2P", "consultation", moment, "12:45pm" if moment else "")
            assert subject.isascii() and "7K2P7K2P" in subject
            assert len(subject) <= (81 if kind.code in TO_OPEN else 60)
            assert (moment in subject) == (kind.code in DATED | TO_OPEN or not moment)


@pytest.mark.parametrize("what", sorted(DATED))
def test_the_subject_of_a_mail_about_one_time_names_it(what: str) -> None:
    day = "Friday 4 December, 11am" if what == "changed" else "Thursday 3 December, 10am"
    assert day in render.render(queued(what), now=NOW).subject


def test_of_a_call_on_two_clocks_and_of_what_nobody_was_told_the_subject_names_no_time() -> None:
    video = ConsultationType.objects.create(name="Video consultation", minutes=30, mode="video")
    far = render.preview(
        submitted(consultation_type_id=video.pk, start=None, windows=((None, "morning"),), time_zone="America/New_York"),
        "confirmed", {"slots": [slot(at(3, 10))]}, "", NOW,
    )  # fmt: skip
    assert far is not None and far.subject.startswith("Your consultation is booked (")
    message = queued("cancelled")
    message.facts |= {"untold": True}
    assert render.render(message, now=NOW).subject.startswith("Your consultation is cancelled (")


def test_a_session_of_a_plan_is_called_a_visit() -> None:
    message = queued("confirmed", proved=True)
    ConsultationType.objects.update(purpose="session")
    assert "Your visit is booked." in render.render(Message.objects.get(pk=message.pk), now=NOW).text
    assert KINDS["confirmed"].subject_of("7K2P", "visit", "") == "Your visit is booked (7K2P)"


def test_a_long_host_keeps_the_message_id_in_one_piece(message: Message, settings: object) -> None:
    settings.SITE_URL = "https://appointments.of-a-clinic-with-a-rather-long-name.example.org"  # type: ignore[attr-defined]  # Django's settings
    message.message_id = outbox.new_message_id()
    assert len(message.message_id) <= 120
    raw = render.with_link(render.render(message, now=NOW).raw, "https://x.example/")
    assert message.message_id.encode() in raw
    assert _parsed(raw)["Message-ID"] == message.message_id


def test_no_line_is_longer_than_mail_allows(message: Message) -> None:
    raw = render.with_link(render.render(message, now=NOW).raw, "https://x.example/" + "a" * 200)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "typed",
    [
        "=?utf-8?q?x=0D=0ABcc:_eve@example.org?=",
        "Zoë =?utf-8?q?=0ABcc:_eve@example.org?=",
        "=?utf-8?b?QQ==?=",
    ],
)
def test_what_looks_like_an_encoded_word_is_read_as_it_was_typed(typed: str) -> None:
    profile(mail_name=typed)
    raw = render.trial("dee@example.org", now=NOW).raw
    mail = _parsed(raw)
    shown = typed.replace("=?", "= ?")
    assert mail.keys() == OURS
    assert mail["Subject"] == f"Test mail from {shown}"
    assert mail["From"].addresses[0].display_name == shown


def test_an_odd_address_is_written_as_it_is() -> None:
    assert mime.address("To", "=?utf-8?q?cleo?=@example.org") == b"To: =?utf-8?q?cleo?=@example.org\r\n"
