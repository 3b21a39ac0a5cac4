"""FIELD_KEYS can be changed while the site goes on. Values that no key opens are named, not lost or overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection, models
from pytest_django import Settings

from bookings.models import (
    Answers,
    ClientSession,
    ConsultationRequest,
    Draft,
    Message,
    Note,
    Plan,
    PlanLine,
    PlanQuestion,
    SupportNeeds,
    VisitQuestion,
)
from clinic.foundation import limits, rotation
from clinic.foundation.crypto import Sealed, Unreadable, opened
from clinic.foundation.models import Factor
from tests.factories import CLIENT, NOW, staff, submitted

rows = pytest.mark.django_db
processes = pytest.mark.django_db(transaction=True)
NEW = Fernet.generate_key().decode()


def output_of(*command: str) -> tuple[int, str, str]:
    """What a command ended with, what it said, and what it complained about."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*command, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def a_note(body: str = "rang") -> Note:
    consultation = submitted(answers={"concerns": ["rolling"], "anything_else": "since June"})
    return Note.objects.create(
        request=consultation, kind="internal", body=body, author_label=CLIENT.label, at=NOW
    )


def stored(row: models.Model, field: str) -> str:
    """What the column holds."""
    value = rotation._stored(type(row), field).values_list("stored", flat=True).get(pk=row.pk)
    return str(value)


# --- the order --------------------------------------------------------------------------------------------------------


@rows
def test_after_the_rotation_the_old_key_opens_nothing_and_is_not_missed(settings: Settings) -> None:
    old = settings.FIELD_KEYS[0]
    a_note()
    settings.FIELD_KEYS = [NEW, old]
    assert output_of("rotatekeys", "--check")[0] == 1
    end, out, err = output_of("rotatekeys")
    assert (end, err) == (0, "")
    assert "Values written under the first key: 2. Under it before: 0." in out
    end, out, err = output_of("rotatekeys", "--check")
    assert (end, err) == (0, "")
    assert "under the first key of FIELD_KEYS: 2" in out and "under key 2 of FIELD_KEYS: 0" in out
    settings.FIELD_KEYS = [NEW]
    assert Answers.objects.get().data["anything_else"] == "since June"
    assert Note.objects.get().body == "rang"
    settings.FIELD_KEYS = [old]
    with pytest.raises(Unreadable):
        _ = Note.objects.get().body


@rows
def test_the_check_finds_what_still_needs_the_old_key(settings: Settings) -> None:
    old = settings.FIELD_KEYS[0]
    first = a_note()
    settings.FIELD_KEYS = [NEW, old]
    Note.objects.create(request=first.request, kind="internal", body="new", author_label="Dee", at=NOW)
    end, out, err = output_of("rotatekeys", "--check")
    assert end == 1
    assert "under the first key of FIELD_KEYS: 1" in out and "under key 2 of FIELD_KEYS: 2" in out
    assert "Need a key behind the first: 2" in err


