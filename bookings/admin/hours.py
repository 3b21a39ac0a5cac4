"""What a person may not do by a slip while setting time off and closures: overlaps, days that are over, and booked visits or
held times that would lie inside them afterwards. Weekly hours have a page of their own: bookings/admin/week/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings import limits
from bookings.models import Appointment, Closure, Practitioner, TimeOff
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries.clinic import zone as clinic_zone
from clinic.foundation import when
from clinic.foundation.admin.inlines import LabelledFormSet
from clinic.foundation.generic import ModelForm


def named(appointments: Iterable[Appointment], zone: ZoneInfo) -> SafeString:
    """'Cleo Marsh, 7K2M on Thu 3 Dec 10:00 (booked); ...' with a link to each request; ten of them, and how many more."""
    found = list(appointments)
    lines = format_html_join(
        "; ",
        '<bdi>{}</bdi>, <a href="{}">{}</a> on {} ({})',
        (
            (
                row.request.name,
                reverse("admin:bookings_consultationrequest_change", args=[row.request_id]),
                row.request.reference,
                when.short(row.starts_at, zone),
                _kind_of(row).split()[0],
            )
            for row in found[: limits.lists.NAMED_IN_A_WARNING]
        ),
    )
    more = len(found) - limits.lists.NAMED_IN_A_WARNING
    return format_html("{} and {} more", lines, more) if more > 0 else lines


def decide_url(first: date, last: date, label: str, people: Iterable[int]) -> str:
    """The page on which somebody decides what everybody on these whole days is told (bookings/admin/block/)."""
    asked = {"who": list(people), "on": first.isoformat(), "last": last.isoformat(), "label": label}
    return f"{reverse('admin:block')}?{urlencode(asked, doseq=True)}"


def counted(appointments: Iterable[Appointment]) -> str:
    """'2 booked visits, 1 offered time and 1 held time'; empty for none."""
    found = Counter(_kind_of(row) for row in appointments)
    parts = [
        f"{found[kind]} {kind}{'' if found[kind] == 1 else 's'}"
        for kind in ("booked visit", "offered time", "held time")
        if found[kind]
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _kind_of(row: Appointment) -> str:
    if row.state == Appointment.State.BOOKED:
        return "booked visit"
    return "offered time" if row.is_offer else "held time"


def ask_first(hit: Iterable[Appointment], zone: ZoneInfo) -> SafeString:
    """What a form says before it switches off or closes something that times rest on."""
    rows = list(hit)
    return format_html(
        "{} still to come: {}. Move or cancel them first, or tick “Booked visits stay as they are”.",
        counted(rows),
        named(rows, zone),
    )


def ahead(now: datetime, among: AppointmentQuerySet | None = None) -> Any:
    """Booked visits and live holds that are still to come, with their requests: all of them, or those `among` these."""
    rows = Appointment.objects.all() if among is None else among
    return rows.busy(now).filter(starts_at__gt=now).select_related("request").order_by("starts_at")


class TimeOffFormSet(LabelledFormSet):
    """Time off: not over already, and not twice."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        now = timezone.now()
        known: list[tuple[datetime, datetime]] = []
        for form in _kept(self):
            starts, ends = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
            # What has ended since the form was opened may stay, and its words may be mended.
            if ends <= now and {"starts_at", "ends_at"} & set(form.changed_data):
                form.add_error("ends_at", ValidationError("This time off is over already.", code="past"))
            elif any(starts < until and since < ends for since, until in known):
                form.add_error(
                    "starts_at", ValidationError("This overlaps another time off.", code="overlap")
                )
            known.append((starts, ends))
        if not any(self.errors) and self.instance.pk and not self.data.get("visits_stay"):
            self._asks_about_visits(now)

    def _asks_about_visits(self, now: datetime) -> None:
        """Time off over what is booked or held is entered knowingly."""
        rows = [form.instance for form in _kept(self) if form.has_changed()]
        hit = in_time_off(rows, ahead(now).filter(practitioner=self.instance))
        if hit:
            raise ValidationError(ask_first(hit, clinic_zone()), code="in_use")


STAYS_HELP = (
    "Needed when visits are booked or times are held. Nobody is told, and nothing is cancelled. Held and offered times can "
    "no longer be booked, and stand under “Times in doubt”. Booked visits stand under “Visits in doubt” "
    "until somebody moves, cancels or keeps them."
)


class ClosureForm(ModelForm):
    """Whole days on which the clinic is closed: each day once, and asked about a second time when times are taken on it."""

    visits_stay = forms.BooleanField(
        required=False, label="Booked visits stay as they are", help_text=STAYS_HELP
    )

    def clean(self) -> dict[str, Any] | None:
        """Raise a validation error when some of the days are a closure already, or times are taken on them."""
        cleaned = super().clean()
        self._closes_no_day_twice()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        moved = {"first_day", "last_day"} & set(self.changed_data)
        if (
            not self.errors
            and first
            and last
            and first <= last
            and moved
            and not self.cleaned_data["visits_stay"]
        ):
            # Days in the clinic's zone, which the desk has switched to.
            hit = ahead(timezone.now()).filter(starts_at__date__range=(first, last))
            if self.instance.pk:
                before = Closure.objects.get(pk=self.instance.pk)
                hit = hit.exclude(starts_at__date__range=(before.first_day, before.last_day))
            if hit.exists():
                self.add_error("visits_stay", ValidationError(self._asks(hit, first, last), code="in_use"))
        return cleaned

    def _asks(self, hit: AppointmentQuerySet, first: date, last: date) -> SafeString:
        """Who it hits, by name, and the page on which each is answered: a closure alone tells nobody."""
        people = Practitioner.objects.bookable().values_list("pk", flat=True)
        url = decide_url(first, last, self.cleaned_data.get("name", ""), people)
        words = '{} <a href="{}">Decide for each what they are told</a>, then close the days.'
        return format_html(words, ask_first(hit, clinic_zone()), url)

    def _closes_no_day_twice(self) -> None:
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and first <= last:
            others = Closure.objects.filter(first_day__lte=last, last_day__gte=first).exclude(
                pk=self.instance.pk
            )
            met = others.first()
            if met is not None:
                days = f"{when.date_words(met.first_day)} to {when.date_words(met.last_day)}"
                if met.first_day == met.last_day:
                    days = when.date_words(met.first_day)
                words = f"Closed already: {met.name}, {days}. Change that closure, or choose other days."
                self.add_error("first_day", ValidationError(words, code="overlap"))


def _kept(formset: LabelledFormSet) -> list[Any]:
    """The rows that will be there after saving."""
    return [
        form
        for form in formset.forms
        if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get("DELETE")
    ]


def in_time_off(rows: Iterable[TimeOff], appointments: Iterable[Appointment]) -> list[Appointment]:
    """The appointments that meet one of the rows."""
    away = [(row.starts_at, row.ends_at) for row in rows]
    return [
        a for a in appointments if any(a.starts_at < until and since < a.ends_at for since, until in away)
    ]
