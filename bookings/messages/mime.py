"""The bytes of a mail: headers, a text, the same as HTML, and a calendar file if it has one.

Python's email package takes twenty times as long for the same bytes. It writes only what is not plain: a name in another
script, a line that must be folded.
"""

from __future__ import annotations

import binascii
import re
from base64 import encodebytes
from email.headerregistry import Address
from email.policy import SMTP

# "=_" cannot occur inside quoted-printable or base64, so no text can pretend to be the end of a part.
_BOUNDARY = b"=_one_part_of_this_mail_="
_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")  # of a sender: words that need no quotes
_ADDRESS = re.compile(r"[A-Za-z0-9+_-]+(?:\.[A-Za-z0-9+_-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_WORDS = re.compile(r"[!-~]+(?: [!-~]+)*")  # visible ASCII with single spaces
_LINE = 76


def written(headers: bytes, text: str, html: str, *others: bytes) -> bytes:
    """All of a mail. `headers` are lines as `header` and its kin write them, `others` further parts."""
    between = b"\r\n--" + _BOUNDARY
    parts = between.join(b"\r\n" + part for part in (quoted("plain", text), quoted("html", html), *others))
    kind = b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n'
    return headers + kind + between + parts + between + b"--\r\n"


def header(name: str, words: str) -> bytes:
    """A header whose words are fixed, or were made by us."""
    words = _as_typed(words)
    if _WORDS.fullmatch(words) and len(name) + len(words) + 2 <= _LINE:
        return f"{name}: {words}\r\n".encode("ascii")
    return _folded(name, words)


def address(name: str, wire: str, called: str = "") -> bytes:
    """A header with one address, as `envelope.recipient` returns it, and the name of whoever has it."""
    if not called:  # an address alone is not folded, however long it is
        return f"{name}: {wire}\r\n".encode("ascii")
    line = f"{name}: {called} <{wire}>"
    if _ADDRESS.fullmatch(wire) and _NAME.fullmatch(called) and len(line) <= _LINE:
        return f"{line}\r\n".encode("ascii")
    return _folded(name, str(Address(_as_typed(called), addr_spec=wire)))


def quoted(subtype: str, text: str) -> bytes:
    """A part in quoted-printable."""
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode("ascii") + binascii.b2a_qp(lines.encode(), istext=True)


def calendar(file: bytes, method: str) -> bytes:
    """A part with a calendar file."""
    return (
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Type: text/calendar; charset="utf-8"; method="{method}"\r\n'
        "MIME-Version: 1.0\r\n\r\n"
    ).encode("ascii") + encodebytes(file).replace(b"\n", b"\r\n")


def _as_typed(words: str) -> str:
    """So that they are read as they were typed: "=?utf-8?q?=0D=0A?=" stands for a line break, and so for one more header."""
    return words.replace("=?", "= ?")


def _folded(name: str, value: str) -> bytes:
    header = SMTP.header_factory(name, value)
    return SMTP.fold_binary(name, header)
