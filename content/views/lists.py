"""/treatments/, /costs/, /faqs/, /team/ and /articles/: what the rows say, and the text that an editor writes around it.

Readers choose and sort by plain links: no script and no form.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from content.display import costs as sums
from content.display import signatures
from content.matrix import citations, comparison, fits
from content.models import Concern, visit_fees
from content.queries import public
from content.ready.marks import ANY, not_kept
from content.text import markdown
from content.views import shown
from content.views.frame import rendered, written
from content.views.layout import contents_of, spread
from content.views.readers import for_readers, for_readers_who_choose


@for_readers_who_choose(**{"for": ANY, "sort": [way.value for way in comparison.Sort]})
def treatments(request: HttpRequest) -> HttpResponse:
    """The comparison. `?for=` is a concern's opaque name, `?sort=` one of comparison.Sort; what is unknown is left aside."""
    edition = shown.of(request)
    clinic = edition.clinic
    choices = public.concerns_to_choose()
    asked = request.GET.get("for", "")
    choice = next((choice for choice in choices if choice.concern.public_id == asked), None)
    chosen = choice.concern if choice else None
    sort = comparison.wanted(request.GET.get("sort", ""))
    compared = public.compared(chosen, clinic.currency).sorted(sort)
    days = [row.treatment.price_reviewed_on for row in compared.lines]
    context = written(
        edition,
        "treatments",
        "Treatments",
        "What we offer, what each treatment may help with, and how long it takes to heal. "
        "Only a clinician who has seen your skin can say what suits you.",
    )
    names = signatures.under(compared.rows, prices=any(row.price for row in compared.lines))
    context |= {
        "clinic": clinic,
        "signed": names,
        "signed_by_others": names.others(context["page"]),
        "chosen": chosen,
        "chosen_drawing": choice.drawing if choice else "",
        "chosen_words": fits.inside(chosen.name) if chosen else "",
        "lost": bool(asked) and chosen is None,
        "compared": compared,
        "blocks": [compared.block] if compared.block else [],
        "sources": citations.extended(context["sources"], compared.block.fits if compared.block else ()),
        "priced_on": min((day for day in days if day), default=None),
        "section": "treatments",
        **_links(request.path, choices, chosen, sort),
    }
    response = rendered(request, "content/treatments.html", context)
    return not_kept(response) if context["lost"] else response


def _links(
    path: str, choices: list[comparison.Choice], chosen: Concern | None, sort: comparison.Sort
) -> dict[str, Any]:
    """The links that choose another concern or another order. What a reader chose stays while the other changes."""
    return {
        "sort": sort,
        "choices": [(choice, path + comparison.query(choice.concern, sort)) for choice in choices],
        "everything_url": path + comparison.query(None, sort),
        "sorts": [(way, path + comparison.query(chosen, way)) for way in comparison.Sort],
    }


@for_readers
def costs(request: HttpRequest) -> HttpResponse:
    """How prices work, the price list and example plans. A text without the slots gets both at its end."""
    edition = shown.of(request)
    clinic = edition.clinic
    treatments, urls = public.prices()
    today = timezone.localdate(timezone=clinic.zone)
    context = written(
        edition, "costs", "Costs", "What a first visit and each treatment cost, and how we work it out."
    )
    slots = {part.content for part in context["parts"] if part.kind == "slot"}
    visits = [fee for told in visit_fees for fee in told()]
    prices = sums.price_list(treatments, urls, clinic.currency, today)
    context |= {
        "clinic": clinic,
        "contents": contents_of(context["parts"], questions=bool(context["faqs"])),
        "missing": [name for name in ("prices", "plans") if name not in slots],
        "parts": spread(context["parts"]),
        "visits": sums.other_visits(visits, clinic),
        "first_paid": sums.first_paid(visits, clinic),
        "prices": prices,
        "checked_on": sums.checked_on(prices),
        "plans": sums.plans(public.example_plans(), urls, clinic),
        "signed": signatures.under((), prices=True),
        "section": "costs",
    }
    return rendered(request, "content/costs.html", context)


@for_readers
def faqs(request: HttpRequest) -> HttpResponse:
    """Every question with its answer open, so that a link to one of them needs no script to show it."""
    edition = shown.of(request)
    context = written(
        edition,
        "faqs",
        "Questions people ask",
        "Short, honest answers about acne scars, treatments, safety, cost and your information.",
    )
    groups = [
        (group, [(faq, markdown.render(faq.answer)) for faq in group.faqs]) for group in public.questions()
    ]
    context |= {"clinic": edition.clinic, "groups": groups}
    every = [(faq.question, answer) for _, answers in groups for faq, answer in answers]
    return rendered(request, "content/faqs.html", context, home_of=every)


@for_readers
def team(request: HttpRequest) -> HttpResponse:
    """Who works here: role, register, what they do, and which pages they checked."""
    edition = shown.of(request)
    context = written(
        edition, "team", "Our team", "Who you meet here, what they do, and which register lists them."
    )
    pieces = context["parts"]
    context |= {
        "clinic": edition.clinic,
        "people": public.team(),
        "parts": spread(part for part in pieces if part.kind != "picture"),
        "places": [part for part in pieces if part.kind == "picture"],
        "section": "team",
    }
    return rendered(request, "content/team.html", context)


@for_readers
def articles(request: HttpRequest) -> HttpResponse:
    """Every article."""
    edition = shown.of(request)
    context = written(
        edition, "articles", "Articles", "Longer reads: what to know before a treatment, during it and after."
    )
    context |= {"clinic": edition.clinic, "articles": public.articles()}
    return rendered(request, "content/articles.html", context)
