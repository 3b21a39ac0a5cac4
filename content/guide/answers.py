"""What the guide asks, and what somebody answered. Codes with their words; no database.

Source of the questions: domain.md 2.4 and corrections.md 8.2, "Questions". Concerns are not here: they are rows that
editors change. What answers of before these questions mean is in `content/guide/kept.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

YES, NO = "yes", "no"
NONE, NOT_SURE, MIX, IN_PERSON = "none", "not_sure", "mix", "in_person"

ADULT = {YES: "Yes", NO: "No"}
SIGNS = {
    "filler": "After a filler: pain that is strong or grows, skin white, mottled, grey or dark, or a change in sight",
    "infection": "Redness, swelling or pus that spreads, or a fever",
    "mole": "A mole that changes or bleeds",
}
BESIDE_SIGNS = {NONE: "None of these", NOT_SURE: "I’m not sure"}
BESIDE_CONCERNS = {MIX: "A mix that I cannot tell apart", NOT_SURE: "I’m not sure"}
# What nobody has said yet: both count as the careful answer.
UNSAID = {NOT_SURE: "Not sure", IN_PERSON: "I would rather say it in person"}
YES_NO = {YES: "Yes", NO: "No", **UNSAID}
# Beside an answer: it stood in the list of what applies, and was left alone while something else was ticked. The rules take
# it like "no", but nobody has said "no", so nobody reads that they did.
NOT_TICKED = "not_ticked"
LEFT_ALONE = {NOT_TICKED: "Not ticked"}
# Beside an answer: it could change nothing for the concerns that were chosen (rules.matters), so nobody was asked.
NOT_ASKED = "not_asked"

PREGNANT, TRYING, BREASTFEEDING = "pregnant", "trying", "breastfeeding"
NOW, STOPPED_JUST_NOW, STOPPED_THIS_YEAR = "now", "stopped_under_1", "stopped_1_12"
FACE, JAW, BODY = "face", "jaw", "body"
PLACES = {
    FACE: "Cheeks, temples or forehead",
    JAW: "Jaw, chin or neck",
    BODY: "Chest, shoulders or back",
    NOT_SURE: "Somewhere else, or I’m not sure",
}
BURNS = "burns"
SKIN = {
    BURNS: "Burns in the sun, hardly tans",
    "tans": "Tans easily",
    "brown_black": "Brown or black",
    NOT_SURE: "I’m not sure",
}


class Said(Enum):
    """What is known of one health question. Unsure counts: what "yes" would hold is held, and it says so."""

    NO = "no"
    YES = "yes"
    UNSURE = "unsure"

    def __bool__(self) -> bool:
        return self is not Said.NO

    @property
    def unsure(self) -> bool:
        return self is Said.UNSURE


@dataclass(frozen=True)
class Question:
    """One health question with one answer, asked as a line to tick (`tick`). `short`: what the row of its answer is called.

    `which` asks what a tick still leaves open, if it has more answers than yes and no, and `missing` says if nobody did.
    `asks` is the question by its name, for
    whoever reads that an answer can lift a hold.
    """

    asks: str
    tick: str
    short: str
    hint: str = ""
    which: str = ""
    missing: str = ""
    choices: Mapping[str, str] = field(default_factory=lambda: YES_NO)

    @property
    def kinds(self) -> dict[str, str]:
        """The answers between which a tick leaves it open; empty if the tick says it all."""
        beside = (NO, IN_PERSON)
        return {code: words for code, words in self.choices.items() if self.which and code not in beside}


ACTIVE_SPOTS, KELOID, PREGNANCY, ISOTRETINOIN = "active_spots", "keloid", "pregnancy", "isotretinoin"
COLD_SORES, BLEEDING, IMMUNITY, ALLERGY = "cold_sores", "bleeding", "immunity", "allergy"
SKIN_DISEASE, TAN = "skin_disease", "tan"
WHERE = "where"  # about the place, not about health; its choices are PLACES
# Each is asked in this order. What an answer means is in content/guide/rules.py.
HEALTH = {
    ACTIVE_SPOTS: Question(
        "Do you have active spots now?",
        "I have spots now",
        "Active spots now",
        "New, red or sore ones.",
    ),
    KELOID: Question(
        "Do you get keloid or raised scars, now or before?",
        "I get raised or keloid scars",
        "Keloid or raised scars",
        "Now or before: a firm lump that stayed after a spot, cut or piercing.",
    ),
    PREGNANCY: Question(
        "Are you pregnant or may be, trying for a baby, or breastfeeding?",
        "I am or may be pregnant, trying for a baby, or breastfeeding",
        "Pregnancy",
        which="Which of these is it? If more than one fits, choose the first that does.",
        missing="Select whether you are pregnant, trying for a baby or breastfeeding, or “Not sure”",
        choices={
            NO: "None of these",
            PREGNANT: "Pregnant, or may be",
            TRYING: "Trying for a baby",
            BREASTFEEDING: "Breastfeeding",
            **UNSAID,
        },
    ),
    ISOTRETINOIN: Question(
        "Do you take isotretinoin capsules, or did you in the last 12 months?",
        "I take isotretinoin, or took it in the last 12 months",
        "Isotretinoin capsules",
        "Strong acne capsules from a skin specialist.",
        which="When did you take isotretinoin?",
        missing="Select when you took isotretinoin, or “Not sure”",
        choices={
            NO: "No",
            NOW: "I take them now",
            STOPPED_JUST_NOW: "Stopped under 1 month ago",
            STOPPED_THIS_YEAR: "Stopped 1 to 12 months ago",
            **UNSAID,
        },
    ),
    COLD_SORES: Question("Do you get cold sores?", "I get cold sores", "Cold sores"),
    BLEEDING: Question(
        "Do you bleed easily, or take blood thinners?",
        "I bleed easily, or take blood thinners",
        "Bleeding or blood thinners",
        "Never stop a blood thinner yourself.",
    ),
    IMMUNITY: Question(
        "Is your defence against infection low?",
        "My defence against infection is low",
        "Low defence against infection",
        "From an illness, or medicine such as chemotherapy, steroids or a biologic.",
    ),
    ALLERGY: Question(
        "Are you allergic to numbing cream or to collagen?",
        "I am allergic to numbing cream or collagen",
        "Allergy to numbing or collagen",
    ),
    SKIN_DISEASE: Question(
        "Do you have vitiligo, psoriasis or lupus?",
        "I have vitiligo, psoriasis or lupus",
        "Vitiligo, psoriasis or lupus",
    ),
    TAN: Question(
        "Has the skin that bothers you had sun, a sunbed or fake tan in the last 6 weeks?",
        "The skin that bothers me had sun, a sunbed or fake tan in the last 6 weeks",
        "Tan in the last 6 weeks",
    ),
}
# What can stand in the list beside them. It is about all that is not ticked.
BESIDE_HEALTH = {
    NOT_SURE: "I’m not sure about one of these",
    IN_PERSON: "I would rather say it in person",
}


@dataclass(frozen=True)
class Answers:
    """All answers as codes. `concerns` are codes of rows of the matrix, and of BESIDE_CONCERNS.

    The fields from `keloid` to `tan` are the questions of HEALTH. What is not answered is not known, except NOT_TICKED and
    NOT_ASKED, which count like "no". `signs` are not asked, each step says whom to call about them; but somebody who names
    one is sent there (rule 2).
    """

    adult: bool
    signs: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    where: tuple[str, ...] = (NOT_SURE,)
    keloid: str = NOT_SURE
    pregnancy: str = NOT_SURE
    isotretinoin: str = NOT_SURE
    active_spots: str = NOT_SURE
    cold_sores: str = NOT_SURE
    bleeding: str = NOT_SURE
    immunity: str = NOT_SURE
    allergy: str = NOT_SURE
    skin_disease: str = NOT_SURE
    tan: str = NOT_SURE
    skin: str = NOT_SURE

    @property
    def urgent(self) -> tuple[str, ...]:
        """The urgent signs that somebody has now."""
        return tuple(code for code in self.signs if code in SIGNS)

    def answer(self, question: str) -> str:
        """The code of the answer to a question of HEALTH."""
        code: str = getattr(self, question)
        return code

    def said(self, question: str, *counts: str) -> Said:
        """Whether one of the answers in `counts` was given to a question of HEALTH; without any, whether it was not "no"."""
        answer = self.answer(question)
        if answer in UNSAID:
            return Said.UNSURE
        return (
            Said.YES
            if (answer in counts if counts else answer not in (NO, NOT_TICKED, NOT_ASKED))
            else Said.NO
        )

    @property
    def on_body(self) -> Said:
        """Whether it is on the chest, the shoulders or the back."""
        if BODY in self.where:
            return Said.YES
        return Said.UNSURE if NOT_SURE in self.where else Said.NO

    @property
    def tans(self) -> bool | None:
        """Whether the skin tans easily or is brown or black. None: they are not sure."""
        return None if self.skin == NOT_SURE else self.skin != BURNS

    def data(self) -> dict[str, Any]:
        """As JSON keeps it, under the names of the form's fields."""
        found: dict[str, Any] = {}
        for name in NAMES:
            value = getattr(self, name)
            found[name] = list(value) if isinstance(value, tuple) else value
        return found | {"adult": YES if self.adult else NO}

    def inputs(self) -> list[tuple[str, str]]:
        """Name and value of each that was asked, for hidden fields."""
        return [
            (name, value)
            for name, values in self.data().items()
            for value in ([values] if isinstance(values, str) else values)
            if value != NOT_ASKED
        ]


