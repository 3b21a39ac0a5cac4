"""What every form of the editors draws its fields with."""

from __future__ import annotations

from typing import Any

from django.db import models

from clinic.foundation.admin.fields import PLAIN, Ticks


class ScrollingTicks(Ticks):
    """Tick boxes in a box that scrolls: there are many sources."""

    def __init__(self) -> None:
        super().__init__({"class": "choices scroll-box"})


# Plain fields, and tick boxes for every pair of lists.
EDITING: dict[Any, dict[str, Any]] = PLAIN | {models.ManyToManyField: {"widget": ScrollingTicks}}
