"""Plain functions that make rows for tests. Every argument has a default; name only what the test is about.

The cast: Ana and Bo practise, Cleo is a client, Dee is at the desk, Eve may see nothing.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.db.models import Model

from bookings import links
from bookings.availability import Slot
from bookings.models import (
    BookingRules,
    ClientLink,
    ClientSession,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    Tag,
    WorkingHours,
)
from bookings.queries.clinic import profile_with_hours
from bookings.states import Status
from bookings.workflow import attendance, intake, reply, visit
from bookings.workflow.core import Actor, Origin
from bookings.workflow.submission import Submission
from clinic.foundation.prepared import Prepared
from content.models import ClinicProfile, Concern, OpeningHours

LONDON = ZoneInfo("Europe/London")
# Monday 30 November 2026, 09:00 in London (which is UTC in winter): every test's "now" unless it says otherwise.
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("UTC"))
CLIENT = Actor.client()
CLOCK = Actor.clock()
_number = itertools.count(1)


def _asked(model: type[Model], column: str) -> Prepared[tuple[str]]:
    """The rows of a model with a text in a column. Nearly every test asks this, and each question written anew costs a
    tenth of what it arranges."""
    return Prepared(lambda given, _: model._default_manager.filter(**{column: given[0]}))


_CONCERN, _KIND = _asked(Concern, "code"), _asked(ConsultationType, "name")
_PERSON, _USER = _asked(Practitioner, "name"), _asked(User, "username")


def at(day: int, hour: int, minute: int = 0, *, month: int = 12) -> datetime:
    """A moment in December 2026 (London, winter time, so also UTC)."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(ZoneInfo("UTC"))


