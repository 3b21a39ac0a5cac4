"""Reads settings from the environment, and from an env file beside it. The environment wins.

Whatever is missing or cannot be right raises ImproperlyConfigured, whose text begins with the name of the setting and never
shows a secret. Blanks at either end do not matter, except in a secret, which is taken as it is typed.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from dotenv.parser import parse_stream

from clinic import database_url
from clinic.foundation import addresses

T = TypeVar("T")
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_NAME_AND_ADDRESS = re.compile(r"(?:[^<>,]*<([^<>,\s]+)>|([^<>,\s]+))")


class Environment:
    """`env.number("EMAIL_PORT", 587)` and the like. A setting without a default must be set."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def is_set(self, name: str) -> bool:
        return bool(self._given.get(name, "").strip())

    def secret(self, name: str, default: str | None = None) -> str:
        """Exactly as it was typed, blanks included. May be empty only if the default is."""
        return self._read(name, default, str)

    def keys(self, name: str) -> list[str]:
        """Fernet keys, separated by commas. At least one."""
        return self._read(name, None, _fernet_keys)

    def mail_sign_in(self, name: str, *, secret: bool) -> str:
        """A user or a password for the mail server; empty if not set. ASCII only: smtplib signs in with nothing else."""
        typed = self.secret(name, "") if secret else self.text(name, "")
        if not typed.isascii():
            raise ImproperlyConfigured(
                f"{name} holds a letter that is not ASCII, and cannot be used to sign in."
            )
        return typed

    def text(self, name: str, default: str | None = None) -> str:
        return self._read(name, default, str.strip)

    def number(self, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        return self._read(name, default, lambda typed: _whole_number(typed, least, most))

    def switch(self, name: str, default: bool) -> bool:
        return self._read(name, default, _yes_or_no)

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        return self._read(name, default, lambda typed: _one_of(typed, options))

    def items(self, name: str, default: list[str]) -> list[str]:
        return self._read(name, default, _items)

    def hosts(self, name: str, default: list[str]) -> list[str]:
        """Names as browsers send them, for ALLOWED_HOSTS: `.example.org` includes its subdomains."""
        return self._read(name, default, lambda typed: [_allowed_host(item) for item in _items(typed)])

    def host(self, name: str, default: str) -> str:
        """One name or address of a machine, without scheme or port."""
        return self._read(name, default, _host)

    def site(self, name: str, default: str) -> str:
        """The address of a site, without a slash at its end."""
        return self._read(name, default, _site)

    def sender(self, name: str, default: str) -> str:
        """`dee@example.org` or `Dee Hart <dee@example.org>`."""
        return self._read(name, default, _sender)

    def contact(self, name: str, default: str) -> str:
        """A URI, as security.txt wants it (RFC 9116, 2.5.3). From an address, or a sender, a mailto: is made."""
        return self._read(name, _contact(default), _contact)

    def folder(self, name: str, default: Path) -> Path:
        return self._read(name, default, _folder)

    def database(self, name: str, default: str, root: Path) -> dict[str, Any]:
        """What Django wants to know of a database. A relative SQLite file is under `root`."""
        return self._read(name, database_url.parse(default, root), lambda url: database_url.parse(url, root))

    def _read(self, name: str, default: T | None, read: Callable[[str], T]) -> T:
        typed = self._given.get(name)
        if typed is None:
            if default is None:
                raise ImproperlyConfigured(f"{name} is not set, and must be.")
            return default
        if read is not str:  # Windows line endings, among others
            typed = typed.strip()
        if any(unicodedata.category(sign) == "Cc" for sign in typed):
            raise ImproperlyConfigured(f"{name} holds a control character, such as the end of a line.")
        if not typed:
            if default == "":
                return default
            raise ImproperlyConfigured(f"{name} is empty. Give it a value, or leave it out.")
        try:
            return read(typed)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} {error}") from None


def file_in(base: Path) -> Path:
    """The file that ENV_FILE names, or `.env` in `base`, whether or not it is there."""
    named = os.environ.get("ENV_FILE")
    return Path(named) if named else base / ".env"


def read(base: Path) -> Environment:
    """What the environment holds, and beneath it `file_in(base)`. A file that ENV_FILE names must be there."""
    file = file_in(base)
    if not os.environ.get("ENV_FILE") and not file.exists():
        return Environment(os.environ)
    try:
        return Environment(from_file(file) | os.environ)
    except (ValueError, OSError) as error:
        problem = error.strerror if isinstance(error, OSError) else error
        raise ImproperlyConfigured(f"ENV_FILE {file} cannot be read: {problem}.") from None


