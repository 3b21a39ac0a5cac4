"""The drawings that ship: complete in each tone of skin, safe as files, readable on the smallest phone, true by night."""

from __future__ import annotations

import gzip
import json
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from content.display import of_100
from content.models import Concern, Page, Treatment
from content.pictures import drawings
from tests.content.html import parsed, words

pytestmark = pytest.mark.once

FOLDER = Path(settings.BASE_DIR) / "static" / "drawings"
FILES = sorted(FOLDER.glob("*.svg"))
FIGURES = sorted(
    path.stem.removeprefix("figure-").removesuffix("-deep") for path in FOLDER.glob("figure-*-deep.svg")
)
SVG = "{http://www.w3.org/2000/svg}"
# What changes by night: outlines, tools and the words beside the skin. Everything else is skin, or is in or on it.
NIGHT = {"rim", "tool", "solid", "ink", "pen"}
DRAWER = Path(settings.BASE_DIR) / "tools" / "drawings"

each_figure = pytest.mark.parametrize("name", FIGURES)


def tree(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def lettering(name: str, tone: str = drawings.USUAL) -> list[ElementTree.Element]:
    return list(tree(FOLDER / f"figure-{name}-{tone}.svg").iter(f"{SVG}text"))


def whole(kind: drawings.Kind, name: str) -> bool:
    """Whether the drawing ships in each tone."""
    return tuple(picture.tone for picture in drawings.in_tones(kind, name)) == drawings.TONES


def test_what_ships_is_what_the_tool_draws() -> None:
    """So nobody mends a file by hand, and nothing old is left behind."""
    code = "import draw, json; print(json.dumps(draw.files()))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=DRAWER, capture_output=True, text=True, check=True
    )
    files = json.loads(made.stdout)
    assert {path.name for path in FOLDER.iterdir() if path.is_file()} == set(files)
    for name, text in files.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


def test_every_drawing_that_a_page_names_is_whole(shipped: None) -> None:
    named = set(Page.objects.exclude(drawing_alt="").values_list("drawing", flat=True)) - {""}
    assert len(named) > 15
    for name in named:
        assert drawings.exists(name), name
        assert whole("figure", name) and whole("skin", name), name
        assert drawings.og_url(name).endswith(f"og/{name}.png"), name


def test_every_row_and_column_of_the_matrix_has_a_drawing_of_its_own(shipped: None) -> None:
    """What the guide, its answer and the request ask for by code."""
    tiles = {code: drawings.url("treat", code) for code in Treatment.objects.values_list("code", flat=True)}
    assert len(tiles) > 15 and len(set(tiles.values())) == len(tiles)
    for code, src in tiles.items():
        assert "/treat-" in src and whole("treat", code), code
    for code in Concern.objects.values_list("code", flat=True):
        assert "/skin-" in drawings.url("skin", code) and whole("skin", code), code
    assert whole("skin", "mix") and whole("skin", "flat") and whole("treat", "look")


def test_a_tone_that_nobody_has_is_the_usual_one() -> None:
    for tone in ("", "green", "../deep", "BROWN"):
        assert drawings.url("skin", "ice-pick", tone) == drawings.url("skin", "ice-pick", drawings.USUAL)
    assert drawings.url("skin", "boxcar", "deep") != drawings.url("skin", "boxcar-deep")


def test_every_page_with_a_drawing_says_in_words_what_it_shows(shipped: None) -> None:
    for page in Page.objects.filter(kind__in=[Page.Kind.CONCERN, Page.Kind.TREATMENT]):
        assert len(page.drawing_alt) > 80, page.slug
        assert drawings.exists(page.drawing), page.slug


def test_files_are_plain_small_pictures() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert len(text) < 3_600 and len(gzip.compress(text.encode())) < 1_500
        for element in tree(path).iter():
            assert element.tag not in {
                f"{SVG}script",
                f"{SVG}foreignObject",
                f"{SVG}image",
                f"{SVG}a",
                f"{SVG}title",
            }
            for name, value in element.attrib.items():
                assert name != "style" and not name.startswith("on"), name
                if name.endswith("href"):
                    assert value.startswith("#"), value
                assert "url(" not in value or value.startswith("url(#"), value
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert {a or b for a, b in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)} <= set(ids)


def test_skin_has_one_colour_by_day_and_by_night() -> None:
    """Dark mode turns no light skin brown: a night rule may name only outlines, tools and words."""
    for path in FILES:
        [style] = tree(path).iter(f"{SVG}style")
        night = re.fullmatch(
            r"@media\(prefers-color-scheme:dark\)\{((?:\.\w+\{\w+:#\w+\})+)\}", style.text or ""
        )
        assert night
        assert set(re.findall(r"\.(\w+)\{", night[1])) <= NIGHT
        assert {element.get("class") for element in tree(path).iter()} - {None} <= NIGHT
        for element in tree(path).iter():
            if element.get("class"):  # its colour by day is there without the style
                assert element.get("fill", "none") != "none" or element.get("stroke")


def test_tones_differ_in_skin_and_in_nothing_else() -> None:
    for name in FIGURES:
        light, brown, deep = (
            re.sub(r"#[0-9a-f]{6}", "#", (FOLDER / f"figure-{name}-{tone}.svg").read_text(encoding="utf-8"))
            for tone in drawings.TONES
        )
        assert light == brown == deep, name
    assert (
        len({(FOLDER / f"skin-flat-{tone}.svg").read_text(encoding="utf-8") for tone in drawings.TONES}) == 3
    )


