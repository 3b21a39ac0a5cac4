"""Writes .env with keys of its own, if there is none. Never changes one that is there. Needs nothing but Python.

python scripts/write_env.py                                    writes .env for a trial, and makes var/ for the database file
python scripts/write_env.py --production www.example.org       writes .env for a server, with every setting that there is
python scripts/write_env.py --production www.example.org FILE  the same into FILE, which ENV_FILE then names
python scripts/write_env.py --key                              prints one new key for FIELD_KEYS
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HEAD = (
    "# Made by scripts/write_env.py. Keep it out of git and in your backups: without FIELD_KEYS the health\n"
    "# answers in the database cannot be read."
)


def field_key() -> str:
    """Return a Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")


def fresh_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": field_key(),
        "LINK_KEY": secrets.token_urlsafe(48),
    }


def for_a_trial() -> str:
    keys = "".join(f"{name}={value}\n" for name, value in fresh_keys().items())
    return f"{_HEAD} .env.example lists everything else that can be set here.\n{keys}"


def for_production(host: str, example: str) -> str:
    """The lines of .env.example with what a server at `host` needs filled in. The others stay as comments."""
    filled = fresh_keys() | {
        "MODE": "production",
        "ALLOWED_HOSTS": host,
        "SITE_URL": f"https://{host}",
        "PROXY_HOPS": "1",
        "PROXY_SERVES_PICTURES": "true",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "false",
        "SECURE_HSTS_PRELOAD": "false",
        # They ask for the two above, which nobody but the owner of the whole domain can say.
        "SILENCED_SYSTEM_CHECKS": "security.W005,security.W021",
        "DATABASE_APP_ROLE": "clinic_site",
        "BACKUPS": "/var/backups/clinic",  # as in deploy/systemd/clinic-backup.service
        # Nobody here knows these. Left empty, the first and the third stop the start, and `check` names the others.
        "DATABASE_URL": "",
        "EMAIL_HOST": "",
        "DEFAULT_FROM_EMAIL": "",
        "OPERATOR_EMAIL": "",
    }

    def line(found: re.Match[str]) -> str:
        return f"{found[1]}={filled[found[1]]}" if found[1] in filled else found[0]

    settings = example[example.index("# MODE=") :]
    return (
        f"{_HEAD}\n# Fill in DATABASE_URL, EMAIL_HOST (with its user and password), DEFAULT_FROM_EMAIL and OPERATOR_EMAIL.\n"
        "# What begins with # has a default, which the README names.\n\n"
        + re.sub(r"(?m)^# ([A-Z_]+)=.*$", line, settings)
    )


def write(path: Path, text: str) -> bool:
    """Write `text` to `path`, readable by its owner only; return False and leave it alone if it exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes .env with keys of its own, if there is none.")
    parser.add_argument("--key", action="store_true", help="print one new key for FIELD_KEYS, write nothing")
    parser.add_argument("--production", metavar="HOST", help="write every setting, for a server of that name")
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / ".env", help="instead of .env")
    asked = parser.parse_args()
    if asked.key:
        print(field_key())
    elif asked.production:
        text = for_production(asked.production, (ROOT / ".env.example").read_text())
        if not write(asked.file, text):
            parser.exit(1, f"{asked.file} is there already, and was left as it is.\n")
        print(f"Wrote {asked.file} with new keys. Fill in what is empty in it.")
    else:
        (ROOT / "var").mkdir(exist_ok=True)
        if write(asked.file, for_a_trial()):
            print(f"Wrote {asked.file.name} with new keys.")


if __name__ == "__main__":
    main()