def profile(**changes: Any) -> ClinicProfile:
    """The clinic: open Monday to Friday, 9 to 5, London."""
    values = {
        "name": "Alder Row Skin Clinic",
        "short_name": "Alder Row",
        "mail_name": "Alder Row",
        "address": "4 Alder Row, Larch Quay",
        "phone": "01632 960001",
        "email": "desk@example.org",
        "time_zone": "Europe/London",
        "currency": "GBP",
        "consultation_fee": 4000,
    } | changes
    clinic = profile_with_hours()  # the quickest question: nearly every test asks it, some many times
    is_new = clinic._state.adding
    if is_new or any(getattr(clinic, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(clinic, name, value)
        clinic.save(force_insert=is_new)
    has_hours = not is_new and bool(clinic.opening_hours.all())
    vars(clinic).pop("_prefetched_objects_cache", None)
    if not has_hours:
        OpeningHours.objects.bulk_create(
            [OpeningHours(profile=clinic, weekday=day, opens=time(9), closes=time(17)) for day in range(5)]
        )
    return clinic


def rules(**changes: Any) -> BookingRules:
    """The booking rules, with these changes."""
    found, _ = BookingRules.objects.update_or_create(pk=1, defaults=changes)
    return found


def concern(code: str = "rolling", **changes: Any) -> Concern:
    # Here and below not `get_or_create`: nobody else is here, and its savepoint is two more statements in nearly every test.
    values = {"name": code.replace("-", " ").capitalize() + " scars", "group": "atrophic"} | changes
    known: Concern | None = next(_CONCERN.models((code,)), None)
    return known or Concern.objects.create(code=code, **values)


def consultation_type(**changes: Any) -> ConsultationType:
    """Half an hour, in person, no buffers, £40, one day's cut-off."""
    values = {"name": "First consultation", "minutes": 30, "fee": 4000} | changes
    kind: ConsultationType | None = next(_KIND.models((str(values["name"]),)), None)
    return kind or ConsultationType.objects.create(**values)


def practitioner(
    name: str = "Ana Lind", *, kind: ConsultationType | None = None, **changes: Any
) -> Practitioner:
    """Ana or Bo: every weekday, 9 to 5, everything that `kind` is."""
    found: Practitioner | None = next(_PERSON.models((name,)), None)
    if not found:
        found = Practitioner.objects.create(name=name, **changes)
        found.consultation_types.add(kind or consultation_type())
        WorkingHours.objects.bulk_create(
            [
                WorkingHours(
                    practitioner=found,
                    weekday=day,
                    starts=time(9),
                    ends=time(17),
                    valid_from=date(2026, 1, 1),
                )
                for day in range(5)
            ]
        )
    return found


def tag(name: str = "Ring back", **changes: Any) -> Tag:
    """A tag of the managers' list."""
    found, _ = Tag.objects.update_or_create(name=name, defaults=changes)
    return found


def staff(name: str = "Dee Hart", *permissions: str, **changes: Any) -> User:
    """A member of staff. Dee may decide unless other permissions ("app.codename") are named; Eve gets none."""
    username = name.split()[0].lower()
    known: User | None = next(_USER.models((username,)), None)
    if known:
        return known
    first, _, last = name.partition(" ")
    password = make_password("correct horse battery")
    values = {"first_name": first, "last_name": last, "is_staff": True, "password": password} | changes
    user = User.objects.create(username=username, **values)
    user.user_permissions.add(*_permissions(permissions or (() if username == "eve" else DEE)))
    return user


def _permissions(labels: Collection[str]) -> list[int]:
    """Their keys, in one statement. Raises KeyError for a label that does not exist."""
    found = Permission.objects.filter(codename__in=[label.partition(".")[2] for label in labels])
    named = found.values_list("content_type__app_label", "codename", "pk")
    keys = {f"{app}.{codename}": key for app, codename, key in named}
    return [keys[label] for label in labels]


DEE = (
    "bookings.view_consultationrequest",
    "bookings.decide_request",
    "bookings.read_health",
    "bookings.erase_request",
    "bookings.view_message",
)


def submission(**changes: Any) -> Submission:
    """What Cleo sends: rolling scars on her face, Ana on Thursday 3 December at 10:00 unless told otherwise."""
    number = next(_number)
    values: dict[str, Any] = {
        "draft_id": uuid.uuid4(),
        "name": "Cleo Marsh",
        "email": f"cleo{number}@example.org",
        "answers": {
            "concerns": ["rolling"],
            "areas": ["face"],
            "treatments": ["no_preference"],
            "applies": ["none"],
            "anything_else": "",
            "support": [],
            "support_note": "",
        },
        "consents": (("health", "2026-11", True),),
    } | changes
    values.setdefault("consultation_type_id", consultation_type().pk)
    values.setdefault("start", at(3, 10))
    return Submission(**values)


def slot(start: datetime, *, by: Practitioner | None = None, minutes: int = 30) -> Slot:
    """A slot with Ana (or `by`) from `start`."""
    return Slot(
        practitioner_id=(by or practitioner()).pk, start=start, end=start + timedelta(minutes=minutes)
    )


def submitted(*, now: datetime = NOW, **changes: Any) -> ConsultationRequest:
    """A new request of Cleo's with its time held."""
    profile()
    concern()
    practitioner()
    return intake.submit(submission(**changes), Origin(CLIENT, now))


def in_state(status: Status | str, *, now: datetime = NOW, **changes: Any) -> ConsultationRequest:
    """A request that came to `status` by calling the verbs, as in real life."""
    status = Status(status)
    if status == Status.SUSPECTED:
        profile()
        practitioner()
        return intake.submit(submission(**changes), Origin(CLIENT, now), suspicion="honeypot")
    consultation = submitted(now=now, **changes)
    dee = Actor.staff(staff())
    start = consultation.wished_start or at(3, 10)
    match status:
        case Status.NEW:
            return consultation
        case Status.WAITING:
            return reply.ask(consultation, Origin(dee, now), question="Do you still get spots?")
        case Status.OFFERED:
            return reply.offer(consultation, Origin(dee, now), slots=[slot(at(4, 10)), slot(at(4, 14))])
        case Status.DECLINED:
            return reply.decline(
                consultation, Origin(dee, now), reason="advice_first", note="Please see a pharmacist first."
            )
        case Status.WITHDRAWN:
            return intake.withdraw(consultation, Origin(CLIENT, now))
        case Status.LAPSED:
            consultation = reply.offer(consultation, Origin(dee, now), slots=[slot(at(4, 10))])
            assert consultation.offer_expires_at is not None
            return reply.lapse(consultation, Origin(CLOCK, consultation.offer_expires_at))
        case Status.CONFIRMED:
            return reply.confirm(consultation, Origin(dee, now))
        case Status.CANCELLED:
            consultation = reply.confirm(consultation, Origin(dee, now))
            return visit.cancel(consultation, Origin(CLIENT, now))
        case Status.ATTENDED:
            consultation = reply.confirm(consultation, Origin(dee, now))
            return attendance.attend(consultation, Origin(dee, start))
        case Status.NO_SHOW:
            consultation = reply.confirm(consultation, Origin(dee, now))
            return attendance.miss(consultation, Origin(dee, start + timedelta(minutes=20)))
    raise AssertionError(status)


def let_in(link: ClientLink, now: datetime = NOW) -> tuple[ClientSession, str]:
    """The session that this link opens, and the value of its cookie."""
    session = links.open_session(link, now)
    assert session is not None
    return session


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to rows within is undone at the end, so that a state made once can be tried again and again.

    Only the database goes back: read the row afresh within.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
