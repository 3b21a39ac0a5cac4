"""The recovery strip: a picture for every phase, chosen from the words that an editor wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from content.display import recovery
from content.models import Treatment
from content.pictures import drawings
from tests.content.html import parsed, words


def test_every_picture_that_can_be_chosen_is_drawn_in_each_tone_and_no_other_is() -> None:
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    chosen = {name for name, _ in recovery.PICTURES} | {recovery.UNKNOWN}
    for tone in drawings.TONES:
        ending = f"-{tone}.svg"
        drawn = {path.name.removeprefix("phase-") for path in folder.glob(f"phase-*{ending}")}
        assert {name.removesuffix(ending) for name in drawn} == chosen


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


def test_an_editors_change_shows(shipped: None, client: Client) -> None:
    treatment = Treatment.objects.get(code="microneedling")
    treatment.recovery = [["The day", "Swollen"], ["Day 9", "Something new <b>"]]
    treatment.save()
    page = parsed(client.get("/treatments/microneedling/").content.decode())
    strip = page.find(".//ol[@class='strip']")
    assert strip is not None
    assert [words(phase) for phase in strip] == [
        "At the visitA numbing cream",
        "The daySwollen",
        "Day 9Something new <b>",
    ]
    images = list(strip.iter("img"))
    shown = [image.get("src", "") for image in images if image.get("class") == "t-brown"]
    assert [src.rsplit("/")[-1] for src in shown] == [
        "treat-microneedling-brown.svg",
        "phase-swollen-brown.svg",
        "phase-time-brown.svg",
    ]
    assert {image.get("loading") for image in images} == {"lazy"}  # a phone prints the words alone
    assert {image.get("alt") for image in images} == {""}  # the words stand beside it


def test_every_shipped_treatment_with_phases_has_a_strip(shipped: None, client: Client) -> None:
    page = parsed(client.get("/treatments/laser-resurfacing/").content.decode())
    assert len(page.findall(".//ol[@class='strip']")) == 2
