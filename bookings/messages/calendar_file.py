"""Calendar files: the client's visit, for a mail or as a download.

The title is "Appointment" and who mails come from, a name that tells a stranger nothing, and nothing in the file says what
it is about: a kind of visit is called by a word that tells nothing (bookings/messages/visits.py). The UID belongs to the
request and stays when the visit, or the site, moves; the growing SEQUENCE tells a calendar which file is newer. The zone's
rules are written by us: the library's put the start of summer time an hour off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from bookings import limits
from bookings.messages import visits
from bookings.messages.envelope import sender
from bookings.messages.plain import plain
from bookings.messages.visits import Visit
from bookings.models import ConsultationRequest
from clinic.foundation import addresses, when
from content.models import ClinicProfile

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def write(
    consultation: ConsultationRequest,
    visit: Visit,
    profile: ClinicProfile,
    *,
    method: Method,
    sequence: int,
    now: datetime,
) -> bytes:
    """The file for `visit` of `consultation`. `now` becomes its DTSTAMP. A file to download (PUBLISH) names no attendee."""
    return write_all([(consultation, visit, sequence)], profile, method=method, now=now)


def write_all(
    found: Sequence[tuple[ConsultationRequest, Visit, int]],
    profile: ClinicProfile,
    *,
    method: Method,
    now: datetime,
) -> bytes:
    """One file for several visits, each of its request and with its number. There is one at least, the earliest first."""
    file = Calendar()
    file.add("prodid", "-//Clinic consultations//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", method)
    if any(_written(visit, profile.zone)[0].tzinfo != UTC for _, visit, _ in found):
        file.add_component(_zone(profile.zone, found[0][1].start))
    for consultation, visit, sequence in found:
        file.add_component(_event(consultation, visit, profile, method, sequence, now))
    return bytes(file.to_ical())


def _event(
    consultation: ConsultationRequest,
    visit: Visit,
    profile: ClinicProfile,
    method: Method,
    sequence: int,
    now: datetime,
) -> Event:
    start, end = _written(visit, profile.zone)
    event = Event()
    event.add("uid", consultation.calendar_uid)
    event.add("sequence", sequence)
    event.add("dtstamp", when.utc(now))
    event.add("dtstart", start)
    event.add("dtend", end)
    summary = vText(plain(f"Appointment, {profile.mail_name}"))
    event.add("summary", summary)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("description", vText(plain(_description(consultation, visit, profile))))
    if visit.is_in_person and profile.address_shown:
        event.add("location", vText(plain(", ".join(profile.address_shown.splitlines()))))
    _add_people(event, consultation, profile, method)
    before = limits.mail.CALENDAR_ALARM_BEFORE
    if (
        method != "CANCEL" and visit.start - before > now
    ):  # one that is due at once would ring while they read the mail
        event.add_component(_alarm(summary, before))
    return event


def _alarm(summary: vText, before: timedelta) -> Alarm:
    """One reminder, with the words of the title (RFC 5545, 3.6.6)."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", summary)
    return alarm


def download(consultation: ConsultationRequest, profile: ClinicProfile, *, now: datetime) -> bytes | None:
    """The booked visit of `consultation` as a file to add to a calendar by hand, or None if nothing is booked."""
    rows = consultation.appointments.booked().select_related("practitioner", "consultation_type")
    booked = rows.first()
    if booked is None:
        return None
    return write(
        consultation,
        visits.of_row(booked),
        profile,
        method="PUBLISH",
        sequence=consultation.calendar_sequence,
        now=now,
    )


def _written(visit: Visit, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end as the file says them: on the clinic's clock, so that a calendar follows it if its rules change.

    A time that occurs twice would be read as its first occurrence (RFC 5545, 3.3.5), and a visit could end before it
    begins: then both are in UTC.
    """
    if when.comes_twice(visit.start, zone) or when.comes_twice(visit.end, zone):
        return when.utc(visit.start), when.utc(visit.end)
    return when.local(visit.start, zone), when.local(visit.end, zone)


def _description(consultation: ConsultationRequest, visit: Visit, profile: ClinicProfile) -> str:
    """With whom, what kind and how long, how it takes place, what it costs, and how to change it: with the link of the mail,
    or with a new one from a page that says nothing of anybody.
    """
    call = f" or call {profile.phone}" if profile.phone else ""
    person = f"With {visit.person}. " if visit.person else ""
    cost = visits.cost_words(visit, consultation)
    how = f"{visit.kind}, {when.length(visit.minutes)}, {visit.terms.mode_words.lower()}, {cost}"
    change = f"To move or cancel it, use the link in our email{call}."
    new_link = f"For a new link: {settings.SITE_URL}{reverse('client:new_link')}"
    return f"{person}{how}. Reference {consultation.reference}. {change} {new_link}"


def _add_people(
    event: Event, consultation: ConsultationRequest, profile: ClinicProfile, method: Method
) -> None:
    # Every invitation and every cancellation needs one (RFC 5546, 3.2.2 and 3.2.5).
    organizer = vCalAddress(f"mailto:{addresses.wire(profile.email) if profile.email else sender()}")
    organizer.params["CN"] = plain(profile.mail_name.replace('"', ""))
    event["organizer"] = organizer
    if method != "PUBLISH":
        attendee = vCalAddress(f"mailto:{addresses.wire(consultation.email)}")
        attendee.params["RSVP"] = "FALSE"
        attendee.params["PARTSTAT"] = "ACCEPTED"
        event["attendee"] = attendee


# --- the zone's rules -------------------------------------------------------------------------------------------------


def _zone(zone: ZoneInfo, around: datetime) -> Timezone:
    """The offsets of `zone` around a moment, one part for each change (RFC 5545, 3.6.5)."""
    rules = Timezone()
    rules.add("tzid", zone.key)
    first = when.utc(around) - limits.mail.CALENDAR_ZONE_SPAN
    changes = _changes(zone, first, when.utc(around) + limits.mail.CALENDAR_ZONE_SPAN)
    rules.add_component(_observance(zone, first, first))
    for moment in changes:
        rules.add_component(_observance(zone, moment - timedelta(seconds=1), moment))
    return rules


def _observance(zone: ZoneInfo, before: datetime, moment: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from `moment` on. Its start is written by the clock that applied until then."""
    old, new = when.local(before, zone), when.local(moment, zone)
    part = TimezoneDaylight() if new.dst() else TimezoneStandard()
    old_offset, new_offset = old.utcoffset(), new.utcoffset()
    assert old_offset is not None and new_offset is not None  # aware, as `when.local` promises
    part.add("dtstart", (moment + old_offset).replace(tzinfo=None))
    part.add("tzoffsetfrom", old_offset)
    part.add("tzoffsetto", new_offset)
    part.add("tzname", new.tzname() or zone.key)
    return part


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The moments between `first` and `last` at which the offset of `zone` changes."""
    found = []
    day = first
    while day < last:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            found.append(when.change_between(day, following, zone))
        day = following
    return found
