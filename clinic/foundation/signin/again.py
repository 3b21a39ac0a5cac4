"""Asking somebody who is signed in for their password once more, before what an open screen alone should not allow.

    @recently_signed_in
    def export(request): ...

On a method: `method_decorator(recently_signed_in)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from clinic.foundation import limits
from clinic.foundation.forms import button
from clinic.foundation.signin import steps, unsent
from clinic.foundation.signin.forms import OwnPasswordForm, answer_closed

# Asked for, a page is shown again; a form that was sent goes on.
_FOR = f"{unsent.QUESTION}for"

View = Callable[..., HttpResponseBase]


def recently_signed_in(view: View) -> View:
    """Let nobody into `view` who signed in more than limits.sign_in.RECENT ago: ask first, then go on as if nothing was.

    A form that was sent comes through as it was, with nothing to type or press again, but for passwords and files, which
    no page of ours carries: then the view shows its form with everything else in it. Put it beneath what asks for rights
    (`admin_view`): only somebody who is signed in can be asked.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        if steps.is_recent(request, now):
            return view(request, *args, **kwargs)
        is_answer = request.method == "POST" and _FOR in request.POST
        form = AgainForm(request, request.POST if is_answer else None)
        if not is_answer or not form.is_valid():
            return _page(request, form)
        steps.note_shown(request, now)
        if request.POST[_FOR] == "form":
            return view(request, *args, **kwargs)
        return redirect(request.get_full_path())

    return wrapper


class AgainForm(OwnPasswordForm):
    """The password of whoever is signed in, and a code, if the account has a second step."""

    whole = "id_again-password"

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(request, data, prefix=unsent.QUESTION.rstrip("-"))
        self.ask_for_code()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.attrs |= {"action": self.request.get_full_path()}
        return helper

    def layout(self) -> list[Any]:
        waiting = HTML("{% include 'admin/again_carried.html' %}")
        return [waiting, *self.asked(), Div(button("Go on", css_class="btn primary"), css_class="btns")]


def _page(request: HttpRequest, form: AgainForm) -> HttpResponse:
    """401: the question, with what was sent behind it."""
    is_form = request.method == "POST" and request.POST.get(_FOR) != "page"
    fields, left_out = unsent.parts(request) if is_form else ({}, [])
    context = {
        **admin.site.each_context(request),
        "title": "Is it still you?",
        "form": form,
        "waits": "form" if is_form else "page",
        "carried": [(name, value) for name, values in fields.items() for value in values],
        "left_out": left_out,
        "minutes": limits.sign_in.RECENT.seconds // 60,
    }
    request.current_app = admin.site.name
    return answer_closed(TemplateResponse(request, "admin/again.html", context, status=401), form.closed)
