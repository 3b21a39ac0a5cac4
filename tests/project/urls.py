"""One address for every kind of answer, so that the project's shell can be tested without the two apps."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from clinic import health
from clinic.foundation.responses import FileOfProxy


def page(request: HttpRequest, word: str = "") -> HttpResponse:
    """Reads what a view would read."""
    sent = [*request.GET.values(), *request.POST.values(), *request.COOKIES.values()]
    return HttpResponse(f"{word} {len(sent)}")


def picture(request: HttpRequest, path: str) -> HttpResponse:
    return FileOfProxy(f"pictures/{path}", content_type="image/webp", kept="public, max-age=86400")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(
        "cleo@example.org asked for /consultations/open/SecretToken0123456789SecretToken0123/?q=1"
    )


def no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection was closed")


def away(request: HttpRequest) -> HttpResponse:
    return redirect("/page/")


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("yours")
    response.set_cookie("client", "x")
    return response


urlpatterns = [
    path("page/", page),
    path("page/<str:word>/", page),
    path("pictures/<path:path>", picture),
    path("refuse/", refuse),
    path("fail/", fail),
    path("no-database/", no_database),
    path("away/", away),
    path("with-cookie/", with_cookie),
    path("consultations/mine/", page),
    path("consultations/request/fail/", fail),
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("robots.txt", health.robots),
    path(".well-known/security.txt", health.security),
]

handler400 = "clinic.errors.bad_request"
handler403 = "clinic.errors.forbidden"
handler404 = "clinic.errors.not_found"
handler500 = "clinic.errors.server_error"
