"""Exports of requests and visits, for managers: noted in the audit, with what and how many, before the first byte."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from crispy_forms.layout import Div
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from bookings import limits
from bookings.desk_site import EXPORT, clinic_of
from bookings.fields import Day
from bookings.models import Appointment, ConsultationRequest
from bookings.queries.exports import Export, Holds, What
from clinic.foundation import audit, tables, when
from clinic.foundation.forms import CrispyForm, button, radios
from clinic.foundation.signin.again import recently_signed_in

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OF = {What.REQUESTS: ConsultationRequest, What.VISITS: Appointment}


class ExportForm(CrispyForm):
    """What, about whom, of which days, as what kind of file."""

    what = radios(
        "What",
        required="Choose requests or visits",
        choices=[
            (What.REQUESTS.value, "Requests, by the day they arrived"),
            (What.VISITS.value, "Visits that are or were booked, by their day"),
        ],
    )
    holds = radios(
        "For what",
        required="Choose what the file is for",
        hint="One file says either who somebody is or what they came for. No file holds a health answer, a note or a flag.",
        choices=[
            (Holds.FIGURES.value, "For figures: what they came for and why it ended, without names"),
            (Holds.PEOPLE.value, "To reach people: names, e-mail addresses and phone numbers"),
        ],
    )
    since = Day(label="From", help_text="Empty: from the first.")
    to = Day(label="To", help_text="This day counts. Empty: to the last.")
    kind = radios(
        "File",
        required="Choose a kind of file",
        choices=[("xlsx", "Excel (XLSX)"), ("csv", "Text (CSV), of any size")],
    )

    def layout(self) -> list[Any]:
        days = Div("since", "to", css_class="bar records-bar")
        return [
            "what",
            "holds",
            days,
            "kind",
            Div(button("Export", css_class="btn primary"), css_class="btns"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, to = data.get("since"), data.get("to")
        if since and to and to < since:
            self.add_error("to", ValidationError("This day is before the first", code="order"))
        return data


def page(request: HttpRequest, site: admin.AdminSite) -> HttpResponseBase:
    """The form; a POST is answered with the file. Whoever signed in a while ago is asked for their password first."""
    if not cast(User, request.user).has_perm(EXPORT):
        raise PermissionDenied
    return _page(request, site)


@recently_signed_in
def _page(request: HttpRequest, site: admin.AdminSite) -> HttpResponseBase:
    form = ExportForm(
        request.POST or None, initial=_last_month(when.local_day(timezone.now(), clinic_of(request).zone))
    )
    if request.method == "POST" and form.is_valid():
        answer = _file(request, form)
        if answer is not None:
            return answer
    context = site.each_context(request) | {
        "title": "Exports",
        "form": form,
        "opts": ConsultationRequest._meta,
    }
    return render(request, "admin/bookings/exports.html", context)


def _last_month(today: date) -> dict[str, Any]:
    last = today.replace(day=1) - timedelta(days=1)
    return {"what": "requests", "holds": "figures", "kind": "xlsx", "since": last.replace(day=1), "to": last}


def _file(request: HttpRequest, form: ExportForm) -> HttpResponseBase | None:
    """The file that a valid form asks for; None, with an error in the form, if it would be empty or too large."""
    data, zone, now = form.cleaned_data, clinic_of(request).zone, timezone.now()
    export = Export(
        What(data["what"]),
        Holds(data["holds"]),
        when.day_bounds(data["since"], zone)[0] if data["since"] else None,
        when.day_bounds(data["to"], zone)[1] if data["to"] else None,
    )
    rows, newest = export.measured()
    if data["kind"] == "xlsx" and rows > limits.exports.XLSX_ROWS:
        too_many = (
            f"These are {rows:,} rows, and an Excel file is made of {limits.exports.XLSX_ROWS:,} at most. "
        )
        form.add_error("kind", ValidationError(f"{too_many}Choose fewer days, or CSV.", code="too_many"))
        return None
    if not rows:
        form.add_error(None, ValidationError("There is nothing of these days to export.", code="empty"))
        return None
    facts: dict[str, str | int] = {"rows": rows, "holds": data["holds"], "format": data["kind"]}
    facts |= {name: f"{data[name]:%Y-%m-%d}" for name in ("since", "to") if data[name]}
    audit.seen(cast(User, request.user), "export", _OF[export.what], now, **facts)
    last = data["to"] or when.local_day(now, zone)
    days = f"{data['since']:%Y-%m-%d}-to-{last:%Y-%m-%d}" if data["since"] else f"until-{last:%Y-%m-%d}"
    name = f"{export.what}-{export.holds}-{days}.{data['kind']}"
    titles, lines = export.titles(zone), export.rows(newest)
    if data["kind"] == "xlsx":
        return FileResponse(
            tables.as_xlsx(titles, lines, zone), as_attachment=True, filename=name, content_type=_XLSX
        )
    return StreamingHttpResponse(
        tables.as_csv(titles, lines, zone),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
