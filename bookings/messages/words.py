"""What a mail may say: everything that the templates in templates/emails/ can name, as words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bookings import limits, names, promise
from bookings.messages import visits
from bookings.messages.plain import as_words, plain
from bookings.messages.visits import Visit
from bookings.models import Appointment, ConsultationRequest, ConsultationType, Message
from bookings.queries import fee_texts, plans
from clinic.foundation import money, when
from content.models import ClinicProfile

# They name a moment although they are not about an appointment.
_WITH_A_MOMENT = ("received", "prove_reminder", "question", "answer_reminder")
_COUNTS = {1: "One time is", 2: "Two times are", 3: "Three times are"}


def context(
    consultation: ConsultationRequest, message: Message, profile: ClinicProfile, now: datetime, has_note: bool
) -> dict[str, Any]:
    """Everything that a mail may say. Moments are already words."""
    zone, facts, due = profile.zone, message.facts, consultation.promise_due_at
    old_start = _moment(facts, "old_start")
    found = visits.of_message(consultation, message, profile.currency)
    if message.kind in visits.OFFERING:
        found = [visit for visit in found if visit.start > now]
    answer_by = _moment(facts, "answer_by") or consultation.answer_due_at
    return {
        "called": visits.called(consultation.consultation_type),
        "moment": _in_subject(consultation, message, profile, now, found),
        "address": _address(profile),
        "hello": _hello(consultation),
        "reference": plain(consultation.reference),
        "mail_name": plain(profile.mail_name),
        "site": settings.SITE_URL,
        "phone": plain(profile.phone),
        "call": plain(profile.call_words),
        "opening": "; ".join(profile.opening_lines),
        "phone_from": _phone_from(profile, now),
        "demo": profile.demo,
        **_of_coming(consultation, profile),
        "promise": promise.in_words(due, now, zone=zone) if due and due > now else "",
        **_of_wish(facts, now, zone),
        **_of_offer(consultation, message, found, now, zone),
        "keep_by": _keep_by(consultation, facts, now, zone),
        "answer_by": when.moment_from(answer_by, now, zone) if answer_by else "",
        "count": _COUNTS.get(len(found), "Some times are"),
        "times": [(_time_words(visit, consultation, now, zone), when.minute(visit.start)) for visit in found],
        "asked": _asked(consultation, profile, facts, now) if message.kind == "received" else None,
        "visit": _details(found[0], consultation, profile, now) if found else None,
        "old": when.moment_from(old_start, now, zone) if old_start else "",
        "zone": _zone(consultation, message, found, zone),
        **_of_facts(message, now, zone, has_note),
    }


def _of_coming(consultation: ConsultationRequest, profile: ClinicProfile) -> dict[str, Any]:
    """What to bring and what happens, as the clinic says it of a first visit: nothing of it holds for a session."""
    is_session = consultation.consultation_type.is_session
    return {
        "bring": "" if is_session else " ".join(_sentence(line) for line in profile.bring_lines),
        "happens": [] if is_session else [plain(line) for line in profile.visit_lines],
        "of_plan": consultation.session_number is not None,
        "yes_stands": consultation.session_number is not None and plans.may_be_had_again(consultation),
    }


def _zone(consultation: ConsultationRequest, message: Message, found: list[Visit], zone: ZoneInfo) -> str:
    """'UK time', where a mail names a moment; whoever comes here reads the clock on our wall."""
    names_one = bool(found) or message.kind in _WITH_A_MOMENT or "promised" in message.facts
    modes = {visit.terms.mode for visit in found} or {consultation.consultation_type.mode}
    return when.zone_words(zone) if names_one and modes != {ConsultationType.Mode.IN_PERSON} else ""


def _of_wish(facts: dict[str, Any], now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The time that they chose, until when it is held, and until when once the link is opened: 'it begins', or a moment."""
    wished, held_until, kept_until = (_moment(facts, name) for name in ("start", "held_until", "kept_until"))
    is_held = held_until is not None and held_until > now
    return {
        "wished": when.moment_from(wished, now, zone) if wished else "",
        "held_until": when.moment_from(held_until, now, zone) if held_until and is_held else "",
        "open_by": _soon(held_until, now, zone) if held_until else "",
        "kept_until": ("it begins" if kept_until == wished else when.moment_from(kept_until, now, zone))
        if kept_until
        else "",
    }


def _keep_by(consultation: ConsultationRequest, facts: dict[str, Any], now: datetime, zone: ZoneInfo) -> str:
    """By when a question is to be answered to keep the held time (`wished`). Empty once that is over, and if they have
    chosen another."""
    by, until = _moment(facts, "keep_by"), consultation.hold_until
    is_held = until is not None and until > now and _moment(facts, "start") == consultation.wished_start
    return when.moment_from(by, now, zone) if by is not None and by > now and is_held else ""


