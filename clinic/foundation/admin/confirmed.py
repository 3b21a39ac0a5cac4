"""Nothing is lost by what others do meanwhile: a confirmation deletes what it showed and nothing else, and a form for a
row that is gone comes back with what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.foundation import press
from clinic.foundation.admin import deleted
from clinic.foundation.admin.lists import ListAdmin
from clinic.foundation.text import id_in


class ConfirmedAdmin(ListAdmin):
    """Deleting takes what its confirmation showed, and nothing else: if any of it has changed since, it is shown again.

    Anyone who sends a form for a row that is gone reads who deleted it, and gets back what they typed.
    """

    # Columns that change by themselves and are in no form.
    by_itself: tuple[str, ...] = ()

    def as_stored(self, obj: models.Model, *, lock: bool = False) -> str:
        """The digest of what the database holds now. `lock`: nobody else changes the row until this transaction ends."""
        row = type(obj)._base_manager.filter(pk=obj.pk)
        columns = [
            field.attname for field in obj._meta.concrete_fields if field.attname not in self.by_itself
        ]
        parts = [list((row.select_for_update() if lock else row).values_list(*columns))]
        for field in obj._meta.many_to_many:
            parts.append(sorted(other.pk for other in field.value_from_object(obj)))
        for inline in self.inlines:
            parent = _get_foreign_key(type(obj), inline.model, fk_name=inline.fk_name)
            rows = inline.model._base_manager.filter(**{parent.name: obj.pk})
            parts.append(list(rows.order_by("pk").values_list()))
        return _digest(parts)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Django calls this for a confirmation and on confirming. Unless both are the same, nothing is deleted."""
        rows, confirmed = list(objs), "post" in request.POST
        stored = [self.as_stored(row, lock=confirmed) for row in rows]
        found = self.what_goes(objs, request)
        shown = _digest([stored, found[0]])
        twice = confirmed and press.done(press.of(request, request.user))
        if confirmed and not rows:
            words, level = (
                ("Deleted.", messages.SUCCESS) if twice else ("They are gone already.", messages.WARNING)
            )
            self.message_user(request, words, level)
        elif confirmed and not constant_time_compare(request.POST.get("seen", ""), shown):
            if not twice:
                words = "Something here has changed since this page was opened, so nothing was deleted. Look again."
                self.message_user(request, words, messages.ERROR)
            request.POST = QueryDict()  # the press of the button, taken back
        request.shown_to_delete = shown  # type: ignore[attr-defined]  # for the templates of the confirmations
        return found

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """If confirmed twice from the same page, it is done once, and both answers are the same."""
        key = press.of(request, request.user)
        response = super().delete_view(request, object_id, extra_context)
        if response.status_code != 200 or press.done(key) is None:
            return response
        last = deleted.deletion(self.model, object_id)
        return self.response_delete(request, last.object_repr if last else "", id_in(object_id))

    def what_goes(self, objs: Any, request: HttpRequest) -> Any:
        """As Django's `get_deleted_objects`: the lines of the confirmation, and what prevents deletion."""
        return super().get_deleted_objects(objs, request)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Django calls this in the transaction that deletes."""
        press.keep(press.of(request, request.user), timezone.now())
        return super().log_deletions(request, queryset)

    def response_action(
        self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """In one transaction: what is looked at is what is deleted."""
        key = press.of(request, request.user)
        with transaction.atomic():
            response = super().response_action(request, queryset, *args, **kwargs)
        if response is not None and response.status_code == 200 and press.done(key):
            self.message_user(request, "Deleted.", messages.SUCCESS)
            return redirect(self._list())
        return response

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """The one place where Django handles a row that is gone: it leads to the index, and what was typed is lost."""
        # The history page calls this before it has checked any permission.
        may = self.has_change_permission(request) or self.has_delete_permission(request)
        if request.method != "POST" or not may:
            # The stubs leave out Django's private methods.
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        if "post" not in request.POST:
            return self.tell_gone(request, object_id)
        last = deleted.deletion(self.model, object_id)
        if last is not None and last.user_id == request.user.pk:  # pressed twice
            return self.response_delete(request, last.object_repr, id_in(object_id))
        by = deleted.deleted_by(self.model, object_id, timezone.now())
        self.message_user(request, f"This {opts.verbose_name} is gone already: {by}.", messages.WARNING)
        return redirect(self._list())

    def tell_gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The answer to a form for a row that somebody has deleted: who, and what was typed."""
        by = deleted.deleted_by(self.model, object_id, timezone.now())
        words = deleted.typed(self.forms_as_typed(request))
        name = str(self.opts.verbose_name)
        return deleted.page(request, self.admin_site, name=name, by=by, words=words, back=self._list())

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def forms_as_typed(self, request: HttpRequest) -> Iterator[tuple[str, forms.BaseForm]]:
        """The form as it was sent and the rows of its tables, none of them checked."""
        blank = self.model()
        yield "", self.get_form(request, blank, change=True)(request.POST, request.FILES, instance=blank)
        for made, inline in self.get_formsets_with_inlines(request, blank):
            prefix = made.get_default_prefix()
            formset = made(**self.get_formset_kwargs(request, blank, inline, prefix))
            for number, form in enumerate(formset.forms, start=1):
                if form.has_changed():
                    yield f"{inline.verbose_name_plural}, row {number}", form


def _digest(parts: list[Any]) -> str:
    # The salt is part of pages that are open, so it is not a module's name.
    return salted_hmac("clinic.foundation.plain", repr(parts), algorithm="sha256").hexdigest()
