"""axe judges what is new on a page: a fault in a part that it has not seen yet is found, whatever it judged before."""

from __future__ import annotations

import pytest

from tests.browser import looks
from tests.browser.conftest import Open
from tests.browser.looks import Judged, faults

pytestmark = pytest.mark.once

PAGE = '<html lang="en"><title>Pits</title><main><h1>Pits</h1><p class="said">Words</p>%s</main></html>'
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    """Nothing has been judged yet, and this is not the full run."""
    monkeypatch.setattr(looks, "FULL", False)
    return {"light": set(), "dark": set()}


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        (f'<img src="{DOT}" alt="A pit">', f'<img src="{DOT}">', "image-alt"),
        ("<button>Go</button>", "<button></button>", "button-name"),
        ("<p>Black</p>", '<p style="color:#ccc">Grey</p>', "color-contrast"),
        ("<ul><li>One</li></ul>", "<ul><p>One</p></ul>", "list"),
    ],
)
def test_a_fault_in_a_new_part_is_found(
    somebody: Open, judged: Judged, good: str, bad: str, rule: str
) -> None:
    page = somebody(scripts=True)
    page.set_content(PAGE % good)
    assert faults(page, judged=judged) == []
    page.set_content(PAGE % (good + bad))
    found = faults(page, judged=judged)
    assert any(f"phone, light: {rule}:" in fault for fault in found), found


def test_the_same_part_is_judged_once_and_in_the_full_round_again(
    somebody: Open, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = somebody(scripts=True)
    page.set_content(PAGE % "<button></button>")
    first = faults(page, judged=judged)
    assert {fault.split(": ", 1)[1].split(":")[0] for fault in first} == {"phone, light", "desk, dark"}
    assert faults(page, judged=judged) == []
    monkeypatch.setattr(looks, "FULL", True)
    assert faults(page, judged=judged) == first


def test_width_and_title_are_looked_at_on_every_page(somebody: Open, judged: Judged) -> None:
    page = somebody(scripts=True)
    page.set_content(PAGE % "")
    assert faults(page, judged=judged) == []
    page.set_content(PAGE.replace("Words", "W" * 200).replace("<title>Pits", "<title>") % "")
    found = faults(page, judged=judged)
    assert [("no title" in fault, "sideways at" in fault) for fault in found[:3]] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_words_squeezed_into_a_column_of_letters_are_a_fault(somebody: Open, judged: Judged) -> None:
    page = somebody(scripts=True)
    page.set_content(PAGE % '<dl><dt style="width:0.7em;overflow-wrap:anywhere">About</dt><dd>Pits</dd></dl>')
    found = faults(page, judged=judged)
    assert [fault.partition("letter under letter ")[2] for fault in found] == [
        f"at {width}: About" for width in (768, 1024, 320, 390)
    ]


def test_a_drawing_that_lies_on_the_words_of_its_row_is_a_fault(somebody: Open, judged: Judged) -> None:
    page = somebody(scripts=True)
    row = f'<ul><li style="height:9em"><img src="{DOT}" alt="" width="90" height="60"%s> Pits</li></ul>'
    page.set_content(PAGE % row % "")
    assert faults(page, judged=judged) == []
    page.set_content(PAGE % row % ' style="position:absolute"')
    assert faults(page, judged=judged)[0].endswith("a drawing lies on words at 768: Pits")
