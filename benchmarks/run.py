"""`make bench`: runs every benchmark, or those named, on a database in memory; prints a table and writes it as JSON.

By hand: `python -m benchmarks.run search`. Times depend on the machine and on what else it does; ratios much less.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from benchmarks.row import Row

HERE = Path(__file__).parent
RESULT = HERE.parent / "var" / "benchmarks.json"
NO_BENCHMARKS = {"__init__", "row", "run"}


def main(names: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    django.setup()
    call_command("migrate", verbosity=0)
    found: dict[str, list[Row]] = {}
    for name in names or sorted({path.stem for path in HERE.glob("*.py")} - NO_BENCHMARKS):
        # Only now: a benchmark imports models, which need the settings above.
        found[name] = import_module(f"benchmarks.{name}").measure()
        for row in found[name]:
            print(f"{name:10} {row.what:58} {row.value:10.2f} {row.unit}")
    RESULT.parent.mkdir(exist_ok=True)
    rows = {name: [row._asdict() for row in found[name]] for name in found}
    RESULT.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(f"Written to {RESULT.relative_to(HERE.parent)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
