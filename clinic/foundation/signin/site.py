"""The pages of the admin that ask for a password: 429 when the guard is closed, a cookie for known browsers, and
what was typed into a form that came without a sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Any, cast

from csp.constants import SELF
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from clinic.foundation.signin import known, steps, unsent
from clinic.foundation.signin.forms import OldPasswordForm, SignInForm, answer_closed
from clinic.foundation.signin.unsent import Unsent

_SOMEBODY_ELSES = (
    "Somebody else had typed something here before you signed in. "
    "You were not shown it, and nothing of it was saved."
)
_GONE = (
    "What you had typed was not saved, and it could not be kept: the form had been open for too long, or keys of this site "
    "were changed meanwhile."
)


class _SignInView(LoginView):
    """Django's, but for what happens once the password was right."""

    site: GuardedSite | None = None

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        assert self.site is not None
        return self.site.password_was_right(self.request, form.get_user())


class GuardedSite(admin.AdminSite):
    """An admin that limits sign-in and password changes, and where a sign-in that ran out costs nobody their words."""

    # The names of the pages between a stranger and the desk.
    signing_in = ["login"]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As Django's; but a form that comes without a sign-in is kept, and a page that only takes forms leads home."""
        inner = super().admin_view(view, cacheable)

        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            leaving = request.path == reverse("admin:logout")
            if request.method == "POST" and request.POST and not leaving and not self.has_permission(request):
                return self.signed_out(request)
            response = cast(HttpResponseBase, inner(request, *args, **kwargs))
            if response.status_code == 405 and request.method in ("GET", "HEAD"):
                # Where they were going when they had to sign in first.
                return redirect("admin:index")
            return response

        return update_wrapper(wrapper, inner)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's would sign somebody in as soon as the password is right; a second step may have to follow."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        request.current_app = self.name
        context = {
            **self._asking(request),
            "app_path": request.get_full_path(),
            "kept": request.POST.get(unsent.FIELD, ""),
            "lost": request.GET.get("lost") == "upload",
            REDIRECT_FIELD_NAME: onward(request),
            **(extra_context or {}),
        }
        view = _SignInView.as_view(
            site=self, extra_context=context, authentication_form=SignInForm, template_name="admin/login.html"
        )
        response = cast(HttpResponse, view(request))
        return answer_closed(response, _closed(response))

    def password_was_right(self, request: HttpRequest, user: User) -> HttpResponse:
        """What follows the password: another step, or the page where `user` was going."""
        return self.entered(request, user)

    def entered(self, request: HttpRequest, user: User) -> HttpResponse:
        """`user` has shown all that it takes: the browser becomes or stays known, and they are where they were going."""
        steps.enter(request, user, timezone.now())
        response = self.go_on(request)
        known.remember(request, response, user)
        return response

    def go_on(self, request: HttpRequest) -> HttpResponse:
        """What was typed before this sign-in, or else the page where they were going."""
        kept = request.POST.get(unsent.FIELD, "")
        return self._typed_before(request, kept) if kept else redirect(onward(request))

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
        response = cast(HttpResponse, view(request))
        if request.method == "POST" and response.status_code == 302:
            known.remember(request, response, cast(User, request.user))
        # Django's types say so, though success is answered with a redirect.
        return cast(TemplateResponse, answer_closed(response, _closed(response)))

    # --- a form without a sign-in -------------------------------------------------------------------------------------

    def signed_out(self, request: HttpRequest) -> HttpResponse:
        """401: the sign-in page, which carries what was typed, or says that it could not be kept."""
        if _asked_as(request, "empty"):
            return redirect("admin:login")  # editor.js, which shows no page that it is redirected to
        if _asked_as(request, "iframe"):
            return _in_a_frame(request)
        now = timezone.now()
        found = unsent.read(request, now)
        kept = unsent.seal(found, now) if found else ""
        told = {"kept": kept, "left_out": found.left_out if found else [], "signed_out": True}
        return self._sign_in_page(request, told, status=401)

    def csrf_failed(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a form whose token is from an earlier sign-in; None if it is not from a page of ours.

        Cookies were cleared, or somebody signed in again in another tab. What a stranger's page sends carries no mark of
        ours, so none of it is ever offered for sending.
        """
        signing_in = request.path in [reverse(f"admin:{name}") for name in self.signing_in]
        kept = request.POST.get(unsent.FIELD, "")
        if not self.has_permission(request):
            return self.sign_in_again(request, kept) if signing_in else self.signed_out(request)
        if signing_in:
            return self._typed_before(request, kept) if kept else redirect("admin:index")
        if _asked_as(request, "iframe"):
            return _in_a_frame(request)
        found = unsent.read(request, timezone.now())
        return self._shown(request, found, status=403) if found else None

    def sign_in_again(self, request: HttpRequest, kept: str) -> HttpResponse:
        """The sign-in page, from its beginning, with what it carried."""
        told = {"kept": kept, "stale": True, REDIRECT_FIELD_NAME: request.POST.get(REDIRECT_FIELD_NAME, "")}
        return self._sign_in_page(request, told, status=403)

    def _asking(self, request: HttpRequest) -> dict[str, Any]:
        """What every sign-in page says."""
        idle = settings.SESSION_COOKIE_AGE // 60
        return {**self.each_context(request), "title": "Sign in", "idle_minutes": idle}

    def _sign_in_page(self, request: HttpRequest, told: dict[str, Any], status: int) -> HttpResponse:
        request.current_app = self.name
        context = {
            **self._asking(request),
            "form": SignInForm(request, initial={"username": request.POST.get("username", "")[:150]}),
            "app_path": reverse("admin:login"),
            REDIRECT_FIELD_NAME: request.get_full_path(),
            **told,
        }
        return TemplateResponse(request, self.login_template or "admin/login.html", context, status=status)

    def _typed_before(self, request: HttpRequest, kept: str) -> HttpResponse:
        """What was typed before this sign-in. Call it once somebody is fully signed in."""
        found = unsent.opened(kept, timezone.now())
        if found is None:
            messages.warning(request, _GONE)
            return redirect("admin:index")
        return self._shown(request, found, status=200)

    def _shown(self, request: HttpRequest, found: Unsent, status: int) -> HttpResponse:
        """A page with all of it and a button that sends it, for the person who typed it and nobody else."""
        if found.who != cast(User, request.user).pk:
            messages.warning(request, _SOMEBODY_ELSES)
            return redirect("admin:index")
        lines = list(unsent.lines(found))
        context = {
            **self.each_context(request),
            "title": "What you had typed" if lines else "Press once more",
            "unsent": found,
            "place": unsent.place(found),
            "pressed": unsent.pressed(found),
            "texts": [line for line in lines if line.words],
            "others": [line for line in lines if not line.words],
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/unsent.html", context, status=status)


def _asked_as(request: HttpRequest, what: str) -> bool:
    """What the browser wants it for: "iframe" (the preview beside an editor's form), "empty" (a script), "document"."""
    return request.headers.get("Sec-Fetch-Dest") == what


def _in_a_frame(request: HttpRequest) -> HttpResponse:
    """401: not a place to sign in, or to lose the form around it."""
    response = TemplateResponse(request, "admin/signed_out_frame.html", status=401)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]  # what django-csp's decorator sets
    return response


def onward(request: HttpRequest) -> str:
    """Where somebody was going when they had to sign in: an address of this site, or the desk's first page."""
    to = request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, ""))
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe else reverse("admin:index")


def _closed(response: HttpResponse) -> datetime | None:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return getattr(form, "closed", None)
