"""What the page of one request knows: the request in words, its times, its history. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from bookings import limits, slot_text
from bookings.admin import health, history, mail_preview
from bookings.admin.action import Action
from bookings.admin.choices import Choices
from bookings.admin.history import Line
from bookings.admin.plan import visits as visits_of_plan
from bookings.admin.plan.visits import Row
from bookings.availability import Slot
from bookings.desk_site import DECIDE, READS_HEALTH, VIEW
from bookings.fields import tidy
from bookings.models import Appointment, ConsultationRequest, Message, Terms
from bookings.queries import (
    any_practitioner,
    desk,
    fee_texts,
    off,
    rivals,
    same_person,
    suggestions,
    visits,
)
from bookings.queries.clinic import Clinic
from bookings.queries.desk import Tab
from bookings.queries.off import Off
from bookings.queries.plan_standing import Standing, standing_of
from bookings.queries.rivals import Rival
from bookings.queries.slots import Diary
from bookings.queries.suggestions import Times
from bookings.states import OPEN, Status
from clinic.foundation import money, when


@dataclass(frozen=True)
class Case:
    """Everything on the page that is not a button."""

    consultation: ConsultationRequest
    now: datetime
    zone: ZoneInfo
    place: Clinic
    choices: Choices
    support: list[tuple[str, str]]  # what they need for the visit: everybody who sees the request reads it
    answers: health.Health | None
    sealed: str  # why there are no answers although the reader may read them: no key opens them
    flags: list[tuple[str, str]]
    promise: desk.Promise
    asked: desk.WishLine
    wish: Slot | None
    times: Times
    rivals: list[Rival]
    same: list[same_person.Match]
    history: list[Line]
    coming: list[Line]
    visit: Appointment | None
    off: list[tuple[str, str]]
    neighbours: dict[str, Any]
    to_tell: list[dict[str, str]]
    failed: list[tuple[Message, str]]  # mails that did not go, with what each is called
    reads_health: bool

    @property
    def reader(self) -> User:
        return self.choices.reader

    @cached_property
    def plan(self) -> Standing | None:
        """Where the plan after the visit stands: three statements, none before the visit."""
        over = self.consultation.status == Status.ATTENDED and self.consultation.erased_at is None
        return standing_of(self.consultation) if over else None

    @property
    def who_answers(self) -> str:
        """Whom they have seen, where the start page of that person shows what they ask about the plan: three statements."""
        seen = self.visit.practitioner if self.visit else None
        user = seen.user if seen and seen.is_active else None
        return seen.name if seen and user and user.has_perms((VIEW, DECIDE, READS_HEALTH)) else ""

    @cached_property
    def course(self) -> list[Row]:
        """The visits of the plan that this request led to, or is one of: three statements, none for any other request."""
        first = self.consultation.follows if self.consultation.session_of_id else self.consultation
        told = self.consultation.session_of_id or (self.plan is not None and self.plan.state)
        return visits_of_plan.rows(first, self.reads_health, self.zone) if first and told else []

    @property
    def plan_words(self) -> str:
        """How the plan stands, as its chip says it; empty while none was sent."""
        if self.plan is None:
            return ""
        return "Yes taken back" if visits_of_plan.is_taken_back(self.course) else self.plan.state

    @property
    def of_plan(self) -> Row | None:
        """This request among them, if it is one."""
        return next((row for row in self.course if row.session.pk == self.consultation.pk), None)

    @property
    def following(self) -> tuple[int, str] | None:
        """The key and name of whom the reader answers next: one statement."""
        return next_to_answer(self.consultation, self.reader.pk)

    @property
    def has_tried_enough(self) -> bool:
        """So many calls in a row without an answer that somebody should decide what follows."""
        return self.consultation.calls_tried >= limits.reminders.CALLS_TRIED

    @property
    def is_with_clinician(self) -> bool:
        """Somebody who may read health answers has it."""
        owner = self.consultation.assigned_to
        return owner is not None and owner.is_active and owner.has_perm(READS_HEALTH)

    @property
    def phone_words(self) -> str:
        """The client's number as people read it: '01632 960001'. The column's own text if it is none."""
        return tidy(self.consultation.phone) or self.consultation.phone

    @property
    def texts_first(self) -> bool:
        """They chose texts, and need not be rung today."""
        return self.consultation.wants_text and not self.consultation.must_be_rung

    @property
    def text_words(self) -> str:
        """What a text may say, whoever sees their phone: that there is news, and where. 160 letters at most."""
        profile, name = self.place.profile, self.consultation.called
        where = "see our email, or call" if self.consultation.email else "call"
        news = f"{profile.mail_name} has news about your request {self.consultation.reference}."
        words = f"{news} Please {where} {profile.phone}."
        hello = f"Hello {name}. " if name else ""
        return hello + words if len(hello + words) <= limits.texts.TEXT_MESSAGE_LETTERS else words

    def who(self, slot: Slot) -> str:
        return self.choices.practitioners.get(slot.practitioner_id, "")

    @property
    def terms(self) -> Terms:
        """What was agreed for the booked visit, or what a time of this kind would be agreed on now."""
        if self.visit:
            return self.visit.terms
        return self.consultation.consultation_type.terms(self.place.profile.currency)

    @property
    def terms_words(self) -> str:
        """'in person, 30 minutes, £40, changed online until 24 hours before'; of a booked visit as agreed."""
        terms, minutes = (
            self.terms,
            self.visit.minutes if self.visit else self.consultation.consultation_type.minutes,
        )
        cost = money.words(terms.fee, terms.currency) if terms.fee else "free"
        if self.consultation.session_number:
            cost = "the sum in the plan"  # not that of the kind
        until = f"changed online until {terms.cutoff_hours} hours before"
        words = f"{terms.mode_words.lower()}, {minutes} minutes, {cost}, {until}"
        return f"as agreed: {words}" if self.visit else words

    @cached_property
    def fee_text(self) -> list[str]:
        """What the client was told about the fee of the booked visit, in writing: one statement, if anything."""
        return fee_texts.paragraphs(self.visit.terms) if self.visit else []

    @cached_property
    def fee_missing(self) -> str:
        """Why nothing can be offered or booked: the fee is wanted in writing, and no text holds."""
        return fee_texts.MISSING if fee_texts.is_missing(self.place, self.now) else ""

    @property
    def proposal(self) -> Appointment | None:
        """The other time that is proposed for the booked visit."""
        rows = self.consultation.appointments.all() if self.visit else []
        return next((a for a in rows if a.is_offer and desk.is_live_hold(a, self.now)), None)

    @property
    def ticked_at_first(self) -> list[str]:
        """The best time, while nobody has ticked any and what they asked for is gone."""
        best = self.times.best if self.consultation.is_open and self.wish is None else None
        return [slot_text.of(best)] if best else []

    @property
    def wish_value(self) -> str:
        return slot_text.of(self.wish) if self.wish else ""

    @property
    def wish_words(self) -> str:
        return when.short(self.wish.start, self.zone) if self.wish else ""

    def defaults(self, action: Action) -> dict[str, Any]:
        """What a preview starts from: the asked time, else the first suggestions. A reason is never guessed."""
        others = [
            s.slot for s in self.times.all if self.visit is None or s.slot.start != self.visit.starts_at
        ]
        slots = [self.wish] if action.name == "confirm_wish" and self.wish else others[: action.suggested]
        return {"slots": slots, "reason": ""}


def gather(choices: Choices) -> Case:
    """Read all of it for whoever looks, with or without health answers. The request comes from `one_request.whole`."""
    consultation, user, now, place = choices.consultation, choices.reader, choices.now, choices.clinic
    may_read, zone = user.has_perm(READS_HEALTH), place.zone
    movable = consultation.status in OPEN or consultation.status == Status.CONFIRMED
    booked = next((a for a in consultation.appointments.all() if a.state == Appointment.State.BOOKED), None)
    diary = suggestions.diary_around(consultation, now, place) if movable else None
    times = _times(choices, diary) if diary else Times()
    choices.suggested_with = times.only_with
    against = off.found(consultation.appointments.all()) if movable else {}
    wish = _wish(consultation, times.free, against, now)
    reads_it = may_read and consultation.erased_at is None
    answers, sealed = health.answers(consultation) if reads_it else (None, "")
    messages = list(consultation.messages.select_related("note").defer("body"))
    told = history.timeline(consultation, messages, now=now, zone=zone, reader_id=user.pk, may_read=may_read)
    return Case(
        consultation=consultation,
        now=now,
        zone=zone,
        place=place,
        choices=choices,
        support=health.support(consultation),
        answers=answers,
        sealed=sealed,
        flags=_flags(consultation),
        promise=desk.promise(consultation, now, zone),
        asked=desk.asked_for(consultation, now, zone),
        wish=wish,
        times=times,
        rivals=rivals.rivals(consultation, diary, now),
        same=same_person.matches(consultation),
        history=[line for line in told if not line.coming],
        coming=[line for line in reversed(told) if line.coming],
        visit=booked,
        off=_off(consultation, against, wish, now, zone) if movable else [],
        neighbours=neighbours(consultation),
        to_tell=mail_preview.to_tell(choices, messages),
        failed=_failed(messages),
        reads_health=may_read,
    )


def _failed(messages: Sequence[Message]) -> list[tuple[Message, str]]:
    return [(m, history.kind_words(m.kind)) for m in messages if m.state == Message.State.FAILED]


def _times(choices: Choices, diary: Diary) -> Times:
    """The free times around the request: one SQL statement beside those of the diary."""
    people, specialists = choices.practitioners, choices.specialists
    return suggestions.times(choices.consultation, choices.clinic, diary, people, specialists)


def _wish(
    consultation: ConsultationRequest, around: Sequence[Slot], against: Mapping[int, list[Off]], now: datetime
) -> Slot | None:
    """The time that one press can confirm: held for them, or asked for and still free."""
    if (
        consultation.status not in OPEN
        or consultation.wished_start is None
        or consultation.wished_start <= now
    ):
        return None
    for a in consultation.appointments.all():
        if desk.is_live_hold(a, now) and a.starts_at == consultation.wished_start:
            held = Slot(practitioner_id=a.practitioner_id, start=a.starts_at, end=a.ends_at)
            # Concerns are staff's to judge; with what is switched off or closed the verb would refuse.
            return None if set(against.get(a.pk, ())) - {Off.CONCERN} else held
    wanted = consultation.wished_practitioner_id
    return any_practitioner.choose(
        [s for s in around if s.start == consultation.wished_start and wanted in (None, s.practitioner_id)],
        [concern.code for concern in consultation.concerns.all()],
    )


def _off(
    consultation: ConsultationRequest,
    against: Mapping[int, list[Off]],
    free: Slot | None,
    now: datetime,
    zone: ZoneInfo,
) -> list[tuple[str, str]]:
    """The times of the request that cannot be kept, each with the reason; else what is against its wish."""
    booked, found = Appointment.State.BOOKED, []
    for a in consultation.appointments.all():
        if a.pk in against and a.starts_at > now and (a.state == booked or desk.is_live_hold(a, now)):
            what = "The visit" if a.state == booked else "The offered time" if a.is_offer else "The held time"
            found.append((f"{what}, {when.short(a.starts_at, zone)}", off.sentence(a, against[a.pk], zone)))
    wish = visits.wanted_by(consultation, consultation.wished_practitioner_id)
    if (
        not found
        and free is None  # nothing is against a wish that can be had
        and consultation.status in OPEN
        and (why := off.wish_words(wish, consultation.wished_start, zone))
    ):
        found.append(("What they asked for", why))
    return found


def _flags(consultation: ConsultationRequest) -> list[tuple[str, str]]:
    """Raised flags as (style, what to do)."""
    raised = (
        (consultation.urgent, "urgent", "Urgent: ring now, and point to 999 or 111"),
        (
            consultation.same_day_call,
            "call",
            "Same-day call: somebody has spoken with them"
            if consultation.was_reached
            else "Same-day call by a trained clinician",
        ),
        (
            consultation.needs_clinician,
            "clinician",
            "Clinician review: book a visit, but it may end in advice only",
        ),
    )
    return [(style, words) for flag, style, words in raised if flag]


def neighbours(consultation: ConsultationRequest) -> dict[str, Any]:
    """The tab that the request is on, its place there, and the ones before and after it."""
    tab = next((t for t in Tab if _belongs(consultation, t)), None)
    if tab is None or tab in (Tab.CLOSED, Tab.SUSPECTED):
        return {"tab": tab}
    consultations = ConsultationRequest.objects.filter(desk.in_tab(tab))
    line = list(desk.in_order(consultations, tab).values_list("pk", "name")[: limits.lists.NEXT_IN_LIST_ROWS])
    place = next((n for n, (pk, _) in enumerate(line) if pk == consultation.pk), None)
    if place is None:
        return {"tab": tab}
    return {
        "tab": tab,
        "place": place + 1,
        "of": len(line),
        "before": line[place - 1] if place else None,
        "after": line[place + 1] if place + 1 < len(line) else None,
    }


def next_to_answer(consultation: ConsultationRequest, reader: int) -> tuple[int, str] | None:
    """The key and name of whom the reader (by key) answers next: of the new ones that they or nobody has, the one after this
    one in the order of the list; else the first.
    """
    line = desk.first_to_answer(reader, consultation.pk)
    place = next((n for n, (pk, _) in enumerate(line) if pk == consultation.pk), None)
    if place is None:
        return line[0] if line else None
    return next(iter([*line[place + 1 :], *line[:place]]), None)


def _belongs(consultation: ConsultationRequest, tab: Tab) -> bool:
    """The same rule as the tab's query, for one request that is in hand."""
    match tab:
        case Tab.OPEN:
            return False  # its place is told on the tab of its own state
        case Tab.NEW | Tab.WAITING | Tab.OFFERED | Tab.SUSPECTED:
            return consultation.status == tab.value
        case Tab.CLOSED:
            return True
