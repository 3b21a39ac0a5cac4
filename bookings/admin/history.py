"""Everything that happened to one request, in order: events, messages, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from bookings import outbox, wording
from bookings.against import AGREED
from bookings.messages.kinds import KINDS
from bookings.models import ConsultationRequest, Event, Message, Note, Plan
from bookings.plan_rules import PASSED, PlanRule
from bookings.states import Who
from clinic.foundation import when


@dataclass(frozen=True)
class Line:
    """One line of the history. `words` is free text (a note), None when there is none, `hidden` when it may not be shown."""

    at: datetime
    what: str
    detail: str = ""
    style: str = ""
    words: str | None = None
    hidden: bool = False
    for_all: bool = False  # words that are not about health: all of the desk reads them
    message: int | None = None
    coming: bool = False  # not yet: a mail that is to go at `at`


def timeline(
    consultation: ConsultationRequest,
    messages: Iterable[Message],
    *,
    now: datetime,
    zone: ZoneInfo,
    reader_id: int,
    may_read: bool,
) -> list[Line]:
    """The history of `consultation` with its `messages`, latest first: two SQL statements, three if a plan went past a rule.
    A mail stands where it went, or where it will go.

    Notes are shown to whoever may read health answers, and to their own author; those that are not about health to all.
    What happened to a request that was merged into this one is told with its reference, and so is what became of each visit
    of its plan.
    """
    notes = list(consultation.notes.all())
    lines: list[tuple[datetime, int, int, Line]] = []
    happened = _happened(consultation)
    passed = _passed(happened) if may_read else {}
    for event in _without_early_drafts(happened):
        # A verb that kept words kept them in the same moment: one line for both.
        mine = next((n for n in notes if n.at == event.at and n.author_id == event.actor_id), None)
        other = "" if event.request_id == consultation.pk else f"{_named(event)}: "
        line = Line(event.at, other + _what(event), _detail(event, zone, passed))
        if mine is not None:
            notes.remove(mine)
            line = _with_words(line, mine, may_read or is_open(mine, reader_id))
        lines.append((event.at, 1, event.pk, line))
    for message in messages:
        told = _mail(message, now, zone)
        lines.append((told.at, 2, message.pk, told))
    for note in notes:
        line = Line(note.at, f"{Note.Kind(note.kind).label}, {note.author_label}")
        lines.append((note.at, 3, note.pk, _with_words(line, note, may_read or is_open(note, reader_id))))
    return [line for *_, line in sorted(lines, key=lambda entry: entry[:3], reverse=True)]


def _happened(consultation: ConsultationRequest) -> list[Any]:
    """The events of the request, of those merged into it, and of the visits of its plans what is told of those."""
    is_visit = Q(follows=consultation, session_number__isnull=False)
    told = Q(pk=consultation.pk) | Q(merged_into=consultation) | is_visit
    # Found by their keys: over a join the database would read every event.
    requests = ConsultationRequest.objects.filter(told).order_by().values("pk")
    events = Event.objects.filter(request__in=requests).annotate(
        reference=F("request__reference"), visit=F("request__session_number"), after=F("request__follows")
    )
    return [
        event for event in events if event.visit is None or event.after != consultation.pk or _is_told(event)
    ]


def _is_told(event: Any) -> bool:
    """What of a visit of a plan is told with the plan's history: its times, and what became of it."""
    has_times = any(event.facts.get(key) for key in ("start", "starts", "took_back"))
    return has_times or event.from_status not in ("", event.to_status)


def _named(event: Any) -> str:
    """'7K2M', or 'Visit 2, 7K2M'."""
    return f"Visit {event.visit}, {event.reference}" if event.visit else str(event.reference)


def _without_early_drafts(events: list[Any]) -> list[Any]:
    """Of what one person did to one plan over and over, the last: a page that keeps what is typed makes many drafts."""
    return [one for one, later in zip(events, [*events[1:], None], strict=True) if not _is_again(one, later)]


def _is_again(one: Any, later: Any) -> bool:
    """Whether the next event is the same about nothing but the same plan."""
    if later is None or not {"plan"} <= set(one.facts) <= {"plan", "tab"}:
        return False
    mine, next_one = ((e.request_id, e.verb, e.actor_id, e.facts.get("plan")) for e in (one, later))
    return bool(mine == next_one)


