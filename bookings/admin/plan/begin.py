"""What the form of a plan begins with, and a treatment in it: its sessions, gap, price, risk and reason, of the content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import QueryDict

from bookings import limits
from bookings.admin.plan import forms, kept, phrases
from bookings.admin.plan.forms import PlanForms
from bookings.models import ConsultationRequest, ConsultationType
from bookings.queries import plans
from bookings.queries.clinic import clinic
from bookings.states import PlanStatus
from clinic.foundation import money
from clinic.foundation.crypto import opened
from clinic.foundation.text import id_in
from content.models import Suitability, Treatment

_NUMBERS = re.compile(r"\b(\d{1,2})(?: (?:to|or) (\d{1,2}))?\b(?! (?:month|week|day))")
_WEEKS = re.compile(r"\b(\d{1,2})(?: to \d{1,2})? weeks? apart")
_WORDS = {"once": (1, 1), "no visits": (0, 0)}


def begun(consultation: ConsultationRequest) -> PlanForms:
    """The draft; else, for a new version, what was sent last; else what the client told us."""
    found = plans.draft_of(consultation) or plans.plan_of(consultation)
    if found:
        started, lines = kept.stored(found)
        if found.status != PlanStatus.DRAFT:
            started["valid_until"] = None
        return PlanForms.started(started, lines)
    data = opened(consultation.answers, "data") if hasattr(consultation, "answers") else None
    first = {"applies": (data or {}).get("applies", []), "cannot": forms.CANNOT, "next_step": forms.NEXT_STEP}
    return PlanForms.started(first, [])


def again(data: QueryDict, consultation: ConsultationRequest, now: datetime) -> PlanForms:
    """What was typed, with the ticked treatments added. Only looking: what is missing is no error yet."""
    started, rows = kept.typed(data)
    do, _, about = data.get("do", "").partition(":")
    if do == "phrase":
        phrases.put_in(started, id_in(about))
    if do == "against":
        phrases.advise_against(started, id_in(about))
    if do == "add":  # the ticked, as new lines
        place = clinic(now)
        room = limits.plans.MOST_LINES - len(rows)
        keys = [id_in(key) for key in data.getlist("new")[: limits.plans.MOST_LINES]]
        found = Treatment.objects.offered().filter(pk__in=keys)
        # The best fit first, as they were shown.
        chosen = sorted(found, key=lambda one: keys.index(one.pk))[:room]
        rows += lines(chosen, consultation, place.rules.think_days, place.profile.currency)
    return PlanForms.started(started, rows)


def sessions(words: str, most: int | None) -> tuple[int | None, int | None]:
    """The least and the most sessions of "3 to 6, 4 weeks apart"; None for what the words do not say.

    `most` is the higher number as the content has it beside the words, if it has one.
    """
    text = words.lower()
    for said, numbers in _WORDS.items():
        if said in text:
            return numbers
    if text.startswith("one or more"):
        return 1, most or 1
    found = _NUMBERS.search(text)
    if found is None or text.startswith("no agreed"):
        return None, most
    low = int(found[1])
    return low, max(low, most or int(found[2] or low))


def gap(words: str) -> int | None:
    """Days between two sessions: 28 of "4 weeks apart" and of "a month apart"; None if the words do not say."""
    found = _WEEKS.search(words.lower())
    if found:
        return int(found[1]) * 7
    return 28 if "a month apart" in words.lower() else None


def lines(
    treatments: Iterable[Treatment], consultation: ConsultationRequest, think_days: int, currency: str
) -> list[dict[str, Any]]:
    """A line for each treatment, as the form shows it. Three statements."""
    chosen = list(treatments)
    kinds, why = plans.kinds_of(chosen), _reasons(chosen, consultation)
    return [_line(one, kinds.get(one.pk, []), why.get(one.pk, ""), think_days, currency) for one in chosen]


def _line(
    treatment: Treatment, kinds: list[ConsultationType], why: str, think_days: int, currency: str
) -> dict[str, Any]:
    low, high = (0, 0) if treatment.at_home else sessions(treatment.sessions, treatment.sessions_most)
    kind = kinds[0] if kinds else None
    days = max(gap(treatment.sessions) or 0, kind.interval_days if kind else 0)
    return {
        "treatment": treatment.pk,
        "name": treatment.name,
        "kind": kind.pk if kind and high != 0 else "",
        "sessions_from": low,
        "sessions_to": high,
        "gap_days": days or None,
        "wait_days": max(think_days, kind.cooling_off_days if kind else 0),
        "basis": treatment.cost_basis,
        "price_from": _written(treatment.price_from, currency),
        "price_to": _written(treatment.price_to, currency),
        # How many scars or syringes there are is what the visit found: asked for, never guessed.
        "times_from": 1 if treatment.at_home else "",
        "times_to": "",  # as many as "from", until somebody types a range
        "why": why or treatment.how,
        "risk": treatment.main_risk,
    }


def _written(amount: int | None, currency: str) -> str:
    return "" if amount is None else money.written(amount, currency)


def _reasons(treatments: list[Treatment], consultation: ConsultationRequest) -> dict[int, str]:
    """Why each may suit what the request is about, in the content's sentence for clients."""
    cells = Suitability.objects.filter(
        treatment__in=treatments, concern__in=consultation.concerns.all(), score__gte=1
    ).order_by("score")
    return dict(cells.values_list("treatment", "reason"))
