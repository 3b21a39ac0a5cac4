"""A telephone is set up and signed in with, by the keyboard; no page of it has a fault that axe finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from clinic.foundation.signin import totp
from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.looks import faults
from tests.browser.people import heading, press
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.once


def test_a_telephone_from_its_setting_up_to_a_lost_one(somebody: Open, site: Site) -> None:
    fay = somebody(width=390, scripts=True)
    people.sign_in(fay, "fay")
    fay.goto("/admin/account/")
    heading(fay, "Password and sign-in codes")
    found = faults(fay)
    fay.get_by_label("Your password").fill("not hers")
    press(fay, "Set up a telephone")
    expect(fay.get_by_role("alert")).to_contain_text("This is not your password")
    found += faults(fay)
    fay.get_by_label("Your password").fill(PASSWORD)
    press(fay, "Set up a telephone")
    heading(fay, "Set up your second step")
    expect(fay.get_by_role("img", name="The key below as a picture to scan")).to_be_visible()
    black = fay.locator(".qr .ink").evaluate("path => getComputedStyle(path).fill")
    fay.emulate_media(color_scheme="dark")
    assert fay.locator(".qr .ink").evaluate("path => getComputedStyle(path).fill") == black == "rgb(0, 0, 0)"
    fay.emulate_media(color_scheme="light")
    found += faults(fay)
    key = fay.locator(".key-text").inner_text().replace(" ", "")
    fay.get_by_label("Six digits").fill(totp.code_at(key, datetime.now(UTC)))
    press(fay, "Go on to the recovery codes")
    heading(fay, "Keep your recovery codes")
    press(fay, "Done")
    expect(fay.get_by_role("alert")).to_contain_text("Keep the codes first")
    found += faults(fay)
    recovery = fay.locator(".codes li").first.inner_text()
    with fay.expect_download() as file:
        fay.get_by_role("button", name="Save as a text file").click()
    assert recovery in file.value.path().read_text()
    fay.get_by_label("I have kept them").check()
    press(fay, "Done")

    phone = somebody(width=1280, scripts=True)
    phone.goto("/admin/account/")
    phone.get_by_label("Username").fill("fay")
    phone.get_by_label("Password").fill(PASSWORD)
    press(phone, "Sign in")
    heading(phone, "The code from your app")
    expect(phone.get_by_label("Six digits")).to_be_focused()
    phone.keyboard.type("000 000")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("This code is not right")).to_be_visible()
    found += faults(phone)
    phone.get_by_text("I do not have my telephone").click()
    found += faults(phone)
    # The one that the telephone will show next: that of now is used up.
    code = totp.code_at(key, datetime.now(UTC) + timedelta(seconds=30))
    phone.get_by_label("Six digits").fill(f"{code[:3]} {code[3:]}")
    phone.keyboard.press("Enter")
    heading(phone, "Password and sign-in codes")
    assert not found, "\n".join(found)
