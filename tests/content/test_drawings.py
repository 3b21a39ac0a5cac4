"""The drawings that ship: complete, safe in a page and as files, readable on the smallest phone, true by night."""

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
from content.files import load
from content.models import Concern, Page, Treatment
from content.pictures import drawings
from tests.content.html import parsed, words

pytestmark = pytest.mark.once

FOLDER = Path(settings.BASE_DIR) / "static" / "drawings"
FILES = sorted(FOLDER.glob("*.svg"))
IN_PAGES = sorted(drawings.DRAWN.glob("*.svg"))
FIGURES = sorted(path.stem.removeprefix("figure-") for path in drawings.DRAWN.glob("figure-*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
# What changes by night: outlines, tools and the words beside the skin. Everything else is skin, or is in or on it.
NIGHT = {"rim", "tool", "solid", "ink", "pen"}
DRAWER = Path(settings.BASE_DIR) / "tools" / "drawings"

each_figure = pytest.mark.parametrize("name", FIGURES)


def tree(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def figure_of(name: str) -> ElementTree.Element:
    return tree(drawings.DRAWN / f"figure-{name}.svg")


def whole(kind: drawings.Kind, name: str) -> bool:
    """Whether the drawing can stand in a page, and a tile also ships as a file in each tone."""
    files = (
        {drawings.url(kind, name, tone) for tone in drawings.TONES} if kind in ("skin", "treat") else {"-"}
    )
    return bool(drawings.inline(kind, name)) and "" not in files


def test_what_ships_is_what_the_tool_draws() -> None:
    """So nobody mends a file by hand, and nothing old is left behind."""
    code = "import draw, json; print(json.dumps(draw.files()))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=DRAWER, capture_output=True, text=True, check=True
    )
    files = json.loads(made.stdout)
    there = [path for folder in (FOLDER, drawings.DRAWN) for path in folder.iterdir() if path.is_file()]
    assert {str(path.relative_to(settings.BASE_DIR)) for path in there} == set(files)
    for path in there:
        assert path.read_text(encoding="utf-8") == files[str(path.relative_to(settings.BASE_DIR))], path


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
    assert "skin-active-spot" in drawings.inline("skin", "active-acne") and "treat-prp" in drawings.inline(
        "skin", "prp"
    )


def test_a_tone_that_nobody_has_is_the_usual_one() -> None:
    for tone in ("", "green", "../deep", "BROWN"):
        assert drawings.url("skin", "ice-pick", tone) == drawings.url("skin", "ice-pick", drawings.USUAL)
        assert 'class="drawing" ' in drawings.inline("skin", "ice-pick", tone=tone)
    assert drawings.url("skin", "boxcar", "deep") != drawings.url("skin", "boxcar-deep")


def test_every_page_with_a_drawing_says_in_words_what_it_shows(shipped: None) -> None:
    for page in Page.objects.filter(kind__in=[Page.Kind.CONCERN, Page.Kind.TREATMENT]):
        assert len(page.drawing_alt) > 80, page.slug
        assert drawings.exists(page.drawing), page.slug


def test_files_are_plain_small_pictures() -> None:
    for path in (*FILES, *IN_PAGES):
        text = path.read_text(encoding="utf-8")
        assert (
            len(text) < (3_600 if path.stem != "flat" else 5_400)
            and len(gzip.compress(text.encode())) < 1_500
        )
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
        [style] = tree(path).iter(f"{SVG}style")  # a page has the same rules in its own
        night = re.fullmatch(
            r"@media\(prefers-color-scheme:dark\)\{((?:\.\w+\{\w+:#\w+\})+)\}", style.text or ""
        )
        assert night
        assert set(re.findall(r"\.(\w+)\{", night[1])) <= NIGHT
        check_classes(tree(path))


def test_a_drawing_in_a_page_has_no_style_and_no_names_of_its_own() -> None:
    """The site's policy refuses a style; two elements of one name would be one."""
    for path in IN_PAGES:
        text = path.read_text(encoding="utf-8")
        assert "<style" not in text and "xmlns" not in text and "style=" not in text
        check_classes(tree(path))
        assert set(re.findall(r'\bid="([^"]+)"', text)) <= {"@", "t@"} and "@" in text
    two = drawings.inline("treat", "laser", "a", 1) + drawings.inline("treat", "laser", "a", 2)
    ids = re.findall(r'\bid="([^"]+)"', two)
    assert len(ids) == len(set(ids)) == 4 and "@" not in two
    assert '"><b>' not in drawings.inline("skin", "flat", '"><b>', alt='"><b>')


def check_classes(drawing: ElementTree.Element) -> None:
    assert {element.get("class") for element in drawing.iter()} - {None} <= NIGHT
    for element in drawing.iter():
        if element.get("class"):  # its colour by day is there without the style
            assert element.get("fill", "none") != "none" or element.get("stroke")


def test_tones_differ_in_skin_and_in_nothing_else() -> None:
    """And the colours of a page's style are those of the files."""
    css = (Path(settings.BASE_DIR) / "static" / "site.css").read_text(encoding="utf-8")
    in_css = {
        tone: dict(re.findall(r"--(\w+): (#\w+);", css.partition(f".tone-{tone} {{")[2].partition("}")[0]))
        for tone in drawings.TONES
    }
    assert all(len(colours) == 6 for colours in in_css.values())
    for path in IN_PAGES:
        text = path.read_text(encoding="utf-8")
        of_page = re.findall(r"var\(--\w+\)|#[0-9a-f]{6}", text)
        for tone, colours in in_css.items() if not path.stem.startswith(("figure", "phase")) else ():
            file = (FOLDER / f"{path.stem}-{tone}.svg").read_text(encoding="utf-8").partition("</style>")[2]
            meant = [colours.get(colour[6:-1], colour) for colour in of_page]
            assert re.findall(r"#[0-9a-f]{6}", file) == meant, path


@each_figure
def test_a_figure_is_low_and_its_few_words_stay_inside_it(name: str) -> None:
    """By a width that is wider than most fonts: 0.64 of the height for each letter. At 320 pixels a letter is 11 high."""
    root = figure_of(name)
    left, _, across, _ = (float(value) for value in root.get("viewBox", "").split())
    assert (root.get("width"), root.get("height")) == ("390", "172")
    sizes = [float(size) for element in root.iter() if (size := element.get("font-size"))]
    assert sizes and min(sizes) * 288 / across >= 11
    lettering = list(root.iter("text"))
    assert 2 <= len(lettering) <= 6
    for element in lettering:
        long, x = len(element.text or "") * min(sizes) * 0.64, float(element.get("x", 0))
        start = {"end": x - long, "middle": x - long / 2}.get(element.get("text-anchor", ""), x)
        assert left <= start and start + long <= left + across, element.text


@each_figure
def test_the_list_says_what_the_figure_says(name: str) -> None:
    parts = drawings.parts(name)
    assert parts is not None and 3 <= len(parts) <= 9
    listed = " ".join(label for label, _ in parts)
    for element in figure_of(name).iter("text"):
        assert re.sub(r"^\d\. ", "", element.text or "") in listed, element.text
    for _, says in parts:
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
    assert drawings.parts(name) is None and drawings.inline("figure", name) == ""
    assert not drawings.exists(name)


def test_a_page_has_its_figure_in_itself_and_the_reader_chooses_the_tone(
    shipped: None, client: Client
) -> None:
    page = parsed(client.get("/concerns/boxcar/").content.decode())
    [figure] = page.iter("figure")
    [drawing] = figure.iter(f"{SVG}svg")
    assert (drawing.get("class"), drawing.get("role")) == ("drawing", "img")
    assert drawing.get("aria-label", "").startswith("Two boxcar scars")
    assert not [image for image in page.iter("img") if "/drawings/" in image.get("src", "")]
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
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
    [drawing] = figure.iter(f"{SVG}svg")
    assert all(step in drawing.get("aria-label", "") for step in STEPS)
    assert [words(term) for term in figure.iter("dt")] == listed


def test_a_drawing_without_words_for_it_is_left_out(shipped: None, client: Client) -> None:
    Page.objects.filter(slug="milia").update(drawing_alt="")
    assert b"<figure" not in client.get("/concerns/milia/").content


def test_people_out_of_100_are_drawn_with_one_name_and_the_words_beside_them(
    shipped: None, client: Client
) -> None:
    body = "{{ of-100 12-25 | people of 100 do. }}\n\n{{ of-100 4+3 | people. }}\n\n{{ tones dark-marks }}\n"
    Page.objects.filter(slug="milia").update(body=body)
    page = parsed(client.get("/concerns/milia/").content.decode())
    box, other = page.findall(".//div[@class='of-100']")
    assert [svg.get("aria-label") for svg in other.findall(f"{SVG}svg")] == [
        "100 people drawn, 4 of them filled in, 3 in a lighter tint"
    ]
    key, says = box.findall("p")
    assert words(says) == "12 to 25 people of 100 do."
    assert (key.get("aria-hidden"), words(key)) == ("true", "12 to 25 75"), "which tint is which number"
    svg = box.find(f"{SVG}svg")
    assert svg is not None
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "100 people drawn, 12 to 25 of them filled in")
    drawn = {path.get("class"): path.get("d", "").count("M") for path in svg.iter(f"{SVG}path")}
    assert drawn == {"yes": 12, "perhaps": 13, "no": 75}
    [three] = (div for div in page.iter("div") if div.get("class") == "three")
    assert [words(caption) for caption in three.iter("figcaption")] == [
        "Light skin",
        "Brown skin",
        "Deep brown skin",
    ]
    shown = list(three.iter(f"{SVG}svg"))
    assert [each.get("class") for each in shown] == [f"drawing tone-{tone}" for tone in drawings.TONES]
    assert len({each.get("aria-label") for each in shown}) == 3


def test_these_pages_draw_100_people_and_no_other_number_is_drawn() -> None:
    """Why the numbers of colour change after laser (facts 93 and 94) are not: docs/architecture.md, "100 people"."""
    found = {
        path.stem: re.findall(r"^\{\{ of-100 ([\d+-]+) \|", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (load.SHIPPED / "pages").glob("*.md")
    }
    assert {page: numbers for page, numbers in found.items() if numbers} == {
        "acne-scar-causes": ["95", "1-11"],
        "acne-scars": ["43"],
        "before-you-decide": ["43+25", "42", "95", "25"],
        "laser-resurfacing": ["43+25"],
    }


@pytest.mark.parametrize(
    ("least", "most", "tinted"),
    [(0, 0, 0), (100, 100, 0), (0, 100, 0), (65, 65, 0), (60, 65, 0), (43, 43, 25)],
)
def test_there_are_always_100_people(least: int, most: int, tinted: int) -> None:
    drawn = of_100.people(least, most, tinted)
    counts = tuple(path.count("M") for path in (drawn.yes, drawn.perhaps, drawn.tinted, drawn.no))
    assert counts == (least, most - least, tinted, 100 - most - tinted)
