"""The public pages. They only read: no form, no session, no cookie, so that they can be cached whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.foundation import when
from content import glance, markdown, money, queries
from content.glance import Fact
from content.models import ClinicProfile, Page
from content.models.page import OWN_ADDRESSES
from content.publishing import review

# Where a request starts. It belongs to another app, which this one does not import; the address is a contract.
REQUEST_URL = "/consultations/request/"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: it works, with plain words, before an editor has written its page."""
    clinic = ClinicProfile.current()
    full = queries.only_page(Page.Kind.HOME)
    context = {
        "tiles": queries.tiles(),
        "people": queries.people(),
        "section": "home",
        "clinic": clinic,
    }
    if full:
        context |= {
            "page": full.page,
            "parts": markdown.parts(full.page.body, steps=True),
            "check_overdue": _check_overdue(full.page, clinic, timezone.now()),
        }
    return render(request, "content/home.html", context)


@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    """The hub, and every concern as a tile."""
    full = queries.only_page(Page.Kind.HUB)
    if full is None:
        return render(request, "content/hub.html", {"tiles": queries.tiles(), "section": "concerns"})
    return _page(request, full, "content/hub.html", section="concerns")


@require_safe
def concern(request: HttpRequest, slug: str) -> HttpResponse:
    """One concern page."""
    return _page(request, _found(Page.Kind.CONCERN, slug), "content/concern.html", section="concerns")


@require_safe
def treatments(request: HttpRequest) -> HttpResponse:
    """What the clinic offers, and what it does not."""
    full = queries.page_with_everything(Page.Kind.DUTY, "treatments")
    listed, not_offered = queries.treatment_index()
    context = {
        "page": full.page if full else None,
        "parts": markdown.parts(full.page.body) if full else [],
        "listed": listed,
        "not_offered": not_offered,
        "section": "treatments",
    }
    return render(request, "content/treatments.html", context)


@require_safe
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """One treatment page."""
    return _page(request, _found(Page.Kind.TREATMENT, slug), "content/treatment.html", section="treatments")


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """An article: a text about no one concern or treatment."""
    return _page(request, _found(Page.Kind.ARTICLE, slug), "content/page.html")


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """What a consultation involves."""
    full = _found(Page.Kind.DUTY, "consultations")
    clinic = ClinicProfile.current()
    fee = money.words(clinic.consultation_fee, clinic.currency)
    cost = Fact("Cost of a first visit", (f"{fee}, with no deposit",))
    return _page(request, full, "content/page.html", section="consultations", clinic=clinic, more=[cost])


@require_safe
def duty(request: HttpRequest, slug: str) -> HttpResponse:
    """Privacy, urgent help, under 18s and the like: nothing on them asks for a request."""
    if slug in OWN_ADDRESSES:
        raise Http404
    return _page(request, _found(Page.Kind.DUTY, slug), "content/duty.html")


def _found(kind: Page.Kind, slug: str) -> queries.FullPage:
    full = queries.page_with_everything(kind, slug)
    if full is None:
        raise Http404
    return full


def _check_overdue(page: Page, clinic: ClinicProfile, now: datetime) -> bool:
    """Whether readers are told that nobody has checked the page again in time."""
    return review.readers_are_told(
        page.review_due, when.local_day(now, clinic.zone), clinic.review_grace_days
    )


def _page(
    request: HttpRequest,
    full: queries.FullPage,
    template: str,
    *,
    section: str = "",
    clinic: ClinicProfile | None = None,
    more: Sequence[Fact] = (),
) -> HttpResponse:
    clinic = clinic or ClinicProfile.current()
    page = full.page
    context: dict[str, Any] = {
        "page": page,
        "parts": markdown.parts(page.body),
        "facts": [*glance.facts(page, full.treatments, clinic), *more],
        "blocks": full.blocks,
        "treatments": full.treatments,
        "faqs": [(faq.question, markdown.render(faq.answer)) for faq in full.faqs],
        "tiles": full.tiles,
        "section": section,
        "ask_url": f"{REQUEST_URL}?page={page.public_id}",
        "clinic": clinic,
        "check_overdue": _check_overdue(page, clinic, timezone.now()),
    }
    return render(request, template, context)
