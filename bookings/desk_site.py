"""The admin site that staff work in: the frame of every page, in the clinic's own time.

It is outside bookings/admin on purpose: Django makes the site when the first app registers with it, and a module
inside that package would first import the package, whose rooms also register, on a site that is then thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, update_wrapper
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, get_script_prefix, path, reverse
from django.utils import timezone

from bookings import desk_rail
from bookings.desk_rail import Group, Link
from bookings.queries import frame, rail, undo
from bookings.queries.clinic import clinic, profile_with_hours
from bookings.queries.desk import Tab
from bookings.queries.frame import Frame
from clinic.foundation.signin.pages import SteppedSite
from content.models import ClinicProfile
from content.publishing import due

VIEW = "bookings.view_consultationrequest"
DECIDE = "bookings.decide_request"
EXPORT = "bookings.export_request"
# Not READ_HEALTH, which is what the history of reading calls it (bookings/queries/audit.py).
READS_HEALTH = "bookings.read_health"
CORRECTS_LATE = "bookings.correct_late"
WRITES_PLANS = "bookings.write_plan"
CHANGES_WEEK = "bookings.change_workinghours"
BLOCK = "bookings.add_timeoff"
BLOCK_OWN = "bookings.block_own_time"
UNBLOCK = "bookings.delete_timeoff"
SEE_PEOPLE = "auth.view_user"
# The flag of the worklist (?flag=) for booked visits in doubt: something that they need was switched off or closed, or
# the rules of the clinic's time zone have changed.
IN_DOUBT = "doubt"
# And for times that clients are offered, or that are held for them, and that for the same reasons can no longer be booked.
TIMES_IN_DOUBT = "times"
# And what the desk is reminded of before its time is up: open requests that wait too long, visits that nobody has marked.
TOO_LONG, UNMARKED = "long", "unmarked"
# And of what somebody meant to come back to by today, and of what is owed to somebody who is not to be mailed.
COME_BACK, TO_RING = "back", "ring"
# And what the start page counts besides: who is to be called, for whatever reason; holds and offers that end within a day.
TO_CALL, ENDS_SOON = "tocall", "ends"
# And what plans want: to be written, a question about one to be answered, a visit of one to be arranged, or had again.
PLAN_TO_WRITE, PLAN_ASKED, PLAN_VISITS, PLAN_AGAIN = "noplan", "planasked", "planvisit", "planagain"


# What is set up rarely: heading, then models as "app.model" with the words of the rail.
_SETUP = (
    (
        "Set up",
        (
            ("bookings.practitioner", "Practitioners and hours"),
            ("bookings.consultationtype", "Consultation types"),
            ("bookings.closure", "Closures"),
            ("bookings.bookingrules", "Rules"),
            ("bookings.requestlimit", "Limits on requests"),
            ("bookings.feetext", "Fee texts"),
            ("bookings.tag", "Tags"),
            ("bookings.planphrase", "Phrases for plans"),
        ),
    ),
    (
        "Website",
        (
            ("content.page", "Pages"),
            ("content.concern", "Concerns"),
            ("content.treatment", "Treatments"),
            ("content.suitability", "Suitability"),
            ("content.exampleplan", "Example plans"),
            ("content.faq", "Questions"),
            ("content.synonym", "Search words"),
            ("content.picture", "Pictures"),
            ("content.source", "Sources"),
            ("content.person", "People"),
            ("content.clinicprofile", "Clinic profile"),
        ),
    ),
    (
        "Staff",
        (
            ("auth.user", "Staff"),
            ("auth.group", "Roles"),
            ("foundation.signin", "Sign-ins"),
            ("foundation.auditentry", "Who opened what"),
            ("bookings.workerbeat", "Worker"),
        ),
    ),
)


class DeskSite(SteppedSite):
    """The desk. Its sidebar is ours, because Django's needs JavaScript to be seen."""

    site_header = "The desk"
    site_title = "Desk"
    index_title = "All pages"
    enable_nav_sidebar = False
    # Health answers as well as accounts.
    second_step_for = [*SteppedSite.second_step_for, READS_HEALTH]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As Django's, but every time on the page is in the clinic's zone, including those TimeField forms read."""
        return _in_clinic_time(super().admin_view(view, cacheable))

    def outside(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """The pages of the second step say how long they stay closed, and which Sunday is meant."""
        return _in_clinic_time(super().outside(view))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        with timezone.override(clinic_of(request).zone):  # it says how long sign-in stays closed
            return super().login(request, extra_context)

    def name_for_apps(self, request: HttpRequest) -> str:
        return clinic_of(request).short_name or super().name_for_apps(request)

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[tuple[str, str, Callable[..., HttpResponseBase]]] = []
        self._start: Callable[[HttpRequest], HttpResponse] = self.all_pages

    def add_page(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> None:
        """A page of the desk that is no model's list: `view` at /admin/`route`, as "admin:`name`", behind the sign-in.

        The rooms of bookings/admin/ call it when they are imported, and the view itself asks for the right it needs.
        """
        self._pages.append((route, name, view))

    def start_with(self, view: Callable[[HttpRequest], HttpResponse]) -> None:
        """What "admin:index" shows, where everybody lands who signs in (bookings/admin/start/)."""
        self._start = view

    def get_urls(self) -> list[URLResolver | URLPattern]:
        ours = [path(route, self.admin_view(view), name=name) for route, name, view in self._pages]
        return [path("all/", self.admin_view(self.all_pages), name="all_pages"), *ours, *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """No field of ours autocompletes; Django's page would search for anyone who asks, however long it took."""
        raise Http404

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The start page."""
        return self._start(request)

    def all_pages(self, request: HttpRequest) -> HttpResponse:
        """Everything this person may see or edit."""
        context = self.each_context(request) | {
            "title": self.index_title,
            "app_list": self.get_app_list(request),
        }
        return render(request, "admin/all_pages.html", context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The frame: the rail with its counts, the clinic's name, and whether mails really go.

        Not Django's own: its list of all apps asks every model for its rights, and no page of ours shows it but one.
        """
        context: dict[str, Any] = {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": request.META["SCRIPT_NAME"] or self.site_url,
            "has_permission": self.has_permission(request),
            "desk_clinic": clinic_of(request),
            "trial": not settings.EMAIL_HOST,
        }
        if context["has_permission"]:
            user = cast(User, request.user)
            now = timezone.now()
            shown = frame_of(request)
            context["frame"] = shown
            context["shut"] = clinic(now, clinic_of(request)).shut
            groups = self._rail(request, shown)
            context |= {"rail": groups, "may_decide": user.has_perm(DECIDE)}
            context["rail_drawn"] = desk_rail.drawn(groups, _address("admin:all_pages"))
            context["undos"] = undo.to_take_back(user.pk, now) if shown.has_undo else []
            togethers = undo.together(user.pk, now) if shown.has_together else []
            context["to_take_back"] = undo.newest_first(context["undos"], togethers)
        return context

    def _rail(self, request: HttpRequest, frame: Frame) -> list[Group]:
        user = cast(User, request.user)
        start = _address("admin:index")
        first = Link("Start", start, "start", here=request.path == start)
        groups = [Group("", [first, *_desks(request, user)], setup=False)]
        if user.has_perm(VIEW):
            groups.append(Group("Views", _views(request, frame)))
        for title, entries in _SETUP:
            links = [link for label, name in entries if (link := self._setup_link(request, label, name))]
            if title == "Website":
                links = _with_due(request, user, links)
            if title == "Set up" and user.has_perm(VIEW) and user.has_perm(BLOCK):
                block = _address("admin:block")
                links = [Link("Block time", block, here=request.path == block), *links]
            if title == "Staff":
                links = _with_people(request, user, links)
            if links:
                groups.append(Group(title, links))
        return groups

    def _setup_link(self, request: HttpRequest, label: str, name: str) -> Link | None:
        """A link to a model's list, if it is registered and this person may see it."""
        model = apps.get_model(label)
        if not self.is_registered(model) or not self.get_model_admin(model).has_view_permission(request):
            return None
        url = _address(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return Link(name, url, here=request.path.startswith(url))


def _address(name: str) -> str:
    """`reverse`, of which the frame of a page needs forty."""
    return _below(get_script_prefix(), name)


@lru_cache(maxsize=200)
def _below(prefix: str, name: str) -> str:
    return reverse(name)


def _in_clinic_time(view: Callable[..., Any]) -> Callable[..., Any]:
    def in_clinic_time(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(clinic_of(request).zone):
            response = view(request, *args, **kwargs)
            # Templates are rendered late by default: after this block, in UTC.
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            return cast(HttpResponseBase, response)

    return update_wrapper(in_clinic_time, view)


def _with_due(request: HttpRequest, user: User, links: list[Link]) -> list[Link]:
    """After the pages, what their editors and reviewers have before them."""
    if not any(user.has_perm(f"content.{right}_page") for right in ("view", "change", "review")):
        return links
    url = _address("admin:content_page_due")
    found = due_of(request)
    word = f"to look at, {found.late} late" if found.late else "to look at"
    here = request.path.startswith(url)
    pages = replace(links[0], here=links[0].here and not here)  # its address begins like the pages' own
    return [pages, Link("Due for review", url, "", found.number, word, found.late > 0, here), *links[1:]]


def _with_people(request: HttpRequest, user: User, links: list[Link]) -> list[Link]:
    """Before the lists of staff and roles, who has which."""
    if not user.has_perm(SEE_PEOPLE):
        return links
    url = _address("admin:auth_user_people")
    here = request.path == url
    others = [replace(link, here=link.here and not here) for link in links]
    return [Link("People and roles", url, here=here), *others]


def _desks(request: HttpRequest, user: User) -> list[Link]:
    links = []
    if user.has_perm(VIEW):
        found = numbers_of(request)
        worklist = _address("admin:bookings_consultationrequest_changelist")
        today = _address("admin:day")
        calendar = _address("admin:calendar")
        flag = request.GET.get("flag", "") if request.path == worklist else ""
        reminders = _reminders(worklist, flag, found)
        elsewhere = any(link.here for link in reminders)
        at_exports = request.path == _address("admin:bookings_consultationrequest_exports")
        at_requests = request.path.startswith(worklist) and not elsewhere and not at_exports
        new = found.tabs[Tab.NEW]
        word = f"new, {found.overdue} overdue" if found.overdue else "new"
        links += [
            Link("Requests", worklist, "inbox", new, word, found.overdue > 0, at_requests),
            Link("Today", today, "sun", found.visits_today, "visits", here=request.path == today),
            Link("Calendar", calendar, "cal", here=request.path == calendar),
        ]
        links += reminders
    if user.has_perm("bookings.view_message"):
        outbox = _address("admin:bookings_message_changelist")
        failed = numbers_of(request).failed_messages
        here = request.path.startswith(outbox)
        links.append(Link("Outbox", outbox, "mail", failed, "failed", failed > 0, here))
    return [*links, *_exports(request, user)]


def _exports(request: HttpRequest, user: User) -> list[Link]:
    url = _address("admin:bookings_consultationrequest_exports")
    return [Link("Exports", url, "down", here=request.path == url)] if user.has_perm(EXPORT) else []


# Views of the worklist that everybody has.
_VIEWS = (
    ("Mine", "tab=open&assigned=me"),
    ("Clinician first", "tab=open&sort=clinician"),
    ("Phone first", "tab=open&sort=phone"),
    ("Follow up today", "tab=all&follow=today"),
)


def _views(request: HttpRequest, frame: Frame) -> list[Link]:
    """Those that everybody has, and those that this person keeps."""
    worklist = _address("admin:bookings_consultationrequest_changelist")
    query = request.GET.urlencode() if request.path == worklist else ""
    named = [*_VIEWS, *((view.name, view.query) for view in frame.views)]
    links = [Link(name, f"{worklist}?{view}", here=query == view) for name, view in named]
    kept = _address("admin:bookings_consultationrequest_views")
    return [*links, Link("Your views", kept, here=request.path == kept)] if frame.views else links


def _reminders(worklist: str, flag: str, found: rail.Counts) -> list[Link]:
    """What somebody has to see to besides the day's work: lines that appear only when there is something."""
    lines = (
        ("Calls and texts", TO_CALL, "phone", found.to_ring, "clients to ring or text"),
        ("Come back today", COME_BACK, "flag", found.come_back, "requests to come back to"),
        ("Visits in doubt", IN_DOUBT, "flag", found.in_doubt, "in doubt"),
        (
            "Times in doubt",
            TIMES_IN_DOUBT,
            "flag",
            found.times_in_doubt,
            "clients whose times can no longer be booked",
        ),
        ("Never marked", UNMARKED, "flag", found.unmarked, "visits that nobody has marked"),
        ("Waiting too long", TOO_LONG, "flag", found.too_long, "open requests"),
    )
    return [
        Link(name, f"{worklist}?flag={code}", icon, number, word, True, flag == code)
        for name, code, icon, number, word in lines
        if number
    ]


def clinic_of(request: HttpRequest) -> ClinicProfile:
    """The clinic's profile, read once per request. Its opening hours come along."""
    known: ClinicProfile | None = getattr(request, "desk_clinic", None)
    if known is None:
        known = profile_with_hours()
        request.desk_clinic = known  # type: ignore[attr-defined]  # kept where everything can reach it: on the request
    return known


def due_of(request: HttpRequest) -> due.Counts:
    """What of the website wants somebody, read once per request."""
    kept = vars(request)
    if "desk_due" not in kept:
        kept["desk_due"] = due.counts(timezone.now(), clinic_of(request).zone)
    return cast(due.Counts, kept["desk_due"])


def frame_of(request: HttpRequest, *, counted: bool | None = None) -> Frame:
    """What every page of the desk shows around it, read once per request. `counted`: with its numbers, or (None) where this
    person sees one of them."""
    known: Frame | None = getattr(request, "desk_frame", None)
    if known is None or (counted and known.numbers is None):
        user = cast(User, request.user)
        if counted is None:
            counted = user.has_perm(VIEW) or user.has_perm("bookings.view_message")
        known = frame.read(user.pk, timezone.now(), clinic_of(request).zone, counted=counted)
        request.desk_frame = known  # type: ignore[attr-defined]  # as above
    return known


def numbers_of(request: HttpRequest) -> rail.Counts:
    """The counts of the rail and the tabs."""
    numbers = frame_of(request, counted=True).numbers
    assert numbers is not None
    return numbers
