"""The sessions of a plan, arranged in one go: for each a few free times, one press for all that are chosen.

Whoever answers requests arranges them. Who may not read the plan sees of it how many visits there are and from when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import slot_text, typed_time, wording
from bookings.admin import health
from bookings.admin.decide import may
from bookings.admin.plan import courses, typed
from bookings.admin.plan import visits as visits_of_plan
from bookings.admin.plan.typed import Choice
from bookings.availability import Slot
from bookings.desk_site import DECIDE, READS_HEALTH, VIEW
from bookings.fields import tidy
from bookings.models import ConsultationRequest, Practitioner, windows_in_words
from bookings.queries import course, plans, session_times, wishes
from bookings.queries.audit import READ_HEALTH
from bookings.queries.clinic import Clinic, clinic
from bookings.queries.course import OfPlan
from bookings.queries.session_times import ANYONE, Windows
from bookings.queries.wishes import Wish
from bookings.states import AGAIN_FROM, PlanStatus
from bookings.workflow import sessions as verbs
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import WorkflowError
from bookings.workflow.sessions import NotBooked
from bookings.workflow.times import SAY_WHY
from clinic.foundation import audit, press, when
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

_NAMED = 3  # of the visits that one press booked, in the bar that takes them back: it holds 200 characters


@dataclass(frozen=True)
class Visit:
    """One session, its `first` day and the times to choose from: (value, words, whether it is chosen). `choice`: what was
    chosen or typed, `example` what could be. `problem`: why it was not booked; `at_its_page`: what is against it is agreed
    to on its own page, with a reason. `cost`: what the plan says of its price.
    """

    session: ConsultationRequest
    name: str
    first: date | None
    times: Sequence[tuple[str, str, bool]]
    choice: Choice
    problem: str
    at_its_page: bool
    people: Sequence[tuple[str, str, bool]]
    support: Sequence[tuple[str, str]]
    cost: str
    example: str

    @property
    def chosen(self) -> bool:
        return any(checked for _, _, checked in self.times)

    @property
    def wrong(self) -> str:
        """What stands beside its typed time."""
        return self.choice.problem or self.problem

    @property
    def is_again(self) -> bool:
        """It had a time, or was offered some, and lost it: whether they still want it is asked first."""
        return self.session.status in AGAIN_FROM

    @property
    def wish(self) -> Wish:
        """When it would suit its client, as they said with their yes."""
        return wishes.of(self.session)

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
    """Free times for each session that is to be arranged; POST looks at a typed time, books those that are chosen, all or
    none, or adds one more session to a treatment that may take it.
    """
    now = timezone.now()
    consultation = ConsultationRequest.objects.filter(pk=object_id, erased_at=None).first()
    if consultation is None:
        raise Http404
    waiting, place = _waiting(consultation), clinic(now)
    shown = _Page(request, consultation, site, now, place)
    if request.method != "POST":
        return shown.drawn(waiting, {})
    do, _, about = request.POST.get("do", "").partition(":")
    if do == "add":
        return _added(shown, waiting, id_in(about))
    choices = typed.read(request.POST, waiting, now, place)
    if do == "look" or any(one.problem for one in choices.values()):
        wrong = "Look at these times" if do == "look" else "Nothing was booked: look at these"
        has_wrong = any(one.problem for one in choices.values())
        return shown.drawn(waiting, choices, problem=wrong if has_wrong else "")
    return _booked(shown, waiting, choices)


def _booked(
    shown: _Page, waiting: Sequence[ConsultationRequest], choices: Mapping[int, Choice]
) -> HttpResponse:
    request, consultation = shown.request, shown.consultation
    user = cast(User, request.user)
    key, chosen = press.of(request, user), _chosen(request, waiting, choices)
    if not chosen:
        if press.done(key):
            return SeeOther(_back(consultation))
        return shown.drawn(waiting, choices, problem="Choose a time for one visit at least.")
    days = ", ".join(when.short_with_year(slot.start, shown.place.zone) for _, slot in chosen)
    named = [when.short_with_year(slot.start, shown.place.zone) for _, slot in chosen[:_NAMED]]
    more = f" and {len(chosen) - _NAMED} more" if len(chosen) > _NAMED else ""
    words = f"{consultation.reference}: {len(chosen)} visits booked, {', '.join(named)}{more}"
    try:
        verbs.book_all(chosen, Origin(Actor.staff(user, key), shown.now), words=words)
    except press.Twice:
        return SeeOther(_back(consultation))
    except NotBooked as lost:
        fresh = _waiting(consultation)
        return shown.drawn(fresh, choices, lost=lost, status=409)
    count = "1 visit is" if len(chosen) == 1 else f"{len(chosen)} visits are"
    name = consultation.called or "the client"
    messages.success(request, f"{count} booked: {days}. A mail about each goes to {name}.")
    return SeeOther(_back(consultation))


def _waiting(consultation: ConsultationRequest) -> list[ConsultationRequest]:
    """Those that may be first stand first; the sessions of one treatment stay in order. Each has its `support_needs`."""
    return sorted(
        plans.unbooked(consultation).select_related("support_needs"),
        key=lambda one: (one.due_on or date.max, one.session_of_id or 0, one.session_number or 0),
    )


def _added(shown: _Page, waiting: Sequence[ConsultationRequest], line: int) -> HttpResponse:
    """One more session of a treatment, as far as the client said yes to it."""
    request, consultation = shown.request, shown.consultation
    user = cast(User, request.user)
    origin = Origin(
        Actor.staff(user, press.of(request, user)), shown.now, id_in(request.POST.get("version", ""))
    )
    try:
        verbs.add_session(consultation, origin, line=line)
    except WorkflowError as refused:
        if not press.done(origin.actor.press):
            consultation.refresh_from_db()
            return shown.drawn(waiting, {}, problem=str(refused), status=409)
    name = consultation.called or "The client"
    messages.success(request, wording.of("add_session").done.format(name=name))
    return SeeOther(f"{request.path}#h-courses")


def _back(consultation: ConsultationRequest) -> str:
    return reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])


def _chosen(
    request: HttpRequest, waiting: Sequence[ConsultationRequest], choices: Mapping[int, Choice]
) -> list[tuple[ConsultationRequest, Slot]]:
    """The sessions with a chosen time, in their order, each with the version that the page showed."""
    found = []
    for session in waiting:
        slot = choices[session.pk].slot(session)
        if slot is not None:
            session.version = id_in(request.POST.get(f"version-{session.pk}", ""))
            found.append((session, slot))
    return found


@dataclass(frozen=True)
class _Page:
    """Everything around the page that is answered."""

    request: HttpRequest
    consultation: ConsultationRequest
    site: AdminSite
    now: datetime
    place: Clinic

    @cached_property
    def _reads(self) -> bool:
        return self.request.user.has_perm(READS_HEALTH)

    @cached_property
    def _asked_at_first(self) -> Windows:
        return _windows(self.consultation)

    def _windows_of(self, session: ConsultationRequest) -> Windows:
        """When they can come to this one: as they said for it, else as they said at first. It is one of `wishes.read`."""
        return _windows(session) or self._asked_at_first

    @cached_property
    def _course(self) -> list[OfPlan]:
        """Every visit of the plan, booked or not: three statements."""
        return course.visits_of(self.consultation, self.place.zone)

    @cached_property
    def _firsts(self) -> dict[int, date | None]:
        """The first day of each visit that is not booked, by its key."""
        return {one.session.pk: one.first for one in self._course}

    def drawn(
        self,
        waiting: Sequence[ConsultationRequest],
        choices: Mapping[int, Choice],
        *,
        problem: str = "",
        lost: NotBooked | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, with what was chosen and typed so far."""
        request, who = self.request, self.request.GET.get("with", "")
        wishes.read(waiting)
        givers = _givers(waiting)
        names = dict(Practitioner.objects.values_list("pk", "name"))
        free = self._free(waiting, choices, _asked(who, names))
        if self._reads and waiting:
            audit.seen(cast(User, request.user), READ_HEALTH, self.consultation, self.now)
        called = visits_of_plan.names(waiting, self._reads)
        visits = [
            self._visit(one, called[one.pk], free[one.pk], choices.get(one.pk), names, givers, lost)
            for one in waiting
        ]
        if lost and any(visit.problem for visit in visits):
            problem = "Nothing was booked: look at this"
        rows = visits_of_plan.rows_of(self._course, self._reads, self.place.zone)
        context = self.site.each_context(request) | {
            "title": f"Arrange the visits of {self.consultation.name}",
            "consultation": self.consultation,
            "visits": visits,
            "booked": [row for row in rows if row.at],
            "phone_words": tidy(self.consultation.phone) or self.consultation.phone,
            "asked_for": _asked_for(self.consultation),
            "people": _people(givers, who),
            "courses": courses.more(plans.courses_of(self.consultation)),
            "problem": problem or (f"Nothing was booked. {lost}" if lost else ""),
            "wrong": [visit for visit in visits if visit.wrong],
        }
        return render(request, "admin/bookings/plan/arrange.html", context, status=status)

    def _free(
        self, waiting: Sequence[ConsultationRequest], choices: Mapping[int, Choice], who: int | None
    ) -> dict[int, list[Slot]]:
        """Times to suggest beside what is chosen by now."""
        known = {one.pk: choices[one.pk].day(one, self.place) for one in waiting if one.pk in choices}
        chosen = {key: day for key, day in known.items() if day}
        asked_for = {one.pk: self._windows_of(one) for one in waiting}
        return session_times.suggested(waiting, self.now, self.place, who, chosen, asked_for)

    def _visit(
        self,
        session: ConsultationRequest,
        called: str,
        free: Sequence[Slot],
        choice: Choice | None,
        names: Mapping[int, str],
        givers: Mapping[int, Mapping[int, str]],
        lost: NotBooked | None,
    ) -> Visit:
        offered = list(free)
        if choice is None:
            # On the first look the first time of each is chosen: one press books all that nobody has to be asked about.
            choice = Choice(slot_text.of(free[0]) if free and session.status not in AGAIN_FROM else "")
        chosen = choice.slot(session)
        if chosen and choice.value not in map(slot_text.of, free) and chosen.practitioner_id in names:
            offered.append(chosen)
        windows = self._windows_of(session)
        times = [
            (slot_text.of(slot), self._words(slot, names, windows), slot_text.of(slot) == choice.value)
            for slot in offered
        ]
        default = choice.who or session.wished_practitioner_id or 0
        theirs = givers.get(session.consultation_type_id, {})
        with_whom = [(str(key), name, key == default) for key, name in theirs.items()]
        mine = lost is not None and lost.session.pk == session.pk
        why = str(lost.why).removesuffix(SAY_WHY).strip() if lost is not None and mine else ""
        by_rule = choice.by_rule or bool(lost and mine and str(lost.why).endswith(SAY_WHY))
        first, support = self._firsts.get(session.pk), health.support(session)
        cost = visits_of_plan.cost(session, self._reads)
        example = typed_time.example(when.local_day(self.now, self.place.zone), first)
        return Visit(session, called, first, times, choice, why, by_rule, with_whom, support, cost, example)

    def _words(self, slot: Slot, names: Mapping[int, str], windows: Windows) -> str:
        words = f"{when.short_with_year(slot.start, self.place.zone)} with {names[slot.practitioner_id]}"
        return f"{words}, as they asked" if session_times.is_asked_for(slot, windows, self.place) else words


