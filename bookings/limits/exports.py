"""How much one export holds, and how much of it is in memory."""

from __future__ import annotations

# Read from the database, and in memory, at a time.
BATCH_ROWS = 500
# A workbook is made whole before its first byte: this many rows take a quarter of the minute that the proxy waits. CSV has
# no such limit.
XLSX_ROWS = 50_000
