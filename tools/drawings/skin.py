"""One piece of skin, cut through from the side and seen a little from above: what every drawing shares.

A tile is 320 x 200. The cut edge of the surface is at y = 62 and the surface goes back to y = 30. Everything that
reaches the left and right edge repeats every 320 units, so tiles join without a seam in any order. True to tissue
where it shows: a scar has no ridges and a thin outer layer.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from palette import again, element
from shapely.geometry import MultiPoint, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union, voronoi_diagram
from shapes import XY, area, dots, joined, line, number, trace, wave

W, H, SURFACE, OUTER = 320, 200, 62, 13
BACK = 30  # where the surface ends, away from the reader
RIDGE = 20  # length of one ridge between outer layer and dermis; divides 320
MARGIN = 40  # surfaces run this far past both edges, so that offsets and fibres are right at the edge


@dataclass(frozen=True)
class Label:
    """Words on a figure, and the sentence that the list under it says about them.

    The leader ends at `to` with a dot; it starts at `start`, or right below the words.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    to: XY | None = None
    start: XY | None = None
    on: str = "paper"
    anchor: str = "start"
    says: str = ""

    @property
    def name(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True)
class Scene:
    """What makes one drawing differ from healthy skin."""

    heading: str = ""  # above its panel in the figure
    surface: str = ""  # the surface between the two edges as path text that starts with L; empty is even
    smooth: tuple[tuple[float, float], ...] = ()  # where the ridges are gone
    thinner: float = 5.5  # how much thinner the outer layer is there
    bare: tuple[float, float] | None = None  # where the outer layer is missing
    scar: BaseGeometry | None = None
    paint_scar: bool = True
    vessel_dips: tuple[tuple[float, float, float], ...] = ()  # centre, half width, depth
    face: str = ""  # drawn on the surface behind the cut
    under: str = ""  # drawn on the dermis, below the outer layer
    within: str = ""  # drawn on the outer layer
    over: str = ""  # drawn last, above the surface
    pigment: float = 0  # how wide a darker patch is, as a part of the widest
    labels: tuple[Label, ...] = field(default=())


@dataclass(frozen=True)
class Drawing:
    """One to three panels along one line of skin; `tile` says which of them, or what else, is the tile."""

    title: str
    panels: tuple[Scene, ...]
    tile: int | Scene = 0
    steps: bool = False  # whether the panels follow one another, and are numbered


def fat_line(x: float) -> float:
    return 152 + 4.5 * math.sin(2 * math.pi * x / 160) + 2.5 * math.sin(2 * math.pi * x / 80 + 1)


def surface_points(scene: Scene) -> list[XY]:
    return trace(f"M{-MARGIN} {SURFACE} {scene.surface} L{W + MARGIN} {SURFACE}")


def _outer_thickness(scene: Scene, x: float) -> float:
    flat = 1.0
    for low, high in scene.smooth:
        outside = max(low - x, x - high, 0)
        flat = min(flat, outside / 22 if outside < 22 else 1)
    thickness = OUTER + flat * 4.3 * math.sin(2 * math.pi * x / RIDGE) - (1 - flat) * scene.thinner
    if scene.bare:
        low, high = scene.bare
        inside = min(x - low, high - x)
        thickness *= min(1, max(0, 1 - inside / 10))
    return thickness


def outer_layer(scene: Scene, points: list[XY]) -> BaseGeometry:
    """The epidermis, with its ridges."""
    lower: list[XY] = []
    for i, (x, y) in enumerate(points):
        a, b = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = math.hypot(dx, dy) or 1
        t = _outer_thickness(scene, x)
        lower.append((x - dy / length * t, y + dx / length * t))
    pieces = []
    for i in range(len(points) - 1):
        piece = Polygon([points[i], points[i + 1], lower[i + 1], lower[i]])
        pieces.append((piece if piece.is_valid else piece.buffer(0)).buffer(0.15))
    tissue = Polygon([*points, (W + MARGIN, H + 30), (-MARGIN, H + 30)]).buffer(0)
    whole = unary_union(pieces).intersection(tissue)
    return (
        whole.buffer(0.9).buffer(-1.8).buffer(0.9).intersection(tissue)
    )  # rounds off what the offset left sharp


