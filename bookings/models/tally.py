"""What is counted of finished days, for the figures of the start page. Nothing here is about anybody."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """A number of one of the clinic's days: how many of `what` with this `key` (bookings/tally.py says which there are).

    Written by bookings/workflow/tallies.py alone. It stays when the requests that it counted are erased.
    """

    day = models.DateField()
    what = models.CharField(max_length=20)
    key = models.CharField(max_length=100, blank=True)
    number = models.IntegerField()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tallies"
        constraints = [
            # Its index is also the one that the figures read by: a range of days.
            models.UniqueConstraint(fields=["day", "what", "key"], name="a_tally_is_of_one_day_and_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.key}: {self.number}"


class TalliedUntil(models.Model):
    """The one row that says which days are counted: all up to `day`. Whoever counts the next one swaps it first."""

    day = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_says_what_is_counted"),
        ]

    def __str__(self) -> str:
        return f"Until {self.day}"
