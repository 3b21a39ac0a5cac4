"""The drawings that ship: complete, safe as files, readable on the smallest phone, and drawn for both schemes."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from content.models import Page
from content.pictures import drawings
from tests.content.html import parsed, words

FOLDER = Path(settings.BASE_DIR) / "static" / "drawings"
FILES = sorted(FOLDER.glob("*.svg"))
FIGURES = sorted(path.stem.removeprefix("figure-") for path in FOLDER.glob("figure-*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b", re.IGNORECASE)
PAINT = ("fill", "stroke")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_figure = pytest.mark.parametrize("name", FIGURES)


def tree(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def lettering(kind: str, name: str) -> list[str]:
    return ["".join(text.itertext()) for text in tree(FOLDER / f"{kind}-{name}.svg").iter(f"{SVG}text")]


def style(path: Path) -> str:
    return "".join(element.text or "" for element in tree(path).iter(f"{SVG}style"))


def test_every_drawing_that_a_page_names_is_whole(shipped: None) -> None:
    named = set(Page.objects.exclude(drawing_alt="").values_list("drawing", flat=True)) - {""}
    assert len(named) > 15
    for name in named:
        assert drawings.exists(name), name
        figure = drawings.figure(name)
        assert figure is not None and 3 <= len(figure.parts) <= 9, name
        assert drawings.og_url(name).endswith(f"og/{name}.png"), name


def test_every_page_with_a_drawing_says_in_words_what_it_shows(shipped: None) -> None:
    for page in Page.objects.filter(kind__in=[Page.Kind.CONCERN, Page.Kind.TREATMENT]):
        assert len(page.drawing_alt) > 80, page.slug
        assert drawings.exists(page.drawing), page.slug


@each_file
def test_a_file_is_a_plain_picture(path: Path) -> None:
    for element in tree(path).iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image", f"{SVG}a"}
        for name, value in element.attrib.items():
            assert name != "style" and not name.startswith("on"), name
            if name.endswith("href"):
                assert value.startswith("#"), value
            assert "url(" not in value or value.startswith("url(#"), value
    assert "@import" not in style(path) and "url(" not in style(path)


@each_file
def test_what_a_file_refers_to_is_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)) <= {(i, "") for i in ids} | {
        ("", i) for i in ids
    }


@each_file
def test_a_file_is_small(path: Path) -> None:
    raw = path.read_bytes()
    panels = raw.count(b'viewBox="0 -46') or 1
    assert len(raw) < 12_500 + 4_000 * (panels - 1) or path.stem == "phases"
    assert len(gzip.compress(raw)) < 5_500


@each_file
def test_every_colour_has_one_for_the_night(path: Path) -> None:
    night = re.search(r"@media\(prefers-color-scheme:dark\)\{(.*)\}", style(path))
    assert night
    by_night = {
        cls: set(re.findall(r"(fill|stroke):#", rule))
        for cls, rule in re.findall(r"\.([\w-]+)\{([^}]*)\}", night[1])
    }
    for element in tree(path).iter():
        painted = {name for name in PAINT if COLOUR.fullmatch(element.get(name, ""))}
        classes = set(element.get("class", "").split())
        if painted:
            covered = set().union(*(by_night.get(cls, set()) for cls in classes))
            assert painted <= covered, (element.tag, classes, painted - covered)


@each_figure
def test_letters_are_large_enough_on_the_smallest_phone(name: str) -> None:
    """At 320 pixels a narrow figure is 320 wide, so units are pixels."""
    root = tree(FOLDER / f"figure-{name}.svg")
    assert root.get("width") == "320"
    sizes = [float(element.get("font-size", 99)) for element in root.iter() if element.get("font-size")]
    assert sizes and min(sizes) >= 11
    assert "max-width" not in style(FOLDER / f"figure-{name}.svg")  # nothing makes them smaller there


@each_figure
def test_letters_that_shrink_on_large_figures_stay_readable(name: str) -> None:
    for size, least in re.findall(
        r"@media\(min-width:(\d+)px\)\{\.w\{font-size:([\d.]+)px", style(FOLDER / f"figure-{name}.svg")
    ):
        assert float(least) * int(size) / 320 >= 11


@each_figure
def test_words_stay_inside_the_picture(name: str) -> None:
    """By a width that is wider than any of the fonts: 0.62 of the height for each letter."""
    for element in tree(FOLDER / f"figure-{name}.svg").iter(f"{SVG}text"):
        lines = (
            ["".join(element.itertext())]
            if not len(element)
            else [element.text or "", *(t.text or "" for t in element)]
        )
        long = max(len(line) for line in lines) * 12.5 * 0.62
        x = float(element.get("x", 0))
        left, right = (x - long, x) if element.get("text-anchor") == "end" else (x, x + long)
        assert left >= 0 and right <= 322, lines


@each_figure
def test_the_list_says_what_the_figure_says(name: str) -> None:
    figure = drawings.figure(name)
    assert figure is not None and 3 <= len(figure.parts) <= 9
    shown = [
        re.sub(r"^\d\. ", "", " ".join(filter(None, [element.text, *(line.text for line in element)])))
        for element in tree(FOLDER / f"figure-{name}.svg").iter(f"{SVG}text")
    ]
    for label, says in figure.parts:
        assert label in shown, label
        assert says[0].isupper() and says.endswith(".") and len(says) < 130, says


@each_figure
def test_a_figure_of_several_panels_has_a_wide_one_with_the_same_words(name: str) -> None:
    figure = drawings.figure(name)
    assert figure is not None
    assert (figure.wide is not None) == (figure.panels > 1)
    for kind, picture in (("figure", figure.narrow), ("wide", figure.wide)):
        if picture:
            box = tree(FOLDER / f"{kind}-{name}.svg").get("viewBox", "").split()
            assert [float(box[2]), float(box[3])] == [picture.width, picture.height]
    if figure.wide:
        assert lettering("figure", name) == lettering("wide", name)


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


def test_a_page_prints_its_figure_with_its_parts(shipped: None, client: Client) -> None:
    page = parsed(client.get("/concerns/boxcar/").content.decode())
    [figure] = page.iter("figure")
    image = figure.find(".//img")
    assert image is not None and image.get("alt", "").startswith("Two boxcar scars")
    assert image.get("width") and image.get("height"), "its place is kept until it has come"
    listed = [words(term) for term in figure.iter("dt")]
    assert listed == ["Surface", "Outer layer", "Dermis", "Fat", "Steep edges", "Shallow floor", "Deep floor"]


STEPS = ["Ask", "Talk", "Look", "Plan", "Time to think"]


@pytest.mark.parametrize(("address", "listed"), [("/", []), ("/consultations/", STEPS)])
def test_the_steps_of_a_consultation_are_drawn(
    shipped: None, client: Client, address: str, listed: list[str]
) -> None:
    """The home page has the steps as text beside it; the other lists what the picture says."""
    [figure] = parsed(client.get(address).content.decode()).iter("figure")
    image = figure.find(".//img")
    assert image is not None
    assert all(step in image.get("alt", "") for step in STEPS)
    assert [words(term) for term in figure.iter("dt")] == listed


def test_a_drawing_without_words_for_it_is_left_out(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(drawing_alt="")
    assert b"<figure" not in client.get("/concerns/milia/").content
