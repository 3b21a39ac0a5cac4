from __future__ import annotations

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Consultations"

    def ready(self) -> None:
        from bookings.queries import visits  # noqa: PLC0415  (models are not ready any earlier)
        from content.models import zone_guards  # noqa: PLC0415

        zone_guards.append(visits.count_upcoming)
