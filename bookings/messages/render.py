"""From a message to the bytes of a mail: text, HTML and a calendar file, with a placeholder where the client's link goes.

One renderer for everything: what the desk previews is what is stored at the first claim and what the mail
server gets. The words of a mail are in one template, templates/emails/<kind>.txt. Its text and its HTML are
both made from it, so the two cannot differ:

    ^ what the inbox shows beside the subject     # the greeting, then the heading     ## a smaller heading
    | a line of the ticket of a time that is fixed     ? one of a time that is not     - a fact, or Label: fact
    > below one of these three lines: where it leads     * one of several things     = the words on the button
    > first in its paragraph: the words of a link, its address on the next line
    + a paragraph that begins with its label and a colon     else: a paragraph

Words that staff wrote for the client, and everything that the client wrote, stay behind the link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.template import loader
from django.urls import reverse

from bookings import decline_mails, outbox
from bookings.messages import calendar_file, mime, visits, words
from bookings.messages.blocks import Block, as_text, filled_in
from bookings.messages.envelope import Unsendable, recipient, sender
from bookings.messages.kinds import KINDS, Kind, its_mail
from bookings.messages.plain import plain
from bookings.models import ConsultationRequest, Message
from clinic.foundation import when
from content.models import ClinicProfile

# The placeholder in a stored mail where the client's own link goes. It is not stored itself.
LINK = "@@the-link-goes-here@@"
# The same in quoted-printable, where a line may end after any of its letters.
_LINK_FOLDED = re.compile(b"(?:=\r\n)?".join(re.escape(letter.encode()) for letter in LINK))
# Sizes of the HTML in px. Large print is 18 point and more, which is 24 px (UK Association for Accessible Formats).
_TYPE = {
    "name": 19,
    "heading": 28,
    "time": 24,
    "list": 18,
    "body": 16,
    "small": 15,
    "label": 56,
    "width": 540,
}
_LARGE_TYPE = {
    "name": 26,
    "heading": 36,
    "time": 34,
    "list": 26,
    "body": 24,
    "small": 24,
    "label": 90,
    "width": 720,
}


@dataclass(frozen=True)
class Mail:
    """A finished mail. LINK stands where the link goes, in `raw`, `text` and `html`."""

    subject: str
    to: str
    text: str
    html: str
    write: Callable[[], bytes]

    @cached_property
    def raw(self) -> bytes:
        """All of it, written when first asked for: a preview shows only the words. Raises Unsendable."""
        return self.write()


def render(message: Message, *, now: datetime, profile: ClinicProfile | None = None) -> Mail:
    """The mail for a stored message. It and its `raw` raise Unsendable."""
    return compose(message, now=now, has_note=message.note_id is not None, profile=profile)


def preview(
    consultation: ConsultationRequest,
    kind: str,
    facts: dict[str, Any],
    note_text: str,
    now: datetime,
    profile: ClinicProfile | None = None,
    *,
    aloud: bool = False,
) -> Mail | None:
    """The mail that a verb would queue now, or None if it would queue none. `aloud`: as in `compose`.

    `facts` are those of the message to be, except that times which have no appointment yet are given as
    {"slots": [Slot, ...]} instead of ids (with "terms", if any were agreed for them, and "people", the names of
    practitioners by their keys, as far as they are known). Deadlines that the verb will set go
    in too: "until" (an offer) and "answer_by" (a question), as ISO texts. `profile` saves rereading the clinic for
    each of many previews.
    """
    if kind == "declined" and not decline_mails.template(facts.get("reason")):
        return None
    facts = {"sequence": consultation.calendar_sequence + 1} | facts
    to = consultation.email if not KINDS[kind].to_staff else settings.DEFAULT_FROM_EMAIL
    message = Message(
        request=consultation,
        kind=kind,
        to=to,
        facts=facts,
        created_at=now,
        message_id=f"<preview@{outbox.host()}>",
    )
    return compose(message, now=now, has_note=bool(note_text.strip()), profile=profile, aloud=aloud)


def compose(
    message: Message,
    *,
    now: datetime,
    has_note: bool,
    profile: ClinicProfile | None = None,
    aloud: bool = False,
) -> Mail:
    """Make the mail for `message` (stored or not), dated `now`. It and its `raw` raise Unsendable.

    `aloud`: to be read out on the phone, without what its template says to readers of a mail only, and without its foot.
    """
    message = its_mail(message)
    if message.request is None:
        raise Unsendable("It belongs to no request.")
    kind, profile = KINDS[message.kind], profile or ClinicProfile.current()
    context = words.context(message.request, message, profile, now, has_note) | {"aloud": aloud}
    link = desk_link(message.request) if kind.to_staff else LINK
    blocks = filled_in(kind.template(message.facts), context)
    context["has_link"] = any(block.kind == "button" for block in blocks)
    foot_of = "emails/foot_staff.txt" if kind.to_staff else "emails/foot.txt"
    foot = [] if aloud else filled_in(foot_of, context)
    reference, moment = plain(message.request.reference), context["moment"]
    by = context["choose_by"] or context["open_by"] or context["keep_by"] or context["answer_by"]
    subject = kind.subject_of(reference, context["called"], moment, by)
    is_large = message.request.reads_large_print and not kind.to_staff
    text, html = _printed(blocks, foot, link, subject, profile, is_large=is_large)
    return Mail(
        subject, message.to, text, html, lambda: _written(message, kind, profile, subject, text, html, now)
    )


def trial(to: str, *, now: datetime) -> Mail:
    """A mail about nothing, to try the mail server: made like all, without request or link. `raw` raises Unsendable."""
    profile = ClinicProfile.current()
    subject = f"Test mail from {plain(profile.mail_name)}"
    message = Message(to=to, message_id=outbox.new_message_id())
    blocks = filled_in("emails/test.txt", {"site": settings.SITE_URL})
    text, html = _printed(blocks, [], "", subject, profile)
    return Mail(subject, to, text, html, lambda: _written(message, None, profile, subject, text, html, now))


def desk_link(consultation: ConsultationRequest) -> str:
    """The request's page at the desk."""
    return settings.SITE_URL + reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def has_link(raw: bytes) -> bool:
    """Whether the stored mail has a place for the client's link. It is not parsed: only its folded lines are joined."""
    return LINK.encode() in raw.replace(b"=\r\n", b"")


