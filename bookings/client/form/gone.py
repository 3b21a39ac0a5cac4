"""The pages that come instead of a draft's own: it is gone, it was sent as something else, or no requests are taken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import slot_text
from bookings.client import shut, typed
from bookings.client.form import drafts, order
from bookings.client.form.draft_data import FORMER
from bookings.client.form.drafts import OpenDraft
from bookings.client.form.review import told
from bookings.client.form.times import TimesForm
from bookings.models import ConsultationRequest
from bookings.queries import client as queries
from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when
from clinic.foundation.forms import CrispyForm

# The prefix of the names of what was typed into a draft that ran out.
TYPED = "typed_"


def closed(request: HttpRequest, draft: OpenDraft, place: Clinic) -> HttpResponse:
    """Shown instead of any page of a draft while the clinic takes no requests: what it holds, and until when we keep it."""
    until = when.clock(draft.row.expires_at, place.zone)
    return shut.page(request, told(draft.data, queries.options(place), place), until=until)


def gone(request: HttpRequest, name: str = "") -> HttpResponse:
    """No such draft, another browser's, or one that is an hour old: the same page for all.

    What was just typed on the page `name` comes back, with a button that begins a new request with it. We keep none of it.
    """
    context: dict[str, object] = {}
    name = FORMER.get(name, name)
    form = form_of(name, request.POST) if request.method == "POST" else None
    if form is not None:
        given = typed.fields(request.POST, form) or {}
        context["typed_lines"] = typed_on(name, request.POST)
        context["page"] = name
        context["inputs"] = [(TYPED + field, value) for field in given for value in given[field]]
    return render(request, "bookings/client/form/gone.html", context, status=404)


def typed_on(name: str, post: QueryDict) -> typed.Lines:
    """What was filled in on this page, in words."""
    form = form_of(name, post)
    if form is None:
        return []
    chosen, typed_lines = slot_text.read(post.get("slot", "")), typed.words(form)
    if chosen:
        typed_lines.insert(0, ("Time", [when.moment(chosen[1], clinic(timezone.now()).zone)]))
    return typed_lines


def form_of(name: str, post: QueryDict) -> CrispyForm | None:
    """The form of this page as it was sent; None if there is no such page."""
    page = order.BY_NAME.get(name)
    if page is None:
        return None
    if page.form is None:
        return TimesForm(post, is_free=lambda who, start: True)
    return page.form(post, options=queries.options(clinic(timezone.now())))


def different(
    request: HttpRequest,
    draft: OpenDraft,
    consultation: ConsultationRequest,
    typed_lines: typed.Lines | None = None,
) -> HttpResponse:
    """Something else was sent under a draft that has been sent already. `typed_lines`: what was typed and did not go."""
    return render(
        request,
        "bookings/client/form/different.html",
        {
            "consultation": consultation,
            "typed_lines": typed_lines,
            "sent_url": drafts.address(reverse("client:sent"), draft),
        },
        status=409,
    )
