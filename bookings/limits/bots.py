"""What is too quick for a person."""

from __future__ import annotations

# Nobody reads and answers all pages in less. Anyone who does is asked to look and send once more, and told so.
HUMAN_SECONDS = 8
# A second look takes a person at least this long; a program that only repeats itself takes less than the other.
LOOK_SECONDS = 3
REPEAT_SECONDS = 1
