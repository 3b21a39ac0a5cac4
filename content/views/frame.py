"""What every page says of itself: its one address, its card for other sites, its facts for machines, its overdue check.

And the frame of pages whose body is rows: an editor may write words around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from clinic.foundation import when
from content.display import costs, structured_data
from content.models import Cited, ClinicProfile, Page
from content.pictures import drawings
from content.publishing import review_dates
from content.text import markdown
from content.views.shown import Shown

# Where a request starts. It belongs to another app, which this one does not import; the address is a contract.
REQUEST_URL = "/consultations/request/"


@dataclass(frozen=True)
class Share:
    """How a page is named elsewhere. `image` is empty while there is no picture of it."""

    title: str
    description: str
    url: str
    image: str


def absolute(address: str) -> str:
    """An address of this site in full. Not from the request, whose Host header anybody can write."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def frame(
    clinic: ClinicProfile,
    path: str,
    title: str,
    description: str,
    *,
    page: Page | None = None,
    above: Mapping[str, str] | None = None,
    about: Sequence[structured_data.Node] = (),
    faqs: Sequence[tuple[str, str]] = (),
    sources: Sequence[Cited] = (),
    unsigned: bool = False,
) -> dict[str, Any]:
    """What `base.html` needs to print a page's head (`share`, `data`), `check_overdue` for its foot, `ask_url`, and `fee`.

    `path` is the page's one address, without a query. `above` names the pages between the front door and this one, by
    path. `faqs` are questions with their answers in HTML, on the one page that is their home. `sources` are those that the
    page cites. `unsigned`: it prints facts that no clinician has signed.
    """
    site, url = settings.SITE_URL, absolute(path)
    nodes = [
        structured_data.web_page(
            title, description, url, site, page, about, sources, invented=clinic.demo, unsigned=unsigned
        ),
        structured_data.clinic(clinic, site, full=path == "/"),
        *structured_data.questions(faqs, url),
    ]
    if path == "/":
        nodes.append(structured_data.website(clinic, site))
    else:
        steps = {reverse("content:home"): "Home", **(above or {}), path: page.menu_title if page else title}
        nodes.append(structured_data.trail(steps, site))
    image = absolute(drawings.og_url(page.drawing if page else ""))
    return {
        "share": Share(title, description, url, image),
        "data": structured_data.script(nodes),
        "check_overdue": page is not None and check_overdue(page, clinic),
        "ask_url": f"{REQUEST_URL}?page={page.public_id}" if page else REQUEST_URL,
        "fee": costs.fee(clinic),
    }


def written(edition: Shown, slug: str, title: str, summary: str) -> dict[str, Any]:
    """An editor's duty page of that slug with its questions, or the words that stand until there is one."""
    full = edition.page(Page.Kind.DUTY, slug)
    if full is None:
        return {"page": None, "parts": [], "faqs": [], "sources": [], "title": title, "summary": summary}
    page = full.page
    return {
        "page": page,
        "parts": edition.pieces(page.body, sources=full.sources),
        "faqs": [(faq.question, markdown.render(faq.answer)) for faq in full.faqs],
        "sources": full.sources,
        "title": page.title,
        "summary": page.summary,
    }


def rendered(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    home_of: Sequence[tuple[str, str]] = (),
    along: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page in its frame. `context` holds what `written` gave, and the clinic.

    `home_of` are the questions that machines find here and nowhere else, with their answers in HTML. `along` stands for what
    the frame says otherwise: an `ask_url` that takes something along.
    """
    head = frame(
        context["clinic"],
        request.path,
        context["title"],
        context["summary"],
        page=context["page"],
        faqs=home_of,
        sources=context["sources"],
        unsigned="signed" in context and not context["signed"].everything,
    )
    return render(request, template, context | head | (along or {}))


def check_overdue(page: Page, clinic: ClinicProfile) -> bool:
    """Whether readers are told today that nobody has checked the page again in time."""
    today = when.local_day(timezone.now(), clinic.zone)
    return review_dates.readers_are_told(page.review_due, today, clinic.review_grace_days)
