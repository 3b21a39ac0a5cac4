"""Pages and the questions that people ask. Everything works without JavaScript."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from clinic.foundation.plain import FreshAdmin
from content.admin.fields import EDITING
from content.forms import FAQForm, PageForm
from content.models import (
    FAQ,
    Page,
)


@admin.register(Page)
class PageAdmin(FreshAdmin):
    form = PageForm
    list_display = ("menu_title", "kind", "address", "checked_by", "checked_on", "review_due", "is_published")
    list_filter = ("kind", "is_published", "checked_by")
    list_select_related = ("checked_by",)
    search_fields = ("title", "summary", "body")
    formfield_overrides = EDITING
    readonly_fields = ("public_id", "updated_at")
    fieldsets = (
        (
            None,
            {"fields": ("kind", "slug", "title", "menu_title", "tell", "summary", "is_published", "order")},
        ),
        ("Text", {"fields": ("at_a_glance", "body")}),
        ("Drawing", {"fields": ("drawing", "drawing_alt", "caption")}),
        ("Rows of the matrix", {"fields": ("concerns", "treatments")}),
        (
            "Written and checked",
            {"fields": ("written_by", "checked_by", "checked_on", "review_due", "sources")},
        ),
        ("For the record", {"fields": ("public_id", "updated_at")}),
    )

    @admin.display(description="Address")
    def address(self, obj: Page) -> str:
        """A link to the page for readers, if they can open it."""
        url = obj.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url) if obj.is_published else url

    def view_on_site(self, obj: Page) -> str:
        return obj.get_absolute_url() if obj.is_published else reverse("content:home")


@admin.register(FAQ)
class FAQAdmin(FreshAdmin):
    form = FAQForm
    list_display = ("question", "group", "order", "updated_at")
    list_filter = ("group",)
    search_fields = ("question", "answer")
    formfield_overrides = EDITING
    fields = ("question", "answer", "slug", "group", "order", "pages")
