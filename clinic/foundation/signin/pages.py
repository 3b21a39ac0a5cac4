"""The pages of the second step: the code at the sign-in, a telephone set up, recovery codes, and one's own account."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from clinic.foundation import crypto, limits, when
from clinic.foundation.models import SignIn
from clinic.foundation.signin import factor, guard, known, new_key, steps, totp, trusted, unsent
from clinic.foundation.signin.forms import (
    AccountForm,
    CodeForm,
    FirstCodeForm,
    RecoveryForm,
    answer_closed,
    current_zone,
    try_code,
)
from clinic.foundation.signin.site import GuardedSite, onward
from clinic.foundation.signin.steps import Key


class SteppedSite(GuardedSite):
    """An admin where a code follows the password: for whoever has set it up, and for whoever must."""

    # Whoever has one of these rights must set up a second step before anything else (settings.SECOND_FACTOR).
    second_step_for = ["auth.add_user", "auth.change_user", "auth.add_group", "auth.change_group"]
    signing_in = ["login", "sign_in_code", "second_factor"]
    # What the telephone's app calls this place.
    clinic_name = "The desk"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            path("login/code/", self.outside(self.sign_in_code), name="sign_in_code"),
            path("second-factor/", self.outside(self.second_factor), name="second_factor"),
            path("recovery-codes/", self.admin_view(self.recovery_codes), name="recovery_codes"),
            path("account/", self.admin_view(self.account), name="account"),
            *super().get_urls(),
        ]

    def outside(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """A page that somebody who is half signed in may open."""
        return view

    def must_have_one(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """Whether this account opens nothing without a second step."""
        return settings.SECOND_FACTOR and any(
            cast(User, user).has_perm(right) for right in self.second_step_for
        )

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, whose session went by the second step that the account has; and one that must have it, has it."""
        if not super().has_permission(request) or not steps.is_done(request, request.user):
            return False
        if steps.is_too_long(request, timezone.now()):
            return False
        return factor.of(request.user) is not None or not self.must_have_one(request.user)

    # --- signing in ---------------------------------------------------------------------------------------------------

    def password_was_right(self, request: HttpRequest, user: User) -> HttpResponse:
        now = timezone.now()
        has_one = factor.of(user) is not None
        if trusted.is_trusted(request, user, now) if has_one else not self.must_have_one(user):
            return self.entered(request, user)
        steps.begin(request, user, now)
        if request.POST.get(
            unsent.FIELD
        ):  # too long for an address: the next page carries it as this one did
            return self._code_page(request, user) if has_one else self._set_up_page(request, user)
        name = "admin:sign_in_code" if has_one else "admin:second_factor"
        return redirect(f"{reverse(name)}?{urlencode({'next': onward(request)})}")

    def entered(self, request: HttpRequest, user: User) -> HttpResponse:
        before = user.last_login
        response = super().entered(request, user)
        self._tell_of_others(request, user, before)
        return response

    def sign_in_code(self, request: HttpRequest) -> HttpResponse:
        """The code from the telephone, or a recovery code, of whoever is half signed in."""
        user = steps.half(request, timezone.now())
        if user is None or factor.of(user) is None:
            return self._from_the_beginning(request)
        if request.method != "POST":
            return self._code_page(request, user)
        by_recovery = "recovery" in request.POST
        form = RecoveryForm(request.POST) if by_recovery else _code_form(request.POST)
        key = Key.RECOVERY if by_recovery else Key.TELEPHONE
        field = "recovery" if by_recovery else "token"
        if not form.is_valid() or try_code(form, field, request, user, (key,)) is None:
            return self._code_page(request, user, form)
        response = self.entered(request, user)
        if by_recovery:
            left = factor.codes_left(user)
            messages.warning(
                request, f"That recovery code is used up; {left} left. Is your telephone lost? {_NEW_ONE}"
            )
        elif form.cleaned_data["trust"]:
            trusted.trust(request, response, user, timezone.now())
        return response

    def _code_page(
        self, request: HttpRequest, user: User, form: CodeForm | RecoveryForm | None = None
    ) -> HttpResponse:
        by_recovery = isinstance(form, RecoveryForm)
        context = {
            "title": "The code from your app",
            "person": user,
            "form": form,
            "code_form": form if isinstance(form, CodeForm) else _code_form(None, first=not by_recovery),
            "recovery_form": form if by_recovery else RecoveryForm(None),
            "by_recovery": by_recovery,
        }
        return self._page(request, "admin/sign_in/code.html", context)

    def _from_the_beginning(self, request: HttpRequest) -> HttpResponse:
        """Nobody is half signed in any more, or they are signed in already."""
        if self.has_permission(request):
            return self.go_on(request) if request.method == "POST" else redirect("admin:account")
        if request.method == "POST":
            return self.sign_in_again(request, request.POST.get(unsent.FIELD, ""))
        return redirect(f"{reverse('admin:login')}?{urlencode({'next': onward(request)})}")

    def _tell_of_others(self, request: HttpRequest, user: User, since: datetime | None) -> None:
        """Tell somebody who may read the log what happened to the second step of others since they last signed in."""
        if since is None or not user.has_perm("foundation.view_signin"):
            return
        rows = SignIn.objects.filter(at__gt=since, outcome__in=_TOLD).exclude(who=user.get_username())
        for row in rows[:_SHOWN]:
            what = _TOLD[SignIn.Outcome(row.outcome)].format(row.who)
            at = when.moment(row.at, current_zone())
            messages.warning(request, f"{what}, {at}. If they do not know of it, act now.")
        if rows.count() > _SHOWN:
            messages.warning(request, "There is more of this kind in the log of sign-ins.")

    # --- setting it up ------------------------------------------------------------------------------------------------

    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """A new key as a picture and as text, and its first code. For whoever must, in the middle of the sign-in; for
        others, once their own account's page has asked for the password.
        """
        now, signed_in = timezone.now(), self.has_permission(request)
        user = cast(User, request.user) if signed_in else steps.half(request, now)
        if user is None or (not signed_in and factor.of(user) is not None):
            return self._from_the_beginning(request)
        key = new_key.of(request, user, now)
        if key is None and signed_in:
            return redirect("admin:account")
        if key is None or request.method != "POST":
            return self._set_up_page(request, user)
        form = FirstCodeForm(request.POST)
        step = (
            totp.step_of(key, totp.typed_code(form.cleaned_data["token"]), now) if form.is_valid() else None
        )
        if step is None:
            if not form.errors:
                form.add_error("token", _NOT_THIS_KEY)
            return self._set_up_page(request, user, form)
        codes = factor.set_up(user, key, step, now)
        guard.note(request, user, SignIn.Outcome.SET_UP, now)
        new_key.forget(request)
        if signed_in:
            steps.stamp(request, user, now)
            return self._codes_page(request, codes)
        before = user.last_login
        steps.enter(request, user, now)
        response = self._codes_page(request, codes)
        known.remember(request, response, user)
        self._tell_of_others(request, user, before)
        return response

    def _set_up_page(
        self, request: HttpRequest, user: User, form: FirstCodeForm | None = None
    ) -> HttpResponse:
        now = timezone.now()
        key = new_key.of(request, user, now) or new_key.begin(request, user, now)
        side, black = totp.picture(totp.address(key, user.get_username(), self.name_for_apps(request)))
        context = {
            "title": "Set up your second step",
            "person": user,
            "form": form or FirstCodeForm(None),
            "key": totp.in_fours(key),
            "side": side,
            "black": black,
            "has_one": factor.of(user) is not None,
        }
        return self._page(request, "admin/sign_in/set_up.html", context)

    def name_for_apps(self, request: HttpRequest) -> str:
        """What the telephone's app calls this place."""
        return self.clinic_name

    def recovery_codes(self, request: HttpRequest) -> HttpResponse:
        """What the page of new codes leads to: a file of them, or on. They are shown by nothing else."""
        codes = _unsealed(request.POST.get("sealed", ""), cast(User, request.user), timezone.now())
        if codes is None:
            return redirect("admin:account")
        if request.POST.get("get") == "txt":
            text = render_to_string("admin/sign_in/codes.txt", self._about(request, codes))
            return HttpResponse(
                text,
                content_type="text/plain; charset=utf-8",
                headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
            )
        return (
            self.go_on(request)
            if request.POST.get("kept_them")
            else self._codes_page(request, codes, missed=True)
        )

    def _codes_page(self, request: HttpRequest, codes: list[str], *, missed: bool = False) -> HttpResponse:
        """Shown once. The page carries them encrypted, for the file; they are nowhere else."""
        now = timezone.now()
        sealed = crypto.encrypt(json.dumps([cast(User, request.user).pk, int(now.timestamp()), codes]))
        context = self._about(request, codes) | {
            "title": "Keep your recovery codes",
            "sealed": sealed,
            "missed": missed,
        }
        return self._page(request, "admin/sign_in/codes.html", context)

    def _about(self, request: HttpRequest, codes: list[str]) -> dict[str, Any]:
        today = when.day_with_year(timezone.now(), current_zone())
        return {"codes": codes, "person": request.user, "place": self.name_for_apps(request), "today": today}

    # --- one's own account --------------------------------------------------------------------------------------------

    def account(self, request: HttpRequest) -> HttpResponse:
        """One's own sign-in: what is set up, and with the password, another telephone, other codes, or none."""
        user, now = cast(User, request.user), timezone.now()
        found, must = factor.of(user), self.must_have_one(user)
        may = ["telephone", *(["codes"] if found else []), *(["off"] if found and not must else [])]
        do = request.POST.get("do")
        form = AccountForm(request, request.POST if do in may else None)
        if form.is_bound and form.is_valid():
            return self._done(request, user, str(do), now)
        context = {
            "title": "Password and sign-in codes",
            "form": form,
            "found": found,
            "must": must,
            "may": may,
            "left": factor.codes_left(user) if found else 0,
            "few": limits.sign_in.FEW_RECOVERY_CODES,
        }
        return answer_closed(self._page(request, "admin/sign_in/account.html", context), form.closed)

    def _done(self, request: HttpRequest, user: User, do: str, now: datetime) -> HttpResponse:
        if do == "telephone":
            new_key.begin(request, user, now)
            return redirect("admin:second_factor")
        if do == "codes":
            guard.note(request, user, SignIn.Outcome.CODES, now)
            return self._codes_page(request, factor.new_codes(user))
        factor.remove(user)
        guard.note(request, user, SignIn.Outcome.OFF, now)
        steps.stamp(request, user, now)
        messages.success(request, "Your second step is off. Your password alone signs you in.")
        return redirect("admin:account")

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """A page of ours, which carries on where somebody was going and what they had typed."""
        request.current_app = self.name
        onwards = {"next": onward(request), "kept": request.POST.get(unsent.FIELD, "")}
        page = TemplateResponse(request, template, {**self.each_context(request), **onwards, **context})
        return answer_closed(page, getattr(context.get("form"), "closed", None))


_NEW_ONE = "Set up another one under “Password and codes”."
_NOT_THIS_KEY = (
    "That is not the code of this key. Scan the picture again, or wait for the next code. "
    "The telephone’s clock must be set by itself, not by hand."
)
_SHOWN = 3
# What others hear of somebody's second step.
_TOLD = {
    SignIn.Outcome.RESET: "The second step of {} was reset",
    SignIn.Outcome.RECOVERY: "A recovery code of {} was used",
}


def _code_form(data: Any, *, first: bool = True) -> CodeForm:
    return CodeForm(data, when.day(trusted.sunday(timezone.now()), current_zone()), first=first)


def _unsealed(sealed: str, user: User, now: datetime) -> list[str] | None:
    """The codes that a page of ours carried for this person; None if it is none, or was open for too long."""
    try:
        pk, at, codes = json.loads(crypto.decrypt(sealed))
    except (crypto.Unreadable, UnicodeEncodeError):
        return None
    fresh = now.timestamp() - at <= limits.sign_in.HALF_SIGN_IN.total_seconds()
    return list(codes) if pk == user.pk and fresh else None
