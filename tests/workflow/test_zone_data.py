"""Zone data changes, and the agreed time on the clock stays: the visit is put back and the desk told, not the client."""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from bookings import clock, machine_clock
from bookings.models import Appointment, ConsultationRequest, Message
from bookings.queries import off
from bookings.queries.clinic import zone
from bookings.workflow import reply, visit
from bookings.workflow.core import Actor, Origin
from clinic.foundation import when
from tests import factories as make
from tests.factories import NOW, at, in_state, slot, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def london_keeps_paris_time(tmp_path: Path) -> Iterator[None]:
    """From now on the machine's zone data says that London keeps Paris time: one zone's file under the other's name."""
    (tmp_path / "Europe").mkdir()
    with as_file(files("tzdata") / "zoneinfo" / "Europe" / "Paris") as paris:
        shutil.copy(paris, tmp_path / "Europe" / "London")
    before = zoneinfo.TZPATH
    yield zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def update_zone_data(folder: Path) -> None:
    zoneinfo.reset_tzpath([folder])
    zoneinfo.ZoneInfo.clear_cache()


def booked(cleo: ConsultationRequest) -> Appointment:
    return cleo.appointments.booked().get()


def dee() -> Actor:
    return Actor.staff(make.staff())


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_ten_stays_ten(tmp_path: Path) -> None:
    cleo = in_state("confirmed")
    reminder = cleo.messages.get(kind="reminder_48h").not_before
    update_zone_data(tmp_path)
    assert when.clock(booked(cleo).starts_at, zone()) == "11am"  # what pages would show from now on
    assert clock.keep_wall_clocks(NOW) == 1
    moved = booked(cleo)
    assert when.moment(moved.starts_at, zone()) == "Thursday 3 December at 10am"
    assert moved.starts_at == at(3, 9) and moved.minutes == 30
    assert cleo.messages.get(kind="reminder_48h").not_before == reminder - timedelta(hours=1)
    assert not Message.objects.filter(kind="changed").exists()
    assert cleo.events.last().verb == "keep_time"  # type: ignore[union-attr]  # it has a history


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_the_desk_is_told_until_somebody_decides(tmp_path: Path) -> None:
    cleo = in_state("confirmed")
    update_zone_data(tmp_path)
    clock.keep_wall_clocks(NOW)
    [told] = off.in_doubt(NOW, zone())
    assert told.request == cleo
    found = off.against([told.pk], zone())[told.pk]
    assert "rules of our time zone have changed" in off.sentence(told, found, zone())
    cleo.refresh_from_db()
    visit.let_stand(cleo, Origin(dee(), NOW))
    assert not off.in_doubt(NOW, zone()).exists()


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_neighbours_make_room_for_each_other(tmp_path: Path) -> None:
    """Back to back from nine on: all of them move by an hour, and none runs into another on the way."""
    consultations = []
    for half_hour in range(6):
        start = at(3, 9) + timedelta(minutes=30 * half_hour)
        consultations.append(reply.confirm(submitted(start=start), Origin(dee(), NOW), slot=slot(start)))
    update_zone_data(tmp_path)
    assert clock.keep_wall_clocks(NOW) == 6
    clocks = [when.clock(booked(consultation).starts_at, zone()) for consultation in consultations]
    assert clocks == ["9am", "9:30am", "10am", "10:30am", "11am", "11:30am"]


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_a_time_that_somebody_else_has_by_now_stays_and_is_told_once(tmp_path: Path) -> None:
    cleo, other = in_state("confirmed"), submitted(start=at(3, 9))
    update_zone_data(tmp_path)
    held = other.appointments.held().get()
    Appointment.objects.filter(pk=held.pk).update(held_until=at(4, 9))
    assert clock.keep_wall_clocks(NOW) == 1
    assert booked(cleo).starts_at == at(3, 10)
    assert [told.request for told in off.in_doubt(NOW, zone())] == [cleo]
    assert cleo.events.last().reason == "taken"  # type: ignore[union-attr]  # it has a history
    assert clock.keep_wall_clocks(NOW) == 0


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_a_hold_that_ran_out_keeps_no_visit_from_its_time(tmp_path: Path) -> None:
    """The worker looks at the clocks before its first tick releases what is over."""
    cleo, other = in_state("confirmed"), submitted(start=at(3, 9))
    update_zone_data(tmp_path)
    assert clock.keep_wall_clocks(NOW + timedelta(hours=1)) == 1
    assert booked(cleo).starts_at == at(3, 9)
    assert not other.appointments.occupying().exists()


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_only_an_overlap_means_that_the_time_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo = in_state("confirmed")
    update_zone_data(tmp_path)
    save = Appointment.save

    def refuse_the_move(self: Appointment, **options: Any) -> None:
        if self.starts_at != at(3, 10):
            raise IntegrityError("another rule of the table")
        save(self, **options)

    monkeypatch.setattr(Appointment, "save", refuse_the_move)
    with pytest.raises(IntegrityError, match="another rule"):
        visit.keep_time(cleo, Origin(make.CLOCK, NOW))


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_what_the_page_shows_when_a_held_time_is_booked_is_what_is_agreed(tmp_path: Path) -> None:
    cleo = in_state("offered")
    offered = cleo.appointments.held().earliest("starts_at")
    update_zone_data(tmp_path)
    assert when.clock(offered.starts_at, zone()) == "11am"  # the page on which Cleo presses "accept"
    reply.accept(cleo, Origin(make.CLIENT, NOW), appointment_id=offered.pk)
    assert clock.keep_wall_clocks(NOW) == 0
    assert booked(cleo).starts_at == offered.starts_at


