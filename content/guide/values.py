"""What the guide's rules read, a matrix, and what they give, a result: values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from content.guide import wording
from content.guide.answers import Said
from content.matrix import figures, order
from content.matrix.fits import Name, inside, small
from content.models import Cited
from content.models import Treatment as Row

_MODERATE = Row.PigmentRisk.MODERATE.rank()


@dataclass(frozen=True)
class Concern:
    code: str
    name: str
    url: str = ""
    drawing: str = ""
    comes_first: bool = False
    needs_clinician_first: bool = False
    treatable: bool = True  # whether anything in the matrix counts for it


@dataclass(frozen=True)
class Treatment:
    """What the rules and the page need of a treatment. Nothing about money: it could only mislead the order.

    `pigment_risk` is the place in the scale, 0 for none; None if nobody has rated it. `place` is where it stands in the
    table, which no two share.
    """

    code: str
    name: str
    url: str = ""
    offered: bool = True
    unready: bool = False
    at_home: bool = False
    allowed_with_keloids: bool = False
    waits_after_isotretinoin: bool = False
    needs_test_spot: bool = False
    cuts: bool = False
    face_only: bool = False
    adds_to: str = ""
    hold_in_pregnancy: tuple[str, ...] = ()
    pigment_risk: int | None = 0
    downtime_days: int | None = None
    invasiveness: int = 5
    place: int = 0
    short: str = ""
    how: str = ""
    evidence: str = ""
    sessions: str = ""
    downtime: str = ""
    main_risk: str = ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What people compare, each with what it is called: visits, recovery, and the risk of a change of colour."""
        found = {"Visits": figures.visits(self.sessions), "Recovery": figures.recovery(self.downtime)}
        found["Colour change"] = self.colour_change
        return [(name, inside(words)) for name, words in found.items() if words]

    @property
    def colour_change(self) -> str:
        return inside(order.in_words(self.pigment_risk))

    @property
    def risk_in_a_line(self) -> str:
        """The whole of the main risk, as a sentence."""
        return self.main_risk and f"Risk: {inside(self.main_risk)}."

    @property
    def marks(self) -> bool:
        """Rule 7: the risk of a lasting change of colour is moderate to high, or high, or nobody knows it."""
        return order.marks(self.pigment_risk)


@dataclass(frozen=True)
class Cell:
    """How well a treatment fits a concern: 0 to 3, and why. `signed`: a clinician has put their name to it.

    And to the facts of the treatment: the guide prints both.
    """

    concern: Concern
    treatment: Treatment
    score: int
    reason: str
    specialist_only: bool = False
    waits_in_pregnancy: bool = False
    signed: bool = True
    sources: tuple[Cited, ...] = ()

    @property
    def counts(self) -> bool:
        """Rule 8: a score of 0 and what only a specialist decides are never suggested."""
        return self.score > 0 and not self.specialist_only


@dataclass(frozen=True)
class Point:
    """One score and one reason with its sources, and the concerns that share them, named as inside a sentence."""

    score: int
    concerns: tuple[Name, ...]
    reason: str
    sources: tuple[Cited, ...] = ()

    @property
    def word(self) -> str:
        return wording.WORDS.get(self.score, "Not suggested")


