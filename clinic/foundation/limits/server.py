"""When `manage.py doctor` finds something wrong with the machine, and how often it says so by mail."""

from __future__ import annotations

from datetime import timedelta

# Less than this free, and the database soon cannot write.
DISK_LEAST_BYTES = 1_000_000_000
DISK_LEAST_SHARE = 0.05
# A backup is made every night; an older newest one means that one was not.
BACKUP_OLD = timedelta(hours=27)
# Sign-ins as old as this still say whether PROXY_HOPS counts every proxy.
SIGN_INS_LOOKED_AT = timedelta(days=30)
# Failures of one day are counted up to this many, as much as the column takes.
FAILURES_COUNTED = 2**31 - 1
# The same trouble is mailed to the operator once in this time.
TROUBLE_MAILED_AGAIN = timedelta(hours=24)
