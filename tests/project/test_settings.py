"""A setting that is missing, malformed or unsafe stops the start and is named; the README lists them all."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import traceback
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

ROOT = Path(settings.BASE_DIR)
TRIAL = {
    "ENV_FILE": os.devnull,
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "trial",
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "LINK_KEY": "trial",
}
PRODUCTION = TRIAL | {
    "MODE": "production",
    "SECRET_KEY": "kX3-vQ9" * 8,
    "LINK_KEY": "pW7_zR2" * 6,
    "ALLOWED_HOSTS": "www.example.org",
    "SITE_URL": "https://www.example.org",
    "EMAIL_HOST": "smtp.example.org",
    "DATABASE_URL": "sqlite://:memory:",
}


def start(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Start Python with these variables and no others. Without a command: read the settings as any start does.

    That needs no process of its own: the file is run here once more, under the same variables. That a real start reads
    the same is tried by those tests that give a command.
    """
    if not command:
        return _read_settings(environment)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _read_settings(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "clinic" / "settings.py")]
    with patch.dict(os.environ, environment, clear=True):
        try:
            runpy.run_path(command[0])
        except (EnvError, ImproperlyConfigured):
            return subprocess.CompletedProcess(command, 1, "", traceback.format_exc())
    return subprocess.CompletedProcess(command, 0, "", "")


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in TRIAL.items() if key != name}


def test_a_trial_and_production_start() -> None:
    really = ("-c", "import clinic.settings")
    for environment in (TRIAL, PRODUCTION):
        assert start(environment, *really).returncode == 0
        assert start(environment).returncode == 0


def test_a_real_start_is_refused_in_the_same_words() -> None:
    unsafe = PRODUCTION | {"DEBUG": "true"}
    answer = start(unsafe, "-c", "import clinic.settings")
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == start(unsafe).stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "LINK_KEY"])
def test_a_missing_setting_is_named(name: str) -> None:
    answer = start(without(name))
    assert answer.returncode != 0
    assert name in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "live"),
        ("DEBUG", "perhaps"),
        ("PROXY_HOPS", "many"),
        ("PROXY_HOPS", "-1"),
        ("EMAIL_PORT", "smtp"),
        ("EMAIL_SECURITY", "ssl"),
        ("LINK_DAYS", "0"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    answer = start(TRIAL | {name: value})
    assert answer.returncode != 0
    assert name in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + "kX3-vQ9" * 8),
        ("LINK_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "www.example.org,*.example.org"),
        ("ALLOWED_HOSTS", ""),
        ("SITE_URL", "http://www.example.org"),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, value: str) -> None:
    answer = start(PRODUCTION | {name: value})
    assert answer.returncode != 0
    assert name in answer.stderr.splitlines()[-1]
    assert value not in answer.stderr or name not in ("SECRET_KEY", "LINK_KEY")


def test_production_passes_every_deployment_check_with_none_silenced() -> None:
    answer = start(PRODUCTION, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert "(0 silenced)" in answer.stdout


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("LINK_DAYS=7\nSITE_URL=http://127.0.0.1:9000\n")
    show = ("-c", "from clinic import settings as s; print(s.LINK_DAYS, s.SITE_URL, s.SITE_URL_IS_SET)")
    answer = start(TRIAL | {"ENV_FILE": str(file), "LINK_DAYS": "9"}, *show)
    assert answer.stdout.split() == ["9", "http://127.0.0.1:9000", "True"]


def test_postgresql_through_a_socket_keeps_its_host() -> None:
    url = "postgresql://postgres:@/postgres?host=/run/sockets"
    show = ("-c", "from clinic import settings as s; print(s.DATABASES['default']['OPTIONS'])")
    answer = start(TRIAL | {"DATABASE_URL": url}, *show)
    assert "'host': '/run/sockets'" in answer.stdout
    assert "'options'" not in answer.stdout  # a pooler refuses what is asked for while connecting


def _variables() -> set[str]:
    source = (ROOT / "clinic" / "settings.py").read_text()
    return set(re.findall(r"\benv\.(?!read_env)\w+\(\s*\"([A-Z_]+)\"", source))


def test_the_readme_lists_every_setting() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(_variables())


def test_the_example_lists_every_setting() -> None:
    example = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(example) == sorted(_variables())


def test_write_env_makes_keys_once(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "write_env.py").write_text((ROOT / "scripts" / "write_env.py").read_text())
    assert start(TRIAL, str(scripts / "write_env.py")).returncode == 0
    written = (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var").is_dir()
    keys = dict(line.split("=", 1) for line in written.splitlines() if not line.startswith("#"))
    Fernet(keys["FIELD_KEYS"])
    # What it writes is good enough for production.
    assert start(PRODUCTION | keys).returncode == 0
    assert start(TRIAL, str(scripts / "write_env.py")).returncode == 0
    assert (tmp_path / ".env").read_text() == written
