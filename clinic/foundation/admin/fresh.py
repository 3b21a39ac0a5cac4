"""The last save wins nowhere: FreshAdmin refuses to save over what somebody else has saved since the form was opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.text import capfirst

from clinic.foundation import press, when
from clinic.foundation.admin.confirmed import ConfirmedAdmin
from clinic.foundation.admin.fields import CleanWords


class FreshAdmin(CleanWords, ConfirmedAdmin):
    """Two people at one form: the second save is refused with an explanation, and loses nothing that was typed.

    The form carries a keyed digest of the row and its inline rows as they were when it was opened. A list is also named for
    what it lists ("Practitioners"), not "Select practitioner to change".
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. If sent twice from the same page, it is saved once, and both answers are the same."""
        key = press.of(request, request.user) if request.method == "POST" else ""
        first = press.done(key)
        if first is None:
            try:
                response = super().changeform_view(request, object_id, form_url, extra_context)
            except press.Twice:
                first = press.done(key)
            else:
                # Refused, because another press of the same page was first?
                first = press.done(key) if response.status_code == 200 else None
                if first is None:
                    return response
        row = self.get_object(request, first.result) if first else None
        if row is None:
            return self.tell_gone(request, first.result if first else "")
        return self.response_change(request, row) if object_id else self.response_add(request, row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not press.keep_first(press.of(request, request.user), timezone.now(), str(form.instance.pk)):
            raise press.Twice

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or obj.pk is None or not change or request.method != "POST":
            return form
        now = self.as_stored(obj, lock=True)
        stale = not constant_time_compare(request.POST.get("seen", ""), now)

        class Fresh(form):  # type: ignore[valid-type, misc]  # Django makes the class
            def clean(self) -> dict[str, Any] | None:
                """Raise a validation error when somebody else has saved since the form was opened."""
                cleaned: dict[str, Any] | None = super().clean()
                if stale:
                    self.add_error(None, ValidationError(_saved_by(obj), code="stale"))
                return cleaned

        return Fresh

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What the form shows (or, after a refusal, what the person has been told of) is what it may replace."""
        obj = kwargs.get("obj")
        context["seen"] = self.as_stored(obj) if obj is not None and obj.pk else ""
        return super().render_change_form(request, context, *args, **kwargs)


def _saved_by(obj: models.Model) -> str:
    """Who saved it last and when, if the admin knows."""
    kind = ContentType.objects.get_for_model(obj)
    last = LogEntry.objects.filter(content_type=kind, object_id=str(obj.pk)).select_related("user").first()
    who = (
        f" ({last.user.get_full_name() or last.user.get_username()}, {when.ago(last.action_time, timezone.now())})"
        if last
        else ""
    )
    return (
        f"Somebody changed this while you were editing{who}. Nothing of yours is saved yet, and what you typed is still "
        "here. Open this page in another tab to see what it says now. Saving again replaces it with what stands here."
    )
