"""What a visit decided: the plan that a client is sent, its treatments, and what the client asks about it.

Everything that says something about somebody's skin is encrypted. What was sent is never read again from the content or the
settings: prices, days and words are copied, so a change of them later changes no plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q

from bookings.models.request import ConsultationRequest
from bookings.models.schedule import ConsultationType
from bookings.states import LineAnswer, PlanOutcome, PlanStatus
from clinic.foundation.crypto import SEALED_WORDS, EncryptedJSONField, EncryptedTextField, opened
from content import prices
from content.models import Treatment
from content.prices import Span


@dataclass(frozen=True, slots=True)
class Against:
    """Something that was advised against, by its name, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What a plan says besides its treatments, in plain words for the client.

    `findings`: what the practitioner saw. `because`: why these treatments, or why none, or why not now. `first`: what has to
    happen before. `can`, `cannot`: what it can and cannot do. `back`: when to come back. `applies`: codes of APPLIES in
    bookings/answers.py that held at the visit, and ADULT.
    """

    findings: str = ""
    because: str = ""
    first: str = ""
    can: str = ""
    cannot: str = ""
    next_step: str = ""
    back: str = ""
    applies: tuple[str, ...] = ()
    against: tuple[Against, ...] = ()

    @classmethod
    def read(cls, data: dict[str, Any]) -> PlanWords:
        """As it was stored."""
        against = tuple(Against(**one) for one in data.get("against", ()))
        return cls(**data | {"applies": tuple(data.get("applies", ())), "against": against})


@dataclass(frozen=True, slots=True)
class LineWords:
    """What a treatment of a plan is called, what its price is for, why it is suggested, and its main risk.

    `feels` and `heals` are the content's facts about it, as they were when the plan was sent, out of `version` (a key of
    content's Version; 0 for none): what it feels like, and what shows afterwards and for how long.
    """

    name: str
    basis: str = ""
    why: str = ""
    risk: str = ""
    feels: str = ""
    heals: str = ""
    version: int = 0


class PlanQuerySet(models.QuerySet["Plan"]):
    def standing(self) -> PlanQuerySet:
        """Those that a client was sent and that nothing has replaced or ended: at most one a request."""
        return self.filter(status__in=STANDING)

    def told(self) -> PlanQuerySet:
        """Those that a client may read: all but drafts."""
        return self.exclude(status=PlanStatus.DRAFT)


STANDING = (PlanStatus.SENT, PlanStatus.PART, PlanStatus.ACCEPTED)


class Plan(models.Model):
    """What a practitioner recommends after a visit, one version of it. Only bookings/workflow/ writes it."""

    request = models.ForeignKey(ConsultationRequest, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField(help_text="1 for the first of a request.")
    status = models.CharField(
        max_length=10,
        choices=[(s.value, s.words) for s in PlanStatus],
        default=PlanStatus.DRAFT.value,
    )
    outcome = models.CharField(max_length=12, choices=[(o.value, o.words) for o in PlanOutcome])
    words = EncryptedJSONField()
    currency = models.CharField(max_length=3, help_text="Of every amount in it.")
    visit_on = models.DateField(help_text="The day of the visit that it follows, at the clinic.")
    valid_until = models.DateField(help_text="The last day on which it can be accepted, at the clinic.")
    think_days = models.PositiveSmallIntegerField(
        help_text="Days between the visit and the first session at least, as they were when it was sent."
    )
    # Encrypted, for a rule says what somebody takes or has.
    although = EncryptedTextField(
        blank=True,
        default="",
        help_text="The rules that it goes past, as codes of bookings/plan_rules.py with spaces; why is in a note.",
    )
    author_label = models.CharField(max_length=120)
    author_id = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["request", "number"]
        default_permissions = ()  # whoever reads the request's health answers reads it; "write_plan" writes it
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="plans_are_numbered"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(status="draft"), name="a_request_has_one_draft_of_a_plan"
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=[s.value for s in STANDING]),
                name="a_request_has_one_standing_plan",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in PlanStatus]), name="a_plan_has_a_known_status"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", sent_at=None) | (~Q(status="draft") & Q(sent_at__isnull=False)),
                name="a_plan_was_sent_unless_it_is_a_draft",
            ),
        ]
        indexes = [
            # What the clock looks for.
            models.Index(fields=["valid_until"], condition=Q(status="sent"), name="sent_plans_by_end"),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} of {self.request_id}"

    @property
    def state(self) -> PlanStatus:
        return PlanStatus(self.status)

    @property
    def told(self) -> PlanWords | None:
        """Its words; None where no key opens them any more."""
        data: dict[str, Any] | None = opened(self, "words")
        return None if data is None else PlanWords.read(data)

    def is_open(self, today: date) -> bool:
        """Whether something in it can still be accepted on this day of the clinic."""
        return self.status in (PlanStatus.SENT, PlanStatus.PART) and today <= self.valid_until

    def waits(self, today: date) -> bool:
        """Whether the client has something in it left to answer on this day of the clinic. Its lines are loaded."""
        suits = self.outcome == PlanOutcome.SUITS
        return suits and self.is_open(today) and any(not line.said for line in self.lines.all())

    @property
    def goes_past_a_rule(self) -> bool:
        """Also where no key tells which."""
        return bool(opened(self, "although") != "")

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT


def days_apart(gap_days: int | None, interval_days: int) -> int:
    """How many days lie between two sessions of a line, and before what follows it, at least: as many as the plan says and
    the kind of session asks for, and never two on one day.
    """
    return max(gap_days or 0, interval_days, 1)


class PlanLine(models.Model):
    """One treatment of a plan: sessions, days between them, and how many times its price is paid. Money in minor units."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    # What it was made from; what it is called is among its words.
    treatment = models.ForeignKey(
        Treatment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.ForeignKey(
        ConsultationType,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What its sessions are booked as. Empty: nothing is booked, as for a cream.",
    )
    words = EncryptedJSONField()
    sessions_from = models.PositiveSmallIntegerField(help_text="Sessions at least. 0: nothing is booked.")
    sessions_to = models.PositiveSmallIntegerField()
    gap_days = models.PositiveSmallIntegerField(default=0, help_text="Days between two sessions at least.")
    wait_days = models.PositiveSmallIntegerField(
        default=0, help_text="Days between the visit and its first session at least."
    )
    price_from = models.PositiveIntegerField(help_text="Each time.")
    price_to = models.PositiveIntegerField(help_text="Each time.")
    times_from = models.PositiveSmallIntegerField(help_text="How many times the price is paid at least.")
    times_to = models.PositiveSmallIntegerField()
    after = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="followers",
        help_text="The line of the same plan that it follows: without it, it is not done. Empty: it can be had alone.",
    )
    said = models.CharField(
        max_length=8, blank=True, choices=[(a.value, a.value) for a in LineAnswer], default=""
    )
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="lines_of_a_plan_are_numbered"),
            models.CheckConstraint(
                condition=Q(
                    sessions_to__gte=F("sessions_from"),
                    price_to__gte=F("price_from"),
                    times_to__gte=F("times_from"),
                ),
                name="a_line_of_a_plan_counts_upwards",
            ),
            models.CheckConstraint(
                condition=Q(after=None) | ~Q(after=F("pk")), name="a_line_of_a_plan_follows_another"
            ),
        ]

    def __str__(self) -> str:
        return f"Line {self.position} of plan {self.plan_id}"

    @property
    def told(self) -> LineWords | None:
        """Its words; None where no key opens them any more."""
        data: dict[str, Any] | None = opened(self, "words")
        return None if data is None else LineWords(**data)

    @property
    def days_apart(self) -> int:
        """Days between two of its sessions, and before what follows it, at least. Reads its kind."""
        return days_apart(self.gap_days, self.kind.interval_days if self.kind else 0)

    @property
    def each(self) -> Span:
        """What it costs each time."""
        return Span(self.price_from, self.price_to)

    @property
    def span(self) -> Span:
        """What it comes to."""
        return self.each.times(self.times_from, self.times_to)

    def first_on(self, visit_on: date, think_days: int) -> date:
        """The first day on which its first session may be, as far as the plan says."""
        return visit_on + timedelta(days=max(self.wait_days, think_days))


