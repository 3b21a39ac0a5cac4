"""The large drawings of what somebody may have, and what the list under each figure says about its parts.

A figure is 260 x 115 units and 390 x 172 pixels: low, so that the first sentence of a page stands under it on a phone.
Two scenes stand side by side along one line of skin. The words of a label and its sentence are written here only.
"""

from __future__ import annotations

import concerns as c
from concerns import pair
from labels import DERMIS, OUTER, Figure, Label
from skin import Placed, Scene, Strip

SURFACE = ("Surface", "The skin as you see it and touch it.")
FAT = ("Fat", "The lowest layer in the drawing.")
LAYERS = (SURFACE, OUTER, DERMIS, FAT)
IN_DERMIS = Label("Dermis", -46, 72, inside=True)
EDGES = ("Steep edges", "A fingertip feels an edge, and then a floor.")
SHALLOW = ("Shallow floor", "The floor is not far below the surface.")
DEEP = ("Deep floor", "The floor lies deep in the dermis.")
OUTLINE = ("Spot was here", "The broken line shows how wide the spot was.")
BUNDLES = "Too much of it: bundles lie side by side. Collagen is the protein that makes skin firm."
STRANDS = "Of collagen. They run in all directions."
EVEN = ("Even surface", "A mark is flat. Nothing is missing and nothing is raised.")
PIGMENT = "Grains of it lie in the outer layer, and a few just below."
VESSELS = ("Wider vessels", "These blood vessels show through as red or purple.")


def _one(scene: Scene) -> Strip:
    return Strip((Placed(scene),))


