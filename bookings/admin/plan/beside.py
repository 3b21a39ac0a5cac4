"""What stands beside the form of a plan: which treatments fit, what the client told us, and what they wanted to ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from bookings import limits
from bookings.admin import health
from bookings.admin.health import Health
from bookings.admin.plan.forms import PlanForms
from bookings.models import ConsultationRequest, PlanQuestion, VisitQuestion
from bookings.workflow.errors import Refused
from clinic.foundation.crypto import opened
from clinic.foundation.forms import CleanText
from clinic.foundation.text import id_in
from content.models import Suitability, Treatment


@dataclass
class Choice:
    """A treatment to add. `fit`: how well it fits which of the client's concerns, in the matrix's words."""

    treatment: Treatment
    score: int = 0
    fit: list[str] = field(default_factory=list)
    is_asked_for: bool = False


@dataclass(frozen=True)
class Answer:
    """A question of theirs with what stands in its box. `seen`: the mark of the answer that this page shows, or showed.

    `theirs`: what was kept meanwhile and differs from what was typed here; None where nobody has to choose between the two.
    """

    question: VisitQuestion
    typed: str
    seen: str
    theirs: str | None = None


@dataclass(frozen=True)
class Beside:
    """`fitting` come first, the best fit at the top; `others` are every other treatment of the clinic."""

    concerns: list[str]
    fitting: list[Choice]
    others: list[Choice]
    told: Health | None
    sealed: str  # why there are no answers although the reader may read them
    questions: list[VisitQuestion]


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


def unlisted(besides: Beside, plan_forms: PlanForms) -> list[Choice]:
    """What they asked about that stands neither among the treatments nor in what was advised against, if a box is free."""
    against = [(str(what.value() or ""), str(why.value() or "")) for what, why in plan_forms.words.against]
    if all(what or why for what, why in against):
        return []
    named = {what.strip().casefold() for what, _ in against}
    named |= {str(line["name"].value() or "").casefold() for line in plan_forms.lines}
    asked = [one for one in besides.fitting if one.is_asked_for]
    return [one for one in asked if one.treatment.name.casefold() not in named]


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
    """What was typed beside the client's questions so far, by their keys. What cannot be kept is left out, and what would
    take the place of another answer unseen.
    """
    found = {}
    field = CleanText(limit=limits.texts.QUESTION_CHARACTERS, lines=True, required=False)
    for one in consultation.visit_questions.all():
        text = data.get(f"answer-{one.pk}")
        if text is not None and not _is_unseen(data, one):
            with suppress(ValidationError):
                found[one.pk] = str(field.clean(text))
    return found


def _typed(data: QueryDict, question: VisitQuestion) -> str:
    return data.get(f"answer-{question.pk}", question.answer)


def _mark(question: VisitQuestion) -> str:
    """Changes whenever somebody settles it, or settles it otherwise."""
    return question.settled_at.isoformat() if question.settled_at else "open"


WHOSE = "Another answer to a question of theirs was kept meanwhile. Say which of the two it is to be."


def _differs(data: QueryDict, question: VisitQuestion) -> bool:
    return _typed(data, question).split() != question.answer.split()


def typed(
    data: QueryDict, about: Sequence[PlanQuestion], besides: Beside, *, conflicted: bool
) -> dict[str, Any]:
    """What was typed and ticked beside the plan, each answer with its question; what they asked about a plan (`about`) apart
    by whether it has its answer. What was typed to one that somebody else has answered is shown beside that answer.
    """
    do, _, key = data.get("do", "").partition(":")
    taken = id_in(key) if do == "take" else 0
    # An answer that was taken back stands in its box again.
    kept = {one.pk: "" if one.replied_at else one.answer for one in about}
    replies = [(one, data.get(f"reply-{one.pk}", kept[one.pk]).strip()) for one in about]
    number = _unanswered(data, besides.questions)
    return {
        "questions": shown(data, besides.questions, conflicted=conflicted, taken=taken),
        "unanswered": number,
        "waits": waits(number),
        "asked": [(one, text) for one, text in replies if one.replied_at is None],
        "answered": [
            (one, "" if text == one.answer else text) for one, text in replies if one.replied_at is not None
        ],
        "although": data.getlist("although"),
    }


def unanswered(data: QueryDict, consultation: ConsultationRequest) -> int:
    """How many of their questions are neither settled nor answered in writing, kept or typed. One statement."""
    return _unanswered(data, consultation.visit_questions.all())


def _unanswered(data: QueryDict, questions: Iterable[VisitQuestion]) -> int:
    return sum(one.is_open and not _typed(data, one).strip() for one in questions)


def waits(number: int) -> str:
    """'2 questions of theirs are neither answered nor put off'; empty for none."""
    many = f"{number} questions of theirs are" if number > 1 else "1 question of theirs is"
    return f"{many} neither answered nor put off" if number else ""


def shown(
    data: QueryDict, questions: Collection[VisitQuestion], *, conflicted: bool = False, taken: int = 0
) -> list[Answer]:
    """Each with what was typed to it; where another answer was kept meanwhile, with that one too.

    `conflicted`: somebody else was first, so that an answer that nobody has settled yet may be theirs. `taken`: the question
    (by key) of which the kept answer takes the place of what was typed.
    """
    found = []
    for one in questions:
        seen = data.get(f"seen-{one.pk}", _mark(one))
        if conflicted and one.is_open and one.answer:
            seen = "other"
        if one.pk == taken or not _differs(data, one) or seen == _mark(one):
            typed = one.answer if one.pk == taken else _typed(data, one)
            found.append(Answer(one, typed, _mark(one)))
            continue
        theirs = one.answer or f"Nothing in writing. It is marked as: {one.get_state_display().lower()}."
        found.append(Answer(one, _typed(data, one), seen, theirs))
    return found


def unseen(data: QueryDict, consultation: ConsultationRequest, key: int | None = None) -> bool:
    """Whether what was typed to a question (that with this key, or any) would take the place of another answer, and nobody
    has said that it shall. One statement.
    """
    mine = consultation.visit_questions.all()
    return any(_is_unseen(data, one) for one in mine if key is None or one.pk == key)


def _is_unseen(data: QueryDict, one: VisitQuestion) -> bool:
    was_other = data.get(f"seen-{one.pk}", _mark(one)) != _mark(one)
    return was_other and f"mine-{one.pk}" not in data and _differs(data, one)


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
