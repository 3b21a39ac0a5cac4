"""What a client asked for: the request, its wish, its answers, and the draft it was before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from bookings import names, wording
from bookings.models.schedule import ConsultationType, Practitioner
from bookings.reach import Barrier, against
from bookings.states import AGAIN_FROM, OPEN, CallTopic, CancelReason, DeclineReason, Status
from clinic.foundation.crypto import EncryptedJSONField, opened
from content.models import Weekday


class ContactBy(models.TextChoices):
    EMAIL = "email", "Email"
    PHONE = "phone", "Phone"
    TEXT = "text", "Text message"


def new_calendar_uid() -> str:
    """How calendars know the visit of a request, wherever the site is hosted (RFC 7986, 5.3). It never changes."""
    return str(uuid.uuid4())


class RequestQuerySet(models.QuerySet["ConsultationRequest"]):
    def open(self) -> RequestQuerySet:
        """Not yet confirmed and not closed."""
        return self.filter(status__in=OPEN)

    def real(self) -> RequestQuerySet:
        """Everything except what a bot guard caught."""
        return self.exclude(status=Status.SUSPECTED)

    def promised_before(self, moment: datetime) -> RequestQuerySet:
        """New ones whose promised answer was due before this moment (UTC): those past their promise, at `now`."""
        return self.filter(status=Status.NEW, promise_due_at__lt=moment)


class ConsultationRequest(models.Model):
    """One request for a consultation. Its wish (a start or windows) stays even when a hold goes.

    `status` and `version` are written only by bookings/workflow/.
    """

    reference = models.CharField(max_length=8, unique=True, help_text="What people say on the phone.")
    status = models.CharField(max_length=12, choices=[(s.value, s.words) for s in Status])
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    # Sending twice: the draft's id, and a keyed digest of what was sent under it.
    draft_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    answers_digest = models.CharField(max_length=64, blank=True, editable=False)

    # The wish.
    consultation_type = models.ForeignKey(ConsultationType, on_delete=models.PROTECT, related_name="requests")
    wished_practitioner = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    wished_start = models.DateTimeField(null=True, blank=True)

    # Contact.
    name = models.CharField(max_length=120)
    name_to_use = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    contact_by = models.CharField(max_length=8, choices=ContactBy.choices, default=ContactBy.EMAIL)
    may_leave_message = models.BooleanField(default=False)
    phone_only = models.BooleanField(
        default=False, help_text="No e-mail: what we owe them becomes a call to make."
    )
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="The client's own zone, for video and phone."
    )
    email_proved_at = models.DateTimeField(null=True, blank=True)
    # Copies for the desk's search (see queries/desk.py): " cleo annemarie anne marie", "cleo@example.org", "+441632960001".
    name_search = models.TextField(editable=False, help_text="clinic.foundation.text.name_key of the name.")
    email_search = models.CharField(max_length=254, editable=False)
    phone_search = models.CharField(max_length=24, blank=True, editable=False)
    # Whom the address reaches (clinic/foundation/addresses.py): what one person may hold and receive is counted by it.
    mailbox = models.CharField(max_length=254, blank=True, editable=False)

    # What the desk sorts and counts by. Codes and times only: reasons are in the encrypted answers.
    concerns = models.ManyToManyField("content.Concern", blank=True, related_name="requests")
    needs_clinician = models.BooleanField(default=False)
    same_day_call = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    tags = models.ManyToManyField("bookings.Tag", blank=True, related_name="requests")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_requests",
    )
    source_page = models.ForeignKey(
        "content.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged",
        help_text="The request of the same person that was kept, where its links lead now.",
    )

    # Of a plan's session: its line, the how manieth, from which day on, and until when it sleeps: no promise runs before.
    session_of = models.ForeignKey(
        "bookings.PlanLine",
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.SET_NULL,
        related_name="sessions",
    )
    session_number = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    sleeps_until = models.DateTimeField(null=True, blank=True)

    # Phone calls, and the day on which somebody wants to come back to this. Codes and times: what was said is in notes.
    calls_tried = models.PositiveSmallIntegerField(default=0, help_text="In a row, without an answer.")
    called_at = models.DateTimeField(null=True, blank=True, help_text="The last call, whatever came of it.")
    call_topic = models.CharField(
        max_length=12, blank=True, choices=[(topic.value, wording.TOPICS[topic]) for topic in CallTopic]
    )
    follow_up_on = models.DateField(null=True, blank=True)

    # Clocks.
    promise_due_at = models.DateTimeField(
        null=True, blank=True, help_text="The reply promise. Empty: paused or met."
    )
    promise_minutes_left = models.PositiveIntegerField(
        null=True, blank=True, help_text="Kept while the client is asked."
    )
    hold_until = models.DateTimeField(
        null=True, blank=True, help_text="Until when a new request's time is held."
    )
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    displaced_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When staff took the booked visit from the client. Empty again once another is booked, or it is closed.",
    )

    decline_reason = models.CharField(
        max_length=20, blank=True, choices=[(r.value, r.value) for r in DeclineReason]
    )
    cancel_reason = models.CharField(
        max_length=20, blank=True, choices=[(r.value, r.value) for r in CancelReason]
    )
    suspicion = models.CharField(max_length=20, blank=True, help_text="Which bot guard caught it.")
    address_corrected_at = models.DateTimeField(null=True, blank=True)

    calendar_uid = models.CharField(max_length=300, default=new_calendar_uid, editable=False, unique=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = RequestQuerySet.as_manager()

    # No columns. True while one change is made: for which somebody typed why its mail goes although a barrier stands; which
    # is the client's own doing; which is told by text or phone beside its mail.
    mail_anyway = is_their_own_doing = is_told_too = False

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "request"
        permissions = [
            ("decide_request", "Can answer requests: offer, confirm, ask, decline"),
            ("read_health", "Can read health answers and notes"),
            ("write_plan", "Can write and send plans after a visit"),
            ("erase_request", "Can erase everything personal of a request"),
            ("correct_late", "Can correct attendance after the day of the visit"),
            ("export_request", "Can export requests and visits"),
            ("view_figures", "Can see how the queue is doing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="a_request_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offer_expires_at__isnull=False), name="an_offer_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | Q(answer_due_at__isnull=False),
                name="a_question_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status="declined"), name="a_merged_request_is_declined"
            ),
        ]
        indexes = [
            # The desk's open work, by promise.
            models.Index(
                fields=["promise_due_at"],
                condition=Q(status__in=[s.value for s in OPEN]),
                name="open_requests_by_promise",
            ),
            models.Index(fields=["status", "created_at"], name="requests_by_status"),
            models.Index(fields=["created_at"], name="requests_by_arrival"),
            # By its beginning, too, whatever the database sorts by.
            models.Index(
                fields=["email_search"], opclasses=["varchar_pattern_ops"], name="requests_by_start_of_email"
            ),
            models.Index(fields=["mailbox"], name="requests_by_mailbox"),
            # Who may be the same person (queries/same_person.py).
            models.Index(fields=["phone_search"], name="requests_by_phone"),
            models.Index(fields=["name_search"], name="requests_by_name"),
            models.Index(
                fields=["follow_up_on"],
                condition=Q(follow_up_on__isnull=False),
                name="requests_to_come_back_to",
            ),
            # What the clock looks for.
            models.Index("sleeps_until", condition=~Q(sleeps_until=None), name="sessions_that_sleep"),
            models.Index("session_of", condition=~Q(session_of=None), name="sessions_by_line"),
            # What the start page counts, and the list of visits to arrange (queries/plans_due.py).
            models.Index(
                "session_of",
                condition=Q(session_of__isnull=False, status__in=[s.value for s in (*OPEN, *AGAIN_FROM)]),
                name="sessions_to_arrange",
            ),
            models.Index(fields=["hold_until"], condition=Q(status="new"), name="new_requests_by_hold"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def called(self) -> str:
        """The word to call the client by; "" where their name does not say."""
        return names.called(self.name, self.name_to_use)

    @property
    def barriers(self) -> list[Barrier]:
        """What stands against mailing this client: what is owed then becomes a call to make. Nothing for most, and for those
        who need an interpreter and gave no number, to whom a mail is all there is. Reads `support_needs`."""
        found = {
            Barrier.NO_ADDRESS: not self.email,
            Barrier.PHONE_ONLY: self.phone_only,
            Barrier.INTERPRETER: bool(self.phone) and self.needs("interpreter"),
        }
        return [barrier for barrier, stands in found.items() if stands]

    def barriers_to(self, kind: str) -> list[Barrier]:
        """What stands against a mail of this kind to this client. What they do on the site is answered in kind."""
        if self.is_their_own_doing:
            return [barrier for barrier in self.barriers if barrier.is_against_all]
        return against(self.barriers, kind)

    def needs(self, code: str) -> bool:
        """Whether they said that they need this for the visit (a code of SUPPORT in bookings/answers.py)."""
        if self.pk is None or not hasattr(self, "support_needs"):
            return False
        return code in ((opened(self.support_needs, "data") or {}).get("support") or ())

    @property
    def reads_large_print(self) -> bool:
        """Their mails are set in large type."""
        return self.needs("large_print")

    @property
    def wants_text(self) -> bool:
        """They chose to be texted, and there is a number."""
        return self.contact_by == ContactBy.TEXT and bool(self.phone)

    @property
    def hears_beside_mail(self) -> bool:
        """What we answer by mail is also said the way they chose: by text or on the phone."""
        return self.contact_by != ContactBy.EMAIL and bool(self.phone)

    @property
    def was_reached(self) -> bool:
        """The last phone call with this client was answered."""
        return self.called_at is not None and not self.calls_tried

    @property
    def is_pressing(self) -> bool:
        """Urgent, or to be rung on the same day."""
        return self.urgent or self.same_day_call

    @property
    def must_be_rung(self) -> bool:
        """It is pressing, and nobody has spoken with them yet."""
        return self.is_pressing and self.is_open and not self.was_reached

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def state(self) -> Status:
        return Status(self.status)


class WishWindow(models.Model):
    """A day of the week and a part of the day that would suit. A client ticks days and parts: a row for each pair."""

    class Part(models.TextChoices):
        MORNING = "morning", "Morning"
        AFTERNOON = "afternoon", "Afternoon"
        EVENING = "evening", "Evening"
        ANY = "any", "Any time"

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(
        choices=Weekday.choices, null=True, blank=True, help_text="Empty: any day."
    )
    part = models.CharField(max_length=10, choices=Part.choices)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return windows_in_words([(self.weekday, self.part)])[0]


def windows_in_words(windows: Iterable[tuple[int | None, str]]) -> list[str]:
    """'Monday or Tuesday, evening': days with the same parts of the day are one line. A weekday of None means any."""
    parts: dict[int | None, list[str]] = {}
    for weekday, part in windows:
        parts.setdefault(weekday, []).append(WishWindow.Part(part).label.lower())
    days: dict[str, list[str]] = {}
    for weekday, parts_of in parts.items():
        day = "Any day" if weekday is None else str(Weekday(weekday).label)
        days.setdefault(" or ".join(parts_of), []).append(day)
    return [f"{' or '.join(named)}, {when}" for when, named in days.items()]


class Consent(models.Model):
    """What the client agreed to, with the version of the words they saw (bookings/consents.py)."""

    class Kind(models.TextChoices):
        HEALTH = "health", "Use of health information"
        TEXTS = "texts", "Text messages about this request"
        NEWS = "news", "News and offers by email"

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    version = models.CharField(max_length=12)
    given = models.BooleanField()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind", "version"], name="one_consent_of_a_kind_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Draft(models.Model):
    """The answers of somebody who has not sent: one row per browser tab, random id, encrypted, gone after an hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The browser's own secret (a cookie), as a digest: the id alone, in a URL or a history, opens nothing.
    owner = models.CharField(max_length=64)
    data = EncryptedJSONField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_as = models.ForeignKey(
        ConsultationRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="drafts"
    )

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="drafts_by_end")]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
