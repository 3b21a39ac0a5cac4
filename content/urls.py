"""The public pages. The slugs of duty pages sit at the root, so theirs is the last pattern of this list."""

from __future__ import annotations

from django.urls import path

from content.views import compare, guide, leaflets, lists, machines, pages, pictures, search, shared

app_name = "content"
urlpatterns = [
    path("", pages.home, name="home"),
    # /concerns/, /concerns/<slug>/, /concerns/<slug>/leaflet/
    path("concerns/", pages.concerns, name="concerns"),
    path("concerns/<slug:slug>/", pages.concern, name="concern"),
    path("concerns/<slug:slug>/leaflet/", leaflets.concern, name="concern_leaflet"),
    # /treatments/, /treatments/compare/, /treatments/<slug>/, /treatments/<slug>/leaflet/
    path("treatments/", lists.treatments, name="treatments"),
    path("treatments/compare/", compare.compare, name="compare"),
    path("treatments/<slug:slug>/", pages.treatment, name="treatment"),
    path("treatments/<slug:slug>/leaflet/", leaflets.treatment, name="treatment_leaflet"),
    # /articles/, /articles/feed/, /articles/<slug>/
    path("articles/", lists.articles, name="articles"),
    path("articles/feed/", machines.feed, name="feed"),
    path("articles/<slug:slug>/", pages.article, name="article"),
    path("faqs/", lists.faqs, name="faqs"),
    path("costs/", lists.costs, name="costs"),
    path("team/", lists.team, name="team"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("consultations/", pages.consultations, name="consultations"),
    path("search/", search.search, name="search"),
    # /pictures/<folder>/<width>.webp
    path("pictures/<slug:folder>/<int:width>.webp", pictures.picture, name="picture"),
    path("guide/", guide.guide, name="guide"),
    path("preview/<rest:token>", shared.shared_preview, name="shared_preview"),
    # /privacy/, /urgent-help/, /under-18s/
    path("<slug:slug>/", pages.duty, name="duty"),
]
