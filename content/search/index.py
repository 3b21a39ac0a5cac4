"""The index: plain values in, ranked results out. Pure: no database, no clock, nothing that changes once it is built.

Ranking is BM25 over weighted fields. A word counts for more the rarer it is, the more often it stands in a place that
matters, and the more of the question a page answers. What the numbers must achieve is in
tests/content/search_questions.yaml; change them only with a look at it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from content.search import alarm, spanish, words
from content.search.passage import Piece, Sentence, passage, sentences
from content.search.query import SYNONYM, Group, Lexicon, Read, is_typed, read, says, suggestions
from content.search.words import Stemmer

# What one word is worth, by where it stands.
TITLE, TELL, SUMMARY, HEADING, FACT, TEXT = 8.0, 4.0, 4.0, 3.0, 2.0, 1.0
# A long text says a word more often without being more about it: how much of that is taken off (BM25's b).
LONG_TEXT = 0.6
# How soon more of the same word stops mattering (BM25's k1, larger because of the weights above).
ENOUGH = 4.0
# A page that answers half of the question is worth less than half.
BASE = 0.25
# A title wholly made of what was asked, and one that is the query word by word, small words included.
TITLE_IS_ASKED = 0.6
TITLE_IS_QUERY = 1.5
# What a synonym of three words and more is worth beside the page that says those words most.
WHOLE_QUESTION = 1.5
# Results worth less than this part of the first are noise.
NOISE = 0.2
# So too where our words only stand for what was asked ("parking" for "consultation"), and more of it: half a match is none.
STANDS_IN = 0.6
TEXT_LETTERS = 210
# What people type in despair stands for these words of the page of urgent help.
DESPAIR = "cannot go on harm"
# The panel of facts: what it is called on the page, and its id there.
GLANCE = ("At a glance", "glance")


@dataclass(frozen=True)
class Section:
    """What stands under one heading. `anchor` is its id on the page; lines of `text` are its paragraphs."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Document:
    """One thing that can be found. All texts are plain, without markup."""

    url: str
    kind: str
    title: str
    menu_title: str = ""
    tell: str = ""
    summary: str = ""
    facts: str = ""
    sections: tuple[Section, ...] = ()
    importance: float = 1.0
    # Help that nobody may have to look for: a word that stands for its title puts it above every other result.
    is_help: bool = False
    # Says when to call for help after a treatment: comes next to help for whoever tells of a sign after a filler.
    is_aftercare: bool = False


@dataclass(frozen=True)
class Hit:
    """A result. `section` is the heading that `url` leads to, empty for the top of the page."""

    url: str
    kind: str
    title: str
    tell: str
    section: str
    passage: tuple[Piece, ...]


class Answer(NamedTuple):
    """What the index says to a query."""

    # The best first, each page once. None for a query without a word that we know.
    hits: list[Hit]
    # The query as it was read, if we are nearly certain that it had a typing error: "keliod" gives "keloid". Empty
    # otherwise, and where help comes first: nobody in fear is told how to spell.
    corrected: str
    # Whether the query tells of an alarm, so that help comes first and whom to call with it.
    is_alarm: bool
    # What it tells of after a filler, if that is why it alarms.
    filler_sign: alarm.FillerSign | None
    # Whether it tells of despair, so that whom to talk to is named too.
    is_despair: bool


@dataclass(frozen=True)
class _Place:
    """A part of a document that a result can lead to: its opening, or a section."""

    heading: str
    anchor: str
    text: tuple[Sentence, ...]
    heading_stems: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True)
class _Entry:
    """A document with what is computed once. The opening is the first of its places."""

    document: Document
    # Stems of its title and its menu title: all of them, and those that carry a meaning.
    names: tuple[frozenset[str], ...]
    titles: tuple[frozenset[str], ...]
    places: tuple[_Place, ...]

    @cached_property
    def title_stems(self) -> frozenset[str]:
        return frozenset().union(*self.titles)


