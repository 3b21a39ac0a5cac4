"""Who does what in the races for a plan. Every function here runs in a process of the crew and returns plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.models import User

from bookings import links
from bookings.against import Against
from bookings.availability import Slot
from bookings.models import ConsultationRequest, ConsultationType, Plan, Practitioner
from bookings.models.message import PLAN
from bookings.models.plan import LineWords, PlanWords
from bookings.plan_rules import ADULT
from bookings.states import PlanOutcome
from bookings.workflow import attendance, intake, plan_answer, reply
from bookings.workflow import plan as writing
from bookings.workflow.core import Actor, Origin
from bookings.workflow.plan import Line, Written
from tests import factories
from tests.factories import CLIENT, CLOCK, NOW
from tests.races.crew import Seat
from tests.races.jobs import Outcome, outcome_of

SEEN = timedelta(days=60)  # after NOW, when all of the visits are over
SAID = PlanWords(
    findings="Two dips.",
    because="They are shallow.",
    can="It can help.",
    cannot="It cannot take them away.",
    next_step="We find a time.",
    applies=(ADULT,),
)


def _written() -> Written:
    kind = ConsultationType.objects.get(name="Long")
    line = Line(
        treatment=None,
        kind=kind,
        words=LineWords("One"),
        sessions=(2, 2),
        gap_days=14,
        wait_days=30,
        price=(1000, 2000),
        times=(2, 2),
    )
    return Written(PlanOutcome.SUITS, SAID, (line, line))


def prepare(seat: Seat, starts: Sequence[tuple[int, datetime]]) -> list[tuple[int, int, str]]:
    """Cleo, who came at each numbered start and was sent a plan of two treatments; (number, key, a second link)."""
    ana, dee = Practitioner.objects.order_by("pk")[0].pk, Actor.staff(User.objects.get(username="dee"))
    kind, made = ConsultationType.objects.order_by("pk")[0].pk, []
    for number, start in starts:
        wanted = factories.submission(
            email=f"plan{seat.number}-{number}@example.org",
            start=start,
            practitioner_id=ana,
            consultation_type_id=kind,
        )
        cleo = intake.submit(wanted, Origin(CLIENT, NOW))
        cleo = reply.confirm(cleo, Origin(dee, NOW))
        cleo = attendance.attend(cleo, Origin(dee, NOW + SEEN))
        cleo = writing.send_plan(
            cleo, Origin(dee, NOW + SEEN, because="A test."), written=_written(), although=LAX
        )
        made.append((number, cleo.pk, links.token(links.mint(cleo, now=NOW + SEEN, purpose=PLAN))))
    return made


# Rules that are of no interest here.
LAX = ("interval", "thinking", "consultation", "isotretinoin", "pregnancy")

Move = Callable[[ConsultationRequest, Plan, int], Callable[[], ConsultationRequest]]


def _yes(
    cleo: ConsultationRequest, plan: Plan, version: int, *, lines: slice = slice(None)
) -> ConsultationRequest:
    keys = list(plan.lines.order_by("position").values_list("pk", flat=True))[lines]
    origin = Origin(CLIENT, _last_day(plan), version)
    return plan_answer.accept_plan(cleo, origin, plan=plan.pk, lines=keys)


def _last_day(plan: Plan) -> datetime:
    """Noon of the last day on which it can be accepted."""
    return datetime.combine(plan.valid_until, NOW.timetz()).replace(hour=12)


MOVES: dict[str, Move] = {
    "Cleo says yes to one": lambda cleo, plan, v: partial(_yes, cleo, plan, v, lines=slice(1)),
    "Cleo says yes to the other": lambda cleo, plan, v: partial(_yes, cleo, plan, v, lines=slice(1, 2)),
    "Cleo says yes to both": lambda cleo, plan, v: partial(_yes, cleo, plan, v),
    "Dee sends a newer one": lambda cleo, plan, v: partial(
        writing.send_plan,
        cleo,
        Origin(Actor.staff(User.objects.get(username="dee")), NOW + SEEN, v, because="A test."),
        written=_written(),
        although=LAX,
    ),
    "the clock ends it": lambda cleo, plan, v: partial(
        writing.expire_plan, cleo, Origin(CLOCK, _last_day(plan) + timedelta(days=1), v)
    ),
}


def meet(seat: Seat, keys: Sequence[int], left: str, right: str) -> list[Outcome]:
    """In each round both look at the plan of this request, wait for the other, and act."""
    outcomes = []
    for key in keys:
        cleo = ConsultationRequest.objects.get(pk=key)
        plan = Plan.objects.standing().get(request=cleo)
        verb = MOVES[left if seat.is_left else right](cleo, plan, cleo.version)
        seat.both()
        outcomes.append(outcome_of(verb))
    return outcomes


def say_yes(seat: Seat, keys: Sequence[int]) -> None:
    """Cleo has said yes to both treatments of each of these plans."""
    for key in keys:
        cleo = ConsultationRequest.objects.get(pk=key)
        _yes(cleo, Plan.objects.standing().get(request=cleo), cleo.version)


def take_back_or_book(seat: Seat, keys: Sequence[int]) -> list[Outcome]:
    """In each round Cleo takes her yes back after the time to think, while Dee books the first of its visits."""
    outcomes, dee = [], Actor.staff(User.objects.get(username="dee"))
    for number, key in enumerate(keys):
        cleo = ConsultationRequest.objects.get(pk=key)
        plan = Plan.objects.standing().get(request=cleo)
        visit = ConsultationRequest.objects.filter(session_of__plan=plan).earliest("pk")
        start = _last_day(plan) + timedelta(days=60 + number, hours=2 * (seat.number // 2))
        ana = Practitioner.objects.order_by("pk")[0].pk
        slot = Slot(practitioner_id=ana, start=start, end=start + timedelta(minutes=60))
        agreed = [code.value for code in Against]
        origin = Origin(dee, _last_day(plan), visit.version, because="A test.")
        seat.both()
        if seat.is_left:
            mine = Origin(CLIENT, _last_day(plan), cleo.version)
            outcomes.append(outcome_of(partial(plan_answer.take_back_plan, cleo, mine, plan=plan.pk)))
        else:
            outcomes.append(outcome_of(partial(reply.confirm, visit, origin, slot=slot, although=agreed)))
    return outcomes


def look_at_visits() -> dict[int, list[str]]:
    """The states of the visits of each request's plan, in order."""
    found: dict[int, list[str]] = {}
    for visit in ConsultationRequest.objects.exclude(session_of=None).order_by("pk"):
        assert visit.session_of is not None
        booked = visit.appointments.booked().count()
        found.setdefault(visit.session_of.plan.request_id, []).append(f"{visit.status} {booked}")
    return found


def open_link(seat: Seat, tokens: Sequence[str]) -> list[bool]:
    """Both have found the link, and open it at once: whether a session came of it."""
    opened = []
    for token in tokens:
        link = links.find(token, NOW + SEEN)
        assert link is not None
        seat.both()
        opened.append(links.open_session(link, NOW + SEEN) is not None)
    return opened


@dataclass(frozen=True)
class Stands:
    """A request after its race: the states of its plans by number, its visits by plan, and its last verb."""

    plans: tuple[str, ...]
    said: tuple[str, ...]
    visits: tuple[int, ...]
    verb: str
    version: int


def look() -> dict[int, Stands]:
    found = {}
    for cleo in ConsultationRequest.objects.filter(session_number=None):
        plans = list(cleo.plans.order_by("number"))
        found[cleo.pk] = Stands(
            tuple(plan.status for plan in plans),
            tuple(line.said for plan in plans for line in plan.lines.order_by("position")),
            tuple(ConsultationRequest.objects.filter(session_of__plan=plan).count() for plan in plans),
            cleo.events.latest("version").verb,
            cleo.version,
        )
    return found
