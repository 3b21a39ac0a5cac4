"""The codes that a telephone makes: RFC 6238 as every app takes it for granted (SHA-1, six digits, half a minute).

Nothing here asks the database. A key is text in base32, a step the number of half minutes since 1970.
"""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from django_otp.oath import TOTP

# Clocks differ: the code before and the code after count as well (RFC 6238, 5.2: one step is enough).
_DRIFT = 1


def new_key() -> str:
    """160 random bits, as RFC 4226 (4) recommends."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def typed_code(text: str) -> str:
    """A code as it was typed or pasted, without its blanks: "123 456" is "123456". Empty if it is none."""
    digits = re.sub(r"\s", "", text)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""


def step_of(key: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, if that is now, one before or one later; else None."""
    totp = TOTP(base64.b32decode(key))
    totp.time = now.timestamp()
    right = bool(code) and totp.verify(int(code), tolerance=_DRIFT)
    return totp.t() if right else None


def code_at(key: str, now: datetime) -> str:
    """What a telephone with this key shows at `now`."""
    totp = TOTP(base64.b32decode(key))
    totp.time = now.timestamp()
    return f"{totp.token():06}"


def in_fours(key: str) -> str:
    """The key as people type it."""
    return " ".join(re.findall(".{1,4}", key))


def address(key: str, account: str, clinic: str) -> str:
    """What a telephone reads out of the picture: an otpauth:// address with the names that its app shows."""
    asked = urlencode({"secret": key, "issuer": clinic}, quote_via=quote)
    return f"otpauth://totp/{quote(clinic, safe='')}:{quote(account, safe='')}?{asked}"


def picture(text: str) -> tuple[int, str]:
    """A QR code for an SVG of ours: how many squares a side has, its white rim included, and the path of the black ones."""
    qr = segno.make(text, error="m", micro=False)
    rows = list(qr.matrix_iter(border=4))
    runs = (
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for y, row in enumerate(rows)
        for run in re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    )
    return len(rows), "".join(runs)
