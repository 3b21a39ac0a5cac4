"""The recovery strip: a picture for every phase, chosen from the words that an editor wrote."""

from __future__ import annotations

import pytest
from django.test import Client

from content.display import recovery
from content.models import Treatment
from content.pictures import drawings
from tests.content.html import parsed, words

pytestmark = pytest.mark.once


def test_every_picture_that_can_be_chosen_is_drawn_and_no_other_is() -> None:
    chosen = {name for name, _ in recovery.PICTURES} | {recovery.UNKNOWN}
    assert {path.stem.removeprefix("phase-") for path in drawings.DRAWN.glob("phase-*.svg")} == chosen


@pytest.mark.parametrize(
    ("what", "picture"),
    [
        ("Red", "red"),
        ("Usually red, sometimes bruised", "bruise"),
        ("Red, with some bleeding", "bleed"),
        ("Redness has usually settled", "settling"),
        ("Bruises fade", "settling"),
        ("Crusts form and drop off", "crust"),
        ("Swollen", "swollen"),
        ("Skin feels tight for hours", "tight"),
        ("Stitches come out", "stitch"),
        ("A graft dressing comes off", "dressing"),
        ("SUN PROTECTION EVERY DAY", "sun"),
        ("Look at the result together", "look"),
        ("No time off", "well"),
        ("Longer if the laser went deeper", "time"),
        ("Treated as before", "time"),  # "treated" is not "red"
        ("", "time"),
        ("\0", "time"),
    ],
)
def test_a_phase_gets_the_picture_of_its_words(what: str, picture: str) -> None:
    assert recovery.picture(what) == picture


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("The day", (0, 1)),
        ("Days 4 to 6", (4, 7)),
        ("Day 9", (9, 10)),
        ("From day 4", (4, None)),
        ("Up to 6 weeks", (0, 42)),
        ("About 3 months", (0, 90)),
        ("For a month or more", (0, None)),
        ("More than 6 weeks", (0, None)),
        ("After 3 to 6 months", (90, 180)),
        ("6 to 18 months", (180, 540)),
        ("After 2 weeks", (14, None)),
        *(
            (words, None)
            for words in (
                "On the skin",
                "At the visit",
                "After the first days",
                "Hours to days",
                "Before and after",
                "Once healed",
                "Days 4 or so",
                "",
                "\0",
            )
        ),
    ],
)
def test_days_are_drawn_only_where_the_words_name_them(
    when: str, days: tuple[int, int | None] | None
) -> None:
    assert recovery.span(when) == days


def test_bars_lie_on_one_line_in_the_order_of_their_days() -> None:
    line = recovery.days(
        [("The day", "Red"), ("Days 1 to 3", "Red"), ("Later", "Well"), ("From day 4", "Well")]
    )
    first, second, unknown, last = (bar for *_, bar in line.phases)
    assert first and second and last and unknown is None
    assert (first.x, first.x + first.width) == (0, second.x) and second.x + second.width == last.x
    assert last.x + last.width == 100 and [words for words, _ in line.marks] == ["1 day", "1 week", "1 month"]
    assert last.goes_on and not second.goes_on and line.goes_on
    assert line.marks[-1][1] < 100, "what goes on ends in a point, beyond the last day that is known"
    assert recovery.days([("The day", "Red"), ("Later", "Well")]).marks == (), "one bar compares with nothing"


def test_an_editors_change_shows(shipped: None, client: Client) -> None:
    treatment = Treatment.objects.get(code="microneedling")
    treatment.recovery = [["The day", "Swollen"], ["Day 9", "Something new <b>"]]
    treatment.save()
    page = parsed(client.get("/treatments/microneedling/").content.decode())
    strip = page.find(".//ol[@class='strip dated']")
    assert strip is not None
    assert [words(phase) for phase in strip] == [
        "At the visitA numbing cream",
        "The daySwollen",
        "Day 9Something new <b>",
    ]
    shown = [clip.get("id", "") for clip in strip.iter() if str(clip.tag).endswith("clipPath")]
    assert shown == [
        "treat-microneedling-visit",
        "phase-swollen-microneedling-1",
        "phase-time-microneedling-2",
    ]
    assert [sum(str(each.tag).endswith("rect") for each in phase.iter()) for phase in strip] == [0, 1, 1]
    svgs = [each for each in strip.iter() if str(each.tag).endswith("svg")]
    assert {each.get("aria-hidden") for each in svgs} == {"true"}  # the words stand beside it


def test_every_shipped_treatment_with_phases_has_a_strip(shipped: None, client: Client) -> None:
    page = parsed(client.get("/treatments/laser-resurfacing/").content.decode())
    assert len(page.findall(".//ol[@class='strip dated']")) == 2


def test_an_end_that_nobody_knows_is_open_and_the_strip_says_how_it_is_drawn(
    shipped: None, client: Client
) -> None:
    """Fact 38: a deep peel takes longer than 6 weeks, and nobody says how long."""
    page = parsed(client.get("/treatments/chemical-peels/").content.decode())
    deep = page.findall(".//ol[@class='strip dated']")[-1]
    bars = {words(phase): phase.findall("{http://www.w3.org/2000/svg}svg") for phase in deep}
    arrows = [
        said
        for said, found in bars.items()
        if found and len(found[0]) == 2 and not found[0].findall("*[@rx]")
    ]
    assert arrows == ["More than 6 weeksA deep peel settles", "For a month or moreSun protection every day"]
    assert "The first days are drawn wider. An arrow: it goes on." in words(page)
    light = page.findall(".//ol")
    minutes = next(phase for each in light for phase in each if "Stings for some minutes" in words(phase))
    assert minutes.find("svg") is None, "minutes are not drawn as a day"
