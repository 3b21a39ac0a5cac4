"""Pages and the questions that people ask. Everything works without JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from clinic.foundation.plain import FreshAdmin
from content.admin import files
from content.admin.fields import EDITING
from content.forms import FAQForm, PageForm
from content.models import (
    FAQ,
    Page,
)
from content.publishing import addresses


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

    def get_urls(self) -> list[URLPattern]:
        take = self.admin_site.admin_view(files.download)
        return [path("export/", take, name="content_page_export"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"may_take_all": files.may_take_all(request.user)}
        return super().changelist_view(request, more | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Page, form: forms.ModelForm[Page], change: bool) -> None:
        before = Page.objects.filter(pk=obj.pk).values_list("kind", "slug").first()
        super().save_model(request, obj, form, change)
        addresses.moved(obj, *(before or (obj.kind, obj.slug)))

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
