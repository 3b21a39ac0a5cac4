"""How every verb changes a request: one transaction, one compare-and-swap, one event.

    with core.change(consultation, "assess", origin) as change:
        change.set(...)            # fields of the request
        change.fact(...)           # codes and times for the event
        outbox.queue(change.consultation, ...)

Leaving the block writes the fields and the event; an error inside rolls everything back. Verbs wear `@verb`, which retries
one deadlock and turns an overlap that the database refused into SlotTaken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from bookings.limits.reminders import JUST_SPOKEN
from bookings.models import ConsultationRequest, Event, Message, Note
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.slots import Wanted
from bookings.states import AFTER_A_MERGE, TABLE, WITHOUT_PROOF, Status, Who
from bookings.workflow import wait
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken
from bookings.workflow.wait import Before
from clinic.foundation import press
from clinic.foundation.prepared import Prepared

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls a verb: a client (through their link), a member of staff, or the clock."""

    kind: Who
    label: str
    id: int | None = None
    is_manager: bool = False
    press: str = ""  # the key of the button, by which clinic.foundation.press knows a second press
    reads_health: bool = False  # a clinician, or whoever else may read health answers

    @classmethod
    def client(cls) -> Actor:
        return cls(Who.CLIENT, "The client")

    @classmethod
    def staff(cls, user: User, press: str = "") -> Actor:
        """A signed-in member of staff. Whoever may correct late is a manager."""
        name = user.get_full_name() or user.get_username()
        manages, reads = (user.has_perm(f"bookings.{right}") for right in ("correct_late", "read_health"))
        return cls(Who.STAFF, name, user.pk, manages, press, reads)

    @classmethod
    def clock(cls) -> Actor:
        return cls(Who.CLOCK, "The clock")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from: who calls the verb, when (UTC), and the version of the consultation that their page showed.

    Without a version (None) the verb takes the consultation as it is now. `despite` is what staff typed to say why a mail
    goes to a client who is not to be mailed; it is kept as an internal note. Without it the message becomes a call to make.
    `because` is what staff typed to say why a rule of a treatment session does not hold this time; it is kept likewise.
    `together` is the key of the press that does this to many requests at once (together.py).
    """

    actor: Actor
    now: datetime
    version: int | None = None
    despite: str = ""
    because: str = ""
    together: int | None = None


class Overlap(Exception):
    """A time that cannot be occupied: our own check saw it, or the database refused it. Becomes SlotTaken."""

    def __init__(self, wanted: Wanted, start: datetime, now: datetime, whose: str = "") -> None:
        self.wanted = wanted
        self.start = start
        self.now = now
        self.whose = whose
        super().__init__()


@dataclass
class Change:
    """What one verb changes. `consultation` is fresh, locked by the swap, and already carries its new status and version.

    `untold`: a mail of the verb before it that has not gone, about something that the client has not seen either.
    """

    consultation: ConsultationRequest
    verb: str
    origin: Origin
    before: str
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    untold: Message | None = None
    was: Before = field(default_factory=Before)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.origin.actor

    @property
    def now(self) -> datetime:
        return self.origin.now

    @cached_property
    def undo_until(self) -> datetime | None:
        """Until when this can be taken back; None if it cannot."""
        return wait.until(self.verb, self.actor.kind, self.now)

    @property
    def mails_go(self) -> datetime:
        """When the mails go that this owes: at once, or when it can no longer be taken back."""
        return self.undo_until or self.now

    @cached_property
    def clinic(self) -> Clinic:
        """The clinic as it is now, for the whole of this change."""
        return clinic(self.now)

    def set(self, **fields: Any) -> None:
        """Set fields of the request; they are written when the block ends."""
        for name, value in fields.items():
            setattr(self.consultation, name, value)
        self.changed |= fields.keys()

    def fact(self, **facts: Any) -> None:
        """Codes, ids and times for the event. Never free text."""
        self.facts |= facts


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """A verb: retried once after a deadlock; an overlap becomes SlotTaken with the three nearest free times."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return _retried(function, *args, **kwargs)
        except Overlap as overlap:
            nearest = free.nearest(overlap.wanted, overlap.start, now=overlap.now)
            raise SlotTaken(nearest, overlap.whose) from overlap

    return wrapper