@each_figure
def test_a_figure_is_low_and_its_few_words_stay_inside_it(name: str) -> None:
    """By a width that is wider than most fonts: 0.64 of the height for each letter. At 320 pixels a letter is 11 high."""
    figure = drawings.figure(name)
    assert figure is not None
    root = tree(FOLDER / f"figure-{name}-brown.svg")
    left, _, across, _ = (float(value) for value in root.get("viewBox", "").split())
    assert {(p.width, p.height) for p in figure.pictures} == {(390, 172)}
    assert (root.get("width"), root.get("height")) == ("390", "172")
    sizes = [float(size) for element in root.iter() if (size := element.get("font-size"))]
    assert sizes and min(sizes) * 288 / across >= 11
    assert 2 <= len(lettering(name)) <= 6
    for element in lettering(name):
        long, x = len(element.text or "") * min(sizes) * 0.64, float(element.get("x", 0))
        start = {"end": x - long, "middle": x - long / 2}.get(element.get("text-anchor", ""), x)
        assert left <= start and start + long <= left + across, element.text


@each_figure
def test_the_list_says_what_the_figure_says(name: str) -> None:
    figure = drawings.figure(name)
    assert figure is not None and 3 <= len(figure.parts) <= 9
    listed = " ".join(label for label, _ in figure.parts)
    for element in lettering(name):
        assert re.sub(r"^\d\. ", "", element.text or "") in listed, element.text
    for _, says in figure.parts:
        assert says[0].isupper() and says.endswith(".") and len(says) < 130, says


def test_pictures_for_links_have_the_size_that_is_asked_for() -> None:
    files = sorted((FOLDER / "og").glob("*.png"))
    assert files
    for path in files:
        assert struct.unpack(">II", path.read_bytes()[16:24]) == drawings.OG_SIZE, path.name
    assert sum(path.stat().st_size for path in files) < 1_200_000


def test_a_page_without_a_drawing_of_its_own_gets_the_general_picture() -> None:
    assert drawings.og_url() == drawings.og_url("no-such-thing") == drawings.og_url("../site")
    assert drawings.og_url().endswith("og/site.png")


@pytest.mark.parametrize("name", ["", "no-such-thing", "../../secret", "a" * 10_000])
def test_a_name_that_does_not_exist_is_no_figure(name: str) -> None:
    assert drawings.figure(name) is None
    assert not drawings.exists(name)


def test_a_page_prints_its_figure_in_each_tone_and_fetches_one(shipped: None, client: Client) -> None:
    page = parsed(client.get("/concerns/boxcar/").content.decode())
    [figure] = page.iter("figure")
    images = list(figure.iter("img"))
    assert [image.get("class") for image in images] == ["t-light", "t-brown", "t-deep"]
    assert [image.get("loading") for image in images] == ["lazy", None, "lazy"]
    assert all(image.get("alt", "").startswith("Two boxcar scars") for image in images)
    assert [words(label) for label in figure.iter("label")] == ["light", "brown", "deep brown"]
    assert all(radio.get("name") == "tone" for radio in figure.iter("input"))
    assert page.find(".//form//fieldset[@class='tone']") is None  # nothing is sent
    [fold] = figure.iter("details")
    assert fold.get("open") is None
    listed = [words(term) for term in fold.iter("dt")]
    assert listed == ["Surface", "Outer layer", "Dermis", "Fat", "Steep edges", "Shallow floor", "Deep floor"]


STEPS = ["Ask", "Talk", "Look", "Plan", "Time to think"]


@pytest.mark.parametrize(("address", "listed"), [("/", []), ("/consultations/", STEPS)])
def test_the_steps_of_a_consultation_are_drawn(
    shipped: None, client: Client, address: str, listed: list[str]
) -> None:
    """The home page has the steps as text beside it; the other lists what the picture says."""
    page = parsed(client.get(address).content.decode())
    [figure] = [each for each in page.iter("figure") if each.get("class") == "drawn"]
    image = figure.find(".//img")
    assert image is not None
    assert all(step in image.get("alt", "") for step in STEPS)
    assert [words(term) for term in figure.iter("dt")] == listed


def test_a_drawing_without_words_for_it_is_left_out(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(drawing_alt="")
    assert b"<figure" not in client.get("/concerns/milia/").content


def test_people_out_of_100_are_drawn_with_one_name_and_the_words_beside_them(
    shipped: None, client: Client
) -> None:
    body = "Some words.\n\n{{ of-100 12-25 | people of 100 do. }}\n\n{{ tones dark-marks }}\n"
    Page.objects.filter(slug="milia").update(body=body)
    page = parsed(client.get("/concerns/milia/").content.decode())
    box = page.find(".//div[@class='of-100']")
    assert box is not None and words(box) == "12 to 25 people of 100 do."
    [svg] = box.iter(f"{SVG}svg")
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "100 people drawn, 12 to 25 of them filled in")
    drawn = {path.get("class"): path.get("d", "").count("M") for path in svg.iter(f"{SVG}path")}
    assert drawn == {"yes": 12, "perhaps": 13, "no": 75}
    [three] = (div for div in page.iter("div") if div.get("class") == "three")
    assert [words(caption) for caption in three.iter("figcaption")] == [
        "Light skin",
        "Brown skin",
        "Deep brown skin",
    ]
    assert len({image.get("alt") for image in three.iter("img")}) == 3


@pytest.mark.parametrize(("least", "most"), [(0, 0), (100, 100), (0, 100), (65, 65), (60, 65)])
def test_there_are_always_100_people(least: int, most: int) -> None:
    drawn = of_100.people(least, most)
    counts = tuple(path.count("M") for path in (drawn.yes, drawn.perhaps, drawn.no))
    assert counts == (least, most - least, 100 - most)
