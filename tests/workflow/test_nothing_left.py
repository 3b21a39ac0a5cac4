"""No byte of somebody who was erased stays in the files of SQLite, and only their owner may read those files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from bookings import clock
from bookings.models import ConsultationRequest, Draft
from bookings.states import Status
from bookings.workflow import contact, desk, erasure, visit_questions
from bookings.workflow.core import Actor, Origin
from clinic import checks
from clinic.foundation import sqlite
from clinic.foundation.sqlite import PrivateConnection
from tests.factories import CLIENT, CLOCK, NOW, in_state, staff

# PostgreSQL looks after its own files: docs/operations.md says what stays in them.
on_sqlite = pytest.mark.only("sqlite")
SECRETS = (b"anary", b"632960114", b"quinsy")


def bytes_left() -> dict[str, list[bytes]]:
    """Which words of SECRETS a thief would find in which file of the database."""
    path = str(connection.settings_dict["NAME"])
    files = [f"{path}{more}" for more in ("", "-wal", "-shm", "-journal")]
    found = {os.path.basename(file): Path(file).read_bytes() for file in files if os.path.exists(file)}
    return {
        name: words for name, data in found.items() if (words := [word for word in SECRETS if word in data])
    }


def canary(status: Status) -> ConsultationRequest:
    cleo = in_state(
        status,
        name="Cleopatra Canary",
        email="canary@example.org",
        phone="+441632960114",
        answers={"concerns": ["rolling"], "applies": ["isotretinoin"], "anything_else": "quinsy"},
    )
    if status == Status.CONFIRMED:
        cleo = contact.add_information(cleo, Origin(CLIENT, NOW), text="quinsy, again")
        cleo = visit_questions.choose_questions(cleo, Origin(CLIENT, NOW), questions=["quinsy?"])
        cleo = desk.note(cleo, Origin(Actor.staff(staff()), NOW), text="quinsy, said the desk")
    return cleo


def by_the_verb() -> None:
    erasure.erase(canary(Status.CONFIRMED), Origin(CLOCK, NOW))


def by_the_clock() -> None:
    canary(Status.DECLINED)
    clock.tick(NOW + timedelta(days=200))


def deleted_by_others_before_the_worker_comes_by() -> None:
    Draft.objects.create(owner="canary", data={}, started_at=NOW, expires_at=NOW)
    Draft.objects.all().delete()
    call_command("worker", "--once")


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "gone",
    [by_the_verb, by_the_clock, deleted_by_others_before_the_worker_comes_by],
    ids=lambda f: f.__name__,
)
def test_no_byte_of_them_is_left_in_any_file(gone: Callable[[], None]) -> None:
    Draft.objects.create(owner="canary", data={}, started_at=NOW, expires_at=NOW)
    assert bytes_left(), "the look itself must find what is there"
    Draft.objects.all().delete()
    gone()
    assert bytes_left() == {}


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_while_somebody_reads_it_is_put_off_and_nobody_waits() -> None:
    canary(Status.DECLINED)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM bookings_consultationrequest").fetchone()
        erasure.erase(ConsultationRequest.objects.get(), Origin(CLOCK, NOW))
        assert sqlite.truncate_log() is False
    assert sqlite.truncate_log() is True
    assert bytes_left() == {}


# --- who may open the files -------------------------------------------------------------------------------------------


def test_a_new_file_is_its_owners_alone_and_so_is_what_lies_beside_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        file = tmp_path / "clinic.sqlite3"
        with closing(sqlite3.connect(file, factory=PrivateConnection)) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE a (b)")
            made.commit()
            modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("clinic.sqlite3", "clinic.sqlite3-wal", "clinic.sqlite3-shm"), "0o600")


@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory"])
def test_what_is_no_file_makes_none(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect(name, factory=PrivateConnection, uri=name.startswith("file:"))):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_by_sqlite(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(tmp_path / "away" / "clinic.sqlite3", factory=PrivateConnection)


@on_sqlite
def test_the_sites_own_connections_are_such() -> None:
    assert connection.settings_dict["OPTIONS"]["factory"] is PrivateConnection


@pytest.mark.parametrize("more", ["", "-wal"])
def test_the_check_names_a_file_that_others_can_open(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    database = tmp_path / "clinic.sqlite3"
    monkeypatch.setitem(
        settings.DATABASES, "default", {"ENGINE": "django.db.backends.sqlite3", "NAME": database}
    )
    settings.ENV_FILE = str(tmp_path / "env")
    settings.BASE_DIR = tmp_path
    for path in (database, Path(f"{database}-wal"), tmp_path / "env"):
        path.touch(0o600)
    assert checks.private_files(None) == []
    wide = Path(f"{database}{more}")
    wide.chmod(0o640)
    (tmp_path / "env").chmod(0o604)
    assert {problem.hint for problem in checks.private_files(None)} == {
        f"chmod 600 {wide}",
        f"chmod 600 {tmp_path / 'env'}",
    }


def test_the_check_leaves_a_server_in_peace(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clinic").touch(0o644)  # not the database, though it has the same name
    monkeypatch.setitem(
        settings.DATABASES, "default", {"ENGINE": "django.db.backends.postgresql", "NAME": "clinic"}
    )
    settings.ENV_FILE = os.devnull
    settings.BASE_DIR = tmp_path
    assert checks.private_files(None) == []
