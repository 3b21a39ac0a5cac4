"""{{ clinic.consultation_fee|money:clinic.currency }}."""

from __future__ import annotations

from django import template

from content import money as amounts

register = template.Library()


@register.filter
def money(amount: int, currency: str) -> str:
    """Minor units in words: 4500 in GBP is "£45"."""
    return amounts.words(amount, currency)
