"""What stands beside the form of a plan: which treatments fit, what the client told us, and what they wanted to ask."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from bookings import limits
from bookings.admin import health
from bookings.admin.health import Health
from bookings.models import ConsultationRequest, VisitQuestion
from bookings.workflow.errors import Refused
from clinic.foundation.crypto import opened
from clinic.foundation.forms import CleanText
from content.models import Suitability, Treatment


@dataclass
class Choice:
    """A treatment to add. `fit`: how well it fits which of the client's concerns, in the matrix's words."""

    treatment: Treatment
    score: int = 0
    fit: list[str] = field(default_factory=list)
    is_asked_for: bool = False


@dataclass(frozen=True)
class Beside:
    """`fitting` come first, the best fit at the top; `others` are every other treatment of the clinic."""

    concerns: list[str]
    fitting: list[Choice]
    others: list[Choice]
    told: Health | None
    sealed: str  # why there are no answers although the reader may read them
    questions: list[VisitQuestion]

    @property
    def open_questions(self) -> int:
        return sum(one.is_open for one in self.questions)


def of(consultation: ConsultationRequest, chosen: Collection[str] | None) -> Beside:
    """Read it, of a request that has `its_treatments` (bookings/queries/one_request.py); treatments to choose from only
    where a plan is being written: all but those in it (`chosen`, keys as text). At most six statements.
    """
    concerns = list(consultation.concerns.all())
    told, sealed = health.answers(consultation)
    choices = [] if chosen is None else _choices(consultation, chosen)
    return Beside(
        concerns=[one.name for one in concerns],
        fitting=[one for one in choices if one.score or one.is_asked_for],
        others=[one for one in choices if not one.score and not one.is_asked_for],
        told=told,
        sealed=sealed,
        questions=list(consultation.visit_questions.all()),
    )


def typed_answer(request: HttpRequest, field_name: str, *, needed: bool = False) -> str:
    """The words of the answer. Raises Refused for what cannot be kept, and for none if it is `needed`."""
    field = CleanText(limit=limits.texts.QUESTION_CHARACTERS, lines=True)
    try:
        text = str(field.clean(request.POST.get(field_name, "")))
    except ValidationError as error:
        raise Refused("words", " ".join(error.messages)) from error
    if needed and not text:
        raise Refused("words", "Write the answer.")
    return text


def answers(data: QueryDict, consultation: ConsultationRequest) -> dict[int, str]:
    """What was typed beside the client's questions so far, by their keys; what cannot be kept is left out."""
    found = {}
    field = CleanText(limit=limits.texts.QUESTION_CHARACTERS, lines=True, required=False)
    for one in consultation.visit_questions.all():
        if (typed := data.get(f"answer-{one.pk}")) is not None:
            with suppress(ValidationError):
                found[one.pk] = str(field.clean(typed))
    return found


def _choices(consultation: ConsultationRequest, chosen: Collection[str]) -> list[Choice]:
    """Every other treatment of the clinic with its fit, the best first."""
    choices = {one.pk: Choice(one) for one in Treatment.objects.offered() if str(one.pk) not in chosen}
    cells = Suitability.objects.published().filter(
        concern__in=consultation.concerns.all(), treatment__in=list(choices), score__gte=1
    )
    for cell in cells.select_related("concern").order_by("-score", "concern__order"):
        one = choices[cell.treatment_id]
        words = f"{cell.get_score_display().lower()} for {cell.concern.name.lower()}"
        one.fit.append(f"{words}, a specialist decides" if cell.specialist_only else words)
        one.score = max(one.score, cell.score)
    asked = (opened(consultation.answers, "data") if hasattr(consultation, "answers") else None) or {}
    for one in choices.values():
        one.is_asked_for = one.treatment.code in asked.get("treatments", ())
    return sorted(choices.values(), key=lambda one: (-one.score, not one.is_asked_for, one.treatment.order))
