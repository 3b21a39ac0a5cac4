"""From the guide into a request: its answers are checked and worked out again, and travel along while the client wants it.

What the guide showed is never believed: only the answers come over, and the rules say once more what they mean.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from bookings import answers as words
from bookings.client.form.asked_before import APPLIES
from bookings.client.form.draft_data import DraftData
from bookings.client.form.order import UNDER_18_URL
from content.guide import answers as guide
from content.guide import kept, rows
from content.guide.answers import Answers
from content.guide.form import GuideForm
from content.guide.rules import UNDER_18, URGENT, alarm, suggest
from content.guide.values import Result

_ELSEWHERE = {UNDER_18: UNDER_18_URL, URGENT: "/urgent-help/"}
GUIDE_URL = "/guide/"
# The names of the guide's answers on the first page of the request begin so.
PREFIX = "guide_"


def inputs(answers: Answers) -> list[tuple[str, str]]:
    """Name and value of what the guide was told, for the hidden fields of the first page, which asks some of it too."""
    return [(PREFIX + name, value) for name, value in answers.inputs()]


def along(post: QueryDict) -> QueryDict:
    """What the guide was told and went along with the first page; empty if nobody came from there."""
    found = QueryDict(mutable=True)
    for name in post:
        if name.startswith(PREFIX):
            found.setlist(name.removeprefix(PREFIX), post.getlist(name))
    return found


def read(post: QueryDict) -> tuple[Answers, Result] | str:
    """The guide's answers in a form and what they mean, or where to go instead, and nothing is kept.

    Incomplete answers were changed on the way, or an editor has removed a concern meanwhile.
    """
    form = GuideForm(post, concerns=rows.concerns())
    if not form.is_valid():
        return GUIDE_URL
    answers = form.answers()
    result = suggest(answers, rows.cells(rows.matrix(answers)))
    return _ELSEWHERE[result.stop] if result.stop else (answers, result)


def prefilled(data: DraftData, answers: Answers, result: Result) -> DraftData:
    """What a draft begins with, beside `data`.

    The age was asked in the same words and is not asked again; the rest is shown filled in. What the guide has
    suggested goes along as its answer. Nobody has chosen it, so it is not ticked as a treatment in mind.
    """
    concerns = [code for code in answers.concerns if code not in guide.BESIDE_CONCERNS]
    if len(concerns) < len(answers.concerns):
        concerns.append(words.NOT_SURE)
    return replace(
        data,
        adult="yes",
        concerns=concerns,
        # "Jaw, chin or neck" and the rest are more than one answer of the request, so they are asked there.
        areas=["face"] if guide.FACE in answers.where else [],
        applies=_applies(answers),
        guide=kept.keep(answers, result),
    )


def _applies(answers: Answers) -> list[str]:
    """What applies, in the request's codes. Whoever would rather say it in person has not said it: both are carried over,
    so that a clinician asks before anything is planned."""
    said = {question: answers.said(question) for question in APPLIES}
    found = [code for question, code in APPLIES.items() if said[question] is guide.Said.YES]
    if any(one.unsure for one in said.values()):
        found.append(words.NOT_SURE)
    if any(answers.answer(question) == guide.IN_PERSON for question in APPLIES):
        found.append("in_person")
    return found


def may_be_both(data: DraftData, reasons: Collection[str]) -> bool:
    """Rule 5a on what a request says: whether isotretinoin and pregnancy could both be true. `reasons`: triage's codes.

    The request has one box for whoever is not sure about any of it. Beside one of the two it may mean the other. Alone it
    may mean neither; then what the guide was told decides.
    """
    both = {guide.ISOTRETINOIN, guide.PREGNANCY} & {*reasons}
    if guide.UNSAID.keys().isdisjoint(data.applies):
        return len(both) == 2
    return bool(both) or (data.guide is not None and bool(alarm(guide.from_data(data.guide["answers"]))))


def travels(data: DraftData) -> bool:
    """Whether the guide's answers go along with the request."""
    return data.guide is not None and not data.guide_left_out


def sent(data: DraftData) -> dict[str, Any]:
    """What is sent of the guide: a key of its own among the health answers, or nothing."""
    return {"guide": data.guide} if travels(data) else {}


def chosen(data: DraftData, wanted: str) -> DraftData | None:
    """The same with "leave" or "keep" from the check page; None if neither was said."""
    if data.guide is None or wanted not in ("leave", "keep"):
        return None
    return replace(data, guide_left_out=wanted == "leave")


def listed(answers: Answers, result: Result) -> list[tuple[str, list[str]]]:
    """The list that the guide showed, as it goes along, in words."""
    names = {one.treatment.code: one.treatment.name for one in (*result.shown, *result.your_choice)}
    return kept.listed(kept.keep(answers, result), names)


def in_words(answers: Answers) -> list[tuple[str, list[str]]]:
    """The answers as the client gave them. Two statements."""
    return guide.in_words(answers, {concern.code: concern.name for concern, _ in rows.concerns()})
