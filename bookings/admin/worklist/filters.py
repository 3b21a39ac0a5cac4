"""The filters of the worklist: what each lets people choose, and which requests that leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from bookings import slot_text
from bookings.admin.worklist.flags import flags
from bookings.admin.worklist.option import Around, Option, related
from bookings.desk_site import READS_HEALTH
from bookings.models import Appointment, ConsultationRequest, ContactBy
from bookings.queries import closing
from bookings.queries.lists import Choice
from bookings.states import CallTopic
from bookings.wording import TOPICS
from clinic.foundation import when

INTEREST = "interest"  # the one filter that opens health answers


@dataclass(frozen=True)
class Filter:
    """A filter: its name in the address, its title, its options. `many`: several can be asked for, and all must hold.

    `read` knows values that are not listed, such as a day.
    """

    name: str
    title: str
    options: Callable[[Around], list[Option]]
    many: bool = False
    read: Callable[[str, Around], Option | None] | None = None

    def option(self, code: str, around: Around) -> Option | None:
        found = next((option for option in self.options(around) if option.code == code), None)
        return found or (self.read(code, around) if self.read else None)


# --- the filters ------------------------------------------------------------------------------------------------------


def _yours(around: Around) -> list[Option]:
    """For practitioners: their own visits and wishes, what is given to them, and what nobody has."""
    me = around.lists.practises_as
    if me is None:
        return []
    theirs = related(Appointment.objects.occupying(), practitioner=me) | Q(wished_practitioner=me)
    where = theirs | Q(assigned_to=around.reader.pk) | Q(assigned_to=None)
    return [Option("yes", "Yours and unassigned", lambda: where)]


def _practitioners(around: Around) -> list[Option]:
    return [
        Option(who.code, who.name, partial(_of_practitioner, who.code)) for who in around.lists.practitioners
    ]


def _of_practitioner(code: str) -> Q:
    return Q(wished_practitioner=code) | related(Appointment.objects.occupying(), practitioner=code)


def _through(rows: Any, **where: Any) -> Q:
    return Q(Exists(rows.objects.filter(consultationrequest=OuterRef("pk"), **where)))


def _concerns(around: Around) -> list[Option]:
    through = ConsultationRequest.concerns.through
    return [
        Option(concern.code, concern.name, partial(_through, through, concern__code=concern.code))
        for concern in around.lists.concerns
    ]


def _tags(around: Around) -> list[Option]:
    through = ConsultationRequest.tags.through
    return [
        Option(tag.code, tag.name, partial(_through, through, tag_id=int(tag.code)))
        for tag in around.lists.tags
    ]


def _owners(around: Around) -> list[Option]:
    others: list[Choice] = [person for person in around.lists.staff if not person.mine]
    return [
        Option("me", "Me", partial(Q, assigned_to=around.reader.pk)),
        Option("nobody", "Nobody", partial(Q, assigned_to=None)),
        *(Option(person.code, person.name, partial(Q, assigned_to=person.code)) for person in others),
    ]


def _reach(around: Around) -> list[Option]:
    words = {ContactBy.PHONE: "Phone first", ContactBy.TEXT: "Text first", ContactBy.EMAIL: "E-mail first"}
    by = [Option(code.value, named, partial(Q, contact_by=code)) for code, named in words.items()]
    return [*by, Option("only", "Phone only", partial(Q, phone_only=True))]


def _calls(around: Around) -> list[Option]:
    """Whoever was rung in vain; and what the last call was about."""
    missed = Option("missed", "Rang, no answer", partial(Q, calls_tried__gt=0))
    about = [
        Option(topic.value, f"About {TOPICS[topic]}", partial(Q, call_topic=topic)) for topic in CallTopic
    ]
    return [missed, *about]


def _follow_up(around: Around) -> list[Option]:
    today = when.local_day(around.now, around.zone)
    return [
        Option("today", "Today or earlier", partial(Q, follow_up_on__lte=today)),
        Option("later", "Later", partial(Q, follow_up_on__gt=today)),
    ]


def days_of(around: Around) -> dict[str, tuple[str, date | None, date]]:
    """Code: words, first day, the day after the last."""
    today = when.local_day(around.now, around.zone)
    one, week = timedelta(days=1), timedelta(days=7)
    monday = today - today.weekday() * one
    return {
        "today": ("Today", today, today + one),
        "yesterday": ("Yesterday", today - one, today),
        "week": ("This week", monday, monday + week),
        "lastweek": ("Last week", monday - week, monday),
        "longer": ("Longer ago", None, monday - week),
    }


def between(field: str, first: date | None, end: date, zone: ZoneInfo) -> Q:
    """Moments of `field` on the clinic's days from `first` until before `end`."""
    until = Q(**{f"{field}__lt": when.day_bounds(end, zone)[0]})
    return until & Q(**{f"{field}__gte": when.day_bounds(first, zone)[0]}) if first else until


