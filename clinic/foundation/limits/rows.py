"""How many rows are handled at a time."""

from __future__ import annotations

# In one table of a form. Django would draw two thousand for anyone who asks: seven seconds of work.
FORM_ROWS = 300
# Changed by one transaction of `rotatekeys`, and in memory at a time: the largest value is a mail of some 20 KB.
ROTATION_ROWS = 200
# This many of the latest rows are searched for one that holds a value.
ROTATION_NEWEST_ROWS = 5
# Drawings of a field that a process keeps (clinic/foundation/outlines.py): the site has less than a hundred, some 5 KB each.
OUTLINES = 500
