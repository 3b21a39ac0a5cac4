"""The suitability matrix as readers see it, from either side. Pure: rows in, blocks of words out.

What is not offered never appears as something to have here, and what only a specialist may decide is never suggested.
What is often discussed and not done here is named all the same, open and at its rank, so that a reader can ask for a
referral. In which order treatments stand, content.matrix.order says; concerns stand by their fit, and then as the editors
order them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from content.matrix import order
from content.models import Cited, Concern, Suitability, Treatment


@dataclass(frozen=True)
class Name:
    """A concern or treatment to name, with the address of its page, if it has one.

    `moderate`: a treatment with a moderate risk of a lasting change of colour, which stands among those with a low one.
    """

    words: str
    url: str = ""
    moderate: bool = False


@dataclass(frozen=True)
class Fit:
    """One score and one reason, for everything that shares both."""

    score: int
    word: str
    names: tuple[Name, ...]
    reason: str
    sources: tuple[Cited, ...] = ()
    higher_risk: bool = False
    """Of a lasting change of colour in brown or black skin: for a concern it stands after what has a lower one."""
    offered: bool = True
    """False for what is often discussed for a concern and not done here (`order.is_named`)."""

    @property
    def dots(self) -> tuple[bool, ...]:
        """Three dots, the filled ones first."""
        return tuple(place < self.score for place in range(3))


@dataclass(frozen=True)
class Group:
    """Everything with one score, in one part of the list."""

    fits: tuple[Fit, ...]

    @property
    def score(self) -> int:
        return self.fits[0].score

    @property
    def word(self) -> str:
        return self.fits[0].word

    @property
    def dots(self) -> tuple[bool, ...]:
        return self.fits[0].dots

    @property
    def names(self) -> tuple[Name, ...]:
        """All its names, as they read inside a sentence and without addresses: for the line that opens it."""
        return _listed(self.fits)


@dataclass(frozen=True)
class Block:
    """Everything about one concern, or about one treatment. `name` heads it when a page covers several."""

    name: str
    fits: tuple[Fit, ...] = ()
    specialist_only: tuple[Name, ...] = ()
    elsewhere: tuple[
        Fit, ...
    ] = ()  # scored, not done here and not at its rank among `fits`: the best fit first
    unready: tuple[Name, ...] = ()
    """Fillers that would be named here, while the clinic has not said what it keeps ready."""
    offered: bool = True
    compare_by: str = ""
    """The opaque name of the concern, for /treatments/ to set beside each other what may help it. Nothing where that is one
    treatment, or where a pharmacist or doctor comes first."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The best score first, in each part."""
        alike = groupby(self.fits, lambda fit: (fit.higher_risk, fit.score))
        return tuple(Group(tuple(some)) for _, some in alike)

    @property
    def may_help(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.score > 0)

    @property
    def lower_risk(self) -> tuple[Group, ...]:
        return tuple(group for group in self.may_help if not group.fits[0].higher_risk)

    @property
    def higher_risk(self) -> tuple[Group, ...]:
        return tuple(group for group in self.may_help if group.fits[0].higher_risk)

    @property
    def does_not_help(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.score == 0)

    @property
    def suggests(self) -> bool:
        """Whether any of our own treatments may help."""
        return any(fit.offered and fit.score for fit in self.fits)

    @property
    def not_offered(self) -> tuple[Name, ...]:
        return _listed(self.elsewhere)


def by_concern(rows: Iterable[Suitability], treatment_urls: Mapping[int, str]) -> list[Block]:
    """One block for each concern, naming treatments. Rows come with concern, treatment and sources loaded."""
    blocks = []
    for cells in _grouped(rows, lambda row: (row.concern.order, row.concern.name, row.concern_id)):
        cells.sort(key=order.place)
        given = [row for row in cells if row.treatment.offered]
        offered = [row for row in given if not row.unready]
        named = [row for row in cells if is_named(row)]
        others = [row for row in cells if not row.treatment.offered and row.score and row not in named]
        compared = [row for row in offered if row.score and not row.specialist_only]
        concern = cells[0].concern
        blocks.append(
            Block(
                name=concern.name,
                fits=_fits(named, lambda row: _treatment(row, treatment_urls)),
                specialist_only=_names(
                    [row for row in offered if row.specialist_only],
                    lambda row: _name(row.treatment, treatment_urls),
                ),
                unready=_names(
                    [row for row in given if row.unready and row.score and not row.specialist_only],
                    lambda row: _name(row.treatment, treatment_urls),
                ),
                elsewhere=_fits(
                    sorted(others, key=lambda row: -row.score), lambda row: _treatment(row, treatment_urls)
                ),
                compare_by=concern.public_id if len(compared) > 1 and not concern.comes_first else "",
            )
        )
    return blocks


