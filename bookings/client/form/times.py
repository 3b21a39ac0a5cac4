"""Choosing a time: one tap on a free one, or the days and parts of the day that would suit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from bookings import slot_text
from bookings.client.form import drafts, order
from bookings.client.form.draft_data import DraftData
from bookings.client.form.drafts import OpenDraft
from bookings.client.phone_hours import opening
from bookings.client.times import search
from bookings.client.times.day import Time, time_of
from bookings.client.times.filter import FilterForm
from bookings.client.times.hear import hear_of
from bookings.client.times.table import Table, open_days, table_of
from bookings.client.times.windows import NEED_A_WINDOW, WindowsForm, initial
from bookings.client.times.words import kind_words
from bookings.models import ConsultationType
from bookings.queries import any_practitioner, off
from bookings.queries import client as queries
from bookings.queries import slots as free
from bookings.queries.client import real_concerns
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.slots import Wanted
from clinic.foundation import when
from clinic.foundation.forms import button
from clinic.foundation.responses import SeeOther

NO_TIME = "none"
GONE = "That time is not free. Choose another one."
NOTHING_CHOSEN = "Choose a time, or tell us which days and times would suit you"


class TimesForm(WindowsForm):
    """One of the free times, or "no time suits me" with a window. `is_free` says whether a time is still offered.

    Each time is a button of its own. `day` is the one that the page showed.
    """

    slot = forms.CharField(required=False)
    day = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_free: Callable[[int | None, datetime], bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_free = is_free

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        # The page draws the form, with the free times inside.
        helper.form_tag, helper.disable_csrf = False, True
        return helper

    def layout(self) -> list[Any]:
        return ["day", "days", "parts", button("Ask for other times", name="slot", value=NO_TIME)]

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
                self.add_error("days", NEED_A_WINDOW)
            else:
                self.add_error("slot", NOTHING_CHOSEN)
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
        wanted = self.query.wanted.by(practitioner_id)
        return bool(free.free_at(wanted, start, now=self.now, place=self.place))


def choose(request: HttpRequest, draft: OpenDraft, now: datetime, back: str) -> DraftData | HttpResponse:
    """The page of times. What was chosen, once that is clear; else the page to show, or a redirect to other times."""
    data, kinds = draft.data, queries.types()
    if not kinds:
        return render(
            request, "bookings/client/form/phone.html", {"why": "no_types", "opens": opening(now)}, status=503
        )
    concerns = real_concerns(data.concerns)
    place = clinic(now)
    query = _query(_params(request.GET, data), kinds, concerns, place)
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        shown, query = query, _query(_params(_with_choice(request), data), kinds, concerns, place)
        other = (shown.kind, shown.practitioner) != (query.kind, query.practitioner)
        if "show" in posted or (other and not _only_windows(posted)):
            return _look_again(posted, draft, query, now, changed="show" not in posted and other)
    choice = Choice(draft, place, query, now)
    form = _form(request, choice)
    if posted is not None and form.is_valid():
        return _with_times(data, query, form)
    again = drafts.wrong(request, draft, "times", form, now) if posted is not None else None
    return again or render(
        request, "bookings/client/form/times.html", _shown(choice, form, kinds) | {"back": back}
    )


def _form(request: HttpRequest, choice: Choice) -> TimesForm:
    """What was posted, what waits to be put right, or what was chosen before.

    Whoever looks at another day meanwhile is not told again what was wrong; the ticks come along.
    """
    data = choice.draft.data
    waits = data.typed_on("times")
    kept = initial(data.windows)
    kept |= {name: data.look[name].split(",") for name in ("days", "parts") if name in data.look}
    if waits is not None and "day" in request.GET and request.GET["day"] != waits.get("day"):
        kept |= {name: waits.getlist(name) for name in ("days", "parts")}
        waits = None
    form = TimesForm(
        request.POST if request.method == "POST" else waits, initial=kept, is_free=choice.is_free
    )
    form.offer_days(open_days(choice.place))
    return form


def _with_times(data: DraftData, query: search.TimesQuery, form: TimesForm) -> DraftData:
    chosen = slot_text.read(form.chosen())
    return replace(
        data,
        type=query.kind.pk,
        # A time may be with somebody else than was asked for: it was offered because it is sooner. Whoever asked for anybody
        # has taken a time that says with whom it is; the other times stay those of everybody.
        practitioner=chosen[0] if chosen and query.practitioner else query.practitioner_id,
        slot=form.chosen(),
        windows=form.windows(),
        time_zone=query.zone.key if query.zone else "",
        taken="",
        brought=False,
        look={},
    )


def _params(params: QueryDict, data: DraftData) -> QueryDict:
    """Which times to show: what the address asks for, else what was chosen before."""
    before = {"type": data.type, "practitioner": data.practitioner, "zone": data.time_zone}
    wanted = QueryDict(mutable=True)
    for key in ("type", "practitioner", "day", "from", "zone"):
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
    return bool(posted.get("days") or posted.get("parts")) and posted.get("slot", "") in ("", NO_TIME)


def _query(
    params: QueryDict, kinds: list[ConsultationType], concerns: list[str], place: Clinic
) -> search.TimesQuery:
    """What is asked for; without the person or the days, or the kind too, if they are no longer there."""
    try:
        return search.query_of(
            params, kinds, concerns, is_known=lambda key: bool(queries.practitioner_name(key, place))
        )
    except search.Unclear:
        less = params.copy()
        less["practitioner"], less["from"], less["day"] = slot_text.ANY, "", ""
    try:
        return search.query_of(less, kinds, concerns)
    except search.Unclear:
        return search.query_of(QueryDict(), kinds, concerns)


def _look_again(
    posted: QueryDict, draft: OpenDraft, query: search.TimesQuery, now: datetime, *, changed: bool
) -> HttpResponse:
    """Show other times. What is chosen and ticked already comes along, in the draft."""
    look = look_of(dict(posted.lists()))
    look["slot"] = look["slot"] or draft.data.look.get("slot", "")
    looked = replace(draft.data, look=look).without_typed("times")
    draft.data = (
        order.send_back(looked, "times", "choice") if changed else order.without_notice(looked, "times")
    )
    drafts.save(draft, now)
    return SeeOther(
        f"{order.url('times', draft).partition('?')[0]}?{_look(draft, query, **search.day_kept(query))}"
    )


def look_of(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What was chosen and ticked on the page of times (lists of values by name), as the draft keeps it."""
    return {name: ",".join(given.get(name, ()))[:60] for name in ("slot", "days", "parts")}


