"""The plan after a visit: written, sent, and expired. What the client says to it is in plan_answer.py.

A verb about a plan is a verb of its request: the request's version tells who was first, whatever both wanted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bookings import outbox
from bookings.models import ConsultationRequest, ConsultationType, Note, Plan, PlanLine, PlanPhrase
from bookings.models.plan import (
    HOW_LONG,
    LineWords,
    PlanWords,
    lawful,
    without_care_sheet,
    words_of,
    words_of_line,
)
from bookings.plan_rules import NEVER, Found
from bookings.queries import plans
from bookings.queries.clinic import Clinic
from bookings.queries.visit_questions import open_questions
from bookings.states import PLAN_TABLE, SUPERSEDES, PlanOutcome, PlanStatus
from bookings.workflow import core, visit_questions
from bookings.workflow.core import Change, Origin, add_note, verb
from bookings.workflow.errors import Refused
from clinic.foundation import when
from content import prices
from content.models import Treatment


@dataclass(frozen=True, slots=True)
class Line:
    """One treatment as the practitioner chose it. Days are whole; prices in minor units of the clinic's currency.

    `after`: the place, from 0, of the line of the same plan that it follows, and without which it is not done.
    """

    treatment: Treatment | None
    kind: ConsultationType | None
    words: LineWords
    sessions: tuple[int, int]
    gap_days: int
    wait_days: int
    price: tuple[int, int]
    times: tuple[int, int]
    after: int | None = None

    @property
    def is_uncounted(self) -> bool:
        """Nobody has said yet how many scars or syringes there are, and the price is for one."""
        counts = not prices.is_per_visit(self.words.basis)
        return counts and bool(self.price[1]) and not self.times[1]


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that a practitioner writes into a plan."""

    outcome: PlanOutcome
    words: PlanWords
    lines: Sequence[Line] = ()
    valid_until: date | None = None  # None: as long as the booking rules say


@verb
def write_plan(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    written: Written,
    answers: Mapping[int, str] | None = None,
    tab: str = "",
) -> ConsultationRequest:
    """Keep this as the request's draft, in place of the one before. Nobody is told. It need not be ready to be sent.

    `answers`: what was typed so far to questions of the client (by key) that are not answered yet. `tab`: which tab of a
    browser it comes from.
    """
    with core.change(consultation, "write_plan", origin) as change:
        change.fact(plan=_draft(change, written).pk)
        if tab:
            change.fact(tab=tab)
        visit_questions.keep_typed(change, answers or {})
    return change.consultation


def keep_phrase(place: str, name: str, words: str) -> bool:
    """Keep a phrase for all who write plans; whether it is new. Raises ValidationError for one that could not be used."""
    PlanPhrase(place=place, name=name, words=words).full_clean()
    _, is_new = PlanPhrase.objects.get_or_create(place=place, name=name, words=words)
    return is_new


@verb
def send_plan(
    consultation: ConsultationRequest,
    origin: Origin,
    *,
    written: Written,
    although: Collection[str] = (),
    answers: Mapping[int, str] | None = None,
) -> ConsultationRequest:
    """Send this to the client, in place of whatever plan they had. What is answered in writing is answered by it.

    `answers` are as those of `write_plan`. `although` has the codes of bookings/plan_rules.py that the practitioner goes
    past; `origin.because` says why and is kept as an internal note.

    Raises Refused: "incomplete" (a sentence says what is missing), "past" (its last day is over), "questions" (one of the
    client's is neither answered nor put off), "rules" (with what speaks against it), or "because" without a reason.
    """
    with core.change(consultation, "send_plan", origin) as change:
        _refuse_incomplete(written)
        visit_questions.keep_typed(change, answers or {})
        visit_questions.settle_written(change)
        if open_questions(change.consultation):
            raise Refused("questions", "Answer what they wanted to ask first, or put it off.")
        plan = _draft(change, written)
        if plan.valid_until < when.local_day(change.now, change.clinic.zone):
            raise Refused("past", "Its last day is over. Choose a later one, or leave it empty.")
        _refuse_rules(change, plan, written, although)
        _replace(change)
        plan.status, plan.sent_at = PlanStatus.SENT, change.now
        plan.save(update_fields=["status", "sent_at", "although"])
        change.fact(plan=plan.pk)
        outbox.queue(
            change.consultation,
            "plan_ready",
            now=change.now,
            not_before=change.mails_go,
            facts={"plan": plan.pk},
            by_staff=True,
        )
    return change.consultation


