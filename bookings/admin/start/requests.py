"""The start page for whoever answers requests: who waits, with the next step of each, and everything else of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from bookings.admin import whose_time
from bookings.admin.away_words import away_words
from bookings.admin.day import own
from bookings.desk_site import (
    BLOCK,
    COME_BACK,
    DECIDE,
    ENDS_SOON,
    IN_DOUBT,
    PLAN_AGAIN,
    PLAN_ASKED,
    PLAN_TO_WRITE,
    PLAN_VISITS,
    READS_HEALTH,
    TIMES_IN_DOUBT,
    TO_CALL,
    UNMARKED,
    WRITES_PLANS,
    clinic_of,
    numbers_of,
)
from bookings.messages.kinds import KINDS
from bookings.models import ContactBy
from bookings.queries import rail, start, worklist
from bookings.queries.clinic import clinic
from bookings.queries.desk import Tab
from bookings.queries.plans_due import Plans, Wanted
from bookings.queries.start import Ending, Failed, Person, Visit, Waiting, Work
from bookings.states import Status
from clinic.foundation import when

_LIST = "admin:bookings_consultationrequest_changelist"
_REQUEST = "admin:bookings_consultationrequest_change"


@dataclass(frozen=True)
class Step:
    """The button of a row: the next thing to do, and the place of the request's page where it is done."""

    words: str
    url: str
    rings: bool = False


@dataclass(frozen=True)
class Line:
    """A line of one of the short lists. `at` is a time of the clock, a day or a number to ring."""

    at: str
    name: str
    url: str
    more: str
    style: str = ""  # over, done
    by_text: bool = False  # the number is to be texted


def part(request: HttpRequest, user: User, now: datetime) -> dict[str, Any]:
    """What the templates need, in two statements besides those of the frame, and what a practitioner's own day takes."""
    zone, numbers = clinic_of(request).zone, numbers_of(request)
    reads_health, sees_mail = user.has_perm(READS_HEALTH), user.has_perm("bookings.view_message")
    first, number = start.waiting(user.pk, now, zone)
    work = start.work(user.pk, now, zone)
    shown: dict[str, Any] = {
        "answers": [(one.row, _step(one, reads_health, zone)) for one in first],
        "answers_number": number,
        "more_answers": number - len(first),
        "answers_url": _list("new", yours=work.practises_as is not None),
        "open_number": numbers.tabs[Tab.OPEN],
        "open_url": _list("open"),
        "work": work,
        "sums": list(_sums(numbers, work, sees_mail)),
        **_lines(work, now, zone),
        "plans": list(_plans(user, work.plans, now, zone)),
        "absent": _absent(work, now, zone, told=user.has_perm(BLOCK)),
    }
    if work.practises_as:
        shown |= _own_day(user, work.practises_as, now, zone)
    if not first and not shown.get("own"):
        shown["closed"] = _closed(request, now)
    for name, flag, counted in (
        ("ring", TO_CALL, work.to_call_number),
        ("ends", ENDS_SOON, work.ending_number),
        ("back", COME_BACK, numbers.come_back),
        ("doubt", IN_DOUBT, numbers.in_doubt),
        ("times", TIMES_IN_DOUBT, numbers.times_in_doubt),
        ("unmarked", UNMARKED, numbers.unmarked),
    ):
        shown |= {f"{name}_number": counted, f"{name}_url": _list(flag=flag)}
    if sees_mail:
        shown |= {
            "failed": [_failed(one) for one in work.failed],
            "failed_number": numbers.failed_messages,
            "failed_url": f"{reverse('admin:bookings_message_changelist')}?tab=failed",
        }
    return shown


def _closed(request: HttpRequest, now: datetime) -> str:
    """When we open next, if we are closed now."""
    place = clinic(now, clinic_of(request))
    opens = place.after_open_minutes(now, 0)
    return when.moment(opens, place.zone) if place.opening and opens > now else ""


