"""Tries docs/upgrade.md: the version before goes on while this one migrates, on its tables, and after this one has written.

DATABASE_URL=postgresql://... python -m scripts.try_upgrade COMMIT [--port 8200]

COMMIT is the version before. Databases of its own are made on that server, and dropped; two ports from `--port` on are used.
Fails at the first page that ends with 500 or more, and at the first command that fails. Needs git, and pg_dump on the path.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from scripts.write_env import fresh_keys

ROOT = Path(__file__).resolve().parent.parent
NAME, PASSWORD = "dee", "a-long-trial-password"
PATIENCE = 60  # seconds until a site answers
PUBLIC = (
    "/",
    "/treatments/",
    "/guide/",
    "/search/?q=scars",
    "/consultations/request/",
    "/faqs/",
    "/costs/",
    "/readyz",
)
DESK = ("/admin/", "/admin/bookings/consultationrequest/", "/admin/bookings/message/", "/admin/content/page/")
TABLES = (
    "bookings_consultationrequest",
    "bookings_event",
    "bookings_message",
    "bookings_appointment",
    "content_page",
)


class Version:
    """The code in one folder, on one database."""

    def __init__(self, folder: Path, environment: dict[str, str], port: int) -> None:
        self.folder, self.port = folder, port
        self.log = Path(environment["MEDIA_ROOT"]).with_name(f"site-{port}.log")
        self.environment = environment | {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}

    def manage(self, *command: str, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.folder,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.folder.name}: {' '.join(command)} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[Visitor]:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)
        try:
            visitor = Visitor(self.port)
            visitor.wait()
            yield visitor
        except BaseException:
            print("\n".join(self.log.read_text().splitlines()[-30:]), file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait()


class Visitor:
    """A browser without a screen. Counts what it was answered, and fails at an error of the site's."""

    def __init__(self, port: int) -> None:
        self.home = f"http://127.0.0.1:{port}"
        self.seen: Counter[int] = Counter()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.get("/healthz")
                return
            except OSError:  # not there yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def get(self, path: str, **form: str) -> str:
        """The page at `path`, or what comes of a form that is sent there."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(self.home + path, data) as answer:
                status, text = int(answer.status), str(answer.read().decode())
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        self.seen[status] += 1
        if status >= 500:
            raise SystemExit(f"{self.home}{path} answered {status}")
        return text

    def sign_in(self, name: str, password: str) -> None:
        [mark] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/admin/login/"))[:1]
        told = self.get(
            "/admin/login/?next=/admin/", username=name, password=password, csrfmiddlewaretoken=mark
        )
        assert "password" not in told.lower() or "Log out" in told or "Sign out" in told, "not signed in"

    def look_around(self) -> None:
        for path in PUBLIC + DESK:
            self.get(path)
        rows = set(re.findall(r"/admin/bookings/consultationrequest/\d+/change/", self.get(DESK[1])))
        assert rows, "the worklist shows nobody"
        for row in sorted(rows)[:15]:
            self.get(row)


@contextmanager
def a_database(server: str, name: str) -> Iterator[str]:
    told = psycopg2.connect(server)
    told.autocommit = True
    told.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    told.cursor().execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        told.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
        told.close()


def rows(url: str) -> dict[str, int]:
    asked = psycopg2.connect(url)
    cursor = asked.cursor()
    found = {}
    for table in TABLES:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found[table] = int(cursor.fetchone()[0])
    asked.close()
    return found


@contextmanager
def traffic(visitor: Visitor) -> Iterator[None]:
    """Somebody who looks around without a pause until the end of the block. What they meet is raised there."""
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            visitor.look_around()

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield
        finally:
            done.set()
        looking.result()


def try_it(before: Version, after: Version, database: str) -> None:
    with before.serving() as old:
        old.sign_in(NAME, PASSWORD)
        with traffic(old):
            answered, begun = old.seen.total(), time.monotonic()
            after.manage("migrate", "--verbosity", "0")
            took, meanwhile = time.monotonic() - begun, old.seen.total() - answered
            before.manage("demo", "--requests", "20", "--seed", "2")
            before.manage("worker", "--once")
        print(
            f"2. migrate took {took:.0f} s; the version before answered {meanwhile} pages meanwhile: {dict(old.seen)}"
        )
        print(
            f"   On the new tables it made 20 requests more by its verbs, and its worker looked: {rows(database)}"
        )

        with after.serving() as new:
            new.sign_in(NAME, PASSWORD)
            new.look_around()
            after.manage("demo", "--requests", "20", "--seed", "3")
            after.manage("worker", "--once")
            print(f"3. This version, beside it: {dict(new.seen)}; 20 requests more: {rows(database)}")
        old.look_around()
        before.manage("worker", "--once")
        print(f"4. Gone back, the code alone: {dict(old.seen)}; nothing lost: {rows(database)}")


def restore(after: Version, server: str, backup: str) -> dict[str, int]:
    """How many rows the backup of the version before has, once this version has restored it and shown it."""
    with a_database(server, "try_upgrade_restored") as empty:
        restored = Version(after.folder, after.environment | {"DATABASE_URL": empty}, after.port)
        restored.manage("restore", backup)
        with restored.serving() as again:
            again.sign_in(NAME, PASSWORD)
            again.look_around()
            print(
                f"5. The backup of the version before, restored by this one: {dict(again.seen)}; {rows(empty)}"
            )
        return rows(empty)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Tries an upgrade from COMMIT to the code here, and the way back."
    )
    parser.add_argument("commit")
    parser.add_argument("--port", type=int, default=8200)
    asked = parser.parse_args()
    server = os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory() as made, a_database(server, "try_upgrade") as database:
        folder = Path(made)
        (folder / "before").mkdir()
        archive = subprocess.run(
            ["git", "archive", asked.commit], cwd=ROOT, check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", str(folder / "before")], input=archive, check=True)
        environment = fresh_keys() | {
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "DATABASE_URL": database,
            "MEDIA_ROOT": str(folder / "media"),
            "UNDO_MINUTES": "0",
        }
        before = Version(folder / "before", environment, asked.port)
        after = Version(ROOT, environment, asked.port + 1)
        before.manage("migrate", "--verbosity", "0")
        before.manage("demo", "--requests", "40")
        before.manage("firstuser", FIRST_USER=NAME, FIRST_PASSWORD=PASSWORD)
        at_first = rows(database)
        print(f"1. The version before, with rows: {at_first}")
        backup = after.manage("backup", str(folder / "backups")).split(":")[0]
        try_it(before, after, database)
        assert all(rows(database)[table] >= number for table, number in at_first.items()), "rows are lost"
        assert restore(after, server, backup) == at_first


if __name__ == "__main__":
    main()
