from __future__ import annotations

from django.apps import AppConfig
from django.utils import timezone

from clinic import checks, doctor, health, metrics


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Consultations"

    def ready(self) -> None:
        from bookings import gauges, machine_clock, mail_hold, symptoms  # noqa: PLC0415  (models are not ready any earlier)
        from bookings.messages import pulse, send  # noqa: PLC0415  (models are not ready any earlier)
        from bookings.models import BookingRules, Closure, ConsultationType, Practitioner  # noqa: PLC0415  (models are not ready any earlier)
        from bookings.queries import clinic, visits  # noqa: PLC0415  (models are not ready any earlier)
        from clinic.foundation import rotation  # noqa: PLC0415  (models are not ready any earlier)
        from content.models import closures, printed_too, visit_fees, zone_guards  # noqa: PLC0415  (models are not ready any earlier)

        zone_guards.append(visits.count_upcoming)
        visit_fees.append(visits.first_visit_fees)
        closures.append(clinic.closures)
        printed_too.extend((ConsultationType, Closure, Practitioner))
        health.register("worker", lambda: send.worker_state(timezone.now()))
        health.register("last_tick_seconds", lambda: pulse.last_tick(timezone.now()))
        health.register("mail_waits_seconds", lambda: pulse.mail_waits(timezone.now()))
        health.register("mails_failed", pulse.mails_failed)
        health.register("keys", rotation.newest_open)
        health.register("clock", lambda: machine_clock.state(timezone.now))
        health.register("mail", mail_hold.state)
        doctor.register("clock", symptoms.clock)
        doctor.register("worker", lambda: symptoms.worker(timezone.now()))
        doctor.register("mail server", symptoms.mail_server)
        doctor.register("mails", lambda: symptoms.mails(timezone.now()))
        doctor.register("fee in writing", lambda: symptoms.fee_in_writing(timezone.now()))
        doctor.register("promises", lambda: symptoms.promises(timezone.now()))
        metrics.register(gauges.figures)
        checks.register_horizon(lambda: BookingRules.current().horizon_days)
