"""Eight real processes, each with a connection of its own, that start together.

Threads would share one interpreter; what races in production are processes. The pytest process touches no database: it
hands out jobs (plain functions of tests/races/jobs.py) and looks at what comes back.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Barrier
from typing import Any

from tests import forks

SIZE = 8
# Longer than any honest wait: PostgreSQL gives up on a lock after 8 seconds, SQLite after 20.
PATIENCE = 60.0


@dataclass(frozen=True)
class Seat:
    """One process's place in the crew: who it is and whom it waits for."""

    number: int
    all_of_us: Barrier
    pairs: Sequence[Barrier]

    def together(self) -> None:
        """Wait until all eight are here."""
        self.all_of_us.wait(PATIENCE)

    def both(self) -> None:
        """Wait until the other one of this pair is here: 0 with 1, 2 with 3 ..."""
        self.pairs[self.number // 2].wait(PATIENCE)

    @property
    def is_left(self) -> bool:
        return self.number % 2 == 0


@dataclass(frozen=True)
class Done:
    """What a job returned, or the traceback of what it raised."""

    result: Any
    problem: str = ""
    seconds: float = 0.0


class Crew:
    """Eight processes on the database at `url`, until `dismiss()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seconds = 0.0
        self._barriers = [forks.context.Barrier(SIZE), *(forks.context.Barrier(2) for _ in range(SIZE // 2))]
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(SIZE):
            ours, theirs = forks.context.Pipe()
            seat = Seat(number, self._barriers[0], self._barriers[1:])
            process = forks.context.Process(target=_work, args=(url, seat, theirs), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    @property
    def is_postgresql(self) -> bool:
        return self.url.startswith("postgres")

    def ask(self, job: Callable[..., Any], *args: Any, within: float = PATIENCE) -> Any:
        """Let the first process do `job(*args)`, and return what it returns."""
        self._pipes[0].send((job, args, False))
        return self._hear(0, time.monotonic() + within).result

    def race(
        self, job: Callable[..., Any], shares: Sequence[tuple[Any, ...]], *, within: float = 300
    ) -> list[Any]:
        """Let all of them do `job(seat, *share)` from the same moment, and return the results by seat.

        `seconds` says afterwards how long the slowest took. Fails when one of them raises, or after `within` seconds.
        """
        assert len(shares) == SIZE
        for pipe, share in zip(self._pipes, shares, strict=True):
            pipe.send((job, share, True))
        done = self._hear_all(time.monotonic() + within)
        self.seconds = max(one.seconds for one in done)
        return [one.result for one in done]

    def dismiss(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(5)
            if process.is_alive():
                process.kill()

    def _hear(self, number: int, end: float) -> Done:
        pipe = self._pipes[number]
        if not pipe.poll(max(0.0, end - time.monotonic())):
            raise AssertionError(f"process {number} did not finish in time")
        done: Done = pipe.recv()
        assert not done.problem, done.problem
        return done

    def _hear_all(self, end: float) -> list[Done]:
        """By seat. After a problem the others no longer wait for each other, and are heard as well: what is left in a pipe
        would answer the next race."""
        heard: dict[Connection, Done] = {}
        problem = ""
        while len(heard) < SIZE:
            ready = wait(
                [pipe for pipe in self._pipes if pipe not in heard], max(0.0, end - time.monotonic())
            )
            if not ready:
                late = [number for number, pipe in enumerate(self._pipes) if pipe not in heard]
                raise AssertionError(f"processes {late} did not finish in time. {problem}")
            for pipe in self._pipes:
                if pipe in ready:
                    heard[pipe] = pipe.recv()
            if not problem and (problem := next((one.problem for one in heard.values() if one.problem), "")):
                for barrier in self._barriers:
                    barrier.abort()
        for barrier in self._barriers:
            barrier.reset()
        assert not problem, problem
        return [heard[pipe] for pipe in self._pipes]


def _work(url: str, seat: Seat, pipe: Connection) -> None:
    """The life of one process: jobs until the pipe closes. A job's module is imported as it comes, so settings first."""
    forks.begin(DATABASE_URL=url)
    while True:
        try:
            job, args, is_race = pipe.recv()
        except EOFError:
            return
        try:
            if is_race:
                seat.together()
                args = (seat, *args)
            start = time.perf_counter()
            result = job(*args)
            pipe.send(Done(result, seconds=time.perf_counter() - start))
        except Exception:  # noqa: BLE001  (whatever it was, the test must see it)
            pipe.send(Done(None, problem=f"process {seat.number}: {traceback.format_exc()}"))
