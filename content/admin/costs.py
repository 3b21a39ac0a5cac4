"""Example plans: their list, and what their editor needs. Their sums are worked out and never stored."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest

from content.admin.documents import DocumentAdmin
from content.admin.options import EditorOptions
from content.display import costs
from content.forms.facts import PlanForm
from content.models import ClinicProfile, ExamplePlan
from content.publishing import verbs
from content.publishing.edit import Edit
from content.publishing.facts import PlanSnapshot
from content.publishing.kinds import DocumentSnapshot
from content.queries import usage


def _make(form: BaseForm, snapshot: DocumentSnapshot, edit: Edit, note: str) -> ExamplePlan:
    assert isinstance(snapshot, PlanSnapshot)
    return verbs.add_plan(edit, snapshot, note=note)


def _sum(row: ExamplePlan) -> str:
    """What the plan comes to with the first visit, as readers have it, or why it is not shown."""
    lines = list(row.lines.all())
    clinic = ClinicProfile.current()
    hidden = costs.hidden_because(lines, clinic)
    if hidden:
        return f"Not shown: {hidden}"
    return costs.total(lines, clinic.consultation_fee).words(clinic.currency)


EDITED = EditorOptions(
    model=ExamplePlan,
    blank=PlanSnapshot(),
    make=_make,
    uses=usage.of_plan,
    prefix="plan",
    remark=lambda row: f"What it comes to: {_sum(row)}",
    fieldsets=(
        ("The plan", {"fields": ("title", "for_whom", "lines", "note")}),
        ("In the list", {"fields": ("order",)}),
    ),
)


@admin.register(ExamplePlan)
class ExamplePlanAdmin(DocumentAdmin):
    """A plan whose sum cannot be worked out is not shown on /costs/; the list says why."""

    editor_options = EDITED
    form = PlanForm
    fieldsets = EDITED.fieldsets
    list_filter = ("is_published",)
    list_display = ("title", "for_whom", "sum", "state", "order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExamplePlan]:
        return super().get_queryset(request).prefetch_related("lines__treatment")

    @admin.display(description="What it comes to")
    def sum(self, obj: ExamplePlan) -> str:
        return _sum(obj)