NAMES = tuple(field.name for field in fields(Answers))
SEVERAL = ("signs", "concerns", "where")


def from_data(data: Mapping[str, Any]) -> Answers:
    """What `Answers.data` gave, or what a valid form holds. An answer that is given twice counts once."""
    one: dict[str, Any] = {
        name: data.get(name) or NOT_SURE for name in NAMES if name not in ("adult", *SEVERAL)
    }
    several: dict[str, Any] = {name: tuple(dict.fromkeys(data.get(name) or ())) for name in SEVERAL}
    several["where"] = several["where"] or (NOT_SURE,)
    return Answers(adult=data.get("adult") == YES, **one, **several)


def in_words(answers: Answers, concerns: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each question in short with what was answered. `concerns`: code to name. Signs only if they were asked once."""
    return list(in_words_by_name(answers, concerns).values())


def in_words_by_name(answers: Answers, concerns: Mapping[str, str]) -> dict[str, tuple[str, list[str]]]:
    """The same by the names of the questions. Without those that nobody was asked."""
    asked_once = {"signs": ("Urgent signs now", words(answers.signs, SIGNS | BESIDE_SIGNS))}
    return {
        "adult": ("18 or over", ["Yes" if answers.adult else "No"]),
        **(asked_once if answers.signs else {}),
        "concerns": ("What it looks like", words(answers.concerns, {**concerns, **BESIDE_CONCERNS})),
        "where": ("Where", words(answers.where, PLACES)),
        **{
            name: (
                asked.short,
                words([answers.answer(name)], {**asked.choices, NO: YES_NO[NO], **LEFT_ALONE}),
            )
            for name, asked in HEALTH.items()
            if answers.answer(name) != NOT_ASKED
        },
        "skin": ("Skin in the sun", words([answers.skin], SKIN)),
    }


def words(codes: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The words of these codes. A code that no longer has words stays as it is."""
    return [known.get(code, code) for code in codes]