@verb
def expire_plan(consultation: ConsultationRequest, origin: Origin) -> ConsultationRequest:
    """The clock: the last day of a plan that nobody answered is over. Raises Refused("nothing")."""
    with core.change(consultation, "expire_plan", origin) as change:
        today = when.local_day(change.now, change.clinic.zone)
        plan = Plan.objects.filter(
            request=change.consultation,
            status=PlanStatus.SENT,
            outcome=PlanOutcome.SUITS,
            valid_until__lt=today,
        ).first()
        if plan is None:
            raise Refused("nothing", "No plan has run out.")
        move(plan, "expire_plan", PlanStatus.EXPIRED)
        change.fact(plan=plan.pk)
    return change.consultation


def move(plan: Plan, verb_name: str, to: PlanStatus) -> None:
    """Set and save the plan's state. The caller's change has locked its request. Raises ValueError past the table."""
    if to not in PLAN_TABLE[verb_name].get(plan.state, ()):
        raise ValueError(f"{verb_name} leads from {plan.state} to nothing like {to}")
    plan.status = to
    plan.save(update_fields=["status"])


def _draft(change: Change, written: Written) -> Plan:
    """The request's draft with these words and lines: the row of the earlier draft, if there is one."""
    consultation, place = change.consultation, change.clinic
    today = when.local_day(change.now, place.zone)
    plan = Plan.objects.filter(request=consultation, status=PlanStatus.DRAFT).first()
    if plan is None:
        plan = Plan(
            request=consultation,
            number=consultation.plans.count() + 1,
            status=PlanStatus.DRAFT,
            created_at=change.now,
        )
    plan.outcome = written.outcome
    plan.words = words_of(written.words)
    plan.currency = place.profile.currency
    plan.visit_on = plans.visit_day(consultation, place.zone)
    plan.valid_until = written.valid_until or today + timedelta(days=place.rules.plan_days)
    plan.think_days = place.rules.think_days
    plan.although = ""
    plan.author_label, plan.author_id = change.actor.label, change.actor.id
    plan.save()
    plan.lines.all().delete()
    lines = _lawful(written.lines)
    rows = PlanLine.objects.bulk_create(_row(plan, number, line) for number, line in enumerate(lines, 1))
    followers = []
    for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
        if line.after is not None and line.after != number and line.after < len(rows):
            row.after = rows[line.after]
            followers.append(row)
    PlanLine.objects.bulk_update(followers, ["after"])
    return plan


def _lawful(lines: Sequence[Line]) -> list[Line]:
    """None before the one that it follows: so they stand in the letter, in the editor, and where visits are arranged."""
    order = lawful([line.after for line in lines])
    places = {was: place for place, was in enumerate(order)}
    return [
        replace(line, after=None if line.after is None else places.get(line.after, line.after))
        for line in (lines[was] for was in order)
    ]


def _row(plan: Plan, position: int, line: Line) -> PlanLine:
    return PlanLine(
        plan=plan,
        position=position,
        treatment=line.treatment,
        kind=line.kind,
        words=words_of_line(_with_facts(line)),
        sessions_from=line.sessions[0],
        sessions_to=line.sessions[1],
        gap_days=line.gap_days,
        wait_days=line.wait_days,
        price_from=line.price[0],
        price_to=line.price[1],
        times_from=line.times[0],
        times_to=line.times[1],
    )


def _with_facts(line: Line) -> LineWords:
    """Its words with what the content says now of how it feels and heals. What was typed by hand has no such facts."""
    known = line.treatment
    if known is None:
        return replace(line.words, feels="", heals="", version=0)
    return replace(line.words, feels=known.comfort, heals=_heals(known), version=known.live_id or 0)


