"""The outbox: every mail, whether it went, and what it says. Nothing is edited; what failed or was held back can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Count, Model, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from bookings import mail_hold, outbox
from bookings.admin import held
from bookings.admin.decide import may
from bookings.admin.held import SEND_AGAIN, VIEW_MESSAGE
from bookings.admin.history import kind_words
from bookings.desk_site import DECIDE, VIEW, clinic_of
from bookings.messages.envelope import Unsendable
from bookings.messages.kinds import KINDS
from bookings.messages.send import Readable, readable
from bookings.models import MailHold, Message
from bookings.workflow import wait
from clinic.foundation import press, when
from clinic.foundation.admin.lists import ReadOnlyList
from clinic.foundation.crypto import SEALED_WORDS, Unreadable
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in, searchable

State = Message.State
# Tabs: code, words, states. The first is the default.
TABS = (
    ("all", "All", tuple(State)),
    ("failed", "Needs you", (State.FAILED,)),
    ("going", "Going out", (State.QUEUED, State.SENDING)),
    ("sent", "Sent", (State.SENT, State.KEPT)),
    ("calls", "By phone", (State.TO_CALL, State.TOLD)),
    ("dropped", "Dropped", (State.DROPPED,)),
    ("withheld", "Held back", (State.WITHHELD,)),
)
# What does not go by itself any more, and staff may send.
STOPPED = (State.FAILED, State.WITHHELD)
_STATES = {code: states for code, _, states in TABS}


class StateTab(admin.SimpleListFilter):
    """Drawn as tabs above the list."""

    title = "tab"
    parameter_name = "tab"
    is_tab = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, words) for code, words, _ in TABS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state__in=_STATES.get(self.value() or "all", tuple(State)))


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.code, kind.words) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class Outbox(ChangeList):
    """Django's list with tabs and their counts."""

    empty_words = "No message here."

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        zone, now = clinic_of(request).zone, timezone.now()
        rows, hold = list(self.result_list), mail_hold.current()
        for row in rows:
            row.words = _when(row, now, zone, hold)
        self.result_list = rows
        self.tabs = list(self._tabs(request))

    def _tabs(self, request: HttpRequest) -> Iterator[dict[str, Any]]:
        chosen = request.GET.get("tab", "all")
        numbers = Message.objects.order_by().aggregate(
            **{code: Count("pk", filter=Q(state__in=states)) for code, _, states in TABS}
        )
        for code, words, _ in TABS:
            url = self.get_query_string({"tab": code}, remove=["p"])
            yield {"name": words, "number": numbers[code], "url": url, "here": code == chosen}


def _when(row: Message, now: Any, zone: Any, hold: MailHold | None) -> tuple[str, str]:
    tries = f"tried {row.attempts} time{'s' if row.attempts != 1 else ''}" if row.attempts else ""
    if row.sent_at:
        return when.short(row.sent_at, zone), ""
    if row.state == State.QUEUED:
        waits = hold is not None and row.not_before <= now and not mail_hold.goes(hold, row)
        first = (
            "Waits: the mail is held"
            if waits
            else "Goes with the next run"
            if row.not_before <= now
            else f"Waits until {when.digits(row.not_before, zone)}, so that it can be taken back"
            if outbox.waits_to_be_taken_back(row, now)
            else f"Goes {when.short(row.not_before, zone)}"
        )
        return first, "; ".join(part for part in (tries, row.problem) if part)
    return when.short(row.created_at, zone), "; ".join(part for part in (tries, row.problem) if part)


