"""The large drawings: skin with three labels, and what the list under each figure says about its parts.

A figure is 260 x 115 units and 390 x 172 pixels: low, so that the first sentence of a page stands under it on a phone.
Two scenes stand side by side along one line of skin. The words of a label and its sentence are written here only.
"""

from __future__ import annotations

import concerns as c
import consultation
import treatments as t
from concerns import pair
from labels import Figure, Label
from skin import Placed, Scene, Strip

SURFACE = ("Surface", "The skin as you see it and touch it.")
OUTER = ("Outer layer", "Thin. Its colour is what you see from outside.")
DERMIS = ("Dermis", "The thick layer under it. Scars start here.")
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
BEFORE = ("Dip before", "The dotted line shows how deep it was.")
SHALLOWER = ("Shallower", "The dip may be shallower. It is not gone.")
BUILT = ("New collagen", "The repair is thought to build new collagen.")
LATER_LABELS = (
    Label("Dip before", 145, 12, "M145 15V57", "middle"),
    Label("New collagen", 98, 78, "M100 74L117 66", "end", True),
)


def _one(scene: Scene) -> Strip:
    return Strip((Placed(scene),))


def _concerns() -> dict[str, Figure]:
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
                Label("Soft slopes", 80, 6, "M66 10L55 45M94 10L105 45", "middle"),
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