def figures() -> dict[str, Figure]:
    """Every figure by the name of its drawing."""
    floor = {
        name: Figure(
            _one(scene),
            (
                Label("Steep edges", 36, 8, f"M38 6L{edge} 33", "end"),
                Label(said[0], 80, 10, f"M80 14V{low}", "middle"),
                IN_DERMIS,
            ),
            (*LAYERS, EDGES, said),
        )
        for name, scene, said, edge, low in (
            ("boxcar-shallow", c.SHALLOW, SHALLOW, 47, 44),
            ("boxcar-deep", c.DEEP, DEEP, 51, 66),
        )
    }
    return floor | {
        "flat": Figure(
            _one(Scene()),
            (
                Label("Outer layer", 4, 14, "M30 18V41"),
                Label("Dermis", 80, 71, anchor="middle", inside=True),
                Label("Fat", 80, 98, anchor="middle", inside=True),
            ),
            (
                *LAYERS,
                (
                    "Collagen",
                    "The fine lines. It makes skin firm. Too little leaves a dip, too much makes a bump.",
                ),
            ),
        ),
        "ice-pick": Figure(
            _one(c.ICE_PICK),
            (
                Label("Narrow opening", 70, -4, "M76-10V34", "end"),
                Label("More pits", 124, 10, "M118 3V32"),
                Label("Deep pit", 101, 76, "M98 72H85", inside=True),
            ),
            (
                *LAYERS,
                ("Narrow opening", "On the surface you see a small hole, as if from something sharp."),
                ("Deep pit", "It runs down into the dermis, and is deeper than it is wide."),
                ("More pits", "They often come in groups."),
            ),
        ),
        "boxcar": Figure(
            pair(c.SHALLOW, c.DEEP),
            (
                Label("Shallow floor", 15, 18, "M15 22V44", "middle"),
                Label("Steep edges", 82, -4, "M64 0L50 33M100 0L114 33", "middle"),
                Label("Deep floor", 145, 18, "M145 22V66", "middle"),
            ),
            (*LAYERS, EDGES, SHALLOW, DEEP),
        ),
        "rolling": Figure(
            _one(c.ROLLING),
            (
                Label("Soft slopes", 80, 6, "M66 10L53 51M94 10L107 51", "middle"),
                Label("Bands pull", 134, 80, "M132 76H127", inside=True),
                IN_DERMIS,
            ),
            (
                *LAYERS,
                ("Soft slopes", "The surface goes up and down in waves, with no edge to feel."),
                ("Bands pull", "Bands of scar hold the bottom of each dip from below."),
            ),
        ),
        "hypertrophic": Figure(
            _one(c.HYPERTROPHIC),
            (
                Label("Firm bump", 36, 8, "M36 6L58 17", "end"),
                Label("Spot was here", 116, 77, "M113 73L108 63", inside=True),
                Label("More collagen", 40, 77, "M42 73L58 59", "end", True),
            ),
            (
                *LAYERS,
                OUTLINE,
                ("Firm bump", "This kind of raised scar stays inside the outline."),
                ("More collagen", BUNDLES),
            ),
        ),
        "keloid": Figure(
            _one(c.KELOID),
            (
                Label("Grows past it", 46, -4, "M36 0L38 9", "end"),
                Label("Spot was here", 108, 77, "M105 73L97 64", inside=True),
                Label("Thick strands", 40, 77, "M42 73L50 56", "end", True),
            ),
            (
                *LAYERS,
                OUTLINE,
                ("Grows past it", "A keloid is wider than the spot was."),
                ("Thick strands", STRANDS),
            ),
        ),
        "raised": Figure(
            pair(c.HYPERTROPHIC, c.KELOID),
            (
                Label("Stays inside", 15, -4, "M15 0V9", "middle"),
                Label("Grows past it", 145, -4, "M112 0L103 12", "middle"),
                Label("Spot was here", 86, 78, "M50 72L44 63M124 68L128 64", "middle", True),
            ),
            (
                *LAYERS,
                OUTLINE,
                ("Stays inside", "This kind of raised scar is a firm bump inside the outline."),
                ("More collagen", BUNDLES),
                ("Grows past it", "A keloid is wider than the spot was."),
                ("Thick strands", STRANDS),
            ),
        ),
        "dark-marks": Figure(
            _one(c.DARK),
            (
                Label("Even surface", -46, 14, "M-16 18V33"),
                Label("Extra colour (pigment)", 66, 8, "M94 12L86 41"),
                IN_DERMIS,
            ),
            (*LAYERS, ("Extra colour (pigment)", PIGMENT), EVEN),
        ),
        "red-marks": Figure(
            _one(c.RED),
            (
                Label("Even surface", -46, 14, "M-16 18V33"),
                Label("Red or purple", 92, 8, "M104 12L92 40"),
                Label("Wider vessels", 119, 72, "M117 69H112", inside=True),
            ),
            (
                *LAYERS,
                VESSELS,
                ("Red or purple", "The colour of the blood shows through the outer layer."),
                EVEN,
            ),
        ),
        "marks": Figure(
            pair(c.DARK, c.RED),
            (
                Label("Extra colour (pigment)", -46, 8, "M15 12V41"),
                Label("Even surface", 206, 8, "M196 12V33", "end"),
                Label("Wider vessels", 108, 76, "M110 73H116", "end", True),
            ),
            (*LAYERS, ("Extra colour (pigment)", PIGMENT), EVEN, VESSELS),
        ),
        "active-spot": Figure(
            _one(c.ACTIVE),
            (
                Label("Blocked pore", 46, 8, "M48 6L74 16", "end"),
                Label("Pus", 122, 12, "M119 10L87 34"),
                Label("Inflamed skin", 124, 76, "M121 72L108 60", inside=True),
            ),
            (
                *LAYERS,
                ("Blocked pore", "The opening is closed. Oil and bacteria play a part."),
                ("Pus", "The pore swells, and holds pus."),
                (
                    "Inflamed skin",
                    "The dermis around it is red, swollen and often sore. Squeezing can force the contents deeper.",
                ),
            ),
        ),
        "milia": Figure(
            _one(c.MILIA),
            (
                Label("Small white bumps", 60, 8, "M48 12V27M82 12V27", "middle"),
                Label("Tiny cyst", 138, 70, "M135 66L120 46", inside=True),
                IN_DERMIS,
            ),
            (
                *LAYERS,
                (
                    "Tiny cyst",
                    "A little ball of skin protein (keratin) in the outer layer. It is not oil and not acne.",
                ),
                (
                    "Small white bumps",
                    "On the surface you see small white or yellow bumps. They usually do not hurt or itch.",
                ),
            ),
        ),
        "mix": Figure(
            _one(c.MIX),
            (
                Label("Ice pick", 26, 8, "M29 12V38", "middle"),
                Label("Rolling", 78, 8, "M80 12V50", "middle"),
                Label("Boxcar", 128, 8, "M128 12V53", "middle"),
            ),
            (
                *LAYERS,
                ("Ice pick", "A narrow, deep pit."),
                ("Rolling", "A soft, wavy dip without an edge."),
                ("Boxcar", "A wider dip with steep edges and a flat floor."),
            ),
        ),
    }
