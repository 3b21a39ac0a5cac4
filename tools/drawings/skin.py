"""One piece of skin, cut through from the side: what every drawing shares.

A tile is 160 x 100 units with the surface at y = 36. One outer layer follows the surface, under it lie the dermis and
the fat. What reaches the left and right edge repeats every 80 units, so tiles join without a seam in any order. The
tone of the skin is a parameter. It never changes by night; only outlines, tools and words do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from paths import place

SURFACE, WIDE, HIGH = 36, 160, 100
LEFT, RIGHT = -60, 220  # as far as the widest drawing shows


@dataclass(frozen=True)
class Tone:
    """The colours that go with a tone of skin."""

    outer: str
    cells: str  # the deepest row of the outer layer, where most pigment is
    dermis: str
    fibres: str
    dark: str  # a dark mark
    red: str  # a red or purple mark


TONES = {
    "light": Tone("#f2c9a9", "#dc9f7b", "#f8e0d0", "#e3b8a0", "#8d5636", "#d8503f"),
    "brown": Tone("#b07a50", "#7f4f31", "#e6bfa3", "#c6937a", "#4f2c19", "#96352f"),
    "deep": Tone("#6a4230", "#40261b", "#cf9f86", "#aa765f", "#2a150c", "#7d2138"),
}
# For a drawing that stands in a page: the page's style says which tone it is (static/site.css).
PAGE, PAGE_TONE = "page", Tone(*(f"var(--{name})" for name in Tone.__dataclass_fields__))
# Stands for what makes the ids of a drawing in a page its own. The site puts something else in its place.
REF = "@"
# By day and by night. Everything else is the same at both times.
NIGHT = {
    "rim": ("stroke", "#3d261c", "#f6e3d0"),
    "tool": ("stroke", "#0f5150", "#4fb5ad"),
    "solid": ("fill", "#0f5150", "#4fb5ad"),
    "ink": ("fill", "#231e19", "#f0e9de"),
    "pen": ("stroke", "#231e19", "#f0e9de"),
}
TOOL, INK = NIGHT["tool"][1], NIGHT["ink"][1]
FAT, LOBE, GEL, HEAT, BAND = "#f0d184", "#f8e6b4", "#7fb9b4", "#a8401f", "#a2654b"
PLASMA, PUS, PUS_EDGE, PEARL, PEARL_EDGE, INFLAMED = (
    "#e2a93b",
    "#f7eec2",
    "#c9a24e",
    "#fffaf0",
    "#b9935f",
    "#d8503f",
)


@dataclass(frozen=True)
class Scene:
    """What makes one piece of skin differ from healthy skin. All paths have their origin at its middle, on the surface."""

    surface: str = ""  # starts with H; empty is even
    inside: tuple[str, ...] = ()  # elements in the dermis, over the fibres
    fat: tuple[str, ...] = ()  # elements over the fat, under the outer layer
    within: tuple[str, ...] = ()  # elements in the outer layer
    over: tuple[str, ...] = ()  # elements in front of everything
    tool: str = ""  # path of a tool's lines; it stays dark where it is in the skin


@dataclass(frozen=True)
class Placed:
    """A scene with its middle at `x`."""

    scene: Scene
    x: float = WIDE / 2


@dataclass(frozen=True)
class Strip:
    """Scenes along one line of skin, from left to right."""

    places: tuple[Placed, ...] = field(default=(Placed(Scene()),))

    @property
    def surface(self) -> str:
        shapes = "".join(place(p.scene.surface, p.x, SURFACE) for p in self.places)
        return f"M{LEFT} {SURFACE}{shapes}H{RIGHT}"


def themed(cls: str) -> str:
    """The class of a colour that changes by night, with the colour by day: a file is whole without its style."""
    paint, day, _ = NIGHT[cls]
    return f'class="{cls}" {paint}="{day}"'


def stroke(path: str, colour: str, width: float, more: str = "") -> str:
    return f'<path fill="none" stroke="{colour}" stroke-width="{width:g}"{more} d="{path}"/>'


def fill(path: str, colour: str, more: str = "") -> str:
    return f'<path fill="{colour}"{more} d="{path}"/>'


def rim(path: str, dash: str = "1 4") -> str:
    """A broken line over the paper, in the colour of the outline: where the surface was before."""
    return f'<path {themed("rim")} fill="none" stroke-width="1.8" stroke-dasharray="{dash}" d="{path}"/>'


def was(path: str, dash: str = "1 4") -> str:
    """A broken line over the skin, so it stays dark by night: what was there before, or where a cut goes."""
    return stroke(path, NIGHT["rim"][1], 1.8, f' stroke-dasharray="{dash}"')


def night_style(body: str) -> str:
    """The style of a file: only the night colours of the classes that the body uses."""
    used = (
        f".{cls}{{{paint}:{night}}}" for cls, (paint, _, night) in NIGHT.items() if f'class="{cls}"' in body
    )
    rules = "".join(used)
    return f"<style>@media(prefers-color-scheme:dark){{{rules}}}</style>" if rules else ""


def draw(strip: Strip, tone_name: str, ref: str = "s") -> str:
    """The skin with everything in it, without words. `ref` differs between pieces in one file."""
    tone, surface = TONES.get(tone_name, PAGE_TONE), strip.surface
    out = (
        f'<clipPath id="{ref}"><path d="{surface}V104H{LEFT}Z"/></clipPath><g clip-path="url(#{ref})">'
        + fill(f"M{LEFT} 0V104H{RIGHT}V0z", tone.dermis)
        + stroke(_fibres(), tone.fibres, 1.4)
        + _all(strip, "inside", tone)
        + fill(f"M-84 86Q-64 80-44 86{''.join(f'T{x} 86' for x in range(-4, 237, 40))}V104H-84z", FAT)
        + fill(_lobes(), LOBE)
        + _all(strip, "fat", tone)
        + stroke(surface, tone.cells, 22)
        + stroke(surface, tone.outer, 16)
        + _all(strip, "within", tone)
        + f'</g><path {themed("rim")} fill="none" stroke-width="2.4" d="{surface}"/>'
    )
    return out + _tools(strip, ref) + _all(strip, "over", tone)


def _all(strip: Strip, layer: str, tone: Tone) -> str:
    """The elements of one layer. {dark}, {red}, {fibres}, {outer} and {cells} stand for colours of the tone."""
    out = ""
    for p in strip.places:
        elements = "".join(getattr(p.scene, layer)).format(**vars(tone))
        out += f'<g transform="translate({p.x:g} {SURFACE})">{elements}</g>' if elements else ""
    return out


def _tools(strip: Strip, ref: str) -> str:
    path = "".join(place(p.scene.tool, p.x, SURFACE) for p in strip.places)
    if not path:
        return ""
    use = f'<use href="#t{ref}"/>'
    return (
        f'<defs><path id="t{ref}" fill="none" stroke-width="3" d="{path}"/></defs><g {themed("tool")}>{use}</g>'
        f'<g stroke="{TOOL}" clip-path="url(#{ref})">{use}</g>'
    )


def _fibres() -> str:
    spots = ((6, 58), (134, 62), (12, 73), (122, 77), (88, 77), (46, 75), (64, 63), (98, 60), (36, 62))
    shifted = ((x + by, y) for by in (-160, 0, 160) for x, y in spots)
    return "".join(f"M{x} {y}q4-4 8 0t8 0" for x, y in shifted if LEFT < x < RIGHT - 20)


def _lobes() -> str:
    spots = ((4, 12), (37, 13), (73, 13), (108, 12), (140, 10))
    shifted = ((x + by, r) for by in (-160, 0, 160) for x, r in spots)
    return "".join(
        f"M{x} 94.5a{r} 6 0 1 0 {2 * r} 0a{r} 6 0 1 0-{2 * r} 0z" for x, r in shifted if LEFT < x < RIGHT
    )


def in_page(body: str, box: tuple[float, float, float, float], size: tuple[int, int]) -> str:
    """An element of a page: no style of its own, which the site's policy would refuse."""
    return _svg("", body, box, size)


def svg(body: str, box: tuple[float, float, float, float], size: tuple[int, int]) -> str:
    """A whole file. `size` is in CSS pixels, to keep its place on the page until it has come."""
    return _svg(' xmlns="http://www.w3.org/2000/svg"', night_style(body) + body, box, size)


def _svg(names: str, body: str, box: tuple[float, float, float, float], size: tuple[int, int]) -> str:
    view = " ".join(f"{n:g}" for n in box)
    return (
        f'<svg{names} viewBox="{view}" width="{size[0]}" height="{size[1]}"'
        f' stroke-linecap="round" stroke-linejoin="round">{body}</svg>\n'
    )
