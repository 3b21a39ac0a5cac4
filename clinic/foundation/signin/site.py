"""The pages of the admin that ask for a password: 429 when the guard is closed, and a cookie for browsers that are known."""

from __future__ import annotations

from math import ceil
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from clinic.foundation.signin import known
from clinic.foundation.signin.forms import OldPasswordForm, SignInForm


class GuardedSite(admin.AdminSite):
    """An admin whose sign-in and change of password are limited."""

    login_form = SignInForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return _answer(request, super().login(request, extra_context))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """As Django's, with our form: Django's site cannot be given another."""
        request.current_app = self.name
        view = PasswordChangeView.as_view(
            form_class=OldPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        # Django's types say so, though what worked is answered with a redirect.
        return cast(TemplateResponse, _answer(request, cast(HttpResponse, view(request))))


def _answer(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect after POST means that the password was right: the browser is known from now on, or still."""
    if request.method == "POST" and response.status_code == 302:
        known.remember(request, response, cast(User, request.user))
    form = (getattr(response, "context_data", None) or {}).get("form")
    closed = getattr(form, "closed", None)
    if closed is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(ceil((closed - timezone.now()).total_seconds()))
    return response
