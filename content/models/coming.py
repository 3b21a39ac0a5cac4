"""What a clinic says to whoever has a visit: the way there or the way in, what to bring, what happens.

Clients read it on their page and in mails, where somebody else may see it: nothing of it may speak of health.
"""

from __future__ import annotations

from django.db import models


class Coming(models.Model):
    """The part of the clinic's profile that is for clients who have a visit."""

    getting_here = models.TextField(
        blank=True,
        help_text="Plain words for somebody on the way: bus stop, parking, steps, which door. Clients with a visit see it.",
    )
    video_call = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="How a call by video begins: who sends a link or rings, and how long before. Clients with a visit by "
        "video read it on their page and in mails: nothing about health. While it is empty they are asked to call you, "
        "since the site sends no link.",
    )
    to_bring = models.TextField(
        blank=True,
        help_text="What to bring to a visit, one thing a line. Clients read it on their page and in mails, so write nothing "
        "that tells a stranger about health.",
    )
    what_happens = models.TextField(
        blank=True,
        help_text="What happens at a first visit, one step a line. It goes where the lines above go: nothing about health.",
    )

    class Meta:
        abstract = True

    @property
    def bring_lines(self) -> list[str]:
        return _lines(self.to_bring)

    @property
    def visit_lines(self) -> list[str]:
        return _lines(self.what_happens)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
