"""Where the stories of the demonstration play: its days, its free times, its staff, and how a verb is called back then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from bookings import availability, consents, outbox
from bookings.availability import Interval, Slot, WeeklyHours
from bookings.demo import wishes
from bookings.demo.people import Person
from bookings.demo.wishes import Wish
from bookings.models import (
    Appointment,
    ConsultationRequest,
    ConsultationType,
    Message,
    Practitioner,
    Tag,
    TimeOff,
    WorkingHours,
)
from bookings.queries import slots
from bookings.queries.clinic import clinic
from bookings.queries.hours import worked
from bookings.queries.slots import Wanted
from bookings.workflow import intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.submission import Submission, Window
from clinic.foundation import when
from clinic.foundation.models import GivenRole
from content.models import Page
from content.models import Person as Member

BLOCK = timedelta(hours=1)
"""Every visit of the demonstration takes one, with its buffers."""

# (username, slug on the team's page, code of the role). Nobody can sign in as them until they are given a password.
_STAFF = (
    ("ruth", "ruth-calloway", "reception"),
    ("imogen", "imogen-farrow", "clinicians"),
    ("tomas", "tomas-adeyemi", "clinicians"),
)
_TAGS = ("Away this week", "Ring after five", "Wants evenings")
_MAILS_TAKE = timedelta(seconds=20)


class Stage:
    """The clinic as the stories see it. `now` is aware; everything random comes from the seed."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now, self.rng = now, Random(f"stories {seed}")
        self._drafts = Random(f"drafts {seed}")
        self.place = clinic(now)
        self.zone = self.place.zone
        self.today = when.local_day(now, self.zone)
        self.kinds = list(ConsultationType.objects.filter(is_active=True, purpose="consultation"))
        # What the desk alone books; a clinic that has none books another consultation.
        self.session = (
            ConsultationType.objects.filter(is_active=True, purpose="session").first() or self.kinds[0]
        )
        self.people: list[Person] = []  # everybody who has come on so far
        self.lapsed: list[ConsultationRequest] = []
        self.rivals = 0
        self._taken: dict[tuple[int, date], list[Interval]] = defaultdict(
            list
        )  # by practitioner and local day
        for pk, start, end in Appointment.objects.occupying().values_list(
            "practitioner", "blocks_from", "blocks_until"
        ):
            self._taken[pk, when.local_day(start, self.zone)].append((start, end))
        self._last: dict[int, datetime] = {}  # when something last happened to a request, by its key

    # --- people -------------------------------------------------------------------------------------------------------

    @cached_property
    def staff(self) -> dict[str, User]:
        """The desk's people by their usernames, made when they are missing."""
        return {username: _member(username, slug, role) for username, slug, role in _STAFF}

    @cached_property
    def tags(self) -> dict[str, Tag]:
        """The desk's tags by their names: those that there are, or a few of the demonstration's."""
        if not Tag.objects.exists():
            Tag.objects.bulk_create(Tag(name=name) for name in _TAGS)
        return {tag.name: tag for tag in Tag.objects.filter(is_active=True)}

    def fits(self, asked: Wish) -> list[Practitioner]:
        """Those who give this kind of consultation and see everything that it is about."""
        return slots.practitioners(Wanted(kind=asked.kind, concerns=asked.concerns))

    # --- moments ------------------------------------------------------------------------------------------------------

    def weekday(self, offset: int) -> date:
        """The local day this many days of work before (negative) or after today; 0 is today, whatever day that is."""
        day, step = self.today, 1 if offset > 0 else -1
        open_days = {row.weekday for row in self.place.opening} or set(range(7))
        while offset:
            day += timedelta(days=step)
            if day.weekday() in open_days:
                offset -= step
        return day

    def at(self, offset: int, hour: int, minute: int = 0) -> datetime:
        """A moment (UTC) by the clinic's clock on the day of `weekday`, but never one that is still to come."""
        moment = when.instant(datetime.combine(self.weekday(offset), time(hour, minute)), self.zone)
        return min(moment, self.now - timedelta(minutes=2))

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)

    # --- times --------------------------------------------------------------------------------------------------------

    @cached_property
    def _hours(self) -> dict[int, list[WeeklyHours]]:
        rows: dict[int, list[WeeklyHours]] = defaultdict(list)
        for row in WorkingHours.objects.filter(practitioner__is_active=True):
            rows[row.practitioner_id].append(worked(row))
        return rows

    def take(self, offset: int, asked: Wish, *, beside: bool = False) -> Slot:
        """A time on that day of work that no story has taken, or on the next one after it (before it, if it is past).
        `beside`: with the hours before and after it free as well, for what takes longer than BLOCK with its buffers.
        """
        step = -1 if offset < 0 else 1
        those = self.fits(asked)
        for day in range(offset, offset + 400 * step, step):
            free = [slot for who in those for slot in self._of(who, self.weekday(day), asked, beside=beside)]
            if free:
                return self._keep(self.rng.choice(free), beside=beside)
        raise LookupError("Nobody of this clinic has working hours left.")

    def _of(self, who: Practitioner, day: date, asked: Wish, *, beside: bool) -> list[Slot]:
        found = []
        around = (-BLOCK, timedelta(0), BLOCK) if beside else (timedelta(0),)
        for wall, ends in availability.stretches(day, self._hours[who.pk]):
            while wall + BLOCK <= ends:
                start = when.instant(wall, self.zone)
                if all(self._is_free(who, start + span) for span in around):
                    found.append(self._slot(who, start, asked))
                wall += BLOCK
        return found

    def _is_free(self, who: Practitioner, start: datetime) -> bool:
        end = start + BLOCK
        taken = self._taken[who.pk, when.local_day(start, self.zone)]
        away = [span for pk, *span in self._away if pk in (who.pk, None)]
        return not any(begins < end and start < ends for begins, ends in (*taken, *away))

    @cached_property
    def _away(self) -> list[tuple[int | None, datetime, datetime]]:
        """Time off, and (for nobody in particular) closures."""
        return [
            *TimeOff.objects.values_list("practitioner", "starts_at", "ends_at"),
            *((None, *when.day_bounds(day, self.zone)) for day in self.place.closed),
        ]

    def _slot(self, who: Practitioner, start: datetime, asked: Wish) -> Slot:
        return Slot(practitioner_id=who.pk, start=start, end=start + timedelta(minutes=asked.kind.minutes))

    @cached_property
    def contested(self) -> Slot:
        """The one time that several people want."""
        return self.take(5, self.wish({"concerns": ["rolling"]}))

    def _keep(self, slot: Slot, *, beside: bool = False) -> Slot:
        day = when.local_day(slot.start, self.zone)
        more = BLOCK if beside else timedelta(0)
        self._taken[slot.practitioner_id, day].append((slot.start - more, slot.start + BLOCK + more))
        return slot

    def take_today(self, hours_from_now: int, asked: Wish) -> Slot | None:
        """A full hour around now, today; None where that lies on another day, or is taken.

        Whatever the time, somebody looks at a desk with visits: where nobody works then, the last practitioner gets
        hours for this one day.
        """
        who = self.fits(asked)[-1]
        hour = when.local(self.now, self.zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        wall = hour + timedelta(hours=hours_from_now)
        start = when.instant(wall, self.zone)
        if wall.date() != self.today or not self._is_free(who, start):
            return None
        end = wall + BLOCK
        if not availability.is_inside(start, start + BLOCK, self._hours[who.pk], self.zone):
            row = WeeklyHours(self.today.weekday(), wall.time(), end.time(), self.today, self.today)
            self._hours[who.pk].append(row)
            WorkingHours.objects.create(
                practitioner=who,
                weekday=row.weekday,
                starts=row.starts,
                ends=row.ends,
                valid_from=self.today,
                valid_until=self.today,
            )
        return self._keep(self._slot(who, start, asked))

    # --- wishes -------------------------------------------------------------------------------------------------------

    def wish(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        plain: bool = False,
        of: ConsultationType | None = None,
    ) -> Wish:
        """What somebody asks for. `given` are answers that the story needs; `plain`: the first kind of consultation; `of`:
        this kind.
        """
        return wishes.wish(self.rng, [of] if of else self.kinds[:1] if plain else self.kinds, given)

    # --- verbs --------------------------------------------------------------------------------------------------------

    def submit(
        self,
        person: Person,
        at: datetime,
        asked: Wish,
        *,
        slot: Slot | None = None,
        windows: tuple[Window, ...] = (),
        suspicion: str = "",
        proved: bool = True,
        follows: ConsultationRequest | None = None,
    ) -> ConsultationRequest:
        """A client sends the form, and (unless `proved` is False) opens the link a few minutes later."""
        submission = self.submission(person, asked, slot=slot, windows=windows, follows=follows)
        if at < self.now - when.DAY:  # nobody sends at the full hour
            at -= timedelta(minutes=self.rng.randint(0, 50), seconds=self.rng.randint(0, 59))
        consultation = intake.submit(submission, Origin(Actor.client(), at), suspicion=suspicion)
        opened = at + timedelta(minutes=self.rng.randint(2, 20))
        if proved and not suspicion and opened < self.now:
            consultation = self.client(intake.prove, consultation, opened)
        return consultation

    def draft_id(self) -> UUID:
        return UUID(int=self._drafts.getrandbits(128), version=4)

    def message_id(self) -> str:
        return f"<{self.rng.getrandbits(128):032x}@{outbox.host()}>"

    def reference(self) -> str:
        """One that no request has."""
        while True:
            found = "".join(self.rng.choices(intake.ALPHABET, k=intake.REFERENCE_LENGTH))
            if found not in self._references:
                self._references.add(found)
                return found

    @cached_property
    def _references(self) -> set[str]:
        return set(ConsultationRequest.objects.values_list("reference", flat=True))

    def submission(
        self,
        person: Person,
        asked: Wish,
        *,
        slot: Slot | None = None,
        windows: tuple[Window, ...] = (),
        follows: ConsultationRequest | None = None,
    ) -> Submission:
        self.people.append(person)
        return Submission(
            draft_id=self.draft_id(),
            consultation_type_id=asked.kind.pk,
            practitioner_id=slot.practitioner_id if slot else None,
            start=slot.start if slot else None,
            windows=windows,
            name=person.name,
            name_to_use=person.name_to_use,
            email=person.email,
            phone=person.phone,
            contact_by=person.contact_by,
            may_leave_message=person.may_leave_message,
            consents=((consents.HEALTH, consents.version(consents.HEALTH), True),),
            answers=asked.answers,
            follows_id=follows.pk if follows else None,
            source_page_id=self._led_by(asked),
        )

    @cached_property
    def _pages(self) -> dict[str, int]:
        """The page about each concern, by the concern's code."""
        pages = Page.objects.published().filter(kind=Page.Kind.CONCERN, concerns__isnull=False)
        return dict(pages.order_by("-order", "-pk").values_list("concerns__code", "pk"))

    def _led_by(self, asked: Wish) -> int | None:
        """They had read about the first of their concerns; whoever is not sure came by themselves."""
        return next((self._pages[code] for code in asked.answers["concerns"] if code in self._pages), None)

    def desk(
        self,
        verb: Callable[..., ConsultationRequest],
        consultation: ConsultationRequest,
        at: datetime,
        **more: Any,
    ) -> ConsultationRequest:
        """The front desk calls a verb."""
        return self._act(verb, consultation, Origin(Actor.staff(self.staff["ruth"]), at), **more)

    def clinician(
        self,
        verb: Callable[..., ConsultationRequest],
        consultation: ConsultationRequest,
        at: datetime,
        **more: Any,
    ) -> ConsultationRequest:
        return self._act(verb, consultation, Origin(Actor.staff(self.staff["imogen"]), at), **more)

    def client(
        self,
        verb: Callable[..., ConsultationRequest],
        consultation: ConsultationRequest,
        at: datetime,
        **more: Any,
    ) -> ConsultationRequest:
        return self._act(verb, consultation, Origin(Actor.client(), at), **more)

    def clock(
        self, verb: Callable[..., ConsultationRequest], consultation: ConsultationRequest, at: datetime
    ) -> ConsultationRequest:
        return self._act(verb, consultation, Origin(Actor.clock(), at))

    def _act(
        self,
        verb: Callable[..., ConsultationRequest],
        consultation: ConsultationRequest,
        origin: Origin,
        **more: Any,
    ) -> ConsultationRequest:
        """Never before what last happened to the request, even when a weekend lies between."""
        earliest = self._last.get(consultation.pk, consultation.created_at) + timedelta(minutes=2)
        at = min(max(origin.now, earliest), self.now)
        deliver(Message.objects.filter(request=consultation), at)
        self._last[consultation.pk] = at
        return verb(consultation, replace(origin, now=at), **more)


def deliver(mails: QuerySet[Message], until: datetime) -> None:
    """What a worker would have done with those of these mails that were due by then. None of them goes anywhere."""
    due = mails.filter(state=Message.State.QUEUED, not_before__lte=until)
    due.update(state=Message.State.KEPT, attempts=1, sent_at=F("not_before") + _MAILS_TAKE)


def _member(username: str, slug: str, role: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    person = Member.objects.filter(slug=slug).first()
    first, _, last = (person.name if person else username.capitalize()).removeprefix("Dr ").partition(" ")
    user = User.objects.create(
        username=username, first_name=first, last_name=last, is_staff=True, password=make_password(None)
    )
    given = GivenRole.objects.filter(code=role).first()
    if given is not None and given.group is not None:
        user.groups.add(given.group)
    Practitioner.objects.filter(person=person, user=None).exclude(person=None).update(user=user)
    return user
