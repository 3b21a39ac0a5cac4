"""Every colour of the drawings: class -> attributes by day, and what changes by night.

Day colours are attributes, so that a drawing is whole even where a policy blocks the style inside a file. Only
the night colours and the text size need that style. Diagram colours, not a skin tone.
"""

from __future__ import annotations

Attributes = dict[str, str]

LINE: Attributes = {"fill": "none"}  # round ends and corners are set once, on the whole drawing
INK, NIGHT_INK = "#231e19", "#f0e9de"


def _stroke(colour: str, width: float, **more: str) -> Attributes:
    return {
        **LINE,
        "stroke": colour,
        "stroke-width": f"{width:g}",
        **{k.replace("_", "-"): v for k, v in more.items()},
    }


DAY: dict[str, Attributes] = {
    # skin
    "fat": {"fill": "#ebcd8e"},
    "lob": {"fill": "#f6e3b3"},
    "der": {"fill": "#e8b9a1"},
    "pap": {"fill": "#f1cdb9", "stroke": "#f1cdb9", "stroke-width": "15"},
    "face": {"fill": "#d8a886"},
    "pore": _stroke("#b98463", 1.6),
    "dome": {"fill": "#e3b898"},
    "floor": {"fill": "#c18c68"},
    "hole": {"fill": "#8f5c40"},
    "rim": _stroke("#5b3726", 1.3),
    "shade": {"fill": "#5b3726", "opacity": ".13"},
    "spotd": {"fill": "#6b3a22", "opacity": ".42"},
    "spotr": {"fill": "#c23f35", "opacity": ".4"},
    "fib": _stroke("#cf9478", 1.5),
    "ves": _stroke("#b04b3c", 2.2),
    "wide": _stroke("#b04b3c", 2.8),
    "cap": _stroke("#c0705a", 1.2),
    "epi": {"fill": "#b97f5c"},
    "top": _stroke("#5b3726", 2.2),
    # scars, marks and spots
    "scar": {"fill": "#f3d5c3"},
    "band": _stroke("#b3745a", 1.6),
    "teth": _stroke("#fdeadb", 2.8),
    "tethd": _stroke("#a8644b", 4.6),
    "thick": _stroke("#fbeadd", 5),
    "mark": _stroke("#5b3726", 1.5, stroke_dasharray="2 5"),
    "dark": {"fill": "#5a2c17", "opacity": ".26"},
    "pig": _stroke("#3b1f12", 2.5),
    "pigd": _stroke("#7a472d", 2.5),
    "flush": {"fill": "#d4614f", "opacity": ".3"},
    "hair": _stroke("#4a2d20", 2.2),
    "wall": {"fill": "#b97f5c"},
    "pus": {"fill": "#f7e8b4"},
    "pd": _stroke("#c9a257", 3),
    "cyst": {"fill": "#fffaf0", "stroke": "#8a5a3f", "stroke-width": "1.6"},
    "ker": _stroke("#cdb18f", 1.4),
    # what a treatment brings
    "tool": {"fill": "#45605f"},
    "tool2": {"fill": "#6f8a88"},
    "edge": _stroke("#45605f", 2),
    "chan": {"fill": "#5b3726"},
    "glow": _stroke("#fbe7d8", 9, opacity=".8"),
    "heat": {"fill": "#fbe7d8", "stroke": "#b5472f", "stroke-width": "1.3"},
    "beam": _stroke("#c8502f", 1.8),
    "drop": {"fill": "#e2a93b", "stroke": "#8a5f12", "stroke-width": "1"},
    "gold": {"fill": "#e2a93b"},
    "gel": {"fill": "#a9d3cd", "stroke": "#2f6f6b", "stroke-width": "1.4"},
    "cream": {"fill": "#dcebe7", "stroke": "#2f6f6b", "stroke-width": "1.4"},
    "sun": {"fill": "#e9b64b", "stroke": "#8a5f12", "stroke-width": "1.2"},
    "ray": _stroke("#b07a14", 1.8),
    "blue": {"fill": "#4f86d9", "opacity": ".28"},
    "lamp": {"fill": "#2f5fb0"},
    "raw": _stroke("#b04b3c", 2.4),
    "crumb": _stroke("#8a5a3f", 2.4),
    "thread": _stroke("#1f3f9c", 1.9),
    "cut": _stroke("#231e19", 1.6, stroke_dasharray="4 3"),
    "was": _stroke("#5b3726", 1.6, stroke_dasharray="1 4.5"),
    "newc": _stroke("#9c4f33", 2),
    "warm": {"fill": "#e2684a", "opacity": ".62"},
    "needle": {"fill": "#5f7c7a"},
    "redc": {"fill": "#b04b3c"},
    "plt": _stroke("#fbf3da", 2.6),
    "glass": _stroke("#45605f", 2),
    "reach": _stroke("#d8f0ec", 2.2),
    "depth": _stroke("#0f3f3e", 2.2),
    "turn": _stroke("#45605f", 2.2),
    "spotl": {"fill": "#6b3a22", "opacity": ".2"},
    "rawf": {"fill": "#cf7f68"},
    "seam": _stroke("#8f5c40", 1.8),
    "plug": {"fill": "#f1cdb9"},
    # a consultation
    "card": {"fill": "#fffdf8", "stroke": "#45605f", "stroke-width": "2"},
    "note": _stroke("#45605f", 2),
    "pale": _stroke("#fffdf8", 2),
    "box": {"fill": "none", "stroke": "#45605f", "stroke-width": "1.6"},
    "tick": _stroke("#954627", 2.4),
    "lens": {"fill": "#fffdf8"},
    "ring": _stroke("#45605f", 4),
    "handle": _stroke("#45605f", 8),
    # on the way to mend
    "blood": {"fill": "#b5312a", "stroke": "#5b1712", "stroke-width": "1"},
    "bruise": {"fill": "#54406e", "opacity": ".36"},
    "crust": {"fill": "#6b3320", "stroke": "#3b1a10", "stroke-width": "1.2"},
    # words
    "t": {"fill": INK},
    "ld": {"fill": "none", "stroke": INK, "stroke-width": "1.1"},
    "part": {"fill": "none", "stroke": "#7d6f61", "stroke-width": "1.2"},
    "bar": {"fill": "none", "stroke": INK, "stroke-width": "1.4"},
    "dot": {"fill": INK},
}

