"""A line to the mail server, for one mail or many, one after the other. Each mail's part of it ends within
limits.mail.MAIL_CONVERSATION, whatever the server does. Afterwards it says what is certain.

with Line() as line:
    with line.mail(sender=..., to=...):   # nothing of the mail has left us yet
        line.hand_over(raw)               # from here on the server may have it; Unanswered when it does not say
"""

from __future__ import annotations

import math
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from django.conf import settings
from django.core.mail import DNS_NAME

from bookings import limits

# How often the clock is looked at within the longest conversation: one lasts longer by that much at most.
_LOOKS = 20
MAYBE = "The mail server got it and did not say whether it has it. It may have arrived."


class Unanswered(OSError):
    """The server got the whole text and never said whether it has the mail. It may have arrived."""


class Line:
    """A connection to the mail server: opened for the first mail, kept for the next while all goes well, closed at the end.

    All of it raises OSError (smtplib's exceptions are OSErrors). Refused STARTTLS is a failure, never clear text. What goes
    wrong while hanging up does not matter: the fate of every mail is written down by then.
    """

    def __init__(self) -> None:
        self._talk: smtplib.SMTP | None = None
        self._is_over = self._is_taken = False
        self._ends_at = math.inf
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._talk is not None:
            with suppress(OSError), self._in_time():
                self._talk.quit()
        self._hang_up()
        self._closed.set()

    def open(self) -> None:
        """Be greeted, encrypted as EMAIL_SECURITY says, and signed in."""
        with self._in_time():
            self._connect()

    @contextmanager
    def mail(self, *, sender: str, to: str) -> Iterator[None]:
        """Name the sender and the one recipient; within it, `hand_over`. Raises what the server refuses.

        After anything but a mail that the server took, the next mail gets a new connection.
        """
        self._is_taken = False
        with self._in_time():
            try:
                self._address(sender, to)
                yield
            finally:
                if not self._is_taken:
                    self._hang_up()

    def hand_over(self, raw: bytes) -> None:
        """Give the text of the mail and wait for the answer.

        Raises smtplib.SMTPDataError when the server says no, which is certain, and Unanswered when it says nothing.
        """
        assert self._talk is not None  # it is open within `mail`
        _give(self._talk, raw)
        self._is_taken = True

    def _address(self, sender: str, to: str) -> None:
        if self._talk is not None:
            try:
                return _name(self._talk, sender, to)
            except smtplib.SMTPRecipientsRefused:
                raise
            except OSError:
                # Cut since the last mail, or the server wants no more on one connection. Nothing of this mail has left us.
                if self._is_over:
                    raise
                self._hang_up()
        _name(self._connect(), sender, to)

    def _connect(self) -> smtplib.SMTP:
        self._talk = talk = _telephone()
        try:
            _greet(talk)
        except BaseException:
            self._hang_up()
            raise
        return talk

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        self._is_over = False
        self._ends_at = time.monotonic() + limits.mail.MAIL_CONVERSATION.total_seconds()
        if self._watch is None:
            self._watch = threading.Thread(target=self._look_at_the_clock, daemon=True)
            self._watch.start()
        try:
            yield
        finally:
            self._ends_at = math.inf

    def _look_at_the_clock(self) -> None:
        """In a thread of its own, for as long as the line is in use: cut what lasts too long."""
        while not self._closed.wait(limits.mail.MAIL_CONVERSATION.total_seconds() / _LOOKS):
            if time.monotonic() > self._ends_at:
                self._cut()

    def _cut(self) -> None:
        """End it, from that thread: whoever is waiting for the server sees the connection end."""
        self._is_over = True
        line = self._talk.sock if self._talk is not None else None
        if line is not None:
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None


def _name(talk: smtplib.SMTP, sender: str, to: str) -> None:
    """Name the sender and the one recipient. Raises smtplib's exceptions for what the server refuses."""
    talk.ehlo_or_helo_if_needed()
    code, answer = talk.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = talk.rcpt(to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: (code, answer)})


def _give(talk: smtplib.SMTP, raw: bytes) -> None:
    code, answer = talk.docmd("DATA")
    if code != 354:
        raise smtplib.SMTPDataError(code, answer)
    # A line that is one dot ends the mail, so every dot that begins a line is doubled (RFC 5321, 4.5.2).
    text = re.sub(rb"(?m)^\.", b"..", raw.removesuffix(b"\r\n"))
    try:
        talk.send(text + b"\r\n.\r\n")
        code, answer = talk.getreply()
    except OSError as error:
        raise Unanswered from error
    if code == -1:  # the server sent something that is not a reply
        raise Unanswered
    if not 200 <= code < 300:
        raise smtplib.SMTPDataError(code, answer)


def explain(error: OSError) -> tuple[bool, str]:
    """Whether retrying is pointless, and why, in words for staff. Never the server's own words: they quote addresses."""
    match error:
        case Unanswered():
            return False, MAYBE
        case smtplib.SMTPRecipientsRefused():
            code = max(answer[0] for answer in error.recipients.values())
            return code >= 500, f"The mail server refused the address ({code})."
        case smtplib.SMTPDataError():
            return error.smtp_code >= 500, f"The mail server refused the mail ({error.smtp_code})."
        case smtplib.SMTPSenderRefused():
            return False, f"The mail server refused our own address ({error.smtp_code})."
        case smtplib.SMTPAuthenticationError():
            return False, f"The mail server refused our password ({error.smtp_code})."
        case smtplib.SMTPNotSupportedError():
            return False, "The mail server offers no encryption or sign-in, so nothing was sent."
        case smtplib.SMTPResponseException():
            return False, f"The mail server answered {error.smtp_code}."
        case smtplib.SMTPServerDisconnected():
            return False, "The mail server hung up."
        case TimeoutError():
            return False, "The mail server did not answer in time."
        case _:
            return False, f"The mail server could not be reached ({type(error).__name__})."


def _telephone() -> smtplib.SMTP:
    """Not connected yet, so that `Line._cut` can also cut a connection that is still being made."""
    name, timeout = DNS_NAME.get_fqdn(), settings.EMAIL_TIMEOUT
    if settings.EMAIL_USE_SSL:
        return smtplib.SMTP_SSL(local_hostname=name, timeout=timeout, context=ssl.create_default_context())
    return smtplib.SMTP(local_hostname=name, timeout=timeout)


def _greet(talk: smtplib.SMTP) -> None:
    # smtplib checks the server's certificate against the host it was made with, and was given none.
    talk._host = settings.EMAIL_HOST  # type: ignore[attr-defined]  # no other way to say it
    code, answer = talk.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
    if code != 220:
        raise smtplib.SMTPConnectError(code, answer)
    if settings.EMAIL_USE_TLS:
        talk.starttls(context=ssl.create_default_context())
    if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
        talk.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