def by_treatment(rows: Iterable[Suitability], concern_urls: Mapping[int, str]) -> list[Block]:
    """One block for each treatment, naming concerns. A treatment that is not offered or `unready` has no fits."""
    blocks = []
    for cells in _grouped(rows, lambda row: (row.treatment.order, row.treatment.name, row.treatment_id)):
        cells.sort(key=lambda row: (-row.score, row.concern.order, row.concern.name))
        treatment = cells[0].treatment
        unready = cells[0].unready and treatment.offered
        shown = cells if treatment.offered and not unready else []
        blocks.append(
            Block(
                name=treatment.name,
                fits=_fits(shown, lambda row: _name(row.concern, concern_urls)),
                specialist_only=_names(
                    [row for row in shown if row.specialist_only],
                    lambda row: _name(row.concern, concern_urls),
                ),
                unready=(Name(treatment.name),) if unready else (),
                offered=treatment.offered,
            )
        )
    return blocks


def by_score(rows: Iterable[Suitability]) -> tuple[Fit, ...]:
    """The concerns of the rows under their scores, best first, without reasons or addresses: for lists."""
    together: dict[int, list[Name]] = {}
    for row in rows:
        together.setdefault(row.score, []).append(Name(row.concern.name))
    return tuple(
        Fit(score, Suitability.Score(score).label, in_a_sentence(sorted(names, key=_alphabetical)), "")
        for score, names in sorted(together.items(), reverse=True)
    )


def in_a_sentence(names: Iterable[Name]) -> tuple[Name, ...]:
    """In their order: only the first keeps its capital letter."""
    first, *others = names
    return (first, *map(small, others))


def _grouped(
    rows: Iterable[Suitability], key: Callable[[Suitability], tuple[int, str, int]]
) -> list[list[Suitability]]:
    return [list(cells) for _, cells in groupby(sorted(rows, key=key), key=key)]


def _fits(rows: Iterable[Suitability], name: Callable[[Suitability], Name]) -> tuple[Fit, ...]:
    """In the order of the rows. What shares part of the list, score and reason stands where its first row does."""
    together: dict[tuple[bool, int, str, bool], list[Suitability]] = {}
    for row in rows:
        if not row.specialist_only:
            alike = (order.is_last(row), row.score, row.reason, row.treatment.offered)
            together.setdefault(alike, []).append(row)
    return tuple(
        Fit(
            score,
            Suitability.Score(score).label,
            in_a_sentence(map(name, cells)),
            reason,
            _sources(cells),
            higher_risk,
            offered,
        )
        for (higher_risk, score, reason, offered), cells in together.items()
    )


def one_fit(row: Suitability) -> Fit:
    """A single cell: score, reason and sources, with nothing named. The row comes with its sources loaded."""
    return Fit(
        row.score,
        Suitability.Score(row.score).label,
        (),
        row.reason,
        _sources([row]),
        offered=row.treatment.offered,
    )


def _sources(rows: Iterable[Suitability]) -> tuple[Cited, ...]:
    """What the rows rest on, each source once, in the order of their codes."""
    return tuple(sorted({source for row in rows for source in row.cited}))


def _names(rows: Iterable[Suitability], name: Callable[[Suitability], Name]) -> tuple[Name, ...]:
    return tuple(small(name(row)) for row in rows)


def _listed(fits: Iterable[Fit]) -> tuple[Name, ...]:
    return tuple(Name(inside(name.words)) for fit in fits for name in fit.names)


def small(name: Name) -> Name:
    return replace(name, words=inside(name.words))


def inside(words: str) -> str:
    """Words inside a sentence: "PRP" stays, "Light peel" becomes "light peel", and "A scar" becomes "a scar"."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words.startswith("A ") else words


def _treatment(row: Suitability, urls: Mapping[int, str]) -> Name:
    """What is not done here has no address: one to click would read as an offer."""
    name = _name(row.treatment, urls if row.treatment.offered else {})
    return replace(name, moderate=row.treatment.pigment_risk == Treatment.PigmentRisk.MODERATE)


def is_named(row: Suitability) -> bool:
    """Whether this cell of a concern stands open at its rank: `order.is_named`, unless it is a filler that is `unready`."""
    return order.is_named(row.score, offered=row.treatment.offered) and not row.unready


def _name(thing: Concern | Treatment, urls: Mapping[int, str]) -> Name:
    return Name(thing.name, urls.get(thing.pk, ""))


def _alphabetical(name: Name) -> str:
    return name.words.casefold()
