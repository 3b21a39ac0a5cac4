"""Pictures: upload one, say in words what it shows, see where it is used."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from clinic.foundation.images import MOST_BYTES, Rejected, Rendition
from clinic.foundation.plain import FreshAdmin
from content import pictures, usage
from content.models import Picture


class PictureForm(forms.ModelForm):
    """Reads the file into the sizes that are kept. `cleaned_data["file"]` is those, or None where none was chosen."""

    file = forms.FileField(
        required=False,
        label="Picture file",
        help_text=f"JPEG, PNG or WebP, at most {MOST_BYTES // 1024**2} MB. It is kept as WebP in several sizes, without the "
        "camera\u2019s place and date. A new file replaces the old one wherever the picture is used.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    disk_is_full = False

    class Meta:
        model = Picture
        fields = ("name", "alt", "decorative", "caption", "shows_a_person", "consent")

    def clean_file(self) -> list[Rendition] | None:
        chosen: UploadedFile | None = self.cleaned_data["file"]
        if chosen is None:
            if self.instance.pk is None:
                raise forms.ValidationError("Choose a picture: a JPEG, PNG or WebP file.", code="required")
            return None
        try:
            return pictures.read(cast(BinaryIO, chosen), chosen.size or 0)
        except Rejected as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def clean(self) -> dict[str, Any] | None:
        if self.disk_is_full:
            text = "The picture could not be kept: the disk may be full. Tell whoever runs the server, and try again."
            self.add_error("file", forms.ValidationError(text, code="not_kept"))
        return super().clean()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if (
            self.instance.pk
            and "name" in self.changed_data
            and (used := usage.of_picture(self.initial["name"]))
        ):
            raise forms.ValidationError(
                f"It is used under its old name on {len(used)} page{'s'[: len(used) != 1]}. Change the text there first.",
                code="in_use",
            )
        return name


@admin.register(Picture)
class PictureAdmin(FreshAdmin):
    """A picture that a page shows is not deleted."""

    form = PictureForm
    list_display = ("thumbnail", "name", "alt", "decorative", "size", "uploaded_by", "uploaded_at")
    list_display_links = ("thumbnail", "name")
    list_filter = ("decorative", "shows_a_person")
    search_fields = ("name", "alt", "caption")
    readonly_fields = ("shown", "used_on", "uploaded_by", "uploaded_at")
    fieldsets = (
        (None, {"fields": ("shown", "file", "name", "alt", "decorative", "caption")}),
        ("Whoever is shown", {"fields": ("shows_a_person", "consent")}),
        ("Where it is", {"fields": ("used_on", "uploaded_by", "uploaded_at")}),
    )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A disk that is full is said beside the field, and nothing typed is lost."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OSError:
            request.disk_is_full = True  # type: ignore[attr-defined]  # the form is made from the request alone
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, *args, **kwargs)
        form.disk_is_full = getattr(request, "disk_is_full", False)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        made = form.cleaned_data["file"]
        if made is None:
            obj.save()
            return
        user = cast(User, request.user)
        by = user.get_full_name() or user.get_username()
        pictures.fill(obj, made, by=by, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        pictures.remove(obj)

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

    @admin.display(description="Used on")
    def used_on(self, obj: Picture) -> str:
        used = usage.of_picture(obj.name) if obj.pk else []
        links = format_html_join(", ", '<a href="{}">{}</a>', ((use.url, use.words) for use in used))
        return links or "No page yet."
