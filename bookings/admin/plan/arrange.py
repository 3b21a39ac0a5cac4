"""The sessions of a plan, arranged in one go: for each a few free times, one press for all that are chosen.

Nothing of the plan stands here but how many visits there are and from when: whoever answers requests arranges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import slot_text
from bookings.admin.decide import may
from bookings.availability import Slot
from bookings.desk_site import DECIDE, VIEW
from bookings.models import ConsultationRequest, Practitioner
from bookings.queries import plans, session_times
from bookings.queries.clinic import clinic
from bookings.queries.session_times import ANYONE
from bookings.queries.slots import Wanted
from bookings.states import PlanStatus
from bookings.workflow import sessions as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.sessions import NotBooked
from clinic.foundation import press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in


@dataclass(frozen=True)
class Visit:
    """One session with the times to choose from: (value, words, whether it is chosen). `problem`: why it was not booked."""

    session: ConsultationRequest
    times: Sequence[tuple[str, str, bool]]
    chosen: bool
    problem: str

    @property
    def is_replaced(self) -> bool:
        """A later plan was sent than the one that it came of; until the client says yes to that, this one stands."""
        return (
            self.session.session_of is not None
            and self.session.session_of.plan.status == PlanStatus.SUPERSEDED
        )


@may(VIEW)
@may(DECIDE)
def page(request: HttpRequest, object_id: int, site: AdminSite) -> HttpResponse:
    """Free times for each session that is to be arranged; POST books those that are chosen, all or none."""
    now = timezone.now()
    consultation = ConsultationRequest.objects.filter(pk=object_id, erased_at=None).first()
    if consultation is None:
        raise Http404
    waiting = list(plans.to_arrange(consultation))
    if request.method != "POST":
        return _shown(request, consultation, waiting, site, now)
    chosen = _chosen(request, waiting)
    user = cast(User, request.user)
    key = press.of(request, user)
    if not chosen:
        if press.done(key):
            return SeeOther(_back(consultation))
        return _shown(
            request, consultation, waiting, site, now, problem="Choose a time for one visit at least."
        )
    try:
        verbs.book_all(chosen, Origin(Actor.staff(user, key), now))
    except NotBooked as lost:
        fresh = list(plans.to_arrange(consultation))
        return _shown(request, consultation, fresh, site, now, lost=lost, status=409)
    count = "1 visit is" if len(chosen) == 1 else f"{len(chosen)} visits are"
    messages.success(request, f"{count} booked. {consultation.called or 'The client'} is told of each.")
    return SeeOther(_back(consultation))


def _back(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def _chosen(
    request: HttpRequest, waiting: Sequence[ConsultationRequest]
) -> list[tuple[ConsultationRequest, Slot]]:
    """The sessions with a chosen time, in their order, each with the version that the page showed."""
    found = []
    for session in waiting:
        read = slot_text.read(request.POST.get(f"slot-{session.pk}", ""))
        if read is not None and read[0] is not None:
            session.version = id_in(request.POST.get(f"version-{session.pk}", ""))
            found.append((session, Wanted(kind=session.consultation_type).slot(read[0], read[1])))
    return found


def _shown(
    request: HttpRequest,
    consultation: ConsultationRequest,
    waiting: Sequence[ConsultationRequest],
    site: AdminSite,
    now: datetime,
    *,
    problem: str = "",
    lost: NotBooked | None = None,
    status: int = 200,
) -> HttpResponse:
    place = clinic(now)
    people = dict(Practitioner.objects.values_list("pk", "name"))
    who = request.GET.get("with", "")
    free = session_times.suggested(waiting, now, place, _asked(who, people))
    visits = []
    for session in waiting:
        posted = request.POST.get(f"slot-{session.pk}", "")
        # On the first look the first time of each is chosen: one press books them all.
        first = slot_text.of(free[session.pk][0]) if free[session.pk] and request.method != "POST" else ""
        times = [
            (
                slot_text.of(slot),
                f"{when.short_with_year(slot.start, place.zone)} with {people[slot.practitioner_id]}",
            )
            for slot in free[session.pk]
        ]
        wanted = posted or first
        why = str(lost.why) if lost is not None and lost.session.pk == session.pk else ""
        visits.append(
            Visit(session, [(value, words, value == wanted) for value, words in times], bool(wanted), why)
        )
    context = site.each_context(request) | {
        "title": f"Arrange the visits of {consultation.name}",
        "consultation": consultation,
        "visits": visits,
        "people": _people(waiting, who),
        "problem": problem or (f"Nothing was booked. {lost}" if lost else ""),
    }
    return render(request, "admin/bookings/plan/arrange.html", context, status=status)


def _asked(who: str, people: Mapping[int, str]) -> int | None:
    """Whose times the address asks for, as `suggested` takes it; None for whoever is made up."""
    key = id_in(who)
    return ANYONE if who == "anyone" else key if key in people else None


def _people(waiting: Sequence[ConsultationRequest], chosen: str) -> list[tuple[str, str, bool]]:
    """Whose times can be seen, as (value, words, whether they are now). One statement."""
    kinds = {one.consultation_type_id for one in waiting}
    rows = Practitioner.objects.filter(is_active=True, consultation_types__in=kinds).distinct()
    listed = [("", "Whom they have seen"), ("anyone", "Anyone")]
    listed += [(str(key), name) for key, name in rows.values_list("pk", "name")]
    return [(value, words, value == chosen) for value, words in listed]