def _fibres() -> list[tuple[float, float, float, float, float]]:
    rnd = random.Random(7)
    found = []
    for row in range(9):
        x = rnd.uniform(0, 18)
        start = x
        while x < W + start - 20:
            length = rnd.uniform(16, 28)
            height = rnd.uniform(3, 5) * rnd.choice((1, -1))
            y = 84 + row * 7.6 + rnd.uniform(-2, 2)
            if y < fat_line(x + length / 2) - 6:
                found.append(
                    (round(x), round(y), round(length / 2) * 2, round(height), rnd.uniform(-0.14, 0.14))
                )
            x += length + rnd.uniform(10, 20)
    return found


def _fat_cells() -> str:
    rnd = random.Random(11)
    centres: list[XY] = []
    for _ in range(9000):
        p = (rnd.uniform(0, W), rnd.uniform(146, 222))
        if all(min(math.hypot(p[0] - q[0] + k, p[1] - q[1]) for k in (-W, 0, W)) > 19.5 for q in centres):
            centres.append(p)
        if len(centres) == 40:
            break
    repeated = MultiPoint([(x + k, y) for x, y in centres for k in (-W, 0, W)])
    below = Polygon([(x, fat_line(x) + 2.5) for x in range(-60, W + 61, 4)] + [(W + 60, 240), (-60, 240)])
    out = ""
    for cell in voronoi_diagram(repeated).geoms:
        soft = cell.intersection(below).buffer(-7).buffer(6)
        if soft.is_empty or soft.area < 40 or soft.geom_type != "Polygon":
            continue
        if soft.bounds[2] > -2 and soft.bounds[0] < W + 2 and soft.bounds[1] < H:
            out += line([(round(x), round(y)) for x, y in soft.exterior.coords][:-1], True, 0.9)
    return out


FIBRES = _fibres()
FAT_CELLS = _fat_cells()
# capillaries: a steady rhythm with one gap, so that repeats do not show
PORES = dots((x, y) for y, first in ((36, 8), (43, 22), (51, 3)) for x in range(first, W, 32))
LOOPS = (15, 55, 95, 135, 195, 235, 275, 315)


def ground() -> str:
    """What lies below in every drawing: dermis with its fibres, and fat. Scars and cuts are painted over it."""
    edge = line([(x, fat_line(x) - 1) for x in range(-5, W + 6, 5)])
    fibres = "".join(
        wave(x + shift, y, length, height, angle)
        for x, y, length, height, angle in FIBRES
        for shift in (0, -W)
        if x + shift + length > 0
    )
    return (
        element("der", f"M-2 {SURFACE}h{W + 4}v{H - SURFACE - 30}h-{W + 4}z")
        + element("fib", fibres)
        + element("fat", f"{edge}V{H}H-5z")
        + element("lob", FAT_CELLS)
    )


def ground_behind() -> str:
    """The surface that goes back from the cut."""
    return element("face", f"M-2 {BACK}h{W + 4}v{H}H-2z") + element("pore", PORES)


def _vessel(scene: Scene) -> str:
    def at(x: float) -> float:
        y = 134.5 + 3.2 * math.sin(2 * math.pi * x / 160 + 0.6) + 1.4 * math.sin(2 * math.pi * x / 80 + 2)
        for centre, half, depth in scene.vessel_dips:
            y += depth * math.exp(-(((x - centre) / half) ** 4))
        return y

    return line([(x, at(x)) for x in range(-4, W + 5, 2)], tolerance=0.15)


def _capillaries(open_dermis: BaseGeometry, scar: BaseGeometry | None) -> str:
    out = ""
    for x in LOOPS:
        room = Point(x, 88).buffer(8)
        if open_dermis.contains(room) and not (scar is not None and scar.intersects(room)):
            out += f"M{x - 4} 104c2-12 .6-26.5 4-26.5s2.2 14.5 5 22.5"
    return out


def _pigment(outer: BaseGeometry, part: float) -> str:
    """A darker patch of the outer layer that fades towards its ends."""
    widths = (w * part for w in (70, 60, 48))
    patches = (Polygon([(160 - w, 60), (160 + w, 60), (154 + w, 84), (166 - w, 84)]) for w in widths)
    return "".join(element("dark", area(outer.intersection(patch))) for patch in patches)


