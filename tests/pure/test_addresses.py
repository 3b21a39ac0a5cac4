"""An e-mail address is kept in one form, written to in ASCII, and counted by whom it reaches."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as some

from bookings.fields import Email
from clinic.foundation.addresses import FORMAT, NO_NUMBERS, PLAIN_BEFORE_THE_AT, kept, mailbox, wire
from clinic.foundation.limits.texts import EMAIL_CHARACTERS

field = Email()


def refusal(typed: str) -> str:
    """What the form says to whoever typed this."""
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    [message] = caught.value.messages
    return str(message)


@pytest.mark.parametrize(
    ("typed", "one_form"),
    [
        ("cleo@example.org", "cleo@example.org"),
        ("  Cleo.Marsh+1@Example.ORG ", "Cleo.Marsh+1@example.org"),
        ("cleo@müller.example", "cleo@müller.example"),
        ("cleo@MÜLLER.example", "cleo@müller.example"),
        # Chromium sends what was typed into an e-mail field like this.
        ("cleo@xn--mller-kva.example", "cleo@müller.example"),
        ("cleo@XN--MLLER-KVA.example", "cleo@müller.example"),
        ("cleo@mu\u0308ller.example", "cleo@müller.example"),
        ("cleo@例え.jp", "cleo@例え.jp"),
        ("cleo@例え。jp", "cleo@例え.jp"),
        ("cleo@xn--r8jz45g.jp", "cleo@例え.jp"),
        ("cleo@ｅｘａｍｐｌｅ.org", "cleo@example.org"),
        ("cleo@straße.example", "cleo@straße.example"),
        ("cleo@пример.рф", "cleo@пример.рф"),
        ("cleo@उदाहरण.भारत", "cleo@उदाहरण.भारत"),
        # A heart is not a letter, so nobody can type it; the name in ASCII is kept as it is.
        ("cleo@xn--i-7iq.ws", "cleo@xn--i-7iq.ws"),
    ],
)
def test_it_is_kept_in_one_form(typed: str, one_form: str) -> None:
    assert field.clean(typed) == one_form
    assert field.clean(one_form) == one_form


@pytest.mark.parametrize(
    ("address", "ascii_form"),
    [
        ("cleo@müller.example", "cleo@xn--mller-kva.example"),
        ("cleo@例え.jp", "cleo@xn--r8jz45g.jp"),
        # Python's own codec would write to strasse.example, which may be somebody else's.
        ("cleo@straße.example", "cleo@xn--strae-oqa.example"),
        ("cleo@βόλος.example", "cleo@xn--nxasmm1c.example"),
        ("Cleo@example.org", "Cleo@example.org"),
    ],
)
def test_it_is_written_to_in_ascii(address: str, ascii_form: str) -> None:
    assert wire(address) == ascii_form


@pytest.mark.parametrize("typed", ["eve@[127.0.0.1]", "eve@[IPv6:::1]", "eve@127.0.0.1", "eve@192.0.2.44"])
def test_a_number_after_the_at_is_refused(typed: str) -> None:
    assert refusal(typed) == NO_NUMBERS


def test_at_most_64_octets_before_the_at() -> None:
    assert field.clean("a" * 64 + "@example.org")
    assert refusal("a" * 65 + "@example.org") == "Use 64 characters or fewer before the @. You used 65."


def test_at_most_254_characters_as_it_is_sent() -> None:
    domain = ".".join(["a" * 60] * 3)
    assert field.clean("c" * 64 + "@" + domain + ".org")
    long = "c" * 64 + "@" + domain + ".aaaaaa.org"
    assert refusal(long) == "Enter an email address of 254 characters or fewer"
    # Short as it is typed, and longer in ASCII.
    poem = "いろはにほへとちりぬるをわかよたれそつねならむうゐのおく"
    typed = "c" * 64 + "@" + ".".join([poem] * 4) + ".jp"
    assert len(typed) < 254 and "254" in refusal(typed)


def test_letters_with_accents_before_the_at_are_refused_in_words() -> None:
    assert refusal("zoë@example.org") == PLAIN_BEFORE_THE_AT


@pytest.mark.parametrize(
    "typed",
    [
        "cleo", "cleo@", "@example.org", "cleo@localhost", "cleo@example..org", "cleo@.example.org", "cleo @example.org",
        "cleo@exam ple.org", "cleo@-a.org", "cleo@ü-.org", "cleo@\u0308a.org", "cleo@☃.example", "cleo@a⁄b.org",
        "cleo@example.org, eve@example.org", "Cleo <cleo@example.org>", "cleo@" + "ü" * 62 + ".org", "cleo@例え", "cleo@。",
        "cleo@ex\u2026ample.org", "cleo@xn--.org",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    assert refusal(typed) == FORMAT


def test_what_only_looks_alike_stays_different() -> None:
    latin, cyrillic = kept("cleo@paypal.example"), kept("cleo@раураl.example")
    assert latin != cyrillic and mailbox(latin) != mailbox(cyrillic)
    for one, other in (("müller", "muller"), ("straße", "strasse"), ("ı", "i")):
        assert mailbox(f"cleo@{one}.example") != mailbox(f"cleo@{other}.example")


@pytest.mark.parametrize(
    "same",
    [
        "cleo@example.org",
        "CLEO@Example.org",
        "cleo+1@example.org",
        "cleo+a+b@example.org",
        "Cleo+Clinic@example.org",
    ],
)
def test_a_plus_and_case_reach_one_mailbox(same: str) -> None:
    assert mailbox(same) == "cleo@example.org"


def test_dots_make_no_difference_at_gmail_and_only_there() -> None:
    assert mailbox("c.l.e.o+x@googlemail.com") == mailbox("cleo@gmail.com") == "cleo@gmail.com"
    assert mailbox("c.leo@example.org") != mailbox("cleo@example.org")


def test_a_name_that_begins_with_a_plus_stays_a_name() -> None:
    assert mailbox("+1@example.org") != mailbox("+2@example.org")


def test_an_international_domain_and_its_ascii_are_one_mailbox() -> None:
    assert mailbox("cleo+1@müller.example") == mailbox("CLEO@xn--mller-kva.example")


@given(some.text(max_size=80))
def test_whatever_is_typed_is_kept_or_refused_in_words(typed: str) -> None:
    """And what is kept can be written to, and stays what it is when it is typed once more."""
    for text in (typed, f"cleo@{typed}", f"cleo@{typed}.org"):
        try:
            address = kept(text)
        except ValidationError:
            continue
        assert kept(address) == address
        assert wire(address).isascii()
        assert len(wire(address)) <= EMAIL_CHARACTERS
        assert mailbox(address) == mailbox(wire(address))
