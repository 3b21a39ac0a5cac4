"""One piece of skin, cut through from the side: the layers that every drawing shares.

A tile is 320 x 200 with the surface at y = 62. Everything that reaches its left and right edge repeats every
320 units, so tiles join without a seam in any order. True to tissue where it shows: a scar has no ridges and a
thin outer layer.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from palette import element
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union, voronoi_diagram
from shapes import XY, area, line, number, trace, wave

W, H, SURFACE, OUTER = 320, 200, 62, 13
RIDGE = 20  # length of one ridge between outer layer and dermis; divides 320
MARGIN = 40  # surfaces run this far past both edges, so that offsets and fibres are right at the edge


@dataclass(frozen=True)
class Label:
    """Words on a figure. The leader ends at `to` with a dot; it starts at `start`, or right below the words."""

    lines: tuple[str, ...]
    x: float
    y: float
    to: XY | None = None
    start: XY | None = None
    on: str = "paper"
    anchor: str = "start"


@dataclass(frozen=True)
class Scene:
    """What makes one drawing differ from healthy skin."""

    title: str
    surface: str = ""  # the surface between the two edges as path text that starts with L; empty is even
    smooth: tuple[tuple[float, float], ...] = ()  # where the ridges are gone
    thinner: float = 5.5  # how much thinner the outer layer is there
    bare: tuple[float, float] | None = None  # where the outer layer is missing
    scar: BaseGeometry | None = None
    paint_scar: bool = True
    vessel_dips: tuple[tuple[float, float, float], ...] = ()  # centre, half width, depth
    under: str = ""  # drawn on the dermis, below the outer layer
    within: str = ""  # drawn on the outer layer
    over: str = ""  # drawn last, above the surface
    pigment: bool = False
    labels: tuple[Label, ...] = field(default=())


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
            length = rnd.uniform(13, 26)
            height = rnd.uniform(2, 4) * rnd.choice((1, -1))
            found.append((x, 84 + row * 8 + rnd.uniform(-2.5, 2.5), length, height, rnd.uniform(-0.16, 0.16)))
            x += length + rnd.uniform(8, 18)
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
            out += line(list(soft.simplify(0.5).exterior.coords)[:-1], True, 0.5)
    return out


FIBRES = _fibres()
FAT_CELLS = _fat_cells()
# capillaries: a steady rhythm with one gap, so that repeats do not show
LOOPS = (15, 55, 95, 135, 195, 235, 275, 315)


def fat() -> str:
    """The lowest layer, the same in every drawing."""
    edge = line([(x, fat_line(x) - 1) for x in range(0, W + 1, 5)])
    return element("fat", f"{edge}L{W} {H} 0 {H}Z") + element("lob", FAT_CELLS)


def _vessel(scene: Scene) -> str:
    def at(x: float) -> float:
        y = 134.5 + 3.2 * math.sin(2 * math.pi * x / 160 + 0.6) + 1.4 * math.sin(2 * math.pi * x / 80 + 2)
        for centre, half, depth in scene.vessel_dips:
            y += depth * math.exp(-(((x - centre) / half) ** 4))
        return y

    return line([(x, at(x)) for x in range(-4, W + 5, 2)], tolerance=0.15)


def _fibres_path(safe: BaseGeometry, scar: BaseGeometry | None) -> str:
    out = ""
    for x, y, length, height, angle in FIBRES:
        for shift in (-W, 0, W):
            x0 = x + shift
            if x0 > W or x0 + length < 0:
                continue
            room = LineString([(x0, y), (x0 + length, y + length * math.sin(angle))]).buffer(2.6)
            if safe.contains(room) and not (scar is not None and scar.intersects(room)):
                out += wave(x0, y, length, height, angle)
    return out


def _capillaries(open_dermis: BaseGeometry, scar: BaseGeometry | None) -> str:
    out = ""
    for x in LOOPS:
        room = Point(x, 88).buffer(8)
        if open_dermis.contains(room) and not (scar is not None and scar.intersects(room)):
            out += f"M{x - 4} 104C{x - 2} 92 {number(x - 3.4)} 77.5 {x} 77.5S{number(x + 2.2)} 92 {x + 5} 100"
    return out


def _pigment(outer: BaseGeometry) -> str:
    """A darker patch of the outer layer that fades towards its ends."""
    patches = (
        Polygon([(160 - w, 60), (160 + w, 60), (151 + w, 84), (169 - w, 84)]) for w in (70, 64, 57, 49)
    )
    return "".join(element("dark", area(outer.intersection(patch))) for patch in patches)


def tile(scene: Scene) -> str:
    """The drawing without words."""
    points = surface_points(scene)
    outer = outer_layer(scene, points)
    frame = box(0, 0, W, H)
    below = [(x, fat_line(x)) for x in range(W + MARGIN, -MARGIN - 1, -5)]
    dermis = Polygon(points + below).buffer(0)
    deep = Polygon(
        [(x, fat_line(x) - 4) for x in range(-MARGIN, W + MARGIN + 1, 5)] + [(W + MARGIN, 0), (-MARGIN, 0)]
    )
    safe = dermis.difference(outer.buffer(4.5)).intersection(deep)

    out = fat() + element("der", area(dermis.intersection(frame)))
    out += element(
        "pap", area(outer.buffer(8).difference(outer).intersection(dermis).intersection(frame), 0.45)
    )
    out += element("fib", _fibres_path(safe, scene.scar))
    if scene.scar is not None and scene.paint_scar:
        out += element("scar", area(scene.scar.intersection(safe.buffer(3)), 0.5))
    out += element("ves", _vessel(scene))
    out += element("cap", _capillaries(dermis.difference(outer.buffer(1)), scene.scar))
    out += scene.under + element("epi", area(outer.intersection(frame)))
    if scene.pigment:
        out += _pigment(outer)
    out += scene.within
    skin_line = [p for p in points if -3 < p[0] < W + 3]
    if scene.bare:
        low, high = scene.bare
        out += element("top", line([p for p in skin_line if p[0] < low + 6], tolerance=0.22))
        out += element("top", line([p for p in skin_line if p[0] > high - 6], tolerance=0.22))
    else:
        out += element("top", line(skin_line, tolerance=0.22))
    return out + scene.over