def _own_day(user: User, practitioner: int, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A practitioner's own visits, as on their day sheet: at most four statements."""
    visits = own.visits(user, practitioner, now, zone)
    return {
        "own": visits,
        "next_own": own.following(visits, now),
        "reasons": visits and user.has_perm(READS_HEALTH),
        "marks_page": reverse("admin:index"),
        "block_url": reverse("admin:block") if whose_time.blocked_by(user) else "",
    }


def _lines(work: Work, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The short lists in words."""
    return {
        "day_url": reverse("admin:day"),
        "visits": [(who, list(lines)) for who, lines in _by_practitioner(work, zone)],
        "next_visit": when.day(work.next_visit, zone) if work.next_visit else "",
        "ending": [_ending(one, now, zone) for one in work.ending],
        "to_call": [_call(one) for one in work.to_call],
        "coming_back": [_return(one, now, zone) for one in work.coming_back],
        "doubts": [
            Line(when.short(one.starts_at, zone), one.client, _request(one.request), one.why)
            for one in work.doubts
        ],
    }


def _plans(
    user: User, work: Plans, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, str, list[Line], int, str]]:
    """What plans want of this person: id, title, lines, number and the address of the list of just that many."""
    if work.unwritten_number and user.has_perm(WRITES_PLANS):
        lines = [_plan(one, when.short(one.at, zone), "plan") for one in work.unwritten if one.at]
        yield "unwritten", "Plans to write", lines, work.unwritten_number, _list(flag=PLAN_TO_WRITE)
    if work.asked_number:
        answers = user.has_perm(READS_HEALTH) and user.has_perm(DECIDE)
        lines = [_asked_about(one, one.at, now, zone, answers) for one in work.asked if one.at]
        yield "asked", "Questions about plans", lines, work.asked_number, _list(flag=PLAN_ASKED)
    if work.to_arrange_number and user.has_perm(DECIDE):
        lines = [
            _plan(one, f"from {one.due:%a} {one.due.day} {one.due:%b}", "sessions")
            for one in work.to_arrange
            if one.due
        ]
        title = "Visits to arrange"
        yield "arrange", title, lines, work.to_arrange_number, _list(flag=PLAN_VISITS)
    if work.again_number and user.has_perm(DECIDE):
        lost = {Status.LAPSED: "ran out"}
        lines = [_plan(one, lost.get(Status(one.status), "cancelled"), "sessions") for one in work.again]
        yield "again", "Visits to book again, if they want", lines, work.again_number, _list(flag=PLAN_AGAIN)


def _plan(one: Wanted, at: str, page: str) -> Line:
    return Line(at, one.client, reverse(f"admin:bookings_consultationrequest_{page}", args=[one.request]), "")


def _asked_about(one: Wanted, due: datetime, now: datetime, zone: ZoneInfo, answers: bool) -> Line:
    """By when the answer is promised; red once that is over. Whoever `answers` is led to the field for it."""
    place = _request(one.request, "#h-plan")
    if answers:
        page = reverse("admin:bookings_consultationrequest_plan", args=[one.request])
        place = f"{page}#reply-{one.question}"
    more, style = ("overdue", "over") if due < now else ("", "")
    return Line(when.short(due, zone), one.client, place, more, style)


def _absent(work: Work, now: datetime, zone: ZoneInfo, *, told: bool) -> list[tuple[str, str]]:
    """Who is not there today, and how long; why only for whoever keeps the diary (`told`). It may be an illness."""
    away = [
        (
            one.who,
            away_words(one.starts_at, one.ends_at, now, zone)
            + (f" ({one.label})" if told and one.label else ""),
        )
        for one in work.away
    ]
    return [("The clinic", f"closed today: {name}") for name in work.closed] + away


def _list(tab: str = "", *, flag: str = "", yours: bool = False) -> str:
    """The address of a list of just what a number counts."""
    asked = f"flag={flag}" if flag else f"tab={tab}" + ("&yours=yes" if yours else "")
    return f"{reverse(_LIST)}?{asked}"


def _request(key: int, place: str = "") -> str:
    """The request's page; `place` is the anchor of one of its parts."""
    return reverse(_REQUEST, args=[key]) + place


def _sums(numbers: rail.Counts, work: Work, sees_mail: bool) -> Iterator[str]:
    """The day in one line: only what there is."""
    said = [(numbers.overdue, "overdue"), (work.to_call_number, "to call")]
    if sees_mail:
        said.append((numbers.failed_messages, "mails failed"))
    for number, words in said:
        if number:
            yield f"{number} {words if number > 1 else words.replace('mails', 'mail')}"


# --- who waits --------------------------------------------------------------------------------------------------------


def _step(one: Waiting, reads_health: bool, zone: ZoneInfo) -> Step:
    """A trained practitioner rings whoever must be rung today; the front desk hands them over. Else a time is the answer."""
    key = one.row.pk
    if one.must_be_rung:
        urgent = ("urgent", "Urgent") in one.row.marks
        if reads_health or urgent:
            return Step("Call", _request(key, "#h-call"), rings=True)
        return Step("Hand over", _request(key, "#answer"))
    if any(words == worklist.TO_TEXT for _, words in one.row.marks):
        return Step("Text", _request(key, "#h-call"), rings=True)
    if any(words == worklist.TO_RING or words.startswith("Rang") for _, words in one.row.marks):
        return Step("Call", _request(key, "#h-call"), rings=True)
    if one.held_at and not one.is_wanted:
        return Step(f"Confirm {when.digits(one.held_at, zone)}", _request(key, "#answer"))
    words = "Arrange" if one.is_session else "Decide" if one.has_wish else "Offer times"
    return Step(words, _request(key, "#answer"))


# --- the short lists --------------------------------------------------------------------------------------------------

_MARKED = {Status.ATTENDED: "came", Status.NO_SHOW: "did not come"}


def _visit(one: Visit, zone: ZoneInfo) -> Line:
    words, style = _where(one)
    return Line(when.digits(one.starts_at, zone), one.client, _request(one.request), words, style)


def _where(one: Visit) -> tuple[str, str]:
    """Whether they came, are here or will be late; and the style of the line."""
    if one.status in _MARKED:
        return _MARKED[Status(one.status)], "done"
    if one.is_here:
        return "is here", "here"
    if one.is_late:
        return f"{one.late_minutes} min late" if one.late_minutes else "running late", ""
    return "", ""


def _by_practitioner(work: Work, zone: ZoneInfo) -> Iterator[tuple[str, Iterator[Line]]]:
    """By name, each with their visits in order of time."""
    rows = sorted(work.visits, key=lambda one: (one.with_whom, one.practitioner, one.starts_at))
    for (who, _), theirs in groupby(rows, key=lambda one: (one.with_whom, one.practitioner)):
        yield who, (_visit(one, zone) for one in theirs)


def _ending(one: Ending, now: datetime, zone: ZoneInfo) -> Line:
    what = f"{one.more + 1} times" if one.more else when.short(one.starts_at, zone)
    if one.status == Status.CONFIRMED:
        words = f"another time proposed, {what}"
    else:
        words = f"offer of {what}" if one.is_offer else f"own hold, {what}"
    at = when.digits(one.until, zone) if when.same_day(one.until, now, zone) else when.short(one.until, zone)
    return Line(at, one.client, _request(one.request), words)


def _call(one: Person) -> Line:
    tried = {0: "", 1: "rang once"}.get(one.tried, f"rang {one.tried} times")
    by_text = one.contact_by == ContactBy.TEXT
    told = "to be told by text" if by_text else "to be told by phone"
    why = "urgent: ring now" if one.urgent else "ring today" if one.pressing else told
    words = ", ".join(filter(None, (why, tried)))
    return Line(
        one.phone,
        one.client,
        _request(one.request, "#h-call"),
        words,
        "over" if one.pressing else "",
        by_text=by_text and not one.pressing,
    )


def _return(one: Person, now: datetime, zone: ZoneInfo) -> Line:
    assert one.due is not None
    late = one.due < when.local_day(now, zone)
    at = when.date_words(one.due).split(" ", 1)[1] if late else "Today"
    return Line(at, one.client, _request(one.request), "", "over" if late else "")


def _failed(one: Failed) -> tuple[Line, str]:
    """With the number to ring or text instead, if there is one."""
    kind = KINDS[one.kind].words if one.kind in KINDS else one.kind
    url = (
        _request(one.request) if one.request else reverse("admin:bookings_message_change", args=[one.message])
    )
    by_text = one.contact_by == ContactBy.TEXT
    line = Line("", one.client or "To the desk", url, f"{kind}: {one.problem}", by_text=by_text)
    return line, one.phone or ""