def test_another_zone_in_the_profile_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes it has confirmed that visits keep their moment (content/forms/clinic.py)."""
    cleo = in_state("confirmed")
    make.profile(time_zone="Europe/Berlin")
    monkeypatch.setattr(machine_clock, "_server_time", timezone.now)  # the server's clock travels with ours
    with time_machine.travel(NOW, tick=False):
        call_command("worker", "--once")
    assert booked(cleo).starts_at == at(3, 10)
    assert not off.in_doubt(NOW, zone()).exists()
    assert cleo.events.last().verb == "confirm"  # type: ignore[union-attr]  # it has a history


def test_visits_from_before_were_agreed_in_the_clinics_zone() -> None:
    """The migration, run on rows from before it."""
    cleo, other = in_state("confirmed"), in_state("confirmed", start=at(3, 14))
    Appointment.objects.update(agreed_zone="")
    # The clinic's zone had changed since this one was agreed, and nobody can tell which zone it was: it keeps its moment.
    other.appointments.update(agreed_clock="2026-12-03T15:00:00+01:00")
    import_module("bookings.migrations.0012_agreed_zone").note_the_zone(apps, None)
    assert (booked(cleo).agreed_zone, booked(other).agreed_zone) == ("Europe/London", "")
    assert clock.keep_wall_clocks(NOW) == 0


def test_nothing_happens_while_the_data_stays_the_same() -> None:
    in_state("confirmed")
    assert clock.keep_wall_clocks(NOW) == 0


def test_a_time_that_comes_twice_keeps_its_pass() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    agreed = when.local(second, make.LONDON)
    assert when.same_clock(agreed, make.LONDON) == second
    assert when.same_clock(agreed.replace(fold=0), make.LONDON) == second - timedelta(hours=1)


@pytest.mark.usefixtures("london_keeps_paris_time")
def test_the_worker_looks_when_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleo = in_state("confirmed")
    update_zone_data(tmp_path)
    monkeypatch.setattr(machine_clock, "_server_time", timezone.now)  # the server's clock travels with ours
    with time_machine.travel(NOW, tick=False):
        call_command("worker", "--once")
    assert booked(cleo).starts_at == at(3, 9)