def _look(draft: OpenDraft, query: search.TimesQuery, **day: str) -> str:
    """The address of these times in this draft; without the day, unless it is given."""
    return search.address(query, d=str(draft.row.pk), **day)


def times_url(data: DraftData) -> str:
    """Where a time that came along is changed before there is a draft: among the free times of its kind, by the same
    clock."""
    zone = {"zone": data.time_zone} if data.time_zone else {}
    return f"{reverse('client:times')}?{urlencode({'type': data.type or '', **zone})}"


def still_fits(data: DraftData, now: datetime) -> bool:
    """Whether what was chosen (a time, or a practitioner to whom windows apply) suits the concerns that there are now."""
    wanted, start = _kept_wish(data)
    if wanted is None:
        return False
    return bool(free.free_at(wanted, start, now=now)) if start else not off.against_wish(wanted, None)


def switched_off(data: DraftData, zone: ZoneInfo) -> str:
    """Why what was chosen (a kind, a person, a day) is no longer available, as a sentence; empty while it is.

    That somebody else has taken the time is another question, asked when the request is sent.
    """
    wanted, start = _kept_wish(data)
    return (
        off.wish_words(wanted, start, zone)
        if wanted
        else "This kind of consultation is not offered any more."
    )


def whom(data: DraftData, now: datetime, place: Clinic) -> str:
    """With whom a time may be that was chosen with whoever is free, in words; empty for any other."""
    wanted, start = _kept_wish(data)
    if wanted is None or start is None or wanted.practitioner_id:
        return ""
    return any_practitioner.may_be(wanted, start, now=now, place=place)


def _kept_wish(data: DraftData) -> tuple[Wanted | None, datetime | None]:
    """What the draft holds as its choice, and the chosen start if it is one."""
    kind = queries.kind_with(data.type)
    if kind is None:
        return None, None
    who, start = data.chosen or (data.practitioner, None)
    return Wanted(kind=kind, practitioner_id=who, concerns=tuple(real_concerns(data.concerns))), start


def _shown(choice: Choice, form: TimesForm, kinds: list[ConsultationType]) -> dict[str, object]:
    query, data, place = choice.query, choice.draft.data, choice.place
    refused = str(form["slot"].value() or "") if "slot" in form.errors else ""
    gone = slot_text.read(refused or data.taken)
    before = slot_text.read(data.look.get("slot", "") or data.slot)
    start = before[1] if before and not gone else None
    table = table_of(query, place=place, now=choice.now, chosen=start, gone=gone[1] if gone else None)
    who = before[0] if before and query.practitioner is None else None
    kept = time_of(start, query, place.zone, practitioner_id=who) if start and table.has(start, who) else None
    if kept and not kept.who and data.slot == kept.value:
        kept = replace(kept, who=data.with_whom)
    soon = _first_three(kept, table)
    form.places["slot"] = "id_slot" if table.soon else "id_days_0"
    return {
        "form": form,
        "step": order.BY_NAME["times"],
        "section": "consultations",
        "clinic": place.profile,
        "menu": place.menu,
        "table": table,
        "soon": soon,
        "hear_by": hear_of(soon, place, choice.now),
        "look": _look(choice.draft, query),
        "filter": FilterForm(table, kinds, currency=place.profile.currency, draft=str(choice.draft.row.pk)),
        "progress": order.progress("times"),
        "notice": order.notice(data, "times"),
        "kind_words": kind_words(query.kind, place.profile.currency),
        "taken": when.moment(gone[1], place.zone) if gone and not form.is_bound else "",
        "off": switched_off(data, place.zone) if "times" in data.done and not form.is_bound else "",
        "dropped": when.moment(start, place.zone) if start and not kept else "",
        "asks_windows": bool(form["days"].value() or form["parts"].value() or "days" in form.errors)
        or not table.soon,
    }


def _first_three(kept: Time | None, table: Table) -> list[Time]:
    """The time that was chosen before, if it is still free, and then those to choose from at once."""
    if kept is None:
        return list(table.soon)
    others = [time for time in table.soon if time.start != kept.start]
    shows_who = bool(kept.who) and table.query.practitioner is None
    return [replace(kept, note="Your choice so far", chosen=True, shows_who=shows_who), *others[:2]]
