"""The guide: the questions and, in answer to them, the result. Nothing is stored, set or logged."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from content.guide import rows
from content.guide.answers import in_words
from content.guide.form import GuideForm, sent
from content.guide.rules import suggest
from content.guide.values import Concern
from content.models import ClinicProfile
from content.queries import public
from content.views.frame import rendered, written

Concerns = list[tuple[Concern, str]]

# What heads the page until an editor has written it.
_TITLE = "Which treatments to ask about"
_SUMMARY = (
    "A few short questions. The answer is a list of treatments to ask about, and what we left out and why."
)


# Exempt: a POST here changes nothing, needs no session and shows nothing but its own answers, so there is nothing to forge.
# A token would need a cookie, and the page of questions could not be cached.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HttpRequest) -> HttpResponse:
    """GET asks. POST answers with the result, with the questions again (`change`), or with what is missing."""
    concerns = rows.concerns()
    if request.method != "POST":
        return _questions(request, GuideForm(concerns=concerns))
    if "change" in request.POST:
        response = _questions(request, GuideForm(initial=sent(request.POST), concerns=concerns))
    else:
        form = GuideForm(request.POST, concerns=concerns)
        response = _result(request, form, concerns) if form.is_valid() else _questions(request, form)
    add_never_cache_headers(response)
    return response


def _questions(request: HttpRequest, form: GuideForm) -> HttpResponse:
    context = written("guide", _TITLE, _SUMMARY)
    context |= {"form": form, "section": "guide", "clinic": ClinicProfile.current()}
    return rendered(request, "content/guide.html", context)


def _result(request: HttpRequest, form: GuideForm, concerns: Concerns) -> HttpResponse:
    answers = form.answers()
    result = suggest(answers, rows.cells(answers))
    if result.stop:
        return render(
            request, f"content/guide_{result.stop}.html", {"result": result, "signs": answers.urgent}
        )
    context = {
        "result": result,
        "answers": answers,
        "said": in_words(answers, {concern.code: concern.name for concern, _ in concerns}),
        "drawing": next((c for c, _ in concerns if c.code in answers.concerns), None),
        "tiles": [] if result.concerns else public.tiles(),
        "section": "guide",
    }
    return render(request, "content/guide_result.html", context)
