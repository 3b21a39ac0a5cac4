"""What the address of the worklist asks for: a tab, words, filters, an order. All is GET, combines, and can be removed.

Whatever an address says that means nothing here is left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import QueryDict

from bookings import limits, slot_text
from bookings.desk_site import (
    COME_BACK,
    ENDS_SOON,
    IN_DOUBT,
    READS_HEALTH,
    TIMES_IN_DOUBT,
    TO_CALL,
    TO_RING,
    TOO_LONG,
    UNMARKED,
)
from bookings.models import Appointment, ConsultationRequest, ContactBy, Message, SupportNeeds
from bookings.queries import closing, desk, due, start
from bookings.queries.desk import Tab
from bookings.queries.lists import Choice, Lists
from bookings.states import CallTopic
from bookings.wording import TOPICS
from clinic.foundation import when
from clinic.foundation.text import id_in

INTEREST = "interest"  # the one filter that opens health answers
EVERYWHERE = "all"  # a tab of every request, for whoever looks further


@dataclass(frozen=True)
class Around:
    """Who looks at which list, and when."""

    reader: User
    lists: Lists
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Option:
    """One value of a filter, its words, and which requests it leaves."""

    code: str
    words: str
    where: Q


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


def _related(rows: QuerySet[Any], **where: Any) -> Q:
    return Q(Exists(rows.filter(request=OuterRef("pk"), **where)))


def _yours(around: Around) -> list[Option]:
    """For practitioners: their own visits and wishes, what is given to them, and what nobody has."""
    me = around.lists.practises_as
    if me is None:
        return []
    theirs = _related(Appointment.objects.occupying(), practitioner=me) | Q(wished_practitioner=me)
    where = theirs | Q(assigned_to=around.reader.pk) | Q(assigned_to=None)
    return [Option("yes", "Yours and unassigned", where)]


def _practitioners(around: Around) -> list[Option]:
    occupying = Appointment.objects.occupying()
    return [
        Option(
            who.code, who.name, Q(wished_practitioner=who.code) | _related(occupying, practitioner=who.code)
        )
        for who in around.lists.practitioners
    ]


def _concerns(around: Around) -> list[Option]:
    through = ConsultationRequest.concerns.through.objects.filter(consultationrequest=OuterRef("pk"))
    return [
        Option(concern.code, concern.name, Q(Exists(through.filter(concern__code=concern.code))))
        for concern in around.lists.concerns
    ]


def _flags(around: Around) -> list[Option]:
    now, zone = around.now, around.zone
    return [
        Option("urgent", "Urgent", Q(urgent=True)),
        Option("call", "Call the same day", Q(same_day_call=True)),
        Option("clinician", "Clinician review", Q(needs_clinician=True)),
        Option("mail", "Mail failed", _related(Message.objects.all(), state=Message.State.FAILED)),
        Option("support", "Support needed", _related(SupportNeeds.objects.all())),
        Option(TO_CALL, "To be called", desk.to_call(now)),
        Option(TO_RING, "To be told by phone", desk.to_ring(now)),
        Option(ENDS_SOON, "Hold or offer ends soon", _related(start.ending(now))),
        Option(COME_BACK, "Come back today", desk.to_come_back(when.local_day(now, zone))),
        Option(IN_DOUBT, "Visit in doubt", desk.in_doubt(now, zone)),
        Option(TIMES_IN_DOUBT, "Offered or held time in doubt", desk.times_in_doubt(now, zone)),
        Option(UNMARKED, "Never marked", desk.unmarked(now, zone)),
        Option(TOO_LONG, "Waiting too long", due.waits_too_long(now)),
    ]


def _tags(around: Around) -> list[Option]:
    through = ConsultationRequest.tags.through.objects.filter(consultationrequest=OuterRef("pk"))
    return [
        Option(tag.code, tag.name, Q(Exists(through.filter(tag_id=int(tag.code)))))
        for tag in around.lists.tags
    ]


def _owners(around: Around) -> list[Option]:
    others: list[Choice] = [person for person in around.lists.staff if not person.mine]
    return [
        Option("me", "Me", Q(assigned_to=around.reader.pk)),
        Option("nobody", "Nobody", Q(assigned_to=None)),
        *(Option(person.code, person.name, Q(assigned_to=person.code)) for person in others),
    ]


def _reach(around: Around) -> list[Option]:
    words = {ContactBy.PHONE: "Phone first", ContactBy.TEXT: "Text first", ContactBy.EMAIL: "E-mail first"}
    by = [Option(code.value, named, Q(contact_by=code)) for code, named in words.items()]
    return [*by, Option("only", "Phone only", Q(phone_only=True))]


def _calls(around: Around) -> list[Option]:
    """Whoever was rung in vain; and what the last call was about."""
    missed = Option("missed", "Rang, no answer", Q(calls_tried__gt=0))
    about = [Option(topic.value, f"About {TOPICS[topic]}", Q(call_topic=topic)) for topic in CallTopic]
    return [missed, *about]


def _follow_up(around: Around) -> list[Option]:
    today = when.local_day(around.now, around.zone)
    return [
        Option("today", "Today or earlier", Q(follow_up_on__lte=today)),
        Option("later", "Later", Q(follow_up_on__gt=today)),
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
        Option(code, words, between("created_at", first, end, around.zone))
        for code, (words, first, end) in days_of(around).items()
    ]


def _called(around: Around) -> list[Option]:
    """When they last were on the phone, or were rung in vain."""
    return [
        Option(code, words, between("called_at", first, end, around.zone))
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
    where = between(field, day, day + timedelta(days=1), around.zone)
    return Option(day.isoformat(), when.date_words(day), where)


def _nothing_listed(around: Around) -> list[Option]:
    """Of the filters that the page of closing time alone leads to."""
    return []


def _turn(code: str, around: Around) -> Option | None:
    """Whose turn it is among new requests."""
    words = {closing.CLINICIAN: "A clinician", closing.FRONT_DESK: "The front desk"}
    return Option(code, words[code], closing.waits_for(code)) if code in words else None


def _before(code: str, around: Around) -> Option | None:
    """'offered@2026-12-01T10:00Z': what ends by then."""
    what, _, moment = code.partition("@")
    read = slot_text.read(f"{slot_text.ANY}@{moment}")
    if what not in closing.ENDS or read is None:
        return None
    where = closing.ends(what, read[1], around.now)
    return Option(code, f"{closing.ENDS[what]}, by {when.short(read[1], around.zone)}", where)


def _interests(around: Around) -> list[Option]:
    """For those who may read health answers. Which requests it leaves is only known once it is asked for: see `rows`."""
    if not around.reader.has_perm(READS_HEALTH):
        return []
    return [Option(one.code, one.name, Q()) for one in around.lists.treatments]


FILTERS = (
    Filter("yours", "Yours", _yours),
    Filter("arrived", "Arrived", _arrived, read=partial(_a_day, field="created_at")),
    Filter("about", "About", _concerns),
    Filter(INTEREST, "Interest", _interests),
    Filter("flag", "Flag", _flags, many=True),
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
# Flags that are reminders: no tab hides what they find.
_REMINDERS = (TO_CALL, TO_RING, ENDS_SOON, COME_BACK, IN_DOUBT, TIMES_IN_DOUBT, TOO_LONG, UNMARKED)


# --- the order --------------------------------------------------------------------------------------------------------

_WISH = Coalesce("visit_at", "wished_start")
# Code: words, and what the rows stand by. After it comes the tab's own order. "-" before a code turns it round.
SORTS: Mapping[str, tuple[str, Any]] = {
    "client": ("Client", F("name_search")),
    "arrived": ("Arrival", F("created_at")),
    "asked": ("Time asked for", _WISH),
    "owner": ("Owner", F("assigned_to__first_name")),
    "clinician": ("Clinician first", F("needs_clinician")),
    "phone": ("Phone first", Case(When(contact_by=ContactBy.PHONE, then=1), default=0)),
}


# --- the address ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chip:
    """One thing that narrows the list, and the address without it."""

    title: str
    words: str
    without: str


@dataclass
class Asked:
    """What an address asks for, as far as it means something. `ignored` names what does not."""

    tab: Tab | None
    words: str = ""
    chosen: list[tuple[Filter, Option]] = field(default_factory=list)
    sort: str = ""
    number: int = 1
    ignored: list[str] = field(default_factory=list)
    is_default: bool = False

    def query(self, *, without: tuple[str, str] = ("", ""), **others: str) -> str:
        """The query of an address that asks for the same, with `others` in their place; a page is always the first."""
        said = [("tab", self.tab.value if self.tab else EVERYWHERE)]
        said += [(one.name, option.code) for one, option in self.chosen if (one.name, option.code) != without]
        said += [("q", self.words), ("sort", self.sort)]
        kept = [(name, value) for name, value in said if value and name not in others]
        return urlencode(kept + [(name, value) for name, value in others.items() if value])

    def toggled(self, one: Filter, option: Option) -> str:
        """The query with this option, beside the others of its filter or in their place."""
        rest = [("tab", self.tab.value if self.tab else EVERYWHERE), ("q", self.words), ("sort", self.sort)]
        others = [
            (each.name, chosen.code)
            for each, chosen in self.chosen
            if each.name != one.name or (one.many and chosen.code != option.code)
        ]
        return urlencode(
            [(name, value) for name, value in rest if value] + others + [(one.name, option.code)]
        )

    @property
    def chips(self) -> Iterator[Chip]:
        if self.words:
            yield Chip("Search", f"“{self.words}”", self.query(q="", tab=""))
        for one, option in self.chosen:
            yield Chip(one.title, option.words, self.query(without=(one.name, option.code)))

    @property
    def others_than_arrived(self) -> list[tuple[str, str]]:
        """Names and values for a form that asks for a day of arrival beside the rest."""
        return parse_qsl(self.query(arrived=""))

    @property
    def can_be_kept(self) -> bool:
        """Something that the tabs alone do not show."""
        return self.narrows or bool(self.sort)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.chosen)


def read(sent: QueryDict, around: Around) -> Asked:
    """What the address asks for. A practitioner who asks for nothing gets their own and what nobody has."""
    words = sent.get("q", "").strip()[: limits.lists.SEARCH_CHARACTERS]
    asked = Asked(None, words)
    for one in FILTERS:
        values = list(dict.fromkeys(value for value in sent.getlist(one.name) if value))
        for value in values[: limits.lists.VALUES_OF_A_FILTER if one.many else 1]:
            option = one.option(value, around)
            if option:
                asked.chosen.append((one, option))
            else:
                asked.ignored.append(f"{one.title}: {_short(value)}")
    known = {"q", "tab", "sort", "p", *(one.name for one in FILTERS)}
    asked.ignored += [_short(name) for name in sent if name not in known][: limits.lists.VALUES_OF_A_FILTER]
    asked.tab = _tab(sent, asked)
    asked.sort = _known(sent.get("sort", ""), asked, lambda code: code.removeprefix("-") in SORTS, "Order")
    asked.number = max(id_in(sent.get("p", "")), 1)
    if not sent and (yours := FILTERS[0].option("yes", around)):
        asked.chosen.append((FILTERS[0], yours))
        asked.is_default = True
    return asked


def _tab(sent: QueryDict, asked: Asked) -> Tab | None:
    value = _known(sent.get("tab", ""), asked, lambda code: code in (*Tab, EVERYWHERE), "Tab")
    if value:
        return None if value == EVERYWHERE else Tab(value)
    reminds = any(option.code in _REMINDERS for one, option in asked.chosen if one.name == "flag")
    return None if asked.words or reminds else Tab.OPEN


def _known(value: str, asked: Asked, is_known: Callable[[str], bool], title: str) -> str:
    """The value if it means something; otherwise nothing, and it is named among what is left out."""
    if not value or is_known(value):
        return value
    asked.ignored.append(f"{title}: {_short(value)}")
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


def opened(asked: Asked) -> str:
    """The treatment (its code) for which health answers are opened; empty for none."""
    return next((option.code for one, option in asked.chosen if one.name == INTEREST), "")
