"""The list of pages, the addresses under it, and the questions that people ask.

A page is never saved here: its own pages (editor, history, due) call the verbs of content.publishing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html

from clinic.foundation.admin.fresh import FreshAdmin
from content.admin import due, files
from content.admin.documents import DocumentAdmin
from content.admin.fields import EDITING
from content.admin.options import EditorOptions
from content.forms.faq import FAQForm
from content.forms.page import PageForm
from content.models import FAQ, Page
from content.publishing import review_dates, verbs
from content.publishing.edit import Edit
from content.publishing.kinds import DocumentSnapshot
from content.publishing.snapshots import PageSnapshot
from content.queries import usage


def _make(form: BaseForm, snapshot: DocumentSnapshot, edit: Edit, note: str) -> Page:
    assert isinstance(snapshot, PageSnapshot)
    return verbs.add_page(edit, snapshot, note=note)


EDITED = EditorOptions(
    model=Page,
    blank=PageSnapshot(kind=Page.Kind.ARTICLE.value, slug="", title=""),
    make=_make,
    uses=usage.of_page,
    beside=("live", "checked_by"),
    fieldsets=(
        ("Words", {"fields": ("title", "summary", "body")}),
        ("Facts", {"fields": ("at_a_glance",)}),
        ("In lists and addresses", {"fields": ("menu_title", "tell", "kind", "slug", "order")}),
        ("Drawing", {"fields": ("drawing", "drawing_alt", "caption")}),
        ("Rows of the matrix", {"fields": ("concerns", "treatments")}),
        ("Written and checked", {"fields": ("written_by", "review_due", "sources")}),
    ),
)


@admin.register(Page)
class PageAdmin(DocumentAdmin):
    editor_options = EDITED
    form = PageForm
    list_display = ("menu_title", "address", "state", "checked", "review")
    list_filter = ("kind", "is_published", "checked_by")
    list_select_related = ("checked_by",)
    search_fields = ("title", "summary", "body")
    fieldsets = EDITED.fieldsets

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("export/", view(files.download), name="content_page_export"),
            path("due/", view(self.due_view), name="content_page_due"),
            path("due/<int:correction_id>/done/", view(due.settle), name="content_correction_settle"),
        ]
        return [*own, *super().get_urls()]

    def due_view(self, request: HttpRequest) -> HttpResponse:
        return due.page(self, request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"may_take_all": files.may_take_all(request.user)}
        return super().changelist_view(request, more | (extra_context or {}))

    @admin.display(description="Address")
    def address(self, obj: Page) -> str:
        """A link to the page for readers, if they can open it."""
        url = obj.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url) if obj.is_published else url

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
        if review_dates.is_overdue(obj.review_due, today):
            return format_html('<span class="age over">{}</span> <small>overdue</small>', words)
        if review_dates.is_due_soon(obj.review_due, today):
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