def from_file(file: Path) -> dict[str, str]:
    """The settings of an env file, each as it is typed: no `$NAME` is looked up. Raises ValueError and OSError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None
    found: dict[str, str] = {}
    for line in parse_stream(io.StringIO(text)):
        number = line.original.line + len(line.original.string) - len(line.original.string.lstrip("\n"))
        if line.error:
            raise ValueError(f"line {number} cannot be understood (is a quotation mark open?)")
        if line.key is None:
            continue
        if line.value is None:
            raise ValueError(f"{line.key} in line {number} has no value")
        if line.key in found:
            raise ValueError(f"{line.key} stands there twice, the second time in line {number}")
        found[line.key] = line.value
    return found


# --- what each kind may be: these raise ValueError with the words after the name ---------------------------------------


def _whole_number(typed: str, least: int, most: int | None) -> int:
    if re.fullmatch(r"[+-]?[0-9]{1,12}", typed):
        number = int(typed)
        if number >= least and (most is None or number <= most):
            return number
    limits = f"from {least} to {most}" if most is not None else f"of {least} or more"
    raise ValueError(f"must be a whole number {limits}, and is {typed!r}.")


def _yes_or_no(typed: str) -> bool:
    if typed.lower() in _YES + _NO:
        return typed.lower() in _YES
    raise ValueError(f"must be true or false, and is {typed!r}.")


def _one_of(typed: str, options: tuple[str, ...]) -> str:
    if typed in options:
        return typed
    raise ValueError(f"must be one of {', '.join(options)}, and is {typed!r}.")


def _items(typed: str) -> list[str]:
    return [item.strip() for item in typed.split(",") if item.strip()]


def _fernet_keys(typed: str) -> list[str]:
    keys = _items(typed)
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            # The position, not the key: what stops a start is printed and logged.
            raise ValueError(
                f"holds no key at place {number}. `python scripts/write_env.py --key` makes one."
            ) from None
    if not keys:
        raise ValueError("holds no key.")
    return keys


def _allowed_host(typed: str) -> str:
    if typed == "*":
        return typed
    return "." + _host(typed[1:]) if typed.startswith(".") else _host(typed, brackets=True)


def _host(typed: str, *, brackets: bool = False) -> str:
    """A host as machines write it. `brackets`: whether an IPv6 address is in brackets, as in web addresses."""
    try:
        if brackets and typed[:1] + typed[-1:] == "[]":
            return f"[{IPv6Address(typed[1:-1])}]"
        if ":" in typed and not brackets:
            return str(IPv6Address(typed))
        if typed.replace(".", "").isdigit():
            return str(IPv4Address(typed))
        return addresses.host(typed)
    except ValueError:
        raise ValueError(
            f"takes names alone, such as www.example.org, without https:// and port, and not {typed!r}."
        ) from None


def _site(typed: str) -> str:
    wrong = ValueError(
        "must be the address of a site, such as https://www.example.org, with nothing behind it."
    )
    try:
        parts: SplitResult = urlsplit(typed)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise wrong
    if parts.path.strip("/") or parts.query or parts.fragment or typed[-1] in "?#":
        raise wrong
    shown = _host(f"[{host}]" if ":" in host else host, brackets=True)
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _sender(typed: str) -> str:
    _address_in(typed)
    return typed


def _address_in(typed: str) -> str:
    found = _NAME_AND_ADDRESS.fullmatch(typed)
    try:
        return addresses.wire((found[1] or found[2]) if found else "")
    except ValueError:
        raise ValueError(
            "must be one e-mail address, such as dee@example.org or Dee Hart <dee@example.org>."
        ) from None


def _contact(typed: str) -> str:
    scheme, colon, rest = typed.partition(":")
    if not colon or "@" in scheme or "<" in scheme:
        return "mailto:" + quote(_address_in(typed), safe="@+")
    known = {
        "https": bool(re.fullmatch(r"//[^\s/]+\S*", rest)),
        "tel": bool(re.fullmatch(r"\+[0-9.()-]+", rest)),
        "mailto": bool(re.fullmatch(r"[^\s<>,]+@[^\s<>,]+", rest)) and rest.isascii(),
    }
    if not known.get(scheme.lower()):
        raise ValueError("must be an e-mail address, or a URI that begins with https://, mailto: or tel:+.")
    return typed


def _folder(typed: str) -> Path:
    folder = Path(typed)
    if not folder.is_absolute():
        raise ValueError(f"must be a whole path that begins with /, and is {typed!r}.")
    return folder
