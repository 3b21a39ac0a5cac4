"""The draft of a page, and what goes with the buttons of an editor."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import forms
from django.utils.text import slugify

from clinic.foundation.admin.fields import DayInput, MomentField
from clinic.foundation.forms import CleanText
from content import limits
from content.forms.fields import SEPARATOR, PairsField
from content.models import Page
from content.pictures import drawings
from content.publishing import obstacles
from content.publishing.check import WRONG_COUNT
from content.text import markdown


class PageForm(forms.ModelForm):
    """The draft of a page. Names what would not print: an unknown drawing, a slot that no template fills.

    It never saves: `content.admin.form_values` makes a snapshot of it. Who checked the page is not here, because only a
    reviewer's approval says it.
    """

    at_a_glance = PairsField(
        help_text=f"One a line: Fades on its own {SEPARATOR} No. Left empty on a treatment page, "
        "the panel is filled from its treatments. Their price is added in any case. On a treatment page Recovery, Visits, "
        "Comfort and Evidence get plainer words and stand in one order."
    )

    class Meta:
        model = Page
        exclude = ("is_published", "checked_by", "checked_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = (
            f"{self.fields['body'].help_text} [^NHSA] right after a sentence's full stop is a note: readers see its number, "
            "and the source with that code in a list at the foot of the page. [^NHSA FIF] names two. "
            "On a long page the longest sections fold under their headings; those about risks, waiting and help never do."
        )
        self.fields[
            "sources"
        ].help_text = (
            "What the page leans on as a whole. Whatever a note in the text names is listed without a tick."
        )
        # A draft may lack what readers must have: the check before publication asks for it.
        self.fields["summary"].required = False
        self.fields["menu_title"].required = False
        self.fields[
            "menu_title"
        ].help_text = "A shorter heading for lists and links. Left empty, it is the title."
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "The last part of the address. Left empty, it is made from the title."
        there = self["drawing"].value() or ""
        names = sorted(drawings.names() | ({there} if isinstance(there, str) else set()) - {""})
        self.fields["drawing"].widget = forms.Select(
            choices=[("", "None"), *((name, _drawing_words(name)) for name in names)]
        )

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        unknown = markdown.unknown_slots(body)
        if unknown:
            raise forms.ValidationError(
                f"Nothing prints at {{{{ {unknown[0]} }}}}. Known are: {', '.join(markdown.KNOWN)}.",
                code="unknown_slot",
            )
        if wrong := markdown.wrong_counts(body):
            raise forms.ValidationError(f"{{{{ {wrong[0]} }}}}: {WRONG_COUNT}", code="wrong_count")
        return body

    def clean_drawing(self) -> str:
        name: str = self.cleaned_data["drawing"]
        if name and not drawings.exists(name):
            raise forms.ValidationError("There is no drawing of that name.", code="unknown_drawing")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("drawing") and cleaned.get("caption") and not cleaned.get("drawing_alt"):
            self.add_error(
                "drawing_alt",
                forms.ValidationError(
                    "Say in words what the drawing shows, or it is left out.", code="no_alt"
                ),
            )
        kind = cleaned.get("kind")
        if not cleaned.get("menu_title") and "menu_title" not in self.errors:
            longest = Page._meta.get_field("menu_title").max_length
            cleaned["menu_title"] = cleaned.get("title", "")[:longest].rstrip()
        if kind and cleaned.get("slug") == "":
            cleaned["slug"] = self._slug_of(cleaned.get("title", ""), kind)
        if kind and cleaned.get("slug") and obstacles.leads_elsewhere(kind, cleaned["slug"]):
            self.add_error(
                "slug",
                forms.ValidationError(
                    "This address belongs to another part of the site.", code="address_taken"
                ),
            )
        if kind in (Page.Kind.HOME, Page.Kind.HUB):
            others = Page.objects.published().filter(kind=kind).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error(
                    "kind",
                    forms.ValidationError("There is one already. Unpublish it first.", code="address_taken"),
                )
        return cleaned

    def _slug_of(self, title: str, kind: str) -> str:
        """An address made from the title that no other page of the kind has; an error where it has no letters for one."""
        made = slugify(title)[: limits.SLUG_CHARACTERS].strip("-")
        if title and not made:
            self.add_error(
                "slug", forms.ValidationError("Write an address in letters from a to z.", code="no_slug")
            )
        others = Page.objects.filter(kind=kind).exclude(pk=self.instance.pk)
        taken = set(others.filter(slug__startswith=made).values_list("slug", flat=True)) if made else set()
        numbered = (f"{made}-{number}" for number in count(2))
        return made if made not in taken else next(slug for slug in numbered if slug not in taken)


def _drawing_words(name: str) -> str:
    words = name.replace("-", " ").capitalize()
    return words if drawings.exists(name) else f"{words} (there is no such drawing)"


class ActionForm(forms.Form):
    """What goes with the buttons of a page's editor: when, why, and what is different."""

    note = CleanText(
        limit=limits.NOTE_CHARACTERS,
        label="What is different",
        help_text="A few words for the history. You may leave it empty.",
    )
    publish_at = MomentField(required=False, label="Publish on")
    next_review = forms.DateField(
        required=False, widget=DayInput, label="To be checked again by", help_text="Readers see this date."
    )
    reason = CleanText(
        limit=limits.OVERRIDE_REASON_CHARACTERS,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Why the ticked problems may stay",
        help_text="Kept in the history.",
    )
    word = CleanText(
        limit=limits.SEND_BACK_CHARACTERS,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="What should be different",
        help_text="Whoever edits it reads this.",
    )
