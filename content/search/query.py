"""How a query is read: each of its words with everything that it may mean here. Pure.

In this order a word is: known; two of our words written as one ("icepick"), or one written as two ("micro needling"); the
beginning of one, if it is the last and so perhaps not finished; a typing error. Then come the synonyms.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from content import limits
from content.search import words
from content.search.medicines import PRESCRIPTION_ONLY
from content.search.words import STOP_WORDS, Stemmer

# What a guess is worth beside a word that we know.
SYNONYM, BEGINNING, TYPO, PART_OF_SYNONYM = 0.95, 0.8, 0.7, 0.6
# This many letters must be there before we guess how a word goes on.
SHORTEST_BEGINNING = 3
# Words this long may have one wrong letter, then two. Shorter ones must be right: "pit" is not "pus", "dead" not "deal".
ONE_ERROR, TWO_ERRORS = 5, 8
ALIKE = 0.82


class Reading(NamedTuple):
    """One thing that a word of the query may mean: stems, and how far to trust it (1 is as typed)."""

    stems: tuple[str, ...]
    weight: float


class Group(NamedTuple):
    """A word of the query, or words that belong together, in every reading."""

    readings: tuple[Reading, ...]


def says(group: Group, stems: frozenset[str], *, partly: bool = False) -> float:
    """How well `stems` hold a word of the query in one of its readings: 1 is wholly. Without `partly` it is 0 or 1."""
    parts = [
        sum(map(stems.__contains__, reading.stems)) / len(reading.stems) * (reading.weight if partly else 1)
        for reading in group.readings
    ]
    most = max(parts, default=0.0)
    return most if partly else float(most == 1)


def is_typed(group: Group, found: Mapping[str, Collection[int]]) -> bool:
    """Whether some page (`found`: stem -> pages) says the words as they were typed or meant, and not only a synonym."""
    typed = [reading.stems for reading in group.readings if reading.weight not in (SYNONYM, PART_OF_SYNONYM)]
    return any(set.intersection(*(set(found.get(stem, ())) for stem in stems)) for stems in typed if stems)


class Read(NamedTuple):
    """A query, read. `corrected` is the query without its typing errors, empty unless we are nearly certain of each."""

    groups: tuple[Group, ...]
    corrected: str
    # Every word in its order, small ones too, with what it may be.
    heard: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Lexicon:
    """The words that are known, and what they stand for."""

    # Sorted, as they are written on the pages and in synonyms.
    vocabulary: tuple[str, ...]
    # Each of them with its stem, so that a search need not work it out again.
    stem_of: Mapping[str, str]
    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    # The stems of a phrase -> the stems of everything it means.
    synonyms: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]

    @classmethod
    def of(
        cls,
        texts: Iterable[str],
        synonyms: Iterable[tuple[str, str]],
        stems: frozenset[str],
        stem: Stemmer,
    ) -> Lexicon:
        """The words of `texts` and of what people type instead. `stems` are those that can be found."""
        vocabulary: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        means: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        for text in texts:
            written = words.split(text)
            vocabulary.update(written)
            pairs.update(pairwise(written))
        for phrase, meaning in synonyms:
            written = words.split(phrase)
            meant = tuple(map(stem, words.meaningful(words.split(meaning))))
            # What leads to nothing is no word of ours: it would only be suggested.
            if written and stems.intersection(meant):
                vocabulary.update(written)
                pairs.update(pairwise(written))
                key = tuple(map(stem, written))
                means[key] = (*means.get(key, ()), meant)
        stem_of = {word: stem(word) for word in vocabulary}
        return cls(tuple(sorted(vocabulary)), stem_of, stems, frozenset(pairs), means)

    @cached_property
    def longest(self) -> int:
        """How many words the longest phrase of the synonyms has."""
        return max(map(len, self.synonyms), default=0)

    def knows(self, word: str) -> bool:
        place = bisect_left(self.vocabulary, word)
        return place < len(self.vocabulary) and self.vocabulary[place] == word

    def beginning(self, start: str) -> list[str]:
        """Words that begin like this, the shortest first."""
        place = bisect_left(self.vocabulary, start)
        found = []
        while place < len(self.vocabulary) and self.vocabulary[place].startswith(start):
            found.append(self.vocabulary[place])
            place += 1
        return sorted(found, key=len)[: limits.SEARCH_GUESSES]

    def nearest(self, word: str) -> list[str]:
        """Words that this one may be with a typing error in it. They begin alike: few people miss the first letter."""
        errors = 0 if len(word) < ONE_ERROR else 1 if len(word) < TWO_ERRORS else 2
        if not errors or any(letter.isdigit() for letter in word):
            return []
        near = process.extract(word, self.vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=None)
        alike = [(distance, known) for known, distance, _ in near if _begin_alike(word, known)]
        least = min((distance for distance, _ in alike), default=0)
        return [known for distance, known in sorted(alike) if distance == least][: limits.SEARCH_GUESSES]


def read(query: str, lexicon: Lexicon, stem: Stemmer) -> Read:
    """Every word of the query in every reading. Stop words are left out, unless there is nothing else."""
    typed = words.split(query)[: limits.SEARCH_WORDS]
    written, corrected = _written(typed, lexicon, stem)
    groups = list(_groups(written, lexicon, stem, STOP_WORDS)) or list(
        _groups(written, lexicon, stem, frozenset())
    )
    heard = tuple(
        frozenset((word.word, *(part for guess, _ in word.others for part in guess))) for word in written
    )
    return Read(tuple(groups), " ".join(corrected) if corrected != typed else "", heard)


def suggestions(query: str, lexicon: Lexicon, stem: Stemmer, limit: int) -> list[str]:
    """The query with each word that is not known put right, one word in each suggestion, the nearest first."""
    typed = words.split(query)[: limits.SEARCH_WORDS]
    can_be_found = [
        word
        for word in lexicon.vocabulary
        if len(word) > 2 and word not in STOP_WORDS and word not in PRESCRIPTION_ONLY
    ]
    found: list[tuple[float, str]] = []
    for place, word in enumerate(typed):
        if word in STOP_WORDS | PRESCRIPTION_ONLY or stem(word) in lexicon.stems or len(word) <= 2:
            continue
        near = process.extract(
            word, can_be_found, scorer=JaroWinkler.similarity, score_cutoff=ALIKE, limit=limit
        )
        found += [
            (-alike, " ".join([*typed[:place], known, *typed[place + 1 :]])) for known, alike, _ in near
        ]
    return [text for _, text in sorted(found)[:limit]]


class _Word(NamedTuple):
    """A word after reading: what it is taken for, and its other readings, each a few of our words."""

    word: str
    others: tuple[tuple[tuple[str, ...], float], ...] = ()


def _written(typed: list[str], lexicon: Lexicon, stem: Stemmer) -> tuple[list[_Word], list[str]]:
    """The words as we would write them, and the query with its typing errors put right."""
    written: list[_Word] = []
    corrected: list[str] = []
    place = 0
    while place < len(typed):
        word = typed[place]
        pair = tuple(typed[place : place + 2])
        # "after care" is our "aftercare"; "in side light" is a phrase of ours, and not "inside light".
        if len(pair) == 2 and lexicon.knows("".join(pair)) and pair not in lexicon.pairs:
            written.append(_Word("".join(pair), ((pair, 1.0),)))
            corrected += pair
            place += 2
            continue
        place += 1
        if word in STOP_WORDS or lexicon.knows(word) or stem(word) in lexicon.stems:
            written.append(_Word(word))
            corrected.append(word)
        elif halves := _halves(word, lexicon):
            written += map(_Word, halves)
            corrected.append(word)
        elif place == len(typed) and (longer := _longer(word, lexicon)):
            written.append(_guessed(longer, BEGINNING))
            corrected.append(word)
        elif near := lexicon.nearest(word):
            written.append(_guessed(near, TYPO))
            # Only one word that it can be: anything else helps to find, and is not told as what was meant.
            corrected.append(near[0] if len(set(map(stem, near))) == 1 else word)
        else:
            written.append(_Word(word))
            corrected.append(word)
    return written, corrected


def _longer(word: str, lexicon: Lexicon) -> list[str]:
    return lexicon.beginning(word) if len(word) >= SHORTEST_BEGINNING else []


def _halves(word: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """Two of our words that follow each other somewhere and are written as one here."""
    for cut in range(2, len(word) - 1):
        if (word[:cut], word[cut:]) in lexicon.pairs:
            return word[:cut], word[cut:]
    return None


def _guessed(known: list[str], weight: float) -> _Word:
    first, *others = known
    return _Word(first, tuple(((word,), weight) for word in (first, *others)))


def _groups(
    written: list[_Word], lexicon: Lexicon, stem: Stemmer, without: frozenset[str]
) -> Iterator[Group]:
    stems = [stem(word.word) for word in written]
    place = 0
    while place < len(written):
        length = _phrase_length(stems, place, lexicon)
        if length:
            phrase = tuple(stems[place : place + length])
            own = [s for s, w in zip(phrase, written[place:], strict=False) if w.word not in STOP_WORDS]
            as_typed = [Reading(tuple(own), 1.0)] if own else []
            meanings = [Reading(meant, SYNONYM) for meant in lexicon.synonyms[phrase]]
            yield Group((*as_typed, *meanings))
            place += length
            continue
        word = written[place]
        place += 1
        if word.word in without:
            continue
        yield Group(tuple(_readings(word, lexicon, stem)))


def _phrase_length(stems: list[str], place: int, lexicon: Lexicon) -> int:
    """How many words from `place` on are a phrase with a synonym: the longest. 0 if none is."""
    for length in range(min(lexicon.longest, len(stems) - place), 0, -1):
        if tuple(stems[place : place + length]) in lexicon.synonyms:
            return length
    return 0


def _readings(word: _Word, lexicon: Lexicon, stem: Stemmer) -> Iterator[Reading]:
    guesses = any(weight < 1 for _, weight in word.others)
    if not guesses:
        yield Reading((stem(word.word),), 1.0)
    for others, weight in word.others:
        yield Reading(tuple(map(stem, others)), weight)
        if len(others) == 1:
            for meant in lexicon.synonyms.get((stem(others[0]),), ()):
                yield Reading(meant, weight * SYNONYM)
    if stem(word.word) not in lexicon.stems:
        # A word out of a longer phrase: "vampire" alone.
        for phrase, meanings in lexicon.synonyms.items():
            if stem(word.word) in phrase:
                yield from (Reading(meant, PART_OF_SYNONYM) for meant in meanings)


def _begin_alike(word: str, known: str) -> bool:
    return word[0] == known[0] or word[:2] == known[1::-1]
