"""What the address of the worklist asks for: a tab, words, filters, an order. All is GET, combines, and can be removed.

Whatever an address says that means nothing here is left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

from django.db.models import Case, F, When
from django.db.models.functions import Coalesce
from django.http import QueryDict

from bookings import limits
from bookings.admin.worklist.filters import FILTERS, INTEREST, Filter
from bookings.admin.worklist.option import Around, Option
from bookings.desk_site import (
    COME_BACK,
    ENDS_SOON,
    IN_DOUBT,
    PLAN_AGAIN,
    PLAN_ASKED,
    PLAN_TO_WRITE,
    PLAN_VISITS,
    TIMES_IN_DOUBT,
    TO_CALL,
    TO_RING,
    TOO_LONG,
    UNMARKED,
)
from bookings.models import ContactBy
from bookings.queries.desk import Tab
from clinic.foundation.text import id_in

EVERYWHERE = "all"  # a tab of every request, for whoever looks further
# Flags that are reminders: no tab hides what they find.
_REMINDERS = (TO_CALL, TO_RING, ENDS_SOON, COME_BACK, IN_DOUBT, TIMES_IN_DOUBT, TOO_LONG, UNMARKED)
_REMINDERS_OF_PLANS = (PLAN_TO_WRITE, PLAN_ASKED, PLAN_VISITS, PLAN_AGAIN)


# --- the order --------------------------------------------------------------------------------------------------------

_WISH = Coalesce("visit_at", "wished_start")
# Code: words, and what the rows stand by. After it comes the tab's own order. "-" before a code turns it round.
SORTS: Mapping[str, tuple[str, Any]] = {
    "client": ("Client", F("name_search")),
    "arrived": ("Arrival", F("created_at")),
    "asked": ("Time asked for", _WISH),
    "owner": ("Owner", F("assigned_to__first_name")),
    "clinician": ("Clinician first", F("needs_clinician")),
    "phone": ("Phone first", Case(When(contact_by=ContactBy.PHONE, then=1), default=0)),
}


# --- the address ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chip:
    """One thing that narrows the list, and the address without it."""

    title: str
    words: str
    without: str


@dataclass
class Asked:
    """What an address asks for, as far as it means something. `ignored` names what does not."""

    tab: Tab | None
    words: str = ""
    chosen: list[tuple[Filter, Option]] = field(default_factory=list)
    sort: str = ""
    number: int = 1
    ignored: list[str] = field(default_factory=list)
    is_default: bool = False

    def query(self, *, without: tuple[str, str] = ("", ""), **others: str) -> str:
        """The query of an address that asks for the same, with `others` in their place; a page is always the first."""
        said = [("tab", self.tab.value if self.tab else EVERYWHERE)]
        said += [(one.name, option.code) for one, option in self.chosen if (one.name, option.code) != without]
        said += [("q", self.words), ("sort", self.sort)]
        kept = [(name, value) for name, value in said if value and name not in others]
        return urlencode(kept + [(name, value) for name, value in others.items() if value])

    def adding(self, one: Filter) -> Callable[[str], str]:
        """The query with an option (by its code) that is not chosen, beside the others of its filter or in their place."""
        rest = [("tab", self.tab.value if self.tab else EVERYWHERE), ("q", self.words), ("sort", self.sort)]
        others = [
            (each.name, chosen.code) for each, chosen in self.chosen if each.name != one.name or one.many
        ]
        kept = urlencode([(name, value) for name, value in rest if value] + others)
        return lambda code: f"{kept}&{one.name}={quote_plus(code)}"

    @property
    def chips(self) -> Iterator[Chip]:
        if self.words:
            yield Chip("Search", f"“{self.words}”", self.query(q="", tab=""))
        for one, option in self.chosen:
            yield Chip(one.title, option.words, self.query(without=(one.name, option.code)))

    @property
    def others_than_arrived(self) -> list[tuple[str, str]]:
        """Names and values for a form that asks for a day of arrival beside the rest."""
        return parse_qsl(self.query(arrived=""))

    @property
    def can_be_kept(self) -> bool:
        """Something that the tabs alone do not show."""
        return self.narrows or bool(self.sort)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.chosen)


def read(sent: QueryDict, around: Around) -> Asked:
    """What the address asks for. A practitioner who asks for nothing gets their own and what nobody has."""
    words = sent.get("q", "").strip()[: limits.lists.SEARCH_CHARACTERS]
    asked = Asked(None, words)
    for one in FILTERS:
        values = list(dict.fromkeys(value for value in sent.getlist(one.name) if value))
        for value in values[: limits.lists.VALUES_OF_A_FILTER if one.many else 1]:
            option = one.option(value, around)
            if option:
                asked.chosen.append((one, option))
            else:
                asked.ignored.append(f"{one.title}: {_short(value)}")
    known = {"q", "tab", "sort", "p", *(one.name for one in FILTERS)}
    asked.ignored += [_short(name) for name in sent if name not in known][: limits.lists.VALUES_OF_A_FILTER]
    asked.tab = _tab(sent, asked)
    asked.sort = _known(sent.get("sort", ""), asked, lambda code: code.removeprefix("-") in SORTS, "Order")
    asked.number = max(id_in(sent.get("p", "")), 1)
    if not sent and (yours := FILTERS[0].option("yes", around)):
        asked.chosen.append((FILTERS[0], yours))
        asked.is_default = True
    return asked


def _tab(sent: QueryDict, asked: Asked) -> Tab | None:
    value = _known(sent.get("tab", ""), asked, lambda code: code in (*Tab, EVERYWHERE), "Tab")
    if value:
        return None if value == EVERYWHERE else Tab(value)
    reminds = any(
        option.code in (*_REMINDERS, *_REMINDERS_OF_PLANS)
        for one, option in asked.chosen
        if one.name == "flag"
    )
    return None if asked.words or reminds else Tab.OPEN


def _known(value: str, asked: Asked, is_known: Callable[[str], bool], title: str) -> str:
    """The value if it means something; otherwise nothing, and it is named among what is left out."""
    if not value or is_known(value):
        return value
    asked.ignored.append(f"{title}: {_short(value)}")
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


def opened(asked: Asked) -> str:
    """The treatment (its code) for which health answers are opened; empty for none."""
    return next((option.code for one, option in asked.chosen if one.name == INTEREST), "")
