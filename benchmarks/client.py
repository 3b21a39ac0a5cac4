"""The load: a process of its own that sends prepared requests and counts the answers. It imports nothing of the site.

One order is one line of JSON on stdin, one result one line on stdout: see `Order` and `Result`. It parses as little as it
can, because it shares its cores with what is measured. A connection is kept as long as the server keeps it.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TypedDict

TIMEOUT = 60  # seconds for one answer


class Order(TypedDict):
    """`requests` are whole HTTP requests, taken in turns by `connections` clients at once for `seconds`; 0: each once."""

    port: int
    requests: list[str]
    connections: int
    seconds: float


class Result(TypedDict):
    """How many answers of which status, and of which web process, in how many seconds; the milliseconds that each took."""

    statuses: dict[str, int]
    workers: dict[str, int]
    seconds: float
    milliseconds: list[float]


class Connection:
    """A kept connection to the site, opened anew where the site has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def answer(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer to one request."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        fields = head.lower()
        if b"\r\nconnection: close" in fields:
            body = self._to_the_end(body)
        elif b"\r\ncontent-length:" in fields:
            length = int(fields.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += self._more()
        elif b"\r\ntransfer-encoding: chunked" in fields:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        return int(head[9:12]), head, body

    def _more(self) -> bytes:
        assert self.socket is not None
        more = self.socket.recv(262_144)
        if not more:
            raise ConnectionError("the site closed the connection within an answer")
        return more

    def _to_the_end(self, body: bytes) -> bytes:
        assert self.socket is not None
        parts = [body]
        while more := self.socket.recv(262_144):
            parts.append(more)
        self.socket.close()
        self.socket = None
        return b"".join(parts)


def carry_out(order: Order) -> Result:
    """Send, and count."""
    requests = [request.encode("latin-1") for request in order["requests"]]
    lock, taken = threading.Lock(), list[float]()
    statuses, workers = Counter[str](), Counter[str]()
    begun = time.perf_counter()
    end = begun + order["seconds"] if order["seconds"] else float("inf")
    last = float("inf") if order["seconds"] else len(requests)
    number = -1

    def client() -> None:
        nonlocal number
        connection = Connection(order["port"])
        while time.perf_counter() < end:
            with lock:
                number += 1
                mine = number
            if mine >= last:
                return
            sent = time.perf_counter()
            status, head, _ = connection.answer(requests[mine % len(requests)])
            waited = (time.perf_counter() - sent) * 1000
            with lock:
                statuses[str(status)] += 1
                workers[_worker(head)] += 1
                taken.append(waited)

    with ThreadPoolExecutor(order["connections"]) as clients:
        for one in [clients.submit(client) for _ in range(order["connections"])]:
            one.result()
    took = time.perf_counter() - begun
    return {"statuses": statuses, "workers": workers, "seconds": took, "milliseconds": taken}


def _worker(head: bytes) -> str:
    """The process that answered: see benchmarks/wsgi.py."""
    return head.partition(b"\r\nX-Worker: ")[2].partition(b"\r\n")[0].decode()


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(carry_out(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
