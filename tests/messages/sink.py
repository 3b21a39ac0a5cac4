"""A real SMTP server on 127.0.0.1, whose answers a test scripts, and which keeps every mail it took."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

# What the server says at one step of one conversation: an SMTP answer, or None for "go on as usual".
Script = Callable[[str, str], str | None]


@dataclass
class Taken:
    """One mail that the server said yes to."""

    sender: str
    to: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Sink:
    """The server. `script(step, recipient)` is asked at "ehlo", "mail", "rcpt", "data" and "taken"."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    script: Script = lambda step, to: None
    offers_tls: bool = False

    def ids(self) -> list[str]:
        return [str(one.mail["Message-ID"]) for one in self.taken]

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, name: str, answers: list[str]
    ) -> list[str]:
        self._ask("ehlo", "")
        session.host_name = name
        return [*answers[:-1], "250-STARTTLS", answers[-1]] if self.offers_tls else answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self._ask("mail", address)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self._ask("rcpt", address)
        if answer == "hang":
            await asyncio.sleep(5)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        to = envelope.rcpt_tos[0]
        answer = self._ask("data", to)
        if answer == "hang":
            await asyncio.sleep(5)
        if answer == "drop":  # hang up without an answer, having taken nothing
            server.transport.abort()
            return "421 gone"
        if answer is not None:
            return answer
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if self._ask("taken", to) == "drop":  # the mail is ours, but the sender never hears of it
            server.transport.abort()
        return "250 OK"

    def _ask(self, step: str, to: str) -> str | None:
        self.steps.append(step)
        return self.script(step, to)


@contextmanager
def listening(*, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """A sink on a free port, in a thread of its own. With `tls` nothing is said in the clear."""
    sink, ready, over = Sink(), threading.Event(), threading.Event()

    async def serve() -> None:
        doors: list[Any] = []
        loop = asyncio.get_running_loop()

        def door() -> Any:
            doors.append(SMTP(sink, hostname="sink", loop=loop, tls_context=starttls))
            return doors[-1]

        server = await loop.create_server(door, "127.0.0.1", 0, ssl=tls)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.02)
        server.close()
        for one in doors:
            if one.transport is not None:
                one.transport.abort()
        await asyncio.sleep(0.02)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield sink
    finally:
        over.set()
        thread.join(10)
