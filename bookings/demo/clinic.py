"""The demonstration clinic's side of bookings: who practises when, and what can be asked for.

Like the content, it is loaded once and then belongs to the people in the admin: a second load changes nothing that exists.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from bookings import public_holidays
from bookings.models import (
    BookingRules,
    ConsultationType,
    PlanPhrase,
    Practitioner,
    RequestLimit,
    WorkingHours,
)
from bookings.workflow import closures
from clinic.foundation import when
from content.models import ClinicProfile, Concern, Person, Treatment

# (person's slug, concerns or "everything", weekly hours, kinds of consultation)
_PRACTITIONERS = (
    (
        "imogen-farrow",
        "everything",
        ((0, 9, 13), (3, 13, 20), (4, 9, 16)),
        ("First consultation", "Video consultation", "Treatment session"),
    ),
    (
        "tomas-adeyemi",
        (
            "ice-pick",
            "boxcar-shallow",
            "boxcar-deep",
            "rolling",
            "dark-marks",
            "red-marks",
            "active-acne",
            "milia",
        ),
        ((0, 9, 17), (1, 9, 17), (2, 9, 17), (3, 11, 20), (4, 9, 14)),
        ("First consultation", "Video consultation", "Phone call", "Treatment session"),
    ),
)
_TYPES = (
    {
        "name": "First consultation",
        "mode": "in_person",
        "minutes": 45,
        "buffer_after": 15,
        "fee": 4500,
        "how_paid": "You pay at the clinic after your visit, by card or cash.",
        "order": 1,
    },
    {
        "name": "Video consultation",
        "mode": "video",
        "minutes": 30,
        "buffer_after": 15,
        "fee": 3000,
        "how_paid": "You pay by card on the phone, after the call.",
        "order": 2,
    },
    {"name": "Phone call", "mode": "phone", "minutes": 20, "buffer_after": 10, "fee": 0, "order": 3},
    {
        "name": "Treatment session",
        "purpose": "session",
        "mode": "in_person",
        "minutes": 60,
        "buffer_before": 10,
        "buffer_after": 20,
        "fee": 18000,
        "how_paid": "You pay at the clinic after your visit, by card or cash.",
        "cutoff_hours": 48,
        "consultation_within_days": 180,
        "cooling_off_days": 14,
        "interval_days": 28,
        "order": 4,
    },
)


# What practitioners put into plans with a press: a few for each place.
_PHRASES = (
    {"place": "first", "words": "Use sun protection every day, from now on."},
    {
        "place": "first",
        "words": "Your active spots are treated first. When none is active, we look again.",
        "only_if": "active_spots",
    },
    {"place": "can", "words": "It can make the scars shallower, and their edges softer."},
    {"place": "can", "words": "You decide after each visit whether you want the next one."},
    {"place": "cannot", "words": "It cannot give you the skin you had before. Some of each scar will stay."},
    {"place": "cannot", "words": "Nobody can promise you how much changes."},
    {
        "place": "against",
        "name": "A strong peel",
        "words": "It carries more risk of lasting colour change than it is worth for these scars.",
    },
    {
        "place": "against",
        "name": "Treatment at home with needles",
        "words": "A wound from a needle can become infected, and can leave a new scar.",
    },
)


# A pause of requests that somebody has planned: far enough ahead not to be in the way.
_PAUSE_IS_IN = timedelta(days=180)
# Somebody has accepted the public holidays that are to come, beyond the days on which a visit can be asked for.
_HOLIDAYS_UNTIL = timedelta(days=180)


@transaction.atomic
def load(*, alert_email: str = "") -> dict[str, int]:
    """Make what is missing; return how many rows of each were made. Content must have been loaded first."""
    made = {"consultation types": 0, "practitioners": 0}
    if is_new := not Practitioner.objects.exists():
        _close_on_public_holidays()
    BookingRules.objects.get_or_create(pk=1, defaults={"alert_email": alert_email, "slot_step_minutes": 30})
    if not ConsultationType.objects.exists():
        made["consultation types"] = len(
            ConsultationType.objects.bulk_create(ConsultationType(**row) for row in _TYPES)
        )
        for kind in ConsultationType.objects.filter(purpose="session"):
            kind.treatments.set(Treatment.objects.filter(offered=True, at_home=False))
    if is_new:
        for slug, concerns, hours, kinds in _PRACTITIONERS:
            _practitioner(slug, concerns, hours, kinds)
            made["practitioners"] += 1
    if not PlanPhrase.objects.exists():
        PlanPhrase.objects.bulk_create(PlanPhrase(**row) for row in _PHRASES)
    if not RequestLimit.objects.exists():
        first = timezone.now().date() + _PAUSE_IS_IN
        RequestLimit.objects.create(
            first_day=first,
            last_day=first + timedelta(days=1),
            a_day=0,
            words="We are all on a course for two days.",
        )
    return made


def _close_on_public_holidays() -> None:
    profile = ClinicProfile.current()
    today = when.local_day(timezone.now(), profile.zone)
    coming = public_holidays.between(
        today, today + _HOLIDAYS_UNTIL, country=profile.country, part=profile.part
    )
    closures.close((one.day, one.name) for one in coming)


def _practitioner(
    slug: str,
    concerns: str | tuple[str, ...],
    hours: tuple[tuple[int, int, int], ...],
    kinds: tuple[str, ...],
) -> None:
    person = Person.objects.get(slug=slug)
    row = Practitioner.objects.create(name=person.name, person=person)
    row.consultation_types.set(ConsultationType.objects.filter(name__in=kinds))
    if concerns != "everything":
        row.concerns.set(Concern.objects.filter(code__in=concerns))
    WorkingHours.objects.bulk_create(
        WorkingHours(
            practitioner=row, weekday=day, starts=time(start), ends=time(end), valid_from=date(2026, 1, 1)
        )
        for day, start, end in hours
    )


def is_empty() -> bool:
    """True for a database that nobody has worked in yet."""
    return not (ClinicProfile.objects.exists() or Practitioner.objects.exists() or User.objects.exists())
