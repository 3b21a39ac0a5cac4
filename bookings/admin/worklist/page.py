"""The worklist's page: tabs, filters, rows of two lines. Django's own list would need several statements a column and four
scripts that do nothing here, so the page is ours; it stands at the address of Django's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from bookings import limits
from bookings.admin.worklist import address, drawing, many, rows, views
from bookings.admin.worklist.address import SORTS, Asked
from bookings.admin.worklist.drawing import Choices, Link
from bookings.admin.worklist.filters import FILTERS
from bookings.admin.worklist.option import Around
from bookings.desk_site import DECIDE, TOO_LONG, UNMARKED, clinic_of, numbers_of
from bookings.models import ConsultationRequest
from bookings.queries import due, lists, presence, worklist
from bookings.queries.desk import Tab
from bookings.queries.worklist import Row
from clinic.foundation import audit, when
from clinic.foundation.text import id_in

_EMPTY = {
    Tab.OPEN: "Nothing is open. Everybody has an answer.",
    Tab.NEW: "No new requests. Everybody has an answer.",
    Tab.WAITING: "We are not waiting for anybody.",
    Tab.OFFERED: "No times are offered now.",
    Tab.CLOSED: "No closed requests yet.",
    Tab.SUSPECTED: "Nothing was caught by the bot guards.",
}


@dataclass(frozen=True)
class Found:
    """A page of rows; `total` is how many there are on all pages."""

    rows: list[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // limits.lists.WORKLIST_ROWS), 1)


def around(request: HttpRequest) -> Around:
    """Who looks, and what there is to choose from: one statement."""
    reader = cast(User, request.user)
    return Around(reader, lists.read(reader.pk), timezone.now(), clinic_of(request).zone)


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The list, for whoever may see requests. A POST keeps what it shows as a view, or changes the ticked requests."""
    if request.GET.get("tab") in _MOVED:
        return _moved(request)
    if request.method == "POST" and request.POST.get("do") != "keep_view":
        return many.page(request, site)
    here = around(request)
    kept = views.remember(request, here) if request.method == "POST" else None
    if isinstance(kept, HttpResponse):
        return kept
    asked = address.read(request.GET, here)
    found = find(asked, here)
    opened = address.opened(asked)
    if opened:
        audit.seen(here.reader, "search", ConsultationRequest, here.now, treatment=opened)
    context = site.each_context(request) | {
        "title": "Requests",
        "asked": asked,
        "found": found,
        "rows": found.rows,
        "lines": drawing.lines(found.rows, _worklist(), ticks=here.reader.has_perm(DECIDE)),
        "tabs": list(_tabs(request, asked)),
        "filters": _filters(asked, here),
        "sorts": drawing.options(_sorts(asked)),
        "columns": list(_columns(asked)),
        "reminders": list(_reminders(request, asked, here)),
        "turns": list(_turns(asked, found)),
        "everywhere": asked.query(tab=address.EVERYWHERE),
        "empty": _empty(asked),
        "naming": kept,
        "opened": limits.lists.ANSWERS_OPENED if opened else 0,
        "people": here.lists.staff,
        "tags": here.lists.tags,
        "opts": ConsultationRequest._meta,
    }
    return render(request, "admin/bookings/consultationrequest/worklist.html", context)


def _worklist() -> str:
    return reverse("admin:bookings_consultationrequest_changelist")


def _filters(asked: Asked, here: Around) -> SafeString:
    one_day = {"asked": asked, "today": when.local_day(here.now, here.zone).isoformat()}
    form = render_to_string("admin/bookings/consultationrequest/one_day.html", one_day)
    return drawing.filters(_shown(asked, here), {"arrived": form})


# Tabs that there were: visits have pages of their own, to which old addresses lead.
_MOVED = {"today": "admin:day", "upcoming": "admin:calendar"}


def _moved(request: HttpRequest) -> HttpResponse:
    who = id_in(request.GET.get("practitioner", ""))
    page = reverse(_MOVED[request.GET["tab"]])
    return redirect(f"{page}?who={who}" if who else page)


def find(asked: Asked, here: Around) -> Found:
    """The page that was asked for; the last one, if there are not so many."""
    number = asked.number
    if asked.tab is not None and number == 1 and not (asked.words or asked.chosen or asked.sort):
        shown = worklist.first_of_tab(asked.tab, here.now, here.zone)
    else:
        number, shown = _filtered(asked, here)
    line = partial(worklist.line, reader=here.reader.pk, now=here.now, zone=here.zone)
    total = shown[0].found or 0 if shown else 0
    return Found([line(row) for row in shown], total, number)