def _retried(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return function(*args, **kwargs)
    except OperationalError as error:
        # Inside a caller's transaction nothing can be retried: it is lost as a whole.
        if connection.in_atomic_block or getattr(error.__cause__, "pgcode", None) not in ("40P01", "40001"):
            raise
    return function(*args, **kwargs)


@contextmanager
def change(
    consultation: ConsultationRequest, name: str, origin: Origin, *, to: Status | None = None
) -> Iterator[Change]:
    """Open one transaction and swap status and version, for the verb of this name.

    `to`: which of the states that the table allows, for `undo` and `displace`; by default the first. Raises NotAllowed when
    the table says no, Conflict when someone was first, Refused("merged") for what was merged: it answers nothing any more.
    """
    try:
        with transaction.atomic(), _swapped(consultation, name, origin, to) as change:
            yield change
    except Conflict as lost:
        # This transaction may have read the row as it was before. Read it again outside, with what the first one did.
        stored = _stored(consultation)
        raise type(lost)(stored, last_event(stored), origin.now) from None


def _stored(consultation: ConsultationRequest) -> ConsultationRequest:
    """The request as the database has it now."""
    found: ConsultationRequest | None = next(STORED.models((consultation.pk,)), None)
    if found is None:
        raise ConsultationRequest.DoesNotExist
    return found


def with_key(given: tuple[int], _: None) -> QuerySet[ConsultationRequest]:
    joined = ("consultation_type", "wished_practitioner", "support_needs")
    return ConsultationRequest.objects.select_related(*joined).filter(pk=given[0])


STORED = Prepared(with_key)  # every verb begins with it


@contextmanager
def _swapped(
    consultation: ConsultationRequest, name: str, origin: Origin, to: Status | None
) -> Iterator[Change]:
    """The change between its swap and its event."""
    rule, fresh, now = TABLE[name], _stored(consultation), origin.now
    if fresh.merged_into_id is not None and name not in AFTER_A_MERGE:
        raise Refused("merged", "This request was merged into another one. Open that one.")
    if origin.version is not None and origin.version != fresh.version:
        raise Conflict(fresh, last_event(fresh), now)
    if not rule.allowed(fresh.status) or origin.actor.kind not in rule.by:
        raise NotAllowed(fresh, last_event(fresh), now)
    before, targets = fresh.status, rule.moves[Status(fresh.status)]
    target = to if to in targets else targets[0]
    swapped = ConsultationRequest.objects.filter(pk=fresh.pk, status=before, version=fresh.version)
    change = Change(fresh, name, origin, before, columns=wait.columns(fresh))
    # The rest of the fields follow when the block ends; the swap itself comes first, so that it is also the lock.
    changes = _swap_fields(before, target, now)
    if swapped.update(status=target, version=fresh.version + 1, **changes) != 1:
        raise Conflict(fresh, last_event(fresh), now)
    fresh.status, fresh.version = target, fresh.version + 1
    for key, value in changes.items():
        setattr(fresh, key, value)
    if name != "undo" and settings.UNDO_MINUTES:
        change.untold = wait.end(fresh, now)
    if change.undo_until:
        change.was = wait.before(fresh)
    if origin.actor.kind == Who.CLIENT and name not in WITHOUT_PROOF and fresh.email_proved_at is None:
        change.set(email_proved_at=now)
    fresh.is_their_own_doing = origin.actor.kind == Who.CLIENT
    fresh.is_told_too = _is_told_too(fresh, origin)
    if origin.despite and fresh.barriers:
        fresh.mail_anyway = True
        change.fact(despite=fresh.barriers)
        add_note(change, Note.Kind.INTERNAL, origin.despite)
    yield change
    if change.changed:
        fresh.save(update_fields=sorted(change.changed))
    record(change)


def _is_told_too(fresh: ConsultationRequest, origin: Origin) -> bool:
    """Whether what this answers by mail is said by text or on the phone as well: where the client chose that and did not
    bring it about, and nobody has just spoken with them."""
    if origin.actor.kind == Who.CLIENT or not fresh.hears_beside_mail:
        return False
    spoken_at = fresh.called_at if fresh.was_reached else None
    return spoken_at is None or origin.now - spoken_at >= JUST_SPOKEN


def _swap_fields(before: str, target: Status, now: datetime) -> dict[str, Any]:
    """Fields that go with the status itself and that the database's own checks tie to it."""
    changes: dict[str, Any] = {}
    if target == Status.OFFERED and before != Status.OFFERED:
        changes["offer_expires_at"] = now  # the offer itself sets the real end
    if target == Status.WAITING and before != Status.WAITING:
        changes["answer_due_at"] = now
    if before == Status.OFFERED and target != Status.OFFERED:
        changes["offer_expires_at"] = None
    if before == Status.WAITING and target != Status.WAITING:
        changes["answer_due_at"] = None
    return changes


def record(change: Change) -> Event:
    """Append the event of this change, and note whose press it was."""
    press.keep(change.actor.press, change.now)
    event = Event.objects.create(
        request=change.consultation,
        verb=change.verb,
        from_status=change.before,
        to_status=change.consultation.status,
        version=change.consultation.version,
        actor_kind=change.actor.kind,
        actor_id=change.actor.id,
        actor_label=change.actor.label,
        at=change.now,
        reason=change.reason,
        facts=change.facts,
    )
    if change.undo_until:
        wait.remember(event, change.undo_until, change.was, change.columns, change.origin.together)
    return event


def add_note(change: Change, kind: str, text: str, *, about_health: bool = True) -> Note:
    """Keep free text in a row of its own, encrypted. All of the desk reads it if it is not `about_health`."""
    note = Note.objects.create(
        request=change.consultation,
        kind=kind,
        body=text,
        about_health=about_health,
        author_label=change.actor.label,
        author_id=change.actor.id,
        at=change.now,
    )
    change.was.notes.append(note.pk)
    return note


def add_advice(change: Change, text: str) -> Note | None:
    """Keep what staff wrote to the client, if they did: the client reads it behind their link."""
    return add_note(change, Note.Kind.ADVICE, text) if text else None


def last_event(consultation: ConsultationRequest) -> Event | None:
    """The newest line of the request's history."""
    return Event.objects.filter(request=consultation).order_by("-version").first()
