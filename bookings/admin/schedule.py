"""When consultations can happen: practitioners with their hours and time off, kinds of consultation, closures, rules."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from bookings.admin.calendar import diary
from bookings.admin.hours import (
    STAYS_HELP,
    ClosureForm,
    HoursFormSet,
    TimeOffFormSet,
    ahead,
    ask_first,
    counted,
    in_time_off,
    named,
)
from bookings.desk_site import SEE_PEOPLE, clinic_of
from bookings.models import (
    Appointment,
    BookingRules,
    Closure,
    ConsultationRequest,
    ConsultationType,
    Practitioner,
    TimeOff,
    WorkingHours,
)
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries.clinic import zone as clinic_zone
from bookings.queries.off import Off
from clinic.foundation import money, when
from clinic.foundation.admin.fields import PLAIN, AddressField, Ticks, without_links
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.admin.inlines import PlainInline
from clinic.foundation.generic import ModelForm
from content.forms.fields import MoneyField
from content.models import FAQ, ClinicProfile, Page

# What texts call one working day, in minutes of opening time: the rule as it is delivered.
_WORKING_DAY = BookingRules._meta.get_field("promise_minutes").get_default()


class StaysForm(ModelForm):
    """Switching off something that visits and held times rest on takes a second press, which names what it hits."""

    visits_stay = forms.BooleanField(
        required=False, label="Booked visits stay as they are", help_text=STAYS_HELP
    )

    def clean(self) -> dict[str, Any] | None:
        """Raise a validation error on the tick box when it hits something and nobody has said that visits stay."""
        cleaned = super().clean()
        if self.instance.pk and not self.errors and not self.cleaned_data.get("visits_stay"):
            hit = list(self.hit(ahead(timezone.now())))
            if hit:
                self.add_error("visits_stay", ValidationError(ask_first(hit, clinic_zone()), code="in_use"))
            elif number := self.asking():
                words = f"{_requests(number)} for it and would have no time to choose. Tick the box to switch it off."
                self.add_error("visits_stay", ValidationError(words, code="in_use"))
        return cleaned

    @property
    def switched_off(self) -> bool:
        return "is_active" in self.changed_data and not self.cleaned_data.get("is_active")

    def hit(self, rows: AppointmentQuerySet) -> AppointmentQuerySet:
        """The booked visits and live holds that this change takes something away from."""
        raise NotImplementedError

    def asking(self) -> int:
        """How many open requests that hold no time ask for what is switched off."""
        return 0


def _requests(number: int) -> str:
    return "1 open request asks" if number == 1 else f"{number} open requests ask"


class PractitionerForm(StaysForm):
    def hit(self, rows: AppointmentQuerySet) -> AppointmentQuerySet:
        """All of their visits when they are switched off; otherwise those of a kind or about a concern that they give up."""
        theirs, kinds = rows.filter(practitioner=self.instance), self.cleaned_data["consultation_types"]
        if self.switched_off:
            return theirs
        lost, concerns = Q(), self.cleaned_data["concerns"]
        if "consultation_types" in self.changed_data:
            lost |= ~Q(consultation_type__in=kinds)
        if "concerns" in self.changed_data and concerns:
            unseen = ConsultationRequest.concerns.through.objects.exclude(concern__in=concerns)
            known = Q(stands_although__contains=Off.CONCERN.value)
            lost |= Q(request__in=unseen.values("consultationrequest")) & ~known
        return theirs.filter(lost) if lost else theirs.none()

    def asking(self) -> int:
        open_ones = ConsultationRequest.objects.open()
        return open_ones.filter(wished_practitioner=self.instance).count() if self.switched_off else 0


class TypeForm(StaysForm):
    fee = MoneyField(initial=0, help_text="For example 45 or 45.50. 0 is free.")

    def hit(self, rows: AppointmentQuerySet) -> AppointmentQuerySet:
        return rows.filter(consultation_type=self.instance) if self.switched_off else rows.none()

    def asking(self) -> int:
        open_ones = ConsultationRequest.objects.open()
        return open_ones.filter(consultation_type=self.instance).count() if self.switched_off else 0


class RulesForm(ModelForm):
    """Says what minutes of opening time come to, beside the field."""

    class Meta:
        field_classes = {"alert_email": AddressField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may only look gets a form without fields.
        for name in {"promise_minutes", "offer_minutes"} & self.fields.keys():
            minutes = getattr(self.instance, name)
            words = f"Now {minutes} minutes = {when.length(minutes)} of opening time."
            self.fields[name].help_text = f"{self.fields[name].help_text} {words}"


class KeptAdmin(FreshAdmin):
    """A model that visits may rest on: no bulk deletion, and deleting what is in use says what to do instead."""

    actions = None
    formfield_overrides = PLAIN
    kept_because = (
        "visits or requests are on record with it. Untick “active” instead; clients then no longer see it."
    )

    def in_use(self, obj: Any) -> bool:
        """Does any request or visit, past or to come, point to it?"""
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_links(super().formfield_for_dbfield(db_field, request, **kwargs))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is not None and self.has_delete_permission(request, obj) and self.in_use(obj):
            self.message_user(
                request,
                f"{obj} cannot be deleted: {self.kept_because}",
                messages.ERROR,
            )
            opts = self.model._meta
            return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk]))
        return super().delete_view(request, object_id, extra_context)


class HoursInline(PlainInline):
    model = WorkingHours
    formset = HoursFormSet
    verbose_name_plural = "Working hours (clinic time)"
    fields = ("weekday", "starts", "ends", "valid_from", "valid_until")


class TimeOffInline(PlainInline):
    model = TimeOff
    formset = TimeOffFormSet
    verbose_name_plural = "Time off (clinic time)"
    fields = ("starts_at", "ends_at", "label")

    def get_queryset(self, request: HttpRequest) -> Any:
        """What is over is kept, and no longer in the way."""
        return super().get_queryset(request).filter(ends_at__gte=timezone.now())


@admin.register(Practitioner)
class PractitionerAdmin(KeptAdmin):
    form = PractitionerForm
    list_display = ("name", "active", "gives", "hours")
    inlines = (HoursInline, TimeOffInline)
    fields = ("name", "is_active", "visits_stay", "consultation_types", "concerns", "person", "user", "diary")
    readonly_fields = ("diary",)
    search_fields = ("name",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Whose sign-in it is, managers say: whoever is named starts on this practitioner's visits."""
        sees_people = cast(User, request.user).has_perm(SEE_PEOPLE)
        sees_diary = obj is not None and diary.may_see(cast(User, request.user), cast(Practitioner, obj))
        shown = {"user": sees_people, "diary": sees_diary}
        return [name for name in self.fields if shown.get(name, True)]

    @admin.display(description="Diary")
    def diary(self, practitioner: Practitioner) -> str:
        """The way to the address for a calendar app."""
        return format_html(
            '<a href="{}">In a calendar app</a>', reverse("admin:diary", args=[practitioner.pk])
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("consultation_types", "working_hours")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = Ticks
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def in_use(self, obj: Practitioner) -> bool:
        return Appointment.objects.filter(practitioner=obj).exists()

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """After saving, say which visits and held times now fall into time off: nothing is moved by itself."""
        super().save_related(request, form, formsets, change)
        now = timezone.now()
        theirs = ahead(now).filter(practitioner=form.instance)
        _warn_about(request, in_time_off(form.instance.time_off.filter(ends_at__gt=now), theirs))

    @admin.display(description="Clients can ask for them", boolean=True, ordering="is_active")
    def active(self, obj: Practitioner) -> bool:
        return obj.is_active

    @admin.display(description="Gives")
    def gives(self, obj: Practitioner) -> str:
        return ", ".join(kind.name for kind in obj.consultation_types.all())

    @admin.display(description="Works on")
    def hours(self, obj: Practitioner) -> str:
        days = {row.weekday: when.WEEKDAYS[row.weekday][:3] for row in obj.working_hours.all()}
        return " ".join(days[day] for day in sorted(days)) or "No hours yet"


def _warn_about(request: HttpRequest, met: list[Appointment]) -> None:
    if met:
        words = "Booked visits or held times fall into it and are not moved by themselves: {}."
        messages.warning(request, format_html(words, named(met, clinic_of(request).zone)))


def _tell_what_stays(request: HttpRequest, kind: ConsultationType) -> None:
    """After an edit: how many visits and held times stay on what was agreed before."""
    old = [
        row
        for row in ahead(timezone.now()).filter(consultation_type=kind)
        if row.terms != kind.terms(row.currency) or row.minutes != kind.minutes
    ]
    if old:
        words = (
            "What was agreed stays for {} still to come, with the old terms: {}. New times get the new ones."
        )
        rows = named(old, clinic_of(request).zone)
        messages.warning(request, format_html(words, counted(old), rows))


def _warn_about_promise(request: HttpRequest, rules: BookingRules) -> None:
    """Texts are not rewritten by themselves: name those that promise one working day while the rule is another one."""
    if rules.promise_minutes == _WORKING_DAY:
        return
    text = "one working day"
    pages = Page.objects.filter(Q(body__icontains=text) | Q(summary__icontains=text))
    questions = FAQ.objects.filter(Q(question__icontains=text) | Q(answer__icontains=text))
    met = [(reverse("admin:content_page_change", args=[row.pk]), row.menu_title) for row in pages]
    met += [(reverse("admin:content_faq_change", args=[row.pk]), row.question) for row in questions]
    if met:
        words = "The promise is now {} of opening time, but these texts say “one working day”: {}. Change them too."
        links = format_html_join(", ", '<a href="{}">{}</a>', met)
        messages.warning(request, format_html(words, when.length(rules.promise_minutes), links))


@admin.register(ConsultationType)
class ConsultationTypeAdmin(KeptAdmin):
    form = TypeForm
    list_display = ("name", "mode", "minutes", "fee_words", "is_active")
    fields = (
        "name", "mode", "minutes", "buffer_before", "buffer_after", "fee", "cutoff_hours",
        "is_active", "visits_stay", "order",
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ConsultationType, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"fee", "mode", "cutoff_hours", "minutes"} & set(form.changed_data):
            _tell_what_stays(request, obj)

    def in_use(self, obj: ConsultationType) -> bool:
        return obj.requests.exists() or Appointment.objects.filter(consultation_type=obj).exists()

    @admin.display(description="Fee", ordering="fee")
    def fee_words(self, obj: ConsultationType) -> str:
        return money.words(obj.fee, ClinicProfile.current().currency) if obj.fee else "Free"


@admin.register(Closure)
class ClosureAdmin(FreshAdmin):
    form = ClosureForm
    actions = None
    formfield_overrides = PLAIN
    list_display = ("name", "first_day", "last_day")
    fields = ("name", "first_day", "last_day", "visits_stay")

    def save_model(self, request: HttpRequest, obj: Closure, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        met = ahead(timezone.now()).filter(starts_at__date__range=(obj.first_day, obj.last_day))
        _warn_about(request, list(met))


@admin.register(BookingRules)
class BookingRulesAdmin(FreshAdmin):
    """One row: the list leads straight to it."""

    form = RulesForm
    actions = None
    fieldsets = (
        (
            "Times that clients can choose",
            {"fields": ("minimum_notice_hours", "horizon_days", "slot_step_minutes")},
        ),
        ("Our answer", {"fields": ("promise_minutes", "offer_minutes", "answer_days", "alert_email")}),
        (
            "Limits",
            {
                "fields": (
                    "unproved_hold_minutes",
                    "holds_per_address",
                    "requests_per_network_hour",
                    "requests_per_address_day",
                )
            },
        ),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        BookingRules.objects.get_or_create(pk=1)
        return redirect("admin:bookings_bookingrules_change", 1)

    def save_model(self, request: HttpRequest, obj: BookingRules, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _warn_about_promise(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
