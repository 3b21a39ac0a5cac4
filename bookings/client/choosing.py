"""Choosing a time: free ones by day, or the days and parts of the day that would suit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bookings.availability import Slot
from bookings.client import drafts, steps, times, typed
from bookings.client.http import redirect
from bookings.client.opening import opening
from bookings.client.windows import GONE, NO_TIME, ROWS, TimesForm, initial
from bookings.models import ConsultationType, Draft
from bookings.queries import client as queries
from bookings.queries import off
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.slots import Wanted
from clinic.foundation import when


@dataclass(frozen=True)
class Choice:
    """One client's look at the free times."""

    draft: Draft
    place: Clinic
    asked: times.Asked
    now: datetime

    def is_free(self, practitioner_id: int | None, start: datetime) -> bool:
        """Whether this time is still offered, to this client."""
        return bool(free.free_at(self.asked.wanted.by(practitioner_id), start, now=self.now))


def choose(request: HttpRequest, draft: Draft, now: datetime, back: str) -> steps.Data | HttpResponse:
    """The page of times. What was chosen, once that is clear; else the page to show, or a redirect to other times."""
    data, kinds = draft.data, queries.types()
    if not kinds:
        return render(
            request, "bookings/client/phone.html", {"why": "no_types", "opens": opening(now)}, status=503
        )
    concerns = steps.concerns_of(data)
    asked = _asked(steps.asked_times(request.GET, data), kinds, concerns)
    posted = request.POST if request.method == "POST" else None
    if posted is not None:
        shown, asked = asked, _asked(steps.asked_times(_with_choice(request), data), kinds, concerns)
        other = (shown.kind, shown.practitioner) != (asked.kind, asked.practitioner)
        if "show" in posted or "from" in posted or (other and not _only_windows(posted)):
            return _look_again(posted, draft, asked, now, changed="show" not in posted and other)
    choice = Choice(draft, clinic(now), asked, now)
    looked: dict[str, str] = data.get("look", {})
    kept = {"slot": data.get("slot", ""), **initial(data.get("windows", []))} | looked
    form = TimesForm(
        posted if posted is not None else typed.kept(data, "times"),
        initial=kept | {"slot": _chosen(kept["slot"], choice)},
        is_free=choice.is_free,
    )
    if posted is not None and form.is_valid():
        return {
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id,
            "slot": form.chosen(),
            "windows": form.windows(),
            "time_zone": asked.zone.key if asked.zone else "",
            "taken": "",
            "look": {},
        }
    again = drafts.wrong(request, draft, "times", form, now) if posted is not None else None
    return again or render(
        request,
        "bookings/client/times_step.html",
        _shown(choice, form, kinds)
        | {
            "back": back,
            "off": switched_off(data) if "times" in data.get("done", []) and not form.is_bound else "",
            "dropped": _dropped(kept["slot"], choice),
        },
    )


def _with_choice(request: HttpRequest) -> QueryDict:
    """The address with what the form on the page says instead: who, how and where."""
    query = request.GET.copy()
    for key in ("type", "practitioner", "zone"):
        if key in request.POST:
            query[key] = request.POST[key]
    return query


def _only_windows(posted: QueryDict) -> bool:
    """No time is chosen, but days and parts of the day are: they hold for whoever is chosen."""
    rows = any(posted.get(f"{half}_{row}") for row in ROWS for half in ("day", "part"))
    return rows and posted.get("slot", "") in ("", NO_TIME)


def _asked(query: QueryDict, kinds: list[ConsultationType], concerns: list[str]) -> times.Asked:
    """What is asked for; without the person or the days, or the kind too, if they are no longer there."""
    try:
        return times.asked(query, kinds, concerns)
    except times.Unclear:
        less = query.copy()
        less["practitioner"], less["from"], less["days"] = times.ANY, "", ""
    try:
        return times.asked(less, kinds, concerns)
    except times.Unclear:
        return times.asked(QueryDict(), kinds, concerns)


def _look_again(
    posted: QueryDict, draft: Draft, asked: times.Asked, now: datetime, *, changed: bool
) -> HttpResponse:
    """Show other times. What is chosen and filled in already comes along, in the draft."""
    names = ["slot", *(f"{half}_{row}" for row in ROWS for half in ("day", "part"))]
    draft.data["look"] = {name: posted.get(name, "")[:60] for name in names}
    typed.forget(draft.data, "times")
    if changed:
        steps.send_back(draft.data, "times", "choice")
    else:
        steps.forget_notice(draft.data, "times")
    drafts.save(draft, now)
    return redirect(
        steps.url("times", draft).partition("?")[0] + _address(draft, asked, posted.get("from", ""))
    )


