"""One conversation with the mail server: it ends within limits.mail.MAIL_CONVERSATION, whatever the server does.

Afterwards it says what is certain.

with conversation() as talk:
    address(talk, sender=..., to=...)   # nothing of the mail has left us yet
    hand_over(talk, raw)                # from here on the server may have it; Unanswered when it does not say
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.mail import DNS_NAME

from bookings import limits

MAYBE = "The mail server got it and did not say whether it has it. It may have arrived."


class Unanswered(OSError):
    """The server got the whole text and never said whether it has the mail. It may have arrived."""


@contextmanager
def conversation() -> Iterator[smtplib.SMTP]:
    """A connection that is ready for a mail: greeted, encrypted as EMAIL_SECURITY says, signed in. Closed at the end.

    Raises OSError (smtplib's exceptions are OSErrors). Refused STARTTLS is a failure, never clear text. What goes
    wrong while hanging up does not matter: the mail's fate is written down by then.
    """
    talk = _telephone()
    end = threading.Timer(limits.mail.MAIL_CONVERSATION.total_seconds(), _cut, [talk])
    end.daemon = True
    end.start()
    try:
        _greet(talk)
        yield talk
        with suppress(OSError):
            talk.quit()
    finally:
        end.cancel()
        talk.close()


def address(talk: smtplib.SMTP, *, sender: str, to: str) -> None:
    """Name the sender and the one recipient. Raises smtplib's exceptions for what the server refuses."""
    talk.ehlo_or_helo_if_needed()
    code, answer = talk.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = talk.rcpt(to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: (code, answer)})


def hand_over(talk: smtplib.SMTP, raw: bytes) -> None:
    """Give the text of the mail and wait for the answer.

    Raises smtplib.SMTPDataError when the server says no, which is certain, and Unanswered when it says nothing.
    """
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
    """Not connected yet, so that `_cut` can also cut a connection that is still being made."""
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


def _cut(talk: smtplib.SMTP) -> None:
    """End it from another thread: whoever is waiting for the server sees the connection end."""
    line = talk.sock
    if line is not None:
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)
