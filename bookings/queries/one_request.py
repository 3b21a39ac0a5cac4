"""One request with the rows that its page prints. The small ones come in columns of the request: two statements for all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.models import Appointment, Consent, ConsultationRequest, Practitioner, Tag, WishWindow
from bookings.queries import desk, off, presence, visit_questions
from bookings.queries.json_rows import json_rows, moment
from bookings.states import Status
from clinic.foundation.prepared import Prepared, at_hand
from content.models import Concern, Treatment

_JOINED = (
    "consultation_type",
    "wished_practitioner",
    "assigned_to",
    "source_page",
    "answers",
    "follows",
    "support_needs",
)


def whole(key: int, zone: ZoneInfo, now: datetime) -> ConsultationRequest | None:
    """The request with this key, or None. Concerns, windows, consents and appointments (each with what is against it) are at
    hand, as if prefetched; so is what its forms choose from (`its_staff`, `its_tags`, `its_people`, `its_treatments`),
    and who has it open at `now`.
    """
    found: Any = next(WHOLE.models((key, presence.shown_since(now))), None)
    if found is None:
        return None
    concerns = [Concern(pk=pk, code=code, name=name) for _, name, pk, code in sorted(found.its_concerns)]
    windows = [
        WishWindow(pk=pk, weekday=day, part=part) for pk, day, part in sorted(found.its_windows, key=_first)
    ]
    consents = [_consent(*row) for row in sorted(found.its_consents, key=_first)]
    for name, rows in (("concerns", concerns), ("windows", windows), ("consents", consents)):
        at_hand(found, name, rows)
    at_hand(found, "visit_questions", visit_questions.of_column(found.its_questions))
    times = list(TIMES.models((key,), zone))
    for row in times:
        row.request = found
    at_hand(found, "appointments", times)
    consultation: ConsultationRequest = found
    return consultation


def request(given: tuple[int, datetime], _: None) -> QuerySet[Any]:
    """The request with a key, and in columns of it the rows that it prints; `since` is for who has it open."""
    key, since = given
    mine, of_this = OuterRef("pk"), OuterRef(OuterRef("pk"))
    return (
        desk.with_visit(ConsultationRequest.objects.filter(pk=key))
        .order_by()
        .select_related(*_JOINED)
        .annotate(
            its_concerns=json_rows(Concern.objects.filter(requests=mine), "order", "name", "pk", "code"),
            its_windows=json_rows(WishWindow.objects.filter(request=mine), "pk", "weekday", "part"),
            its_consents=json_rows(
                Consent.objects.filter(request=mine), "pk", "kind", "given", "at", "withdrawn_at"
            ),
            its_people=json_rows(people(of_this), "pk", "name", "names_it"),
            its_tags=json_rows(tags(of_this), "name", "pk", "is_active", "worn"),
            its_staff=json_rows(
                staff(), "first_name", "username", "last_name", "pk", "reads_health", "is_clinician"
            ),
            its_questions=visit_questions.column(mine),
            its_lookers=presence.lookers(since),
            its_treatments=json_rows(Treatment.objects.all(), "order", "code", "name"),
        )
    )


def seen(given: tuple[int], _: None) -> QuerySet[Any]:
    """The request with a key, if its client has been seen, with what the page of its plan shows beside that."""
    found = ConsultationRequest.objects.filter(pk=given[0], status=Status.ATTENDED, erased_at=None)
    names = json_rows(Treatment.objects.all(), "order", "code", "name")
    return found.select_related("consultation_type", "answers", "support_needs").annotate(
        its_treatments=names
    )


SEEN = Prepared(seen)  # the page of a plan is kept again and again


def appointments(given: tuple[int], zone: ZoneInfo) -> QuerySet[Any]:
    """Those of the request with a key, each with what is against it."""
    theirs = Appointment.objects.filter(request=given[0]).select_related("practitioner", "consultation_type")
    return off.judged(theirs, zone)


# The longest statements of the desk, on the page that it opens most.
WHOLE, TIMES = Prepared(request), Prepared(appointments)


def _consent(key: int, kind: str, given: Any, at: str, withdrawn_at: str | None) -> Consent:
    read: Any = moment(at)
    return Consent(pk=key, kind=kind, given=bool(given), at=read, withdrawn_at=moment(withdrawn_at))


def _first(row: list[Any]) -> Any:
    return row[0]


# --- what its forms choose from: for a press, which reads no page, each is asked by itself ------------------------------


def names_of_people(given: tuple[int], _: None) -> QuerySet[Any, Any]:
    """Key and name of all practitioners, and whether they name something that the request with a key is about."""
    return people(given[0]).values_list("pk", "name", "names_it")


PEOPLE = Prepared(names_of_people)  # every press that takes a time


def people(consultation: Any) -> QuerySet[Any]:
    """All practitioners, each with whether they name something that the request (a key or a reference) is about."""
    theirs = Concern.objects.filter(requests=consultation, practitioners=OuterRef("pk"))
    return Practitioner.objects.annotate(names_it=Exists(theirs))


def tags(consultation: Any) -> QuerySet[Any]:
    """The tags that the request (a key or a reference) can have: those in use, and those that it has, which are `worn`."""
    through = ConsultationRequest.tags.through
    hung = through.objects.filter(tag=OuterRef("pk"), consultationrequest=consultation)
    return Tag.objects.annotate(worn=Exists(hung)).filter(Q(is_active=True) | Q(worn=True))


def managers() -> QuerySet[User]:
    """Who may put right how a visit of an earlier day was marked: one SQL statement."""
    right = Q(content_type__app_label="bookings", codename="correct_late")
    manages = Permission.objects.filter(right)
    own, by_role = manages.filter(user=OuterRef("pk")), manages.filter(group__user=OuterRef("pk"))
    may = Q(is_superuser=True) | Q(Exists(own)) | Q(Exists(by_role))
    return User.objects.filter(may, is_staff=True, is_active=True).order_by("first_name", "last_name", "pk")


def staff() -> QuerySet[Any]:
    """Whom a request can be given to, each with whether they may read health answers, and whether they are a clinician:
    they see clients themselves, or read health answers for another reason than that they manage.
    """
    rights = Permission.objects.filter(content_type__app_label="bookings", codename="read_health")
    manages = Permission.objects.filter(content_type__app_label="bookings", codename="correct_late")
    practises = Practitioner.objects.filter(user=OuterRef("pk"))
    roles = Group.objects.filter(user=OuterRef("pk"), permissions__in=rights).exclude(permissions__in=manages)
    own, by_role = rights.filter(user=OuterRef("pk")), rights.filter(group__user=OuterRef("pk"))
    reads = Q(is_superuser=True) | Q(Exists(own)) | Q(Exists(by_role))
    own_only = Q(Exists(own)) & ~Q(Exists(manages.filter(user=OuterRef("pk"))))
    clinician = (reads & Q(Exists(practises))) | Q(Exists(roles)) | own_only
    return User.objects.filter(is_staff=True, is_active=True).annotate(
        reads_health=reads, is_clinician=clinician
    )
