"""The form of one cell of the matrix, and what goes with its buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django import forms

from clinic.foundation.forms import CleanText, EditorsLines, Several
from content import limits
from content.admin.fields import ScrollingTicks
from content.forms.page import ActionForm
from content.models import Source, Suitability
from content.publishing.facts import CellSnapshot

_PLAIN = ("score", "specialist_only", "waits_in_pregnancy", "reason_code", "reason")


class QuickForm(forms.Form):
    """In the grid what `content.forms.facts.CellForm` asks on a cell's own page. It never saves: `read` makes a snapshot."""

    score = forms.TypedChoiceField(
        coerce=int,
        choices=[(score.value, f"{score.value} {score.label.lower()}") for score in Suitability.Score],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a score.", "invalid_choice": "Choose a score."},
    )
    reason = EditorsLines(
        required=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Reason",
        help_text="Why, in one plain sentence for clients.",
        error_messages={"required": "Say why, in one plain sentence."},
    )
    specialist_only = forms.BooleanField(required=False, label="Only a specialist decides")
    waits_in_pregnancy = forms.BooleanField(required=False, label="The guide leaves it out in pregnancy")
    sources = Several(required=False, widget=ScrollingTicks)
    reason_code = CleanText(
        limit=limits.REASON_CODE_CHARACTERS,
        label="Code of the reason",
        help_text="Cells with the same reason share a code.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = self["sources"].value() or ()
        sources = sorted(Source.objects.all(), key=lambda source: (source.code not in ticked, source.code))
        cast(Several, self.fields["sources"]).choices = [(source.code, str(source)) for source in sources]


class CellActionForm(ActionForm):
    """What goes with the buttons, as for every document."""

    prefix = "say"  # the cell's own form has a "reason" too

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of a page readers see the date; of a cell they do not.
        days = limits.REVIEW_SOON_DAYS
        self.fields["next_review"].help_text = f"It shows in the list of what is due, {days} days before."


def initial(snapshot: CellSnapshot) -> dict[str, Any]:
    """What the form shows for this snapshot."""
    return {name: getattr(snapshot, name) for name in _PLAIN} | {"sources": list(snapshot.sources)}


def read(form: QuickForm, before: CellSnapshot) -> CellSnapshot:
    """What a form says that has been checked."""
    values = {name: form.cleaned_data[name] for name in _PLAIN}
    return replace(before, **values, sources=tuple(sorted(form.cleaned_data["sources"])))
