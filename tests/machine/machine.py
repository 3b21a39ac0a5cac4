"""All verbs, called by anybody in any order, against a model so small that it is easily right: a state and a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bookings import against, clock, in_hand
from bookings.availability import Slot
from bookings.messages.kinds import untrue
from bookings.models import ConsultationRequest, Practitioner
from bookings.states import MAKING, TABLE, UNDOABLE, DeclineReason, Status, Who
from bookings.workflow import displacement, duplicates, intake, reply, undo, visit, wait
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Conflict, NotAllowed, Refused, SlotTaken, WorkflowError
from clinic.foundation import when
from tests import factories as make
from tests.factories import CLIENT, CLOCK, LONDON, NOW
from tests.machine import seen
from tests.machine.seen import Seen
from tests.workflow.test_table import CALLS

# What has a rule of its own, with arguments of all kinds. All other verbs are called as test_table.py calls them, so a new
# one is tried here from its first day.
OWN = ("offer", "accept", "confirm", "decline", "reschedule", "cancel", "displace", "merge", "undo")
PLAIN = tuple(name for name in TABLE if name not in OWN)
ADDRESSES = ("cleo@example.org", "mira@example.org")
STEPS = (
    timedelta(minutes=1),
    timedelta(minutes=31),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=8),
)

which = st.integers(0, 7)
rarely = st.integers(0, 9).map(lambda number: number == 0)
# Days from now, quarters of an hour from 10:00 (half an hour long, so that some overlap), and whose time it is.
times = st.tuples(st.integers(1, 4), st.sampled_from((0, 1, 2, 4)), st.integers(0, 1))


@dataclass
class Model:
    """What the machine expects of one request. `before` is what it was like before what can still be taken back."""

    status: Status
    version: int = 1
    before: Seen | None = None


class Desk(RuleBasedStateMachine):
    """Cleo and Mira ask, Dee answers, time passes, and everything that must hold is looked at after each step."""

    @initialize()
    def open(self) -> None:
        self.now: datetime = NOW
        self.model: dict[int, Model] = {}
        self.everything = transaction.atomic()
        self.everything.__enter__()
        make.profile()
        make.concern()
        self.people: Sequence[Practitioner] = (make.practitioner(), make.practitioner("Bo Berg"))
        self.dee = Actor.staff(make.staff())

    def teardown(self) -> None:
        if hasattr(self, "everything"):
            transaction.set_rollback(True)
            self.everything.__exit__(None, None, None)

    # --- what a step is -----------------------------------------------------------------------------------------------

    def one(self, number: int) -> ConsultationRequest:
        keys = sorted(self.model)
        return ConsultationRequest.objects.get(pk=keys[number % len(keys)])

    def slot(self, at: tuple[int, int, int]) -> Slot:
        days, quarters, whose = at
        day = when.local_day(self.now, LONDON) + timedelta(days=days)
        start = when.instant(datetime.combine(day, time(10)), LONDON) + timedelta(minutes=15 * quarters)
        return make.slot(start, by=self.people[whose])

    def make(self, call: Callable[[Origin], ConsultationRequest], who: Actor, status: Status) -> None:
        self.now += timedelta(seconds=10)
        try:
            with transaction.atomic():
                made = call(Origin(who, self.now))
        except (Refused, SlotTaken):
            return
        assert made.status == status
        self.model[made.pk] = Model(status)

    def say(
        self,
        name: str,
        number: int,
        who: Who,
        call: Callable[[ConsultationRequest, Origin], ConsultationRequest],
        *,
        stale: bool = False,
    ) -> None:
        """Call a verb. It leads where the table says, or it is refused and has changed nothing."""
        consultation = self.one(number)
        known, before = self.model[consultation.pk], seen.look(consultation.pk)
        self.now += timedelta(seconds=10)
        actor = {Who.CLIENT: CLIENT, Who.STAFF: self.dee, Who.CLOCK: CLOCK}[who]
        version = consultation.version - stale
        try:
            with transaction.atomic():
                call(consultation, Origin(actor, self.now, version))
        except WorkflowError as error:
            self.refused(name, known, who, error, stale=stale)
            assert seen.look(consultation.pk) == before
            return
        after = seen.look(consultation.pk)
        assert not stale and who in TABLE[name].by
        assert after.status in TABLE[name].moves[known.status], (name, known.status, after.status)
        if name == "undo":
            if known.before is not None:
                seen.the_same_as_before(after, known.before, self.now)
            else:  # there was nothing before it was booked
                assert after.status == Status.CANCELLED
        known.before = before if name in UNDOABLE and who == Who.STAFF else None
        known.status, known.version = after.status, known.version + 1
        if name == "erase":
            self.follow(merged_into=consultation.pk)

    def refused(self, name: str, known: Model, who: Who, error: WorkflowError, *, stale: bool) -> None:
        """Whether this is why it had to be refused."""
        may = TABLE[name].allowed(known.status) and who in TABLE[name].by
        match error:
            case NotAllowed():
                assert not may
            case Conflict():
                assert stale
            case Refused(code="merged"):
                pass  # before anything else is asked
            case _:
                assert may and not stale, error

    def follow(self, **which: Any) -> None:
        """What a verb of one request has done to others: one event each."""
        for other in ConsultationRequest.objects.filter(**which):
            known = self.model[other.pk]
            if other.version != known.version:
                assert other.version == known.version + 1
                known.status, known.version, known.before = other.state, other.version, None

    # --- requests arrive ----------------------------------------------------------------------------------------------

    @rule(address=st.sampled_from(ADDRESSES), at=st.none() | times, caught=rarely, anybody=st.booleans())
    def submit(self, address: str, at: tuple[int, int, int] | None, caught: bool, anybody: bool) -> None:
        slot = self.slot(at) if at else None
        sent = make.submission(
            email=address,
            start=slot.start if slot else None,
            practitioner_id=slot.practitioner_id if slot and not anybody else None,
            windows=((0, "morning"),),
        )
        suspicion = "honeypot" if caught else ""
        self.make(
            lambda origin: intake.submit(sent, origin, suspicion=suspicion),
            CLIENT,
            Status.SUSPECTED if caught else Status.NEW,
        )

    @rule(address=st.sampled_from(ADDRESSES), at=times)
    def book(self, address: str, at: tuple[int, int, int]) -> None:
        slot = self.slot(at)
        sent = make.submission(email=address, start=slot.start, practitioner_id=slot.practitioner_id)
        self.make(lambda origin: intake.book(sent, origin), self.dee, Status.CONFIRMED)

    # --- staff answer -------------------------------------------------------------------------------------------------

    some = precondition(lambda self: bool(self.model))

    @some
    @rule(one=which, at=st.lists(times, min_size=1, max_size=3), agreed=st.booleans(), stale=rarely)
    def offer(self, one: int, at: list[tuple[int, int, int]], agreed: bool, stale: bool) -> None:
        slots = [self.slot(each) for each in at]
        although = ALL_CODES if agreed else ()
        self.say(
            "offer",
            one,
            Who.STAFF,
            lambda cleo, origin: reply.offer(cleo, origin, slots=slots, although=although),
            stale=stale,
        )

    @some
    @rule(one=which, at=st.none() | times, agreed=st.booleans(), stale=rarely)
    def confirm(self, one: int, at: tuple[int, int, int] | None, agreed: bool, stale: bool) -> None:
        slot, although = self.slot(at) if at else None, ALL_CODES if agreed else ()
        self.say(
            "confirm",
            one,
            Who.STAFF,
            lambda cleo, origin: reply.confirm(cleo, origin, slot=slot, although=although),
            stale=stale,
        )

    @some
    @rule(one=which, reason=st.sampled_from(DeclineReason))
    def decline(self, one: int, reason: DeclineReason) -> None:
        self.say("decline", one, Who.STAFF, lambda cleo, origin: reply.decline(cleo, origin, reason=reason))

    @some
    @rule(one=which, other=which)
    def merge(self, one: int, other: int) -> None:
        gone = self.one(other)
        self.say("merge", one, Who.STAFF, lambda cleo, origin: duplicates.merge(cleo, origin, other=gone))
        self.follow(merged_into=self.one(one).pk)

    @some
    @rule(one=which, stale=rarely)
    def undo(self, one: int, stale: bool) -> None:
        """Of something that can still be taken back, if there is any."""
        keys = sorted(self.model)
        fresh = [keys.index(key) for key in keys if self.model[key].before is not None]
        self.say("undo", fresh[one % len(fresh)] if fresh else one, Who.STAFF, undo.undo, stale=stale)

    # --- the client answers, the visit, and all the rest --------------------------------------------------------------

    @some
    @rule(one=which, row=st.integers(0, 2))
    def accept(self, one: int, row: int) -> None:
        held = list(self.one(one).appointments.held().values_list("pk", flat=True))
        chosen = held[row % len(held)] if held else 0
        self.say(
            "accept", one, Who.CLIENT, lambda cleo, origin: reply.accept(cleo, origin, appointment_id=chosen)
        )

    @some
    @rule(one=which, at=times, who=st.sampled_from((Who.CLIENT, Who.STAFF)))
    def reschedule(self, one: int, at: tuple[int, int, int], who: Who) -> None:
        slot = self.slot(at)
        self.say("reschedule", one, who, lambda cleo, origin: visit.reschedule(cleo, origin, slot=slot))

    @some
    @rule(one=which, who=st.sampled_from((Who.CLIENT, Who.STAFF)))
    def cancel(self, one: int, who: Who) -> None:
        self.say("cancel", one, who, visit.cancel)

    @some
    @rule(one=which, at=st.lists(times, max_size=3), stale=rarely)
    def displace(self, one: int, at: list[tuple[int, int, int]], stale: bool) -> None:
        slots = [self.slot(each) for each in at]
        self.say(
            "displace",
            one,
            Who.STAFF,
            lambda cleo, origin: displacement.displace(cleo, origin, slots=slots),
            stale=stale,
        )

    @some
    @rule(one=which, name=st.sampled_from(PLAIN), wrong=rarely, data=st.data())
    def plain(self, one: int, name: str, wrong: bool, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(tuple(Who) if wrong else TABLE[name].by))
        self.say(name, one, who, CALLS[name])

    # --- time passes --------------------------------------------------------------------------------------------------

    @some
    @rule(one=which)
    def the_client_looks(self, one: int) -> None:
        """They open their page: what it tells can no longer be taken back."""
        consultation = self.one(one)
        assert wait.seen_by_client(consultation, self.now)
        self.model[consultation.pk].before = None

    @rule(by=st.sampled_from(STEPS))
    def wait(self, by: timedelta) -> None:
        self.now += by
        clock.tick(self.now)
        gone = set(self.model) - set(ConsultationRequest.objects.values_list("pk", flat=True))
        assert all(self.model.pop(key).status == Status.SUSPECTED for key in gone)
        self.follow()

    @rule()
    def mails_go(self) -> None:
        while found := in_hand.claim(now=self.now, worker="the machine"):
            [message] = found
            why = untrue(message, message.request, self.now)
            if why is None:
                in_hand.mark_sent(message, now=self.now)
            else:
                in_hand.drop(message, now=self.now, why=why)
            known = self.model.get(message.request_id or 0)
            if known is not None and known.before is not None:
                known.before = replace(known.before, queued=known.before.queued - {message.pk})

    # --- what has to hold ---------------------------------------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        if not hasattr(self, "model"):
            return
        seen.nobodys_times_meet()
        found = ConsultationRequest.objects.in_bulk(self.model)
        for key, known in self.model.items():
            stored = found[key]
            seen.check(stored, self.now)
            assert (stored.status, stored.version) == (known.status, known.version)


ALL_CODES = tuple(code.value for code in against.Against)
assert set(MAKING) & set(PLAIN) == set()
