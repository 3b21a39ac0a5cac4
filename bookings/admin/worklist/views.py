"""A person's own views of the worklist: "Keep this view" on the list, and a page to rename and delete them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from bookings import limits
from bookings.admin.worklist import address
from bookings.admin.worklist.option import Around
from bookings.fields import Name
from bookings.models import ConsultationRequest, SavedView
from bookings.workflow import saved_views
from bookings.workflow.errors import Refused
from clinic.foundation.forms import CrispyForm
from clinic.foundation.responses import SeeOther
from clinic.foundation.text import id_in

_LIST = "admin:bookings_consultationrequest_changelist"
VIEWS = "admin:bookings_consultationrequest_views"


class NameForm(CrispyForm):
    """What a view is called."""

    name = Name(
        label="Name of this view",
        required=True,
        limit=limits.texts.VIEW_NAME_CHARACTERS,
        error_messages={"required": "Give the view a name."},
    )


def remember(request: HttpRequest, here: Around) -> HttpResponse | NameForm:
    """Keep what the list shows under a name. A form with what is wrong, or the answer that leads to the view."""
    form = NameForm(request.POST)
    asked = address.read(QueryDict(request.POST.get("query", "")[:2000]), here)
    query = asked.query()
    if len(query) > limits.texts.VIEW_QUERY_CHARACTERS:
        form.add_error("name", "This narrows the list by too much to be kept. Remove something first.")
    if form.is_valid():
        try:
            saved_views.remember(here.reader.pk, form.cleaned_data["name"], query)
        except Refused as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, f"Kept as “{form.cleaned_data['name']}”. It stands beside the list.")
            return SeeOther(f"{reverse(_LIST)}?{query}")
    return form


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """One's own views, to rename and delete."""
    user = cast(User, request.user)
    form, key = None, id_in(request.POST.get("view", ""))
    if request.method == "POST":
        form = NameForm(request.POST)
        if _done(request, user, key, form):
            return SeeOther(reverse(VIEWS))
    rows = [_row(view, form if view.pk == key else None) for view in SavedView.objects.filter(user=user)]
    context = site.each_context(request) | {
        "title": "Your views",
        "rows": rows,
        "opts": ConsultationRequest._meta,
        "list_url": reverse(_LIST),
        "most": limits.lists.VIEWS_A_PERSON,
    }
    return render(request, "admin/bookings/consultationrequest/views.html", context)


def _done(request: HttpRequest, user: User, key: int, form: NameForm) -> bool:
    """Do what the button says. False if the form says what is wrong."""
    if request.POST.get("do") == "delete":
        saved_views.forget(user.pk, key)
        messages.success(request, "The view is deleted. No request has changed.")
        return True
    if form.is_valid():
        try:
            saved_views.rename(user.pk, key, form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", refused.message)
            return False
        messages.success(request, "Renamed.")
        return True
    return False


def _row(view: SavedView, form: NameForm | None) -> dict[str, Any]:
    typed = form["name"].value() if form else view.name
    errors = [str(error) for error in form.errors.get("name", [])] if form else []
    return {"view": view, "typed": typed, "errors": errors}
