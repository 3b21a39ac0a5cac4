"""The list of pages, the addresses under it, and the questions that people ask.

A page is never saved here: its own pages (editor, history, due) say the verbs of content.publishing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from clinic.foundation import when
from clinic.foundation.confirmed import ConfirmedAdmin
from clinic.foundation.plain import CleanWords, FreshAdmin, without_links
from content.admin import due, editor, files, history, previews
from content.admin.fields import EDITING
from content.forms import FAQForm, PageForm, SayForm
from content.models import FAQ, Page, Version
from content.publishing import review, standing, verbs
from content.publishing.errors import Refused


@admin.register(Page)
class PageAdmin(CleanWords, ConfirmedAdmin):
    form = PageForm
    actions = None
    list_display = ("menu_title", "address", "standing", "checked", "review")
    list_filter = ("kind", "is_published", "checked_by")
    list_select_related = ("checked_by",)
    search_fields = ("title", "summary", "body")
    formfield_overrides = EDITING
    fieldsets = editor.FIELDSETS

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("export/", view(files.download), name="content_page_export"),
            path("due/", view(self.due_view), name="content_page_due"),
            path("due/<int:correction_id>/done/", view(due.settle), name="content_correction_settle"),
            path("preview/", view(self.preview_view), name="content_page_preview"),
            path(
                "<int:page_id>/preview/<int:number>/",
                view(self.version_view),
                name="content_page_version",
            ),
            path("<int:page_id>/compare/", view(self.compare_view), name="content_page_compare"),
        ]
        return [*own, *super().get_urls()]

    # --- its own pages ------------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return editor.add(self, request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return editor.page(self, request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return history.page(self, request, object_id)

    def compare_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return history.compare(self, request, page_id)

    def due_view(self, request: HttpRequest) -> HttpResponse:
        return due.page(self, request)

    def preview_view(self, request: HttpRequest) -> HttpResponseBase:
        return previews.typed_now(self, request)

    def version_view(self, request: HttpRequest, page_id: int, number: int) -> HttpResponseBase:
        return previews.stored(self, request, page_id, number)

    # --- nothing goes past the verbs ----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        raise PermissionDenied("A page is changed by the verbs of content.publishing alone.")

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """Only a page that readers have never had; any other is unpublished."""
        never = obj is None or not (
            obj.is_published or obj.versions.filter(published_at__isnull=False).exists()
        )
        return never and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        try:
            verbs.remove(obj, now=timezone.now())
        except Refused as error:  # somebody published it a moment ago
            raise PermissionDenied(str(error)) from error

    def forms_as_typed(self, request: HttpRequest) -> Iterator[tuple[str, forms.BaseForm]]:
        """With what goes with the buttons."""
        yield from super().forms_as_typed(request)
        yield "", SayForm(request.POST)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))

    # --- the list -----------------------------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {
            "title": capfirst(self.opts.verbose_name_plural),
            "may_take_all": files.may_take_all(request.user),
        }
        return super().changelist_view(request, more | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        newest = Version.objects.kept().filter(page=OuterRef("pk")).order_by("-number")
        planned = Version.objects.to_publish().filter(page=OuterRef("pk"))
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(
            tip_id=Subquery(newest.values("pk")[:1]),
            planned_at=Subquery(planned.values("publish_at")[:1], output_field=DateTimeField()),
        )

    @admin.display(description="Address")
    def address(self, obj: Page) -> str:
        """A link to the page for readers, if they can open it."""
        url = obj.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url) if obj.is_published else url

    @admin.display(description="State")
    def standing(self, obj: Any) -> str:
        """What readers have, and what lies beside it."""
        parts = [("live", "Live") if obj.is_published else ("off", "Not published")]
        if obj.planned_at:
            zone = timezone.get_current_timezone()
            parts.append(("planned", f"Live on {when.short(obj.planned_at, zone)}"))
        elif standing.is_draft(obj, obj.tip_id):
            parts.append(("draft", "Draft"))
        chips = [format_html('<span class="chip {}">{}</span>', style, words) for style, words in parts]
        return format_html("{} " * len(chips), *chips)

    @admin.display(description="Checked", ordering="checked_on")
    def checked(self, obj: Page) -> str:
        """By whom and when, as readers are told."""
        if obj.checked_by is None:
            return "-"
        day = f"{obj.checked_on:%-d %b %Y}" if obj.checked_on else ""
        return format_html("{} <small>{}</small>", obj.checked_by.name, day)

    @admin.display(description="Review due", ordering="review_due")
    def review(self, obj: Page) -> str:
        """The date, and whether it has passed."""
        if obj.review_due is None:
            return "-"
        today = timezone.localdate()
        words = f"{obj.review_due:%-d %b %Y}"
        if review.is_overdue(obj.review_due, today):
            return format_html('<span class="age over">{}</span> <small>overdue</small>', words)
        if review.is_due_soon(obj.review_due, today):
            return format_html('<span class="age soon">{}</span> <small>due soon</small>', words)
        return words

    def view_on_site(self, obj: Page) -> str:
        return obj.get_absolute_url()


@admin.register(FAQ)
class FAQAdmin(FreshAdmin):
    form = FAQForm
    list_display = ("question", "group", "order", "updated_at")
    list_filter = ("group",)
    search_fields = ("question", "answer")
    formfield_overrides = EDITING
    fields = ("question", "answer", "slug", "group", "order", "pages")