@dataclass(frozen=True)
class AddOn:
    """Rule 7b: what has no place of its own, only a line under the treatment that it adds to."""

    treatment: Treatment
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Suggestion:
    """Something to ask about. `later`: once acne is under control. `caution`: it may change the colour of this skin.

    What is not offered here can be one as well (rule 8). `not_in_pregnancy`: the concerns for which it waits.
    """

    treatment: Treatment
    score: int
    helps: tuple[Point, ...]
    afterwards: tuple[Point, ...] = ()
    not_for: tuple[Point, ...] = ()
    not_in_pregnancy: tuple[Name, ...] = ()
    held_inside: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    adds: tuple[AddOn, ...] = ()
    caution: bool = False
    later: bool = False

    @property
    def offered(self) -> bool:
        return self.treatment.offered

    @property
    def word(self) -> str:
        return wording.WORDS[self.score]

    @property
    def dots(self) -> tuple[bool, ...]:
        """Three dots, the filled ones first."""
        return tuple(place < self.score for place in range(3))

    @property
    def best_for(self) -> tuple[Name, ...]:
        """The concerns for which it has its score."""
        return tuple(name for point in self.helps if point.score == self.score for name in point.concerns)

    @property
    def points(self) -> tuple[Point, ...]:
        """Every reason that its row gives, in the order of the row."""
        return (*self.helps, *self.afterwards, *self.not_for)

    @property
    def needs_test_spot(self) -> bool:
        return wording.TEST_SPOT in self.first

    @property
    def first_words(self) -> list[str]:
        return [wording.FIRST[code] for code in self.first]

    @property
    def held_inside_words(self) -> str:
        """Rule 5: what inside it is held, by name: "adapalene, retinol and tretinoin"."""
        *others, last = self.held_inside
        return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class LeftOut:
    """A treatment that is not suggested: what kind of reason (a key of KINDS), the reasons themselves, what holds it."""

    treatment: Treatment
    kind: str
    points: tuple[Point, ...]
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftRow:
    """Treatments that are left out for one and the same reason. `treatment`: the one that fits all the same (BEYOND)."""

    names: tuple[Name, ...]
    points: tuple[Point, ...]
    hold_words: tuple[str, ...]
    treatment: Treatment | None = None


@dataclass(frozen=True)
class LeftPart:
    """What was left out for one kind of reason. `hold_words`: what holds any of it, once. A row repeats in short what
    holds it, unless it is the same for all."""

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
        return self.kind not in (wording.SPECIALIST, wording.NOT_SUGGESTED)


@dataclass(frozen=True)
class Section:
    """Suggestions under one heading. `beyond`: what comes after the four and is named all the same (rule 7)."""

    heading: str
    ones: list[Suggestion]
    beyond: tuple[Suggestion, ...] = ()

    @property
    def higher(self) -> bool:
        """Whether all of it has a higher risk of colour change."""
        return all(one.caution for one in (*self.ones, *self.beyond))


@dataclass(frozen=True)
class Known:
    """What the answers and the chosen concerns say together, as the rules need it. Unsure counts like yes.

    `alarm`: rule 5a. `was_on_it`: pregnant after isotretinoin that ended a month to a year ago. `tell`: the questions
    whose answers somebody has to hear before any procedure. `marks`: skin that tans, is brown or black, or unknown.
    """

    acne: Said = Said.NO
    keloid: Said = Said.NO
    pregnant: Said = Said.NO
    breastfeeding: bool = False
    isotretinoin: Said = Said.NO
    on_isotretinoin: Said = Said.NO
    alarm: Said = Said.NO
    was_on_it: bool = False
    cuts_wait: Said = Said.NO
    on_body: Said = Said.NO
    tell: tuple[str, ...] = ()
    marks: bool = True

    @property
    def tell_words(self) -> list[str]:
        return [wording.TELL[code] for code in self.tell]

    @property
    def unsure(self) -> bool:
        """Whether something is held only because the answer is not known yet."""
        held = (self.acne, self.keloid, self.pregnant, self.isotretinoin, self.cuts_wait, self.on_body)
        return any(one.unsure for one in held)


