"""Django's admin, with the desk as its site."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "bookings.desk_site.DeskSite"