@dataclass(frozen=True)
class Index:
    """Everything that can be found, ready to be asked. Safe to share between threads: nothing in it changes."""

    entries: tuple[_Entry, ...]
    # stem -> number of the entry -> what the stem is worth there.
    worth: Mapping[str, Mapping[int, float]]
    rarity: Mapping[str, float]
    # The stems of a title -> the entries that are called so.
    called: Mapping[frozenset[str], tuple[int, ...]]
    lexicon: Lexicon

    def answer(self, query: str, limit: int = 10) -> Answer:
        """All that is known of a query, which is read once."""
        stem = words.stemmer(self.lexicon.stem_of)
        question = read(query, self.lexicon, stem)
        helps = self._calls_for_help(question)
        scores = [self._scores(group) for group in question.groups]
        weights = [max(found.values(), default=0.0) for found in scores]
        sign = alarm.filler_sign(question.heard) if helps else None
        aftercare = {n for n, entry in enumerate(self.entries) if sign and entry.document.is_aftercare}
        best = self._best(query, question.groups, scores, weights, (helps, aftercare), stem)
        hits = [self._hit(self.entries[number], question.groups, weights, stem) for number in best[:limit]]
        return Answer(
            hits,
            "" if helps else question.corrected,
            is_alarm=bool(helps),
            filler_sign=sign,
            is_despair=self._despairs(question, stem),
        )

    def find(self, query: str, limit: int = 10) -> list[Hit]:
        """The best results first, each page once. Nothing for a query without a word that we know and without alarm."""
        return self.answer(query, limit).hits

    def _best(
        self,
        query: str,
        groups: tuple[Group, ...],
        scores: list[dict[int, float]],
        weights: list[float],
        first: tuple[set[int], set[int]],
        stem: Stemmer,
    ) -> list[int]:
        """The numbers of the entries that answer the query: those of `first` in its order, then the best."""
        helps, aftercare = first
        typed = frozenset(words.stems(query, stem))
        worth = dict.fromkeys(helps | aftercare, 0.0) | {
            number: self._worth(number, scores, weights) for number in {n for found in scores for n in found}
        }
        least = max(worth.values(), default=0.0) * NOISE
        rank = {
            number: worth[number] * self._by_title(self.entries[number], groups, typed)
            for number in worth
            if worth[number] >= least or number in helps | aftercare
        }
        if not any(is_typed(group, self.worth) for group in groups):
            least = max(rank.values(), default=0.0) * STANDS_IN
            rank = {n: much for n, much in rank.items() if much >= least or n in helps | aftercare}
        return sorted(rank, key=lambda n: (n not in helps, n not in aftercare, -rank[n], n))

    def _calls_for_help(self, question: Read) -> set[int]:
        """Pages of help whose title a word of the query stands for: "blind" stands for "Urgent help"; or all, in alarm."""
        helps = {number for number, entry in enumerate(self.entries) if entry.document.is_help}
        if alarm.is_told(question.heard):
            return helps
        meant = [set(r.stems) for group in question.groups for r in group.readings if r.weight == SYNONYM]
        return {n for n in helps if any(self.entries[n].title_stems <= stems for stems in meant)}

    def _despairs(self, question: Read, stem: Stemmer) -> bool:
        """Whether somebody may not go on, so that whom to talk to is named too: a word of it stands for "cannot go on"."""
        despair = frozenset(map(stem, words.meaningful(words.split(DESPAIR))))
        return alarm.is_dying(question.heard) or any(
            despair <= set(reading.stems) for group in question.groups for reading in group.readings
        )

    def suggestions(self, query: str, limit: int = 3) -> list[str]:
        """Queries of known words that look like this one, nearest first: for a query that found nothing."""
        return suggestions(query, self.lexicon, words.stemmer(self.lexicon.stem_of), limit)

    def _scores(self, group: Group) -> dict[int, float]:
        """What each document is worth for one word of the query: its best reading there."""
        best: dict[int, float] = {}
        for reading in group.readings:
            count = len(reading.stems)
            sums: dict[int, float] = {}
            matched: Counter[int] = Counter()
            for stem in reading.stems:
                for number, worth in self.worth.get(stem, {}).items():
                    sums[number] = sums.get(number, 0.0) + worth
                    matched[number] += 1
            for number, total in sums.items():
                score = reading.weight * total / math.sqrt(count) * (matched[number] / count) ** 2
                best[number] = max(best.get(number, 0.0), score)
        # A synonym that names a page leads to that page, however common the words of its title are.
        # One of three words and more was written for this very question, so it beats a page that only says these words.
        typed = max((len(reading.stems) for reading in group.readings if reading.weight == 1), default=0)
        most = max(best.values(), default=0.0) * (WHOLE_QUESTION if typed >= 3 else 1)
        for reading in group.readings:
            if reading.weight == SYNONYM:
                best |= dict.fromkeys(self.called.get(frozenset(reading.stems), ()), most)
        return best

    def _worth(self, number: int, scores: list[dict[int, float]], weights: list[float]) -> float:
        """What a document is worth for the whole query: the sum over its words, less if it leaves some unanswered."""
        got = sum(found.get(number, 0.0) for found in scores)
        met = sum(weight for found, weight in zip(scores, weights, strict=True) if number in found)
        answered = BASE + (1 - BASE) * met / sum(weights)
        return got * answered * self.entries[number].document.importance

    def _by_title(self, entry: _Entry, groups: tuple[Group, ...], typed: frozenset[str]) -> float:
        """More than 1 for a page that is called what was asked for, and for one whose title reads like the query.

        "Who does the treatment" has only one word that counts; the small ones tell it from "Treatments".
        """
        asked = frozenset(stem for group in groups for reading in group.readings for stem in reading.stems)
        titled = max((self._part(title & asked, title) for title in entry.titles), default=0.0)
        same = max(len(typed & name) / len(typed | name) for name in entry.names)
        return (1 + TITLE_IS_ASKED * titled) * (1 + TITLE_IS_QUERY * same**2)

    def _part(self, some: Iterable[str], of: Iterable[str]) -> float:
        whole = sum(self.rarity[stem] for stem in of)
        return sum(self.rarity[stem] for stem in some) / whole if whole else 0.0

    def _hit(self, entry: _Entry, groups: tuple[Group, ...], weights: list[float], stem: Stemmer) -> Hit:
        place = _best_place(entry, groups, weights)
        document = entry.document
        marked = frozenset(stem for group in groups for reading in group.readings for stem in reading.stems)
        telling = {s: self.rarity.get(s, 0.0) for s in marked - entry.title_stems}
        return Hit(
            url=f"{document.url}#{place.anchor}" if place.anchor else document.url,
            kind=document.kind,
            title=document.title,
            tell=document.tell,
            section=place.heading,
            passage=passage(place.text or entry.places[0].text, telling, marked, stem, TEXT_LETTERS),
        )


