"""What people type, and what we call it."""

from __future__ import annotations

from django.db import models


class Synonym(models.Model):
    """A search for `phrase` also finds what says `means`. One way only, and either side may be several words."""

    phrase = models.CharField(
        max_length=60, help_text="What people type: vampire facial. Upper case and plurals do not matter."
    )
    means = models.CharField(
        max_length=80, help_text="Words that stand on our pages: PRP with microneedling. One thing a row."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["phrase", "means"]
        verbose_name = "search word"
        constraints = [
            models.UniqueConstraint(
                fields=["phrase", "means"],
                name="a_search_word_is_explained_once",
                violation_error_message="This pair is there already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.phrase}: {self.means}"