def _treatments() -> dict[str, Figure]:
    return {
        "laser": Figure(
            pair(t.LASER, t.GENTLE),
            (
                Label("Open columns", 46, 62, "M44 59H42", inside=True),
                Label("Surface stays whole", 206, -4, "M192 0V33", "end"),
                Label("Heated columns", 117, 78, "M119 74H122", "end", True),
            ),
            (
                OUTER,
                DERMIS,
                (
                    "Open columns",
                    "The stronger kind turns tiny columns of skin to vapour, down into the dermis.",
                ),
                ("Skin left alone", "Untouched skin between the columns helps the rest to heal."),
                ("Surface stays whole", "The gentler kind goes through the surface and leaves it whole."),
                ("Heated columns", "It heats the dermis in tiny columns."),
            ),
        ),
        "microneedling": Figure(
            pair(t.NEEDLED, t.LATER_DIP),
            (Label("Fine needles", 15, -4, "M15-1V6", "middle"), *LATER_LABELS),
            (
                OUTER,
                DERMIS,
                (
                    "Fine needles",
                    "They make tiny punctures, and each starts a repair. How deep depends on the device.",
                ),
                BEFORE,
                SHALLOWER,
                BUILT,
            ),
        ),
        "prp": Figure(
            pair(t.PRP, t.LATER_DIP),
            (Label("Plasma from your blood", -48, -4, "M47 0V6"), *LATER_LABELS),
            (
                OUTER,
                DERMIS,
                (
                    "Plasma from your blood",
                    "The clear part of your own blood, with many platelets. It is put on and runs into the channels.",
                ),
                ("Needle channels", "Fine needles make them first, as in microneedling."),
                BEFORE,
                SHALLOWER,
                BUILT,
            ),
        ),
        "peel": Figure(
            pair(t.PEEL, t.PEEL_DEEP),
            (
                Label("Mild acid", 15, -4, "M15-1V5", "middle"),
                Label("Stronger acid", 145, -4, "M145-1V2", "middle"),
                Label("Reaches further down", 89, 77, "M91 73L102 64", "end", True),
            ),
            (
                OUTER,
                DERMIS,
                (
                    "Mild acid",
                    "It stays on the skin for minutes, and stings. It reaches no deeper than the outer layer.",
                ),
                ("Stronger acid", "It lifts off more of the skin."),
                (
                    "Reaches further down",
                    "New skin forms from deeper layers. It takes longer to heal, and the risks are greater.",
                ),
            ),
        ),
        "microdermabrasion": Figure(
            pair(t.POLISH, t.DIP_STAYS),
            (
                Label("Polishing tip", 15, -4, "M15-1V3", "middle"),
                Label("Top comes off", 52, 15, "M50 14L46 18"),
                Label("The dip stays", 206, -4, "M150 0V56", "end"),
            ),
            (
                OUTER,
                DERMIS,
                ("Polishing tip", "Fine crystals or a diamond tip rub the surface."),
                (
                    "Top comes off",
                    "Dust from the very top of the outer layer. Fine texture may feel smoother.",
                ),
                ("The dip stays", "Polishing does not reach the depth of a scar."),
            ),
        ),
        "dermabrasion": Figure(
            pair(t.SAND, t.SOFTER),
            (
                Label("Sanding wheel", 15, -4, "M15-1V12", "middle"),
                Label("Surface before", 60, 20, "M62 23L55 34"),
                Label("Softer edges", 206, 4, "M176 8V34", "end"),
            ),
            (
                OUTER,
                DERMIS,
                ("Sanding wheel", "A fast-turning tool. You have an anaesthetic."),
                (
                    "Surface before",
                    "The dotted line. The outer layer is gone here. Swelling lasts days to weeks.",
                ),
                ("Softer edges", "A shallow scar may have softer edges. Pinkness lasts about 3 months."),
                ("Scar before", "The dotted line on the right shows its edges and its floor."),
            ),
        ),
        "punch": Figure(
            pair(t.PUNCH, t.STITCHED),
            (
                Label("Round blade", 15, -4, "M11-1V2", "middle"),
                Label("Scar cut out", 38, 80, "M36 76L30 74", inside=True),
                Label("Stitch", 145, 12, "M145 15V27", "middle"),
            ),
            (
                OUTER,
                DERMIS,
                ("Round blade", "A tiny punch, 1.5 to 3.5 mm wide. It treats one scar."),
                ("Scar cut out", "The whole scar is cut out, as far down as it goes."),
                ("Stitch", "It closes the gap. A fine, flatter scar is left."),
            ),
        ),
        "filler": Figure(
            pair(t.FILLER, t.LIFTED),
            (
                Label("Syringe", 98, -4, "M96-6L91 0"),
                Label("Gel", 50, 80, "M48 76L40 73", inside=True),
                Label("Nearly level", 160, 12, "M145 15V36", "middle"),
            ),
            (
                OUTER,
                DERMIS,
                ("Syringe", "A fine needle puts the gel under a soft dip with sloping sides."),
                ("Gel", "The filler, in the dermis. Hyaluronic acid gel lasts about 6 to 12 months."),
                BEFORE,
                ("Nearly level", "The surface is lifted from below. Too much would leave a lump."),
            ),
        ),
        "topical": Figure(
            pair(t.TOPICAL, t.FAINTER),
            (
                Label("Sun protection", 15, -4, "M15-1V12", "middle"),
                Label("Sunlight", 84, -4, "M82-5L77 4"),
                Label("Fainter mark", 160, 12, "M145 15V40", "middle"),
            ),
            (
                OUTER,
                DERMIS,
                ("Sunlight", "It can make marks and scars darker."),
                (
                    "Sun protection",
                    "Every day, and a cream for marks if one suits you. Creams work near the surface.",
                ),
                ("Dark mark", "Extra colour in the outer layer."),
                ("Fainter mark", "Flat marks usually fade over months, sometimes years."),
            ),
        ),
        "blue-light": Figure(
            pair(t.BLUE, t.DIP_STAYS),
            (
                Label("Blue light", 42, 6, "M40 4H34"),
                Label("Active spot", 52, 78, "M50 74L42 64", inside=True),
                Label("The dip stays", 150, 10, "M145 14V56", "middle"),
            ),
            (
                OUTER,
                DERMIS,
                ("Blue light", "It acts on the bacteria in spots. No drug is used."),
                ("Active spot", "It may help the spot itself. The studies were small and short."),
                ("The dip stays", "We found no evidence that blue light helps a scar."),
            ),
        ),
    }


def figures() -> dict[str, Figure]:
    """Every figure by the name of its drawing."""
    return {**_concerns(), **_treatments(), "consultation": consultation.figure()}
