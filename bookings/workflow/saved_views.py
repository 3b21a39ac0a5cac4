"""Views of the worklist that a member of staff keeps: a name and the query of its address. They are nobody else's."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from bookings import limits
from bookings.models import SavedView
from bookings.workflow.errors import Refused


def remember(user: int, name: str, query: str) -> SavedView:
    """Keep a view for this person (by key); one of the same name gets the new query.

    Raises Refused: "too_many", or "name_taken" when another press has kept one of this name at the same moment.
    """
    mine = SavedView.objects.filter(user=user)
    known = mine.filter(name__iexact=name).first()
    if known is not None:
        mine.filter(pk=known.pk).update(query=query)
        return known
    if mine.count() >= limits.lists.VIEWS_A_PERSON:
        number = limits.lists.VIEWS_A_PERSON
        raise Refused("too_many", f"You keep {number} views already. Delete one first.")
    try:
        with transaction.atomic():
            return SavedView.objects.create(user_id=user, name=name, query=query)
    except IntegrityError:
        words = "A view of this name was kept a moment ago. Press again to give it what the list shows."
        raise Refused("name_taken", words) from None


def rename(user: int, key: int, name: str) -> None:
    """Give one of their views another name. Nothing for one that is gone. Raises Refused("name_taken")."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(user=user, pk=key).update(name=name)
    except IntegrityError:
        raise Refused("name_taken", "You have a view of this name already.") from None


def forget(user: int, key: int) -> None:
    """Delete one of their views; pressed twice, there is nothing more to delete."""
    SavedView.objects.filter(user=user, pk=key).delete()
