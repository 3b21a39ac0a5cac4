"""What the guide asks, and what somebody answered. Codes with their words; no database.

Source of the questions: domain.md 2.4, whose rules need exactly these five. Concerns are not here: they are rows that
editors change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

NONE, NOT_SURE, MIX, IN_PERSON = "none", "not_sure", "mix", "in_person"

ADULT = {"yes": "Yes", "no": "No"}
SIGNS = {
    "filler": "Sudden pain, white or mottled skin, or a change in sight after a filler",
    "infection": "Redness, swelling or pus that spreads, or a fever",
    "mole": "A mole that changes or bleeds",
}
BESIDE_SIGNS = {NONE: "None of these", NOT_SURE: "I’m not sure"}
BESIDE_CONCERNS = {MIX: "A mix that I cannot tell apart", NOT_SURE: "I’m not sure"}
KELOID, PREGNANCY, ISOTRETINOIN, ACTIVE_SPOTS = "keloid", "pregnancy", "isotretinoin", "active_spots"
APPLIES = {
    KELOID: "I get keloid scars, now or before: they grow past the spot",
    PREGNANCY: "I am pregnant, trying to be, or breastfeeding",
    ISOTRETINOIN: "I have taken isotretinoin in the last 12 months",
    ACTIVE_SPOTS: "I have active spots now",
}
BESIDE_APPLIES = {
    NONE: "None of these",
    NOT_SURE: "I’m not sure",
    IN_PERSON: "I would rather say it in person",
}
BURNS = "burns"
SKIN = {
    BURNS: "It burns, and hardly tans",
    "tans": "It tans easily",
    "brown_black": "My skin is brown or black",
    NOT_SURE: "I’m not sure",
}


@dataclass(frozen=True)
class Answers:
    """The five answers as codes. `concerns` are codes of rows of the matrix, and of BESIDE_CONCERNS."""

    adult: bool
    signs: tuple[str, ...] = (NONE,)
    concerns: tuple[str, ...] = ()
    applies: tuple[str, ...] = (NONE,)
    skin: str = NOT_SURE

    @property
    def urgent(self) -> tuple[str, ...]:
        """The urgent signs that somebody has now."""
        return tuple(code for code in self.signs if code in SIGNS)

    def said(self, code: str) -> bool | None:
        """Whether something of APPLIES applies. None: they are not sure, or would rather say it in person."""
        if code in self.applies:
            return True
        return None if {NOT_SURE, IN_PERSON} & {*self.applies} else False

    @property
    def tans(self) -> bool | None:
        """Whether the skin tans easily or is brown or black. None: they are not sure."""
        return None if self.skin == NOT_SURE else self.skin != BURNS

    def data(self) -> dict[str, Any]:
        """As JSON keeps it, under the names of the form's fields."""
        return {
            "adult": "yes" if self.adult else "no",
            "signs": list(self.signs),
            "concerns": list(self.concerns),
            "applies": list(self.applies),
            "skin": self.skin,
        }

    def inputs(self) -> list[tuple[str, str]]:
        """Name and value of each, for hidden fields."""
        return [
            (name, value)
            for name, values in self.data().items()
            for value in ([values] if isinstance(values, str) else values)
        ]


NAMES = tuple(field.name for field in fields(Answers))


def from_data(data: Mapping[str, Any]) -> Answers:
    """What `Answers.data` gave, or what a valid form holds. An answer that is given twice counts once."""
    return Answers(
        adult=data.get("adult") == "yes",
        signs=tuple(dict.fromkeys(data.get("signs") or ())),
        concerns=tuple(dict.fromkeys(data.get("concerns") or ())),
        applies=tuple(dict.fromkeys(data.get("applies") or ())),
        skin=data.get("skin") or NOT_SURE,
    )


def in_words(answers: Answers, concerns: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each question in short with what was answered. `concerns`: code to name."""
    return [
        ("18 or over", ["Yes" if answers.adult else "No"]),
        ("Urgent signs now", _words(answers.signs, SIGNS | BESIDE_SIGNS)),
        ("What it looks like", _words(answers.concerns, {**concerns, **BESIDE_CONCERNS})),
        ("What applies", _words(answers.applies, APPLIES | BESIDE_APPLIES)),
        ("Skin in the sun", _words([answers.skin], SKIN)),
    ]


def _words(codes: Iterable[str], known: Mapping[str, str]) -> list[str]:
    return [known.get(code, code) for code in codes]
