"""The codes of RFC 6238: right for half a minute, and for the one before and after."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from clinic.foundation.signin import totp

KEY = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 12, 1, 10, 20, 15, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_examples_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of eight digits."""
    assert totp.code_at(KEY, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.mark.parametrize(("halves", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(halves: int, counts: bool) -> None:
    code = totp.code_at(KEY, NOW + timedelta(seconds=30 * halves))
    assert totp.step_of(KEY, code, NOW) == (STEP + halves if counts else None)


@pytest.mark.parametrize("typed", ["005924", " 005 924 ", "0059\t24", "005\u00a0924"])
def test_blanks_do_not_matter(typed: str) -> None:
    assert totp.typed_code(typed) == "005924"


@pytest.mark.parametrize("typed", ["", "00592", "0059240", "00592x", "٠٠٥٩٢٤", "-05924", "5e9240", "０05924"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert totp.typed_code(typed) == ""
    assert totp.step_of(KEY, totp.typed_code(typed), NOW) is None


def test_keys_are_long_and_never_the_same() -> None:
    one, other = totp.new_key(), totp.new_key()
    assert one != other and len(base64.b32decode(one)) == 20
    assert totp.in_fours(KEY).replace(" ", "") == KEY and totp.in_fours(KEY)[4] == " "


def test_the_address_names_clinic_and_account_whatever_they_are_called() -> None:
    told = totp.address(KEY, "d:e?e@x", "Müller & Söhne")
    assert told == (
        "otpauth://totp/M%C3%BCller%20%26%20S%C3%B6hne:d%3Ae%3Fe%40x"
        f"?secret={KEY}&issuer=M%C3%BCller%20%26%20S%C3%B6hne"
    )


def test_the_picture_is_a_square_of_squares_with_a_rim() -> None:
    side, path = totp.picture(totp.address(KEY, "dee", "Alder Row"))
    assert (side - 8 - 17) % 4 == 0  # a size of the standard, and four white squares on each side
    assert path.startswith("M4 4h7v1h-7z")  # the corner
    ElementTree.fromstring(f'<svg><path d="{path}"/></svg>')
