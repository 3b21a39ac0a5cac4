"""The public pages. The slugs of duty pages sit at the root, so theirs is the last pattern of this list."""

from __future__ import annotations

from django.urls import path

from content.views import pages, shared

app_name = "content"
urlpatterns = [
    path("", pages.home, name="home"),
    # /concerns/, /concerns/<slug>/
    path("concerns/", pages.concerns, name="concerns"),
    path("concerns/<slug:slug>/", pages.concern, name="concern"),
    # /treatments/, /treatments/<slug>/
    path("treatments/", pages.treatments, name="treatments"),
    path("treatments/<slug:slug>/", pages.treatment, name="treatment"),
    path("articles/<slug:slug>/", pages.article, name="article"),
    path("consultations/", pages.consultations, name="consultations"),
    path("preview/<str:token>/", shared.shared_preview, name="shared_preview"),
    # /privacy/, /urgent-help/, /under-18s/
    path("<slug:slug>/", pages.duty, name="duty"),
]
