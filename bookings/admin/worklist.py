"""The worklist: every request on its tab, with what to do first at the top. Opening one leads to decide.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings import limits
from bookings.admin import decide, exports, phone
from bookings.desk_site import DECIDE, IN_DOUBT, TOO_LONG, UNMARKED, clinic_of, numbers_of
from bookings.models import ConsultationRequest, ContactBy, Practitioner
from bookings.queries import desk, due
from bookings.queries.desk import Tab
from bookings.states import LIVE
from clinic.foundation import when
from clinic.foundation.admin.lists import ReadOnlyList
from clinic.foundation.text import id_in
from content.models import Concern

_EMPTY = {
    Tab.NEW: "No new requests. Everybody has an answer.",
    Tab.WAITING: "We are not waiting for anybody.",
    Tab.TODAY: "No visits today.",
    Tab.UPCOMING: "No visits booked after today.",
    Tab.CLOSED: "No closed requests yet.",
    Tab.SUSPECTED: "Nothing was caught by the bot guards.",
}


# Flags that are reminders: no tab hides what they find.
_EVERYWHERE = (IN_DOUBT, TOO_LONG, UNMARKED)


class TabFilter(admin.SimpleListFilter):
    """Which tab; drawn as tabs above the list, not among the filters. Without a tab, a search and the reminders look
    everywhere."""

    title = "tab"
    parameter_name = "tab"
    is_tab = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(tab.value, tab.words) for tab in Tab]

    def chosen(self, request: HttpRequest) -> Tab | None:
        value = self.value()
        if value in list(Tab):
            return Tab(value)
        everywhere = request.GET.get("q", "").strip() or request.GET.get("flag") in _EVERYWHERE
        return None if everywhere else Tab.NEW

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        tab = self.chosen(request)
        consultations = desk.with_visit(queryset)
        if tab is not None:
            consultations = consultations.filter(desk.in_tab(tab, timezone.now(), clinic_of(request).zone))
        return desk.in_order(consultations, tab)


class PractitionerFilter(admin.SimpleListFilter):
    """Wished for, or holding or giving the visit."""

    title = "practitioner"
    parameter_name = "practitioner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Practitioner.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        who = id_in(self.value() or "")
        if not who:
            return queryset
        taken = ConsultationRequest.objects.filter(
            appointments__practitioner=who, appointments__state__in=("held", "booked")
        )
        return queryset.filter(Q(wished_practitioner=who) | Q(pk__in=taken.values("pk")))


class ConcernFilter(admin.SimpleListFilter):
    title = "about"
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Concern.objects.values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        about = ConsultationRequest.objects.filter(concerns__code=value)
        return queryset.filter(pk__in=about.values("pk")) if value else queryset


_FLAGS = {"urgent": "urgent", "call": "same_day_call", "clinician": "needs_clinician"}


class FlagFilter(admin.SimpleListFilter):
    title = "flag"
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        flags = [("urgent", "Urgent"), ("call", "Call the same day"), ("clinician", "Clinician review")]
        reminders = [(IN_DOUBT, "Visit in doubt"), (UNMARKED, "Never marked"), (TOO_LONG, "Waiting too long")]
        return [*flags, *reminders]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now, zone = timezone.now(), clinic_of(request).zone
        if self.value() == IN_DOUBT:
            return queryset.filter(desk.in_doubt(now, zone))
        if self.value() == UNMARKED:
            return desk.with_visit(queryset).filter(desk.unmarked(now, zone)).order_by(F("visit_at"), "pk")
        if self.value() == TOO_LONG:
            return queryset.filter(due.waits_too_long(now)).order_by("created_at", "pk")
        field = _FLAGS.get(self.value() or "")
        return queryset.filter(**{field: True}) if field else queryset


class AssignedFilter(admin.SimpleListFilter):
    title = "assigned to"
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = (
            User.objects.filter(is_staff=True, is_active=True)
            .exclude(pk=cast(User, request.user).pk)
            .order_by("first_name")
        )
        names = [(str(user.pk), user.get_full_name() or user.get_username()) for user in staff]
        return [("me", "Me"), ("nobody", "Nobody"), *names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "me":
                return queryset.filter(assigned_to=cast(User, request.user).pk)
            case "nobody":
                return queryset.filter(assigned_to=None)
            case str() as value if id_in(value):
                return queryset.filter(assigned_to=id_in(value))
        return queryset


class Worklist(ChangeList):
    """Django's list, whose rows carry their words, and which knows its tabs."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        now, zone = timezone.now(), clinic_of(request).zone
        consultations = list(self.result_list)
        doubtful = desk.in_doubt_among(consultations, now, zone)
        for consultation in consultations:
            consultation.promised = desk.promise(consultation, now, zone)
            consultation.asked = desk.asked_for(consultation, now, zone)
            consultation.arrived = desk.arrived(consultation, now, zone)
            consultation.in_doubt = consultation.pk in doubtful
        self.result_list = consultations

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """The tab's own order: by promise, by deadline, by visit."""
        return list(queryset.query.order_by)

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        tab = next(spec for spec in found[0] if isinstance(spec, TabFilter))
        chosen = tab.chosen(request)
        self.tabs = list(self._tabs(request, chosen))
        self.reminders = list(_reminders(request))
        self.empty_words = (
            _EMPTY[chosen]
            if chosen
            else "Nobody matches. Try the beginning of a name, or part of the number."
        )
        return found

    def _tabs(self, request: HttpRequest, chosen: Tab | None) -> Iterator[dict[str, Any]]:
        numbers = numbers_of(request).tabs
        for tab in Tab:
            url = self.get_query_string({"tab": tab.value}, remove=["p", "q"])
            yield {"name": tab.words, "number": numbers[tab], "url": url, "here": tab is chosen}


