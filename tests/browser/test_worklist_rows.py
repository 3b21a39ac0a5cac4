"""The worklist in a browser: rows of two lines whatever is in them, twelve in sight, and ticks that can be reached."""

from __future__ import annotations

import pytest

from bookings.admin.worklist import drawing
from bookings.queries.desk import Promise
from bookings.queries.worklist import Row
from tests.browser import people
from tests.browser.conftest import Open
from tests.browser.site import Site

pytestmark = pytest.mark.once

WORKLIST = "/admin/bookings/consultationrequest/"
LONG = "Maximiliana " + "W" * 108
NAMES = (LONG, "王秀英" * 40, "محمد عبد الرحمن " * 8, "Ο Νίκος Παπαδόπουλος", "Bo")
MOST_PIXELS, IN_SIGHT = 56, 12
# The list is the real page; its rows are these, so that nobody has to fill in a form twenty times.
_PUT = """rows => {
    document.querySelector("#result_list, .empty")?.remove();
    const head = `<thead><tr>${["tick", "client", "about", "asked", "promise", "owner"]
        .map(name => `<th scope="col" class="column-${name}">${name === "tick" ? "" : name}</th>`).join("")}</tr></thead>`;
    document.querySelector(".paginator").insertAdjacentHTML(
        "beforebegin", `<form id="ticked"><table id="result_list" class="two">${head}<tbody>${rows}</tbody></table></form>`);
}"""
_MEASURED = """() => {
    const rows = [...document.querySelectorAll("#result_list tbody tr")].map(row => row.getBoundingClientRect());
    return {
        highest: Math.max(...rows.map(row => row.height)),
        inSight: rows.filter(row => row.bottom <= innerHeight).length,
        wide: document.documentElement.scrollWidth,
    };
}"""


def row(name: str, number: int) -> Row:
    return Row(
        pk=number,
        version=1,
        reference="WEFFY",
        name=name,
        status="new",
        state="New",
        arrived="Thu 19 Nov",
        about="Shallow boxcar, red or purple marks, +7",
        marks=[("urgent", "Urgent"), ("bad missed", "Rang 12 times, no answer")],
        more_marks=4,
        asked="Wed 31 Dec 10:30",
        asked_more=f"{name}, held to Thu 20 Nov 12:00, phone first",
        phone="+441632960172" if number % 2 else "",
        by_text=False,
        promise=Promise("over", "Overdue 112 days", "due Thu 20 Nov 12:00"),
        owner=name,
        looking=f"{name} and 2 more are here",
    )


def test_a_row_is_two_lines_whatever_is_in_it_and_twelve_are_in_sight(somebody: Open, site: Site) -> None:
    dee = somebody(scripts=True)
    people.sign_in(dee)
    dee.set_viewport_size({"width": 1280, "height": 800})
    dee.goto(f"{site.url}{WORKLIST}")
    shown = [row(NAMES[n % len(NAMES)], n + 1) for n in range(20)]
    dee.evaluate(_PUT, drawing.lines(shown, WORKLIST, ticks=True))
    found = dee.evaluate(_MEASURED)
    assert found["highest"] <= MOST_PIXELS
    assert found["inSight"] >= IN_SIGHT
    for width in (320, 390, 820):
        dee.set_viewport_size({"width": width, "height": 800})
        assert dee.evaluate(_MEASURED)["wide"] <= width, width
    # On a phone the whole card opens the request, and its tick is still a tick.
    dee.locator('[name="picked"]').first.check()
    assert dee.locator('[name="picked"]').first.is_checked()