def _arrived(around: Around) -> list[Option]:
    return [
        Option(code, words, partial(between, "created_at", first, end, around.zone))
        for code, (words, first, end) in days_of(around).items()
    ]


def _called(around: Around) -> list[Option]:
    """When they last were on the phone, or were rung in vain."""
    return [
        Option(code, words, partial(between, "called_at", first, end, around.zone))
        for code, (words, first, end) in days_of(around).items()
    ]


def _a_day(code: str, around: Around, field: str) -> Option | None:
    """'2026-11-24': a day of the last hundred years."""
    try:
        day = date.fromisoformat(code)
    except ValueError:
        return None
    today = when.local_day(around.now, around.zone)
    if not today - timedelta(days=36500) < day <= today:
        return None
    where = partial(between, field, day, day + timedelta(days=1), around.zone)
    return Option(day.isoformat(), when.date_words(day), where)


def _nothing_listed(around: Around) -> list[Option]:
    """Of the filters that the page of closing time alone leads to."""
    return []


def _turn(code: str, around: Around) -> Option | None:
    """Whose turn it is among new requests."""
    words = {closing.CLINICIAN: "A clinician", closing.FRONT_DESK: "The front desk"}
    return Option(code, words[code], partial(closing.waits_for, code)) if code in words else None


def _before(code: str, around: Around) -> Option | None:
    """'offered@2026-12-01T10:00Z': what ends by then."""
    what, _, moment = code.partition("@")
    read = slot_text.read(f"{slot_text.ANY}@{moment}")
    if what not in closing.ENDS or read is None:
        return None
    where = partial(closing.ends, what, read[1], around.now)
    return Option(code, f"{closing.ENDS[what]}, by {when.short(read[1], around.zone)}", where)


def _interests(around: Around) -> list[Option]:
    """For those who may read health answers. Which requests it leaves is only known once it is asked for: see `rows`."""
    if not around.reader.has_perm(READS_HEALTH):
        return []
    return [Option(one.code, one.name, Q) for one in around.lists.treatments]


FILTERS = (
    Filter("yours", "Yours", _yours),
    Filter("arrived", "Arrived", _arrived, read=partial(_a_day, field="created_at")),
    Filter("about", "About", _concerns),
    Filter(INTEREST, "Interest", _interests),
    Filter("flag", "Flag", flags, many=True),
    Filter("tag", "Tag", _tags, many=True),
    Filter("reach", "Reach", _reach),
    Filter("called", "Called", _called, read=partial(_a_day, field="called_at")),
    Filter("calls", "Calls", _calls, many=True),
    Filter("follow", "Follow up", _follow_up),
    Filter("practitioner", "Practitioner", _practitioners),
    Filter("assigned", "Owner", _owners),
    Filter("turn", "Waits for", _nothing_listed, read=_turn),
    Filter("before", "Ends", _nothing_listed, read=_before),
)
