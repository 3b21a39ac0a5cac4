"""How large an uploaded picture may be, and how long the work on it may take."""

from __future__ import annotations

PICTURE_BYTES = 10 * 1024 * 1024
PICTURE_PIXELS = 25_000_000
# In pixels: WebP allows no side above 16,383; a strip of screenshots is not a picture; less is a blur even on a phone.
PICTURE_LONGEST_SIDE = 8000
PICTURE_SHORTEST_SIDE = 200
# Processor time for one picture. The largest that we accept needs about a second of it.
PICTURE_PROCESSOR_SECONDS = 3
# On a machine that is busy with other things the same work takes longer by the clock.
PICTURE_WAIT_SECONDS = 30
