"""What the public pages say that another app knows. This app imports no other: the other appends here when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import models


@dataclass(frozen=True)
class VisitFee:
    """A kind of consultation that readers can ask for. `fee` in minor units of the clinic's currency, 0 if it is free.

    `paid`: a sentence on how and when, or empty.
    """

    name: str
    fee: int
    at_the_clinic: bool
    paid: str = ""


# Each tells some of them, in the order in which they are offered, by one statement.
visit_fees: list[Callable[[], list[VisitFee]]] = []
# Each tells the stretches of whole days (first, last) on which the clinic is closed, whatever its hours, by one statement.
closures: list[Callable[[], list[tuple[date, date]]]] = []
# What those are read from, and what else is kept for as long as an edition is out: a change of a row of these makes another.
printed_too: list[type[models.Model]] = []
