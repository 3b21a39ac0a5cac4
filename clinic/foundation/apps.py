from __future__ import annotations

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "clinic.foundation"
    label = "foundation"
    verbose_name = "Foundation"
