"""The admin of everything that has drafts: its addresses, and that nothing goes past the verbs of content.publishing."""

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
from clinic.foundation.admin.fields import without_links
from content.admin import desk, editor, history, previews
from content.admin.fields import EDITING
from content.admin.options import EditedAdmin
from content.forms.page import ActionForm
from content.models import Version
from content.publishing import states, verbs
from content.publishing.edit import Edit, Editor
from content.publishing.errors import EditRefused


class DocumentAdmin(EditedAdmin):
    """Lists documents as Django does. Their own pages call verbs; none of them saves a row."""

    actions = None
    formfield_overrides = EDITING

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, f"content_{self.opts.model_name}"
        own = [
            path("preview/", view(self.preview_view), name=f"{name}_preview"),
            path("<int:page_id>/preview/<int:number>/", view(self.version_view), name=f"{name}_version"),
            path("<int:page_id>/compare/", view(self.compare_view), name=f"{name}_compare"),
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

    def preview_view(self, request: HttpRequest) -> HttpResponseBase:
        return previews.typed_now(self, request)

    def version_view(self, request: HttpRequest, page_id: int, number: int) -> HttpResponseBase:
        return previews.stored(self, request, page_id, number)

    # --- nothing goes past the verbs ----------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        noun = self.editor_options.kind.noun
        raise PermissionDenied(f"A {noun} is changed by the verbs of content.publishing alone.")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reviewer reads everything that has drafts: approves it, or sends it back."""
        reviews = desk.user_of(request).has_perm(desk.REVIEW)
        return reviews or super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what readers have never had; any other is unpublished."""
        never = obj is None or not (
            obj.is_published or obj.versions.filter(published_at__isnull=False).exists()
        )
        return never and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        try:
            verbs.remove(obj, Edit(Editor.staff(desk.user_of(request)), timezone.now()))
        except EditRefused as error:  # somebody published it a moment ago
            raise PermissionDenied(str(error)) from error

    def forms_as_typed(self, request: HttpRequest) -> Iterator[tuple[str, forms.BaseForm]]:
        """The form, and what goes with the buttons."""
        blank = self.model()
        maker = self.get_form(request, blank, change=True)
        yield "", maker(request.POST, instance=blank, prefix=self.editor_options.prefix or None)
        yield "", ActionForm(request.POST)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))

    # --- the list -----------------------------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        own = {self.editor_options.kind.name: OuterRef("pk")}
        newest = Version.objects.kept().filter(**own).order_by("-number")
        planned = Version.objects.to_publish().filter(**own)
        rows: QuerySet[Any] = super().get_queryset(request)
        annotated: QuerySet[Any] = rows.annotate(
            tip_id=Subquery(newest.values("pk")[:1]),
            sent_back_at=Subquery(newest.values("sent_back_at")[:1], output_field=DateTimeField()),
            planned_at=Subquery(planned.values("publish_at")[:1], output_field=DateTimeField()),
        )
        return annotated

    @admin.display(description="State")
    def state(self, obj: Any) -> str:
        """What readers have, and what lies beside it."""
        parts = [("live", "Live") if obj.is_published else ("off", "Not published")]
        if obj.planned_at:
            zone = timezone.get_current_timezone()
            parts.append(("planned", f"Live on {when.short(obj.planned_at, zone)}"))
        elif obj.sent_back_at:
            parts.append(("sent-back", "Sent back"))
        elif states.is_draft(obj, obj.tip_id):
            parts.append(("draft", "Draft"))
        chips = [format_html('<span class="chip {}">{}</span>', style, words) for style, words in parts]
        return format_html("{} " * len(chips), *chips)
