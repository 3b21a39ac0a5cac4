"""Example plans with their lines, and whether readers see them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.foundation.plain import FreshAdmin, PlainInline
from content import costs, money
from content.models import ClinicProfile, ExamplePlan, ExamplePlanLine


class ExamplePlanLineInline(PlainInline):
    model = ExamplePlanLine
    fields = ("treatment", "times_from", "times_to", "note")
    extra = 2


@admin.register(ExamplePlan)
class ExamplePlanAdmin(FreshAdmin):
    """A plan whose sum cannot be worked out is not shown on /costs/; the list and the form say why."""

    list_display = ("title", "for_whom", "sum", "order")
    inlines = (ExamplePlanLineInline,)
    readonly_fields = ("sum",)
    fields = ("title", "for_whom", "note", "order", "sum")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExamplePlan]:
        return super().get_queryset(request).prefetch_related("lines__treatment")

    @admin.display(description="Readers see")
    def sum(self, obj: ExamplePlan) -> str:
        """What the plan comes to with the first visit, or why it is not shown."""
        lines = list(obj.lines.all()) if obj.pk else []
        hidden = costs.hidden_because(lines)
        if hidden:
            return f"Not shown: {hidden}"
        clinic = ClinicProfile.current()
        return money.span(*costs.total(lines, clinic.consultation_fee), clinic.currency)
