"""What the editors' own pages of the admin share: who may open them, whose zone they are in, how they answer."""

from __future__ import annotations

from typing import Any, cast

from csp.constants import SELF
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.foundation.generic import ModelAdmin

# Of pages, and of what is due. Other kinds have rights of their own to view and to change: content.admin.options.
VIEW, CHANGE = "content.view_page", "content.change_page"
# Of everything that has drafts.
PUBLISH, REVIEW = "content.publish_page", "content.review_page"


def user_of(request: HttpRequest) -> User:
    """The person who is signed in. Django's admin_view lets nobody else come this far."""
    return cast(User, request.user)


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise PermissionDenied unless the person holds one of `permissions`. Being staff alone opens nothing."""
    if not any(user_of(request).has_perm(permission) for permission in permissions):
        raise PermissionDenied


def shown(
    admin: ModelAdmin, request: HttpRequest, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    """A page of the desk."""
    frame = admin.admin_site.each_context(request)
    return render(request, template, {**frame, "opts": admin.opts, "title": title, **context})


def may_frame_ourselves(response: HttpResponse) -> HttpResponse:
    """This page alone may hold a frame, and only with a page of ours in it."""
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # what django-csp's decorator sets
    return response
