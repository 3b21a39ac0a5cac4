"""The comparison of treatments as Cleo uses it: choose a concern, sort, read; without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import TAP, faults, hrefs, lowest
from tests.browser.people import follow

pytestmark = pytest.mark.once


def _names(page: Page) -> list[str]:
    return page.locator("table.cmp2 th[scope=row]").all_inner_texts()


def test_cleo_chooses_and_sorts(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    everything = _names(cleo)
    assert cleo.evaluate("document.documentElement.scrollHeight") <= 5 * 844, "five screens of a phone"
    for tapped in ("table.cmp2 tr:has(.t)", ".foot a", ".sort a"):
        assert lowest(cleo, tapped) >= TAP, tapped
    cleo.get_by_role("heading", name="Compare them for one concern").click()
    follow(cleo.get_by_role("link", name="Rolling scars", exact=True))
    expect(cleo.get_by_role("heading", level=1, name="What may help rolling scars")).to_be_visible()
    assert "rolling" not in cleo.url
    # What is often discussed stands at its place, whoever does it; the list of all has what is done here.
    assert set(_names(cleo)) - {"Subcision"} < set(everything) and _names(cleo)[:2] == [
        "Subcision",
        "Microneedling",
    ]
    follow(cleo.get_by_role("link", name="Name", exact=True))
    assert _names(cleo)[:3] == ["Subcision", "Dermal fillers", "Microneedling"]
    follow(cleo.get_by_role("link", name="See all treatments"))
    assert sorted(_names(cleo)) == sorted(everything)


def test_on_a_phone_a_press_anywhere_on_a_row_opens_the_rest_and_it_stays_a_table(somebody: Open) -> None:
    cleo = somebody(390)
    cleo.goto("/treatments/")
    table = cleo.get_by_role("table", name="The treatments that we offer, and what they may help")
    row = table.get_by_role("row").filter(has=cleo.get_by_role("rowheader", name="Microneedling", exact=True))
    for figure in ("3 or more", "1 to 3 days", "Low risk of colour change", "Trials", "from £165 per visit"):
        expect(row.get_by_role("cell", name=figure, exact=True)).to_be_visible()
    expect(row.get_by_text("Rolling scars and shallow boxcar scars")).to_be_visible()
    deep = row.evaluate(
        "row => Math.max(...[...row.querySelectorAll('td:not(.fits)')].map(one => one.getBoundingClientRect().bottom))"
        " - row.getBoundingClientRect().top"
    )
    assert deep < 100, "what people decide on, in three lines"
    folded = ("Often more", "Comfort", "Sometimes added: Dark marks", "£165 to £195")
    for words in folded:
        expect(row.get_by_text(words)).to_be_hidden()
    row.get_by_text("3 or more").click(force=True)
    for words in folded:
        expect(row.get_by_text(words)).to_be_visible()
    head = table.get_by_role("columnheader", name="Evidence")
    cleo.mouse.wheel(0, 1200)
    expect(head).to_be_in_viewport()
    cleo.set_viewport_size({"width": 1280, "height": 800})
    cleo.goto("/treatments/")
    expect(row.get_by_text("Often more")).to_be_hidden()
    row.get_by_text("More about Microneedling").click()
    expect(row.get_by_text("Often more")).to_be_visible()


def test_cleo_ticks_three_and_sets_only_these_side_by_side(somebody: Open) -> None:
    """In columns, on a phone too; the button stays in sight once something is ticked."""
    cleo = somebody(390)
    cleo.goto("/concerns/rolling/")
    follow(cleo.get_by_role("link", name="Compare these treatments for Rolling scars"))
    button = cleo.get_by_role("button", name="Compare these")
    expect(button).to_be_hidden()
    names = ("Microneedling", "Dermal fillers", "Non-ablative fractional laser")
    for name in names:
        box = cleo.get_by_label(f"Compare {name}", exact=True)
        cleo.locator("label.tick", has=box).click()
        expect(box).to_be_checked()
        expect(button).to_be_in_viewport()
    follow(button)
    table = cleo.get_by_role("table", name="Treatments side by side")
    heads = table.get_by_role("columnheader").all_inner_texts()
    assert [head.replace("\u00ad", "") for head in heads] == list(names)  # a long name has seams
    recovery = table.get_by_role("row").filter(has=cleo.get_by_role("rowheader", name="Recovery", exact=True))
    across = "all => all.map(one => [one.getBoundingClientRect().x, one.getBoundingClientRect().y])"
    cells = recovery.get_by_role("cell")
    assert len({x for x, _ in cells.evaluate_all(across)}) == 3, "three columns"
    assert cleo.evaluate("document.documentElement.scrollHeight") <= 8 * 844
    cleo.set_viewport_size({"width": 1280, "height": 800})
    assert len({y for _, y in cells.evaluate_all(across)}) == 1, "beside each other"
    cleo.mouse.wheel(0, 900)
    expect(table.get_by_role("link", name="Dermal fillers", exact=True)).to_be_in_viewport()
    follow(cleo.get_by_role("link", name="Leave out Dermal fillers"))
    assert len(table.get_by_role("columnheader").all()) == 2


def test_no_chosen_concern_has_a_fault(somebody: Open) -> None:
    page = somebody(scripts=True)
    page.goto("/treatments/")
    tiles = hrefs(page, ".forwhat a")
    assert len(tiles) == 10
    found: list[str] = []
    boxes = page.locator(".tick input").evaluate_all("all => all.map(one => one.value)")
    four = "/treatments/compare/?" + "&".join(f"with={value}" for value in boxes[:4])
    for path in (tiles[3], tiles[5], tiles[9], "/treatments/compare/", four):
        page.goto(path)
        for summary in page.locator("summary:visible").all():
            summary.click()
        found += faults(page)
    assert not found, "\n".join(found)
