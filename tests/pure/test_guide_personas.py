"""The domain notes' table of people (corrections 8.2), row by row: what the guide lists for each, in exact order."""

from __future__ import annotations

import pytest

from tests.pure.guide import (
    CONCERNS,
    CRO,
    DRB,
    FIL,
    ICS,
    LAB,
    LNA,
    MDA,
    MN,
    PLD,
    PLS,
    PRP,
    PUN,
    SUB,
    TOP,
    codes,
    left_kind,
    told,
)

TANS, BROWN, BURNS = "tans", "brown_black", "burns"


def line(*concerns: str, **more: str) -> list[str]:
    """What is listed, in the notes' own signs: ^ has a higher risk of colour change, [ ] is not done here."""
    return [
        (f"[{one.treatment.code} {one.score}]" if not one.offered else f"{one.treatment.code} {one.score}")
        + ("^" if one.caution else "")
        for one in told(*concerns, **more).shown
    ]


def beyond(*concerns: str, **more: str) -> list[str]:
    """What comes after the four, in its order, without what is only a line under another treatment."""
    left = [one for one in told(*concerns, **more).left_out if one.kind == "beyond"]
    return [f"{one.treatment.code} {one.points[0].score}" for one in left if not one.treatment.adds_to]


def your_choice(*concerns: str, **more: str) -> list[str]:
    return [one.treatment.name.casefold() for one in told(*concerns, **more).your_choice]


LASER = "fractional ablative laser (columns)"
SHALLOW, DEEP, ROLLING, ICE = "boxcar-shallow", "boxcar-deep", "rolling", "ice-pick"
DARK, RED = "dark-marks", "red-marks"


def test_1_burns_shallow_boxcar_and_rolling() -> None:
    asked = (SHALLOW, ROLLING)
    assert line(*asked) == [f"[{SUB} 3]", f"{LAB} 3", f"{MN} 2", f"{FIL} 2", f"{LNA} 2"]
    assert beyond(*asked)[:3] == [f"{PLD} 2", f"{DRB} 2", f"{TOP} 1"]
    assert your_choice(*asked) == []  # such skin does not mark


def test_2_brown_or_black_with_the_same() -> None:
    asked = (SHALLOW, ROLLING)
    assert line(*asked, skin=BROWN) == [f"[{SUB} 3]", f"{MN} 2", f"{FIL} 2", f"{LNA} 2", f"{TOP} 1"]
    assert LASER in your_choice(*asked, skin=BROWN)


def test_3_brown_or_black_with_rolling() -> None:
    assert line(ROLLING, skin=BROWN) == [f"[{SUB} 3]", f"{MN} 2", f"{FIL} 2", f"{LNA} 2", f"{TOP} 1"]
    assert beyond(ROLLING, skin=BROWN)[0] == f"{LAB} 3"
    assert your_choice(ROLLING, skin=BROWN) == [LASER]


def test_4_brown_or_black_with_shallow_boxcar() -> None:
    assert line(SHALLOW, skin=BROWN) == [f"{MN} 2", f"{LNA} 2", f"{TOP} 1", f"{MDA} 1"]
    assert beyond(SHALLOW, skin=BROWN)[:4] == [f"{PUN} 1", f"{FIL} 1", f"{PLS} 1", f"{LAB} 3"]
    assert your_choice(SHALLOW, skin=BROWN)[0] == LASER


def test_5_black_with_ice_pick_and_deep_boxcar() -> None:
    assert line(ICE, DEEP, skin=BROWN) == [f"{PUN} 3", f"{MN} 1", f"{FIL} 1", f"{LNA} 1", f"[{CRO} 3]^"]
    assert beyond(ICE, DEEP, skin=BROWN)[0] == f"{LAB} 2"
    assert your_choice(ICE, DEEP, skin=BROWN) == [LASER]  # a score of 1 is not in the open line


def test_5b_burns_with_ice_pick() -> None:
    assert line(ICE) == [f"{PUN} 3", f"[{CRO} 3]", f"{MN} 1", f"{LNA} 1", f"{LAB} 1"]
    assert beyond(ICE) == []
    assert {left_kind(told(ICE), code) for code in (DRB, PLD)} == {"not_suggested"}


def test_7_tans_with_dark_marks_and_shallow_boxcar() -> None:
    assert line(DARK, SHALLOW, skin=TANS) == [f"{TOP} 3", f"{MN} 2", f"{PLS} 2", f"{LNA} 2"]
    assert f"{LAB} 3" in beyond(DARK, SHALLOW, skin=TANS)


@pytest.mark.parametrize("other", [ROLLING, SHALLOW, DEEP, ICE, RED, "milia"])
@pytest.mark.parametrize("skin", [BURNS, BROWN])
def test_9_and_10_raised_scars_with_anything(other: str, skin: str) -> None:
    assert line("hypertrophic", other, skin=skin) == [f"[{ICS} 3]", f"{TOP} 2"]
    result = told("hypertrophic", other, skin=skin)
    assert result.known is not None and result.known.keloid
    others = [one for one in result.left_out if one.points[0].score and one.kind not in ("specialist",)]
    assert all("keloid" in one.holds for one in others if not one.treatment.allowed_with_keloids)


def test_26_black_with_dark_and_red_marks_rolling_and_boxcar() -> None:
    asked = (DARK, RED, ROLLING, SHALLOW)
    assert line(*asked, skin=BROWN) == [f"{TOP} 3", f"[{SUB} 3]", f"{MN} 2", f"{FIL} 2", f"{PLS} 2"]
    assert beyond(*asked, skin=BROWN)[0] == f"{LNA} 2"
    assert LASER in your_choice(*asked, skin=BROWN)


@pytest.mark.parametrize("pregnancy", ["pregnant", "trying"])
@pytest.mark.parametrize("isotretinoin", ["now", "stopped_under_1"])
def test_pregnant_or_trying_with_isotretinoin(pregnancy: str, isotretinoin: str) -> None:
    for concern in CONCERNS:
        result = told(concern, pregnancy=pregnancy, isotretinoin=isotretinoin)
        assert result.known is not None and result.known.alarm and not result.known.alarm.unsure
        assert set(codes(result.shown)) <= {TOP}
        for one in result.shown:
            assert one.held_inside == ("adapalene", "tretinoin", "retinol", "hydroquinone")
    for dip in (SHALLOW, ROLLING):
        assert codes(told(dip, pregnancy=pregnancy, isotretinoin=isotretinoin).shown) == []


def test_needling_with_plasma_is_a_line_under_needling() -> None:
    for skin in (BURNS, BROWN):
        needling = next(one for one in told(ROLLING, skin=skin).shown if one.treatment.code == MN)
        assert [one.treatment.code for one in needling.adds] == [PRP]
        assert PRP not in codes(told(ROLLING, skin=skin).shown)


def test_rule_7_a_higher_risk_beyond_the_four_stands_open_under_its_heading() -> None:
    lower, higher = told("rolling", skin="brown_black").sections
    assert len([one for one in lower.ones if one.offered]) == 4 and not lower.beyond
    assert higher.heading == "Higher risk of colour change" and higher.higher
    assert (codes(higher.ones), codes(higher.beyond)) == ([], [LAB])
    both = told("ice-pick", "boxcar-shallow", skin="brown_black").sections[-1]
    assert codes(both.ones) == [CRO] and codes(both.beyond)[0] == LAB
