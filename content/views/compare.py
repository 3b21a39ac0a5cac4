"""/treatments/compare/: the two to four treatments that a reader ticked, side by side. Its address is all that it knows.

Drawn for each reader and kept by nobody: thousands of such addresses would push the ready pages off their shelf.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from content.display import signatures
from content.matrix import citations, comparison, fits, side_by_side
from content.models import ClinicProfile
from content.queries import public
from content.ready.marks import not_kept
from content.views.frame import REQUEST_URL, rendered

TITLE = "Treatments side by side"
SUMMARY = (
    "Two to four of our treatments beside each other: visits, recovery, comfort, risks, evidence and price."
)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """`?with=` once for each treatment, by its number; `?for=` is a concern's opaque name. What is unknown is left aside."""
    clinic = ClinicProfile.current()
    asked = request.GET.get("for", "")
    choices = public.concerns_to_choose()
    concern = next((choice.concern for choice in choices if choice.concern.public_id == asked), None)
    found = public.side_by_side(request.GET.getlist("with"), concern, clinic.currency)
    lines = [column.line for column in found.columns]
    told = [column.fit for column in found.columns if column.fit]
    names = signatures.under(found.rows, prices=any(line.price for line in lines))
    context = {
        "page": None,
        "title": TITLE,
        "summary": SUMMARY,
        "faqs": [],
        "sources": citations.extended((), told),
        "clinic": clinic,
        "signed": names,
        "signed_by_others": names.others(None),
        "found": found,
        "least": side_by_side.LEAST,
        "most": side_by_side.MOST,
        "concern": concern,
        "concern_words": fits.inside(concern.name) if concern else "",
        "concern_query": comparison.query(concern, comparison.USUAL),
        "priced_on": min(filter(None, (line.treatment.price_reviewed_on for line in lines)), default=None),
        "section": "treatments",
    }
    read_for = f"&for={concern.public_id}" if concern else ""
    along = {"ask_url": f"{REQUEST_URL}?{found.asks}{read_for}"} if found.asks else {}
    return not_kept(rendered(request, "content/compare.html", context, along=along))