def _filtered(asked: Asked, here: Around) -> tuple[int, list[Any]]:
    """The number of the page, and what it shows."""
    ordered = partial(rows.ordered, asked=asked)
    wanted = rows.asked_for(asked, here)
    size, since = limits.lists.WORKLIST_ROWS, presence.shown_since(here.now)
    read = partial(worklist.page, wanted, ordered, number=size, now=here.now, since=since, zone=here.zone)
    number = asked.number
    # A database takes no longer number; nobody has so many requests.
    shown = list(read(first=(number - 1) * size)) if number <= limits.lists.PAGES else []
    if not shown and number > 1:
        number = max(-(-wanted.count() // size), 1)
        shown = list(read(first=(number - 1) * size))
    return number, shown


# --- around the rows --------------------------------------------------------------------------------------------------


def _tabs(request: HttpRequest, asked: Asked) -> Iterator[dict[str, Any]]:
    numbers = numbers_of(request).tabs
    for tab in Tab:
        url = asked.query(tab=tab.value, q="")
        most = limits.lists.CLOSED_COUNTED
        number = numbers[tab] if tab is not Tab.CLOSED or numbers[tab] <= most else f"{most}+"
        yield {"name": tab.words, "number": number, "url": url, "here": tab is asked.tab}


def _shown(asked: Asked, here: Around) -> Iterator[Choices]:
    """The filters with their options: the address that adds each, or takes its place."""
    chosen = {(one.name, option.code) for one, option in asked.chosen}
    for one in FILTERS:
        options = one.options(here)
        if options:
            added = asked.adding(one)
            links = [
                Link(option.words, asked.query(without=(one.name, option.code)), True)
                if (one.name, option.code) in chosen
                else Link(option.words, added(option.code))
                for option in options
            ]
            picked = [option.words for each, option in asked.chosen if each is one]
            yield Choices(one.name, one.title, ", ".join(picked), links)


def _sorts(asked: Asked) -> Iterator[Link]:
    yield Link("Reply promise", asked.query(sort=""), not asked.sort)
    for code, (words, _) in SORTS.items():
        here = asked.sort == code
        yield Link(words, asked.query(sort=f"-{code}" if here else code), here)
        if asked.sort == f"-{code}":
            yield Link(f"{words}, turned round", asked.query(sort=code), True)


# Class of the column, heading, and what it is sorted by.
_HEADS = (
    ("client", "Client", "client"),
    ("about", "About and marks", ""),
    ("asked", "Asked for", "asked"),
    ("promise", "Reply promise", ""),
    ("owner", "Owner", "owner"),
)


def _columns(asked: Asked) -> Iterator[dict[str, str]]:
    for name, words, code in _HEADS:
        up, down = asked.sort == code and bool(code), asked.sort == f"-{code}" and bool(code)
        url = asked.query(sort=f"-{code}" if up else code) if code else ""
        yield {
            "name": name,
            "words": words,
            "url": url,
            "sorted": "ascending" if up else "descending" if down else "",
        }


def _turns(asked: Asked, found: Found) -> Iterator[tuple[str, str]]:
    """Words and address of the pages before and after."""
    for words, number in (("Previous page", found.number - 1), ("Next page", found.number + 1)):
        if 1 <= number <= found.pages:
            yield words, asked.query(p=str(number))


def _empty(asked: Asked) -> str:
    if asked.tab is None:
        return "Nobody matches. Try the beginning of a name, or part of the number."
    return "Nobody matches here." if asked.narrows and not asked.is_default else _EMPTY[asked.tab]


def _reminders(request: HttpRequest, asked: Asked, here: Around) -> Iterator[dict[str, str]]:
    """What will be erased if nobody looks after it: a link, its words, and when that will be.

    One that has years to go stands above its own list only: a line more is a request less in sight on every other.
    """
    found = numbers_of(request)
    listed = {option.code for _, option in asked.chosen}
    for code, number, kind, one, more, unless in (
        (
            TOO_LONG,
            found.too_long,
            "left_open",
            "open request has",
            "open requests have",
            f"waited for more than {limits.reminders.REMIND_DAYS} days past the time for an answer",
        ),
        (
            UNMARKED,
            found.unmarked,
            "unmarked",
            "visit of an earlier day has",
            "visits of earlier days have",
            "not been marked: attended, or not",
        ),
    ):
        first = due.first_to_go(kind) if number else None
        if first is not None and (
            code in listed or first - here.now <= limits.reminders.REMIND_BEFORE_ERASURE
        ):
            words = f"{number} {one if number == 1 else more} {unless}."
            when_gone = f"The first is erased on {when.day_with_year(first, here.zone)}, if nobody acts."
            yield {"url": f"?flag={code}", "words": words, "more": when_gone}