def patch(cls: str, x: float, y: float, across: float, back: float, *, half: bool = False) -> str:
    """A round place on the surface, seen at a slant; half of it where the cut goes through it."""
    arc = f"M{joined((x - across, y))}a{joined((across, back))} 0 0 1 {joined((2 * across, 0))}"
    return element(
        cls, f"{arc}z" if half else f"{arc}a{joined((across, back))} 0 0 1 {joined((-2 * across, 0))}z"
    )


def pit(x: float, across: float, back: float, depth: float, floor: float) -> str:
    """A dip with steep walls that the cut goes through: its opening, its far wall and its floor."""
    opening = f"M{joined((x - across, SURFACE))}a{joined((across, back))} 0 0 1 {joined((2 * across, 0))}"
    out = element("hole", f"{opening}v{number(depth + 6)}h{number(-2 * across)}z")
    if floor:
        out += patch("floor", x, SURFACE + depth, floor, back * floor / across, half=True)
    return out + element("rim", opening)


def dip(x: float, across: float, back: float, depth: float) -> str:
    """A dip with soft slopes: shade instead of an edge."""
    out = ""
    for k in (1.0, 0.72, 0.44):
        low = SURFACE + depth * (1 - k) * 0.9
        a = joined((across * k, back * k))
        out += element(
            "shade",
            f"M{joined((x - across * k, low))}a{a} 0 0 1 {joined((2 * across * k, 0))}v{number(depth)}"
            f"h{number(-2 * across * k)}z",
        )
    return out


def dome(surface: str, x: float, across: float, back: float) -> str:
    """The part of a bump that lies behind the cut."""
    front = [p for p in trace(f"M-40 {SURFACE} {surface} L360 {SURFACE}") if abs(p[0] - x) <= across]
    top = max(SURFACE - y for _, y in front)
    far = []
    for px, py in front:
        rise = max(0, SURFACE - py)
        far.append((px, SURFACE - math.hypot(rise, back * math.sqrt(rise / top))))
    closed = [*far, (x + across, SURFACE), (x - across, SURFACE)]
    return element("dome", line(closed, True, 0.3)) + element("rim", line(far, tolerance=0.3))


def tile(scene: Scene, below: str | None = None, ref: str = "e") -> str:
    """The drawing without words. `below` stands for the ground where panels share it; `ref` differs in each."""
    points = surface_points(scene)
    outer = outer_layer(scene, points)
    tissue = Polygon([*points, (W + MARGIN, H + 30), (-MARGIN, H + 30)]).buffer(0)
    open_dermis = tissue.difference(outer.buffer(1))

    out = ground() if below is None else below
    if any(y < SURFACE - 1 for _, y in points):
        out += element("der", area(tissue.intersection(box(0, 0, W, SURFACE + 1))))
    if scene.scar is not None and scene.paint_scar:
        above_fat = Polygon([(x, fat_line(x) - 1) for x in range(0, W + 1, 10)] + [(W, 0), (0, 0)])
        out += element("scar", area(scene.scar.intersection(tissue).intersection(above_fat), 0.5))
    out += element("ves", _vessel(scene))
    out += element("cap", _capillaries(open_dermis, scene.scar)) + scene.under
    skin = area(outer.intersection(box(-9, 0, W + 9, H)), 0.6)
    shape = line([(x, y) for x, y in points if -3 < x < W + 3], tolerance=0.3)
    out += (
        f'<defs><path id="{ref}" d="{skin}"/><clipPath id="t{ref}"><path d="{shape}V{H}H-3z"/></clipPath>'
        f'<clipPath id="a{ref}"><path d="{shape}V-50H-3z"/></clipPath></defs>'
    )
    # The section stays below its surface. What lies behind it shows above, and through a dip.
    out += f'<g clip-path="url(#t{ref})">{again("pap", ref)}</g>'
    behind = (ground_behind() if below is None else '<use href="#b"/>') + scene.face
    out += f'<g clip-path="url(#a{ref})">{behind}</g>'
    out += again("epi", ref)
    if scene.pigment:
        out += _pigment(outer, scene.pigment)
    out += scene.within
    skin_line = [p for p in points if -3 < p[0] < W + 3]
    if scene.bare:
        low, high = scene.bare
        out += element("top", line([p for p in skin_line if p[0] < low + 6], tolerance=0.3))
        out += element("top", line([p for p in skin_line if p[0] > high - 6], tolerance=0.3))
    else:
        out += element("top", line(skin_line, tolerance=0.3))
    return out + scene.over
