"""The day sheet: who comes, to whom, where they are and what they need (page.py), in words (sheet.py); closing time
(closing.py)."""

from __future__ import annotations

from bookings.admin.day import closing, page

__all__ = ["closing", "page"]
