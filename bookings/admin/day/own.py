"""What one person may see of the day sheet, and a practitioner's own visits of today, for their start page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from bookings.admin import whose_time
from bookings.admin.day.sheet import Maker, Visit
from bookings.desk_site import CORRECTS_LATE, DECIDE, READS_HEALTH
from bookings.models import Appointment, ConsultationRequest
from bookings.queries import day
from bookings.queries.audit import READ_HEALTH
from bookings.queries.calendar import Calendar
from bookings.queries.day import Day
from clinic.foundation import audit, when


def maker(user: User, found: Calendar, read: Day, *, reasons: bool) -> Maker:
    """Makes the lines as this member of staff may see them: one SQL statement, for the notes."""
    return Maker(
        found,
        day.notes(row.request_id for row in read.appointments),
        reader=user.pk,
        decides=user.has_perm(DECIDE),
        blocks=whose_time.blocked_by(user),
        manages=user.has_perm(CORRECTS_LATE),
        reasons=reasons,
    )


def keep_reading(user: User, visits: Sequence[Visit], now: datetime) -> None:
    """Note that they read what the visits say about health: at most two SQL statements."""
    keys = [visit.consultation.pk for visit in visits]
    audit.seen_each(user, READ_HEALTH, ConsultationRequest, keys, now)


def visits(user: User, practitioner: int, now: datetime, zone: ZoneInfo) -> list[Visit]:
    """The lines of this practitioner (by key) today, as their day sheet shows them: at most four SQL statements.

    Hours and gaps do not stand there, so nobody's are read.
    """
    found = Calendar(now, zone, when.local_day(now, zone), days=1, people=[], closures=[])
    reasons = user.has_perm(READS_HEALTH)
    read = day.read(found, who=practitioner, answers=reasons, unmarked=False, reader=user.pk)
    booked = [row for row in read.appointments if row.state == Appointment.State.BOOKED]
    if not booked:
        return []
    lines = maker(user, found, read, reasons=reasons)
    made = [lines.visit(row) for row in booked]
    if reasons:
        keep_reading(user, made, now)
    return made


def following(visits: Sequence[Visit], now: datetime) -> Visit | None:
    """Whom a practitioner waits for."""
    waiting = (v for v in visits if not v.is_settled and not v.is_here and v.appointment.ends_at > now)
    return next(waiting, None)
