"""Closed days, and the booking rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from bookings.admin import public_holidays
from bookings.admin.hours import ClosureForm, ahead
from bookings.admin.kept import warn_about
from bookings.models import BookingRules, Closure
from bookings.queries import fee_texts
from bookings.queries.clinic import clinic
from clinic.foundation import when
from clinic.foundation.admin.fields import PLAIN, AddressField
from clinic.foundation.admin.fresh import FreshAdmin
from clinic.foundation.generic import ModelForm
from content.models import FAQ, Page

# What texts call one working day, in minutes of opening time: the rule as it is delivered.
_WORKING_DAY = BookingRules._meta.get_field("promise_minutes").get_default()


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


@admin.register(Closure)
class ClosureAdmin(FreshAdmin):
    form = ClosureForm
    actions = None
    formfield_overrides = PLAIN
    list_display = ("name", "first_day", "last_day")
    fields = ("name", "first_day", "last_day", "visits_stay")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.holidays_view)
        return [path("holidays/", view, name="bookings_closure_holidays"), *super().get_urls()]

    def holidays_view(self, request: HttpRequest) -> HttpResponse:
        return public_holidays.page(request, self.admin_site)

    def save_model(self, request: HttpRequest, obj: Closure, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        met = ahead(timezone.now()).filter(starts_at__date__range=(obj.first_day, obj.last_day))
        warn_about(request, list(met))
        if not change and self.has_delete_permission(request, obj):
            url = reverse("admin:bookings_closure_delete", args=[obj.pk])
            messages.info(request, format_html('Not meant? <a href="{}">Open these days again</a>.', url))


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
        ("The fee", {"fields": ("fee_in_writing",)}),
        (
            "The plan after a visit",
            {
                "fields": ("think_days", "plan_days"),
                "description": "What was sent keeps the days that it was sent with.",
            },
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
        if fee_texts.is_missing(clinic(timezone.now()), timezone.now()):
            messages.warning(request, fee_texts.MISSING)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
