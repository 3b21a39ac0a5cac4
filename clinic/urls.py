"""Every address of the site: the content's, the client's, the desk's, and those that machines ask for."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, register_converter

from clinic import health, metrics
from clinic.foundation.mailed_links import Rest

# Before the routes that use it are read.
register_converter(Rest, "rest")

urlpatterns = [
    path("consultations/", include("bookings.client.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", health.robots, name="robots"),
    path(".well-known/security.txt", health.security, name="security"),
    # Last: a duty page's slug is the whole path, so it would catch every address of one word.
    path("", include("content.urls")),
]

handler400 = "clinic.errors.bad_request"
handler403 = "clinic.errors.forbidden"
handler404 = "clinic.errors.not_found"
handler500 = "clinic.errors.server_error"