class PlanQuestion(models.Model):
    """What a client asks about a plan, or about one treatment of it, and the desk's answer. Encrypted."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="questions")
    line = models.ForeignKey(
        PlanLine, null=True, blank=True, on_delete=models.CASCADE, related_name="questions"
    )
    body = EncryptedTextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when the clinic promised an answer.")
    reply = EncryptedTextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["due_at"], condition=Q(replied_at=None), name="open_questions_about_plans"),
        ]

    def __str__(self) -> str:
        return f"Question about plan {self.plan_id}"

    @property
    def words(self) -> str:
        """What they ask, for people to read; or that it could not be opened, where no key opens it."""
        return _shown(opened(self, "body"))

    @property
    def answer(self) -> str:
        """The desk's answer, likewise; empty while there is none."""
        return _shown(opened(self, "reply"))


def _shown(text: str | None) -> str:
    return SEALED_WORDS if text is None else text


def words_of(plan: PlanWords) -> dict[str, Any]:
    """As it is stored."""
    return asdict(plan)


def words_of_line(line: LineWords) -> dict[str, Any]:
    """As it is stored."""
    return asdict(line)


def total(lines: models.QuerySet[PlanLine] | list[PlanLine]) -> Span:
    """What these lines of one plan come to."""
    return prices.total(line.span for line in lines)


def lawful(followed: Sequence[int | None]) -> list[int]:
    """The places of lines in the order in which they can be done: as they stand, but none before the one that it follows.

    `followed` has for each line the place of the one that it follows, or None. Lines that follow each other in a circle stay
    where they are.
    """
    order: list[int] = []
    waiting = list(range(len(followed)))
    while waiting:
        ready = (one for one in waiting if followed[one] not in waiting or followed[one] == one)
        chosen = next(ready, waiting[0])
        waiting.remove(chosen)
        order.append(chosen)
    return order


def lawful_rows(rows: Sequence[PlanLine]) -> list[PlanLine]:
    """The lines of one plan in that order: also of a plan that was sent before lines were kept in it."""
    places = {row.pk: place for place, row in enumerate(rows)}
    return [rows[place] for place in lawful([places.get(row.after_id or 0) for row in rows])]


# What follows where the content leaves it to a care sheet.
HOW_LONG = "How long it takes: the person who treats you says so before you agree to it."


def without_care_sheet(words: str) -> str:
    """The sentences that do not send the reader to a care sheet: who reads a plan has none yet."""
    sentences = [one.strip() for one in words.split(". ")]
    return ". ".join(one for one in sentences if "care sheet" not in one.lower()).strip()


def heals_before(words: str) -> str:
    """What is said of healing, for somebody who has no care sheet yet: where it leaves the days to one, who says them."""
    told = without_care_sheet(words)
    return told if told == words.strip() else f"{told.rstrip('.')}. {HOW_LONG}".lstrip(". ")
