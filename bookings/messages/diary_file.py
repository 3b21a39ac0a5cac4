"""A practitioner's diary as iCalendar, for the calendar app on their own phone, which may show it to anybody.

So no name is in it, no contact and no word about health: a visit is called by initials and its reference. Times are in UTC:
an app asks again within hours, so nothing has to follow a rule of the clinic's zone that changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

from bookings.messages.plain import plain
from bookings.models import Appointment, ConsultationType, TimeOff
from bookings.names import initials
from clinic.foundation import when

Mode = ConsultationType.Mode


def write(name: str, appointments: Iterable[Appointment], away: Iterable[TimeOff]) -> bytes:
    """The file called `name`. The same rows give the same bytes: nothing in it is the moment at which it was asked for."""
    file = Calendar()
    file.add("prodid", "-//Clinic consultations//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", plain(name))
    # How often apps should ask (RFC 7986, 5.7; Outlook knows the other).
    file.add("refresh-interval", when.HOUR, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    for row in appointments:
        booked = row.state == Appointment.State.BOOKED
        called = f"{initials(row.request.name)} {row.request.reference}".strip()
        way = Mode(row.mode)
        called += "" if way is Mode.IN_PERSON else f", {way.label.lower()}"
        said = called if booked else f"{'Offered' if row.is_offer else 'Held'}: {called}"
        file.add_component(
            _event(
                f"{row.request.calendar_uid}/{row.pk}",
                row.starts_at,
                row.ends_at,
                said,
                row.created_at,
                booked,
                settings.SITE_URL
                + reverse("admin:bookings_consultationrequest_change", args=[row.request_id]),
            )
        )
    for off in away:
        file.add_component(
            _event(f"off/{off.pk}", off.starts_at, off.ends_at, "Not available", off.starts_at, True)
        )
    return bytes(file.to_ical())


def _event(
    about: str, start: datetime, end: datetime, said: str, stamp: datetime, settled: bool, page: str = ""
) -> Event:
    """`page`: what opens it on the desk, for whoever is signed in there."""
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, about)))
    event.add("dtstamp", when.utc(stamp))
    event.add("dtstart", when.utc(start))
    event.add("dtend", when.utc(end))
    event.add("summary", plain(said))
    if page:
        event.add("url", page)
    event.add("status", "CONFIRMED" if settled else "TENTATIVE")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event
