"""An uploaded picture: the file is read into the sizes that are kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify

from clinic.foundation.forms import EditorsLines, EditorsText
from clinic.foundation.images import Rejected, Rendition
from clinic.foundation.limits.pictures import PICTURE_BYTES
from content import limits
from content.models import Picture
from content.queries import usage


class PictureForm(forms.ModelForm):
    """Reads the file into the sizes that are kept. `cleaned_data["file"]` is those, or None where none was chosen."""

    file = forms.FileField(
        required=False,
        label="Picture file",
        help_text=f"JPEG, PNG or WebP, at most {PICTURE_BYTES // 1024**2} MB. It is kept as WebP in several sizes, "
        "without the camera\u2019s place and date. A new file replaces the old one wherever the picture is used.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    # What the admin found in the file, before Django opened its transaction: the sizes, why it cannot be used, or nothing.
    looked_at: list[Rendition] | Rejected | None = None
    disk_is_full = False

    class Meta:
        model = Picture
        fields = ("name", "alt", "decorative", "caption", "shows_a_person", "consent")
        # Also in the page editor, where no admin makes the form.
        field_classes = {"alt": EditorsLines, "caption": EditorsText, "consent": EditorsText}

    def clean_file(self) -> list[Rendition] | None:
        if isinstance(self.looked_at, Rejected):
            raise forms.ValidationError(str(self.looked_at), code=self.looked_at.code)
        if self.looked_at is None and self.instance.pk is None:
            raise forms.ValidationError("Choose a picture: a JPEG, PNG or WebP file.", code="required")
        return self.looked_at

    def clean(self) -> dict[str, Any] | None:
        if self.disk_is_full:
            text = "The picture could not be kept: the disk may be full. Tell whoever runs the server, and try again."
            self.add_error("file", forms.ValidationError(text, code="not_kept"))
        return super().clean()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"] or slugify(self.data.get(self.add_prefix("alt"), ""))[
            : limits.PICTURE_NAME_CHARACTERS
        ].strip("-")
        if not name:
            raise forms.ValidationError("Give the picture a name, in letters from a to z.", code="required")
        renamed = self.instance.pk and "name" in self.changed_data
        count = sum(len(use.rows) for use in usage.of_picture(self.initial["name"])) if renamed else 0
        if count:
            raise forms.ValidationError(
                f"It is used under its old name on {count} page{'s'[: count != 1]}. Change the text there first.",
                code="in_use",
            )
        return name
