"""What is measured without a server: statements that a piece of work asks, and how long two ways take, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client

from benchmarks.load import HOST, NotMeasured

Work = Callable[[], object]


def browser() -> Client:
    """A client without a server, which comes as through the proxy."""
    return Client(headers={"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"})


class Statement(NamedTuple):
    """One SQL statement as it was sent."""

    sql: str
    parameters: Any


def statements(work: Work) -> list[Statement]:
    """The SQL that `work` sends, the second time: the first fills what a process keeps. Raises NotMeasured without any."""
    sent: list[Statement] = []

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(Statement(sql, params))
        return execute(sql, params, many, context)

    work()
    with connection.execute_wrapper(noted):
        work()
    if not sent:
        raise NotMeasured("no SQL was sent")
    return sent


def ask(sent: list[Statement]) -> None:
    """Send the same once more, and fetch what comes, without anything of the ORM."""
    with connection.cursor() as cursor:
        for statement in sent:
            cursor.execute(statement.sql, statement.parameters)
            cursor.fetchall()


def in_turns(one: Work, other: Work, *, rounds: int, times: int = 5) -> tuple[list[float], list[float]]:
    """Milliseconds that each takes, A B A B; of each round the quickest of `times`, which others disturbed least."""
    one(), other()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, found in zip((one, other), taken, strict=True):
            found.append(min(_milliseconds(work) for _ in range(times)))
    return taken


def _milliseconds(work: Work) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def median_of(work: Work, *, times: int) -> float:
    """The median time of `work` in milliseconds. It is done once before, to warm up."""
    work()
    return median(_milliseconds(work) for _ in range(times))
