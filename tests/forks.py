"""Processes of the site that start in a moment: forked from one that has loaded Django, instead of loading it again.

A worker or a racer needs more than a second of processor time to start, and a tenth of one as a fork; the suite starts
dozens. The one that they are forked from (multiprocessing's fork server) is a process of its own without threads or
connections, so a fork is whole; it loads tests/loaded.py. Each fork reads the environment anew, as a process that starts by
itself does.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connections
from django.utils.functional import empty

MINUTES = 10  # more than any command of a test may take on a busy machine
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["pytest", "tests.loaded"])


def sweep_seldom() -> None:
    """For a process that has loaded what it needs: that stays till the end, so the garbage collector leaves it alone, and
    looks through the rest when there is much of it. Forks begin so as well.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    gc.enable()


def begin(**environment: str) -> None:
    """In a fork, first of all: these variables, and the settings as they are with them."""
    os.environ.update(environment)
    for name in ("tests.settings", "clinic.settings"):
        sys.modules.pop(name, None)
    settings._wrapped = empty
    vars(connections).pop("settings", None)
    vars(connections)["_settings"] = None
    with suppress(AttributeError):  # nobody had asked for it yet
        del connections["default"]
    # Read at once: with settings that are still to be read, call_command("migrate") would be Django's and not ours.
    assert settings.INSTALLED_APPS


class Command:
    """`manage.py ...` in a process of its own, with what a test wants of subprocess.Popen."""

    def __init__(self, *words: str, **environment: str) -> None:
        self.process: ForkServerProcess = context.Process(target=_manage, args=(words, environment))
        self.process.start()
        # One thread alone may wait for it: how it ended is read out of a pipe, once.
        self._waiting = Lock()

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()

    def wait(self, seconds: float | None = None) -> int | None:
        """How it ended (as subprocess has it: -9 if it was killed); None if it has not after this many seconds."""
        with self._waiting:
            self.process.join(seconds)
            return self.process.exitcode


def manage(*words: str, only: dict[str, str], said: Path) -> None:
    """Run `manage.py ...` to its end, in this environment alone. If it fails: AssertionError, with what it wrote."""
    process = context.Process(target=_manage_alone, args=(words, only, str(said)))
    process.start()
    process.join(MINUTES * 60)
    process.kill()
    process.join()
    assert process.exitcode == 0, f"manage.py {words[0]} failed:\n{said.read_text()}"


def _manage_alone(words: tuple[str, ...], only: dict[str, str], said: str) -> None:
    with open(said, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    _manage(words, only)


def _manage(words: tuple[str, ...], environment: dict[str, str]) -> None:
    begin(**environment)
    execute_from_command_line(["manage.py", *words])
