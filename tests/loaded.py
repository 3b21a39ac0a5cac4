"""What every fork of tests/forks.py has at once: the site, loaded and connected to nothing."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

# The site must be set up before its modules can be imported.
from bookings.management.commands import worker  # noqa: E402  (see above)
from clinic import urls  # noqa: E402  (see above)
from tests import factories, forks  # noqa: E402  (see above)
from tests.races import jobs  # noqa: E402  (see above)

__all__ = ["factories", "forks", "jobs", "urls", "worker"]

forks.sweep_seldom()
