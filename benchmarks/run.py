"""`make bench`: measures every subject, or those named, on PostgreSQL; prints a table and writes it as JSON.

By hand, for whoever tunes: `python -m benchmarks.run times public`. Options: `--rounds 15` (more is steadier), `--full`
(with a million requests; `make bench FULL=1`). Times depend on the machine and on what else it does; ratios much less.

The exit code says whether everything could be measured. A row under its goal is a fact to read, not a failure: on a busy
machine it would come and go. docs/performance.md keeps the last table.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import django

from benchmarks import SUBJECTS, server
from benchmarks.place import Place
from benchmarks.rows import Row, table

RESULT = Path(__file__).parent / "latest.json"
ROUNDS = 9
log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    rows: list[Row] = []
    failed: list[str] = []
    with ExitStack() as stack:
        os.environ["DATABASE_URL"] = postgresql = stack.enter_context(server.running())
        django.setup()
        place = Place(postgresql, stack, rounds=given.rounds, full=given.full)
        for name in given.subjects or SUBJECTS:
            try:
                # Only now: a subject imports models, which need the settings above.
                found: list[Row] = import_module(f"benchmarks.{name}").measure(place)
            except Exception:  # the others are measured all the same, and the exit code tells
                log.exception("%s could not be measured", name)
                failed.append(name)
                continue
            print(table(found, head=not rows), flush=True)
            rows += found
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": _machine(),
    }
    RESULT.write_text(json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")
    print(
        f"\n{about['at']}, commit {about['commit']}, {about['machine']}. Written to benchmarks/{RESULT.name}."
    )
    if failed:
        print(f"Could not be measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument(
        "subjects", nargs="*", choices=[*SUBJECTS, []], metavar="SUBJECT", help=", ".join(SUBJECTS)
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"how often everything is measured ({ROUNDS})"
    )
    parser.add_argument("--full", action="store_true", help="also with a million requests: an hour or more")
    return parser


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=server.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def _machine() -> str:
    """Cores, and how many programs wanted them during the last minutes: at more than there are cores, expect a spread."""
    return f"{os.cpu_count()} cores with a load of {os.getloadavg()[1]:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