def _reminders(request: HttpRequest) -> Iterator[dict[str, str]]:
    """What will be erased if nobody looks after it: a link, its words, and when that will be."""
    found, zone, kinds = numbers_of(request), clinic_of(request).zone, due.kinds()
    for code, number, kind, one, many, unless in (
        (
            TOO_LONG,
            found.too_long,
            kinds["left_open"],
            "open request has",
            "open requests have",
            f"waited for more than {limits.reminders.REMIND_DAYS} days past the time for an answer",
        ),
        (
            UNMARKED,
            found.unmarked,
            kinds["unmarked"],
            "visit of an earlier day has",
            "visits of earlier days have",
            "not been marked: attended, or not",
        ),
    ):
        first = due.first_to_go(kind) if number else None
        if first is not None:
            words = f"{number} {one if number == 1 else many} {unless}."
            when_gone = f"The first is erased on {when.day_with_year(first, zone)}, if nobody acts."
            yield {"url": f"?flag={code}", "words": words, "more": when_gone}


@admin.register(ConsultationRequest)
class RequestAdmin(ReadOnlyList):
    """Lists requests and opens their page. It can neither add, change nor delete one: verbs do that."""

    list_display = ("which", "client", "about", "flags", "asked_for", "promise", "assigned")
    list_display_links = None  # the client's name is the link, and more stands under it
    list_filter = (TabFilter, PractitionerFilter, ConcernFilter, FlagFilter, AssignedFilter)
    list_per_page = 50
    list_select_related = ("wished_practitioner", "assigned_to", "consultation_type")
    search_fields = ("name_search",)

    # --- what is allowed: to look. Decisions are checked in decide.py and phone.py ------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm(DECIDE)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return cast(User, request.user).has_perm("bookings.view_consultationrequest")

    def get_urls(self) -> list[URLPattern]:
        exported = self.admin_site.admin_view(self.exports_view)
        return [
            path("exports/", exported, name="bookings_consultationrequest_exports"),
            *super().get_urls(),
        ]

    def exports_view(self, request: HttpRequest) -> HttpResponseBase:
        return exports.page(request, self.admin_site)

    # --- pages --------------------------------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Worklist

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Requests"} | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        return decide.page(request, object_id, self.admin_site)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        return phone.page(request, self.admin_site)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The request's own page shows its history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect(reverse("admin:bookings_consultationrequest_change", args=[object_id]))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsultationRequest]:
        consultations = super().get_queryset(request)
        return consultations.prefetch_related("concerns", "windows", "appointments__practitioner")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(desk.matching(search_term)), False

    @admin.display(description="Request")
    def which(self, consultation: ConsultationRequest) -> SafeString:
        words = consultation.state.words
        return format_html(
            '<span class="ref">{}</span><span class="chip {}">{}</span>',
            consultation.reference,
            consultation.status,
            words,
        )

    @admin.display(description="Client")
    def client(self, consultation: Any) -> SafeString:
        url = reverse("admin:bookings_consultationrequest_change", args=[consultation.pk])
        first = _FIRST.get(consultation.contact_by, "") if consultation.status in LIVE else ""
        mark = format_html('<span class="flag first">{}</span>', first) if first else ""
        return format_html(
            '<a class="one" href="{}"><bdi>{}</bdi></a><small class="one">{}{}</small>',
            url,
            consultation.name,
            mark,
            consultation.arrived,
        )

    @admin.display(description="About")
    def about(self, consultation: ConsultationRequest) -> str:
        return (
            ", ".join(concern.name for concern in consultation.concerns.all())
            or "Not sure, or something else"
        )

    @admin.display(description="Flags")
    def flags(self, consultation: Any) -> SafeString:
        """The flag without its reason: screens face waiting rooms."""
        marks = flag_marks(consultation)
        if consultation.in_doubt:
            marks = format_html('{}<span class="flag off">{}</span>', marks, "Visit in doubt")
        return marks or format_html('<span class="quiet">{}</span>', "None")

    @admin.display(description="Asked for")
    def asked_for(self, consultation: Any) -> SafeString:
        return format_html(
            '<span class="one">{}</span><small class="one">{}</small>',
            consultation.asked.words,
            consultation.asked.more,
        )

    @admin.display(description="Reply promise")
    def promise(self, consultation: Any) -> SafeString:
        promised = consultation.promised
        return format_html(
            '<span class="age {}">{}</span><small class="one">{}</small>',
            promised.level,
            promised.words,
            promised.more,
        )

    @admin.display(description="Assigned to")
    def assigned(self, consultation: ConsultationRequest) -> SafeString:
        user = consultation.assigned_to
        if user is None:
            return format_html('<span class="quiet">{}</span>', "Nobody")
        return format_html("{}", user.get_full_name() or user.get_username())


# How to reach them, where it is not by mail.
_FIRST = {ContactBy.PHONE: "phone first", ContactBy.TEXT: "text first"}


def flag_marks(consultation: ConsultationRequest) -> SafeString:
    """The request's flags as marked words, the most pressing first; empty without any."""
    marks = [
        (style, words)
        for raised, style, words in (
            (consultation.urgent, "urgent", "Urgent"),
            (consultation.same_day_call, "call", "Call today"),
            (consultation.needs_clinician, "clinician", "Clinician review"),
        )
        if raised
    ]
    return format_html_join("", '<span class="flag {}">{}</span>', marks)
