"""Who opened what: the audit for managers to read. Nobody edits it; whoever reads it is noted as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bookings import limits
from bookings.desk_site import clinic_of
from bookings.fields import Day
from bookings.models import ConsultationRequest
from bookings.queries import audit as queries
from bookings.queries.audit import OPENED, READ_HEALTH, REQUEST, Asked, Odd
from clinic.foundation import audit, when
from clinic.foundation.admin.lists import ReadOnlyList
from clinic.foundation.forms import CleanText, CrispyForm, button
from clinic.foundation.models import AuditEntry, SignIn
from clinic.foundation.text import id_in

READ_AUDIT = "read audit"
# How each action reads, after somebody's name. What is not here reads as its code.
_DID = {
    OPENED: "opened",
    READ_HEALTH: "opened, with health answers",
    "export": "exported",
    "search": "looked for an interest among health answers of",
    "release mail": "released the held mail",
    "diary": "made an address for the diary of",
    READ_AUDIT: "read this audit",
}
_WHAT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "opened": ("Requests that were opened", queries.OPENING),
    "health": ("Health answers that were read", (READ_HEALTH,)),
    "export": ("Exports", ("export",)),
    "audit": ("This audit", (READ_AUDIT,)),
}
_FLAGS = {ADDITION: "added", DELETION: "deleted or closed"}


class AuditForm(CrispyForm):
    """Which lines to show. It comes with the address, so that a page can be linked to and kept."""

    who = forms.ChoiceField(label="Who", required=False)
    what = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *((code, words) for code, (words, _) in _WHAT.items())],
    )
    reference = CleanText(
        label="Request",
        limit=20,
        widget=forms.TextInput(attrs={"placeholder": "K7MPA", "autocomplete": "off"}),
    )
    since = Day(label="From")
    to = Day(label="To")
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, about_requests: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: int | None = None
        who = cast(forms.ChoiceField, self.fields["who"])
        who.choices = [("", "Everyone"), *((str(user.pk), _name(user)) for user in _people())]
        if not about_requests:
            del self.fields["what"], self.fields["reference"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_method, helper.form_class = "get", "form bar records-bar"
        return helper

    def layout(self) -> list[Any]:
        return [*self.asked(), button("Show", css_class="btn")]

    def clean_reference(self) -> str:
        reference = str(self.cleaned_data["reference"]).upper()
        if reference:
            self.found = (
                ConsultationRequest.objects.filter(reference=reference).values_list("pk", flat=True).first()
            )
            if self.found is None:
                raise ValidationError("There is no request with this reference", code="unknown")
        return reference

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, to = data.get("since"), data.get("to")
        if since and to and to < since:
            self.add_error("to", ValidationError("This day is before the first", code="order"))
        return data

    def wanted(self, zone: ZoneInfo) -> Asked:
        """What a valid form asks for; its days are those of `zone`."""
        data = self.cleaned_data
        return Asked(
            who=id_in(data["who"]) or None,
            request=self.found,
            actions=_WHAT[data["what"]][1] if data.get("what") else (),
            since=when.day_bounds(data["since"], zone)[0] if data["since"] else None,
            until=when.day_bounds(data["to"], zone)[1] if data["to"] else None,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, in words. `health`: health answers were shown."""

    at: datetime
    who: str
    roles: str
    did: str
    health: bool
    what: str
    url: str
    detail: str


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyList):
    """The list is a page of our own; a single entry has none."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_view_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return page(request, self.admin_site)


def page(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """The lines that the address asks for, and what is worth a look. Notes who reads."""
    user, now, clinic = cast(User, request.user), timezone.now(), clinic_of(request)
    _note_reader(user, now)
    tabs = [tab for tab in TABS if not tab.right or user.has_perm(tab.right)]
    tab = next((each for each in tabs if each.code == request.GET.get("tab")), tabs[0])
    form = AuditForm(request.GET, about_requests=tab is tabs[0])
    lines, pages = [], None
    if form.is_valid():
        rows = tab.rows(form.wanted(clinic.zone))
        pages = Paginator(rows, limits.audit.ROWS_A_PAGE).get_page(request.GET.get("page"))
        lines = tab.lines(list(pages.object_list))
    odd = queries.worth_a_look(now, clinic)
    context = site.each_context(request) | {
        "title": "Who opened what",
        "form": form,
        "lines": lines,
        "pages": pages,
        "tabs": [
            {"name": each.name, "url": _address(request, tab=each.code, page=None), "here": each is tab}
            for each in tabs
        ],
        "newer": pages and pages.has_previous() and _address(request, page=pages.previous_page_number()),
        "older": pages and pages.has_next() and _address(request, page=pages.next_page_number()),
        "odd": _worth_a_look(odd[: limits.audit.NAMED]),
        "more_odd": max(0, len(odd) - limits.audit.NAMED),
        "limits": limits.audit,
        "opts": AuditEntry._meta,
    }
    return render(request, "admin/foundation/audit.html", context)


def _note_reader(user: User, now: datetime) -> None:
    lately = AuditEntry.objects.filter(
        who_id=user.pk, action=READ_AUDIT, at__gt=now - limits.audit.NOTED_EVERY
    )
    if not lately.exists():
        audit.seen(user, READ_AUDIT, AuditEntry, now)


def _address(request: HttpRequest, **changes: Any) -> str:
    """This page with other words in its address; None takes one out."""
    words = request.GET.dict() | changes
    return "?" + urlencode({name: value for name, value in words.items() if value})


# --- rows in words ----------------------------------------------------------------------------------------------------


def _people() -> Iterable[User]:
    """Whoever works here, and whoever has left lines."""
    worked = Exists(AuditEntry.objects.filter(who_id=OuterRef("pk")))
    return User.objects.filter(Q(is_staff=True) | worked).order_by("first_name", "last_name", "username")


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()


def _opened(rows: list[AuditEntry]) -> list[Line]:
    """Three statements: references, accounts, their roles. Names of clients are not asked for."""
    keys = [id_in(row.object_id) for row in rows if row.object_label == REQUEST]
    references = dict(ConsultationRequest.objects.filter(pk__in=keys).values_list("pk", "reference"))
    ids = {row.who_id for row in rows if row.who_id is not None}
    ids |= {id_in(row.object_id) for row in rows if row.object_label == "auth.user"}
    people = {user.pk: user for user in User.objects.filter(pk__in=ids).prefetch_related("groups")}
    lines = []
    for row in rows:
        user = people.get(row.who_id) if row.who_id else None
        what, url = _what(row, references, people)
        lines.append(
            Line(
                at=row.at,
                who=_name(user) if user else row.who,
                roles=", ".join(group.name for group in user.groups.all()) if user else "no account any more",
                did=_DID.get(row.action, row.action.replace("_", " ")),
                health=row.action == READ_HEALTH,
                what=what,
                url=url,
                detail=", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in row.facts.items()),
            )
        )
    return lines


def _what(row: AuditEntry, references: Mapping[int, str], people: Mapping[int, User]) -> tuple[str, str]:
    """What it was done to, and the address of its page if it has one."""
    key = id_in(row.object_id)
    if row.object_label == REQUEST and key:
        if key in references:
            return references[key], reverse("admin:bookings_consultationrequest_change", args=[key])
        return "a request that is gone", ""
    if row.object_label == "auth.user" and key in people:
        return _name(people[key]), ""
    if row.object_label == "content.clinicprofile" and row.action == "export":
        return "All content of the website", ""
    if row.object_label == AuditEntry._meta.label_lower or row.object_label == "bookings.mailhold":
        return "", ""
    app, _, model = row.object_label.partition(".")
    known = apps.all_models.get(app, {}).get(model)
    name = (
        str(known._meta.verbose_name if key else known._meta.verbose_name_plural)
        if known
        else row.object_label
    )
    return f"{name} {key}" if key else name, ""


def _saved(rows: list[LogEntry]) -> list[Line]:
    return [
        Line(
            at=row.action_time,
            who=_name(row.user),
            roles="",
            did=_FLAGS.get(row.action_flag, "changed"),
            health=False,
            what=f"{row.content_type.name}: {row.object_repr}" if row.content_type else row.object_repr,
            url="",
            detail=row.get_change_message(),
        )
        for row in rows
    ]


def _steps(rows: list[SignIn]) -> list[Line]:
    people = {
        user.get_username(): user for user in User.objects.filter(username__in={row.who for row in rows})
    }
    return [
        Line(
            at=row.at,
            who=_name(people[row.who]) if row.who in people else row.who,
            roles="",
            did=row.get_outcome_display(),
            health=False,
            what="",
            url="",
            detail=f"from {row.network}",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Tab:
    """A log of its own: its rows, newest first, and how they read. `right`: needed besides the one to this page."""

    code: str
    name: str
    rows: Callable[[Asked], QuerySet[Any]]
    lines: Callable[[list[Any]], list[Line]]
    right: str = ""


TABS = (
    Tab("", "Opened and exported", queries.lines, _opened),
    Tab("forms", "Accounts, roles and other forms", queries.saved_forms, _saved),
    Tab("steps", "Second steps", queries.second_steps, _steps, "foundation.view_signin"),
)


def _worth_a_look(odd: list[Odd]) -> list[dict[str, str]]:
    """A sentence for each, with the address of the lines that it is about."""
    people = User.objects.in_bulk([each.who for each in odd if each.who])
    found = []
    for each in odd:
        user = people.get(each.who) if each.who else None
        asked = {"who": each.who, "what": "opened", "since": each.first, "to": each.last}
        url = "?" + urlencode({name: value for name, value in asked.items() if value})
        found.append({"words": _in_words(each, _name(user) if user else each.name), "url": url})
    return found


def _in_words(odd: Odd, name: str) -> str:
    day = when.date_words(odd.last) if odd.last else ""
    match odd.code:
        case "many":
            return f"{name} opened {odd.number} requests on {day}. On most days it is {odd.usual} or fewer."
        case "closed":
            times = "once" if odd.number == 1 else f"{odd.number} times"
            return f"{name} opened requests {times} while the clinic was closed, last on {day}."
        case _:
            requests = "a request" if odd.number == 1 else f"{odd.number} requests"
            return f"{name} opened {requests} closed long ago and assigned to others or nobody."
