"""The project's settings under test: fixed keys, fast hashing, no file of this machine read."""

from __future__ import annotations

import os

os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests-only-for-tests-123")
os.environ.setdefault("FIELD_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("LINK_KEY", "only-for-tests-link-key-only-for-tests-link-key-0123")
# Mails go at once, and nothing can be taken back, but where a test says otherwise.
os.environ.setdefault("UNDO_MINUTES", "0")

from clinic.settings import *  # noqa: F403  (the environment must be set first; this is Django's way to extend)
from clinic.settings import BASE_DIR, DATABASES, EMAIL_TIMEOUT

# A mail server that hangs on purpose does so for as long as its test wants.
EMAIL_TIMEOUT = int(os.environ.get("EMAIL_TIMEOUT", EMAIL_TIMEOUT))

# Tests let hours pass between two pages; those about the end of an idle session set it.
SESSION_COOKIE_AGE = 12 * 60 * 60
if (
    "init_command" in DATABASES["default"]["OPTIONS"]
):  # SQLite; PostgreSQL's server is told by scripts/test.py
    # No file of a test has to outlive a power cut. Who waits for whom is the same, only shorter.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    # Six processes that race write one after the other, on a machine that may be busy with six more.
    DATABASES["default"]["OPTIONS"]["timeout"] = 300
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No test finds, serves or sweeps away the pictures of whoever works here.
MEDIA_ROOT = BASE_DIR / "var" / "test-media"
# Every test client starts the middleware anew, and would read all static files each time; so they are found when asked for.
WHITENOISE_AUTOREFRESH = True
