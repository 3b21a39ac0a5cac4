"""What readers see once somebody has published it. Pages have the same two fields; content.publishing alone writes them."""

from __future__ import annotations

from django.db import models


class Published(models.Model):
    """A row that readers see. Its versions (content.models.version) lie beside it, with what readers have not got yet."""

    is_published = models.BooleanField(default=True, editable=False, help_text="Readers see it.")
    live = models.OneToOneField(
        "content.Version",
        null=True,
        editable=False,
        on_delete=models.RESTRICT,
        related_name="live_%(class)s",
        help_text="The version that this row says: none before the first publication by the verbs.",
    )

    class Meta:
        abstract = True
