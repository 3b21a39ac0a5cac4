"""The guide: the questions in steps and, in answer to them, the result. Nothing is stored, set or logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinic.foundation.responses import SeeOther
from content.display.costs import starting_prices
from content.guide import rows, steps
from content.guide.answers import BESIDE_HEALTH, BURNS, HEALTH, YES, in_words_by_name
from content.guide.form import ASKED, TICKS, GuideForm, answered, sent
from content.guide.opening import heading, opening
from content.guide.rules import URGENT, suggest
from content.guide.steps import HEALTH_STEP, SEE, STEPS, USUALLY, Step
from content.guide.values import Concern
from content.guide.which import barely, which
from content.pictures.drawings import USUAL
from content.queries import public
from content.ready.marks import kept
from content.views import shown
from content.views.frame import rendered, written

Concerns = list[tuple[Concern, str]]

URGENT_HELP_URL = "/urgent-help/"
_TIME_OFF = (0, 3, 7, 14)
# In which tone of skin the drawings of the answer are, by what was said of the sun. CSS does the same on the first page.
_TONES = {BURNS: "light", "brown_black": "deep"}
# What the first page is called until an editor has written it.
_TITLE = "Which treatments to ask about"
_SUMMARY = "A few taps, about a minute. The answer is a list of treatments to ask about, and what we left out and why."


# Exempt: a POST here changes nothing, needs no session and shows nothing but its own answers, so there is nothing to forge.
# A token would need a cookie, and the first page could not be cached.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@kept()
def guide(request: HttpRequest) -> HttpResponse:
    """GET asks the first question. POST answers with the next step, with what is missing in this one, or with the result.

    `at` is the step that was answered; `to` is one to go back to, with everything still filled in.
    """
    concerns = rows.concerns()
    if request.method != "POST":
        return _first_page(request, GuideForm(concerns=concerns))
    response = _answered(request, concerns)
    # For this browser alone, which may show the page again when somebody comes back to it. With no-store it would say
    # that the page has expired, as each of these pages is the answer to a form.
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _answered(request: HttpRequest, concerns: Concerns) -> HttpResponse:
    post = answered(request.POST)
    if to := steps.named(post.get("to", "")):
        return _page(request, to, GuideForm(initial=sent(post), concerns=concerns), sent(post))
    form = GuideForm(post, concerns=concerns)
    if form.is_valid():
        return _result(request, form, concerns)
    at, step = steps.named(post.get("at", "")) or STEPS[-1], form.step()
    if step.number > at.number or (step is at and form.asks_more):
        return _page(request, step, GuideForm(initial=sent(post), concerns=concerns), sent(post))
    form.show_errors_of(step)
    return _page(request, step, form, sent(post))


def _first_page(request: HttpRequest, form: GuideForm) -> HttpResponse:
    edition = shown.of(request)
    context = written(edition, "guide", _TITLE, _SUMMARY) | _asked(SEE, form, {})
    return rendered(request, "content/guide.html", context | {"clinic": edition.clinic})


def _page(request: HttpRequest, step: Step, form: GuideForm, given: Mapping[str, Any]) -> HttpResponse:
    return render(request, "content/guide.html", {"title": step.heading} | _asked(step, form, given))


def _asked(step: Step, form: GuideForm, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a page of questions needs, beside its title. `given`: what was answered, unchecked (`form.sent`)."""
    shown: dict[str, Any] = {"step": step, "usually": USUALLY, "form": form, "section": "guide"}
    if step is SEE:
        shown["adult"] = given.get("adult") == YES
        hidden = [*SEE.names, TICKS] if not shown["adult"] else [*SEE.names[:-1], TICKS]
    elif step is HEALTH_STEP:
        shown["lines"], hidden = form.lines(given), [TICKS]
        shown["asked"] = [line.box.data["value"] for line in shown["lines"][: -len(BESIDE_HEALTH)]]
    else:
        shown["kinds"], shown["unsure"] = form.kinds(given), form.not_sure_about(given)
        shown["asked"], hidden = (
            [name for name in HEALTH if name in given[ASKED]],
            [f.name for f in shown["kinds"]],
        )
    return shown | {"carried": list(form.carried(given, hidden))}


def _result(request: HttpRequest, form: GuideForm, concerns: Concerns) -> HttpResponse:
    answers = form.answers()
    matrix = rows.matrix(answers)
    result = suggest(answers, rows.cells(matrix, concerns))
    if result.stop == URGENT:
        return SeeOther(URGENT_HELP_URL)
    if result.stop:
        return render(request, "content/guide_under_18.html", {"result": result})
    clinic = shown.of(request).clinic
    thin, held = barely(result)
    said = in_words_by_name(answers, {concern.code: concern.name for concern, _ in concerns})
    context = {
        "result": result,
        "which": which(result),
        "barely": thin,
        "better_held": held,
        "heading": heading(result),
        "opening": opening(result, answers),
        "answers": answers,
        "said": [(step, [said[name] for name in step.names if name in said]) for step in STEPS[:USUALLY]],
        "tiles": [] if result.concerns else public.tiles(),
        "tone": _TONES.get(answers.skin, USUAL),
        # Beside the result, never inside: no rule reads a price.
        "prices": starting_prices((row.treatment for row in matrix), clinic.currency),
        "clinic": clinic,
        "days": _days(request.POST),
        "choices_of_days": _TIME_OFF,
        "sources": result.sources,
        "section": "guide",
    }
    return render(request, "content/guide_result.html", context)


def _days(post: QueryDict) -> int | None:
    """How many days off somebody can take. It marks what fits; it hides nothing and ranks nothing, so no rule reads it."""
    return next((days for days in _TIME_OFF if str(days) == post.get("days")), None)
