"""The start page: where everybody lands who signs in, with what wants them now. page.py, and its parts beside it."""

from __future__ import annotations

from typing import cast

from django.contrib import admin

from bookings.admin.start import page
from bookings.desk_site import DeskSite

cast(DeskSite, admin.site).start_with(page.page)