def build(documents: Iterable[Document], synonyms: Iterable[tuple[str, str]]) -> Index:
    """An index of the documents. Synonyms are pairs: what people type, and what our pages say.

    Spanish words are read too (`content.search.spanish`), so that whoever types one finds the page.
    """
    stem = words.stemmer()
    listed = tuple(documents)
    entries = tuple(_entry(document, stem) for document in listed)
    mean = _mean_length(listed)
    counted = [_weighed(document, stem, mean) for document in listed]
    among = Counter(word for weighed in counted for word in weighed)
    rarity = {
        word: math.log(1 + (len(listed) - count + 0.5) / (count + 0.5)) for word, count in among.items()
    }
    worth: dict[str, dict[int, float]] = {}
    for number, weighed in enumerate(counted):
        for word, weight in weighed.items():
            worth.setdefault(word, {})[number] = rarity[word] * weight / (weight + ENOUGH)
    lexicon = Lexicon.of(
        (text for document in listed for _, text in _fields(document)),
        (*synonyms, *((word, meant.page) for word, meant in spanish.WORDS.items())),
        frozenset(worth),
        stem,
    )
    called: dict[frozenset[str], tuple[int, ...]] = {}
    for number, entry in enumerate(entries):
        for title in set(entry.titles):
            called[title] = (*called.get(title, ()), number)
    return Index(entries, worth, rarity, called, lexicon)


