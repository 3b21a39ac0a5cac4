"""What a client finds in the mailbox: the mail that came, its link, its calendar file."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

from tests.browser import moments
from tests.browser.site import Site

# The worker looks every two seconds, and the machine may be busy.
PATIENCE = 120
# What must never stand in a mail: somebody else may see the inbox (domain.md section 6).
HEALTH_WORDS = re.compile(
    r"scar|acne|\bskin\b|ice pick|boxcar|keloid|\bspots?\b|isotretinoin|pregnan|treatment|laser|peel|needling|dermat",
    re.IGNORECASE,
)


def wait_for(site: Site, to: str, subject: str, count: int = 1) -> EmailMessage:
    """The `count`th mail to this address whose subject begins with these words. Fails if none comes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        came = [one.mail for one in site.sink.taken if one.to == [to]]
        found = [mail for mail in came if str(mail["Subject"]).startswith(subject)]
        if len(found) >= count:
            return found[count - 1]
        assert time.monotonic() < deadline, (
            f"No mail {subject!r}; came: {[str(m['Subject']) for m in came]}\n{site.log}"
        )
        time.sleep(0.1)


def text_of(mail: EmailMessage) -> str:
    """The words of a mail, on one line."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def words_of(mail: EmailMessage) -> str:
    """The words of a mail without its addresses: a link's token is random letters, in which any word may turn up."""
    return _without_addresses(text_of(mail))


def _without_addresses(text: str) -> str:
    return re.sub(r'https?://[^\s"<]+', "", text)


def link_in(mail: EmailMessage, site: Site) -> str:
    """The one link of the mail's text that opens the client's request; the HTML leads to the same place."""
    found: set[str] = set(re.findall(re.escape(site.url) + r"/consultations/open/\S+/", text_of(mail)))
    assert len(found) == 1, found
    link = found.pop()
    assert f'href="{link}"' in html_of(mail)
    return link


def is_discreet(mail: EmailMessage) -> None:
    """No health word in the subject, the sender's name, the text or the HTML, and nothing loaded from anywhere."""
    for words in (str(mail["Subject"]), str(mail["From"]), text_of(mail), html_of(mail)):
        text = _without_addresses(words)
        assert not HEALTH_WORDS.search(text), HEALTH_WORDS.search(text)
    assert "<img" not in html_of(mail)
    assert str(mail["Auto-Submitted"]) == "auto-generated"


@dataclass(frozen=True)
class Visit:
    """What a calendar makes of a calendar file. `start` in UTC; `attendees` none or one."""

    uid: str
    sequence: int
    start: datetime
    minutes: int
    attendees: tuple[str, ...]
    wants_answer: bool


def visit_in(mail: EmailMessage, method: str) -> Visit:
    """The visit in the mail's calendar file, which must be one that calendars understand."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    assert parts[0].get_param("method") == method
    return read_calendar(parts[0].get_content(), method)


def read_calendar(file: str | bytes, method: str) -> Visit:
    """The one visit in a calendar file with this METHOD, with no health word in its title or description."""
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    assert str(calendar["METHOD"]) == method
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == [moments.ZONE.key]
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    event: dict[str, Any] = dict(events[0])
    assert str(event["SUMMARY"]) == "Appointment, Alder Row"
    assert event["DTSTART"].params["TZID"] == moments.ZONE.key
    assert not HEALTH_WORDS.search(events[0].to_ical().decode())
    start, end = event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)
    attendee = event.get("ATTENDEE")
    return Visit(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        start=start,
        minutes=(end - start).seconds // 60,
        attendees=(str(attendee),) if attendee else (),
        wants_answer=attendee is not None and attendee.params["RSVP"] != "FALSE",
    )
