"""Keeps personal data out of the logs: no query strings, no link tokens, no e-mail addresses, no exceptions' messages."""

from __future__ import annotations

import json
import logging
import re
import threading
from datetime import UTC, datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from clinic import request_id
from clinic.traces import lines_of, place, told

# gunicorn names the sender of a request that it cannot read.
SENDER = re.compile(r"\bip=[\da-fA-F.:]+")
# Each begins only where a word does: from every letter of a long one, time would grow with the square of its length.
EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
QUERY = re.compile(r"(?<![^\s?\"'<>])(?=[^\s?\"'<>]*/)([^\s?\"'<>]*)\?[^\s\"'<>]*")
# A long run of letters and digits with at least one capital and one digit: a token in an address we did not expect.
RANDOM = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}")
# PostgreSQL quotes the offending row: `DETAIL:  Key (email)=(...) already exists.`
DETAIL = re.compile(r"(DETAIL:).*")


def _links() -> re.Pattern[str]:
    prefixes = "|".join(re.escape(prefix) for prefix in settings.TOKEN_PATHS)
    # A mail program may have put a bracket or a blank between the address and its token (clinic/foundation/mailed_links.py).
    return re.compile(rf"((?:{prefixes})/*)(?:[\s\"'<>]*(?=[\w-]{{20}}))?[^\s\"'<>]+", re.IGNORECASE)


def mask(text: str) -> str:
    """Return `text` without query strings, link tokens, e-mail addresses and values that the database quotes."""
    text = QUERY.sub(r"\1", text)
    text = _links().sub(r"\1[token]", text)
    text = RANDOM.sub("[token]", text)
    text = DETAIL.sub(r"\1 [hidden]", text)
    text = SENDER.sub("ip=[hidden]", text)
    return EMAIL.sub("[address]", text)


def one_line(text: str) -> str:
    """`text` with line ends and anything else unprintable written out: nobody can forge a line of the log."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class PrivateFilter(logging.Filter):
    """Rewrites each record, its traceback included, before a handler sees it. Never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(one_line(message_of(record))), ()
        record.request_id = number_of(record)
        if record.exc_info and record.exc_info[1]:
            record.exc_text = lines_of(record.exc_info[1])
        if record.exc_text:
            record.exc_text = mask(record.exc_text)  # a formatter uses this text instead of the exception
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True


class OutageFilter(logging.Filter):
    """One line a second, of this process, for all that fails because the database is away. Each request would write 110.

    An outage is what is answered with 503 (clinic/errors.py). The line names the last place of our code, and how many lines
    have been left out since the previous one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._last_line_at, self._left_out = float("-inf"), 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        is_outage = isinstance(error, (OperationalError, InterfaceError))
        if not is_outage and getattr(record, "status_code", None) != 503:
            return True
        with self._lock:
            if 0 <= record.created - self._last_line_at < 1:
                self._left_out += 1
                return False
            left_out, self._left_out, self._last_line_at = self._left_out, 0, record.created
        parts = [message_of(record)] + ([f"{told(error)}, at {place(error)}"] if error else [])
        parts += [f"lines like this left out before it: {left_out}"] if left_out else []
        record.msg, record.args = "; ".join(parts), ()
        record.exc_info = record.exc_text = None
        return True


def number_of(record: logging.LogRecord) -> str:
    """The number of the request that the record is about. Django logs a 404 when all middleware is done."""
    meta = getattr(getattr(record, "request", None), "META", {})
    return str(meta.get(request_id.ENVIRON) or request_id.current())


def message_of(record: logging.LogRecord) -> str:
    """What the record says. A log call whose arguments do not fit causes no failure."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


class Line(logging.Formatter):
    """Moment in UTC, level, logger, the request's number, and the message."""

    def __init__(self) -> None:
        form = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"
        super().__init__(form, defaults={"request_id": request_id.NONE})

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return moment(record.created)


class Json(logging.Formatter):
    """The same as one JSON object a line, for programs that collect logs; a traceback is in it as "trace"."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": moment(record.created),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", request_id.NONE),
            "message": record.getMessage(),
        }
        trace = record.exc_text or record.stack_info
        return json.dumps(entry | {"trace": trace} if trace else entry, ensure_ascii=False)


def moment(seconds: float) -> str:
    """A Unix time in the form that begins each of our lines: 2026-11-30T09:15:00.250Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
