"""How long each kind of row is kept, and which rows are due: the table of periods. bookings/clock.py lets them go.

Every table of the project is here: in KINDS, in WITH (it goes with its request) or in STAYS, with the reason. A test looks.
Source: domain.md section 5, retention; the privacy page says the same to clients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from bookings import limits
from bookings.models import (
    Appointment,
    ClientLink,
    ClientSession,
    ConsultationRequest,
    Draft,
    Event,
    Message,
    Presence,
    TimeOff,
    Together,
    Undo,
    WorkerBeat,
)
from bookings.states import CLOSED, OPEN, Status, Who
from clinic.foundation.limits.sign_in import PRESS_KEPT, SIGN_IN_LOG_DAYS
from clinic.foundation.models import AuditEntry, Counter, Press, SignIn
from clinic.foundation.prepared import Prepared

# What a staff member's name becomes.
SOMEBODY = "Staff"

Rows = Callable[[], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that go: those of `rows()`, once `since` (a column of it) is `period` ago."""

    code: str
    words: str
    period: timedelta
    since: str
    rows: Rows

    def due(self, now: datetime) -> QuerySet[Any]:
        """Those whose time is up at `now`, oldest first."""
        return self.counted_from(now - self.period)

    def counted_from(self, moment: datetime) -> QuerySet[Any]:
        """Those that count from then or from earlier, oldest first."""
        return self.rows().filter(**{f"{self.since}__lte": moment}).order_by(self.since, "pk")

    def first_due(self, now: datetime, most: int, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of at most so many whose time is up at `now`, the oldest first. One statement, written once."""
        return list(DUE.rows((now - self.period,), (self, most, columns)))


def oldest(given: tuple[datetime], fixed: tuple[Kind, int, tuple[str, ...]]) -> QuerySet[Any, Any]:
    """Columns of at most so many of a kind that count from a moment or from earlier."""
    kind, most, columns = fixed
    return kind.counted_from(given[0]).values_list(*columns)[:most]


DUE = Prepared(oldest)  # each tick of the clock asks it of all kinds


def _days(days: int) -> timedelta:
    return timedelta(days=days)


def _requests(*statuses: str) -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.filter(status__in=statuses, erased_at=None)


def open_requests() -> QuerySet[Any]:
    """Open requests, `since` somebody last did something about them, or should have, whichever is later.

    What the clock does is not an answer to anybody.
    """
    by_people = (
        Event.objects.filter(request=OuterRef("pk")).exclude(actor_kind=Who.CLOCK).order_by("-version")
    )
    did = Coalesce(Subquery(by_people.values("at")[:1]), "created_at")
    should = Coalesce("promise_due_at", "answer_due_at", "offer_expires_at", "sleeps_until", "created_at")
    return _requests(*OPEN).annotate(since=Greatest(did, should))


def unmarked_visits() -> QuerySet[Any]:
    """Booked visits that nobody has marked, `since` they ended or are to end."""
    visit = Appointment.objects.booked().filter(request=OuterRef("pk")).order_by()
    return _requests(Status.CONFIRMED).annotate(
        since=Coalesce(Subquery(visit.values("ends_at")[:1]), "created_at")
    )


def _closed(*statuses: str) -> QuerySet[Any]:
    return _requests(*statuses).annotate(since=Coalesce("closed_at", "created_at"))


def _was_more() -> Exists:
    """Whether a request was ever anything but suspected: then the database keeps its history (models/history.py)."""
    return Exists(Event.objects.filter(request=OuterRef("pk")).exclude(to_status=Status.SUSPECTED))


def _mail_texts() -> QuerySet[Any]:
    """A mail that was not sent has no sent_at, and its text goes too."""
    waiting = (Message.State.QUEUED, Message.State.SENDING)
    rows = Message.objects.exclude(subject="").exclude(state__in=waiting)
    return rows.annotate(since=Coalesce("sent_at", "created_at"))


def _staff_names() -> QuerySet[Any]:
    return Event.objects.filter(actor_kind=Who.STAFF).exclude(actor_label=SOMEBODY)


KINDS = (
    Kind(
        "left_open",
        "Requests that stayed open",
        _days(limits.retention.UNCONVERTED_DAYS),
        "since",
        open_requests,
    ),
    Kind(
        "unmarked", "Visits that nobody marked", _days(limits.retention.RECORD_DAYS), "since", unmarked_visits
    ),
    Kind(
        "no_visit",
        "Requests that led to no visit",
        _days(limits.retention.UNCONVERTED_DAYS),
        "since",
        lambda: _closed(*CLOSED, Status.NO_SHOW),
    ),
    Kind(
        "visits",
        "Records of visits",
        _days(limits.retention.RECORD_DAYS),
        "since",
        lambda: _closed(Status.ATTENDED),
    ),
    Kind(
        "suspected",
        "Suspected spam",
        _days(limits.retention.SUSPECTED_DAYS),
        "created_at",
        lambda: ConsultationRequest.objects.filter(~_was_more(), status=Status.SUSPECTED),
    ),
    Kind(
        "rescued_once",
        "Suspected spam that somebody rescued, and took that back",
        _days(limits.retention.SUSPECTED_DAYS),
        "created_at",
        lambda: _requests(Status.SUSPECTED).filter(_was_more()),
    ),
    Kind("drafts", "Forms that were not sent", _days(0), "expires_at", Draft.objects.all),
    Kind("client_sessions", "Sessions of clients", _days(0), "ends_at", ClientSession.objects.all),
    Kind(
        "links",
        "Links in mails",
        _days(limits.retention.UNCONVERTED_DAYS),
        "expires_at",
        ClientLink.objects.all,
    ),
    Kind("mail_texts", "Texts of mails", _days(limits.retention.MESSAGE_BODY_DAYS), "since", _mail_texts),
    Kind(
        "mails_of_nobody",
        "Mails that belong to no request",
        _days(limits.retention.MESSAGE_BODY_DAYS),
        "created_at",
        lambda: Message.objects.filter(request=None),
    ),
    Kind(
        "staff_names", "Names of staff in histories", _days(limits.retention.RECORD_DAYS), "at", _staff_names
    ),
    Kind("audit", "Who looked at what", _days(limits.retention.RECORD_DAYS), "at", AuditEntry.objects.all),
    Kind(
        "admin_log",
        "Who changed what in the admin",
        _days(limits.retention.RECORD_DAYS),
        "action_time",
        LogEntry.objects.all,
    ),
    Kind("sign_ins", "The log of sign-ins", _days(SIGN_IN_LOG_DAYS), "at", SignIn.objects.all),
    Kind("staff_sessions", "Sessions of staff", _days(0), "expire_date", Session.objects.all),
    Kind(
        "time_off", "Time off of staff", _days(limits.retention.TIME_OFF_DAYS), "ends_at", TimeOff.objects.all
    ),
    Kind("counters", "Counters against floods", _days(0), "expires_at", Counter.objects.all),
    Kind("presses", "Buttons that were pressed", PRESS_KEPT, "at", Press.objects.all),
    Kind("undos", "What could be taken back", _days(0), "until", Undo.objects.all),
    Kind(
        "togethers", "What was done to many and could be taken back", _days(0), "until", Together.objects.all
    ),
    Kind("presences", "Who has a request open", limits.sessions.PRESENCE_KEPT, "at", Presence.objects.all),
    Kind("beats", "Signs of life of workers", _days(1), "at", WorkerBeat.objects.all),
)

# Tables of KINDS whose rows themselves stay: what they say about people is taken out.
EMPTIED = {
    "bookings.ConsultationRequest": "reference, state, dates and codes stay, so that figures add up",
    "bookings.Event": "the codes of what happened stay; free text was never in it",
    "bookings.Message": "that a mail of this kind went, and when",
}
WITH = {
    "bookings.Answers": "bookings.ConsultationRequest",
    "bookings.SupportNeeds": "bookings.ConsultationRequest",
    "bookings.Note": "bookings.ConsultationRequest",
    "bookings.VisitQuestion": "bookings.ConsultationRequest",
    "bookings.Consent": "bookings.ConsultationRequest",
    "bookings.Plan": "bookings.ConsultationRequest",
    "bookings.PlanLine": "bookings.ConsultationRequest",
    "bookings.PlanQuestion": "bookings.ConsultationRequest",
    "bookings.WishWindow": "bookings.ConsultationRequest",
    "bookings.ConsultationRequest_concerns": "bookings.ConsultationRequest",
    "bookings.ConsultationRequest_tags": "bookings.ConsultationRequest",
}
_CONTENT = "content of the public site: nobody's but the editors' who can delete it"
_SETUP = "how the clinic is set up"
_RIGHTS = "rights: nobody's data"
_STEP = "the second step of an account's sign-in: gone when another is set up, at a reset, and when the account is closed"
_STAFF = "a member of staff, until a manager deletes the account or the row"
STAYS = {
    "bookings.Appointment": "a time and whose it was of the team; nothing says which client once the request is erased",
    "bookings.ConsultationType": _SETUP,
    "bookings.ConsultationType_treatments": _SETUP,
    "bookings.Practitioner": _STAFF,
    "bookings.CalendarFeed": "the secret address of a practitioner's calendar: until it is replaced, or they are deleted",
    "bookings.SavedView": _STAFF,
    "bookings.Tag": _SETUP,
    "bookings.Tally": "numbers of a day, for the figures; nothing says whose",
    "bookings.TalliedUntil": "one row: the last day that is counted",
    "bookings.Practitioner_concerns": _SETUP,
    "bookings.Practitioner_consultation_types": _SETUP,
    "bookings.WorkingHours": _SETUP,
    "bookings.Closure": _SETUP,
    "bookings.BookingRules": _SETUP,
    "bookings.RequestLimit": _SETUP,
    "bookings.FeeText": _SETUP,
    "bookings.PlanPhrase": _SETUP,
    "bookings.MailHold": "one row while the mail is held; it names nobody",
    "foundation.GivenRole": _RIGHTS,
    "foundation.RoleChange": _RIGHTS,
    "foundation.Factor": _STEP,
    "foundation.RecoveryCode": _STEP,
    "auth.User": _STAFF,
    "auth.User_groups": _RIGHTS,
    "auth.User_user_permissions": _RIGHTS,
    "auth.Group": _RIGHTS,
    "auth.Group_permissions": _RIGHTS,
    "auth.Permission": _RIGHTS,
    "contenttypes.ContentType": "names of tables",
    "content.ClinicProfile": _SETUP,
    "content.Edition": "one row: which edition of the public pages is out",
    "content.OpeningHours": _SETUP,
    "content.Person": _STAFF,
    "content.Version": "who wrote and who checked a medical text has to be known as long as it exists",
    "content.PageEvent": "who published a medical text, and against which advice, likewise",
    "content.Correction": "who settled it, likewise",
    **{
        f"content.{name}": _CONTENT
        for name in (
            "Source",
            "Concern",
            "Treatment",
            "Treatment_sources",
            "Suitability",
            "Suitability_sources",
            "ExamplePlan",
            "ExamplePlanLine",
            "Page",
            "Page_concerns",
            "Page_treatments",
            "Page_sources",
            "FormerSlug",
            "FAQ",
            "FAQ_pages",
            "Picture",
            "Synonym",
        )
    },
}


def kinds() -> Mapping[str, Kind]:
    """KINDS by their codes."""
    return {kind.code: kind for kind in KINDS}


# --- for whoever runs the site ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """For one kind: how many are due, since when the oldest counts, and when the next will be due (None if none)."""

    kind: Kind
    due: int
    oldest: datetime | None
    next_due: datetime | None


def report(now: datetime) -> list[Line]:
    """A line for each kind, in the order of KINDS. Two statements each; changes nothing."""
    return [_line(kind, now) for kind in KINDS]


def _line(kind: Kind, now: datetime) -> Line:
    over = kind.due(now).order_by()
    oldest: datetime | None = over.aggregate(oldest=Min(kind.since))["oldest"]
    later = kind.rows().filter(**{f"{kind.since}__gt": now - kind.period})
    first: datetime | None = later.aggregate(first=Min(kind.since))["first"]
    return Line(kind, over.count() if oldest else 0, oldest, first + kind.period if first else None)


# --- what the desk is reminded of beforehand --------------------------------------------------------------------------


def waits_too_long(now: datetime) -> Q:
    """Open requests where whoever's turn it is has done nothing for REMIND_DAYS: ours to reply, or the client's."""
    return waits_since(waiting_since(now))


def waiting_since(now: datetime) -> datetime:
    """Who has been waiting since then, or longer, waits too long at `now`."""
    return now - _days(limits.reminders.REMIND_DAYS)


def waits_since(before: datetime) -> Q:
    """Open requests where it has been somebody's turn since this moment, or longer."""
    return (
        Q(status=Status.NEW, promise_due_at__lte=before)
        | Q(status=Status.NEW, promise_due_at=None, sleeps_until=None, created_at__lte=before)
        | Q(status=Status.WAITING, answer_due_at__lte=before)
        | Q(status=Status.OFFERED, offer_expires_at__lte=before)
    )


def first_to_go(code: str) -> datetime | None:
    """When the first row of this kind is due, or was; None if there is none. One statement."""
    first: datetime | None = next((first for (first,) in FIRST.rows((), code)), None)
    return first + kinds()[code].period if first else None


def first_of(_: tuple[()], code: str) -> QuerySet[Any, Any]:
    """Since when the oldest row of a kind counts."""
    kind = kinds()[code]
    whole = kind.rows().order_by().annotate(one=Value(1)).values("one")
    first: QuerySet[Any, Any] = whole.annotate(first=Min(kind.since)).values_list("first")
    return first


FIRST = Prepared(first_of)  # the worklist asks it whenever it reminds of something
