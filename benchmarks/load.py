"""Rounds of load: every target in turn, again and again, so that whatever else the machine does meets all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.client import Order, Result
from benchmarks.server import ROOT
from benchmarks.site import WORKERS, Site

HOST = "bench.example.org"
ORIGIN = f"https://{HOST}"


class NotMeasured(Exception):
    """Something answered otherwise than it should, so there is nothing to measure."""


def get(path: str, **headers: str) -> str:
    """A whole GET request as a proxy hands it on. `headers` by their names, with _ for -."""
    return _request("GET", path, headers)


def post(path: str, body: str, **headers: str) -> str:
    """A whole POST request of a form that is encoded already."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return _request("POST", path, {**headers, **kind}) + body


def _request(method: str, path: str, headers: dict[str, str]) -> str:
    given = {
        "Host": HOST,
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "Accept": "text/html",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n"


class Target(NamedTuple):
    """What is asked for in turns, and the status that each answer must have."""

    name: str
    site: Site
    requests: Sequence[str]
    status: int = 200


@dataclass(frozen=True)
class Rounds:
    """What each round gave for one target: answers a second; an answer's milliseconds of web processor time; all waits."""

    rates: list[float]
    processor: list[float]
    waits: list[list[float]]


class Client:
    """The process that sends: see benchmarks/client.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def send(self, target: Target, *, connections: int, seconds: float) -> tuple[Result, float]:
        """The result, and the processor seconds of the site's web processes meanwhile. Raises NotMeasured."""
        assert self.process.stdin is not None and self.process.stdout is not None
        order: Order = {
            "port": target.site.port,
            "requests": list(target.requests),
            "connections": connections,
            "seconds": seconds,
        }
        before = target.site.busy()
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        busy = target.site.busy() - before
        if not line:
            raise NotMeasured(f"the client ended while it asked for {target.name}")
        result: Result = json.loads(line)
        if result["statuses"].keys() != {str(target.status)}:
            raise NotMeasured(f"{target.name} was answered with {result['statuses']}, not {target.status}")
        return result, busy

    def warm(self, target: Target) -> None:
        """Ask until every web process has met it."""
        met: set[str] = set()
        while len(met) < WORKERS:
            met |= self.send(target, connections=2 * WORKERS, seconds=0.1)[0]["workers"].keys()

    def rounds(
        self, targets: Sequence[Target], *, rounds: int, connections: int = 4, seconds: float = 0.4
    ) -> dict[str, Rounds]:
        """By the targets' names."""
        found = {target.name: Rounds([], [], []) for target in targets}
        for target in targets:
            self.warm(target)
        for _ in range(rounds):
            for target in targets:
                result, busy = self.send(target, connections=connections, seconds=seconds)
                count = len(result["milliseconds"])
                of = found[target.name]
                of.rates.append(count / result["seconds"])
                of.processor.append(busy / count * 1000)
                of.waits.append(result["milliseconds"])
        return found


@contextmanager
def client() -> Iterator[Client]:
    """A client, for as long as this lasts."""
    command = [sys.executable, "-m", "benchmarks.client"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Client(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
