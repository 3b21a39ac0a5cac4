"""The search. What somebody types here may be about their health: nothing keeps it, and the answer is never cached.

The headers that say so come with settings.PRIVATE_PATHS; no log line carries a query (clinic/logs.py).
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.foundation.text import clean
from content import limits
from content.search import cached_index, reaching, spanish
from content.views import shown

# Shown before anybody has typed: words from what people ask most, in the order of a first visit.
POPULAR = ("Pits and dents", "Dark marks", "Does it hurt?", "What does it cost?", "Time off work", "Laser")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A field; with `?q=` the best results, or what else may help. One statement, and one more if nothing is found."""
    typed = request.GET.get("q", "")
    asked, is_cut = _cut(typed)
    try:
        query, problem = clean(asked, limit=limits.SEARCH_CHARACTERS), ""
    except ValidationError as error:
        query, problem = "", error.messages[0]
    context = {
        "query": query,
        "typed": query or "".join(filter(str.isprintable, asked)),
        "is_cut": is_cut,
        "problem": problem,
        "most_letters": limits.SEARCH_CHARACTERS,
        "section": "search",
    }
    if not query:
        context["popular"] = [(words, _address(words)) for words in POPULAR]
    else:
        index = cached_index.of(request)
        answer = index.answer(query)
        context |= {
            "hits": answer.hits,
            "corrected": answer.corrected if answer.hits else "",
            "spanish": spanish.read(query),
            "reach": reaching.is_asked(query),
            "alarm": answer.is_alarm,
            "filler_sign": answer.filler_sign,
            "despair": answer.is_despair,
        }
        if not answer.hits:
            nearest = [(words, _address(words)) for words in index.suggestions(query)]
            context |= {"nearest": nearest, "tiles": shown.of(request).front.concerns}
    response = render(request, "content/search.html", context)
    # Not even our own pages need to learn from the Referer header what was searched for.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _cut(typed: str) -> tuple[str, bool]:
    """As much of a long question as is read, to the end of a word, and whether something was left out."""
    if len(typed) <= limits.SEARCH_CHARACTERS:
        return typed, False
    start = typed[: limits.SEARCH_CHARACTERS]
    return start.rpartition(" ")[0] or start, True


def _address(words: str) -> str:
    return f"{reverse('content:search')}?{urlencode({'q': words})}"