def _fields(document: Document) -> Iterator[tuple[float, str]]:
    """Each text with what a word in it is worth. A menu title that repeats the title counts once."""
    yield TITLE, document.title
    if document.menu_title not in ("", document.title):
        yield TITLE, document.menu_title
    yield TELL, document.tell
    yield SUMMARY, document.summary
    yield FACT, document.facts
    for section in document.sections:
        yield HEADING, section.heading
        yield TEXT, section.text


def _length(document: Document) -> int:
    return sum(len(section.text) for section in document.sections)


def _mean_length(documents: tuple[Document, ...]) -> float:
    return sum(map(_length, documents)) / len(documents) if documents else 0.0


def _weighed(document: Document, stem: Stemmer, mean: float) -> dict[str, float]:
    """Each stem of the document with the sum of what its places are worth."""
    shrink = 1 / (1 - LONG_TEXT + LONG_TEXT * _length(document) / mean) if mean else 1.0
    sums: dict[str, float] = {}
    for weight, text in _fields(document):
        each = weight * shrink if weight == TEXT else weight
        for found in words.stems(text, stem):
            sums[found] = sums.get(found, 0.0) + each
    return sums


def _entry(document: Document, stem: Stemmer) -> _Entry:
    titles = (document.title, document.menu_title or document.title)
    return _Entry(
        document,
        tuple(frozenset(words.stems(title, stem)) for title in titles),
        tuple(frozenset(map(stem, words.meaningful(words.split(title)))) for title in titles),
        tuple(_places(document, stem)),
    )


def _places(document: Document, stem: Stemmer) -> Iterator[_Place]:
    """The opening, with what stands above the first heading; the sections; the panel of facts, if there is one."""
    above = [section.text for section in document.sections if not section.heading]
    opening = sentences("\n".join(filter(None, (document.summary, *above))), stem)
    told = frozenset(words.stems(document.tell, stem))
    rows = frozenset(words.stems("\n".join(above), stem))
    yield _Place("", "", opening, frozenset(), _stems(opening) | rows | told)
    for section in document.sections:
        if section.heading:
            yield _place(section, stem)
    # Last: of two places that say the same, the one with whole sentences answers better.
    if facts := sentences(document.facts, stem):
        yield _Place(*GLANCE, facts, frozenset(), _stems(facts))


def _place(section: Section, stem: Stemmer) -> _Place:
    heading = frozenset(map(stem, words.meaningful(words.split(section.heading))))
    text = sentences(section.text, stem)
    # The rows of its tables are looked in, although no result shows one.
    return _Place(
        section.heading, section.anchor, text, heading, heading | frozenset(words.stems(section.text, stem))
    )


def _stems(text: tuple[Sentence, ...]) -> frozenset[str]:
    return frozenset().union(*(sentence.stems for sentence in text))


def _best_place(entry: _Entry, groups: tuple[Group, ...], weights: list[float]) -> _Place:
    """The place that answers most of the question: the top of the page, unless a section says more, or is about it."""
    title = entry.title_stems
    typed = [Group(tuple(r for r in group.readings if r.weight == 1) or group.readings) for group in groups]
    # Of what only stands for the title ("tca cross" for "ice pick scars") the words themselves are looked for.
    rest = [
        (own if says(group, title) else group, weight)
        for group, own, weight in zip(groups, typed, weights, strict=True)
        if not says(own, title)
    ]

    wanted = frozenset(stem for group, _ in rest for reading in group.readings for stem in reading.stems)
    named, weights_of = title & wanted, dict[frozenset[str], float]()

    def weight(stems: frozenset[str]) -> float:
        held = stems & wanted | named  # the same few words in most places of a document
        if held not in weights_of:
            weights_of[held] = sum(weight * says(group, held, partly=True) for group, weight in rest)
        return weights_of[held]

    top, *sections = entry.places
    best, most, known = top, weight(top.stems), weight(frozenset())
    for place in sections:
        # A heading that answers beats a text that mentions.
        much = weight(place.stems) + 0.5 * (weight(place.heading_stems) - known)
        if much > most + 1e-9:
            best, most = place, much
    return best
