"""The guide's rules by their number in the domain notes, every cell of the shipped matrix, and what always holds."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from content.files import load
from content.guide import rules
from content.guide.answers import (
    APPLIES,
    BESIDE_APPLIES,
    BESIDE_CONCERNS,
    BESIDE_SIGNS,
    SIGNS,
    SKIN,
    Answers,
    from_data,
)
from content.guide.rules import Cell, Concern, LeftOut, Result, Suggestion, Treatment, suggest
from content.models import Suitability

DIP = Concern("dip", "Dips")
MARK = Concern("mark", "Marks")
SPOTS = Concern("spots", "Spots", comes_first=True)
LUMP = Concern("lump", "Lumps", needs_clinician_first=True)


def shipped() -> list[Cell]:
    """The matrix that ships, read from its files."""

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = yaml.safe_load((load.SHIPPED / name).read_text(encoding="utf-8"))
        return found

    concerns = {
        row["code"]: Concern(
            row["code"],
            row["name"],
            comes_first=row["comes_first"],
            needs_clinician_first=row["needs_clinician_first"],
        )
        for row in rows("concerns.yaml")
    }
    flags = ("offered", "at_home", "allowed_with_keloids", "waits_after_isotretinoin", "needs_test_spot")
    treatments = {
        row["code"]: Treatment(
            row["code"],
            row["name"],
            pigment_caution=row["pigment_risk"] in ("moderate-high", "high"),
            **{flag: row[flag] for flag in flags},
        )
        for row in rows("treatments.yaml")
    }
    with (load.SHIPPED / "suitability.csv").open(encoding="utf-8", newline="") as file:
        return [
            Cell(
                concerns[row["concern"]],
                treatments[row["treatment"]],
                int(row["score"]),
                row["reason"],
                specialist_only=row["reason_code"] == "R22",
            )
            for row in csv.DictReader(file)
        ]


MATRIX = shipped()
CONCERNS = sorted({cell.concern.code for cell in MATRIX})
TREATMENTS = {cell.treatment.code: cell.treatment for cell in MATRIX}
# The abbreviations of the domain notes, for the rules that name treatments by them.
LAB, LNA, MN = "laser-fractional-ablative", "laser-fractional-nonablative", "microneedling"
PLS, PLD, MDA, DRB = "peel-superficial", "peel-medium-deep", "microdermabrasion", "dermabrasion"
TOP, CRO, ICS, PDL = "topical", "tca-cross", "steroid-injection", "vascular-laser"


def flagged(flag: str) -> set[str]:
    return {code for code, treatment in TREATMENTS.items() if getattr(treatment, flag)}


def somebody(*concerns: str, applies: Iterable[str] = ("none",), **more: Any) -> Answers:
    """An adult with nothing urgent, whose skin burns, unless the test says otherwise."""
    values: dict[str, Any] = {"adult": True, "signs": ("none",), "skin": "burns"} | more
    return Answers(concerns=concerns, applies=tuple(applies), **values)


def told(*concerns: str, **more: Any) -> Result:
    return suggest(somebody(*concerns, **more), MATRIX)


def cell(concern: Concern, name: str, score: int, **flags: Any) -> Cell:
    special = flags.pop("specialist_only", False)
    reason = flags.pop("reason", "Because.")
    return Cell(concern, Treatment(name.lower(), name, **flags), score, reason, specialist_only=special)


def codes(found: Iterable[Suggestion | LeftOut]) -> list[str]:
    return [one.treatment.code for one in found]


def left(result: Result, code: str) -> LeftOut:
    (found,) = (one for one in result.left_out if one.treatment.code == code)
    return found


def listed(result: Result, code: str) -> Suggestion:
    (found,) = (one for one in result.suggestions if one.treatment.code == code)
    return found


# --- rule 1 and rule 2: stop ------------------------------------------------------------------------------------------


def test_rule_1_under_18_stops_whatever_else_was_said() -> None:
    assert told("rolling", adult=False) == Result(stop="under_18")
    assert told("rolling", adult=False, signs=("filler",)).stop == "under_18"


@pytest.mark.parametrize("sign", SIGNS)
def test_rule_2_every_urgent_sign_stops(sign: str) -> None:
    assert told("rolling", signs=(sign,)) == Result(stop="urgent")
    assert told("rolling", signs=("none", sign)).stop == "urgent"


@pytest.mark.parametrize("sign", BESIDE_SIGNS)
def test_rule_2_none_and_not_sure_do_not_stop(sign: str) -> None:
    assert told("rolling", signs=(sign,)).suggestions


# --- rule 3: active acne ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "result",
    [told("active-acne", "rolling"), told("rolling", applies=["active_spots"])],
    ids=["chosen", "said"],
)
def test_rule_3_with_active_acne_scar_procedures_wait_and_acne_comes_first(result: Result) -> None:
    assert [concern.code for concern in result.comes_first] == ["active-acne"]
    assert [codes(group) for group in result.groups] == [[TOP], [PLS]]
    assert codes(result.later) == [LAB, "filler"]
    assert all("acne" in one.first for one in result.later)


def test_rule_3_what_people_use_at_home_does_not_wait() -> None:
    result = told("dark-marks", applies=["active_spots"])
    cream = listed(result, TOP)
    assert not cream.later and cream.score == 3
    assert [[name.words for name in point.concerns] for point in cream.helps] == [
        ["dark marks"],
        ["active spots"],
    ]


def test_rule_3_a_procedure_that_helps_acne_too_is_named_once_and_says_what_comes_later() -> None:
    peel = listed(told("active-acne", "dark-marks"), PLS)
    assert not peel.later and peel.score == 1
    assert [point.score for point in peel.afterwards] == [2]


def test_rule_3_without_acne_nothing_waits() -> None:
    assert not told("rolling").later
    assert not told("rolling", applies=["not_sure"]).later


# --- rule 4: keloids --------------------------------------------------------------------------------------------------


def test_rule_4_only_what_does_not_wound_is_allowed_with_keloids() -> None:
    assert flagged("allowed_with_keloids") == {ICS, PDL, TOP}


@pytest.mark.parametrize(
    "result",
    [told("keloid", "rolling"), told("rolling", applies=["keloid"])],
    ids=["chosen", "said"],
)
def test_rule_4_with_keloids_nothing_that_wounds_is_suggested(result: Result) -> None:
    assert codes(result.suggestions) == [TOP]
    assert listed(result, TOP).first == ("clinician",)
    assert left(result, "filler").kind == "held" and left(result, "filler").holds == ("keloid",)
    (part,) = (part for part in result.left_parts if part.kind == "held")
    assert "needs a clinician before any treatment that wounds skin" in part.hold_words[0]


def test_rule_4_a_clinic_that_offers_the_three_may_name_all_three() -> None:
    matrix = [replace(one, treatment=replace(one.treatment, offered=True)) for one in MATRIX]
    assert set(codes(suggest(somebody("keloid"), matrix).suggestions)) == {ICS, PDL, TOP}


# --- rule 5: pregnancy ------------------------------------------------------------------------------------------------


def test_rule_5_in_pregnancy_no_procedure_is_listed() -> None:
    assert flagged("at_home") == {TOP}
    for code in CONCERNS:
        result = told(code, applies=["pregnancy"])
        assert set(codes(result.suggestions)) <= {TOP}, code
    peel = left(told("dark-marks", applies=["pregnancy"]), PLS)
    assert peel.kind == "held" and peel.holds == ("pregnancy",)
    assert "We can still talk and plan." in rules.HOLDS["pregnancy"]


# --- rule 6: isotretinoin ---------------------------------------------------------------------------------------------


def test_rule_6_four_are_held_after_isotretinoin_and_the_rest_ask_first() -> None:
    assert flagged("waits_after_isotretinoin") == {DRB, LAB, PLD, CRO}
    result = told("boxcar-shallow", applies=["isotretinoin"])
    assert {code for code in (LAB, PLD, DRB) if left(result, code).kind == "held"} == {LAB, PLD, DRB}
    assert left(result, CRO).holds == ("isotretinoin",)
    assert all("ask" in one.first for one in result.suggestions)


def test_rule_6_no_waiting_time_is_stated_as_a_fact() -> None:
    words = rules.HOLDS["isotretinoin"] + rules.FIRST["ask"]
    assert "6" not in words and words.count("12 months") == 1  # only what was asked about


# --- rule 7: skin that tans easily, brown and black skin -------------------------------------------------------------


@pytest.mark.parametrize("skin", [code for code in SKIN if code != "burns"])
def test_rule_7_the_caution_is_on_exactly_four(skin: str) -> None:
    assert flagged("pigment_caution") == {LAB, PLD, DRB, CRO}
    matrix = [replace(one, treatment=replace(one.treatment, offered=True)) for one in MATRIX]
    for code in CONCERNS:
        for one in suggest(somebody(code, skin=skin), matrix).suggestions:
            assert one.caution is one.treatment.pigment_caution


def test_rule_7_within_a_group_what_needs_no_caution_comes_first() -> None:
    assert codes(told("rolling", skin="tans").suggestions) == ["filler", LAB, MN, "microneedling-prp"]
    assert codes(told("rolling", skin="burns").suggestions)[:2] == [LAB, "filler"]
    shallow = told("boxcar-shallow", skin="brown_black")
    assert codes(shallow.suggestions) == [LAB, MN, "microneedling-prp", LNA]
    assert {DRB, PLD} <= set(codes(shallow.left_out))  # after them, and not hidden


def test_rule_7_skin_that_burns_raises_no_caution() -> None:
    assert not any(one.caution or "test_spot" in one.first for one in told("rolling").suggestions)


def test_lasers_and_peels_need_a_test_spot_on_such_skin() -> None:
    assert flagged("needs_test_spot") == {LAB, LNA, PLS, PLD, CRO, PDL}
    assert listed(told("rolling", skin="brown_black"), LAB).first == ("test_spot",)
    assert listed(told("rolling", skin="brown_black"), MN).first == ()


# --- rule 8: not offered, no score, a specialist's -----------------------------------------------------------------


def test_rule_8_what_is_not_offered_is_named_and_not_suggested() -> None:
    result = told("rolling")
    assert left(result, "subcision").kind == "not_offered"
    assert left(result, "subcision").points[0].score == 3


def test_rule_8_a_specialists_row_is_never_suggested() -> None:
    result = told("hypertrophic")
    assert {code for code in TREATMENTS if left_kind(result, code) == "specialist"} == {LAB, LNA, MN}
    own = suggest(somebody("dip"), [cell(DIP, "Laser", 3, specialist_only=True)])
    assert not own.suggestions and own.left_out[0].kind == "specialist"


def test_rule_8_a_score_of_0_is_left_out_with_its_reason() -> None:
    result = told("ice-pick")
    assert left(result, TOP).kind == "not_suggested"
    assert (
        left(result, TOP).points[0].reason == "Creams work on the surface only. No cream fills a deep scar."
    )


def left_kind(result: Result, code: str) -> str:
    return next((one.kind for one in result.left_out if one.treatment.code == code), "")


# --- rule 9: four, grouped, ranked by nothing but the score and the name ------------------------------------------


def test_rule_9_four_at_most_and_the_others_are_named() -> None:
    result = told("boxcar-shallow")
    assert len(result.suggestions) == 4
    assert left_kind(result, PLS) == "beyond"


def test_rule_9_groups_and_their_words() -> None:
    assert {score.value: score.label for score in Suitability.Score if score} == rules.WORDS
    result = told("rolling")
    assert [group[0].word for group in result.groups] == ["Often discussed", "May help"]
    names = [one.treatment.name for group in result.groups for one in group]
    assert names == [
        "Ablative fractional laser",
        "Dermal fillers",
        "Microneedling",
        "Microneedling with PRP",
    ]


def test_rule_9_one_option_for_two_concerns_appears_once_with_its_best_score_and_names_both() -> None:
    result = told("boxcar-shallow", "rolling")
    filler = listed(result, "filler")
    assert filler.score == 3
    assert [(point.score, point.concerns[0].words) for point in filler.helps] == [
        (3, "rolling scars"),
        (1, "shallow boxcar scars"),
    ]


def test_rule_9_if_nothing_is_left_it_says_nothing_and_why() -> None:
    result = told("milia")
    assert not result.suggestions and {one.kind for one in result.left_out} == {"not_suggested"}
    assert [name.words for name in result.without] == ["milia"]


def test_a_concern_without_a_suggestion_of_its_own_is_named() -> None:
    assert [name.words for name in told("rolling", "milia").without] == ["milia"]


def test_an_option_says_for_what_it_is_not() -> None:
    needling = listed(told("rolling", "hypertrophic"), MN)
    assert [point.concerns[0].words for point in needling.not_for] == ["raised scars"]


# --- rule 10 and what is not known ----------------------------------------------------------------------------------


def test_rule_10_every_result_ends_with_the_same_sentence() -> None:
    said = "This guide is not a diagnosis. It lists things to ask about. A clinician needs to see your skin."
    for result in (told("rolling"), told("milia"), told(adult=False), told(signs=("mole",))):
        assert result.closing == said


@pytest.mark.parametrize("answer", ["not_sure", "in_person"])
def test_what_was_not_said_has_to_be_asked_first(answer: str) -> None:
    result = told("rolling", applies=[answer])
    assert result.known is not None and result.known.unsaid
    assert all("unsaid" in one.first for one in result.suggestions)


def test_not_sure_about_the_skin_is_treated_with_the_same_care() -> None:
    assert codes(told("rolling", skin="not_sure").suggestions) == codes(
        told("rolling", skin="tans").suggestions
    )


@pytest.mark.parametrize("answer", BESIDE_CONCERNS)
def test_not_sure_what_it_is_is_an_answer_and_adds_to_others(answer: str) -> None:
    assert told(answer).suggestions == () and told(answer).stop == ""
    assert codes(told(answer, "rolling").suggestions) == codes(told("rolling").suggestions)


def test_an_empty_matrix_says_nothing() -> None:
    result = suggest(somebody("rolling", applies=["active_spots"]), [])
    assert not result.suggestions and not result.left_out


def test_answers_come_back_as_they_went() -> None:
    answers = somebody("rolling", "mix", applies=["keloid", "in_person"], skin="tans")
    assert from_data(answers.data()) == answers
    assert from_data({"concerns": ["a", "b", "a"]}).concerns == ("a", "b")


# --- every cell of the shipped matrix -------------------------------------------------------------------------------

WORD_OF = {3: "Often discussed", 2: "May help", 1: "Sometimes added"}


@pytest.mark.parametrize("one", MATRIX, ids=lambda one: f"{one.concern.code}-{one.treatment.code}")
def test_a_cell_alone_is_suggested_under_its_word_or_left_out_with_its_reason(one: Cell) -> None:
    result = suggest(somebody(one.concern.code), [one])
    held = one.concern.needs_clinician_first and not one.treatment.allowed_with_keloids
    if one.score and one.treatment.offered and not one.specialist_only and not held:
        (found,) = result.suggestions
        assert not result.left_out
        assert found.word == WORD_OF[one.score] and found.helps[0].reason == one.reason
    else:
        assert not result.suggestions
        assert result.left_out[0].points[0].reason == one.reason


def test_the_whole_matrix_is_there() -> None:
    assert len(MATRIX) == 160 and len(TREATMENTS) == 16 and len(CONCERNS) == 10


# --- what always holds ----------------------------------------------------------------------------------------------

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
    **{
        field.name: st.booleans()
        for field in fields(Treatment)
        if field.type == "bool" and field.name != "url"
    },
)


@st.composite
def matrices(draw: st.DrawFn) -> list[Cell]:
    """A matrix as an editor could make it: one row a concern, one column a treatment, any score anywhere."""
    concerns = draw(st.lists(_concerns, max_size=4, unique_by=lambda one: one.code))
    treatments = draw(st.lists(_treatments, max_size=9, unique_by=lambda one: one.code))
    return [
        Cell(concern, treatment, draw(st.integers(0, 3)), draw(st.sampled_from("xyz")), draw(st.booleans()))
        for concern, treatment in itertools.product(concerns, treatments)
    ]


def _some(choices: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(choices)), unique=True).map(tuple)


adults = st.builds(
    Answers,
    adult=st.just(True),
    signs=_some(BESIDE_SIGNS),
    concerns=_some(["a", "b", "c", "d", *BESIDE_CONCERNS]),
    applies=_some([*APPLIES, *BESIDE_APPLIES]),
    skin=st.sampled_from(list(SKIN)),
)
any_matrix = st.one_of(st.just(MATRIX), matrices())
any_adult = st.one_of(
    adults,
    st.builds(replace, adults, concerns=_some([*CONCERNS, *BESIDE_CONCERNS])),
)


@given(any_adult, any_matrix, _some([*SIGNS, *BESIDE_SIGNS]))
def test_never_a_result_for_somebody_under_18(answers: Answers, matrix: list[Cell], signs: Any) -> None:
    result = suggest(replace(answers, adult=False, signs=signs), matrix)
    assert result.stop == "under_18" and not result.suggestions and not result.left_out


@given(any_adult, any_matrix)
def test_never_more_than_four_and_never_one_twice(answers: Answers, matrix: list[Cell]) -> None:
    result = suggest(answers, matrix)
    found = codes(result.suggestions) + codes(result.left_out)
    assert len(result.suggestions) <= 4
    assert len(found) == len(set(found))
    assert sum(map(len, result.groups)) + len(result.later) == len(result.suggestions)


@given(any_adult, any_matrix)
def test_never_a_score_of_0_nothing_unoffered_and_no_specialists_row(
    answers: Answers, matrix: list[Cell]
) -> None:
    for one in suggest(answers, matrix).suggestions:
        own = [row for row in matrix if row.treatment == one.treatment]
        assert one.treatment.offered
        assert any(row.score == one.score and not row.specialist_only for row in own)
        assert one.score > 0 and all(point.score > 0 for point in one.helps + one.afterwards)


@given(any_adult, any_matrix)
def test_never_a_held_treatment_without_its_hold(answers: Answers, matrix: list[Cell]) -> None:
    result = suggest(answers, matrix)
    acne = answers.said("active_spots") or bool(result.comes_first)
    keloid = answers.said("keloid") or any(one.needs_clinician_first for one in result.concerns)
    for one in result.suggestions:
        assert not (keloid and not one.treatment.allowed_with_keloids)
        assert not (answers.said("pregnancy") and not one.treatment.at_home)
        assert not (answers.said("isotretinoin") and one.treatment.waits_after_isotretinoin)
        assert ("ask" in one.first) is bool(answers.said("isotretinoin"))
        assert ("acne" in one.first) is one.later
        if acne and not one.treatment.at_home and not one.later:
            first = {concern.name for concern in result.comes_first}
            named = {name.words.casefold() for point in one.helps for name in point.concerns}
            assert named <= {name.casefold() for name in first}
    for out in result.left_out:
        if out.kind in ("held", "not_offered"):
            assert ("keloid" in out.holds) is bool(keloid and not out.treatment.allowed_with_keloids)
            waits = answers.said("isotretinoin") and out.treatment.waits_after_isotretinoin
            assert ("isotretinoin" in out.holds) is bool(waits)


@given(any_adult, any_matrix)
def test_everything_scored_for_a_chosen_concern_is_shown_or_left_out_with_a_reason(
    answers: Answers, matrix: list[Cell]
) -> None:
    result = suggest(answers, matrix)
    wanted = {row.treatment.code for row in matrix if row.concern.code in answers.concerns}
    assert wanted <= {*codes(result.suggestions), *codes(result.left_out)}
    assert all(one.helps and one.helps[0].reason for one in result.suggestions)
    assert all(one.points and one.points[0].reason and one.kind in rules.KINDS for one in result.left_out)
    shown = [name.words.casefold() for part in result.left_parts for row in part.rows for name in row.names]
    assert sorted(shown) == sorted(one.treatment.name.casefold() for one in result.left_out)


@given(any_adult, any_matrix, st.randoms())
def test_the_order_of_the_rows_changes_nothing(answers: Answers, matrix: list[Cell], random: Any) -> None:
    shuffled = list(matrix)
    random.shuffle(shuffled)
    assert suggest(answers, shuffled) == suggest(answers, matrix)


def test_the_rules_know_nothing_about_money() -> None:
    names = {field.name for kind in (Treatment, Concern, Cell) for field in fields(kind)}
    assert not {name for name in names if "price" in name or "cost" in name or name == "order"}
