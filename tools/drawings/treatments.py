"""What each treatment does to the skin, on the same piece of skin as the scars, with tools in one grey-green."""

from __future__ import annotations

import random

from concerns import layers, spot
from palette import circle, element
from shapely.geometry import LineString, Polygon
from shapes import area, dots, number, trace
from skin import Label, Scene

COLUMNS = tuple(range(84, 237, 19))


def _drop(x: float, y: float, size: float) -> str:
    """A drop that hangs from (x, y)."""
    top, side, low = number(y + size * 0.7), number(y + size), number(y + size * 1.5)
    half, near = size * 0.75, size * 0.3
    left, right, r = number(x - half), number(x + half), number(half)
    return (
        f"M{number(x)} {number(y)}C{number(x + near)} {top} {right} {side} {right} {low}"
        f"A{r} {r} 0 0 1 {left} {low}C{left} {side} {number(x - near)} {top} {number(x)} {number(y)}Z"
    )


def _laser() -> Scene:
    columns = (84, 122, 160, 198, 236)
    heat = "".join(f"M{x - 5} 63V{112}A5 5 0 0 0 {x + 5} {112}V63Z" for x in columns)
    beams = "".join(f"M{number(160 + (x - 160) * 0.62)} 24L{x} 60" for x in columns)
    head = "M96 6H224L214 24H106Z"
    words = (
        Label(("Laser",), 232, 18),
        Label(("Treated", "column"), 254, 100, to=(239, 96), start=(252, 96), on="der"),
        Label(("Skin left alone",), 100, 150, to=(141, 108), start=(141, 139), on="der"),
    )
    return Scene(
        "Fractional laser",
        within=element("heat", heat),
        over=element("beam", beams) + element("tool", head),
        labels=(*layers(), *words),
    )


def _channels() -> tuple[str, str]:
    glow = element("glow", "".join(f"M{x} 66V114" for x in COLUMNS))
    cuts = "".join(f"M{number(x - 1.9)} 61L{x} 110L{number(x + 1.9)} 61Z" for x in COLUMNS)
    return glow, element("chan", cuts)


def _needles(bottom: float) -> str:
    shafts = "".join(f"M{x} 20V{number(bottom)}" for x in COLUMNS)
    return element("edge", shafts) + element("tool", "M79 8H241A7 7 0 0 1 241 22H79A7 7 0 0 1 79 8Z")


def _microneedling() -> Scene:
    glow, channels = _channels()
    words = (
        Label(("Needles",), 254, 19),
        Label(("Channel",), 260, 100, to=(238, 96), start=(258, 96), on="der"),
    )
    return Scene("Microneedling", under=glow, within=channels, over=_needles(50), labels=(*layers(), *words))


def _prp() -> Scene:
    glow, channels = _channels()
    film = "M74 61C82 55 92 58 102 56S126 58 140 56S166 58 180 56S206 58 220 56S238 56 246 61Z"
    filled = "".join(f"M{number(x - 1.2)} 62L{x} 104L{number(x + 1.2)} 62Z" for x in COLUMNS)
    falling = "".join(_drop(x, y, 6.5) for x, y in ((103, 24), (132, 36), (160, 22), (188, 36), (217, 28)))
    words = (
        Label(("Plasma from", "your own blood"), 314, 14, to=(218, 38), start=(228, 31), anchor="end"),
        Label(("Needle", "channel"), 260, 94, to=(238, 90), start=(258, 90), on="der"),
    )
    return Scene(
        "Microneedling with PRP",
        under=glow,
        within=channels + element("gold", filled),
        over=element("drop", film) + element("drop", falling),
        labels=(*layers(), *words),
    )


def _peel() -> Scene:
    fresh = "L70 62 C78 62 78 68 86 68 L222 68 C230 68 232 62 240 62"
    flap = "M236 62C214 60 196 55 178 46C162 38 152 27 141 27C131 27 129 39 138 41"
    words = (
        Label(("Top layer peels",), 178, 26, to=(176, 44), start=(190, 31)),
        Label(("New surface", "below"), 106, 104, to=(126, 70), start=(126, 93), on="der"),
    )
    skin = element("wall", _ribbon(flap, 6.2)) + element("top", flap)
    return Scene(
        "Chemical peel",
        fresh,
        over=skin,
        labels=(*layers(), *words),
    )


def _ribbon(path: str, width: float) -> str:
    """The outline of a strip that follows a path."""
    return area(LineString(trace(path)).buffer(width, cap_style="flat"), 0.3)


def _microdermabrasion() -> Scene:
    polished = "L40 62 C46 62 48 64 54 64 L150 64 C158 64 162 62 170 62"
    wand = "M150 60C146 50 150 44 156 40L226 4H256L172 56C166 60 154 66 150 60Z"
    rnd = random.Random(5)
    crumbs = [(rnd.uniform(84, 146), 57 - abs(rnd.gauss(0, 7))) for _ in range(26)]
    words = (
        Label(("Polishing tip",), 214, 46, to=(196, 36), start=(212, 42)),
        Label(("Only the very top", "comes away"), 100, 104, to=(118, 66), start=(118, 93), on="der"),
    )
    return Scene(
        "Microdermabrasion",
        polished,
        over=element("crumb", dots(crumbs)) + element("tool", wand),
        labels=(*layers(), *words),
    )


