"""The rules of the guide: answers and matrix in, things to ask about out. Pure: no database, no clock, no prices.

Source: domain.md 2.4, ten rules, applied in its order; each stands here under its number. Which treatment or concern a
rule is about is said by flags of the rows, never by a name. What a rule takes away is not hidden: it is in `left_out`,
with the reason.

Where an answer is missing ("I'm not sure") the guide takes the careful side and says so: skin may change colour, and
keloids, pregnancy and isotretinoin have to be asked about first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content.guide.answers import ACTIVE_SPOTS, ISOTRETINOIN, KELOID, PREGNANCY, Answers
from content.matrix import Name, in_a_sentence, small

MOST = 4
WORDS = {3: "Often discussed", 2: "May help", 1: "Sometimes added"}
CLOSING = "This guide is not a diagnosis. It lists things to ask about. A clinician needs to see your skin."
UNDER_18, URGENT = "under_18", "urgent"

# What has to happen before a suggestion, in the order in which it is said.
CLINICIAN, ACNE, ASK, UNSAID, TEST_SPOT = "clinician", "acne", "ask", "unsaid", "test_spot"
FIRST = {
    CLINICIAN: "See a clinician before any treatment that wounds skin.",
    ACNE: "Your acne needs to be under control first.",
    ASK: "Ask us first, because you have taken isotretinoin.",
    UNSAID: "Tell us first about keloids, pregnancy, isotretinoin and active spots. It may change this list.",
    TEST_SPOT: "A test spot: we try it on a small area, because it can change the colour of skin.",
}
# Why something is held. `keloid` and the others are codes of the answers.
HOLDS = {
    KELOID: "You get keloids. That needs a clinician before any treatment that wounds skin.",
    PREGNANCY: "You are pregnant, trying to be, or breastfeeding. We list no procedures now. We can still talk and plan.",
    ISOTRETINOIN: "You have taken isotretinoin in the last 12 months. Advice on how long to wait differs, so this "
    "is on hold until a clinician has looked at it with you.",
    ACTIVE_SPOTS: FIRST[ACNE],
}
HELD, BEYOND, NOT_OFFERED, SPECIALIST, NOT_SUGGESTED = (
    "held",
    "beyond",
    "not_offered",
    "specialist",
    "not_suggested",
)
KINDS = {
    HELD: "On hold for now",
    BEYOND: "Also on the list, after the first four",
    NOT_OFFERED: "Used elsewhere, but we do not offer it",
    SPECIALIST: "Only for a specialist to decide",
    NOT_SUGGESTED: "Not suggested for this",
}


@dataclass(frozen=True)
class Concern:
    code: str
    name: str
    url: str = ""
    drawing: str = ""
    comes_first: bool = False
    needs_clinician_first: bool = False


@dataclass(frozen=True)
class Treatment:
    """What the rules and the page need of a treatment. Nothing about money: it could only mislead the order."""

    code: str
    name: str
    url: str = ""
    offered: bool = True
    at_home: bool = False
    allowed_with_keloids: bool = False
    waits_after_isotretinoin: bool = False
    needs_test_spot: bool = False
    pigment_caution: bool = False
    evidence: str = ""
    sessions: str = ""
    downtime: str = ""
    main_risk: str = ""


@dataclass(frozen=True)
class Cell:
    """How well a treatment fits a concern: 0 to 3, and why."""

    concern: Concern
    treatment: Treatment
    score: int
    reason: str
    specialist_only: bool = False

    @property
    def counts(self) -> bool:
        """Rule 8: a score of 0 and what only a specialist decides are never suggested."""
        return self.score > 0 and not self.specialist_only


@dataclass(frozen=True)
class Point:
    """One score and one reason, and the concerns that share them, named as inside a sentence."""

    score: int
    concerns: tuple[Name, ...]
    reason: str

    @property
    def word(self) -> str:
        return WORDS.get(self.score, "Not suggested")


@dataclass(frozen=True)
class Suggestion:
    """Something to ask about. `later`: once acne is under control. `caution`: it may change the colour of this skin."""

    treatment: Treatment
    score: int
    helps: tuple[Point, ...]
    afterwards: tuple[Point, ...] = ()
    not_for: tuple[Point, ...] = ()
    first: tuple[str, ...] = ()
    caution: bool = False
    later: bool = False

    @property
    def word(self) -> str:
        return WORDS[self.score]

    @property
    def dots(self) -> tuple[bool, ...]:
        """Three dots, the filled ones first."""
        return tuple(place < self.score for place in range(3))

    @property
    def first_words(self) -> list[str]:
        return [FIRST[code] for code in self.first]


@dataclass(frozen=True)
class LeftOut:
    """A treatment that is not suggested: what kind of reason (a key of KINDS), the reasons themselves, what holds it."""

    treatment: Treatment
    kind: str
    points: tuple[Point, ...]
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftRow:
    """Treatments that are left out for one and the same reason."""

    names: tuple[Name, ...]
    points: tuple[Point, ...]
    hold_words: tuple[str, ...]


@dataclass(frozen=True)
class LeftPart:
    """What was left out for one kind of reason. `hold_words`: what holds all of it, said once and not in each row."""

    kind: str
    heading: str
    hold_words: tuple[str, ...]
    rows: list[LeftRow]

    @property
    def count(self) -> int:
        return sum(len(row.names) for row in self.rows)

    @property
    def says_scores(self) -> bool:
        """Whether its rows would have been suggested, so that their scores say something."""
        return self.kind in (HELD, BEYOND, NOT_OFFERED)


@dataclass(frozen=True)
class Result:
    """What the guide says. With `stop` it says nothing else."""

    stop: str = ""
    concerns: tuple[Concern, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    known: Known | None = None
    closing: str = CLOSING

    @property
    def groups(self) -> list[list[Suggestion]]:
        """What can be asked about now, best first, one list a score."""
        now = [one for one in self.suggestions if not one.later]
        return [found for score in WORDS if (found := [one for one in now if one.score == score])]

    @property
    def later(self) -> list[Suggestion]:
        """What waits until acne is under control."""
        return [one for one in self.suggestions if one.later]

    @property
    def comes_first(self) -> list[Concern]:
        return [concern for concern in self.concerns if concern.comes_first]

    @property
    def without(self) -> list[Name]:
        """The concerns for which none of the suggestions is meant."""
        answered = {
            name.words.casefold()
            for one in self.suggestions
            for point in one.helps + one.afterwards
            for name in point.concerns
        }
        named = [small(Name(concern.name)) for concern in self.concerns]
        return [name for name in named if name.words.casefold() not in answered]

    @property
    def left_parts(self) -> list[LeftPart]:
        """What was left out, by kind."""
        parts = ((kind, [one for one in self.left_out if one.kind == kind]) for kind in KINDS)
        return [_part(kind, lefts) for kind, lefts in parts if lefts]


@dataclass(frozen=True)
class Known:
    """What the answers and the chosen concerns say together. `unsaid`: some of it was not said; we assume the worse."""

    acne: bool
    keloid: bool
    pregnant: bool
    isotretinoin: bool
    unsaid: bool
    caution: bool

    def holds(self, treatment: Treatment) -> tuple[str, ...]:
        """Why this treatment is not for now: rules 4, 5 and 6. Codes of HOLDS."""
        found = (
            (KELOID, self.keloid and not treatment.allowed_with_keloids),
            (PREGNANCY, self.pregnant and not treatment.at_home),
            (ISOTRETINOIN, self.isotretinoin and treatment.waits_after_isotretinoin),
        )
        return tuple(code for code, held in found if held)

    def waits(self, cell: Cell) -> bool:
        """Rule 3: while spots are active, procedures for anything else wait."""
        return self.acne and not cell.treatment.at_home and not cell.concern.comes_first


def suggest(answers: Answers, cells: Iterable[Cell]) -> Result:
    """Everything the guide says to these answers. The order of `cells` does not matter."""
    if not answers.adult:  # rule 1
        return Result(stop=UNDER_18)
    if answers.urgent:  # rule 2
        return Result(stop=URGENT)
    concerns, about = _about(answers, cells)
    known = _known(answers, concerns)
    found = [_judge(own, known) for own in about.values()]
    candidates = sorted((one for one in found if isinstance(one, Suggestion)), key=_place)
    # Rule 9: four at most. What comes after them is still named.
    beyond = [_beyond(one) for one in candidates[MOST:]]
    left = [one for one in found if isinstance(one, LeftOut)] + beyond
    return Result(
        concerns=concerns,
        suggestions=tuple(candidates[:MOST]),
        left_out=tuple(sorted(left, key=lambda one: (one.treatment.name.casefold(), one.treatment.code))),
        known=known,
    )


def _about(answers: Answers, cells: Iterable[Cell]) -> tuple[tuple[Concern, ...], dict[str, list[Cell]]]:
    """The concerns in question, in the order of the answers, and their cells by treatment.

    Who has active spots has the concern that comes first, whether or not they chose it.
    """
    chosen = {code: place for place, code in enumerate(answers.concerns)}
    spots = bool(answers.said(ACTIVE_SPOTS))

    def place(concern: Concern) -> tuple[int, str]:
        return chosen.get(concern.code, len(chosen)), concern.code

    mine = [cell for cell in cells if cell.concern.code in chosen or (spots and cell.concern.comes_first)]
    by_treatment: dict[str, list[Cell]] = {}
    for cell in sorted(mine, key=lambda cell: place(cell.concern)):
        by_treatment.setdefault(cell.treatment.code, []).append(cell)
    return tuple(sorted({cell.concern for cell in mine}, key=place)), by_treatment


def _known(answers: Answers, concerns: Iterable[Concern]) -> Known:
    concerns = tuple(concerns)
    return Known(
        acne=bool(answers.said(ACTIVE_SPOTS)) or any(concern.comes_first for concern in concerns),
        keloid=bool(answers.said(KELOID)) or any(concern.needs_clinician_first for concern in concerns),
        pregnant=bool(answers.said(PREGNANCY)),
        isotretinoin=bool(answers.said(ISOTRETINOIN)),
        unsaid=any(answers.said(code) is None for code in HOLDS),
        caution=answers.tans is not False,
    )


def _judge(cells: list[Cell], known: Known) -> Suggestion | LeftOut:
    """One treatment with its cells: a suggestion, or why not. A treatment for two concerns appears once."""
    treatment = cells[0].treatment
    useful = [cell for cell in cells if cell.counts]
    if not useful:  # rule 8
        kind = SPECIALIST if any(cell.score for cell in cells) else NOT_SUGGESTED
        return LeftOut(treatment, kind, _points(cells))
    holds = known.holds(treatment)
    if not treatment.offered:  # rule 8
        waits = (ACTIVE_SPOTS,) if all(map(known.waits, useful)) else ()
        return LeftOut(treatment, NOT_OFFERED, _points(useful), holds + waits)
    if holds:  # rules 4, 5, 6
        return LeftOut(treatment, HELD, _points(useful), holds)
    now = [cell for cell in useful if not known.waits(cell)]  # rule 3
    return Suggestion(
        treatment,
        score=max(cell.score for cell in now or useful),
        helps=_points(now or useful),
        afterwards=_points(cell for cell in useful if now and cell not in now),
        # That it is not for the acne that it waits for goes without saying.
        not_for=_points(cell for cell in cells if not cell.counts and (now or known.waits(cell))),
        first=_first(treatment, known, later=not now),
        caution=known.caution and treatment.pigment_caution,  # rule 7
        later=not now,
    )


def _first(treatment: Treatment, known: Known, *, later: bool) -> tuple[str, ...]:
    needed = (
        (CLINICIAN, known.keloid),  # rule 4
        (ACNE, later),  # rule 3
        (ASK, known.isotretinoin),  # rule 6: what is not held is flagged
        (UNSAID, known.unsaid and not treatment.at_home),
        (TEST_SPOT, known.caution and treatment.needs_test_spot),  # domain.md 2.2, "requires"
    )
    return tuple(code for code, applies in needed if applies)


def _place(one: Suggestion) -> tuple[bool, int, bool, str, str]:
    """Rules 7 and 9: by score; what may change the colour of this skin last; else by name. Nothing else ranks anything."""
    return one.later, -one.score, one.caution, one.treatment.name.casefold(), one.treatment.code


def _beyond(one: Suggestion) -> LeftOut:
    return LeftOut(one.treatment, BEYOND, one.helps, (ACTIVE_SPOTS,) if one.later else ())


def _points(cells: Iterable[Cell]) -> tuple[Point, ...]:
    """Best first; concerns in the order of the cells."""
    together: dict[tuple[int, str], list[Name]] = {}
    for cell in sorted(cells, key=lambda cell: -cell.score):
        together.setdefault((cell.score, cell.reason), []).append(small(Name(cell.concern.name)))
    return tuple(Point(score, tuple(names), reason) for (score, reason), names in together.items())


def _part(kind: str, lefts: list[LeftOut]) -> LeftPart:
    """Treatments with one and the same reason share a row."""
    first, *others = (set(one.holds) for one in lefts)
    common = first.intersection(*others)
    rows: dict[tuple[tuple[Point, ...], tuple[str, ...]], list[Name]] = {}
    for one in lefts:
        # Without a link where it is not offered: an address to click would read as an offer.
        name = Name(one.treatment.name, one.treatment.url if one.treatment.offered else "")
        rows.setdefault((one.points, _hold_words(set(one.holds) - common)), []).append(name)
    return LeftPart(
        kind,
        KINDS[kind],
        _hold_words(common),
        [LeftRow(in_a_sentence(names), points, holds) for (points, holds), names in rows.items()],
    )


def _hold_words(codes: set[str]) -> tuple[str, ...]:
    return tuple(words for code, words in HOLDS.items() if code in codes)
