"""Choosing a time: free ones by day, or the days and parts of the day that would suit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from crispy_forms.helper import FormHelper
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bookings import slot_text
from bookings.availability import Slot
from bookings.client.form import drafts, order
from bookings.client.form.draft_data import DraftData
from bookings.client.form.drafts import OpenDraft
from bookings.client.phone_hours import opening
from bookings.client.times import search
from bookings.client.times.filter import FilterForm
from bookings.client.times.table import Table, Time, table_of, time_of
from bookings.client.times.windows import NEED_A_WINDOW, ROWS, WindowsForm, initial
from bookings.client.times.words import kind_words
from bookings.models import ConsultationType
from bookings.queries import client as queries
from bookings.queries import off
from bookings.queries import slots as free
from bookings.queries.client import real_concerns
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.slots import Wanted
from clinic.foundation import when
from clinic.foundation.responses import SeeOther

NO_TIME = "none"
GONE = "That time is not free. Choose another one."


class TimesForm(WindowsForm):
    """One of the free times, or "no time suits me" with a window. `is_free` says whether a time is still offered."""

    slot = forms.CharField(required=False)

    def __init__(self, *args: Any, is_free: Callable[[int | None, datetime], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_free = is_free

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_tag, helper.disable_csrf = (
            False,
            True,
        )  # the page draws the form, with the free times inside
        return helper

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = given.get("slot", "")
        if self.errors:
            return given
        if chosen and chosen != NO_TIME:
            read = slot_text.read(chosen)
            if read is None or not self.is_free(*read):
                self.add_error("slot", GONE)
        elif not self.windows():
            if chosen == NO_TIME:
                self.add_error("day_1", NEED_A_WINDOW)
            else:
                self.add_error("slot", "Choose a time, or tell us which days and times would suit you")
        return given

    def chosen(self) -> str:
        """The chosen time's value, or an empty text for "no time suits me"."""
        value: str = self.cleaned_data["slot"]
        return "" if value == NO_TIME else value


@dataclass(frozen=True)
class Choice:
    """One client's look at the free times."""

    draft: OpenDraft
    place: Clinic
    query: search.TimesQuery
    now: datetime

    def is_free(self, practitioner_id: int | None, start: datetime) -> bool:
        """Whether this time is still offered, to this client."""
        return bool(free.free_at(self.query.wanted.by(practitioner_id), start, now=self.now))


def choose(request: HttpRequest, draft: OpenDraft, now: datetime, back: str) -> DraftData | HttpResponse:
    """The page of times. What was chosen, once that is clear; else the page to show, or a redirect to other times."""
    data, kinds = draft.data, queries.types()
    if not kinds:
        return render(
            request, "bookings/client/form/phone.html", {"why": "no_types", "opens": opening(now)}, status=503
        )
    concerns = real_concerns(data.concerns)
    query = _query(_params(request.GET, data), kinds, concerns)
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        shown, query = query, _query(_params(_with_choice(request), data), kinds, concerns)
        other = (shown.kind, shown.practitioner) != (query.kind, query.practitioner)
        if "show" in posted or "from" in posted or (other and not _only_windows(posted)):
            return _look_again(posted, draft, query, now, changed="show" not in posted and other)
    choice = Choice(draft, clinic(now), query, now)
    kept = {"slot": data.slot, **initial(data.windows)} | data.look
    form = TimesForm(
        posted if posted is not None else data.typed_on("times"),
        initial=kept | {"slot": _chosen(kept["slot"], choice)},
        is_free=choice.is_free,
    )
    if posted is not None and form.is_valid():
        return _with_times(data, query, form)
    again = drafts.wrong(request, draft, "times", form, now) if posted is not None else None
    return again or render(
        request,
        "bookings/client/form/times.html",
        _shown(choice, form, kinds)
        | {
            "back": back,
            "off": switched_off(data) if "times" in data.done and not form.is_bound else "",
            "dropped": _dropped(kept["slot"], choice),
        },
    )


def _with_times(data: DraftData, query: search.TimesQuery, form: TimesForm) -> DraftData:
    return replace(
        data,
        type=query.kind.pk,
        practitioner=query.practitioner_id,
        slot=form.chosen(),
        windows=form.windows(),
        time_zone=query.zone.key if query.zone else "",
        taken="",
        look={},
    )


def _params(params: QueryDict, data: DraftData) -> QueryDict:
    """Which times to show: what the address asks for, else what was chosen before."""
    before = {"type": data.type, "practitioner": data.practitioner, "zone": data.time_zone}
    wanted = QueryDict(mutable=True)
    for key in ("type", "practitioner", "from", "days", "zone"):
        if key in params:
            wanted[key] = params.get(key, "")
        elif before.get(key):
            wanted[key] = str(before[key])
    return wanted


def _with_choice(request: HttpRequest) -> QueryDict:
    """The address with what the form on the page says instead: who, how and where."""
    params = request.GET.copy()
    for key in ("type", "practitioner", "zone"):
        if key in request.POST:
            params[key] = request.POST[key]
    return params


def _only_windows(posted: QueryDict) -> bool:
    """No time is chosen, but days and parts of the day are: they hold for whoever is chosen."""
    rows = any(posted.get(f"{half}_{row}") for row in ROWS for half in ("day", "part"))
    return rows and posted.get("slot", "") in ("", NO_TIME)


