"""What mails say: plain words, nothing about health, nothing that anybody typed, the same in text, HTML and preview."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
import yaml
from django.conf import settings
from django.utils.html import strip_tags

from bookings import links
from bookings.messages import render, send
from bookings.messages.kinds import KINDS
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Message
from bookings.workflow import reply
from bookings.workflow.core import Actor, Origin
from content.models import OpeningHours
from tests.factories import NOW, at, profile, rules, slot, staff, submitted
from tests.messages.examples import EVERY, NOTE, deliver, due, only, queued
from tests.messages.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CANARY = "Canary"
# Words that would tell somebody who reads over a shoulder what this is about.
TELLING = {
    "acne", "scar", "scars", "skin", "dermatology", "dermatologist", "cosmetic", "aesthetic", "laser", "peel", "peels",
    "microneedling", "filler", "fillers", "punch", "isotretinoin", "pregnant", "pregnancy", "doctor", "nurse", "clinician",
    "clinical", "patient", "treatment", "diagnosis", "medicine", "surgery", "procedure", "rejected",
}  # fmt: skip
# Words of the clinic's matrix that also have an ordinary meaning.
ORDINARY = {"and", "for", "with", "red", "dark", "deep", "light", "active", "marks", "blue", "sun"}


@cache
def words_of_the_matrix() -> set[str]:
    """Every word in the names and codes of the concerns and treatments that ship."""
    found: set[str] = set()
    for name in ("concerns", "treatments"):
        rows = yaml.safe_load(Path(settings.BASE_DIR, "content", "demo", f"{name}.yaml").read_text())
        for row in rows:
            found |= set(re.findall(r"[a-z]{3,}", f"{row['code']} {row['name']}".lower()))
    return found - ORDINARY


def _mail(message: Message, now: datetime | None = None) -> render.Mail:
    return render.read(render.render(message, now=now or message.not_before).raw)


def _said(html: str) -> str:
    """The words of an HTML mail."""
    return strip_tags(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("what", EVERY)
def test_every_kind_is_whole_in_text_and_html(what: str) -> None:
    message = queued(what)
    mail = _mail(message)
    reference = message.request.reference  # type: ignore[union-attr]  # it has one
    assert reference in mail.subject and reference in mail.text and reference in mail.html
    assert "Alder Row" in mail.text
    # The whole address can be read, not only pressed.
    if KINDS[message.kind].to_staff:
        assert f"{settings.SITE_URL}/admin/" in mail.text
    elif what != "declined under_18":
        assert render.LINK in mail.text
        assert _said(mail.html).count(render.LINK) == 1
    for text in (mail.text, mail.html):
        assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL), (
            "a template tag got through"
        )
        assert "None" not in text and ".." not in text and "  " not in text.replace("\n", "")
    # Text and HTML say the same: they are made from one template.
    flat = " ".join(_said(mail.html).replace("&#x27;", "'").split())
    for line in mail.text.splitlines():
        said = line.removeprefix("- ").removesuffix(":").strip() in flat
        assert said or f'href="{line}"' in mail.html, line
    html5lib.HTMLParser(strict=True).parse(mail.html)


@pytest.mark.parametrize("what", EVERY)
def test_no_word_about_health_and_nothing_that_anybody_typed(what: str) -> None:
    kind = ConsultationType.objects.create(name=f"{CANARY} laser review", minutes=30, fee=4000)
    message = (
        queued(
            what,
            name=f"Cleo {CANARY}",
            consultation_type_id=kind.pk,
            start=None,
            windows=((None, "morning"),),
        )
        if what in ("received", "assessing", "withdrawn", "new_link")
        else queued(what)
    )
    mail = _mail(message)
    words = set(re.findall(r"[a-z]+", f"{mail.subject} {mail.text} {_said(mail.html)}".lower()))
    allowed = {"health"}  # "Please do not reply with health details"
    assert (words & (TELLING | words_of_the_matrix())) - allowed == set()
    assert CANARY not in mail.raw.decode("ascii")
    assert NOTE.split()[-3] + " " + NOTE.split()[-2] not in mail.text


def test_what_the_shipped_clinic_says_of_a_visit_tells_nobody_what_it_is_about() -> None:
    shipped = yaml.safe_load(Path(settings.BASE_DIR, "content", "demo", "clinic.yaml").read_text())
    words = set(
        re.findall(
            r"[a-z]+",
            " ".join(
                shipped[name] for name in ("getting_here", "video_call", "to_bring", "what_happens")
            ).lower(),
        )
    )
    assert words & (TELLING | words_of_the_matrix()) == set()


def test_the_words_of_staff_stay_behind_the_link() -> None:
    message = queued("declined advice_first")
    mail = _mail(message)
    assert message.note is not None and message.note.body == NOTE
    assert "personal note" in mail.text
    assert NOTE not in mail.text and NOTE not in mail.html


@pytest.mark.parametrize("what", ["received", "prove_reminder", "offered", "confirmed"])
def test_an_address_that_nobody_has_proved_is_greeted_without_a_name(what: str) -> None:
    mail = _mail(queued(what, name="Cleo Marsh", name_to_use="Cleo"))
    assert mail.text.startswith("Hello. ")
    assert "Cleo" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("typed", "greeting"),
    [
        ("Cleo", "Hello Cleo."),
        ("Zoë", "Hello Zoë."),
        ("Anne-Marie O'Neil", "Hello Anne-Marie O'Neil."),
        ("Иван", "Hello Иван."),
        ("प्रिया", "Hello प्रिया."),
        ("สมชาย", "Hello สมชาย."),
        ("evil.example", "Hello."),
        ("http://evil.example", "Hello."),
        ("<a href=//evil.example>x</a>", "Hello."),
        ("you won 1000", "Hello."),
        ("Cleo\r\n= Press here", "Hello."),
        ("{{ request }}", "Hello."),
        ("x" * 60, "Hello."),
    ],
)
def test_a_name_that_could_be_anything_else_is_not_used(typed: str, greeting: str) -> None:
    message = queued("offered", proved=True)
    ConsultationRequest.objects.filter(messages=message).update(name_to_use=typed)
    mail = _mail(Message.objects.get(pk=message.pk))
    assert mail.text.startswith(f"{greeting} Two times are yours")
    assert "evil" not in mail.html and "won" not in mail.html and "Press" not in mail.html


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Mrs Jane Smith", "Hello Jane."),
        ("Mrs Smith", "Hello."),
        ("P. Smith", "Hello."),
        ("P Smith", "Hello."),
    ],
)
def test_nobody_is_called_by_a_title_or_an_initial(name: str, greeting: str) -> None:
    message = queued("offered", proved=True)
    ConsultationRequest.objects.filter(messages=message).update(name=name, name_to_use="")
    assert _mail(Message.objects.get(pk=message.pk)).text.startswith(f"{greeting} Two times are yours")


def test_an_offer_says_until_when_each_time_is_kept() -> None:
    message = queued("offered")
    assert message.request is not None
    Message.objects.filter(pk=message.pk).update(facts=message.facts | {"until": at(4, 12).isoformat()})
    mail = _mail(Message.objects.get(pk=message.pk))
    assert "for you: each until it begins, and until Friday 4 December at midday at the latest." in mail.text
    # Until then there are all of them.
    assert mail.subject.startswith("Choose a time by Friday 4 December, 10am (")
    # On whose clocks?
    Appointment.objects.update(mode="video")
    ConsultationRequest.objects.update(time_zone="Asia/Tokyo")
    assert _mail(Message.objects.get(pk=message.pk)).subject.startswith("Times to choose from (")


def test_what_the_clinic_types_is_escaped_in_html() -> None:
    message = queued("confirmed")
    profile(mail_name='A&B <b>"Row"</b>', address="<script>alert(1)</script>\n4 Row")
    mail = _mail(message)
    assert "<script>" not in mail.html and "<b>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;, 4 Row" in mail.html


def test_the_receipt_says_what_happens_next() -> None:
    text = _mail(queued("received")).text
    assert (
        "Hello. Open the link to keep your time.\n\n"
        "Open it by Monday 30 November at 9:30am, or somebody else may take the time.\n\n"
        "- Not booked yet: Thursday 3 December at 10am\n\nKeep my time:\n"
    ) in text
    assert "This is not a booking yet" in text
    assert "We confirm your time, offer you others or ask you a question." in text
    for fact in (
        "Not booked yet: Thursday 3 December at 10am",
        "You hear from us: by 5pm on Monday 30 November, whether you open it or not",
        "Held until: Tuesday 1 December at 5pm, once you have opened it",
        "With: Ana Lind\n",
        "What: First consultation, in person, 30 minutes",
        "Cost: £40, nothing to pay now",
    ):
        assert fact in text, fact
    assert "Where: 4 Alder Row, Larch Quay" in text
    assert "Call 01632 960001, Monday to Friday, 9am to 5pm" in text
    assert "999" in text and f"{settings.SITE_URL}/urgent-help/" in text
    assert "not an emergency service" in text
    assert "do not reply with health details" in text


@pytest.mark.parametrize("what", ["received", "declined urgent_signpost"])
def test_whom_to_call_is_what_the_clinic_has_set(what: str) -> None:
    message = queued(what)
    assert "Call 111 for advice, or 999 in an emergency." in _mail(message).text
    profile(emergency_number="112", advice_number="116 117")
    text = _mail(message).text
    assert "Call 116 117 for advice, or 112 in an emergency." in text
    assert "111" not in text and "999" not in text


def test_a_receipt_that_goes_late_promises_no_hold_that_is_over() -> None:
    message = queued("received")
    text = _mail(message, at(30, 12, month=11)).text
    assert "We are no longer holding this time" in text
    assert "We are holding" not in text


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(3, 7), "please call us on 01632 960001. We answer the phone from 9am. Your"),
        (at(3, 9), "please call us on 01632 960001. Your reference"),
        (at(3, 17), "please call us on 01632 960001. We answer the phone from 9am on Friday."),
        (at(4, 18), "please call us on 01632 960001. We answer the phone from 9am on Monday."),
    ],
)
def test_a_reminder_that_goes_while_nobody_is_at_the_phone_says_from_when(now: datetime, words: str) -> None:
    assert words in _mail(queued("reminder_2h"), now).text


def test_a_reminder_of_a_clinic_without_opening_hours_only_says_to_call() -> None:
    message = queued("reminder_2h")
    OpeningHours.objects.all().delete()
    assert "please call us on 01632 960001. Your reference" in _mail(message, at(3, 7)).text


def test_a_receipt_without_a_time_says_nothing_of_a_hold() -> None:
    text = _mail(queued("received", start=None, windows=((None, "morning"),))).text
    assert "holding" not in text


def test_a_mail_without_a_link_does_not_speak_of_one() -> None:
    text = _mail(queued("declined under_18")).text
    assert "link" not in text and f"{settings.SITE_URL}/under-18s/" in text


def test_a_move_names_both_times() -> None:
    text = _mail(queued("changed")).text
    assert "- When: Friday 4 December at 11am\n- Instead of: Thursday 3 December at 10am\n" in text


def test_a_call_to_another_zone_names_both_clocks() -> None:
    ConsultationType.objects.update_or_create(
        name="First consultation", defaults={"minutes": 30, "mode": "video"}
    )
    text = _mail(queued("confirmed", time_zone="America/New_York")).text
    assert (
        "- When: Thursday 3 December at 10am UK time (Thursday 3 December at 5am New York time)\n- With: Ana Lind\n"
        in text
    )


def test_a_time_next_year_names_the_year() -> None:
    mail = _mail(queued("confirmed", start=at(4, 10, month=12)), at(30, 9, month=11).replace(year=2025))
    assert "Friday 4 December 2026 at 10am" in mail.text


def _kinds_that_are_previewed() -> list[tuple[str, Any, dict[str, Any], str]]:
    dee = Actor.staff(staff())
    two = [slot(at(4, 10)), slot(at(4, 14))]
    until = at(2, 17)
    return [
        ("assessing", lambda consultation: reply.assess(consultation, Origin(dee, NOW)), {}, ""),
        (
            "offered",
            lambda consultation: reply.offer(
                consultation, Origin(dee, NOW), slots=two, note="Bring a hat", open_minutes=1440
            ),
            {"slots": two, "until": until.isoformat()},
            "Bring a hat",
        ),
        (
            "confirmed",
            lambda consultation: reply.confirm(consultation, Origin(dee, NOW)),
            {"slots": [slot(at(3, 10))]},
            "",
        ),
        (
            "declined",
            lambda consultation: reply.decline(
                consultation, Origin(dee, NOW), reason="refer_gp", note="See them first"
            ),
            {"reason": "refer_gp"},
            "See them first",
        ),
    ]


@pytest.mark.parametrize("number", range(4))
def test_the_preview_is_what_the_mail_server_gets(sink: Sink, number: int) -> None:
    rules(alert_email="")
    consultation = submitted()
    kind, say, facts, note = _kinds_that_are_previewed()[number]
    seen = render.preview(consultation, kind, facts, note, NOW)
    assert seen is not None
    before = seen.raw
    say(consultation)
    message = only(consultation.messages.filter(kind=kind).get())
    deliver(due(message))
    message.refresh_from_db()
    assert message.link is not None
    promised = render.with_link(before, links.url(message.link))
    assert _without_ids(sink.taken[0].raw) == _without_ids(promised)


def _without_ids(raw: bytes) -> bytes:
    """The bytes without the two headers that belong to the moment and the row, and with the calendar file spelt out."""
    mail = message_from_bytes(raw, policy=default)
    stamp = b""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            file = part.get_payload(decode=True)
            assert isinstance(file, bytes)
            stamp = re.sub(rb"DTSTAMP:\S+", b"", file)
    head = re.sub(rb"(?m)^(Message-ID|Date): .*\r\n", b"", raw)
    return re.sub(rb"(?s)(Content-Type: text/calendar.*?\r\n\r\n).*?--=_", rb"\1--=_", head) + stamp


def test_nothing_is_previewed_for_spam() -> None:
    assert render.preview(submitted(), "declined", {"reason": "spam"}, "", NOW) is None


def test_a_mail_is_rendered_once(sink: Sink) -> None:
    message = only(queued("received"))
    sink.script = lambda step, to: "451 later" if step == "data" else None
    deliver(NOW)
    message.refresh_from_db()
    assert '<a class="lk" href="tel:' in _mail(message).html, "the number can be pressed"
    first = message.body
    profile(phone="01632 960999")
    deliver(at(30, 10, month=11))
    message.refresh_from_db()
    assert first and message.body == first


def test_the_desk_reads_a_mail_that_has_not_gone_yet() -> None:
    message = queued("reminder_2h")
    shown = send.readable(message)
    assert shown.subject.startswith("Soon: Thursday 3 December, 10am (")
    assert "Thursday 3 December at 10am" in shown.text
    assert (shown.link, message.body) == ("", "")


@pytest.mark.parametrize("kind", ["received", "offered", "confirmed", "changed", "reminder_48h", "cancelled"])
def test_a_mail_with_a_time_names_the_zone_to_whoever_does_not_come_here(kind: str) -> None:
    message = queued(kind)
    assert "UK time" not in _mail(message).text
    ConsultationType.objects.update(mode="phone")
    Appointment.objects.update(mode="phone")
    assert "Times are UK time." in _mail(Message.objects.get(pk=message.pk)).text


def test_who_needs_large_print_gets_large_print_and_nobody_else() -> None:
    answers = {"concerns": [], "applies": [], "support": ["large_print"]}
    large, plain = submitted(answers=answers), submitted(email="bo@example.org", start=None)

    def sizes(consultation: ConsultationRequest) -> set[int]:
        mail = _mail(consultation.messages.get(kind="received"))
        return {int(size) for size in re.findall(r"font-size:(\d+)px", mail.html)}

    assert min(sizes(large)) >= 24  # 18 point
    assert min(sizes(plain)) == 15
    alert = large.messages.filter(kind="staff_alert").first()
    assert alert is None or "font-size:15px" in _mail(alert).html
