"""The day sheet: who comes today, to whom, where they are and what they need (page.py); its lines in words (sheet.py)."""

from __future__ import annotations

from bookings.admin.day import page

__all__ = ["page"]
