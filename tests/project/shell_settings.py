"""The project's shell alone, for processes that tests start: its own addresses, without the two apps."""

from __future__ import annotations

from tests import settings as full
from tests.settings import *  # noqa: F403  (this is Django's way to extend settings)

_APPS = {"content": None, "bookings": None, "clinic.desk.DeskConfig": "django.contrib.admin"}
INSTALLED_APPS = [app for name in full.INSTALLED_APPS if (app := _APPS.get(name, name))]
ROOT_URLCONF = "tests.project.urls"
# What belongs to one of them goes with it.
MIDDLEWARE = [name for name in full.MIDDLEWARE if not name.startswith(("content.", "bookings."))]
