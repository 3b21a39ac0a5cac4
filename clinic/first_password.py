"""The made-up password of a trial: kept in a file that git ignores, so that a later run can show it again."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model


def path() -> Path:
    """Where the file is."""
    return Path(settings.BASE_DIR) / "var" / "first-password.txt"


def read() -> tuple[str, str] | None:
    """Return user name and password, if there is a file and its password still opens the account."""
    try:
        username, password = path().read_text().split("\n")[:2]
    except (FileNotFoundError, ValueError):
        return None
    user = get_user_model()._default_manager.filter(username=username, is_active=True).first()
    return (username, password) if user and user.check_password(password) else None
