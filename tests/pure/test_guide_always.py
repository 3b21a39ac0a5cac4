"""What always holds of the guide, whatever somebody answers and whatever an editor makes of the matrix."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from content.guide import wording
from content.guide.answers import BESIDE_CONCERNS, BESIDE_SIGNS, HEALTH, PLACES, SIGNS, SKIN, Answers
from content.guide.rules import suggest
from content.guide.values import Cell, Concern, Result, Treatment
from tests.pure.guide import CONCERNS, MATRIX, RISKS, codes

# Half as many examples where the rules' own tests already say most of it.
QUICK = settings(max_examples=40)

_concerns = st.builds(
    Concern,
    st.sampled_from("abcd"),
    st.sampled_from(["Dips", "Marks", "Spots"]),
    comes_first=st.booleans(),
    needs_clinician_first=st.booleans(),
)
_treatments = st.builds(
    Treatment,
    st.sampled_from("klmnopqrs"),
    st.sampled_from(["Laser", "laser", "Peel", "Balm"]),
    offered=st.booleans(),
    at_home=st.booleans(),
    allowed_with_keloids=st.booleans(),
    waits_after_isotretinoin=st.booleans(),
    needs_test_spot=st.booleans(),
    cuts=st.booleans(),
    face_only=st.booleans(),
    unready=st.booleans(),
    adds_to=st.sampled_from(["", "", "", "k", "l", "gone"]),
    hold_in_pregnancy=st.sampled_from([(), ("retinol",)]),
    pigment_risk=st.sampled_from([None, *range(len(RISKS))]),
    downtime_days=st.sampled_from([None, 0, 3, 90]),
    invasiveness=st.integers(0, 5),
    place=st.integers(0, 3),
)


@st.composite
def matrices(draw: st.DrawFn) -> list[Cell]:
    """A matrix as an editor could make it: one row a concern, one column a treatment, any score anywhere."""
    concerns = draw(st.lists(_concerns, max_size=4, unique_by=lambda one: one.code))
    treatments = draw(st.lists(_treatments, max_size=9, unique_by=lambda one: one.code))
    return [
        Cell(
            concern,
            treatment,
            draw(st.integers(0, 3)),
            draw(st.sampled_from("xyz")),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for concern, treatment in itertools.product(concerns, treatments)
    ]


def _some(choices: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(choices)), unique=True).map(tuple)


# Each question is answered "no" half the time, or every hold would hide the others.
_health: Any = {
    name: st.one_of(st.just("no"), st.sampled_from(list(question.choices)))
    for name, question in HEALTH.items()
}
adults = st.builds(
    Answers,
    adult=st.just(True),
    signs=_some(BESIDE_SIGNS),
    concerns=_some(["a", "b", "c", "d", *BESIDE_CONCERNS]),
    where=st.one_of(st.just(("face",)), _some(PLACES)),
    skin=st.sampled_from(list(SKIN)),
    **_health,
)
any_matrix = st.one_of(st.just(MATRIX), matrices())
any_adult = st.one_of(
    adults,
    st.builds(replace, adults, concerns=_some([*CONCERNS, *BESIDE_CONCERNS])),
)


def candidates(result: Result) -> set[str]:
    """What may be asked about, counted before the cut to four."""
    beyond = [one for one in result.left_out if one.kind == "beyond"]
    added = [line.treatment.code for one in result.shown for line in one.adds]
    return {*codes(result.shown), *codes(beyond), *added}


@settings(QUICK)
@given(any_adult, any_matrix, _some([*SIGNS, *BESIDE_SIGNS]))
def test_never_a_result_for_somebody_under_18(answers: Answers, matrix: list[Cell], signs: Any) -> None:
    result = suggest(replace(answers, adult=False, signs=signs), matrix)
    assert result.stop == "under_18" and not result.shown and not result.left_out


@settings(QUICK)
@given(any_adult, any_matrix)
def test_never_more_than_four_and_never_one_twice(answers: Answers, matrix: list[Cell]) -> None:
    result = suggest(answers, matrix)
    added = [line.treatment.code for one in result.shown for line in one.adds]
    found = codes(result.shown) + codes(result.left_out) + added
    assert len(result.suggestions) <= 4
    assert len(found) == len(set(found))
    assert sum(len(section.ones) for section in result.sections) == len(result.shown)


@given(any_adult, any_matrix)
def test_never_what_the_matrix_says_that_it_does_not_suggest(answers: Answers, matrix: list[Cell]) -> None:
    result = suggest(answers, matrix)
    asked = {*answers.concerns, *(concern.code for concern in result.concerns)}
    for one in result.shown:
        own = [row for row in matrix if row.treatment == one.treatment and row.concern.code in asked]
        assert any(row.score == one.score and not row.specialist_only for row in own)
        assert one.score > 0 and all(point.score > 0 for point in one.helps + one.afterwards)
        assert one.treatment.offered or one.score == 3
        assert not one.treatment.adds_to
        for line in one.adds:
            assert line.treatment.offered and line.treatment.adds_to == one.treatment.code
            assert all(point.score > 0 for point in line.points)


@given(any_adult, any_matrix)
def test_never_what_a_hold_is_about(answers: Answers, matrix: list[Cell]) -> None:
    result = suggest(answers, matrix)
    keloid = answers.keloid != "no" or any(one.needs_clinician_first for one in result.concerns)
    listed = [one.treatment for one in result.shown]
    listed += [line.treatment for one in result.shown for line in one.adds]
    for treatment in listed:
        assert not (keloid and not treatment.allowed_with_keloids)
        assert not (answers.pregnancy != "no" and not treatment.at_home)
        assert not (answers.isotretinoin != "no" and treatment.waits_after_isotretinoin)
        assert not (answers.bleeding != "no" and treatment.cuts)
        assert not (answers.immunity != "no" and treatment.cuts)
        assert not ({"body", "not_sure"} & {*answers.where} and treatment.face_only)


@settings(QUICK)
@given(any_adult, any_matrix)
def test_while_spots_may_be_active_no_procedure_for_anything_else_is_listed_as_for_now(
    answers: Answers, matrix: list[Cell]
) -> None:
    result = suggest(answers, matrix)
    acne = answers.active_spots != "no" or bool(result.comes_first)
    first = {concern.name.casefold() for concern in result.comes_first}
    for one in result.shown:
        assert bool({"acne", "acne_unsure"} & {*one.first}) is one.later
        if acne and not one.treatment.at_home and not one.later:
            assert {name.words.casefold() for point in one.helps for name in point.concerns} <= first


@given(any_adult, any_matrix)
def test_every_higher_risk_comes_after_every_lower_one_for_skin_that_may_mark(
    answers: Answers, matrix: list[Cell]
) -> None:
    result = suggest(answers, matrix)
    listed = [one for section in result.sections for one in section.ones]
    for section in result.sections:
        moderate = any(one.treatment.pigment_risk == RISKS.index("moderate") for one in section.ones)
        assert not (moderate and section.heading == "Lower risk of colour change")
    assert codes(listed) == codes(result.shown), "one order, what is not done here at its place (rule 8)"
    marks = [one.treatment.marks for one in listed]
    if answers.skin == "burns":
        assert not any(one.caution for one in listed)
    else:
        assert marks == sorted(marks) == [one.caution for one in listed]


def _with(answers: Answers, question: str, answer: str) -> Answers:
    changes: Any = {question: answer}
    return replace(answers, **changes)


@given(any_adult, any_matrix, st.sampled_from(list(HEALTH)), st.sampled_from(["not_sure", "in_person"]))
def test_from_no_to_not_sure_never_adds_a_candidate(
    answers: Answers, matrix: list[Cell], question: str, unsure: str
) -> None:
    sure = suggest(_with(answers, question, "no"), matrix)
    result = suggest(_with(answers, question, unsure), matrix)
    assert candidates(result) <= candidates(sure)
    assert result.concerns == sure.concerns  # not being sure about spots adds no rows about acne


# For each question the answer that "not sure" has to be as careful as.
_YES = dict.fromkeys(HEALTH, "yes") | {"pregnancy": "pregnant", "isotretinoin": "now"}


@given(any_adult, any_matrix, st.sampled_from([name for name in HEALTH if name != "active_spots"]))
def test_not_sure_holds_exactly_what_yes_would(answers: Answers, matrix: list[Cell], question: str) -> None:
    def held(answer: str) -> tuple[Any, ...]:
        result = suggest(_with(answers, question, answer), matrix)
        return codes(result.shown), [(one.treatment.code, one.kind) for one in result.left_out]

    assert held("not_sure") == held("in_person") == held(_YES[question])


@settings(QUICK)
@given(any_adult, any_matrix)
def test_not_sure_about_spots_makes_wait_exactly_what_yes_would(answers: Answers, matrix: list[Cell]) -> None:
    """Among what has nothing to say about spots themselves."""
    chosen = [row for row in matrix if row.concern.code in answers.concerns and not row.concern.comes_first]
    others = {row.treatment.code for row in chosen} - {
        row.treatment.code for row in matrix if row.concern.comes_first and row.score
    }

    def state(answer: str) -> dict[str, Any]:
        result = suggest(replace(answers, active_spots=answer), matrix)
        found = {one.treatment.code: one.later for one in result.shown}
        # What is beyond the four says that it waits in its hold.
        found |= {one.treatment.code: bool(one.holds) for one in result.left_out if one.kind == "beyond"}
        return {code: value for code, value in found.items() if code in others}

    assert state("not_sure") == state("yes")


@settings(QUICK)
@given(any_adult, any_matrix)
def test_everything_scored_for_a_chosen_concern_is_shown_or_left_out_with_a_reason(
    answers: Answers, matrix: list[Cell]
) -> None:
    result = suggest(answers, matrix)
    wanted = {row.treatment.code for row in matrix if row.concern.code in answers.concerns}
    added = [line for one in result.shown for line in one.adds]
    assert wanted <= {
        *codes(result.shown),
        *codes(result.left_out),
        *(line.treatment.code for line in added),
    }
    assert all(one.helps and one.helps[0].reason for one in result.shown)
    assert all(one.points and one.points[0].reason and one.kind in wording.KINDS for one in result.left_out)
    assert {code for one in result.left_out for code in one.holds} <= wording.HOLDS.keys()
    shown = [name.words.casefold() for part in result.left_parts for row in part.rows for name in row.names]
    assert sorted(name.removesuffix(" (not done here)") for name in shown) == sorted(
        one.treatment.name.casefold() for one in result.left_out
    )


@settings(QUICK)
@given(any_adult, any_matrix, st.randoms())
def test_the_order_of_the_rows_changes_nothing(answers: Answers, matrix: list[Cell], random: Any) -> None:
    shuffled = list(matrix)
    random.shuffle(shuffled)
    assert suggest(answers, shuffled) == suggest(answers, matrix)
