"""What the desk notes that a client says to a plan on the phone, and what it answers: the verb behind each button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, QueryDict

from bookings import limits
from bookings.admin.plan import beside
from bookings.client.plan import words
from bookings.client.plan.forms import PlanForm
from bookings.client.plan.words import PlanShown
from bookings.models import ConsultationRequest, Plan, Weekday
from bookings.queries.clinic import Clinic
from bookings.states import LineAnswer
from bookings.workflow import plan_answer
from bookings.workflow.core import Origin
from bookings.workflow.errors import Refused
from clinic.foundation import when
from clinic.foundation.text import id_in

SAID = ("reply", "yes", "no", "back", "no_back")


def take_down(
    request: HttpRequest,
    consultation: ConsultationRequest,
    origin: Origin,
    found: Plan | None,
    place: Clinic,
) -> None:
    """Call the verb of the pressed button, one of `SAID`. Raises what it raises."""
    name, _, about = request.POST["do"].partition(":")
    key = found.pk if found else 0
    calls: dict[str, Callable[[], object]] = {
        "reply": lambda: plan_answer.answer_about_plan(
            consultation,
            origin,
            question=id_in(about),
            text=beside.typed_answer(request, f"reply-{about}", needed=True),
        ),
        "yes": lambda: _yes(request.POST, consultation, origin, found, place),
        "no": partial(plan_answer.decline_plan, consultation, origin, plan=key),
        "back": partial(plan_answer.take_back_plan, consultation, origin, plan=key),
        "no_back": partial(plan_answer.take_back_plan, consultation, origin, plan=key, answer=LineAnswer.NO),
    }
    calls[name]()


def _yes(
    data: QueryDict, consultation: ConsultationRequest, origin: Origin, found: Plan | None, place: Clinic
) -> None:
    said = [id_in(one) for one in data.getlist("said")[: limits.plans.MOST_LINES]]
    if found is None:
        plan_answer.accept_plan(consultation, origin, plan=0, lines=said)
        return
    form = times(words.shown(found, when.local_day(origin.now, place.zone), place.zone), place, data)
    if not form.is_valid():
        raise Refused("times", " ".join(message for _, message in form.problems()))
    given = {"windows": form.windows(), "about_times": form.cleaned_data["about_times"]}
    plan_answer.accept_plan(consultation, origin, plan=found.pk, lines=said, **given)


def times(shown: PlanShown, place: Clinic, data: QueryDict | None = None) -> PlanForm:
    """When its visits would suit them: the same questions as on the client's own page."""
    form = PlanForm(shown, {row.weekday for row in place.opening} or set(Weekday.values), data)
    form.fields["about_times"].label = "Anything about their times? (optional)"
    form.fields["about_times"].help_text = "All of the desk reads it: nothing about health."
    return form
