"""The times to tick on a request's page: what is ticked already, what is near one that has gone, what is suggested. And what
is against a time that clients are not offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from bookings import against, limits, slot_text
from bookings.admin.buttons import Attempt
from bookings.admin.case import Case
from bookings.admin.choices import Choices
from bookings.admin.slot_forms import SlotsForm, read_slot, ticked_beside
from bookings.availability import Slot
from bookings.queries import session_rules, suggestions, why_not
from bookings.queries.suggestions import Suggestion
from bookings.queries.why_not import Reason
from bookings.workflow.errors import Refused
from clinic.foundation import when


@dataclass(frozen=True)
class Tick:
    """One time to tick. `reasons` are the sentences against it, `codes` theirs; with `never` it cannot be given at all."""

    value: str
    when: str
    who: str
    why: str
    tag: str
    ticked: bool
    reasons: tuple[str, ...] = ()
    codes: str = ""
    never: bool = False


def ticks(known: Case, attempt: Attempt | None, at_first: Sequence[str]) -> list[Tick]:
    """What was ticked, or is `at_first`; then what is nearest to a time that has just gone; then the suggestions."""
    ticked = ticked_beside(attempt.form) if attempt else list(at_first)
    if attempt and isinstance(attempt.form, SlotsForm) and not attempt.preview:
        # The button of the asked time has no box: if it was refused, it is one from now on.
        ticked = list(dict.fromkeys([*ticked, *attempt.form.ticked]))
    suggested = {slot_text.of(one.slot): one for one in known.times.all}
    others = known.times.free if set(ticked) - set(suggested) else ()  # there are hundreds
    free = {slot_text.of(slot): Suggestion(slot, "Free") for slot in others}
    shown = {
        value: suggested.get(value) or free[value] for value in ticked if value in suggested or value in free
    }
    # A free time may break a rule of a session.
    has_rules = session_rules.has_rules(known.consultation, known.consultation.consultation_type)
    judged = {
        slot: reasons
        for slot, reasons in _judged(known, [v for v in ticked if v not in shown or has_rules]).items()
        if reasons or slot_text.of(slot) not in shown
    }
    for slot in judged:
        shown.pop(slot_text.of(slot), None)
        suggested.pop(slot_text.of(slot), None)
    for slot in attempt.nearest if attempt else []:
        shown.setdefault(slot_text.of(slot), Suggestion(slot, "Near the time that has gone", "Nearest"))
    shown |= {value: one for value, one in suggested.items() if value not in shown}
    return [
        *(_against(slot, reasons, known) for slot, reasons in judged.items()),
        *(_tick(one, known, value in ticked) for value, one in shown.items()),
    ]


def refuse_unseen(choices: Choices, agreed: Mapping[Slot, frozenset[str]]) -> None:
    """Raise Refused("against") if something is against one of these times that its page did not show.

    `agreed` has, by time, the codes that it did. What binds staff is asked once more by the verb, under its lock.
    """
    for slot, codes in agreed.items():
        found = _why_not(choices, slot)
        if why_not.codes(found) - codes:
            at = when.short(slot.start, choices.clinic.zone)
            raise Refused("against", f"Look first at what is against {at}. It stands beside the time.")


def _judged(known: Case, values: list[str]) -> dict[Slot, list[Reason]]:
    """What is against each of these times, which are not among the free ones. What is no time at all is left out."""
    judged = {}
    for value in values[: limits.lists.TICKED_TIMES_READ]:
        try:
            slot = read_slot(value, known.choices.practitioners, known.choices.minutes)
        except ValidationError:
            continue
        judged[slot] = _why_not(known.choices, slot)
    return judged


def _why_not(choices: Choices, slot: Slot) -> list[Reason]:
    consultation = choices.consultation
    wanted = suggestions.wanted_by(consultation)
    return why_not.why_not(slot, wanted, now=choices.now, place=choices.clinic, own=consultation)


def _tick(one: Suggestion, known: Case, ticked: bool) -> Tick:
    at = when.short(one.slot.start, known.zone)
    return Tick(slot_text.of(one.slot), at, known.who(one.slot), one.why, one.tag, ticked)


def _against(slot: Slot, reasons: list[Reason], known: Case) -> Tick:
    codes = why_not.codes(reasons)
    never = bool(codes & against.NEVER)
    return Tick(
        slot_text.of(slot),
        when.short(slot.start, known.zone),
        known.who(slot),
        "" if reasons else "Free, beyond the three weeks that are looked through",
        "" if never else "Yours to decide" if reasons else "",
        not never,
        tuple(reason.words for reason in reasons),
        " ".join(sorted(codes)),
        never,
    )