NIGHT: dict[str, Attributes] = {
    "fat": {"fill": "#6d5236"},
    "lob": {"fill": "#876a48"},
    "der": {"fill": "#5d3a2e"},
    "pap": {"fill": "#704a3b", "stroke": "#704a3b"},
    "face": {"fill": "#85593f"},
    "pore": {"stroke": "#64412c"},
    "dome": {"fill": "#966951"},
    "floor": {"fill": "#74503a"},
    "hole": {"fill": "#33190f"},
    "rim": {"stroke": "#dfb48f"},
    "shade": {"fill": "#1d0e07", "opacity": ".2"},
    "spotd": {"fill": "#1d0e07", "opacity": ".5"},
    "spotr": {"fill": "#e2473a", "opacity": ".5"},
    "fib": {"stroke": "#835646"},
    "ves": {"stroke": "#d4735f"},
    "wide": {"stroke": "#e0806c"},
    "cap": {"stroke": "#d58069"},
    "epi": {"fill": "#7d5339"},
    "top": {"stroke": "#dfb48f"},
    "scar": {"fill": "#845d4d"},
    "band": {"stroke": "#c08d74"},
    "teth": {"stroke": "#e7cdb9"},
    "tethd": {"stroke": "#3f241a"},
    "thick": {"stroke": "#9a705e"},
    "mark": {"stroke": "#f0c9a6"},
    "dark": {"fill": "#2b130a", "opacity": ".3"},
    "pig": {"stroke": "#1d0e07"},
    "pigd": {"stroke": "#3b2014"},
    "flush": {"fill": "#e2604d", "opacity": ".32"},
    "hair": {"stroke": "#2a1710"},
    "wall": {"fill": "#8d5f42"},
    "pus": {"fill": "#e9d694"},
    "pd": {"stroke": "#a8823c"},
    "cyst": {"fill": "#f1e4d2", "stroke": "#5b3726"},
    "ker": {"stroke": "#a98a63"},
    "tool": {"fill": "#8fc7c1"},
    "tool2": {"fill": "#5f918c"},
    "edge": {"stroke": "#8fc7c1"},
    "chan": {"fill": "#1f110b"},
    "glow": {"stroke": "#a9745c"},
    "heat": {"fill": "#a9745c", "stroke": "#ff9c7d"},
    "beam": {"stroke": "#ff9c7d"},
    "drop": {"fill": "#f0bb52", "stroke": "#2a1d06"},
    "gold": {"fill": "#f0bb52"},
    "gel": {"fill": "#4f8a85", "stroke": "#b7e3dd"},
    "cream": {"fill": "#4f8a85", "stroke": "#b7e3dd"},
    "sun": {"fill": "#f0c060", "stroke": "#f0c060"},
    "ray": {"stroke": "#f0c060"},
    "blue": {"fill": "#6fa0f0", "opacity": ".34"},
    "lamp": {"fill": "#8ab1f2"},
    "raw": {"stroke": "#ff9078"},
    "crumb": {"stroke": "#dfb48f"},
    "thread": {"stroke": "#c3d4ff"},
    "cut": {"stroke": "#f0e9de"},
    "was": {"stroke": "#f0c9a6"},
    "newc": {"stroke": "#e7b398"},
    "warm": {"fill": "#f0795a"},
    "needle": {"fill": "#b9dcd8"},
    "redc": {"fill": "#b3493a"},
    "plt": {"stroke": "#2a1d06"},
    "glass": {"stroke": "#8fc7c1"},
    "reach": {"stroke": "#b7e3dd"},
    "depth": {"stroke": "#d5f2ee"},
    "turn": {"stroke": "#8fc7c1"},
    "spotl": {"fill": "#1d0e07", "opacity": ".28"},
    "rawf": {"fill": "#9a4a38"},
    "seam": {"stroke": "#e0b294"},
    "plug": {"fill": "#704a3b"},
    "card": {"fill": "#2b2621", "stroke": "#8fc7c1"},
    "note": {"stroke": "#8fc7c1"},
    "pale": {"stroke": "#171512"},
    "box": {"stroke": "#8fc7c1"},
    "tick": {"stroke": "#eaa987"},
    "lens": {"fill": "#2b2621"},
    "ring": {"stroke": "#8fc7c1"},
    "handle": {"stroke": "#8fc7c1"},
    "blood": {"fill": "#e0594b", "stroke": "#2a0d09"},
    "bruise": {"fill": "#8f7bb8", "opacity": ".4"},
    "crust": {"fill": "#3a1b11", "stroke": "#d59a7c"},
    "t": {"fill": NIGHT_INK},
    "ld": {"stroke": NIGHT_INK},
    "part": {"stroke": "#94887a"},
    "bar": {"stroke": NIGHT_INK},
    "dot": {"fill": NIGHT_INK},
}

