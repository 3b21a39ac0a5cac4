"""Drawing the fields of a plan, which are named after its treatments."""

from __future__ import annotations

from django import template
from django.forms import BoundField

from bookings.client.plan.forms import PlanForm

register = template.Library()


@register.simple_tag
def box(form: PlanForm, key: str) -> BoundField:
    """The box for a question about the treatment with this key, or about the plan."""
    return form[f"question_{key}"]
