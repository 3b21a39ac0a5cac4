"""How much of a trace goes into the log."""

from __future__ import annotations

# Of the frames leading there: our own and the last few of others, and of these the end.
TRACE_FRAMES, TRACE_END_FRAMES = 12, 4
# Exceptions of one chain.
TRACE_CHAIN = 5
