"""The requests that the address of the worklist asks for, and their order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, OrderBy, Q, QuerySet, Value

from bookings.admin.worklist.address import SORTS, Asked
from bookings.admin.worklist.filters import INTEREST, between, days_of
from bookings.admin.worklist.option import Around
from bookings.desk_site import COME_BACK, TOO_LONG, UNMARKED
from bookings.models import ConsultationRequest
from bookings.queries import desk, interests
from bookings.states import CallTopic
from bookings.wording import TOPICS


def asked_for(asked: Asked, around: Around) -> QuerySet[ConsultationRequest]:
    """The requests that the address asks for, in no order."""
    consultations = desk.with_visit(ConsultationRequest.objects.all())
    if asked.tab is not None:
        consultations = consultations.filter(desk.in_tab(asked.tab))
    if asked.words:
        consultations = consultations.filter(_meant(asked.words, around))
    for one, option in asked.chosen:
        where = Q(pk__in=interests.interested(option.code)[0]) if one.name == INTEREST else option.where()
        consultations = consultations.filter(where)
    return consultations


# What somebody types who remembers when it was. "Last week" comes before "week".
_WHEN = {"last week": "lastweek", "this week": "week", "yesterday": "yesterday", "today": "today"}

# They are in the words of topics, and name none.
_SMALL_WORDS = {"and", "the", "their", "something", "else"}


def _meant(typed: str, around: Around) -> Q:
    """What a search means: somebody's name, number or address; or a call, by what it was about and when it was.

    "laser last week" finds whoever was on the phone about laser last week. Only codes are looked at, never anybody's words.
    """
    rest, days = " ".join(typed.lower().split()), None
    for words, code in _WHEN.items():
        if f" {rest} ".endswith(f" {words} "):
            rest, days = rest.removesuffix(words).strip(), days_of(around)[code]
            break
    topics = [topic for topic in CallTopic if rest in {topic.value, *TOPICS[topic].split()} - _SMALL_WORDS]
    named = desk.matching(typed)
    if not topics:
        return named
    call = Q(call_topic__in=topics)
    if days is not None:
        call &= between("called_at", days[1], days[2], around.zone)
    return named | call


def _newest() -> OrderBy:
    """The newest first, in an order that no index has: with one, PostgreSQL hopes to meet fifty on the way back, and where
    nobody matches it reads all years.
    """
    return ExpressionWrapper(F("created_at") + Value(timedelta()), DateTimeField()).desc()


def ordered(consultations: QuerySet[ConsultationRequest], asked: Asked) -> QuerySet[ConsultationRequest]:
    """In the order that was asked for, and otherwise in the tab's own, or the reminder's."""
    consultations = desk.in_order(desk.with_visit(consultations), asked.tab)
    own: list[Any] = list(consultations.query.order_by)
    reminders = {option.code for one, option in asked.chosen if one.name == "flag"}
    if asked.tab is None and UNMARKED in reminders:
        own = [F("visit_at"), "pk"]
    elif asked.tab is None and COME_BACK in reminders:
        own = ["follow_up_on", "pk"]  # what is overdue comes first
    elif asked.tab is None and TOO_LONG in reminders:
        own = ["created_at", "pk"]
    elif asked.tab is None and asked.words:
        own = [_newest(), "-pk"]
    if asked.sort:
        code = asked.sort.removeprefix("-")
        consultations = consultations.annotate(sorts_by=SORTS[code][1])
        yes_first = code in ("clinician", "phone")
        down = yes_first != asked.sort.startswith("-")
        by = F("sorts_by")
        own = [by.desc(nulls_last=True) if down else by.asc(nulls_last=True), *own]
    return consultations.order_by(*own)
