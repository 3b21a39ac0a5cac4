"""A setting that is missing, malformed or unsafe stops the start and is named; the README lists them all."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured

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


WHOLE_DOMAIN = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_PRELOAD": "true"}


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
        except Exception:  # noqa: BLE001  # whatever stops a start, and how
            return subprocess.CompletedProcess(command, 1, "", traceback.format_exc())
    return subprocess.CompletedProcess(command, 0, "", "")


def read(environment: dict[str, str]) -> SimpleNamespace:
    """The settings that a start with these variables has."""
    with patch.dict(os.environ, environment, clear=True):
        return SimpleNamespace(**runpy.run_path(str(ROOT / "clinic" / "settings.py")))


def last_line(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode != 0, "it started"
    return answer.stderr.strip().splitlines()[-1]


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
        ("LINK_DAYS", ""),
        ("LINK_DAYS", "1_0"),
        ("LINK_DAYS", "60 days"),
        ("LINK_DAYS", "6e1"),
        ("EMAIL_PORT", "0"),
        ("EMAIL_PORT", "65536"),
        ("EMAIL_RATE", "-1"),
        ("DEBUG", ""),
        ("SECURE_SSL_REDIRECT", "perhaps"),
        ("SECRET_KEY", ""),
        ("LINK_KEY", ""),
        ("LINK_KEY", "ends with a carriage return\r"),
        ("EMAIL_HOST_PASSWORD", "two\nlines"),
        ("EMAIL_HOST_PASSWORD", "pässword"),  # Python signs in with ASCII, and would fail at the first mail
        ("EMAIL_HOST_USER", "termine@müller.example"),
        ("FIELD_KEYS", ""),
        ("FIELD_KEYS", "no key of Fernet's"),
        ("FIELD_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,short"),
        ("ALLOWED_HOSTS", "https://www.example.org"),
        ("ALLOWED_HOSTS", "www.example.org:8443"),
        ("ALLOWED_HOSTS", "www.example.org/"),
        ("ALLOWED_HOSTS", "www.example.org clinic.example.org"),
        ("ALLOWED_HOSTS", '"www.example.org"'),
        ("ALLOWED_HOSTS", "*.example.org"),
        ("ALLOWED_HOSTS", "::1"),
        ("SITE_URL", ""),
        ("SITE_URL", "www.example.org"),
        ("SITE_URL", "//www.example.org"),
        ("SITE_URL", "ftp://www.example.org"),
        ("SITE_URL", "https://www.example.org/clinic"),
        ("SITE_URL", "https://www.example.org?from=mail"),
        ("SITE_URL", "https://www.example.org:http"),
        ("SITE_URL", "https://dee:secret@www.example.org"),
        ("SITE_URL", "https://www .example.org"),
        ("SITE_URL", "https://"),
        ("EMAIL_HOST", "smtp://smtp.example.org"),
        ("EMAIL_HOST", "smtp.example.org:587"),
        ("EMAIL_HOST", "desk@example.org"),
        ("DEFAULT_FROM_EMAIL", ""),
        ("DEFAULT_FROM_EMAIL", "appointments"),
        ("DEFAULT_FROM_EMAIL", "Clinic <appointments>"),
        ("DEFAULT_FROM_EMAIL", "a@example.org, b@example.org"),
        ("DEFAULT_FROM_EMAIL", "Clinic\nBcc: eve@example.org <a@example.org>"),
        ("SECURITY_CONTACT", "nobody"),
        ("SECURITY_CONTACT", "http://www.example.org/report"),
        ("SECURITY_CONTACT", "javascript:alert(1)"),
        ("SECURITY_CONTACT", "safe@example.org\nExpires: never"),
        ("SECURE_HSTS_SECONDS", "-1"),
        ("SECURE_HSTS_SECONDS", "two years"),
        ("SECURE_HSTS_PRELOAD", "true"),  # no list takes it without the subdomains
        ("STATIC_ROOT", "var/static"),
        ("MEDIA_ROOT", "media"),
        ("DATABASE_URL", "postgresql://u:pa#ss@h/d"),
        ("DATABASE_URL", "postgresql://u:pa?ss@h/d"),
        ("DATABASE_URL", "postgresql://u:pa/ss@h/d"),
        ("DATABASE_URL", "postgresql://u:12#ss@h/d"),
        ("DATABASE_URL", "postgresql://u:12/ss@h/d"),
        ("DATABASE_URL", "postgresql://u:12?ss@h/d"),
        ("DATABASE_URL", "postgresql://u:pa[ss@h/d"),
        ("DATABASE_URL", "postgresql://u:pass@h:54321O/d"),
        ("DATABASE_URL", "postgresql://u:pass@h"),
        ("DATABASE_URL", "postgresql://u:pass@h/d?sslmode=require&sslmode=disable"),
        ("DATABASE_URL", "postgresql://u:pass@h/d?ssl_mode=require"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysqll://h/d"),
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "clinic.sqlite3"),
        ("DATABASE_URL", "sqlite://var/clinic.sqlite3"),
        ("DATABASE_URL", "sqlite:////tmp/clinic.sqlite3?mode=ro"),
    ],
)
def test_a_malformed_setting_is_named(name: str, value: str) -> None:
    answer = start(TRIAL | {name: value})
    message = last_line(answer).split(": ", 1)[1]
    assert message.startswith(name)
    if value and name in ("SECRET_KEY", "LINK_KEY", "FIELD_KEYS", "EMAIL_HOST_PASSWORD", "DATABASE_URL"):
        assert value not in message


UNDERSTOOD = [
    ("DEBUG", " Yes ", "DEBUG", True),
    ("DEBUG", "0\r", "DEBUG", False),
    ("LINK_DAYS", " 30 ", "LINK_DAYS", 30),
    ("PROXY_HOPS", "+1", "PROXY_HOPS", 1),
    ("MODE", "trial ", "MODE", "trial"),
    ("ALLOWED_HOSTS", "www.example.org, Clinic.example.org ,", "ALLOWED_HOSTS", ["www.example.org", "clinic.example.org"]),
    ("ALLOWED_HOSTS", ".example.org,[::1],192.0.2.1,*", "ALLOWED_HOSTS", [".example.org", "[::1]", "192.0.2.1", "*"]),
    ("ALLOWED_HOSTS", "www.müller.example.", "ALLOWED_HOSTS", ["www.xn--mller-kva.example"]),
    ("SITE_URL", " https://www.example.org/ ", "SITE_URL", "https://www.example.org"),
    ("SITE_URL", "https://www.example.org//", "SITE_URL", "https://www.example.org"),
    ("SITE_URL", "HTTPS://WWW.Müller.example:8443", "SITE_URL", "https://www.xn--mller-kva.example:8443"),
    ("SITE_URL", "http://[::1]:8000", "SITE_URL", "http://[::1]:8000"),
    ("EMAIL_HOST", " SMTP.Müller.example ", "EMAIL_HOST", "smtp.xn--mller-kva.example"),
    ("EMAIL_HOST", "mail_server", "EMAIL_HOST", "mail_server"),
    ("EMAIL_HOST", "::1", "EMAIL_HOST", "::1"),
    ("EMAIL_HOST", " ", "EMAIL_HOST", ""),
    ("EMAIL_HOST_PASSWORD", " as $typed ${HOME} # ", "EMAIL_HOST_PASSWORD", " as $typed ${HOME} # "),
    ("DEFAULT_FROM_EMAIL", "Praxis <termine@müller.example>", "DEFAULT_FROM_EMAIL", "Praxis <termine@müller.example>"),
    ("SECURITY_CONTACT", "safe@müller.example", "SECURITY_CONTACT", "mailto:safe@xn--mller-kva.example"),
    ("SECURITY_CONTACT", "mailto:safe@example.org", "SECURITY_CONTACT", "mailto:safe@example.org"),
    ("SECURITY_CONTACT", "tel:+441632960001", "SECURITY_CONTACT", "tel:+441632960001"),
    ("SECURITY_CONTACT", "https://example.org/report", "SECURITY_CONTACT", "https://example.org/report"),
    ("DEFAULT_FROM_EMAIL", "Praxis <termine@müller.example>", "SECURITY_CONTACT", "mailto:termine@xn--mller-kva.example"),
    ("MEDIA_ROOT", "/srv/clinic/media/", "MEDIA_ROOT", Path("/srv/clinic/media")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "setting", "wanted"), UNDERSTOOD)
def test_what_can_be_meant_is_understood(name: str, value: str, setting: str, wanted: object) -> None:
    assert getattr(read(TRIAL | {name: value}), setting) == wanted


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


def test_production_passes_every_deployment_check_with_none_silenced(tmp_path: Path) -> None:
    ready = WHOLE_DOMAIN | {
        "PROXY_HOPS": "1",
        "DEFAULT_FROM_EMAIL": "desk@alder-row.internal",
        "OPERATOR_EMAIL": "bea@alder-row.internal",
        "DATABASE_URL": "postgresql://u:p@h/d",
        "STATIC_ROOT": str(tmp_path),
    }
    paths = {name: name for finder in get_finders() for name, _ in finder.list([])}
    (tmp_path / "staticfiles.json").write_text(json.dumps({"version": "1.1", "hash": "", "paths": paths}))
    answer = start(PRODUCTION | ready, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert "(0 silenced)" in answer.stdout


def test_what_the_operator_has_decided_otherwise_is_silent() -> None:
    heard = "clinic.W005,clinic.W006,clinic.W007,clinic.W010,clinic.E004,security.W005,security.W021"
    quiet = PRODUCTION | {"SILENCED_SYSTEM_CHECKS": heard}
    answer = start(quiet, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    # The sender is the contact as well, so that one is heard twice.
    assert "(8 silenced)" in answer.stdout


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("LINK_DAYS=7\nSITE_URL=http://127.0.0.1:9000\n")
    show = ("-c", "from clinic import settings as s; print(s.LINK_DAYS, s.SITE_URL, s.SITE_URL_IS_SET)")
    answer = start(TRIAL | {"ENV_FILE": str(file), "LINK_DAYS": "9"}, *show)
    assert answer.stdout.split() == ["9", "http://127.0.0.1:9000", "True"]


KEYS = {"SECRET_KEY": "file-secret", "FIELD_KEYS": TRIAL["FIELD_KEYS"], "LINK_KEY": "file-link"}


def env_file(tmp_path: Path, text: str | bytes) -> dict[str, str]:
    """The environment of a start that finds everything in a file."""
    file = tmp_path / "env"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {"ENV_FILE": str(file), "PATH": os.environ["PATH"]}


def lines(**more: str) -> str:
    return "".join(f"{name}={value}\n" for name, value in (KEYS | more).items())


def test_nothing_in_an_env_file_is_put_in_the_place_of_a_dollar(tmp_path: Path) -> None:
    found = read(
        env_file(
            tmp_path, lines(SECRET_KEY="a$PATH${PATH}b", DATABASE_URL="postgresql://u:p$PATH${PATH}@h/d")
        )
    )
    assert found.SECRET_KEY == "a$PATH${PATH}b"
    assert found.DATABASES["default"]["PASSWORD"] == "p$PATH${PATH}"


def test_an_env_file_of_windows_or_of_a_shell_is_read(tmp_path: Path) -> None:
    typed = (
        "\ufeff"
        + lines()
        + "export LINK_DAYS='7'\nSITE_URL=\"https://www.example.org/\" # ours\n\nDEBUG = yes\n"
    )
    found = read(env_file(tmp_path, typed.replace("\n", "\r\n")))
    assert (found.SECRET_KEY, found.LINK_KEY) == ("file-secret", "file-link")
    assert (found.LINK_DAYS, found.SITE_URL, found.DEBUG) == (7, "https://www.example.org", True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (lines() + "LINK_KEY=another\n", "LINK_KEY"),
        (lines() + "EMAIL_HOST_PASSWORD='s3cret\n", "line 4"),
        (lines() + "EMAIL_HOST\n", "EMAIL_HOST"),
        (lines() + "= 7\n", "line 4"),
        (lines().encode() + b"EMAIL_HOST_USER=M\xfcller\n", "UTF-8"),
        (lines().encode("utf-16"), "UTF-8"),
    ],
)
def test_an_env_file_that_cannot_be_right_stops_the_start(
    tmp_path: Path, text: str | bytes, what: str
) -> None:
    message = last_line(start(env_file(tmp_path, text)))
    assert "ENV_FILE" in message and what in message
    assert "another" not in message and "s3cret" not in message


def test_an_env_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    for away in (tmp_path / "away", tmp_path):
        assert "ENV_FILE" in last_line(start(TRIAL | {"ENV_FILE": str(away)}))


def options(url: str) -> dict[str, object]:
    found: dict[str, object] = read(TRIAL | {"DATABASE_URL": url}).DATABASES["default"]["OPTIONS"]
    return found


def test_postgresql_through_a_socket_keeps_its_host() -> None:
    found = options("postgresql://postgres:@/postgres?host=/run/sockets")
    assert found["host"] == "/run/sockets"
    assert "options" not in found  # a pooler refuses what is asked for while connecting
    assert found["connect_timeout"] == 5


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("postgresql://u:p@h/d?options=-c%20search_path%3Dclinic&connect_timeout=30", {"connect_timeout": 30}),
        ("postgresql://u:p@h/d?currentSchema=clinic&sslmode=require", {"sslmode": "require"}),
        ("postgresql://?service=clinic&options=-c%20search_path%3Dclinic", {"service": "clinic"}),
        ("postgresql://u:p@h/d?assume_role=clinic&currentSchema=clinic", {"assume_role": "clinic"}),
        ("postgresql://u:p@h/d?currentSchema=clinic", {"connect_timeout": 5}),
    ],
)  # fmt: skip
def test_what_the_address_of_the_database_asks_for_stands_beside_ours(
    url: str, kept: dict[str, object]
) -> None:
    found = options(url)
    assert str(found["options"]) == "-c search_path=clinic"
    assert kept.items() <= found.items()


def test_the_same_for_sqlite() -> None:
    found = options("sqlite:////tmp/clinic.sqlite3?timeout=60&init_command=PRAGMA%20cache_size%3D-64000")
    assert (found["timeout"], found["transaction_mode"]) == (60, "IMMEDIATE")
    statements = str(found["init_command"])
    assert "secure_delete=ON" in statements and statements.endswith("PRAGMA cache_size=-64000")


def test_a_password_is_taken_as_its_escapes_say() -> None:
    found = read(TRIAL | {"DATABASE_URL": "postgresql://u:p%23a%2Fs%3Fs%40%25$@h/d"}).DATABASES["default"]
    assert found["PASSWORD"] == "p#a/s?s@%$"


def test_a_database_file_lies_where_it_is_wherever_a_process_starts() -> None:
    found = read(TRIAL | {"DATABASE_URL": "sqlite:///var/ours.sqlite3"}).DATABASES["default"]
    assert found["NAME"] == str(ROOT / "var" / "ours.sqlite3")


@pytest.mark.parametrize("command", ["check", "worker"])
def test_every_command_names_what_is_wrong_at_its_end(command: str) -> None:
    # `worker` is a command of ours: Django finds no such thing while the settings cannot be read.
    answer = start(TRIAL | {"DATABASE_URL": "postgresql://u:pa#ss@h/d"}, "manage.py", command)
    assert "DATABASE_URL" in last_line(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_WORKERS", "many"),
        ("WEB_WORKERS", "0"),
        ("PORT", "http"),
        ("LOG_LEVEL", "loud"),
        ("ACCESS_LOG", "maybe"),
    ],
)
def test_gunicorn_names_what_is_wrong(name: str, value: str) -> None:
    with (
        patch.dict(os.environ, TRIAL | {name: value}, clear=True),
        pytest.raises(ImproperlyConfigured, match=f"^{name}"),
    ):
        runpy.run_path(str(ROOT / "gunicorn.conf.py"))


def test_gunicorn_reads_the_env_file_too(tmp_path: Path) -> None:
    with patch.dict(os.environ, env_file(tmp_path, "PORT=8123\nACCESS_LOG=off\n"), clear=True):
        found = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert (found["bind"], found["accesslog"]) == ("127.0.0.1:8123", None)


# --- folders and https --------------------------------------------------------------------------------------------------


def test_pictures_and_collected_files_lie_apart() -> None:
    apart = {"STATIC_ROOT": "/srv/clinic/static", "MEDIA_ROOT": "/srv/clinic/media"}
    found = read(PRODUCTION | apart)
    assert (str(found.STATIC_ROOT), str(found.MEDIA_ROOT)) == tuple(apart.values())
    # Whatever lies in STATIC_ROOT is served as it is, to everybody.
    for media in ("/srv/clinic/static", "/srv/clinic/static/media", "/srv/clinic"):
        assert "MEDIA_ROOT" in last_line(start(PRODUCTION | apart | {"MEDIA_ROOT": media}))


def test_browsers_are_told_to_keep_to_https_for_this_host_alone() -> None:
    found = read(PRODUCTION)
    assert found.SECURE_HSTS_SECONDS == 63_072_000
    assert not found.SECURE_HSTS_INCLUDE_SUBDOMAINS and not found.SECURE_HSTS_PRELOAD
    found = read(PRODUCTION | WHOLE_DOMAIN)
    assert found.SECURE_HSTS_INCLUDE_SUBDOMAINS and found.SECURE_HSTS_PRELOAD
    short = PRODUCTION | WHOLE_DOMAIN | {"SECURE_HSTS_SECONDS": "3600"}
    assert "SECURE_HSTS_PRELOAD" in last_line(start(short))


def test_a_trial_speaks_of_https_to_nobody() -> None:
    assert not hasattr(read(TRIAL), "SECURE_HSTS_SECONDS")


def _variables(*also: str) -> set[str]:
    source = "".join((ROOT / name).read_text() for name in ("clinic/settings.py", *also))
    return set(re.findall(r"\benv\.(?!read_env)\w+\(\s*\"([A-Z_]+)\"", source))


def test_the_readme_lists_every_setting() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(_variables())


def test_the_example_lists_every_setting() -> None:
    example = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(example) == sorted(_variables("gunicorn.conf.py"))


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


def written_for_a_server(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return start(TRIAL, str(ROOT / "scripts" / "write_env.py"), "--production", "www.clinic.test", *more)


def test_write_env_writes_every_setting_of_a_server(tmp_path: Path) -> None:
    file = tmp_path / "clinic.env"
    assert written_for_a_server(tmp_path, str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    text = file.read_text()
    named = re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(_variables("gunicorn.conf.py"))
    # It does not start before somebody has filled in what only they know, and then it does.
    environment = {"ENV_FILE": str(file), "PATH": os.environ["PATH"]}
    for name, value in {
        "DATABASE_URL": "postgresql://u:p@h/d",
        "DEFAULT_FROM_EMAIL": "desk@clinic.test",
    }.items():
        assert name in last_line(start(environment))
        text = text.replace(f"\n{name}=\n", f"\n{name}={value}\n")
        file.write_text(text)
    found = read(environment)
    assert (found.MODE, found.ALLOWED_HOSTS) == ("production", ["www.clinic.test"])
    assert found.SITE_URL == "https://www.clinic.test"
    again = written_for_a_server(tmp_path, str(file))
    assert again.returncode == 1 and "left as it is" in again.stderr
    assert file.read_text() == text


def test_what_the_example_shows_can_be_taken_as_it_stands() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^# ([A-Z_]+)=(\S*)$", example, re.MULTILINE))
    assert read(PRODUCTION | shown).LINK_DAYS == 60
