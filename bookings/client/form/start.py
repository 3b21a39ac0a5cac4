"""Where a request begins: what it takes, what comes along from the page before, and a draft that is this browser's own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from bookings import limits, slot_text
from bookings.client import attempts, shut, typed
from bookings.client.form import drafts, guide_answers, order
from bookings.client.form.review import told
from bookings.client.form.times import TimesForm
from bookings.client.http import get_or_post, redirect
from bookings.models import ContactBy, Draft
from bookings.queries import client as queries
from bookings.queries.clinic import clinic, takes_requests
from clinic.foundation import when
from clinic.foundation.forms import CrispyForm

# What came along from the page before, between its redirect and the start page: two opaque ids.
ALONG_COOKIE = "along"
# Before the names of what was typed into a draft that ran out.
_TYPED = "typed_"


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """What it takes. POST begins a draft, with the guide's answers if they come along. ?page= and ?time= are taken out of
    the address by a redirect."""
    if request.method == "POST":
        return _begin(request, timezone.now())
    if request.GET.keys() & {"page", "time", "type"}:
        return _along(request.GET)
    if not takes_requests():
        return shut.page(request)
    kept = parse_qs(request.COOKIES.get(ALONG_COOKIE, ""))
    along = {name: kept[name][0][:80] for name in ("page", "time", "type") if kept.get(name)}
    place = clinic(timezone.now())
    chosen = slot_text.read(along.get("time", ""))
    return render(
        request,
        "bookings/client/form/start.html",
        {"along": along, "chosen": when.moment(chosen[1], place.zone) if chosen else ""},
    )


def _along(query: QueryDict) -> HttpResponse:
    response = redirect(reverse("client:start"))
    kept = urlencode({name: query[name][:80] for name in ("page", "time", "type") if name in query})
    response.set_cookie(
        ALONG_COOKIE,
        kept,
        max_age=limits.ALONG_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
        path=reverse("client:start"),
    )
    return response


def _begin(request: HttpRequest, now: datetime) -> HttpResponse:
    data = queries.prefilled(request.POST.get("page", "")[:12])
    kind_ids = {str(kind.pk): kind.pk for kind in queries.types()}
    kind_id = kind_ids.get(request.POST.get("type", ""))
    chosen = request.POST.get("time", "")
    if kind_id:
        data["type"] = kind_id
        read = slot_text.read(chosen)
        if read:
            data |= {"slot": chosen, "practitioner": read[0]}
    if "guide" in request.POST:
        found = guide_answers.read(request.POST)
        if isinstance(found, str):
            return redirect(found)
        data |= guide_answers.prefilled(*found)
    _take_over(data, request.POST)
    if not takes_requests():
        return shut.page(request, told(data, queries.options(), clinic(now)))
    response = begin(request, data, now)
    if response.status_code == 303:
        response.delete_cookie(ALONG_COOKIE, path=reverse("client:start"))
    return response


def begin(request: HttpRequest, data: order.Data, now: datetime) -> HttpResponse:
    """Make a draft for this browser and go to its first page; 429 when its network has begun too many.

    While the clinic takes no requests, it leads to the page that says so.
    """
    if not takes_requests():
        return redirect(reverse("client:start"))
    if not attempts.may_begin(request, now):
        return attempts.too_often(request, now, window=when.HOUR)
    secret = drafts.secret_of(request)
    draft = drafts.start(secret, data, now)
    response = redirect(order.url(order.first_open(data), draft))
    drafts.keep_secret(response, secret)
    return response


def closed(request: HttpRequest, draft: Draft, now: datetime) -> HttpResponse:
    """Instead of any page of a draft, while the clinic takes no requests: what it holds, and until when we keep it."""
    place = clinic(now)
    until = when.clock(draft.expires_at, place.zone)
    return shut.page(request, told(draft.data, queries.options(), place), until=until)


def gone(request: HttpRequest, name: str = "") -> HttpResponse:
    """No such draft, another browser's, or an hour old: one page for all.

    What was just typed on the page `name` comes back, with a button that begins a new request with it. We keep none of it.
    """
    context: dict[str, object] = {}
    form = _form(name, request.POST) if request.method == "POST" else None
    if form is not None:
        given = typed.fields(request.POST, form) or {}
        context["said"] = typed_on(name, request.POST)
        context["page"] = name
        context["inputs"] = [(_TYPED + field, value) for field in given for value in given[field]]
    return render(request, "bookings/client/form/gone.html", context, status=404)


def typed_on(name: str, post: QueryDict) -> typed.Said:
    """What was filled in on this page, in words."""
    form = _form(name, post)
    if form is None:
        return []
    chosen, said = slot_text.read(post.get("slot", "")), typed.words(form)
    if chosen:
        said.insert(0, ("Time", [when.moment(chosen[1], clinic(timezone.now()).zone)]))
    return said


def _form(name: str, post: QueryDict) -> CrispyForm | None:
    """The form of this page as it was sent; None if there is no such page."""
    page = order.BY_NAME.get(name)
    if page is None:
        return None
    if page.form is None:
        return TimesForm(post, is_free=lambda who, start: True)
    return page.form(post, initial={"contact_by": _contact_by(post)}, options=queries.options())


def _contact_by(post: QueryDict) -> str:
    """The page of the phone asks about texts only if somebody wants to be texted."""
    return ContactBy.TEXT if "texts" in post else ""


def _take_over(data: order.Data, post: QueryDict) -> None:
    """Put into a new draft what was typed on a page of one that ran out (`gone`). It is checked when that page is opened."""
    name = post.get("typed_page", "")
    form = _form(name, post)
    given = typed.fields(post, form, _TYPED) if form is not None else None
    if not given:
        return
    if name == "times":
        data["look"] = {field: values[0][:60] for field, values in given.items() if values}
    else:
        typed.keep(data, name, given)
