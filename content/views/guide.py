"""The guide: the questions in steps and, in answer to them, the result. Nothing is stored, set or logged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinic.foundation.responses import SeeOther
from content.guide import rows, steps
from content.guide.answers import in_words_by_name
from content.guide.form import GuideForm, rest_in_person, sent
from content.guide.rules import URGENT, suggest
from content.guide.steps import STEPS, Step
from content.guide.values import Concern
from content.models import ClinicProfile
from content.pictures.drawings import TONES, USUAL
from content.queries import public
from content.views.frame import rendered, written

Concerns = list[tuple[Concern, str]]

URGENT_HELP_URL = "/urgent-help/"
_TIME_OFF = (0, 3, 7, 14)
# What the first page is called until an editor has written it.
_TITLE = "Which treatments to ask about"
_SUMMARY = (
    "A few short questions. The answer is a list of treatments to ask about, and what we left out and why."
)


# Exempt: a POST here changes nothing, needs no session and shows nothing but its own answers, so there is nothing to forge.
# A token would need a cookie, and the first page could not be cached.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
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
    at = steps.named(request.POST.get("at", "")) or STEPS[-1]
    post = rest_in_person(request.POST, at) if "in_person" in request.POST else request.POST
    if to := steps.named(post.get("to", "")):
        return _page(request, to, GuideForm(initial=sent(post), concerns=concerns), post)
    form = GuideForm(post, concerns=concerns)
    if form.is_valid():
        return _result(request, form, concerns)
    step = steps.first_of(form.errors)
    if step.number > at.number:
        return _page(request, step, GuideForm(initial=sent(post), concerns=concerns), post)
    form.show_errors_of(step)
    return _page(request, step, form, post)


def _first_page(request: HttpRequest, form: GuideForm) -> HttpResponse:
    context = written("guide", _TITLE, _SUMMARY) | _asked(STEPS[0], form, QueryDict())
    return rendered(request, "content/guide.html", context | {"clinic": ClinicProfile.current()})


def _page(request: HttpRequest, step: Step, form: GuideForm, post: QueryDict) -> HttpResponse:
    return render(request, "content/guide.html", {"title": step.heading} | _asked(step, form, post))


def _asked(step: Step, form: GuideForm, post: QueryDict) -> dict[str, Any]:
    """What a page of questions needs, beside its title."""
    return {
        "step": step,
        "steps": STEPS,
        "form": form,
        "fields": [form[name] for name in step.names],
        "carried": list(form.carried(post, step)),
        "tones": TONES,
        "tone": _tone(post),
        "section": "guide",
    }


def _tone(post: QueryDict) -> str:
    """The tone of skin in which the reader wants the drawings. No answer: no rule reads it, and no request keeps it."""
    tone = post.get("tone", "")
    return tone if tone in TONES else USUAL


def _result(request: HttpRequest, form: GuideForm, concerns: Concerns) -> HttpResponse:
    answers = form.answers()
    result = suggest(answers, rows.cells(answers, concerns))
    if result.stop == URGENT:
        return SeeOther(URGENT_HELP_URL)
    if result.stop:
        return render(request, "content/guide_under_18.html", {"result": result})
    said = in_words_by_name(answers, {concern.code: concern.name for concern, _ in concerns})
    context = {
        "result": result,
        "answers": answers,
        "said": [(step, [said[name] for name in step.names]) for step in STEPS],
        "tiles": [] if result.concerns else public.tiles(),
        "tone": _tone(request.POST),
        "days": _days(request.POST),
        "choices_of_days": _TIME_OFF,
        "sources": result.sources,
        "section": "guide",
    }
    return render(request, "content/guide_result.html", context)


def _days(post: QueryDict) -> int | None:
    """How many days off somebody can take. It marks what fits; it hides nothing and ranks nothing, so no rule reads it."""
    return next((days for days in _TIME_OFF if str(days) == post.get("days")), None)
