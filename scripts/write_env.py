"""Writes .env with keys of its own, if there is none. Never changes one that is there. Needs nothing but Python.

python scripts/write_env.py          writes .env, and makes var/ for the database file
python scripts/write_env.py --key    prints one new key for FIELD_KEYS
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def field_key() -> str:
    """Return a Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")


def write(path: Path) -> bool:
    """Write fresh keys to `path`, readable by its owner only; return False and leave it alone if it exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(
            "# Made by scripts/write_env.py. Keep it out of git and in your backups: without FIELD_KEYS the health\n"
            "# answers in the database cannot be read. .env.example lists everything else that can be set here.\n"
            f"SECRET_KEY={secrets.token_urlsafe(64)}\n"
            f"FIELD_KEYS={field_key()}\n"
            f"LINK_KEY={secrets.token_urlsafe(48)}\n"
        )
    return True


if __name__ == "__main__":
    if sys.argv[1:] == ["--key"]:
        print(field_key())
    else:
        (ROOT / "var").mkdir(exist_ok=True)
        if write(ROOT / ".env"):
            print("Wrote .env with new keys.")
