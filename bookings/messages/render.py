"""From a message to the bytes of a mail: text, HTML and a calendar file, with a placeholder where the client's link goes.

One renderer for everything: what the desk previews is what is stored at the first claim and what the mail
server gets. The words of a mail are in one template, templates/emails/<kind>.txt. Its text and its HTML are
both made from it, so the two cannot differ:

    # a heading        - a fact        * one of several things        = the words on the button        else: a paragraph

Words that staff wrote for the client, and everything that the client wrote, stay behind the link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import loader
from django.urls import reverse

from bookings import decline_mails, names, outbox, promise
from bookings.messages import calendar_file
from bookings.messages.blocks import Block, as_text, filled_in
from bookings.messages.calendar_file import Visit, plain
from bookings.messages.envelope import Unsendable, recipient, sender
from bookings.messages.kinds import KINDS, Kind
from bookings.models import ConsultationRequest, ConsultationType, Message
from bookings.queries import off
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation import money, when
from content.models import ClinicProfile

# The placeholder in a stored mail where the client's own link goes. It is not stored itself.
LINK = "@@the-link-goes-here@@"
# "=_" cannot occur inside quoted-printable or base64, so no text can pretend to be the end of a part.
_BOUNDARY = "=_one_part_of_this_mail_="
# They name times to choose from.
_OFFERING = ("offered", "displaced")
# They name a moment although they are not about an appointment.
_WITH_A_MOMENT = ("received", "prove_reminder", "question", "answer_reminder")
# Sizes of the HTML in px. Large print is 18 point and more, which is 24 px (UK Association for Accessible Formats).
_TYPE = {"name": 25, "heading": 34, "list": 20, "body": 17, "small": 15, "width": 540}
_LARGE_TYPE = {"name": 28, "heading": 36, "list": 26, "body": 24, "small": 24, "width": 720}
_COUNTS = {1: "One time is", 2: "Two times are", 3: "Three times are"}


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


def render(message: Message, *, now: datetime) -> Mail:
    """The mail for a stored message. It and its `raw` raise Unsendable."""
    return compose(message, now=now, has_note=message.note_id is not None)


def preview(
    consultation: ConsultationRequest,
    kind: str,
    facts: dict[str, Any],
    note_text: str,
    now: datetime,
    profile: ClinicProfile | None = None,
) -> Mail | None:
    """The mail that a verb would queue now, or None if it would queue none.

    `facts` are those of the message to be, except that times which have no appointment yet are given as
    {"slots": [Slot, ...]} instead of ids (and "terms", if any were agreed for them). Deadlines that the verb will set go
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
    return compose(message, now=now, has_note=bool(note_text.strip()), profile=profile)


def compose(
    message: Message,
    *,
    now: datetime,
    has_note: bool,
    profile: ClinicProfile | None = None,
    aloud: bool = False,
) -> Mail:
    """Make the mail for `message` (stored or not), dated `now`. It and its `raw` raise Unsendable.

    `aloud`: to be read out on the phone, without what its template says to readers of a mail only.
    """
    if message.request is None:
        raise Unsendable("It belongs to no request.")
    kind, profile = KINDS[message.kind], profile or ClinicProfile.current()
    context = _context(message.request, message, profile, now, has_note) | {"aloud": aloud}
    link = desk_link(message.request) if kind.to_staff else LINK
    blocks = filled_in(kind.template(message.facts), context)
    context["has_link"] = any(block.kind == "button" for block in blocks)
    foot = filled_in("emails/foot_staff.txt" if kind.to_staff else "emails/foot.txt", context)
    subject = kind.subject.format(reference=plain(message.request.reference))
    is_large = message.request.reads_large_print and not kind.to_staff
    text, html = _printed(blocks, foot, link, subject, context["mail_name"], is_large=is_large)
    return Mail(
        subject, message.to, text, html, lambda: _written(message, kind, profile, subject, text, html, now)
    )


def trial(to: str, *, now: datetime) -> Mail:
    """A mail about nothing, to try the mail server: made like all, without request or link. `raw` raises Unsendable."""
    profile = ClinicProfile.current()
    subject = f"Test mail from {plain(profile.mail_name)}"
    message = Message(to=to, message_id=outbox.new_message_id())
    blocks = filled_in("emails/test.txt", {"site": settings.SITE_URL})
    text, html = _printed(blocks, [], "", subject, plain(profile.mail_name))
    return Mail(subject, to, text, html, lambda: _written(message, None, profile, subject, text, html, now))


