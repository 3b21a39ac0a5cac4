"""How many rows are handled at a time."""

from __future__ import annotations

# Of one table in a form. Django would draw two thousand for anyone who says so: seven seconds of work.
FORM_ROWS = 300
# That one transaction of `rotatekeys` changes, and that are in memory at a time: the largest value is a mail of some 20 KB.
ROTATION_ROWS = 200
# Of the rows that were written last, this many are looked at for one that holds a value.
ROTATION_NEWEST_ROWS = 5