@admin.register(Message)
class MessageAdmin(ReadOnlyList):
    """Lists messages and shows what each says."""

    list_display = ("state_chip", "what", "recipient", "request_link", "when")
    list_display_links = ("what",)
    list_filter = (StateTab, KindFilter)
    list_per_page = 50
    list_select_related = ("request",)
    search_fields = ("to",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Whoever may not see requests sees that a mail went or failed: not to whom, and no word of it."""
        if may_see(request):
            return self.list_display
        return tuple(
            "reference" if name == "request_link" else name
            for name in self.list_display
            if name != "recipient"
        )

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return cast(User, request.user).has_perm(VIEW_MESSAGE)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("held/", self.admin_site.admin_view(self.held_view), name="bookings_message_held"),
            path(
                "<path:object_id>/as-mailed/",
                self.admin_site.admin_view(as_mailed),
                name="bookings_message_as_mailed",
            ),
            *super().get_urls(),
        ]

    def held_view(self, request: HttpRequest) -> HttpResponse:
        return held.page(request, self.admin_site)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Outbox

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Failed ones first: they need somebody. The body stays in the database until it is read."""
        failed = Case(When(state=State.FAILED, then=Value(0)), default=Value(1))
        return super().get_queryset(request).defer("body", "facts").order_by(failed, "-created_at", "-pk")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        failed = Case(When(state=State.FAILED, then=Value(0)), default=Value(1))
        return [failed, "-created_at", "-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the beginning of the address, where it is shown, or the reference of the request."""
        term = searchable(search_term)
        if not term:
            return queryset, False
        found = Q(request__reference__iexact=term)
        return queryset.filter(found | Q(to__istartswith=term) if may_see(request) else found), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Outbox"} | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        return page(request, object_id, self.admin_site)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404

    @admin.display(description="State")
    def state_chip(self, row: Message) -> SafeString:
        return format_html('<span class="chip {}">{}</span>', row.state, State(row.state).label)

    @admin.display(description="Message")
    def what(self, row: Message) -> str:
        return kind_words(row.kind)

    @admin.display(description="To")
    def recipient(self, row: Message) -> str:
        return row.to or "By phone"

    @admin.display(description="Request")
    def request_link(self, row: Message) -> SafeString | str:
        if row.request is None:
            return "None"
        url = reverse("admin:bookings_consultationrequest_change", args=[row.request_id])
        return format_html('<a href="{}">{}</a>', url, row.request.reference)

    @admin.display(description="Request")
    def reference(self, row: Message) -> str:
        return row.request.reference if row.request else "None"

    @admin.display(description="When")
    def when(self, row: Any) -> SafeString:
        return format_html('<span class="one">{}</span><small class="one">{}</small>', *row.words)


def may_see(request: HttpRequest) -> bool:
    """Whether this person may know to whom a mail goes and what it says."""
    return cast(User, request.user).has_perm(VIEW)


@may(VIEW_MESSAGE)
def page(request: HttpRequest, object_id: str, site: admin.AdminSite) -> HttpResponse:
    """One message, exactly as it is or will be; a POST puts one that failed or was held back into the queue."""
    rows = Message.objects.select_related("request").defer("body")
    row = rows.filter(pk=id_in(object_id)).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        return (send_now if outbox.waits_to_be_taken_back(row, timezone.now()) else send_again)(request, row)
    sees = may_see(request)
    mail, no_mail = _mail(row) if sees else (None, "For those who may see requests.")
    hold = mail_hold.current()
    context = site.each_context(request) | {
        "title": kind_words(row.kind),
        "message": row,
        "state": State(row.state),
        "mail": mail,
        "no_mail": no_mail,
        "waits": hold is not None and not mail_hold.goes(hold, row),
        "sees": sees,
        "stopped": row.state in STOPPED,
        "can_wait": outbox.waits_to_be_taken_back(row, timezone.now()),
        "may_send_again": row.state in STOPPED and cast(User, request.user).has_perm(SEND_AGAIN),
        "may_send": cast(User, request.user).has_perm(SEND_AGAIN),
        "may_decide": cast(User, request.user).has_perm(DECIDE),
        "opts": Message._meta,
    }
    return render(request, "admin/bookings/message/message.html", context)


# A mail's styles stand where they are used. It loads nothing, and nothing in it can be sent or run.
_MAILED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups"
)


@require_safe
@may(VIEW)
def as_mailed(request: HttpRequest, object_id: str) -> HttpResponse:
    """One message as a mail program shows it, on a page of its own."""
    row = Message.objects.select_related("request").filter(pk=id_in(object_id)).first()
    mail = _mail(row)[0] if row else None
    if mail is None:
        raise Http404
    return HttpResponse(mail.html, headers={"Content-Security-Policy": _MAILED})


@may(SEND_AGAIN)
def send_again(request: HttpRequest, row: Message) -> HttpResponse:
    """Queue a message that failed or was held back."""
    key, now = press.of(request, request.user), timezone.now()
    with transaction.atomic():
        queued = outbox.send_again(row, now=now)
        if queued:
            press.keep(key, now)
    if queued or press.done(key):
        by_phone = row.request is not None and outbox.is_by_phone(row.request, row.kind)
        held = mail_hold.current() is not None
        waits = "The mail is held: it waits until somebody releases it."
        goes = waits if held else "It goes with the next run of the worker."
        messages.success(
            request,
            "It is a call to make: they are not to be mailed." if by_phone else f"Queued again. {goes}",
        )
    else:
        messages.warning(request, "This message has not failed, so it was left alone.")
    return SeeOther(reverse("admin:bookings_message_change", args=[row.pk]))


@may(SEND_AGAIN)
def send_now(request: HttpRequest, row: Message) -> HttpResponse:
    """Send a mail that waits so that it can be taken back. Then it cannot be."""
    key, now = press.of(request, request.user), timezone.now()
    with transaction.atomic():
        gone = wait.send_now(row, now)
        if gone:
            press.keep(key, now)
    if gone or press.done(key):
        messages.success(request, "It waits no longer: it goes with the next run of the worker.")
    return SeeOther(reverse("admin:bookings_message_change", args=[row.pk]))


def _mail(row: Message) -> tuple[Readable | None, str]:
    """The mail, or why it cannot be shown."""
    try:
        return readable(row), ""
    except Unreadable:
        return None, SEALED_WORDS
    except Unsendable:
        return None, "Its text is no longer kept, or cannot be made now."
