"""The large drawings of what treatments do: at work on the left, what is usual later on the right."""

from __future__ import annotations

import treatments as t
from concerns import pair
from labels import DERMIS, OUTER, Figure, Label

BEFORE = ("Dip before", "The dotted line shows how deep it was.")
SHALLOWER = ("Shallower", "The dip may be shallower. It is not gone.")
BUILT = ("New collagen", "The repair is thought to build new collagen.")
LATER_LABELS = (
    Label("Dip before", 145, 12, "M145 15V57", "middle"),
    Label("New collagen", 98, 78, "M100 74L117 66", "end", True),
)


def figures() -> dict[str, Figure]:
    """Every figure by the name of its drawing."""
    return {
        "laser": Figure(
            pair(t.LASER, t.GENTLE),
            (
                Label("Open columns", 15, -4, "M15-1V20", "middle"),
                Label("Surface whole", 206, -4, "M192 0V33", "end"),
                Label("Heated columns", 206, 86, "M150 77V70", "end", True),
            ),
            (
                OUTER,
                DERMIS,
                (
                    "Open columns",
                    "The stronger kind turns tiny columns of skin to vapour, down into the dermis.",
                ),
                ("Skin left alone", "Untouched skin between the columns helps the rest to heal."),
                ("Surface whole", "The gentler kind goes through the surface and leaves it whole."),
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
