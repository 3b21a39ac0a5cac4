"""deploy/: units that systemd understands, and an image and a compose file that name nothing that is not there."""

from __future__ import annotations

import configparser
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from bookings.limits.mail import MAIL_CONVERSATION
from tests.servers import program

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
KEPT_IN = {
    "ProtectSystem": "strict",
    "NoNewPrivileges": "true",
    "PrivateTmp": "true",
    "CapabilityBoundingSet": "",
    "User": "clinic",
}


class Unit(configparser.ConfigParser):
    """A unit file, whose names keep their capitals."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(path: Path) -> Unit:
    read = Unit(interpolation=None)
    read.read(path)
    return read


def seconds(path: Path, name: str) -> timedelta:
    return timedelta(seconds=int(unit(path)["Service"][name]))


def commands(text: str) -> set[str]:
    return set(re.findall(r"manage\.py\W+([a-z]+)", text))


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", package="systemd")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "gunicorn"):
        (tmp_path / ".venv" / "bin" / name).touch(mode=0o755)
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace("/srv/clinic", str(tmp_path)))
    said = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if "clinic" in line]
    assert (said.returncode, ours) == (0, [])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_reaches_no_further_than_it_must(path: Path) -> None:
    service = unit(path)["Service"]
    assert {name: service[name] for name in KEPT_IN} == KEPT_IN
    assert service["ReadWritePaths"].split()[0] == "/srv/clinic/var"
    assert commands(service["ExecStart"]) <= get_commands().keys()


def test_a_stop_takes_longer_than_what_is_under_way() -> None:
    worker, site = (DEPLOY / "systemd" / f"clinic-{name}.service" for name in ("worker", "site"))
    assert seconds(worker, "TimeoutStopSec") > MAIL_CONVERSATION
    [graceful] = re.findall(r"graceful_timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text())
    assert seconds(site, "TimeoutStopSec") > timedelta(seconds=int(graceful))
    grace = {name: one.get("stop_grace_period") for name, one in COMPOSE["services"].items()}
    assert grace["worker"] == f"{seconds(worker, 'TimeoutStopSec').seconds}s"
    assert grace["web"] == f"{seconds(site, 'TimeoutStopSec').seconds}s"


# --- what is not run here: there is no Docker -----------------------------------------------------------------------------


def test_the_image_copies_what_is_there_and_no_key() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()]
    assert copied and all((ROOT / name).exists() for name in copied)
    allowed = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert sorted(allowed) == sorted(copied)
    assert "USER clinic" in text
    # Whatever the site imports is among it.
    assert {app.split(".")[0] for app in settings.INSTALLED_APPS} & {
        path.name for path in ROOT.iterdir()
    } <= set(copied)


def test_compose_names_what_is_there() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    assert set(services) == {"db", "prepare", "web", "worker", "nginx"}
    assert commands((DEPLOY / "compose.yaml").read_text()) <= get_commands().keys()
    example = (ROOT / ".env.example").read_text()
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services)
        for mount in service["volumes"]:
            source = mount.split(":")[0]
            there = source in volumes or source.startswith("/etc/") or (DEPLOY / source).is_file()
            assert there, (name, source)
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
            assert all(f"# {variable}=" in example for variable in service["environment"])


def test_every_path_that_nginx_reads_is_mounted() -> None:
    conf = (DEPLOY / "nginx" / "clinic.conf").read_text()
    mounted = [mount.split(":")[1] for mount in COMPOSE["services"]["nginx"]["volumes"]]
    read = {
        "/srv/clinic/var/static",
        *re.findall(r"alias (/\S+?)/?;", conf),
        *re.findall(r"ssl_certificate\w* (/\S+);", conf),
    }
    assert all(any(path.startswith(place) for place in mounted) for path in read)
    written = {mount.split(":")[1] for mount in COMPOSE["services"]["web"]["volumes"]}
    assert {path for path in read if path.startswith("/srv")} <= written


def test_the_log_of_nginx_is_the_containers() -> None:
    """A file inside would grow until the disk is full, and nobody would read it."""
    conf = (DEPLOY / "nginx" / "clinic.conf").read_text()
    for log in {*re.findall(r"access_log (\S+)", conf), *re.findall(r"error_log (\S+)", conf)} - {
        "/dev/null"
    }:
        assert f"ln -sf /dev/stdout {log} &&" in COMPOSE["services"]["nginx"]["command"][-1]


def test_backups_are_where_they_are_looked_for() -> None:
    made = unit(DEPLOY / "systemd" / "clinic-backup.service")["Service"]["ExecStart"].split()
    assert f"# BACKUPS={made[made.index('backup') + 1]}\n" in (ROOT / ".env.example").read_text()
    web = COMPOSE["services"]["web"]
    assert f"backups:{web['environment']['BACKUPS']}" in web["volumes"]


def test_the_units_and_the_image_serve_as_we_do() -> None:
    served = unit(DEPLOY / "systemd" / "clinic-site.service")["Service"]["ExecStart"]
    assert served.endswith(" ".join(COMPOSE["services"]["web"]["command"]).removeprefix("gunicorn"))
