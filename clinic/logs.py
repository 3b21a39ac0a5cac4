"""Keeps personal data out of the logs: no query strings, no link tokens, no e-mail addresses, no database values."""

from __future__ import annotations

import logging
import re

from django.conf import settings

# gunicorn names the sender of a request that it cannot read.
SENDER = re.compile(r"\bip=[\da-fA-F.:]+")
# Each of them begins only where a word does: from every letter of a long one, it would take the square of its length.
EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
QUERY = re.compile(r"(?<![^\s?\"'<>])(?=[^\s?\"'<>]*/)([^\s?\"'<>]*)\?[^\s\"'<>]*")
# A long run of letters and digits with at least one capital and one digit: a token in an address we did not expect.
RANDOM = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}")
# PostgreSQL quotes the offending row: `DETAIL:  Key (email)=(...) already exists.`
DETAIL = re.compile(r"(DETAIL:).*")


def _links() -> re.Pattern[str]:
    prefixes = "|".join(re.escape(prefix) for prefix in settings.TOKEN_PATHS)
    # A mail program may have put a bracket or a blank between the address and its token (clinic/foundation/mailed.py).
    return re.compile(rf"((?:{prefixes})/*)(?:[\s\"'<>]*(?=[\w-]{{20}}))?[^\s\"'<>]+", re.IGNORECASE)


def mask(text: str) -> str:
    """Return `text` without query strings, link tokens, e-mail addresses and values that the database quotes."""
    text = QUERY.sub(r"\1", text)
    text = _links().sub(r"\1[token]", text)
    text = RANDOM.sub("[token]", text)
    text = DETAIL.sub(r"\1 [hidden]", text)
    text = SENDER.sub("ip=[hidden]", text)
    return EMAIL.sub("[address]", text)


class PrivateFilter(logging.Filter):
    """Rewrites each record, its traceback included, before a handler sees it. Never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (
            TypeError,
            ValueError,
            KeyError,
        ):  # a log call whose arguments do not fit; do not fail the caller
            message = str(record.msg)
        record.msg, record.args = mask(message), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)  # a formatter uses this text instead of the exception
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True
