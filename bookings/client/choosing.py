"""Choosing a time: free ones by day, or the days and parts of the day that would suit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bookings.availability import Slot
from bookings.client import steps, times
from bookings.client.windows import GONE, TimesForm, initial
from bookings.models import ConsultationType, Draft
from bookings.queries import client as queries
from bookings.queries import slots as free
from bookings.queries.clinic import Clinic, clinic
from clinic.foundation import when


@dataclass(frozen=True)
class Choice:
    """One client's look at the free times."""

    draft: Draft
    place: Clinic
    asked: times.Asked
    concerns: list[str]
    now: datetime

    def is_free(self, practitioner_id: int | None, start: datetime) -> bool:
        """Whether this time is still offered, to this client."""
        return bool(
            free.free_at(
                now=self.now,
                consultation_type=self.asked.kind,
                start=start,
                practitioner_id=practitioner_id,
                concerns=self.concerns,
            )
        )


def choose(request: HttpRequest, draft: Draft, now: datetime, back: str) -> steps.Data | HttpResponse:
    """The page of times. What was chosen, once that is clear; else the page to show."""
    data, kinds = draft.data, queries.types()
    if not kinds:
        return render(request, "bookings/client/phone.html", {"why": "no_types"}, status=503)
    concerns = steps.concerns_of(data)
    try:
        asked = times.asked(steps.asked_times(request.GET, data), kinds, concerns)
    except times.Unclear:
        # What was asked for is no longer there (another concern, another practitioner): show what is.
        asked = times.asked(QueryDict(), kinds, concerns)
    choice = Choice(draft, clinic(now), asked, concerns, now)
    form = TimesForm(
        request.POST if request.method == "POST" else None,
        initial={"slot": data.get("slot", ""), **initial(data.get("windows", []))},
        is_free=choice.is_free,
    )
    if request.method == "POST" and form.is_valid():
        return {
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id,
            "slot": form.chosen(),
            "windows": form.windows(),
            "time_zone": asked.zone.key if asked.zone else "",
            "taken": "",
        }
    return render(request, "bookings/client/times_step.html", _shown(choice, form, kinds) | {"back": back})


def still_fits(data: steps.Data, now: datetime) -> bool:
    """Whether what was chosen (a time, or a practitioner to whom windows apply) suits the concerns that there are now."""
    kind = next((kind for kind in queries.types() if kind.pk == data.get("type")), None)
    if kind is None:
        return False
    concerns, read = steps.concerns_of(data), times.read(data.get("slot", ""))
    if read is None:
        wanted = data.get("practitioner")
        return not wanted or any(person.pk == wanted for person in free.practitioners(kind, concerns))
    found = free.free_at(
        now=now, consultation_type=kind, start=read[1], practitioner_id=read[0], concerns=concerns
    )
    return bool(found)


def _shown(choice: Choice, form: TimesForm, kinds: list[ConsultationType]) -> dict[str, object]:
    asked, chosen = choice.asked, str(form["slot"].value() or "")
    taken = choice.draft.data.get("taken", "")
    if any(message == GONE for message in form.errors.get("slot", [])):
        taken, chosen = chosen, ""
    table = times.table(asked, place=choice.place, now=choice.now, concerns=choice.concerns, chosen=chosen)
    return {
        "form": form,
        "step": steps.BY_NAME["times"],
        "section": "consultations",
        "table": table,
        "kinds": kinds,
        "zones": times.zones() if asked.kind.mode != ConsultationType.Mode.IN_PERSON else (),
        "draft": choice.draft,
        "notice": steps.notice(choice.draft.data, "times"),
        "chosen": chosen,
        "kept": _kept(chosen, table, choice),
        "length": when.length(asked.kind.minutes),
        "taken": bool(taken),
        "nearest": _nearest(taken, choice),
        "earlier": _page(choice, table.earlier),
        "later": _page(choice, table.later),
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
    found = free.nearest(
        now=choice.now,
        consultation_type=choice.asked.kind,
        start=read[1],
        practitioner_id=choice.asked.practitioner_id,
        concerns=choice.concerns,
    )
    return [times.time(slot, choice.asked, choice.place.zone) for slot in found]


def _page(choice: Choice, first_day: date | None) -> str:
    """The address of an earlier or later stretch of days, with what was asked for kept."""
    if first_day is None:
        return ""
    asked = choice.asked
    return "?" + urlencode(
        {
            "d": str(choice.draft.pk),
            "type": asked.kind.pk,
            "practitioner": asked.practitioner_id or times.ANY,
            "zone": asked.zone.key if asked.zone else "",
            "from": first_day.isoformat(),
        }
    )
