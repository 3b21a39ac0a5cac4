"""The site's addresses, and before them those of the floors, which the real site does not have."""

from __future__ import annotations

from django.urls import path

from benchmarks import floors
from clinic.urls import handler400, handler403, handler404, handler500
from clinic.urls import urlpatterns as of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("floor/const/", floors.const),
    path("floor/page/", floors.page),
    path("floor/row/", floors.row),
    path("floor/item/<int:number>/", floors.const, name="floor_item"),
    *of_the_site,
]