# The halo of a word has the colour of what lies under it, so words stay readable on top of fibres and fat.
HALO: dict[str, tuple[str, str]] = {
    "paper": ("#fbf8f2", "#171512"),
    "der": ("#e8b9a1", "#5d3a2e"),
    "epi": ("#b97f5c", "#7d5339"),
    "face": ("#d8a886", "#85593f"),
    "fat": ("#f0d8a0", "#7a5e3f"),
}


def element(cls: str, path: str) -> str:
    """One path of a class, with its day colours."""
    return f'<path class="{cls}"{_attributes(DAY[cls])} d="{path}"/>' if path else ""


def again(cls: str, ref: str) -> str:
    """A path that is written down elsewhere, in the colours of a class."""
    return f'<use class="{cls}"{_attributes(DAY[cls])} href="#{ref}"/>'


def circle(cls: str, x: float, y: float, r: float) -> str:
    return f'<circle class="{cls}"{_attributes(DAY[cls])} cx="{x:g}" cy="{y:g}" r="{r:g}"/>'


def _attributes(values: Attributes) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items())


def night_style(body: str) -> str:
    """The rules for a dark page, of the classes that the body uses."""
    used = [name for name in NIGHT if f'class="{name}"' in body or f'class="{name} ' in body]
    rules = "".join(
        f".{name}{{{';'.join(f'{key}:{value}' for key, value in NIGHT[name].items())}}}" for name in used
    )
    rules += "".join(
        f".h-{name}{{stroke:{night}}}" for name, (_, night) in HALO.items() if f"h-{name}" in body
    )
    return f"@media(prefers-color-scheme:dark){{{rules}}}" if rules else ""