def desk_link(consultation: ConsultationRequest) -> str:
    """The request's page at the desk."""
    return settings.SITE_URL + reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def has_link(raw: bytes) -> bool:
    """Whether the stored mail has a place for the client's link. It is not parsed: only its folded lines are joined."""
    return LINK.encode() in raw.replace(b"=\r\n", b"")


def with_link(raw: bytes, url: str) -> bytes:
    """The stored mail with the client's link in its place. The same mail and link give the same bytes."""
    mail = _parsed(raw)
    for part in mail.walk():
        if part.get_content_type() in ("text/plain", "text/html"):
            words = part.get_content().replace(LINK, url)
            part.set_content(words, subtype=part.get_content_subtype(), cte="quoted-printable")
    return mail.as_bytes()


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
    mail = _parts(message, profile, subject, now)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    # Nothing to take out of the calendar of somebody who was told of no visit.
    if kind is not None and kind.method is not None and not message.facts.get("untold"):
        assert message.request is not None  # `compose` has asked
        mail.add_alternative(
            _calendar(message.request, message, kind, profile, now),
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"charset": "utf-8", "method": kind.method},
        )
    mail.set_boundary(_BOUNDARY)
    return mail.as_bytes()


def _parts(message: Message, profile: ClinicProfile, subject: str, now: datetime) -> EmailMessage:
    """An empty mail with its headers: exactly one recipient, and nothing anybody typed except names and addresses."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail["From"] = Address(plain(profile.mail_name), addr_spec=sender())
    mail["To"] = Address(addr_spec=recipient(message.to))
    if profile.email:
        mail["Reply-To"] = Address(addr_spec=recipient(profile.email))
    mail["Date"] = format_datetime(when.utc(now).replace(microsecond=0))
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    # Exchange ignores the line above. Without this one an absence notice answers every reminder.
    mail["X-Auto-Response-Suppress"] = "All"
    return mail


def _printed(
    blocks: list[Block], foot: list[Block], link: str, subject: str, mail_name: str, *, is_large: bool = False
) -> tuple[str, str]:
    """The words as text and as HTML, which `is_large` sets in large print."""
    words = {"blocks": blocks, "foot": foot, "link": link, "subject": subject, "mail_name": mail_name}
    html = loader.render_to_string("emails/base.html", words | {"type": _LARGE_TYPE if is_large else _TYPE})
    return as_text([*blocks, *foot], link), html


# --- the words --------------------------------------------------------------------------------------------------------


def _context(
    consultation: ConsultationRequest, message: Message, profile: ClinicProfile, now: datetime, has_note: bool
) -> dict[str, Any]:
    """Everything that a mail may say. Moments are already words."""
    zone, facts = profile.zone, message.facts
    held_until, wished = _moment(facts, "held_until"), _moment(facts, "start")
    visits = visits_of(consultation, message, profile.currency)
    if message.kind in _OFFERING:
        visits = [visit for visit in visits if visit.start > now]
    answer_by = _moment(facts, "answer_by") or consultation.answer_due_at
    until = _moment(facts, "until") or consultation.offer_expires_at
    old_start = _moment(facts, "old_start")
    due = consultation.promise_due_at
    return {
        "hello": _hello(consultation),
        "reference": plain(consultation.reference),
        "mail_name": plain(profile.mail_name),
        "site": settings.SITE_URL,
        "phone": plain(profile.phone),
        "call": plain(profile.call_words),
        "opening": "; ".join(profile.opening_lines),
        "demo": profile.demo,
        **_coming(consultation, profile),
        "note": has_note,
        "promise": promise.in_words(due, now, zone=zone) if due and due > now else "",
        "wished": when.moment_from(wished, now, zone) if wished else "",
        "held_until": when.moment_from(held_until, now, zone) if held_until and held_until > now else "",
        "answer_by": when.moment_from(answer_by, now, zone) if answer_by else "",
        "until": when.moment_from(until, now, zone) if until else "",
        "begins_before": until is not None and any(visit.start < until for visit in visits),
        "count": _COUNTS.get(len(visits), "Some times are"),
        "times": [_visit_words(visit, consultation, now, zone) for visit in visits],
        "visit": _details(visits[0], consultation, profile, now) if visits else None,
        "old": when.moment_from(old_start, now, zone) if old_start else "",
        "zone": when.zone_words(zone) if visits or message.kind in _WITH_A_MOMENT else "",
        "reason": str(facts.get("reason", "")),
        "by_client": facts.get("by") == "client",
        "untold": bool(facts.get("untold")),
    }


def _hello(consultation: ConsultationRequest) -> str:
    """'Hello Cleo.' once the address is proved. Before that, somebody else may have typed both name and address."""
    name = plain(consultation.called)
    known = consultation.email_proved_at is not None and names.may_greet(name)
    return f"Hello {name}." if known else "Hello."


def visits_of(consultation: ConsultationRequest, message: Message, currency: str) -> list[Visit]:
    """The times that a message is about, in order: its appointments, or in a preview the slots it would be about.

    A preview's slots have the terms that were agreed for them ("terms" of the facts), or else those of today.
    """
    facts = message.facts
    if "slots" in facts:
        terms = facts.get("terms") or consultation.consultation_type.terms(currency)
        return [Visit(start=slot.start, end=slot.end, terms=terms) for slot in sorted(facts["slots"])]
    ids = [*facts.get("appointments", []), *([facts["appointment"]] if facts.get("appointment") else [])]
    if not ids:
        return []
    rows = consultation.appointments.filter(pk__in=ids).order_by("starts_at")
    if message.kind == "displaced":
        rows = rows.held()
    if message.kind in _OFFERING:
        # A late mail names nothing that has since been switched off or closed.
        rows = rows.exclude(pk__in=off.against(rows, clinic_zone()))
    return [Visit(start=row.starts_at, end=row.ends_at, terms=row.terms) for row in rows]


def _details(
    visit: Visit, consultation: ConsultationRequest, profile: ClinicProfile, now: datetime
) -> dict[str, Any]:
    terms = visit.terms
    cutoff = terms.cutoff(visit.start)
    return {
        "when": _visit_words(visit, consultation, now, profile.zone),
        "where": _address(profile) if visit.is_in_person else terms.mode_words,
        **(_way(profile) if visit.is_in_person else {}),
        "length": when.length(int((visit.end - visit.start).total_seconds() // 60)),
        "cost": money.words(terms.fee, terms.currency) if terms.fee else "nothing to pay",
        "cutoff": when.moment_from(cutoff, now, profile.zone) if cutoff > now else "",
    }


def _address(profile: ClinicProfile) -> str:
    return plain(", ".join(profile.address_shown.splitlines()))


def _coming(consultation: ConsultationRequest, profile: ClinicProfile) -> dict[str, Any]:
    """What somebody who comes wants to know, as far as the clinic has said it. The sent page and their own say the same.

    `coming` is for the first mail, which says it with or without a wished time: whoever has asked begins to plan.
    """
    in_person = consultation.consultation_type.mode == ConsultationType.Mode.IN_PERSON
    return {
        "bring": [plain(line) for line in profile.bring_lines],
        "happens": [plain(line) for line in profile.visit_lines],
        "place": _address(profile) if in_person else "",
        "coming": _way(profile) if in_person else {},
    }


def _way(profile: ClinicProfile) -> dict[str, str]:
    return {"getting_here": plain(" ".join(profile.getting_here.split())), "map": profile.map_href}


def _visit_words(visit: Visit, consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December at 10:30am'; for a call to somebody in another zone, on both clocks."""
    words = when.moment_from(visit.start, now, zone)
    own = _own_zone(consultation.time_zone)
    if visit.is_in_person or own is None or when.same_clocks(visit.start, own, zone):
        return words
    return (
        f"{words} {when.zone_words(zone)} ({when.moment_from(visit.start, now, own)} {when.zone_words(own)})"
    )


def _own_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # not a zone that this machine knows
        return None


def _moment(facts: dict[str, Any], name: str) -> datetime | None:
    """A moment that a message carries as an ISO text."""
    return datetime.fromisoformat(facts[name]) if facts.get(name) else None


# --- the calendar file ------------------------------------------------------------------------------------------------


def _calendar(
    consultation: ConsultationRequest, message: Message, kind: Kind, profile: ClinicProfile, now: datetime
) -> bytes:
    visits = _in_calendar(consultation, message, profile.currency)
    if not visits:
        raise Unsendable("It has no appointment.")
    sequence = int(message.facts.get("sequence", consultation.calendar_sequence))
    assert kind.method is not None  # only kinds with a calendar file come here
    return calendar_file.write(
        consultation, visits[0], profile, method=kind.method, sequence=sequence, now=now
    )


def _in_calendar(consultation: ConsultationRequest, message: Message, currency: str) -> list[Visit]:
    """The visit that the file is about: the one that is gone, whatever is offered instead."""
    if message.kind != "displaced":
        return visits_of(consultation, message, currency)
    rows = consultation.appointments.filter(pk=message.facts["old"])
    return [Visit(start=row.starts_at, end=row.ends_at, terms=row.terms) for row in rows]
