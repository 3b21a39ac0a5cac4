"""Practitioners: what they give and see, when they are away, whose sign-in is theirs. Their week has a page of its own."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bookings import weekly_hours
from bookings.admin import new_account
from bookings.admin.calendar import diary
from bookings.admin.hours import TimeOffFormSet, ahead, in_time_off
from bookings.admin.kept import KeptAdmin, StaysForm, warn_about
from bookings.admin.new_account import AccountForm
from bookings.admin.typed_fields import TypedDay, TypedEnd, TypedMoment, day_words
from bookings.admin.week.page import summary
from bookings.desk_site import SEE_PEOPLE, clinic_of
from bookings.models import Appointment, ConsultationRequest, Practitioner, TimeOff
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries import hours
from bookings.queries.clinic import opening
from bookings.queries.clinic import zone as clinic_zone
from bookings.queries.off import Off
from bookings.workflow import hours as workflow
from clinic.foundation import when
from clinic.foundation.admin.fields import PLAIN, Ticks
from clinic.foundation.admin.inlines import PlainInline
from clinic.foundation.generic import ModelForm
from clinic.foundation.signin.again import recently_signed_in

# How a new practitioner comes by their hours.
_TYPED, _OPENING = "", "opening"


class PractitionerForm(AccountForm, StaysForm):
    hours_as = forms.ChoiceField(
        label="Hours",
        required=False,
        choices=[(_TYPED, "I type them next"), (_OPENING, "As the clinic is open")],
        help_text="You can change them in a grid afterwards.",
    )
    hours_from = TypedDay(label="First day", help_text="The day from which they hold. Empty: today.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "hours_as" in self.fields:
            others = Practitioner.objects.filter(working_hours__isnull=False).distinct()
            named = [(str(other.pk), f"As {other.name}") for other in others]
            field = cast(forms.ChoiceField, self.fields["hours_as"])
            field.choices = [*cast(list[tuple[str, str]], field.choices), *named]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_account(data)
        if (first := data.get("hours_from")) and first < _today():
            self.add_error("hours_from", ValidationError("Type today or a later day.", code="past"))
        return data

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


class TimeOffInline(PlainInline):
    model = TimeOff
    formset = TimeOffFormSet
    formfield_overrides = PLAIN | {models.DateTimeField: {"form_class": TypedMoment}}
    verbose_name_plural = "Time off (clinic time)"
    fields = ("starts_at", "ends_at", "label")

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "starts_at":
            kwargs["help_text"] = "A day without a time: from its start."
        elif db_field.name == "ends_at":
            kwargs |= {"form_class": TypedEnd, "help_text": "A day without a time: to its end."}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        """What is over is kept, and no longer in the way."""
        return super().get_queryset(request).filter(ends_at__gte=timezone.now())


@admin.register(Practitioner)
class PractitionerAdmin(KeptAdmin):
    form = PractitionerForm
    list_display = ("name", "active", "gives", "hours")
    inlines = (TimeOffInline,)
    fields = (
        "name", "is_active", "visits_stay", "consultation_types", "concerns", "hours_as", "hours_from", "their_hours",
        "person", "user", *new_account.FIELDS, "diary",
    )  # fmt: skip
    readonly_fields = ("their_hours", "diary")
    search_fields = ("name",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Whose sign-in it is, managers say: whoever is named starts on this practitioner's visits."""
        left_out = {"hours_as", "hours_from"} if obj else {"is_active", "visits_stay", "their_hours"}
        if obj or not request.user.is_superuser:
            left_out |= {*new_account.FIELDS}
        if not cast(User, request.user).has_perm(SEE_PEOPLE):
            left_out.add("user")
        if obj is None or not diary.may_see(cast(User, request.user), cast(Practitioner, obj)):
            left_out.add("diary")
        return [name for name in self.fields if name not in left_out]

    @admin.display(description="Diary")
    def diary(self, practitioner: Practitioner) -> str:
        """The way to the address for a calendar app."""
        return format_html(
            '<a href="{}">In a calendar app</a>', reverse("admin:diary", args=[practitioner.pk])
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Whoever makes an account has signed in a moment ago, as on the page of accounts."""
        view = super().add_view
        if request.POST.get("account"):
            return cast(HttpResponse, recently_signed_in(view)(request, form_url, extra_context))
        return view(request, form_url, extra_context)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        """Time off comes later than its practitioner."""
        return self.inlines if obj else ()

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
        if not change:
            self._give_hours(request, form)
            return
        now = timezone.now()
        theirs = ahead(now).filter(practitioner=form.instance)
        warn_about(request, in_time_off(form.instance.time_off.filter(ends_at__gt=now), theirs))

    @admin.display(description="Clients can ask for them", boolean=True, ordering="is_active")
    def active(self, obj: Practitioner) -> bool:
        return obj.is_active

    @admin.display(description="Gives")
    def gives(self, obj: Practitioner) -> str:
        return ", ".join(kind.name for kind in obj.consultation_types.all())

    def _give_hours(self, request: HttpRequest, form: ModelForm) -> None:
        """A new practitioner works from their first day on as the clinic is open, or as somebody else does then."""
        like, clinic = form.cleaned_data.get("hours_as", _TYPED), clinic_of(request)
        if like == _TYPED:
            return
        today = when.local_day(timezone.now(), clinic.zone)
        rows = opening(clinic) if like == _OPENING else hours.of_one(int(like))
        first = form.cleaned_data.get("hours_from") or today
        week = weekly_hours.week_on(rows, first)
        workflow.change(form.instance, week, first, None, today=today, seen=hours.digest([]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new practitioner may get an account; the way to its password is said."""
        # A form may be sent with fields that its page does not draw.
        may = not change and request.user.is_superuser
        user = new_account.make(form.cleaned_data, obj.name) if may else None
        if user is not None:
            obj.user = user
            self.log_addition(request, user, "Made with its practitioner.")
            words = 'The account “{}” is made. Nobody can sign in with it before you <a href="{}">set its password</a>.'
            url = reverse("admin:auth_user_password_change", args=[user.pk])
            messages.warning(request, format_html(words, user.get_username(), url))
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Practitioner, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Whoever has no hours yet is given them next."""
        if obj.working_hours.exists() or {"_addanother", "_continue"} & request.POST.keys():
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"{obj} is added. Without hours clients are offered no time with them.")
        first = cast(date | None, TypedDay().clean(request.POST.get("hours_from", "")))
        asked = f"?from={first:%Y-%m-%d}" if first else ""
        return redirect(f"{reverse('admin:hours', args=[obj.pk])}{asked}")

    @admin.display(description="Hours")
    def their_hours(self, obj: Practitioner) -> SafeString:
        """Their week in words, with the way to the grid."""
        weeks = summary([hours.worked(row) for row in obj.working_hours.all()], _today())
        lines = ((f"{days}: " if days else "", week or "no hours") for days, week in weeks)
        words = format_html_join(mark_safe("<br>"), "{}{}", lines)
        return format_html(
            '<div class="readonly">{}<br><a href="{}">Change the hours</a></div>',
            words or "No hours yet: clients are offered no time with them.",
            reverse("admin:hours", args=[obj.pk]),
        )

    @admin.display(description="Works on")
    def hours(self, obj: Practitioner) -> str:
        rows, today = [hours.worked(row) for row in obj.working_hours.all()], _today()
        found = (one for one in weekly_hours.periods(rows, today) if one.week != weekly_hours.NONE)
        first = next(found, None)
        if first is None:
            return "No hours yet"
        days = " ".join(when.WEEKDAYS[day][:3] for day in range(7) if first.week[day])
        return days if first.first == today else f"From {day_words(first.first)}: {days}"


def _today() -> date:
    return when.local_day(timezone.now(), clinic_zone())
