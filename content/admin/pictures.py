"""Pictures: upload one, say in words what it shows, see where it is used."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html

from clinic.foundation.images import Rejected, Rendition
from content.admin.insert import look_at
from content.admin.usage import UsedAdmin
from content.forms.picture import PictureForm
from content.models import Picture
from content.pictures import uploads
from content.queries import usage
from content.queries.usage import Use


@admin.register(Picture)
class PictureAdmin(UsedAdmin):
    """A picture that a page shows is not deleted."""

    form = PictureForm
    list_display = ("thumbnail", "name", "alt", "decorative", "size", "uploaded_by", "uploaded_at")
    list_display_links = ("thumbnail", "name")
    list_filter = ("decorative", "shows_a_person")
    search_fields = ("name", "alt", "caption")
    readonly_fields = ("shown", "uploaded_by", "uploaded_at")
    fieldsets = (
        (None, {"fields": ("shown", "file", "name", "alt", "decorative", "caption")}),
        ("Whoever is shown", {"fields": ("shows_a_person", "consent")}),
        ("For the record", {"fields": ("uploaded_by", "uploaded_at")}),
    )

    def uses(self, obj: Picture) -> list[Use]:
        return usage.of_picture(obj.name)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The file is read before Django opens its transaction: a large one takes a second, and nobody should wait for it.

        If the disk is full, the form says so beside the field, and nothing typed is lost.
        """
        request.looked_at = self._look_at(request)  # type: ignore[attr-defined]  # the form is made from the request
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OSError:
            request.disk_is_full = True  # type: ignore[attr-defined]  # as above
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _look_at(self, request: HttpRequest) -> list[Rendition] | Rejected | None:
        if request.method != "POST" or not (
            self.has_add_permission(request) or self.has_change_permission(request)
        ):
            return None
        return look_at(request.FILES.get("file"))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm[Any]]:
        # Django makes a class of its own for each request, so this is set for nobody else.
        form = cast(type[PictureForm], super().get_form(request, *args, **kwargs))
        form.looked_at = getattr(request, "looked_at", None)
        form.disk_is_full = getattr(request, "disk_is_full", False)
        return form

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        made = form.cleaned_data["file"]
        if made is None:
            obj.save()
            return
        user = cast(User, request.user)
        by = user.get_full_name() or user.get_username()
        uploads.fill(obj, made, by=by, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        uploads.remove(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and usage.of_picture(obj.name))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting by the dozen: it would pass by what is in use."""
        return {}

    @admin.display(description="Picture")
    def thumbnail(self, obj: Picture) -> str:
        return format_html(
            '<img class="thumb" src="{}" width="96" height="{}" alt="{}" loading="lazy">',
            obj.thumbnail,
            round(96 * obj.height / obj.width),
            obj.alt,
        )

    @admin.display(description="As it is")
    def shown(self, obj: Picture) -> str:
        if obj.pk is None:
            return "Nothing yet."
        return format_html(
            '<img class="shown" src="{}" width="{}" height="{}" alt="{}">',
            obj.src,
            obj.width,
            obj.height,
            obj.alt,
        )

    @admin.display(description="Pixels")
    def size(self, obj: Picture) -> str:
        return f"{obj.width} x {obj.height}"
