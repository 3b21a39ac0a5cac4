"""Which edition of the public pages is out: one row, which the database changes with every row that a page may print."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


def new_token() -> str:
    return str(uuid4())


class Edition(models.Model):
    """One row. `token` is another one after each change, and never the same again: not after a rollback, not in a copy.

    Triggers write it (content/ready/triggers.py), so that no way of changing a row goes past it.
    """

    token = models.CharField(max_length=36, default=new_token)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_edition")]

    def __str__(self) -> str:
        return self.token