def _heals(known: Treatment) -> str:
    """How it heals, as the content says. Where that leaves it to a care sheet, which nobody has before they are treated:
    what the content says of each phase, and who says how long.
    """
    told = without_care_sheet(known.downtime)
    if told == known.downtime:
        return told
    phases = [f"{part}: {said}." for part, words in known.recovery if (said := without_care_sheet(words))]
    return " ".join([f"{told}." if told else "", *phases, HOW_LONG]).replace("..", ".").strip()


def missing(written: Written) -> list[tuple[str, str]]:
    """What a client could not understand or use it without: its field, and a sentence. "kind:2" is that of line 2, from 0;
    "lines" are all of them.
    """
    words, suits = written.words, written.outcome == PlanOutcome.SUITS
    wanted = {
        ("findings", "Say what you saw, in plain words."): not words.findings,
        ("lines", "Choose at least one treatment."): suits and not written.lines,
        ("because", "Say why."): not words.because,
        ("can", "Say what it can do."): suits and not words.can,
        ("cannot", "Say what it cannot do."): suits and not words.cannot,
        ("back", "Say when to come back."): written.outcome == PlanOutcome.NOT_NOW and not words.back,
        ("next_step", "Say what the next step is."): not words.next_step,
        (
            "lines",
            "Take out the treatments: the plan says that none is to be had now.",
        ): not suits and bool(written.lines),
    }
    found = [place for place, is_missing in wanted.items() if is_missing]
    for number, one in enumerate(words.against):
        if not one.name or not one.why:
            found.append((f"against_{number}", "Say what you advised against, and why."))
    for number, line in enumerate(written.lines):
        if line.sessions[1] and line.kind is None:
            found.append((f"kind:{number}", f"Say what the sessions of {line.words.name} are booked as."))
        if line.is_uncounted:
            found.append((f"times_from:{number}", f"Enter how many {prices.unit(line.words.basis)}s."))
        if line.after is not None and not _begins(number, written.lines):
            found.append((f"after:{number}", f"{line.words.name} would follow itself. Choose another."))
    return found


def _begins(number: int, lines: Sequence[Line]) -> bool:
    """Whether the chain of what this line follows has a beginning, and leads nowhere else."""
    passed: set[int] = set()
    place: int | None = number
    while place is not None and place < len(lines) and place not in passed:
        passed.add(place)
        place = lines[place].after
    return place is None


def _refuse_incomplete(written: Written) -> None:
    """What a client could not understand or use is not sent."""
    if said := [sentence for _, sentence in missing(written)]:
        raise Refused("incomplete", " ".join(said))


def against(written: Written, consultation: ConsultationRequest, place: Clinic) -> list[Found]:
    """What the rules have against sending this: what a page says before the button is pressed."""
    lines = [
        plans.proposed(
            line.words.name,
            line.treatment,
            line.kind,
            sessions=line.sessions[1],
            gap_days=line.gap_days,
            wait_days=line.wait_days,
        )
        for line in written.lines
    ]
    return plans.rules_against(lines, written.words.applies, consultation, place)


def _refuse_rules(change: Change, plan: Plan, written: Written, although: Collection[str]) -> None:
    found = against(written, change.consultation, change.clinic)
    new = [one for one in found if one.rule in NEVER or one.rule not in although]
    if new:
        raise Refused("rules", _sentences(new))
    if found and not change.origin.because:
        raise Refused("because", "Say why the rule does not hold this time.")
    if found:
        plan.although = " ".join(one.rule for one in found)
        # How many, not which: events are not encrypted, and a rule says what somebody takes or has.
        change.fact(rules_past=len(found))
        add_note(change, Note.Kind.INTERNAL, change.origin.because)


def _sentences(found: Sequence[Found]) -> str:
    return " ".join(one.words for one in found)


def _replace(change: Change) -> None:
    """Whatever plan the client had counts no more. What came of it stays until they say yes to the new one."""
    for old in Plan.objects.filter(request=change.consultation, status__in=SUPERSEDES):
        change.was.plans[str(old.pk)] = old.status
        change.fact(replaces=old.pk)
        old.status = PlanStatus.SUPERSEDED
        old.save(update_fields=["status"])
