"""A leaflet is two sides of A4 at most, as a browser prints it."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Open
from tests.browser.looks import faults, hrefs

pytestmark = pytest.mark.once
SIDE = re.compile(rb"/Type\s*/Page\b")


def test_each_leaflet_has_two_sides_at_most(somebody: Open) -> None:
    cleo = somebody(390, scripts=True)
    found: set[str] = set()
    for above in ("concerns", "treatments"):
        cleo.goto(f"/{above}/")
        found |= {path for path in hrefs(cleo, "main a") if re.fullmatch(rf"/{above}/[a-z-]+/", path)}
    assert len(found) > 14
    for path in sorted(found):
        cleo.goto(f"{path}leaflet/")
        assert len(SIDE.findall(cleo.pdf(prefer_css_page_size=True))) <= 2, path
    assert not faults(cleo)
    cleo.goto(f"{path}leaflet/?print=large")
    assert len(SIDE.findall(cleo.pdf(prefer_css_page_size=True))) > 2
    assert not faults(cleo)
