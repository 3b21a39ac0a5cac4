"""A backup is put back, step by step as docs/operations.md says: nobody is mailed twice, nothing revoked opens again."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bookings import links, machine_clock, mail_hold, outbox
from bookings.messages import send
from bookings.models import ClientSession, ConsultationRequest, Draft, MailHold, Message
from bookings.workflow import erasure
from bookings.workflow.core import Origin
from clinic import backups
from clinic.foundation.images import Rendition
from content.models import Picture
from content.pictures import uploads
from tests import factories as make
from tests import world
from tests.client import walk
from tests.factories import CLIENT, NOW
from tests.messages.examples import deliver
from tests.messages.sink import Sink
from tests.servers import postgresql_programs

HOUR = timedelta(hours=1)


def say(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=out)
    return out.getvalue()


@contextmanager
def empty(folder: Path, database_url: str) -> Iterator[None]:
    """Another database, on the same server or in `folder`, with nothing in it; Django is connected to it."""
    with world.fresh(database_url, folder, "restored") as url, world.connected_to(url):
        yield


def with_programs_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pg_dump and pg_restore be those of the version that the server has."""
    if connection.vendor == "postgresql":
        server: Any = connection
        programs = postgresql_programs(server.pg_version // 10000)
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


def a_picture(name: str) -> Picture:
    row = Picture(name=name, alt="Three chairs by a window.")
    uploads.fill(row, [Rendition(400, 300, b"RIFF a picture")], by="Ed", now=NOW)
    place = Path(project.MEDIA_ROOT) / "pictures" / row.folder
    os.utime(place, (NOW.timestamp() - 7200,) * 2)
    return row


def address(picture: Picture) -> str:
    return f"/pictures/{picture.folder}/400.webp"


def two_oclock(sink: Sink) -> tuple[ConsultationRequest, str, Client, Picture]:
    """What is there when the backup is made: a mail that is due at three, a link that opens, sessions, a picture."""
    consultation = make.in_state("confirmed")
    consultation.messages.all().delete()
    outbox.queue(consultation, "assessing", now=NOW, not_before=NOW + HOUR)
    outbox.queue(consultation, "assessing", now=NOW, not_before=NOW + 100 * HOUR)
    walk.signed_in(consultation)
    Draft.objects.create(owner="x", data={"name": "Bo"}, started_at=NOW, expires_at=NOW + HOUR)
    dee = Client()
    dee.force_login(make.staff("Dee Hart", *make.DEE, "bookings.send_again"))
    token = links.token(links.mint(consultation, now=NOW))
    return consultation, token, dee, a_picture("waiting-room")


@pytest.mark.django_db(transaction=True)
def test_the_drill(
    sink: Sink,
    settings: Settings,
    tmp_path: Path,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine_clock, "_server_time", timezone.now)  # the server's clock travels with ours
    settings.MEDIA_ROOT, kept = tmp_path / "media", tmp_path / "kept"
    with_programs_of_the_server(monkeypatch)
    with time_machine.travel(NOW, tick=False) as clock:
        consultation, token, dee, first = two_oclock(sink)
        assert "fingerprints" in say("backup", str(kept))
        [backup] = kept.iterdir()
        # Life goes on until nine: a mail goes out, the link is revoked, a picture comes and one goes, Cleo is erased.
        clock.shift(2 * HOUR)
        assert deliver(NOW + 2 * HOUR) == 1
        links.revoke_all(consultation, NOW + 2 * HOUR)
        second = a_picture("garden")
        uploads.remove(first)
        sent = sink.ids()
        caplog.set_level("INFO")
        erasure.erase(consultation, Origin(CLIENT, NOW + 2 * HOUR))
        assert f"Request {consultation.reference} was erased" in caplog.text
        with pytest.raises(CommandError, match="not empty"):
            say("restore", str(backup))

        clock.shift(5 * HOUR)
        before, settings.LINK_KEY = settings.LINK_KEY, "another key, as the page says" * 2
        with empty(tmp_path, database_url):
            told = say("restore", str(backup))
            assert "1 files of pictures came." in told
            assert "may have been sent already: 1." in told
            assert "This copy lived until 2026-11-30 09:00 UTC." in told

            say("worker", "--once")
            assert sink.ids() == sent, "somebody was mailed again"
            _nothing_opens(consultation, token, dee, settings, before)
            _pictures_are_there(Client(), first, second)
            _the_desk_says_so()
            _a_new_link_comes_and_opens(sink, consultation)
            # The log calls it by its reference.
            again = ConsultationRequest.objects.get(reference=consultation.reference)
            assert again.erased_at is None

            assert "1  Being looked at" in say("mail")
            say("mail", "--set-aside", "--release")
            say("worker", "--once")
            assert not set(sent) & set(sink.ids()[len(sent) :])
            assert [m.state for m in Message.objects.filter(kind="assessing").order_by("pk")] == [
                "withheld",
                "queued",
            ]


def _nothing_opens(
    consultation: ConsultationRequest, token: str, dee: Client, settings: Settings, old_key: str
) -> None:
    now = NOW + 7 * HOUR
    assert links.find(token, now) is None
    new_key, settings.LINK_KEY = settings.LINK_KEY, old_key
    assert links.find(token, now) is None, "it depends on the key alone"
    settings.LINK_KEY = new_key
    assert "login" in dee.get("/admin/")["Location"]
    assert not ClientSession.objects.exists() and not Draft.objects.exists()


def _pictures_are_there(browser: Client, first: Picture, second: Picture) -> None:
    """The one that was since removed has its row and its file; the one that came since waits until somebody decides."""
    assert browser.get(address(first)).status_code == 200
    assert (Path(project.MEDIA_ROOT) / "pictures" / second.folder / "400.webp").exists()


def _the_desk_says_so() -> None:
    dee = Client()
    dee.force_login(make.staff())
    page = walk.text(dee.get("/admin/", follow=True))
    assert "The mail is held. This is a copy from a backup." in page


def _a_new_link_comes_and_opens(sink: Sink, consultation: ConsultationRequest) -> None:
    browser = Client(REMOTE_ADDR=walk.HERE)
    browser.post("/consultations/new-link/", {"email": consultation.email})
    say("worker", "--once")
    mail = sink.taken[-1].mail
    body = mail.get_body(("plain",))
    assert body is not None and "new link" in str(mail["Subject"]).lower()
    [opens] = [word for word in body.get_content().split() if "/consultations/open/" in word]
    response = browser.post(opens.split(project.SITE_URL)[1])
    assert response["Location"] == "/consultations/mine/"


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_put_back_is_refused_before_anything_is_touched(
    settings: Settings, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_programs_of_the_server(monkeypatch)
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(NOW, tick=False) as clock:
        say("backup", str(tmp_path / "kept"))
        clock.shift(24 * HOUR)
        (tmp_path / "kept" / "clinic-notes").mkdir()  # somebody else's
        damaged = tmp_path / "kept" / "clinic-20200101T000000Z"
        damaged.mkdir()
        (damaged / "backup.json").write_text("{")
        told = say("backup", str(tmp_path / "kept"), "--keep", "1")
        assert told.count("Deleted") == 0, "a day old is not older than a day"
        clock.shift(HOUR)
        assert say("backup", str(tmp_path / "kept"), "--keep", "1").count("Deleted") == 1
        assert backups.newest(tmp_path / "kept") == NOW + 25 * HOUR
    shutil.rmtree(damaged)  # it keeps nobody from making one, from looking, or from deleting others
    backup, _, notes = sorted((tmp_path / "kept").iterdir())
    assert notes.name == "clinic-notes" and stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert settings.FIELD_KEYS[0] not in (backup / "backup.json").read_text()
    mine = settings.FIELD_KEYS

    def refused(words: str) -> None:
        with pytest.raises(CommandError, match=words):
            say("restore", str(backup))

    def lists(**changed: Any) -> None:
        (backup / "backup.json").write_text(json.dumps(listed | changed))

    listed = json.loads((backup / "backup.json").read_text())
    with empty(tmp_path, database_url):
        settings.FIELD_KEYS = ["another"]
        refused("FIELD_KEYS lacks keys")
        settings.FIELD_KEYS = mine
        lists(migrations=[*listed["migrations"], "bookings.9999_next_year"])
        refused("newer version .* bookings.9999_next_year")
        lists(database="another")
        refused("backup of another")
        lists(files=listed["files"] | {"media/pictures/lost.webp": "0"})
        refused("missing or damaged: media/pictures/lost.webp")
        (backup / "backup.json").unlink()
        refused("is no backup")
        assert connection.introspection.table_names() == []
    monkeypatch.setattr(backups, "_copy", lambda *folders: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        say("backup", str(tmp_path / "broken"))
    assert not any((tmp_path / "broken").iterdir()), "half a backup is none"
    monkeypatch.undo()
    with_programs_of_the_server(monkeypatch)
    _what_was_killed_goes_and_what_is_being_made_stays(tmp_path / "broken")


def _what_was_killed_goes_and_what_is_being_made_stays(folder: Path) -> None:
    killed, being_made = (
        folder / ".clinic-20200101T000000Z.partial",
        folder / ".clinic-20200102T000000Z.partial",
    )
    for place in (killed, being_made):
        place.mkdir()
        (place / "database.dump").touch()
    with (being_made / "backup.json").open("w") as its_list:
        fcntl.flock(its_list, fcntl.LOCK_EX)
        say("backup", str(folder))
    assert [path.name for path in folder.glob(".*")] == [being_made.name]


@pytest.mark.django_db
def test_said_twice_it_does_no_harm() -> None:
    make.submitted()
    send.beat("one", NOW - HOUR)
    with time_machine.travel(NOW + HOUR):
        first, second = say("restored"), say("restored")
    assert "The mail is held." in first and "The mail is held." in second
    assert first.splitlines()[0] == second.splitlines()[0] == "This copy lived until 2026-11-30 09:00 UTC."


@pytest.mark.django_db
def test_a_backup_of_a_time_when_the_mail_was_held_is_held_anew() -> None:
    """It was released after the backup, and what waited then has gone."""
    consultation = make.submitted()
    mail_hold.begin(mail_hold.Why.SILENT, now=NOW - HOUR)
    outbox.queue(consultation, "assessing", now=NOW, not_before=NOW)
    with time_machine.travel(NOW + 9 * HOUR):
        say("restored")
    hold = MailHold.objects.get()
    assert (hold.why, hold.alive_until) == ("restored", NOW)
    assert mail_hold.waiting(hold, now=NOW + 9 * HOUR).before["assessing"] == 1


@pytest.mark.django_db
def test_released_before_the_worker_starts_it_is_not_held_again(sink: Sink) -> None:
    """Its signs of life were from another time."""
    make.submitted()
    say("restored")
    mail_hold.release()
    say("worker", "--once")
    assert mail_hold.current() is None
