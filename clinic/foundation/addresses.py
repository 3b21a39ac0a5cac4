"""E-mail addresses: the form they are kept in (`kept`), the one mail servers take (`wire`), who they reach (`mailbox`).

An address is kept as people read it: müller.example, never xn--mller-kva.example, whichever was typed. It is
turned into ASCII when it leaves us. Letters that only look alike stay different: nothing here folds one into another.
"""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clinic.foundation import limits

_LABEL = f"(?!-)[a-z0-9_-]{{1,{limits.texts.EMAIL_LABEL_CHARACTERS}}}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")

FORMAT = "Enter an email address in the correct format, like name@example.com"
NO_NUMBERS = "Enter an email address with a name after the @, like name@example.com"
PLAIN_BEFORE_THE_AT = "Use only letters from a to z, digits and signs before the @"

# Including what people type for a dot in Chinese and Japanese.
_DOT = re.compile("[.\u3002\uff0e\uff61]")
# Characters that are part of words in Catalan, Greek, Hebrew and Japanese domains (RFC 5892, appendix A).
_SIGNS_IN_WORDS = "-\u00b7\u0375\u05f3\u05f4\u30fb"
# They ignore dots before the @, and are the same provider.
_GMAIL = ("gmail.com", "googlemail.com")


def kept(typed: str) -> str:
    """The form in which an address is kept. Raises ValidationError with a message for whoever typed it.

    Only names are accepted after the @: a number (user@[127.0.0.1], user@192.0.2.44) is a machine, not a client's.
    """
    local, _, domain = typed.rpartition("@")
    if not local or not domain:
        raise ValidationError(FORMAT, code="invalid")
    if not local.isascii():
        raise ValidationError(PLAIN_BEFORE_THE_AT, code="local_letters")
    if len(local) > limits.texts.EMAIL_CHARACTERS_BEFORE_THE_AT:
        raise ValidationError(
            f"Use {limits.texts.EMAIL_CHARACTERS_BEFORE_THE_AT} characters or fewer before the @. You used {len(local)}.",
            code="too_long",
        )
    if domain.startswith("[") or _DOT.split(domain)[-1].isdigit():
        raise ValidationError(NO_NUMBERS, code="number")
    try:
        sent_to = wire(typed)
        local, domain = sent_to.rsplit("@", 1)
    except ValueError as error:
        raise ValidationError(FORMAT, code="invalid") from error
    if "." not in domain:
        raise ValidationError(FORMAT, code="invalid")
    if len(sent_to) > limits.texts.EMAIL_CHARACTERS:
        raise ValidationError(
            f"Enter an email address of {limits.texts.EMAIL_CHARACTERS} characters or fewer", code="too_long"
        )
    return f"{local}@{_for_people(domain)}"


def wire(address: str) -> str:
    """`address` as mail servers take it: its domain in ASCII and lower case. Raises ValueError when it cannot be done.

    By IDNA 2008, so straße.example is not strasse.example, which Python's own "idna" codec would turn it into.
    """
    local, _, domain = address.rpartition("@")
    ascii_address = f"{local}@{'.'.join(_for_machines(label) for label in _DOT.split(domain))}"
    try:
        validate_email(ascii_address)
    except ValidationError as error:
        raise ValueError("not an address") from error
    return ascii_address


def host(name: str) -> str:
    """The name of a machine in ASCII and lower case, by the same rules, without a dot at its end. Raises ValueError.

    A single part is enough (localhost), and may hold the underscore that names inside a network have.
    """
    ascii_name = ".".join(_for_machines(label) for label in _DOT.split(name.removesuffix(".")))
    if len(ascii_name) > limits.texts.EMAIL_HOST_CHARACTERS or not _HOST.fullmatch(ascii_name):
        raise ValueError("not a host")
    return ascii_name


def mailbox(address: str) -> str:
    """Who `address` reaches, for counting what one person may take: never to write to, never to let anybody in.

    Case and what follows a "+" make no difference; nor do dots at Gmail. Where a provider sees it differently, two
    people share one limit.
    """
    try:
        local, _, domain = wire(address).lower().rpartition("@")
    except ValueError:
        return address.lower()
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), _GMAIL[0]
    return f"{local}@{domain}"


def _for_machines(label: str) -> str:
    """One part of a domain in ASCII. Raises ValueError for characters that no domain has."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).lower())
    if name.isascii():
        return name
    if not all(
        unicodedata.category(sign)[0] in "LM" or sign.isdecimal() or sign in _SIGNS_IN_WORDS for sign in name
    ):
        raise ValueError("not a letter")
    if unicodedata.category(name[0])[0] == "M" or "-" in (name[0], name[-1]):
        raise ValueError("not a beginning")
    written = "xn--" + name.encode("punycode").decode("ascii")
    if len(written) > limits.texts.EMAIL_LABEL_CHARACTERS:
        raise ValueError("too long")
    return written


def _for_people(domain: str) -> str:
    """The domain as people write it. A part that they could not have typed stays in ASCII."""
    return ".".join(_label_for_people(label) for label in domain.split("."))


def _label_for_people(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        name = label.removeprefix("xn--").encode("ascii").decode("punycode")
        return name if _for_machines(name) == label else label
    except ValueError:  # UnicodeError is one
        return label