def _soon(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'12:17pm' if that is today, else with the day."""
    return when.clock(at, zone) if when.same_day(at, now, zone) else when.moment_from(at, now, zone)


def _of_offer(
    consultation: ConsultationRequest, message: Message, found: list[Visit], now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Until when an offer stands, and whether a time of it begins before that. `choose_by`: for the subject, until when all
    of them are held; empty of any other mail, and if their own clock shows another hour.
    """
    until = _moment(message.facts, "until") or consultation.offer_expires_at
    choose_by = ""
    if message.kind == "offered" and until and found:
        at = min(until, *(visit.start for visit in found))
        if not _is_on_two_clocks(at, consultation, zone, in_person=found[0].is_in_person):
            choose_by = f"{when.day_from(at, now, zone)}, {when.clock(at, zone)}"
    return {
        "until": when.moment_from(until, now, zone) if until else "",
        "begins_before": until is not None and any(visit.start < until for visit in found),
        "choose_by": choose_by,
        "lost": _lost(consultation, message, found, now, zone),
    }


def _lost(
    consultation: ConsultationRequest, message: Message, found: list[Visit], now: datetime, zone: ZoneInfo
) -> str:
    """Of an offer, the time that they had asked for, if it is none of those offered."""
    wish = consultation.wished_start
    if message.kind != "offered" or wish is None or any(visit.start == wish for visit in found):
        return ""
    return when.moment_from(wish, now, zone)


def _of_facts(message: Message, now: datetime, zone: ZoneInfo, has_note: bool) -> dict[str, Any]:
    """What the message alone says."""
    facts = message.facts
    return {
        "gone": [_visit_words(visit, of, now, zone) for of, visit, _ in visits.cancelled(message)],
        "note": has_note,
        "reason": str(facts.get("reason", "")),
        "by_client": facts.get("by") == "client",
        "untold": bool(facts.get("untold")),
        "plan": _of_plan(facts, now, zone),
    }


def _of_plan(facts: dict[str, Any], now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What was said to a plan and what follows: days and moments, and no word of the plan itself."""
    by, first, until = (_moment(facts, "promised"), facts.get("first"), facts.get("last_day"))
    back, no_until = facts.get("back_until"), facts.get("no_until")
    return {
        "said": facts.get("said", ""),
        "by": when.moment_from(by, now, zone) if by else "",
        "first": when.date_words(date.fromisoformat(first)) if first else "",
        "near": facts.get("near", 0),
        "later": facts.get("later", 0),
        "last_day": when.date_with_year(date.fromisoformat(until)) if until else "",
        "back_until": when.date_words(date.fromisoformat(back)) if back else "",
        "no_until": when.date_with_year(date.fromisoformat(no_until)) if no_until else "",
        "left": bool(facts.get("left")),
    }


def _hello(consultation: ConsultationRequest) -> str:
    """'Hello Cleo.' once the address is proved. Before that, somebody else may have typed both name and address."""
    name = plain(consultation.called)
    known = consultation.email_proved_at is not None and names.may_greet(name)
    return f"Hello {name}." if known else "Hello."


def _sentence(line: str) -> str:
    """One of several things of which a mail makes one paragraph."""
    words = plain(line)
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _phone_from(profile: ClinicProfile, now: datetime) -> str:
    """'9am', or '9am on Monday': when the phone is next answered. Empty while it is, or if the clinic gives no hours.

    A mail made at 8:55am is read when the phone is answered.
    """
    here = when.local(now + limits.mail.MAIL_READ_AFTER, profile.zone)
    hours = sorted(profile.opening_hours.all(), key=lambda row: row.opens) if profile.opening_lines else []
    for ahead in range(8):
        weekday = (here + timedelta(days=ahead)).weekday()
        for row in (row for row in hours if row.weekday == weekday):
            if ahead:
                return f"{when.time_words(row.opens)} on {row.get_weekday_display()}"
            if here.time() < row.opens:
                return when.time_words(row.opens)
            if here.time() < row.closes or row.closes == time.min:
                return ""
    return ""


def _details(
    visit: Visit, consultation: ConsultationRequest, profile: ClinicProfile, now: datetime
) -> dict[str, Any]:
    terms, zone = visit.terms, profile.zone
    cutoff = terms.cutoff(visit.start)
    is_by_video = terms.mode == ConsultationType.Mode.VIDEO
    # Then a heading with one of them would be wrong for half its readers.
    far = _is_on_two_clocks(visit.start, consultation, zone, in_person=visit.is_in_person)
    return {
        "when": _visit_words(visit, consultation, now, profile.zone),
        "where": _address(profile) if visit.is_in_person else terms.mode_words,
        **(_way(profile) if visit.is_in_person else {}),
        "video": as_words(profile.video_words) if is_by_video else "",
        "day": "" if far else when.WEEKDAYS[when.local_day(visit.start, zone).weekday()],
        "clock": "" if far else when.clock(visit.start, zone),
        "person": visit.person,
        "called": visits.called(consultation.consultation_type),
        "kind": visit.kind,
        "length": when.length(visit.minutes),
        "cost": visits.cost_words(visit, consultation),
        "paid": _paid(consultation.consultation_type, terms.fee),
        "asks": not consultation.consultation_type.is_session,
        "fee_text": [as_words(line) for line in fee_texts.paragraphs(terms)],
        "cutoff": when.moment_from(cutoff, now, profile.zone) if cutoff > now else "",
    }


def _asked(
    consultation: ConsultationRequest, profile: ClinicProfile, facts: dict[str, Any], now: datetime
) -> dict[str, str]:
    """What was asked for, as it would be agreed today; with whom, while a time is held for them."""
    kind = consultation.consultation_type
    terms = kind.terms(profile.currency)
    fee = money.words(terms.fee, terms.currency) if terms.fee else ""
    way = terms.mode_words.lower()
    start = _moment(facts, "start")
    with_whom = (
        plain(row.practitioner.name)
        for row in (visits.appointments(consultation) if start else ())
        if row.state == Appointment.State.HELD and row.starts_at == start and (row.held_until or now) > now
    )
    return {
        "person": next(with_whom, ""),
        "way": way if terms.is_in_person and way not in kind.name.lower() else "",
        "kind": visits.kind_words(kind),
        "length": when.length(kind.minutes),
        "where": _address(profile) if terms.is_in_person else terms.mode_words,
        "map": profile.map_href if terms.is_in_person else "",
        "cost": f"{fee}, nothing to pay now" if fee else "nothing to pay",
        "paid": _paid(kind, terms.fee),
    }


def _paid(kind: ConsultationType, fee: int) -> str:
    """How and when it is paid, where the clinic has said so and there is something to pay."""
    return as_words(kind.paid) if fee else ""


def _in_subject(
    consultation: ConsultationRequest,
    message: Message,
    profile: ClinicProfile,
    now: datetime,
    found: list[Visit],
) -> str:
    """'Tuesday 8 December, 10:30am': the one time that a mail is about. Empty if it is about several, about none that they
    were told of, or if their own clock shows another: then the subject would be wrong for half its readers.
    """
    if message.kind in (
        "received",
        "prove_reminder",
    ):  # about the time that they chose, for as long as it is held
        held_until, start = _moment(message.facts, "held_until"), _moment(message.facts, "start")
        start = start if held_until and held_until > now else None
        in_person = consultation.consultation_type.mode == ConsultationType.Mode.IN_PERSON
    elif message.kind == "displaced":  # about the time that is gone, whatever is offered instead
        start = _moment(message.facts, "old_start")
        in_person = consultation.consultation_type.mode == ConsultationType.Mode.IN_PERSON
    else:
        start = found[0].start if len(found) == 1 else None
        in_person = len(found) == 1 and found[0].is_in_person
    if start is None or message.facts.get("untold"):
        return ""
    far = _is_on_two_clocks(start, consultation, profile.zone, in_person=in_person)
    return "" if far else f"{when.day_from(start, now, profile.zone)}, {when.clock(start, profile.zone)}"


def _address(profile: ClinicProfile) -> str:
    return plain(", ".join(profile.address_shown.splitlines()))


def _way(profile: ClinicProfile) -> dict[str, str]:
    """How to get there."""
    return {"getting_here": as_words(profile.getting_here), "map": profile.map_href}


def _time_words(visit: Visit, consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> str:
    """One of several to choose from: when, and with whom."""
    words = _visit_words(visit, consultation, now, zone)
    return f"{words}, with {visit.person}" if visit.person else words


def _visit_words(visit: Visit, consultation: ConsultationRequest, now: datetime, zone: ZoneInfo) -> str:
    """'Tuesday 1 December at 10:30am'; for a call to somebody in another zone, on both clocks."""
    words = when.moment_from(visit.start, now, zone)
    own = _own_zone(consultation.time_zone)
    if own is None or not _is_on_two_clocks(visit.start, consultation, zone, in_person=visit.is_in_person):
        return words
    return (
        f"{words} {when.zone_words(zone)} ({when.moment_from(visit.start, now, own)} {when.zone_words(own)})"
    )


def _is_on_two_clocks(
    start: datetime, consultation: ConsultationRequest, zone: ZoneInfo, *, in_person: bool
) -> bool:
    """Whether it is a call to somebody whose clocks show another time than the clinic's."""
    own = _own_zone(consultation.time_zone)
    return not in_person and own is not None and not when.same_clocks(start, own, zone)


def _own_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # not a zone that this machine knows
        return None


def _moment(facts: dict[str, Any], name: str) -> datetime | None:
    """A moment that a message carries as an ISO text."""
    return datetime.fromisoformat(facts[name]) if facts.get(name) else None
