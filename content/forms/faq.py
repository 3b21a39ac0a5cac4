"""A question that people ask, with its answer, which is checked here: it goes live when it is saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from content.models import FAQ
from content.publishing import check, link_check
from content.text import forbidden_words, markdown, outline


class FAQForm(forms.ModelForm):
    """Makes the address from the question where none is typed. An answer goes live when it is saved, so it is checked here.

    It has no headings (the page has them), promises nothing that no page may, and its links lead somewhere.
    """

    class Meta:
        model = FAQ
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # somebody who may only look has no fields
            self.fields["slug"].required = False

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if "<h" in markdown.render(answer):
            raise forms.ValidationError(
                "An answer has no headings and no lines across. Leave out # and ---.", code="heading"
            )
        if markdown.cited(answer):
            raise forms.ValidationError(
                "An answer has no notes: [^...] prints nothing here. Link to the page that names its sources.",
                code="note",
            )
        whole = f"{self.cleaned_data.get('question', '')}\n{answer}"
        for line in outline.lines(answer):
            for one in forbidden_words.found(line, whole):
                if one.claim.blocks:
                    text = f"“{one.words}”: {one.claim.why} {one.claim.instead}"
                    raise forms.ValidationError(text, code="claim")
        known = check.site(timezone.localdate())
        for link in outline.links(answer):
            fault = link_check.fault(link.target, "", known.places, known.former)
            if fault and fault.blocks:
                raise forms.ValidationError(
                    f"[{link.words}]({link.target}): {fault.message}", code=fault.code
                )
        return answer

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("slug") == "":
            cleaned["slug"] = slugify(cleaned.get("question", ""))[: FAQ.SLUG_LENGTH].strip("-")
            if cleaned.get("question") and not cleaned["slug"]:
                self.add_error(
                    "slug", forms.ValidationError("Write an address in letters from a to z.", code="no_slug")
                )
        return cleaned