def with_link(raw: bytes, url: str) -> bytes:
    """The stored mail with the client's link in its place. The same mail and link give the same bytes.

    The mail is not parsed: in quoted-printable a line may end anywhere by "=", so the link stands on lines of its own.
    """
    lines = re.findall("(?:=3D|[^=]){1,24}", url.replace("=", "=3D"))
    link = "=\r\n".join(["", *lines, ""]).encode("ascii")
    return _LINK_FOLDED.sub(lambda _: link, raw)


def read(raw: bytes) -> Mail:
    """A stored mail, taken apart for people to read."""
    mail = _parsed(raw)
    parts = {part.get_content_type(): part for part in mail.walk()}
    text, html = (parts[name].get_content().replace("\r\n", "\n") for name in ("text/plain", "text/html"))
    return Mail(str(mail["Subject"]), str(mail["To"]), text, html, lambda: raw)


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)  # the policy makes it one
    return mail


# --- the bytes of the mail --------------------------------------------------------------------------------------------


def _written(
    message: Message,
    kind: Kind | None,
    profile: ClinicProfile,
    subject: str,
    text: str,
    html: str,
    now: datetime,
) -> bytes:
    headers = _headers(message, profile, subject, now)
    if gone := visits.cancelled(message):
        file = calendar_file.write_all(gone, profile, method="CANCEL", now=now)
        return mime.written(headers, text, html, mime.calendar(file, "CANCEL"))
    # Nothing to take out of the calendar of somebody who was told of no visit.
    if kind is None or kind.method is None or message.facts.get("untold"):
        return mime.written(headers, text, html)
    assert message.request is not None  # `compose` has asked
    file = _calendar(message.request, message, kind, profile, now)
    return mime.written(headers, text, html, mime.calendar(file, kind.method))


def _headers(message: Message, profile: ClinicProfile, subject: str, now: datetime) -> bytes:
    """Exactly one recipient, and nothing anybody typed except names and addresses."""
    lines = [
        mime.header("Subject", subject),
        _our_own("From", sender(), plain(profile.mail_name)),
        mime.address("To", recipient(message.to)),
        _our_own("Reply-To", recipient(profile.email)) if profile.email else b"",
        mime.header("Date", format_datetime(when.utc(now).replace(microsecond=0))),
        mime.header("Message-ID", message.message_id),
        mime.header("Auto-Submitted", "auto-generated"),
        # Exchange ignores the line above. Without this one an absence notice answers every reminder.
        mime.header("X-Auto-Response-Suppress", "All"),
    ]
    return b"".join(lines)


_our_own = lru_cache(maxsize=4)(mime.address)  # the same in every mail


def _printed(
    blocks: list[Block],
    foot: list[Block],
    link: str,
    subject: str,
    profile: ClinicProfile,
    *,
    is_large: bool = False,
) -> tuple[str, str]:
    """The words as text and as HTML, which `is_large` sets in large print."""
    parts = {"blocks": blocks, "foot": foot, "link": link, "subject": subject}
    parts |= {"mail_name": plain(profile.mail_name), "phone": (plain(profile.phone), profile.phone_href)}
    html = loader.render_to_string("emails/base.html", parts | {"type": _LARGE_TYPE if is_large else _TYPE})
    return as_text([*blocks, *foot], link), html


# --- the calendar file ------------------------------------------------------------------------------------------------


def _calendar(
    consultation: ConsultationRequest, message: Message, kind: Kind, profile: ClinicProfile, now: datetime
) -> bytes:
    found = visits.in_calendar(consultation, message, profile.currency)
    if not found:
        raise Unsendable("It has no appointment.")
    sequence = int(message.facts.get("sequence", consultation.calendar_sequence))
    assert kind.method is not None  # only kinds with a calendar file come here
    return calendar_file.write(
        consultation, found[0], profile, method=kind.method, sequence=sequence, now=now
    )
