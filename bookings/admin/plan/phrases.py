"""The clinic's phrases for plans: the list in the admin, and what the editor offers of it beside each field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from bookings import limits
from bookings.models import PlanPhrase
from bookings.models.plan_phrase import PhrasePlace
from bookings.workflow.plan import keep_phrase
from clinic.foundation.admin.fresh import FreshAdmin
from content.models import Treatment


@admin.register(PlanPhrase)
class PlanPhraseAdmin(FreshAdmin):
    list_display = ("__str__", "place", "only_if", "is_active")
    list_filter = ("place",)
    fields = ("place", "name", "words", "only_if", "is_active")
    sortable_by = ()


def offered(applies: Collection[str]) -> dict[str, list[PlanPhrase]]:
    """Those that fit what is ticked, by their place. One statement."""
    rows = PlanPhrase.objects.filter(is_active=True)[: limits.plans.PHRASES_OFFERED]
    found: dict[str, list[PlanPhrase]] = {place.value: [] for place in PhrasePlace}
    for one in rows:
        if not one.only_if or one.only_if in applies:
            found[one.place].append(one)
    return found


def put_in(words: dict[str, Any], key: int) -> None:
    """Put a phrase (by key) into what was typed so far: behind what stands in its field, or into the next free boxes."""
    one = PlanPhrase.objects.filter(pk=key, is_active=True).first()
    if one is None:
        return
    if one.place != PhrasePlace.AGAINST:
        words[one.place] = _behind(str(words.get(one.place) or ""), one.words)
        return
    for number in _free(words):
        words[f"against_{number}"], words[f"against_why_{number}"] = one.name, one.words
        return


def advise_against(words: dict[str, Any], key: int) -> None:
    """Put the name of a treatment (by key) that they asked about into the next free box of what was advised against."""
    one, number = Treatment.objects.offered().filter(pk=key).first(), next(iter(_free(words)), None)
    if one is not None and number is not None:
        words[f"against_{number}"] = one.name


def keep_typed(request: HttpRequest, place: str) -> None:
    """Keep what was typed into a field as a phrase for everybody: "first", or "against_0" for one of the pairs.

    Of what was advised against both boxes are wanted. Nothing is kept twice.
    """
    user = cast(User, request.user)
    if not user.has_perm("bookings.add_planphrase"):
        raise PermissionDenied
    part, _, number = place.partition("_")
    if part not in PhrasePlace:
        return
    typed = request.POST.get(f"{part}_why_{number}" if number else part, "").strip()
    name = request.POST.get(place, "").strip() if number else ""
    try:
        is_new = keep_phrase(part, name, typed)
    except ValidationError as wrong:
        messages.error(request, f"It was not kept as a phrase. {' '.join(wrong.messages)}")
        return
    messages.success(
        request, "Kept as a phrase for everybody." if is_new else "This phrase is there already."
    )


def _behind(typed: str, words: str) -> str:
    return typed if words in typed else f"{typed.rstrip()} {words}".strip()


def _free(words: dict[str, Any]) -> Iterable[int]:
    boxes = range(limits.plans.MOST_AGAINST)
    return (n for n in boxes if not words.get(f"against_{n}") and not words.get(f"against_why_{n}"))
