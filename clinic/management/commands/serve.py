from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from clinic.first_password import read
from clinic.foundation import limits


class Command(BaseCommand):
    help = "Serves the site and runs the worker, together, until Ctrl-C. Fails when either of them ends by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        _refuse_if_taken(port)
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask_to_stop)
        environment = os.environ | {
            "PORT": str(port),
            "SITE_URL": _site_url(port),
        }
        first_user = read()
        connection.close()
        children = {
            "site": _start(
                ["-m", "gunicorn", "-c", "gunicorn.conf.py"],
                environment | {"ACCESS_LOG": "no", "LOG_LEVEL": "warning"},
            ),
            "worker": _start(["manage.py", "worker"], environment),
        }
        try:
            if self._wait_until_it_answers(port, children, stop):
                self._say_where(environment["SITE_URL"], first_user)
            while not stop.wait(0.3) and not _ended(children):
                pass
            ended = _ended(children)
        finally:
            _stop(children)
        if ended and not stop.is_set():
            raise CommandError(
                f"The {ended} ended by itself (code {children[ended].returncode}), so both were stopped."
            )
        self.stdout.write("Stopped.")

    def _wait_until_it_answers(
        self, port: int, children: dict[str, subprocess.Popen[bytes]], stop: Event
    ) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not _ended(children) and not stop.wait(0.2):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return True
        return False

    def _say_where(self, url: str, first_user: tuple[str, str] | None) -> None:
        signing_in = "your own user name and password"
        if first_user:
            signing_in = f"{first_user[0]} and {first_user[1]} (kept in var/first-password.txt)"
        self.stdout.write(
            f"\n  The site    {url}/\n  The desk    {url}/admin/\n  Sign in     {signing_in}\n\n  Stop with Ctrl-C.\n"
        )
        self.stdout.flush()


def _site_url(port: int) -> str:
    """In a trial the address follows the port, unless SITE_URL is set (including in .env)."""
    return settings.SITE_URL if settings.SITE_URL_IS_SET else f"http://127.0.0.1:{port}"


def _refuse_if_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another: make run PORT={port + 1}") from error


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us and we end it in order."""
    folder = Path(settings.BASE_DIR)
    return subprocess.Popen([sys.executable, *arguments], cwd=folder, env=environment, start_new_session=True)


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> str | None:
    return next((name for name, child in children.items() if child.poll() is not None), None)


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + limits.waits.STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
