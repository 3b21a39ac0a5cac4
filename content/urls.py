"""The public pages. The slugs of duty pages sit at the root, so theirs is the last pattern of this list."""

from __future__ import annotations

from django.urls import path

from content import views

app_name = "content"
urlpatterns = [
    path("", views.home, name="home"),
    # /concerns/, /concerns/<slug>/
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/<slug:slug>/", views.concern, name="concern"),
    # /treatments/, /treatments/<slug>/
    path("treatments/", views.treatments, name="treatments"),
    path("treatments/<slug:slug>/", views.treatment, name="treatment"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("faqs/", views.faqs, name="faqs"),
    path("consultations/", views.consultations, name="consultations"),
    # /privacy/, /urgent-help/, /under-18s/
    path("<slug:slug>/", views.duty, name="duty"),
]