def is_open(note: Note, reader_id: int, reads_health: bool = False) -> bool:
    """Whether this reader may see it."""
    return reads_health or note.author_id == reader_id or not note.about_health


def _with_words(line: Line, note: Note, readable: bool) -> Line:
    words = note.words if readable else None
    return replace(line, words=words, hidden=not readable, for_all=not note.about_health, style="said")


def _what(event: Event) -> str:
    if event.verb == "call":
        return wording.CALLS.get(event.facts.get("outcome", ""), wording.of("call").history)
    return wording.of(event.verb).history


def _detail(event: Event, zone: ZoneInfo, passed: Mapping[int, str]) -> str:
    facts: dict[str, Any] = event.facts
    parts = [_by(event)]
    if event.reason:
        parts.append(wording.REASONS.get(event.reason, event.reason))
    if facts.get("to"):  # events of older versions know a key alone
        parts.append(f"to {facts['to']}")
    if facts.get("took_back"):
        parts.append(f"it was: {wording.of(facts['took_back']).history}")
    parts += _about_reaching(facts)
    starts = facts.get("starts") or ([facts["start"]] if facts.get("start") else [])
    if starts:
        parts.append(", ".join(when.short(datetime.fromisoformat(start), zone) for start in starts))
    for key, word in (("held_until", "held until"), ("until", "until")):
        if facts.get(key):
            parts.append(f"{word} {when.short(datetime.fromisoformat(facts[key]), zone)}")
    if facts.get("rules_past"):
        codes = passed.get(facts.get("plan", 0), "").split()
        words = [PASSED[PlanRule(code)] for code in codes if code in list(PASSED)]
        parts += words or ["past a rule, for the reason in the note"]
    agreed = {code.value: words for code, words in AGREED.items()}
    parts += [agreed[code] for code in facts.get("although", ()) if code in agreed]
    return "; ".join(parts)


def _passed(events: Iterable[Event]) -> dict[int, str]:
    """Which rules each plan went past, codes by its key: one statement if one did. Not in the events, which are readable."""
    plans = {event.facts["plan"] for event in events if event.facts.get("rules_past")}
    return {row.pk: row.although for row in Plan.objects.filter(pk__in=plans)} if plans else {}


def _about_reaching(facts: dict[str, Any]) -> list[str]:
    """What a call was about and what it told, the day to come back, and why a mail went all the same."""
    parts = []
    if facts.get("topic"):
        parts.append(f"about {wording.TOPICS.get(facts['topic'], facts['topic'])}")
    if facts.get("told"):
        parts.append("what we owed them was said")
    if "on" in facts:
        day = facts["on"]
        parts.append(f"on {when.date_words(date.fromisoformat(day))}" if day else "no day any more")
    if "phone_only" in facts:
        parts.append("by phone only" if facts["phone_only"] else "e-mail too")
    if facts.get("despite"):
        parts.append("mailed all the same, for the reason in the note")
    return parts


def _by(event: Event) -> str:
    if event.actor_kind == Who.CLIENT:
        return "by the client"
    if event.actor_kind == Who.CLOCK:
        return wording.of(event.verb).by_itself
    return f"by {event.actor_label}"


def _mail(message: Message, now: datetime, zone: ZoneInfo) -> Line:
    state = Message.State(message.state)
    detail, at = state.label, message.sent_at or message.created_at
    by_phone = state in (Message.State.TO_CALL, Message.State.TOLD)
    what = f"{'By phone' if by_phone else 'Mail'}: {kind_words(message.kind)}"
    if message.kind == outbox.TOLD_TOO:
        what = f"By text or phone: {kind_words(message.facts['about'])}"
        detail = {Message.State.TO_CALL: "Beside our mail", Message.State.TOLD: "Told"}.get(state, detail)
    coming = state in outbox.OWED and message.not_before > now
    if coming:
        detail, at = "", message.not_before
    if message.problem:
        detail = f"{detail}: {message.problem}" if detail else message.problem
    style = "bad" if state == Message.State.FAILED else "mail"
    return Line(at, what, detail, style, message=message.pk, coming=coming)


def kind_words(code: str) -> str:
    """What staff call a kind of message; the code itself for one that no longer exists."""
    return KINDS[code].words if code in KINDS else code