def _asked_for(consultation: ConsultationRequest) -> str:
    """When they could come as they asked for their first visit, in words; empty if they named no days or times."""
    return "; ".join(windows_in_words((row.weekday, row.part) for row in consultation.windows.all()))


def _windows(consultation: ConsultationRequest) -> Windows:
    return [(row.weekday, row.part) for row in consultation.windows.all()]


def _asked(who: str, people: Mapping[int, str]) -> int | None:
    """Whose times the address asks for, as `suggested` takes it; None for whoever is made up."""
    key = id_in(who)
    return ANYONE if who == "anyone" else key if key in people else None


def _givers(waiting: Sequence[ConsultationRequest]) -> dict[int, dict[int, str]]:
    """Who gives each kind of these sessions, by name: one statement."""
    kinds = {one.consultation_type_id for one in waiting}
    rows = Practitioner.objects.filter(is_active=True, consultation_types__in=kinds)
    found: dict[int, dict[int, str]] = {}
    for kind, key, name in rows.order_by("name").values_list("consultation_types", "pk", "name"):
        found.setdefault(kind, {})[key] = name
    return found


def _people(givers: Mapping[int, Mapping[int, str]], chosen: str) -> list[tuple[str, str, bool]]:
    """Whose times can be seen, as (value, words, whether they are now)."""
    everybody = {key: name for theirs in givers.values() for key, name in theirs.items()}
    listed = [("", "Whom they have seen"), ("anyone", "Anyone")]
    listed += [(str(key), name) for key, name in everybody.items()]
    return [(value, words, value == chosen) for value, words in listed]