def _chosen(value: str, choice: Choice) -> str:
    """The value of the chosen time as the page now shows it: with whom is asked for. Empty if it is not free there."""
    read = times.read(value)
    if read is None:
        return value if value == NO_TIME else ""
    who = choice.asked.practitioner_id
    return times.value(who, read[1]) if choice.is_free(who, read[1]) else ""


def _dropped(value: str, choice: Choice) -> str:
    """The chosen time in words if it is not free for who and what is asked for now."""
    read = times.read(value)
    return when.moment(read[1], choice.place.zone) if read and not _chosen(value, choice) else ""


def still_fits(data: steps.Data, now: datetime) -> bool:
    """Whether what was chosen (a time, or a practitioner to whom windows apply) suits the concerns that there are now."""
    wanted, start = _kept_wish(data)
    if wanted is None:
        return False
    return bool(free.free_at(wanted, start, now=now)) if start else not off.against_wish(wanted, None)


def switched_off(data: steps.Data) -> str:
    """Why what was chosen (a kind, a person, a day) is not to be had any more, as a sentence; empty while it is.

    That somebody else has taken the time is another question, asked when the request is sent.
    """
    wanted, start = _kept_wish(data)
    return off.wish_words(wanted, start) if wanted else "This kind of consultation is not offered any more."


def _kept_wish(data: steps.Data) -> tuple[Wanted | None, datetime | None]:
    """What the draft holds as its choice, and the chosen start if it is one."""
    kind = ConsultationType.objects.filter(pk=data.get("type") or 0).first()
    if kind is None:
        return None, None
    read = times.read(data.get("slot", ""))
    who, start = read or (data.get("practitioner"), None)
    return Wanted(kind=kind, practitioner_id=who, concerns=tuple(steps.concerns_of(data))), start


def _shown(choice: Choice, form: TimesForm, kinds: list[ConsultationType]) -> dict[str, object]:
    asked, chosen = choice.asked, str(form["slot"].value() or "")
    taken = "" if form.is_bound else choice.draft.data.get("taken", "")
    gone = chosen if GONE in form.errors.get("slot", []) else taken
    if form.is_bound:
        chosen = _chosen(chosen, choice)
    table = times.table(asked, place=choice.place, now=choice.now, chosen=chosen)
    nearest, kept = _nearest(gone, choice), _kept(chosen, table, choice)
    first = ("id_near_1" if nearest else "") or ("id_kept_1" if kept else "")
    form.places["slot"] = first or table.first_radio or "id_slot_none"
    return {
        "form": form,
        "step": steps.BY_NAME["times"],
        "section": "consultations",
        "table": table,
        "kinds": times.kinds_in_words(kinds, choice.place.profile.currency),
        "zones": times.zones() if asked.kind.mode != ConsultationType.Mode.IN_PERSON else (),
        "draft": choice.draft,
        "progress": steps.progress("times", choice.draft.data),
        "notice": steps.notice(choice.draft.data, "times"),
        "chosen": chosen,
        "kept": kept,
        "kind_words": times.kind_words(asked.kind, choice.place.profile.currency),
        "taken": bool(taken),
        "nearest": nearest,
    }


def _kept(chosen: str, table: times.Table, choice: Choice) -> list[times.Time]:
    """The time chosen before, if it is still free and not among those shown."""
    read = times.read(chosen)
    if (
        read is None
        or any(time.chosen for day in table.days for time in day.times)
        or not choice.is_free(*read)
    ):
        return []
    slot = Slot(start=read[1], practitioner_id=read[0] or 0, end=read[1])
    return [replace(times.time(slot, choice.asked, choice.place.zone), value=chosen, chosen=True)]


def _nearest(taken: str, choice: Choice) -> list[times.Time]:
    """The three free times nearest to one that has gone."""
    read = times.read(taken)
    if read is None:
        return []
    found = free.nearest(choice.asked.wanted, read[1], now=choice.now)
    return [times.time(slot, choice.asked, choice.place.zone) for slot in found]


def _address(draft: Draft, asked: times.Asked, first_day: str) -> str:
    """The address of these times, from `first_day` (as it was typed) on."""
    return "?" + urlencode(
        {
            "d": str(draft.pk),
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id or times.ANY,
            "zone": asked.zone.key if asked.zone else "",
            "from": first_day[:10],
        }
    )
