"""The drafts of a treatment, a cell of the matrix and an example plan. None saves."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone

from clinic.foundation.generic import ModelForm
from content.forms.fields import SEPARATOR, LinesField, MoneyField, PairsField
from content.models import ExamplePlan, Suitability, Treatment


class TreatmentForm(forms.ModelForm):
    """The draft of a treatment: prices as people write them, checked on a day that has been. It never saves."""

    recovery = PairsField(
        help_text=f"One a line: Days 1 to 3 {SEPARATOR} Redness. End with: Before and after {SEPARATOR} ..."
    )

    price_from = MoneyField(required=False, help_text="For example 165 or 165.50.")
    price_to = MoneyField(required=False, help_text="Empty if there is only one price.")

    class Meta:
        model = Treatment
        fields = "__all__"

    def clean_hold_in_pregnancy(self) -> str:
        return " ".join(self.cleaned_data["hold_in_pregnancy"].replace(",", " ").split())

    def clean_adds_to(self) -> str:
        code: str = self.cleaned_data["adds_to"]
        others = Treatment.objects.exclude(pk=self.instance.pk)
        if code and not others.filter(code=code, adds_to="").exists():
            raise forms.ValidationError(
                "Give the code of another treatment that stands by itself, or leave this empty.",
                code="no_host",
            )
        return code

    def clean_price_reviewed_on(self) -> date | None:
        day: date | None = self.cleaned_data["price_reviewed_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.", code="ahead")
        return day


class CellForm(ModelForm):
    """The draft of a cell of the matrix. It never saves. Who reviewed it is no field: only an approval says that."""

    class Meta:
        model = Suitability
        exclude = ("reviewed_by", "reviewed_on")


class PlanForm(ModelForm):
    """The draft of an example plan with its lines. It never saves."""

    lines = LinesField(
        label="Treatments of the plan",
        help_text="One a line, with how many visits, scars or syringes: "
        f"Microneedling {SEPARATOR} 3 to 6 {SEPARATOR} 6 weeks apart. The note at the end may be left out.",
    )

    class Meta:
        model = ExamplePlan
        fields = ("title", "for_whom", "note", "order")
