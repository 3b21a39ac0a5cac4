"""How long somebody or something waits."""

from __future__ import annotations

from datetime import timedelta

# How long to wait for a row that somebody else holds. Readers give up on a page that takes longer than a statement may.
LOCK_WAIT = timedelta(seconds=8)
# A migration that waits for a table stops every page that wants the same table behind it, so it gives up sooner.
MIGRATION_LOCK_WAIT = timedelta(seconds=3)
STATEMENT_TIME = timedelta(seconds=30)
# A writer waits for readers when SQLite's log is emptied. Waiting longer would keep every other writer waiting too.
SQLITE_LOG_WAIT_SECONDS = 0.2
# When a page says that the site is briefly unavailable, a program is told to try again after this long.
RETRY_SECONDS = 30
# `manage.py serve` gives its processes this long to end.
STOP_SECONDS = 15
# security.txt says that it is valid for this long.
SECURITY_TXT_DAYS = 90