def _dermabrasion() -> Scene:
    sanded = "L58 62 C64 62 68 79 78 79 L210 79 C224 79 228 62 240 62"
    wheel = (
        element("tool", "M200 40L214 2H226L214 46Z")
        + circle("tool", 200, 49, 28)
        + circle("tool2", 200, 49, 9)
    )
    raw = element("raw", "M72 77C76 79 78 79 82 79L210 79C217 79 221 75 225 70")
    was = element("was", "M62 62H172")
    words = (
        Label(("Sanding", "wheel"), 238, 26),
        Label(("Surface", "before"), 84, 28, to=(112, 62)),
        Label(("Sanded into the", "upper dermis"), 96, 112, to=(120, 80), start=(120, 101), on="der"),
    )
    return Scene(
        "Dermabrasion",
        sanded,
        bare=(64, 232),
        over=raw + was + wheel,
        labels=(*layers(), *words),
    )


def _punch() -> Scene:
    pit = (
        "L70 62 C80 62 82 66 84 78 C86 92 88 108 91 122 C92 127 95.5 127 96.5 122 C99 108 101 92 103 78"
        " C105 66 107 62 117 62 L214 62 C224 62 230 61 234 64 C238 61 244 62 254 62"
    )
    zone = LineString([(85, 70), (94, 126)]).buffer(15)
    cutter = element("tool", "M66 4H122V14H66ZM70 14H76V56L73 60L70 56ZM112 14H118V56L115 60L112 56Z")
    cut = element("cut", "M73 62V138H115V62")
    seam = element("cut", "M234 66V128")
    thread = element("thread", "M218 66C222 54 246 54 250 66M234 57L228 50M234 57L240 50")
    words = (
        Label(("Round", "cutter"), 130, 28, to=(116, 34), start=(128, 30)),
        Label(("Scar comes", "out whole"), 124, 104, to=(110, 100), start=(122, 100), on="der"),
        Label(("Closed with", "a stitch"), 222, 20, to=(248, 61), start=(256, 40)),
    )
    return Scene(
        "Punch techniques",
        pit,
        ((64, 124), (226, 242)),
        scar=zone,
        under=seam,
        over=cut + cutter + thread,
        labels=(*layers(), *words),
    )


def _filler() -> Scene:
    lifted = "L84 62 C120 62 128 65 160 65 C192 65 200 62 236 62"
    dip = element("was", "M84 62C118 62 126 92 160 92S202 62 236 62")
    pocket = (
        "M112 92C126 84 146 87 160 86S196 84 208 92C214 98 200 108 184 109S150 113 134 109S104 99 112 92Z"
    )
    syringe = element("edge", "M252 60L206 94") + element("tool", "M249 57L287 29L295 40L257 68Z")
    syringe += element("tool", "M289 33L303 22L306 26L292 37ZM300 17L311 31L308 33L297 19Z")
    words = (
        Label(("Dip before",), 122, 40, to=(112, 71), start=(126, 45)),
        Label(("Filler lifts", "from below"), 126, 132, to=(150, 103), start=(150, 121), on="der"),
        Label(("Syringe",), 232, 22),
    )
    return Scene(
        "Dermal filler",
        lifted,
        ((110, 210),),
        2,
        scar=Polygon([(104, 82), (216, 82), (216, 112), (104, 112)]),
        paint_scar=False,
        under=element("gel", pocket),
        over=dip + syringe,
        labels=(*layers(), *words),
    )


def _topical() -> Scene:
    cream = "M70 61C74 51 88 54 100 52S128 54 144 52S176 54 192 52S226 54 240 52S258 52 262 61Z"
    rays = "M205 26L168 51L148 39M212 32L191 51L174 41M221 35L214 51L200 42"
    words = (
        Label(("Sunlight",), 240, 22),
        Label(("Cream, and sun", "protection by day"), 96, 104, to=(118, 57), start=(118, 93), on="der"),
    )
    sun = circle("sun", 220, 19, 13)
    return Scene(
        "Creams and sun protection",
        over=element("cream", cream) + element("ray", rays) + sun,
        labels=(*layers(), *words),
    )


def _blue_light() -> Scene:
    light = element(
        "blue", "M112 16H208L232 61C214 61 204 42 178 34.5C170 32.5 150 32.5 142 34.5C116 42 106 61 88 61Z"
    )
    lamp = element("tool", "M104 4H216V14H104Z") + element("lamp", "M108 14H212V18H108Z")
    words = (
        Label(("Blue light",), 226, 24, to=(206, 30), start=(224, 26)),
        Label(("Active", "spot"), 248, 88, to=(184, 84), start=(245, 84), on="der"),
    )
    return spot("Blue light on an active spot", light + lamp, words)


def scenes() -> dict[str, Scene]:
    return {
        "laser": _laser(),
        "microneedling": _microneedling(),
        "prp": _prp(),
        "peel": _peel(),
        "microdermabrasion": _microdermabrasion(),
        "dermabrasion": _dermabrasion(),
        "punch": _punch(),
        "filler": _filler(),
        "topical": _topical(),
        "blue-light": _blue_light(),
    }