@rows
def test_begun_again_it_does_what_is_left(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    old = settings.FIELD_KEYS[0]
    monkeypatch.setattr(limits.rows, "ROTATION_ROWS", 2)
    note = a_note()
    for number in range(6):
        Note.objects.create(request=note.request, kind="internal", body=str(number), author_label="D", at=NOW)
    settings.FIELD_KEYS = [NEW, old]
    swap, calls = rotation._swap, []

    def pulled_plug(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return swap(*args)

    monkeypatch.setattr(rotation, "_swap", pulled_plug)
    with pytest.raises(KeyboardInterrupt):
        rotation.rewrite(str)
    monkeypatch.setattr(rotation, "_swap", swap)
    came_to = rotation.rewrite(str)
    assert came_to.already > 0 and came_to.rewritten > 0
    assert came_to.already + came_to.rewritten == 8
    assert rotation.count(str).by_key == {0: 8}


@rows
def test_what_the_site_writes_meanwhile_is_never_overwritten(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dee's edit comes between the reading of a batch and its writing."""
    old, note = settings.FIELD_KEYS[0], a_note("before")
    settings.FIELD_KEYS = [NEW, old]
    swap = rotation._swap

    def after_dee(*args: Any) -> Any:
        Note.objects.filter(pk=note.pk).update(body="Dee wrote this")
        return swap(*args)

    monkeypatch.setattr(rotation, "_swap", after_dee)
    rotation.rewrite(str)
    assert Note.objects.get(pk=note.pk).body == "Dee wrote this"


@processes
def test_a_row_that_somebody_holds_is_not_waited_for(settings: Settings) -> None:
    """Otherwise two who hold rows could wait for each other. SQLite knows no lock of one row."""
    old, note = settings.FIELD_KEYS[0], a_note()
    settings.FIELD_KEYS = [NEW, old]
    held = connection.vendor == "postgresql"
    dee = connection.copy()
    try:
        if held:
            dee.set_autocommit(False)
            dee.cursor().execute("SELECT 1 FROM bookings_note WHERE id = %s FOR UPDATE", [note.pk])
        end, out, err = output_of("rotatekeys")
        assert (end, "still under an older key: 1" in err) == ((1, True) if held else (0, False))
    finally:
        dee.close()
    assert output_of("rotatekeys")[0] == 0
    assert output_of("rotatekeys", "--check")[0] == 0


def a_plan(cleo: ConsultationRequest) -> Plan:
    """A plan with a line, and a rule that it goes past."""
    plan = Plan.objects.create(
        request=cleo, number=1, outcome="suits", words={}, although="thinking", currency="GBP", visit_on=NOW.date(),
        valid_until=NOW.date(), think_days=7, author_label="Ana Lind", created_at=NOW,
    )  # fmt: skip
    counts = dict.fromkeys(
        ("sessions_from", "sessions_to", "price_from", "price_to", "times_from", "times_to"), 1
    )
    PlanLine.objects.create(plan=plan, position=1, words={"name": "Punch"}, **counts)
    return plan


def test_every_encrypted_field_of_every_model_is_found_by_itself() -> None:
    found = {(model, field) for model, field in rotation.columns()}
    assert {
        (Answers, "data"),
        (Note, "body"),
        (Draft, "data"),
        (ClientSession, "typed"),
        (Message, "body"),
        (SupportNeeds, "data"),
        (VisitQuestion, "body"),
        (VisitQuestion, "reply"),
        (Factor, "key"),
    } <= found


@rows
def test_every_kind_of_value_is_rewritten(settings: Settings) -> None:
    """Whatever field the models get: a value under the old key in each column is under the new one afterwards."""
    old, note = settings.FIELD_KEYS[0], a_note()
    Message.objects.filter(pk=note.request.messages.earliest("pk").pk).update(body="the mail")
    Draft.objects.create(owner="x", data={"name": "Cleo"}, started_at=NOW, expires_at=NOW)
    link = note.request.links.create(seed=b"1", created_at=NOW, expires_at=NOW)
    ClientSession.objects.create(
        request=note.request, link=link, key="k", opened_at=NOW, last_seen_at=NOW, ends_at=NOW, typed={"a": 1}
    )
    SupportNeeds.objects.create(request=note.request, data={"support": ["interpreter"]})
    VisitQuestion.objects.create(request=note.request, body="Does it hurt?", reply="A little.", asked_at=NOW)
    plan = a_plan(note.request)
    PlanQuestion.objects.create(plan=plan, body="And mine?", reply="A little.", asked_at=NOW, due_at=NOW)
    Factor.objects.create(user=staff(), key="JBSWY3DP", since=NOW)
    columns = len(list(rotation.columns()))
    settings.FIELD_KEYS = [NEW, old]
    assert rotation.rewrite(str).rewritten == columns
    settings.FIELD_KEYS = [NEW]
    assert rotation.count(str).by_key == {0: columns}
    assert Factor.objects.get().key == "JBSWY3DP"
    assert ClientSession.objects.get().typed == {"a": 1}


# --- what cannot be opened --------------------------------------------------------------------------------------------


@rows
@pytest.mark.parametrize("command", [("rotatekeys",), ("rotatekeys", "--check")])
def test_a_value_under_a_lost_key_is_named_and_left_and_the_rest_is_done(
    settings: Settings, command: tuple[str, ...]
) -> None:
    old, lost = settings.FIELD_KEYS[0], a_note("under a lost key")
    before = "not even a token"
    Note.objects.filter(pk=lost.pk).update(body=Sealed(before))
    settings.FIELD_KEYS = [NEW, old]
    end, out, err = output_of(*command)
    assert end == 1
    assert f"Opens with none of FIELD_KEYS: bookings.note {lost.pk}, body" in err
    assert "Open with none of FIELD_KEYS, and left as they are: 1." in err
    assert "lost key" not in out + err and before not in out + err
    assert stored(lost, "body") == before
    if len(command) == 1:
        assert "Values written under the first key: 1." in out


@rows
def test_the_row_of_a_sealed_value_loads_saves_and_keeps_it(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    old, note = settings.FIELD_KEYS[0], a_note("keep me")
    before = stored(note, "body")
    settings.FIELD_KEYS = [NEW]
    row = Note.objects.get(pk=note.pk)
    row.author_label = "Dee Hart"
    row.save()
    assert stored(note, "body") == before
    with pytest.raises(Unreadable):
        _ = row.body
    assert opened(row, "body") is None
    assert f"bookings.note {note.pk}: its body opens with none of FIELD_KEYS" in caplog.text
    assert "keep me" not in caplog.text and before not in caplog.text
    settings.FIELD_KEYS = [old]
    assert (Note.objects.get().body, Note.objects.get().author_label) == ("keep me", "Dee Hart")


@rows
def test_a_sealed_value_can_be_deferred_and_replaced(settings: Settings) -> None:
    note = a_note()
    settings.FIELD_KEYS = [NEW]
    row = Note.objects.defer("body").get(pk=note.pk)
    with pytest.raises(Unreadable):
        _ = row.body
    row.body = "new words"
    row.save()
    assert Note.objects.get().body == "new words"


@rows
def test_a_probe_is_told_whether_the_keys_open_the_newest_rows(settings: Settings) -> None:
    assert rotation.newest_open() == "none"
    a_note()
    assert rotation.newest_open() == "ok"
    settings.FIELD_KEYS = [NEW]
    assert rotation.newest_open() == "unreadable"


# --- the dance --------------------------------------------------------------------------------------------------------

# One process of the site or of the worker: it writes a note or reads all of them, as it is told.
_PROCESS = """
import sys
from bookings.models import Note
from clinic.foundation.crypto import opened
from django.utils import timezone
for line in sys.stdin:
    word, _, text = line.rstrip().partition(" ")
    if word == "write":
        Note.objects.create(request_id=REQUEST, kind="internal", body=text, author_label="Dee", at=timezone.now())
        print("written", flush=True)
    elif word == "touch":
        note = Note.objects.order_by("pk").last()
        note.author_label = text
        note.save()
        print("touched", flush=True)
    else:
        print(" ".join(str(opened(note, "body")) for note in Note.objects.order_by("pk")), flush=True)
"""


class Running:
    """A process of `manage.py` with these FIELD_KEYS, over the same database."""

    def __init__(self, url: str, request_id: int, *keys: str) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": url,
            "FIELD_KEYS": ",".join(keys),
        }
        code = _PROCESS.replace("REQUEST", str(request_id))
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=project.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@contextmanager
def running(url: str, request_id: int, *keys: tuple[str, ...]) -> Iterator[list[Running]]:
    started = [Running(url, request_id, *some) for some in keys]
    try:
        yield started
    finally:
        for one in started:
            one.process.kill()
            one.process.communicate()


@processes
def test_the_whole_dance_with_two_processes_at_each_step(settings: Settings, database_url: str) -> None:
    """At every restart one process is a step ahead of the other. Neither ever meets a value that it cannot open."""
    old, consultation = settings.FIELD_KEYS[0], submitted()
    with running(database_url, consultation.pk, (old,), (old, NEW), (NEW, old)) as (
        at_first,
        added,
        in_front,
    ):
        words = []
        for site, worker in ((at_first, added), (added, in_front)):
            for one, text in ((site, "from-site"), (worker, "from-worker")):
                assert one(f"write {text}") == "written"
                words.append(text)
            assert site("read").split() == worker("read").split() == words
        # The wrong order: a process that has the old key alone meets the new one. Nothing is lost, whatever it saves.
        assert at_first("read").split() == [*words[:-1], "None"]
        assert at_first("touch Bo") == "touched"
        settings.FIELD_KEYS = [NEW, old]
        assert output_of("rotatekeys", "--check")[0] == 1
        assert output_of("rotatekeys")[0] == 0
        assert in_front("write after") == "written"
        assert output_of("rotatekeys", "--check")[0] == 0
        words.append("after")
        settings.FIELD_KEYS = [NEW]  # the old one is out here, and not yet there
        assert in_front("read").split() == [note.body for note in Note.objects.order_by("pk")] == words
        # With one restart left out it would have been too early.
        assert added("write late") == "written"
        settings.FIELD_KEYS = [NEW, old]
        assert output_of("rotatekeys", "--check")[0] == 1
