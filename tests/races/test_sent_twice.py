"""A double click, two tabs, Back and send again, all at once: one request, one mail, and all read the same reference."""

from __future__ import annotations

import random
from collections import Counter
from uuid import UUID

from tests.races import jobs
from tests.races.crew import SIZE, Crew
from tests.races.jobs import Outcome
from tests.races.seen import Row, look, problems
from tests.races.show import FULL, SEED, show

FORMS = 48 if FULL else 16
SAME, OTHER = "It is mostly my cheeks.", "It is mostly my chin."


def sent(crew: Crew, texts: list[list[str]], *, with_times: bool) -> list[list[Outcome]]:
    """Send each form in as many copies as it has words; what the senders were told, by form."""
    draw = random.Random(SEED)
    starts = jobs.starts(len(texts))
    forms = [
        (UUID(int=draw.getrandbits(128)), starts[n] if with_times else None, words)
        for n, words in enumerate(texts)
    ]
    told = crew.race(jobs.send, [(forms,)] * SIZE)
    copies = sum(1 for words in texts for word in words if word)
    show(crew, f"{len(texts)} forms in {copies} copies", copies)
    return [[one for one in outcomes if one is not None] for outcomes in zip(*told, strict=True)]


def shuffled(draw: random.Random, words: list[str]) -> list[str]:
    """These words in seats drawn at random; the other seats have no copy."""
    seats = words + [""] * (SIZE - len(words))
    draw.shuffle(seats)
    return seats


def test_many_copies_make_one_request_with_one_reference(crew: Crew) -> None:
    draw = random.Random(SEED)
    texts = [shuffled(draw, [SAME] * draw.randint(2, SIZE)) for _ in range(FORMS)]
    told = sent(crew, texts, with_times=True)

    rows: list[Row] = crew.ask(look)
    assert len(rows) == FORMS
    assert problems(rows) == []
    for outcomes in told:
        # Nobody reads "that time has just been taken" by their own other click.
        assert {outcome.what for outcome in outcomes} == {"done"}
        assert len({outcome.reference for outcome in outcomes}) == 1
    assert Counter(row.reference for row in rows) == {outcomes[0].reference: 1 for outcomes in told}
    assert all(row.queued(["received"]) == ["received"] and len(row.occupied) == 1 for row in rows)


def test_other_answers_under_the_same_draft_are_a_clear_error(crew: Crew) -> None:
    draw = random.Random(SEED + 1)
    texts = [shuffled(draw, [SAME] * 2 + [OTHER] * 2) for _ in range(FORMS // 2)]
    told = sent(crew, texts, with_times=False)

    rows: list[Row] = crew.ask(look)
    assert len(rows) == FORMS // 2
    assert problems(rows) == []
    for row, words, outcomes in zip(rows, texts, told, strict=True):
        by_words: dict[str, set[str]] = {SAME: set(), OTHER: set()}
        for word, outcome in zip(filter(None, words), outcomes, strict=True):
            by_words[word].add(outcome.what)
            assert row.reference in (outcome.reference + outcome.words)
        assert sorted(by_words.values(), key=str) == [{"DifferentAnswers"}, {"done"}]


def test_a_booking_by_phone_pressed_twice_is_one_visit(crew: Crew) -> None:
    draw = random.Random(SEED + 2)
    forms = [(UUID(int=draw.getrandbits(128)), start) for start in jobs.starts(FORMS)]
    told = crew.race(jobs.phone, [(forms[seat // 2 :: SIZE // 2],) for seat in range(SIZE)])
    show(crew, f"{FORMS} bookings by phone, pressed twice", 2 * FORMS)

    assert Counter(outcome.what for outcomes in told for outcome in outcomes) == {"done": 2 * FORMS}
    for left, right in zip(told[::2], told[1::2], strict=True):
        assert [one.reference for one in left] == [one.reference for one in right]
    rows: list[Row] = crew.ask(look)
    assert len(rows) == FORMS
    assert problems(rows) == []