@dataclass(frozen=True)
class Result:
    """What the guide says. With `stop` it says nothing else.

    `shown` is the list as it is read, in its order: at most four that are offered, and between them first choices that
    are not done here.
    """

    stop: str = ""
    concerns: tuple[Concern, ...] = ()
    shown: tuple[Suggestion, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    known: Known | None = None
    your_choice: tuple[Suggestion, ...] = ()
    signed: bool = True
    closing: str = wording.CLOSING

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What can be asked about here, best first."""
        return tuple(one for one in self.shown if one.offered)

    @property
    def sections(self) -> list[Section]:
        """The list under its headings, in its order: rule 8 leaves what is not done here at its place."""
        found = list(_sections(self.shown, self.known or Known()))
        if self.your_choice:
            under = found.pop().ones if found and found[-1].heading == wording.HIGHER else []
            found.append(Section(wording.HIGHER, under, self.your_choice))
        return found

    @property
    def sources(self) -> list[Cited]:
        """What the reasons in the list rest on, in the order in which they are read."""
        read = [one for section in self.sections for one in (*section.ones, *section.beyond)]
        return list(dict.fromkeys(source for one in read for point in one.points for source in point.sources))

    @property
    def comes_first(self) -> list[Concern]:
        return [concern for concern in self.concerns if concern.comes_first]

    @property
    def without(self) -> list[Name]:
        """The concerns that none of the suggestions is for."""
        answered = {
            name.words.casefold()
            for one in self.shown
            for point in one.helps + one.afterwards
            for name in point.concerns
        }
        named = [small(Name(concern.name)) for concern in self.concerns]
        return [name for name in named if name.words.casefold() not in answered]

    @property
    def left_parts(self) -> list[LeftPart]:
        """What was left out, by kind."""
        # What stands in the open list all the same (rule 7) was not left out.
        open_too = {one.treatment for one in self.your_choice}
        left = [one for one in self.left_out if one.kind != wording.BEYOND or one.treatment not in open_too]
        parts = ((kind, [one for one in left if one.kind == kind]) for kind in wording.KINDS)
        return [_part(kind, lefts) for kind, lefts in parts if lefts]

    @property
    def held_part(self) -> LeftPart | None:
        """What is on hold, if anything is."""
        return next((part for part in self.left_parts if part.kind == wording.HELD), None)

    @property
    def beyond_part(self) -> LeftPart | None:
        """What is on the list as well, after the first four."""
        return next((part for part in self.left_parts if part.kind == wording.BEYOND), None)

    @property
    def other_parts(self) -> list[LeftPart]:
        """What was left out for other reasons."""
        return [part for part in self.left_parts if part.kind not in (wording.HELD, wording.BEYOND)]

    @property
    def other_count(self) -> int:
        return sum(part.count for part in self.other_parts)


def _sections(shown: tuple[Suggestion, ...], known: Known) -> Iterator[Section]:
    for (higher, later), ones in groupby(shown, key=lambda one: (one.caution, one.later)):
        part = list(ones)
        if not later and not known.marks:
            heading = wording.BEST_FIT
        elif not later:
            moderate = any(one.treatment.pigment_risk == _MODERATE for one in part)
            heading = wording.HIGHER if higher else wording.UP_TO_MODERATE if moderate else wording.LOWER
        else:
            heading = wording.ONCE_KNOWN if known.acne.unsure else wording.ONCE_QUIET
            heading += wording.WITH_HIGHER if higher else ""
        yield Section(heading, part)


def _part(kind: str, lefts: list[LeftOut]) -> LeftPart:
    """Treatments with one and the same reason share a row."""
    every = {code for one in lefts for code in one.holds}
    alike = all({*one.holds} == every for one in lefts)
    rows: dict[tuple[tuple[Point, ...], tuple[str, ...], Treatment | None], list[Name]] = {}
    for one in lefts:
        own = one.treatment if kind == wording.BEYOND else None
        rows.setdefault((one.points, () if alike else wording.in_a_row(one.holds), own), []).append(
            _name(one)
        )
    return LeftPart(
        kind,
        wording.KINDS[kind],
        tuple(words for code, words in wording.HOLDS.items() if code in every),
        [
            LeftRow((names[0], *map(small, names[1:])), points, holds, own)
            for (points, holds, own), names in rows.items()
        ],
    )


def _name(one: LeftOut) -> Name:
    """Without a link where it is not offered: an address to click would read as an offer."""
    if one.treatment.offered:
        return Name(one.treatment.name, one.treatment.url)
    return Name(one.treatment.name + (" (not done here)" if one.kind == wording.HELD else ""))