def _query(params: QueryDict, kinds: list[ConsultationType], concerns: list[str]) -> search.TimesQuery:
    """What is asked for; without the person or the days, or the kind too, if they are no longer there."""
    try:
        return search.query_of(params, kinds, concerns)
    except search.Unclear:
        less = params.copy()
        less["practitioner"], less["from"], less["days"] = slot_text.ANY, "", ""
    try:
        return search.query_of(less, kinds, concerns)
    except search.Unclear:
        return search.query_of(QueryDict(), kinds, concerns)


def _look_again(
    posted: QueryDict, draft: OpenDraft, query: search.TimesQuery, now: datetime, *, changed: bool
) -> HttpResponse:
    """Show other times. What is chosen and filled in already comes along, in the draft."""
    names = ["slot", *(f"{half}_{row}" for row in ROWS for half in ("day", "part"))]
    looked = replace(draft.data, look={name: posted.get(name, "")[:60] for name in names}).without_typed(
        "times"
    )
    draft.data = (
        order.send_back(looked, "times", "choice") if changed else order.without_notice(looked, "times")
    )
    drafts.save(draft, now)
    return SeeOther(
        order.url("times", draft).partition("?")[0] + _address(draft, query, posted.get("from", ""))
    )


def _chosen(value: str, choice: Choice) -> str:
    """The value of the chosen time as the page now shows it, with whoever is asked for. Empty if it is not free there."""
    read = slot_text.read(value)
    if read is None:
        return value if value == NO_TIME else ""
    who = choice.query.practitioner_id
    return slot_text.value(who, read[1]) if choice.is_free(who, read[1]) else ""


def _dropped(value: str, choice: Choice) -> str:
    """The chosen time in words if it is not free for who and what is asked for now."""
    read = slot_text.read(value)
    return when.moment(read[1], choice.place.zone) if read and not _chosen(value, choice) else ""


def still_fits(data: DraftData, now: datetime) -> bool:
    """Whether what was chosen (a time, or a practitioner to whom windows apply) suits the concerns that there are now."""
    wanted, start = _kept_wish(data)
    if wanted is None:
        return False
    return bool(free.free_at(wanted, start, now=now)) if start else not off.against_wish(wanted, None)


def switched_off(data: DraftData) -> str:
    """Why what was chosen (a kind, a person, a day) is no longer available, as a sentence; empty while it is.

    That somebody else has taken the time is another question, query when the request is sent.
    """
    wanted, start = _kept_wish(data)
    return off.wish_words(wanted, start) if wanted else "This kind of consultation is not offered any more."


def _kept_wish(data: DraftData) -> tuple[Wanted | None, datetime | None]:
    """What the draft holds as its choice, and the chosen start if it is one."""
    kind = ConsultationType.objects.filter(pk=data.type or 0).first()
    if kind is None:
        return None, None
    who, start = data.chosen or (data.practitioner, None)
    return Wanted(kind=kind, practitioner_id=who, concerns=tuple(real_concerns(data.concerns))), start


def _shown(choice: Choice, form: TimesForm, kinds: list[ConsultationType]) -> dict[str, object]:
    query, chosen = choice.query, str(form["slot"].value() or "")
    taken = "" if form.is_bound else choice.draft.data.taken
    gone = chosen if GONE in form.errors.get("slot", []) else taken
    if form.is_bound:
        chosen = _chosen(chosen, choice)
    table = table_of(query, place=choice.place, now=choice.now, chosen=chosen)
    nearest, kept = _nearest(gone, choice), _kept(chosen, table, choice)
    first = ("id_near_1" if nearest else "") or ("id_kept_1" if kept else "")
    form.places["slot"] = first or table.first_radio or "id_slot_none"
    return {
        "form": form,
        "step": order.BY_NAME["times"],
        "section": "consultations",
        "table": table,
        "filter": FilterForm(table, kinds, currency=choice.place.profile.currency, within=True),
        "progress": order.progress("times"),
        "notice": order.notice(choice.draft.data, "times"),
        "chosen": chosen,
        "kept": kept,
        "kind_words": kind_words(query.kind, choice.place.profile.currency),
        "taken": bool(taken),
        "nearest": nearest,
    }


def _kept(chosen: str, table: Table, choice: Choice) -> list[Time]:
    """The time chosen before, if it is still free and not among those shown."""
    read = slot_text.read(chosen)
    if (
        read is None
        or any(time.chosen for day in table.days for time in day.times)
        or not choice.is_free(*read)
    ):
        return []
    slot = Slot(start=read[1], practitioner_id=read[0] or 0, end=read[1])
    return [replace(time_of(slot, choice.query, choice.place.zone), value=chosen, chosen=True)]


def _nearest(taken: str, choice: Choice) -> list[Time]:
    """The three free times nearest to one that has gone."""
    read = slot_text.read(taken)
    if read is None:
        return []
    found = free.nearest(choice.query.wanted, read[1], now=choice.now)
    return [time_of(slot, choice.query, choice.place.zone) for slot in found]


def _address(draft: OpenDraft, query: search.TimesQuery, first_day: str) -> str:
    """The address of these times, from `first_day` (as it was typed) on."""
    return "?" + urlencode(
        {
            "d": str(draft.row.pk),
            "type": query.kind.pk,
            "practitioner": query.practitioner_id or slot_text.ANY,
            "zone": query.zone.key if query.zone else "",
            "from": first_day[:10],
        }
    )
