"""Geometry turned into SVG path text. All lengths are units of the 320 x 200 tile, y grows downwards."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]


def number(value: float) -> str:
    """One decimal is finer than any screen shows at these sizes; no zero before the point."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return (
        "0"
        if text in ("", "-0")
        else text.replace("0.", ".", 1)
        if text.lstrip("-").startswith("0.")
        else text
    )


def joined(values: Iterable[float]) -> str:
    """Numbers with as little between them as SVG allows."""
    out = last = ""
    for value in values:
        text = number(value)
        alone = not out or text[0] == "-" or (text[0] == "." and "." in last)
        out += text if alone else f" {text}"
        last = text
    return out


def trace(path: str, per_curve: int = 26) -> list[XY]:
    """Points along an absolute path of M, L and C commands, close enough together to offset them."""
    tokens = re.findall(r"[MLC]|-?\d+\.?\d*", path)
    points: list[XY] = []
    here: XY = (0.0, 0.0)
    command, i = "M", 0
    while i < len(tokens):
        if tokens[i] in "MLC":
            command, i = tokens[i], i + 1
        if command == "C":
            a, b, end = (
                (float(tokens[i]), float(tokens[i + 1])),
                (float(tokens[i + 2]), float(tokens[i + 3])),
                (float(tokens[i + 4]), float(tokens[i + 5])),
            )
            i += 6
            for t in np.linspace(0, 1, per_curve + 1)[1:]:
                points.append(_bezier(here, a, b, end, float(t)))
            here = end
            continue
        end = (float(tokens[i]), float(tokens[i + 1]))
        i += 2
        if command == "M":
            points.append(end)
            command = "L"
        else:
            steps = max(2, int(math.dist(here, end) / 2))
            points += [
                (here[0] + (end[0] - here[0]) * k / steps, here[1] + (end[1] - here[1]) * k / steps)
                for k in range(1, steps + 1)
            ]
        here = end
    return points


def _bezier(p: XY, a: XY, b: XY, q: XY, t: float) -> XY:
    u = 1 - t
    return (
        u**3 * p[0] + 3 * u * u * t * a[0] + 3 * u * t * t * b[0] + t**3 * q[0],
        u**3 * p[1] + 3 * u * u * t * a[1] + 3 * u * t * t * b[1] + t**3 * q[1],
    )


def line(points: Iterable[XY], closed: bool = False, tolerance: float = 0.25) -> str:
    """Straight path text through the points, with those that do not show left out. Steps, not places: shorter."""
    coords = list(points)
    kept = list(LineString(coords + ([coords[0]] if closed else [])).simplify(tolerance).coords)
    if closed:
        kept = kept[:-1]
    here = [(round(x, 1), round(y, 1)) for x, y in kept]
    steps = [n for a, b in pairwise(here) for n in (b[0] - a[0], b[1] - a[1])]
    return f"M{joined(here[0])}l{joined(steps)}" + ("z" if closed else "")


def area(shape: BaseGeometry, tolerance: float = 0.3) -> str:
    """Path text of a polygon or of several, holes included."""
    out = ""
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type != "Polygon" or part.area < 1:
            continue
        out += line(list(part.exterior.coords)[:-1], True, tolerance)
        for hole in part.interiors:
            if Polygon(hole).area > 2:
                out += line(list(hole.coords)[:-1], True, tolerance)
    return out


def wave(x: float, y: float, length: float, height: float, angle: float = 0.0) -> str:
    """One fibre: a shallow S that starts at (x, y). A negative height starts downwards."""
    c, s = math.cos(angle), math.sin(angle)
    bend = (length / 4 * c + height * s, length / 4 * s - height * c)
    half = (length / 2 * c, length / 2 * s)
    return f"M{joined((x, y))}q{joined((*bend, *half))}t{joined(half)}"


def dots(points: Iterable[XY]) -> str:
    """Round dots, as strokes of no length; the class sets their width and round ends."""
    return "".join(f"M{joined((x, y))}h.01" for x, y in points)


def moved(path: str, dx: float, scale: float = 1.0, about: float = 160.0) -> str:
    """An absolute path of M, L and C commands, made narrower about a place and then moved sideways."""
    along = [True]

    def place(found: re.Match[str]) -> str:
        across, along[0] = along[0], not along[0]
        value = float(found[0])
        return number(about + (value - about) * scale + dx) if across else found[0]

    return re.sub(r"-?\d+\.?\d*", place, path)
